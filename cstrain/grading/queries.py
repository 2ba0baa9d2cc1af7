"""Reading results. Before release a candidate's marks are ``None`` for everybody who asks through here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts
from cstrain.exams.invigilation import queries as invigilation
from cstrain.extensions import Line, columns, local_date, session
from cstrain.grading.doubts import typing_doubts
from cstrain.grading.facts import (
    AppealFacts,
    Marked,
    ResultSheet,
    ScoreFacts,
    SectionScore,
    SlotResult,
    WaitingRelease,
)
from cstrain.grading.live_queries import live_examiners
from cstrain.grading.live_queries import live_tasks as live_tasks  # what the homes ask
from cstrain.grading.models import Appeal, MarkChange, Release, Result
from cstrain.grading.rules import appeal_deadline, from_json, response, section_scores
from cstrain.grading.written.queries import markers_of, queued
from cstrain.grading.written.showing import queued_types
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.kernel.units import passed, shown
from cstrain.people.queries import work_calendar
from cstrain.questions.queries import keyed_versions, questions_of
from cstrain.questions.question_type import question_types

_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_RESULTS = (
    sa.select(Result.attempt_id, Result.number, Result.raw, Result.marks, Result.reason, Result.marked_at)
    .where(Result.attempt_id.in_(_IDS))
    .order_by(Result.attempt_id, Result.number)
)
_RELEASES = sa.select(
    Release.attempt_id, Release.proposed_by, Release.proposed_at, Release.released_at
).where(Release.attempt_id.in_(_IDS))


def _results(attempt_ids: Collection[int]) -> dict[int, Line]:
    """Return the result that counts of each attempt (the last by number wins)."""
    return {row.attempt_id: row for row in columns(_RESULTS, {"ids": list(attempt_ids)})}


def not_queued(at: datetime) -> list[AttemptId]:
    """Return closed attempts without a result whose answers people may have to mark, but wait in no queue."""
    asked = exams.slots_asking(questions_of(queued_types()), leaving_out=sa.select(Result.attempt_id))
    found = exams.attempts({one.attempt_id for one in asked}, at)
    closed = {one.id for one in found.values() if one.submitted_at is not None}
    return sorted(closed - queued(closed))


def _releases(attempt_ids: Collection[int]) -> dict[int, Line]:
    return {row.attempt_id: row for row in columns(_RELEASES, {"ids": list(attempt_ids)})}


def _score(facts: AttemptFacts, result: Line | None, release: Line | None) -> ScoreFacts:
    released_at = release.released_at if release else None
    if result is None or released_at is None:
        return ScoreFacts(facts, None, None, None, result.marked_at if result else None, None)
    mark = facts.paper.pass_mark
    return ScoreFacts(
        facts, result.raw, shown(result.raw, mark), passed(result.raw, mark), result.marked_at, released_at
    )


def scores(people: Collection[PersonId], at: datetime) -> dict[PersonId, list[ScoreFacts]]:
    """Return all attempts of these people with their released results, oldest first, in three queries."""
    found: dict[PersonId, list[ScoreFacts]] = {person: [] for person in people}
    attempts = exams.attempts_of(people, at)
    ids = [facts.id for facts in attempts]
    results, releases = _results(ids), _releases(ids)
    for facts in attempts:
        found[facts.person_id].append(_score(facts, results.get(facts.id), releases.get(facts.id)))
    return found


def scores_of(person: PersonId, at: datetime) -> list[ScoreFacts]:
    """Return one person's attempts with their released results, oldest first."""
    return scores([person], at)[person]


def score(attempt_id: int, at: datetime) -> ScoreFacts:
    """Return one attempt with its released result."""
    return result_sheet(attempt_id, at).score


def result_sheet(attempt_id: int, at: datetime) -> ResultSheet:
    """Return one attempt with its released result and how it came about; nothing of it before release."""
    facts = exams.attempt(attempt_id, at)
    rows = columns(_RESULTS, {"ids": [facts.id]}).all()
    result = rows[-1] if rows else None
    found = _score(facts, result, _releases([facts.id]).get(facts.id))
    if result is None or found.released_at is None:
        return ResultSheet(found, (), ())
    every = tuple(Marked(row.number, row.raw, row.reason, row.marked_at) for row in rows)
    return ResultSheet(found, tuple(result.marks), every)


def sections(attempt_ids: Collection[AttemptId]) -> dict[AttemptId, tuple[SectionScore, ...]]:
    """Return the released results of attempts section by section; what is not released is left out.

    A number that several answers of a section measured is their mean. Three statements, however many.
    """
    shown_ones = {row for row, release in _releases(attempt_ids).items() if release.released_at is not None}
    results, titles = _results(shown_ones), exams.slot_sections(shown_ones)
    return {
        AttemptId(attempt_id): section_scores([from_json(mark) for mark in row.marks], titles[attempt_id])
        for attempt_id, row in results.items()
    }


def slot_results(attempt_id: int, at: datetime) -> list[SlotResult]:
    """Return a released result question by question, with right answers; refuses before release."""
    sheet = result_sheet(attempt_id, at)
    if sheet.score.released_at is None:
        raise NotFoundError("成绩还没有发布。发布后你会收到通知。")
    return explained(sheet)


def explained(sheet: ResultSheet) -> list[SlotResult]:
    """Return the marking of a result question by question; nothing before its release."""
    return _explained(sheet.score.attempt.id, sheet.marks) if sheet.marks else []


def marked_slots(attempt_id: AttemptId) -> list[SlotResult]:
    """Return the marking of an attempt question by question, for those who decide about it."""
    return _explained(attempt_id, _results([attempt_id])[attempt_id].marks)


def _explained(attempt_id: AttemptId, marked: Iterable[Mapping[str, Any]]) -> list[SlotResult]:
    marks = {mark["slot"]: mark for mark in marked}
    slots = exams.markable_slots(attempt_id)
    versions = keyed_versions([slot.version_id for slot in slots])
    found = []
    for slot in slots:
        version = versions[slot.version_id]
        kind = question_types().get(version.type)
        found.append(
            SlotResult(
                slot=slot.slot,
                section=kind.label,
                stem=version.content["stem"],
                answered=kind.summarise(version.content, response(slot, version)),
                right=kind.describe_key(version.content, version.key),
                explanation=version.explanation,
                source=version.source,
                earned=Decimal(marks[slot.slot]["earned"]),
                of=slot.marks,
                measures=marks[slot.slot].get("measures", {}),
                version_id=slot.version_id,
                pictures=version.content.get("pictures", ()),
            )
        )
    return found


def waiting_release(at: datetime) -> list[WaitingRelease]:
    """Return the marked results nobody has been shown yet, oldest first."""
    ids = set(
        session().scalars(
            sa.select(Result.attempt_id)
            .outerjoin(Release, Release.attempt_id == Result.attempt_id)
            .where(Release.released_at.is_(None))
        )
    )
    results, releases = _results(ids), _releases(ids)
    doubts, signs = typing_doubts(results.values()), invigilation.signs(ids)
    found = []
    for facts in exams.attempts(ids, at).values():
        raw, release = results[facts.id].raw, releases.get(facts.id)
        found.append(
            WaitingRelease(
                facts,
                raw,
                passed(raw, facts.paper.pass_mark),
                PersonId(release.proposed_by) if release and release.proposed_by else None,
                release.proposed_at if release else None,
                doubts.get(facts.id, ()),
                signs[facts.id],
            )
        )
    return sorted(found, key=lambda waiting: waiting.attempt.id)


def _appeal_facts(row: Appeal | Line) -> AppealFacts:
    return AppealFacts(
        row.id,
        AttemptId(row.attempt_id),
        PersonId(row.person_id),
        row.slot,
        row.reason,
        row.filed_at,
        row.decide_by,
        row.state,
        PersonId(row.decided_by) if row.decided_by else None,
        row.decided_at,
        row.decision,
    )


_APPEALS = sa.select(*Appeal.__table__.columns).order_by(Appeal.filed_at)
_APPEALS_OF = _APPEALS.where(Appeal.attempt_id == sa.bindparam("attempt_id"))


def appeals_of(attempt_id: int) -> list[AppealFacts]:
    """Return the appeals against one attempt's result, oldest first."""
    return [_appeal_facts(row) for row in columns(_APPEALS_OF, {"attempt_id": attempt_id})]


def appeals(*, state: str | None = None) -> list[AppealFacts]:
    """Return appeals, oldest first, of one state if given."""
    statement = _APPEALS
    if state is not None:
        statement = statement.where(Appeal.state == state)
    return [_appeal_facts(row) for row in columns(statement, {})]


def appeal(appeal_id: int) -> AppealFacts:
    """Return one appeal; ``NotFoundError`` when there is none."""
    row = session().get(Appeal, appeal_id)
    if row is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return _appeal_facts(row)


def open_changes(attempt_id: int | None = None) -> list[MarkChange]:
    """Return the proposed changes of marks that wait for a second person."""
    statement = (
        sa.select(MarkChange)
        .where(MarkChange.confirmed_at.is_(None), MarkChange.refused_at.is_(None))
        .order_by(MarkChange.id)
    )
    if attempt_id is not None:
        statement = statement.where(MarkChange.attempt_id == attempt_id)
    return list(session().scalars(statement))


def markings(attempt_id: int) -> list[Marked]:
    """Return every marking of an attempt, oldest first."""
    rows = columns(_RESULTS, {"ids": [attempt_id]})
    return [Marked(row.number, row.raw, row.reason, row.marked_at) for row in rows]


def change(change_id: int) -> MarkChange:
    """Return one proposed change of a mark; ``NotFoundError`` when there is none."""
    row = session().get(MarkChange, change_id)
    if row is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return row


def deadline_of(attempt_id: AttemptId, person: PersonId) -> date | None:
    """Return the last day a released result may be appealed; ``None`` before release."""
    release = session().scalar(sa.select(Release).where(Release.attempt_id == attempt_id))
    return last_appeal_day(release.released_at if release else None, person)


def last_appeal_day(released_at: datetime | None, person: PersonId) -> date | None:
    """Return the last day a result released then may be appealed; ``None`` before release."""
    if released_at is None:
        return None
    days = exams.exam_rules().appeal_working_days
    return appeal_deadline(local_date(released_at), work_calendar(person), days)


def involved(attempt_id: int) -> set[int]:
    """Return who marked, changed or released the result of an attempt."""
    return involved_in([attempt_id])[attempt_id]


def involved_in(attempt_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who marked, changed or released the result of each of several attempts."""
    found: dict[int, set[int]] = {attempt_id: set() for attempt_id in attempt_ids}
    for names in (
        (Release.attempt_id, Release.proposed_by, Release.released_by),
        (Result.attempt_id, Result.marked_by, Result.second_by),
        (MarkChange.attempt_id, MarkChange.proposed_by, MarkChange.confirmed_by),
    ):
        for attempt_id, *people in session().execute(sa.select(*names).where(names[0].in_(attempt_ids))):
            found[attempt_id].update(person for person in people if person is not None)
    for by_hand in (live_examiners(attempt_ids), markers_of(attempt_ids)):
        for attempt_id, markers in by_hand.items():
            found[attempt_id] |= markers
    return found


def releases_for(person: PersonId, at: datetime) -> list[WaitingRelease]:
    """Return the results somebody may propose or confirm: not their own, not proposed by them."""
    return [
        one for one in waiting_release(at) if one.attempt.person_id != person and one.proposed_by != person
    ]


def appeals_for(person: PersonId) -> list[AppealFacts]:
    """Return the open appeals somebody may decide: not their own, without a part in marking or release."""
    found = appeals(state="open")
    taken = involved_in({one.attempt_id for one in found})
    return [one for one in found if one.person_id != person and person not in taken[one.attempt_id]]
