"""Acts on people: the one writer of their tables. Flushes, never commits; every act is on the audit log."""

from cstrain.people.service.absences import (
    cancel_leave,
    clear_roster,
    note_roster_saved,
    record_leave,
    remove_company_day,
    set_company_day,
    set_roster,
)
from cstrain.people.service.accounts import (
    change_password,
    close_account,
    confirm_second_factor,
    issue_link,
    redeem_link,
    remove_second_factor,
    renew_recovery_codes,
    request_reset,
    set_locale,
    store_password,
    store_second_factor,
)
from cstrain.people.service.departments import add_department, edit_department
from cstrain.people.service.employment import (
    NewContract,
    NewPerson,
    change_state,
    correct_person,
    hire,
    log_view,
    record_contract,
)
from cstrain.people.service.imports import (
    check_file,
    confirm_import,
    discard_import,
    enter_rows,
    upload_import,
)
from cstrain.people.service.leaving import leave_company
from cstrain.people.service.log_in import begin_log_in, check_second_factor, finish_log_in, succeed
from cstrain.people.service.roles import appoint_stand_in, end_stand_in, grant_role, revoke_role

__all__ = [
    "NewContract",
    "NewPerson",
    "add_department",
    "appoint_stand_in",
    "begin_log_in",
    "cancel_leave",
    "change_password",
    "change_state",
    "check_file",
    "check_second_factor",
    "clear_roster",
    "close_account",
    "confirm_import",
    "confirm_second_factor",
    "correct_person",
    "discard_import",
    "edit_department",
    "end_stand_in",
    "enter_rows",
    "finish_log_in",
    "grant_role",
    "hire",
    "issue_link",
    "leave_company",
    "log_view",
    "note_roster_saved",
    "record_contract",
    "record_leave",
    "redeem_link",
    "remove_company_day",
    "remove_second_factor",
    "renew_recovery_codes",
    "request_reset",
    "revoke_role",
    "set_company_day",
    "set_locale",
    "set_roster",
    "store_password",
    "store_second_factor",
    "succeed",
    "upload_import",
]
