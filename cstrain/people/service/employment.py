"""Hiring, changes of status, level, department and post, contracts; and the view log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import EllipsisType
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import rules
from cstrain.people.events import (
    ContractRecorded,
    DepartmentChanged,
    LevelChanged,
    contract_recorded,
    department_changed,
    level_changed,
)
from cstrain.people.facts import ContractFacts, ContractKind, Level, Status, Track
from cstrain.people.models import (
    Account,
    Contract,
    EmploymentState,
    Person,
    ViewLog,
)
from cstrain.people.queries.departments import department
from cstrain.people.queries.persons import contracts_of, state_days
from cstrain.people.service.accounts import reopen_account
from cstrain.people.service.common import not_self, person_row
from cstrain.unit_of_work import flush_unique


@dataclass(frozen=True, slots=True)
class NewContract:
    """A labour contract to record."""

    kind: ContractKind
    starts_on: date
    ends_on: date | None = None
    probation_end: date | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Everything that is known of a person when they are entered."""

    staff_no: str
    name: str
    department_id: int
    hire_date: date
    post: str = ""
    status: Status = Status.PROBATION
    level: Level | None = None
    track: Track | None = None
    phone: str | None = None
    email: str | None = None
    extension: str | None = None
    contract: NewContract | None = None


def hire(
    actor: PersonId | None, now: datetime, person: NewPerson, *, reason: str = "入职", source: str = "hire"
) -> PersonId:
    """Enter a person with their first state, an account without password and their contract; return the id.

    Raises ``DomainError`` for unusable values, ``ConflictError`` when the staff number is taken.
    """
    department(person.department_id)
    staff_no = rules.normal_staff_no(person.staff_no)
    if session().scalar(sa.select(Person.id).where(Person.staff_no == staff_no)) is not None:
        raise ConflictError(
            "没有保存：工号%(staff_no)s已经有人使用。请核对工号，或在人员名录中查找。", staff_no=staff_no
        )
    name = rules.normal_name(person.name)
    pinyin, initials = rules.pinyin_of(name)
    row = Person(
        staff_no=staff_no,
        name=name,
        name_pinyin=pinyin,
        name_initials=initials,
        phone=rules.normal_phone(person.phone),
        email=rules.normal_email(person.email),
        extension=rules.normal_extension(person.extension),
        hire_date=person.hire_date,
        created_at=now,
    )
    session().add(row)
    flush_unique(
        "没有保存：工号%(staff_no)s已经有人使用。请核对工号，或在人员名录中查找。", staff_no=staff_no
    )
    new = PersonId(row.id)
    session().add(Account(person_id=new, username=staff_no, session_epoch=1, locale="zh", recovery_hashes=[]))
    state = rules.State(person.status, person.level, person.track, person.department_id, person.post.strip())
    _add_states(new, [rules.DatedState(person.hire_date, state)], actor, now, reason, source)
    record(actor, "people.hire", f"person:{new}", status=str(person.status), source=source)
    if person.contract is not None:
        record_contract(actor, now, new, person.contract)
    return new


def _add_states(
    person: PersonId,
    added: list[rules.DatedState],
    actor: PersonId | None,
    now: datetime,
    reason: str,
    source: str,
) -> None:
    for dated in added:
        state = dated.state
        session().add(
            EmploymentState(
                person_id=person,
                effective_from=dated.effective_from,
                status=str(state.status),
                level=str(state.level) if state.level else None,
                track=str(state.track) if state.track else None,
                department_id=state.department_id,
                post=state.post,
                reason=reason,
                source=source,
                recorded_by=actor,
                recorded_at=now,
            )
        )
    session().flush()


def change_state(
    actor: PersonId | None,
    now: datetime,
    person: PersonId,
    effective_from: date,
    *,
    reason: str,
    source: str,
    status: Status | EllipsisType = ...,
    level: Level | EllipsisType | None = ...,
    track: Track | EllipsisType | None = ...,
    department_id: int | EllipsisType = ...,
    post: str | EllipsisType = ...,
) -> None:
    """Record what of a person changes on ``effective_from``; what is not named stays.

    The one writer of the employment history. Announces ``LevelChanged`` and ``DepartmentChanged``.
    Raises ``DomainError`` for a change that cannot be, or when nothing changes.
    """
    not_self(actor, person)
    row = person_row(person)
    change = rules.changed_fields(
        {"status": status, "level": level, "track": track, "department_id": department_id, "post": post}
    )
    history = state_days(person)
    if not history or effective_from < history[0].effective_from:
        raise DomainError(
            "没有保存：生效日%(day)s早于入职日%(hired)s。请改正日期。",
            day=effective_from,
            hired=row.hire_date,
        )
    before = [one for one in history if one.effective_from <= effective_from][-1].state
    _check_change(before, change, reason)
    added = rules.ripple(history, effective_from, change)
    _add_states(person, added, actor, now, reason.strip(), source)
    what = {"on": effective_from.isoformat(), "fields": sorted(change), "source": source}
    record(actor, "people.change", f"person:{person}", **what)
    if before.status is Status.LEFT and added[0].state.status is not Status.LEFT:
        reopen_account(actor, person)
    _announce(actor, now, person, effective_from, before, added[0].state)


def _history_from(row: Person, effective_from: date) -> list[rules.DatedState]:
    history = state_days(PersonId(row.id))
    if not history or effective_from < history[0].effective_from:
        hired = row.hire_date
        raise DomainError(
            "没有保存：生效日%(day)s早于入职日%(hired)s。请改正日期。", day=effective_from, hired=hired
        )
    return history


def _check_change(before: rules.State, change: Mapping[str, Any], reason: str) -> None:
    if not reason.strip():
        raise DomainError("没有保存：请写明变动原因。")
    if all(getattr(before, key) == value for key, value in change.items()):
        raise DomainError("没有保存：与当天的状态相同，没有变动。请检查生效日和内容。")
    if "status" in change:
        rules.check_transition(before.status, change["status"])
    if "department_id" in change:
        department(change["department_id"])


def _announce(
    actor: PersonId | None, now: datetime, person: PersonId, on: date, before: rules.State, after: rules.State
) -> None:
    was, becomes = (before.status, before.level, before.track), (after.status, after.level, after.track)
    if was != becomes:
        level_changed.send(LevelChanged(person, on, was, becomes, actor, now))
    if before.department_id != after.department_id:
        department_changed.send(
            DepartmentChanged(person, on, before.department_id, after.department_id, actor, now)
        )


def correct_person(
    actor: PersonId | None,
    person: PersonId,
    *,
    name: str,
    phone: str | None,
    email: str | None,
    extension: str | None,
) -> None:
    """Correct a person's name and contact data (no history is kept of these)."""
    not_self(actor, person)
    row = person_row(person)
    row.name = rules.normal_name(name)
    row.name_pinyin, row.name_initials = rules.pinyin_of(row.name)
    row.phone = rules.normal_phone(phone)
    row.email = rules.normal_email(email)
    row.extension = rules.normal_extension(extension)
    changed = sorted(attribute.key for attribute in sa.inspect(row).attrs if attribute.history.has_changes())
    session().flush()
    record(actor, "people.correct", f"person:{person}", fields=changed)


def record_contract(actor: PersonId | None, now: datetime, person: PersonId, contract: NewContract) -> None:
    """Record a labour contract; an earlier one stays on record. Raises ``DomainError`` for impossible
    dates."""
    not_self(actor, person)
    person_row(person)
    fixed = contract.kind is ContractKind.FIXED_TERM
    rules.check_contract(contract.starts_on, contract.ends_on, contract.probation_end, fixed)
    term = rules.term_months(contract.starts_on, contract.ends_on)
    facts = ContractFacts(
        contract.kind, contract.starts_on, contract.ends_on, contract.probation_end, term, contract.signed_on
    )
    contract_recorded.send(ContractRecorded(person, facts, tuple(contracts_of(person)), now))
    session().add(
        Contract(
            person_id=person,
            kind=str(contract.kind),
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            probation_end=contract.probation_end,
            signed_on=contract.signed_on,
            recorded_by=actor,
            recorded_at=now,
        )
    )
    session().flush()
    record(
        actor,
        "people.contract",
        f"person:{person}",
        kind=str(contract.kind),
        starts=contract.starts_on.isoformat(),
    )


def log_view(viewer: PersonId, subject: PersonId | None, what: str, now: datetime) -> None:
    """Note that somebody looked at somebody's record; looking at oneself is not noted."""
    if viewer != subject:
        session().add(ViewLog(viewer_id=viewer, subject_id=subject, what=what, at=now))
        session().flush()
