"""Drafting a new edition; who corrects one drafts another in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import digest
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.promotion.editions import kinds, rules, store
from cstrain.promotion.editions.facts import Stage
from cstrain.promotion.editions.models import LadderEdition
from cstrain.promotion.editions.rules import Numbered
from cstrain.promotion.editions.service.common import office_for, subject_of, url_of, written
from cstrain.unit_of_work import flush_unique, one_at_a_time

MOST_TEXT = 200_000
_OPEN = "没有保存：这份制度已有一份没有办完的新版。请先办完它，或者在它的页面上修改。"


@dataclass(frozen=True, slots=True)
class NewEdition:
    """A new edition of a ladder or a chapter: its first day, its text, its scenario cases, and why.

    ``replaces``: the edition that is corrected by it.
    """

    ref: str
    effective_from: date
    text: str
    scenarios: str
    reason: str
    replaces: int | None = None


def draft(actor: PersonId, now: datetime, new: NewEdition) -> int:
    """Keep a new edition to be checked; returns its id.

    Its number follows that of the newest edition. Raises ``SourceError`` with the line of each fault in the
    text, ``DomainError`` for a first day that is not after today and every other edition's, or no change.
    """
    office = office_for(actor, "drafted", now)
    reason = written(new.reason)
    one_at_a_time(f"ladder:{new.ref}")
    store.forget()
    policy = kinds.of(new.ref)
    known = policy.known()
    _check(new, known, now)
    number, base = rules.next_number(known), max(known, key=lambda one: one.edition)
    text, cases = policy.stamped(_lines(new.text), _lines(new.scenarios), number, new.effective_from)
    if not policy.differences(base.edition, text, number, new.effective_from):
        raise DomainError("没有保存：和第%(n)s版一样，没有任何改动。", n=base.edition)
    _put_away(actor, now, new)
    row = LadderEdition(
        ladder_ref=new.ref,
        number=number,
        based_on=base.edition,
        effective_from=new.effective_from,
        text=text,
        scenarios=cases,
        sha256=digest(f"{text}\0{cases}"),
        reason=reason,
        replaces_id=new.replaces,
        drafted_by=actor,
        drafted_office=office,
        drafted_at=now,
    )
    session().add(row)
    flush_unique(_OPEN)
    record(actor, "edition.draft", subject_of(row.id), ladder=new.ref, edition=number, sha256=row.sha256)
    _tell_checkers(actor, now, row, policy.title)
    return row.id


def _check(new: NewEdition, known: Sequence[Numbered], now: datetime) -> None:
    limit = rules.earliest_start(known, local_date(now))
    if new.effective_from <= limit:
        raise DomainError(
            "没有保存：新版的生效日期要晚于今天，也要晚于已有的各版，最早是%(day)s的次日。", day=limit
        )
    if len(new.text) > MOST_TEXT or len(new.scenarios) > MOST_TEXT:
        raise DomainError("没有保存：超过%(most)s个字。请写短一些。", most=MOST_TEXT)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"


def _put_away(actor: PersonId, now: datetime, new: NewEdition) -> None:
    """End the edition that is corrected; one that was returned has ended already."""
    if new.replaces is None:
        return
    old = store.row(new.replaces, lock=True)
    stage = store.stage_of(old)
    if old.ladder_ref != new.ref or stage not in {Stage.DRAFTED, Stage.CHECKED, Stage.RETURNED}:
        raise ConflictError("没有办理：这一版已经不在这一步了。请刷新后再看。")
    if stage is not Stage.RETURNED:
        old.closing, old.closed_by, old.closed_at = Stage.REPLACED, actor, now
        session().flush()


def _tell_checkers(actor: PersonId, now: datetime, row: LadderEdition, title: str) -> None:
    on = local_date(now)
    told = {one for role in store.chapter().checked for one in people.persons_with_role(role, on)}
    for person in sorted(told - {actor}):
        notify(
            person,
            "“%(title)s”有新版等你审核。",
            now=now,
            values={"title": title},
            url=url_of(row.id),
        )
