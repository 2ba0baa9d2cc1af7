"""Rows of applications as facts, and the chapter; used by the services and queries of this room only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from cstrain.extensions import Row, session
from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.policies.loader import load, load_edition
from cstrain.promotion.applications.facts import (
    AppealFacts,
    ApplicationFacts,
    EventFacts,
    EvidenceFacts,
    NoticeFacts,
    ObjectionFacts,
    SealedFacts,
    State,
)
from cstrain.promotion.applications.models import (
    ApplicationAppeal,
    ApplicationEvent,
    ApplicationEvidence,
    DefenceEntry,
    DefenceSheet,
    NoticeObjection,
    PromotionApplication,
    PublicNotice,
)
from cstrain.promotion.applications.policy import CHAPTER, Panel, PanelsChapter
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
DECIDE, TRIAL = "application.decide", "application.trial"
"""Kinds of acts by two persons."""

R = TypeVar("R", bound=Row)


def chapter(on: date | None = None) -> PanelsChapter:
    """Return the chapter of panels, notices and appeals in force on a day, without one today."""
    return load(PanelsChapter, CHAPTER, on)


def panel_of(ref: str, edition: int | None = None) -> Panel:
    """Return a panel by its name, of an edition or of the one in force; ``NotFoundError`` without one."""
    book = chapter() if edition is None else load_edition(PanelsChapter, CHAPTER, edition)
    found = book.panel(ref)
    if found is None:
        raise NotFoundError("没有找到评审组“%(ref)s”的规定。请先在制度里补上。", ref=ref)
    return found


def subject_of(application_id: int) -> str:
    """Return how acts and the audit log name an application."""
    return f"application:{application_id}"


def locked_row(kind: type[R], row_id: int) -> R:
    """Return a row, locked and read afresh; ``NotFoundError`` when there is none."""
    row = session().scalar(locked(sa.select(kind).where(kind.id == row_id)))
    if row is None:
        raise NotFoundError(MISSING)
    return row


def person_or_none(value: int | None) -> PersonId | None:
    """Return a person's id, or ``None``."""
    return PersonId(value) if value is not None else None


def events_of(ids: Collection[int]) -> dict[int, list[EventFacts]]:
    """Return the events of applications, oldest first."""
    found: dict[int, list[EventFacts]] = {one: [] for one in ids}
    rows = session().scalars(
        sa.select(ApplicationEvent)
        .where(ApplicationEvent.application_id.in_(ids))
        .order_by(ApplicationEvent.application_id, ApplicationEvent.number)
    )
    for row in rows:
        found[row.application_id].append(
            EventFacts(
                row.number,
                row.kind,
                State(row.after),
                person_or_none(row.by_id),
                row.at,
                row.note,
                row.detail,
            )
        )
    return found


def application_facts(rows: Iterable[PromotionApplication]) -> list[ApplicationFacts]:
    """Return the facts of applications with their events, in two statements."""
    every = list(rows)
    events = events_of([row.id for row in every]) if every else {}
    return [
        ApplicationFacts(
            id=row.id,
            person_id=PersonId(row.person_id),
            department_id=row.department_id,
            ladder_ref=row.ladder_ref,
            ladder_edition=row.ladder_edition,
            start_level=row.start_level,
            goal_level=row.goal_level,
            statement=row.statement,
            state=State(row.state),
            submitted_at=row.submitted_at,
            closed_at=row.closed_at,
            effective_on=row.effective_on,
            trial_until=row.trial_until,
            events=tuple(events[row.id]),
        )
        for row in every
    ]


def evidence_facts(row: ApplicationEvidence) -> EvidenceFacts:
    """Return a sealed record; ``whole`` tells whether it is still what was sealed."""
    kept = json.loads(row.content)
    ladder = kept.get("ladder", {})
    return EvidenceFacts(
        stage=row.stage,
        at=row.at,
        sha256=row.sha256,
        whole=intact(row.content, row.sha256),
        findings=tuple(kept.get("findings", ())),
        title=str(ladder.get("title", "")),
        source=str(ladder.get("source", "")),
    )


def sealed_facts(row: ApplicationEvidence) -> SealedFacts:
    """Return a sealed record with its text."""
    return SealedFacts(row.id, row.application_id, row.stage, row.at, row.content, row.sha256)


def papers_of(application_id: int) -> dict[str, str]:
    """Return the hashes of the papers of a defence: the minutes, and each sheet by its juror."""
    statement = (
        sa.select(DefenceEntry.minutes_hash, DefenceSheet.juror_id, DefenceSheet.digest)
        .join(DefenceSheet, DefenceSheet.entry_id == DefenceEntry.id, isouter=True)
        .where(DefenceEntry.application_id == application_id)
    )
    found: dict[str, str] = {}
    for minutes, juror, digest in session().execute(statement):
        if minutes is not None:
            found["minutes"] = minutes
        if digest is not None:
            found[f"sheet:{juror}"] = digest
    return found


def notice_facts(row: PublicNotice) -> NoticeFacts:
    """Return a notice's facts."""
    return NoticeFacts(
        id=row.id,
        application_id=row.application_id,
        person_id=PersonId(row.person_id),
        content=row.content,
        first_day=row.first_day,
        last_day=row.last_day,
        published_by=PersonId(row.published_by),
        published_at=row.published_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
    )


def objection_facts(row: NoticeObjection) -> ObjectionFacts:
    """Return an objection's facts; an anonymous one has no person."""
    return ObjectionFacts(
        id=row.id,
        notice_id=row.notice_id,
        kind=row.kind,
        by=person_or_none(row.by_id),
        text=row.text,
        filed_on=row.filed_on,
        start_by=row.start_by,
        answer_by=row.answer_by,
        started_at=row.started_at,
        started_by=person_or_none(row.started_by),
        finding=row.finding,
        answer=row.answer,
        answered_at=row.answered_at,
    )


def appeal_facts(row: ApplicationAppeal) -> AppealFacts:
    """Return an appeal's facts."""
    return AppealFacts(
        id=row.id,
        application_id=row.application_id,
        person_id=PersonId(row.person_id),
        text=row.text,
        filed_at=row.filed_at,
        decide_by=row.decide_by,
        upheld=row.upheld,
        reason=row.reason,
        decided_by=person_or_none(row.decided_by),
        decided_at=row.decided_at,
    )
