"""Checking and approving an edition, sending it back, taking it back: each by another person."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.promotion.editions import kinds, queries, rules, store
from cstrain.promotion.editions.facts import Stage
from cstrain.promotion.editions.models import LadderEdition
from cstrain.promotion.editions.policy import Act
from cstrain.promotion.editions.service.common import (
    another,
    office_for,
    open_row,
    subject_of,
    url_of,
    written,
)
from cstrain.unit_of_work import flush_unique, one_at_a_time

_TWICE = "没有批准：这份制度刚刚批准了另一版。请刷新后再看。"


def check(actor: PersonId, now: datetime, edition_id: int) -> None:
    """Check an edition by the office for it; refused while one of its scenario cases fails."""
    office = office_for(actor, "checked", now)
    row = open_row(edition_id, Stage.DRAFTED)
    another(actor, row)
    failing = kinds.of(row.ladder_ref).failing(store.facts(row))
    if failing:
        raise DomainError(
            "没有审核通过：有%(n)s处场景不符。%(first)s", n=len(failing), first=failing[0].message
        )
    row.checked_by, row.checked_office, row.checked_at = actor, office, now
    flush_unique(_TWICE)
    record(actor, "edition.check", subject_of(row.id), sha256=row.sha256)
    on = local_date(now)
    told = {one for role in store.chapter().approved for one in people.persons_with_role(role, on)}
    _tell(told - {actor}, "“%(title)s”有新版等你批准。", row, now)


def approve(actor: PersonId, now: datetime, edition_id: int) -> None:
    """Approve an edition: it is in force from its first day on.

    Refused until the actor has looked at what it would do to the staff, on or after its first day, and when
    another edition came in between.
    """
    office = office_for(actor, "approved", now)
    one_at_a_time(f"ladder:{store.row(edition_id).ladder_ref}")
    store.forget()
    row = open_row(edition_id, Stage.CHECKED)
    another(actor, row)
    policy, seen = kinds.of(row.ladder_ref), queries.look_of(edition_id, actor)
    if seen is None:
        raise DomainError(policy.unseen)
    today = local_date(now)
    known = policy.known()
    if row.effective_from <= rules.earliest_start(known, today) or row.number != rules.next_number(known):
        raise DomainError("没有批准：生效日期已到，或者已有更新的一版。请退回，改了日期重新拟制。")
    row.looked_at = seen.at
    row.approved_by, row.approved_office, row.approved_at, row.approved_on = actor, office, now, today
    flush_unique(_TWICE)
    store.forget()
    record(
        actor,
        "edition.approve",
        subject_of(row.id),
        ladder=row.ladder_ref,
        edition=row.number,
        effective_from=row.effective_from.isoformat(),
        sha256=row.sha256,
    )
    _tell({row.drafted_by}, "“%(title)s”的新版已批准。", row, now)


def send_back(actor: PersonId, now: datetime, edition_id: int, why: str) -> None:
    """Send an edition back with a reason, as who would check or approve it; it has no effect."""
    row = open_row(edition_id, Stage.DRAFTED, Stage.CHECKED)
    act: Act = "checked" if row.checked_by is None else "approved"
    office_for(actor, act, now)
    another(actor, row)
    _close(row, actor, now, Stage.RETURNED, written(why))
    record(actor, "edition.return", subject_of(row.id))
    _tell({row.drafted_by}, "“%(title)s”的新版被退回，请看原因。", row, now)


def withdraw(actor: PersonId, now: datetime, edition_id: int, why: str) -> None:
    """Take one's own edition back before it is approved."""
    row = open_row(edition_id, Stage.DRAFTED, Stage.CHECKED)
    if row.drafted_by != actor:
        raise ForbiddenError("只能由拟制的人撤回。")
    _close(row, actor, now, Stage.WITHDRAWN, written(why))
    record(actor, "edition.withdraw", subject_of(row.id))


def _close(row: LadderEdition, actor: PersonId, now: datetime, how: Stage, why: str) -> None:
    if row.approved_at is not None:
        raise ConflictError(_TWICE)
    row.closing, row.closed_by, row.closed_at, row.closing_reason = how, actor, now, why
    flush_unique(_TWICE)


def _tell(persons: set[PersonId] | set[int], message: str, row: LadderEdition, now: datetime) -> None:
    values = {"title": kinds.of(row.ladder_ref).title}
    for person in sorted(persons):
        notify(PersonId(person), message, now=now, values=values, url=url_of(row.id))
