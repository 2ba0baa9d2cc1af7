"""Gathering the evidence of an attempt, and reconciling a month of sittings: a fixed number of queries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, time

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts, BegunSitting, Unexplained
from cstrain.extensions import session, zone
from cstrain.grading.evidence.facts import Evidence, Marking, MonthReconciled, Reconciled
from cstrain.grading.evidence.rules import saves_by_slot
from cstrain.grading.live_queries import live_tasks
from cstrain.grading.models import Release, Result
from cstrain.grading.queries import appeals_of
from cstrain.grading.rules import to_version_ids
from cstrain.grading.written.queries import given_marks, queued
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.queries import public_versions
from cstrain.questions.question_type import question_types


def final_answers(attempt_id: int) -> dict[int, str]:
    """Return the final answers (JSON text) of an attempt, computed from its log, by slot."""
    return {slot.slot: slot.value for slot in exams.markable_slots(attempt_id) if slot.value is not None}


def evidence(attempt_id: int, at: datetime, *, everything: bool) -> Evidence:
    """Return all that is known of an attempt.

    ``everything``: for those who decide about it, with markings before their release and who stands for
    them; else what its candidate may know.
    """
    facts = exams.attempt(attempt_id, at)
    release = session().scalar(sa.select(Release).where(Release.attempt_id == attempt_id))
    shown = release.released_at if release else None
    events = exams.answer_events(attempt_id)
    tells = everything or shown is not None
    return Evidence(
        attempt=facts,
        title=exams.sitting(facts.sitting_id).title,
        events=events,
        saves=saves_by_slot(events, _in_words(attempt_id)),
        moments=exams.timeline(attempt_id),
        markings=_markings(attempt_id, named=everything) if tells else (),
        given=given_marks(AttemptId(attempt_id)) if everything else (),
        appeals=appeals_of(attempt_id),
        released_at=shown,
        released_by=_people(release.proposed_by, release.released_by) if release and everything else (),
    )


def _in_words(attempt_id: int) -> dict[int, str]:
    """Return the final answer to each question in words; without a key."""
    slots = exams.markable_slots(attempt_id)
    versions = public_versions([slot.version_id for slot in slots])
    found = {}
    for slot in slots:
        version = versions[slot.version_id]
        value = None if slot.value is None else json.loads(slot.value)
        value = to_version_ids(value, slot.option_order) if slot.option_order else value
        found[slot.slot] = question_types().get(version.type).summarise(version.content, value)
    return found


def _markings(attempt_id: int, *, named: bool) -> tuple[Marking, ...]:
    rows = session().scalars(sa.select(Result).where(Result.attempt_id == attempt_id).order_by(Result.number))
    return tuple(
        Marking(
            row.number,
            row.raw,
            row.marked_at,
            _kind(row),
            row.reason if named else "",
            _people(row.marked_by, row.second_by) if named else (),
        )
        for row in rows
    )


def _kind(row: Result) -> str:
    if row.number == 1:
        return "first"
    return "key" if row.change_id is None and row.key_revision_id is not None else "change"


def _people(*ids: int | None) -> tuple[PersonId, ...]:
    return tuple(PersonId(one) for one in ids if one is not None)


def month_reconciled(month: date, at: datetime) -> MonthReconciled:
    """Return whether everything begun in a month adds up; all quizzes stand in one line, the last.

    What a browser sent, what the log holds, what was handed in, marked and released: nothing unexplained.
    """
    start, end = (datetime.combine(day, time(), zone()) for day in (month, add_months(month, 1)))
    begun = exams.begun_between(start, end)
    ids = [attempt for attempts in begun.values() for attempt in attempts]
    attempts = exams.attempts(ids, at)
    faults = [*exams.unexplained(ids), *_unmarked(attempts, at)]
    counts = _Counts(attempts, exams.events_by_sitting(ids), faults)
    sittings = exams.begun_sittings(begun)
    single = [each for each in sittings if each.kind != "quiz"]
    found = [counts.of([each], each.title, begun) for each in single]
    quizzes = [each for each in sittings if each.kind == "quiz"]
    if quizzes:
        found.append(counts.of(quizzes, "", begun))
    return MonthReconciled(month, found)


def _unmarked(attempts: Mapping[AttemptId, AttemptFacts], at: datetime) -> list[Unexplained]:
    """Return the attempts handed in that have no result and that nobody is to mark."""
    handed = {one.id for one in attempts.values() if one.state == "submitted"}
    bare = handed - _with_result(handed)
    waiting = queued(bare) | ({task.attempt.id for task in live_tasks(at)} if bare else set())
    return [Unexplained(one, "unmarked", None) for one in sorted(bare - waiting)]


def _with_result(attempt_ids: Collection[int]) -> set[int]:
    return set(
        session().scalars(sa.select(Result.attempt_id).where(Result.attempt_id.in_(attempt_ids)).distinct())
    )


def _with_release(attempt_ids: Collection[int]) -> set[int]:
    return set(
        session().scalars(
            sa.select(Release.attempt_id).where(
                Release.attempt_id.in_(attempt_ids), Release.released_at.is_not(None)
            )
        )
    )


class _Counts:
    """Counts sittings from what was read once for the whole month."""

    def __init__(
        self,
        attempts: Mapping[AttemptId, AttemptFacts],
        fates: Mapping[SittingId, Mapping[str, int]],
        faults: Collection[Unexplained],
    ) -> None:
        self._attempts, self._fates, self._faults = attempts, fates, faults
        self._marked, self._released = _with_result(attempts), _with_release(attempts)

    def of(
        self,
        sittings: Collection[BegunSitting],
        title: str,
        begun: Mapping[SittingId, Collection[AttemptId]],
    ) -> Reconciled:
        """Return the counts of some sittings together."""
        ids = {attempt for each in sittings for attempt in begun[each.id]}
        handed = {one for one in ids if self._attempts[one].state == "submitted"}
        fates: Counter[str] = Counter()
        for each in sittings:
            fates.update(self._fates.get(each.id, {}))
        return Reconciled(
            title=title,
            opens_at=next(iter(sittings)).opens_at if title else None,
            candidates=sum(each.candidates for each in sittings),
            started=len(ids),
            states=Counter(self._attempts[one].state for one in ids),
            marked=len(handed & self._marked),
            marking=len(handed - self._marked),
            released=len(handed & self._released),
            fates=fates,
            faults=[each for each in self._faults if each.attempt_id in ids],
        )
