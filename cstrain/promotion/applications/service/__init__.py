"""Acts on applications, one module a verb."""

from cstrain.promotion.applications.service.appeal import decide_appeal, file_appeal
from cstrain.promotion.applications.service.apply import close_for_leaver, submit, withdraw
from cstrain.promotion.applications.service.appoint import (
    appoint,
    confirm_trial,
    propose_trial,
    refuse_trial,
)
from cstrain.promotion.applications.service.check import pass_check, return_application
from cstrain.promotion.applications.service.common import grounds_now
from cstrain.promotion.applications.service.decide import (
    confirm_decision,
    propose_decision,
    refuse_decision,
)
from cstrain.promotion.applications.service.minutes import sign_minutes, write_minutes
from cstrain.promotion.applications.service.notices import (
    answer_objection,
    close_notice,
    file_objection,
    publish_notice,
    start_investigation,
)
from cstrain.promotion.applications.service.review import endorse, review
from cstrain.promotion.applications.service.rounds import (
    NewRound,
    declare,
    issue_round,
    judge_ties,
    name_juror,
    note_time,
)
from cstrain.promotion.applications.service.sheets import keep_draft, save_sheet, seal_sheet

__all__ = [
    "NewRound",
    "answer_objection",
    "appoint",
    "close_for_leaver",
    "close_notice",
    "confirm_decision",
    "confirm_trial",
    "decide_appeal",
    "declare",
    "endorse",
    "file_appeal",
    "file_objection",
    "grounds_now",
    "issue_round",
    "judge_ties",
    "keep_draft",
    "name_juror",
    "note_time",
    "pass_check",
    "propose_decision",
    "propose_trial",
    "publish_notice",
    "refuse_decision",
    "refuse_trial",
    "return_application",
    "review",
    "save_sheet",
    "seal_sheet",
    "sign_minutes",
    "start_investigation",
    "submit",
    "withdraw",
    "write_minutes",
]
