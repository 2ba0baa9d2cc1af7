"""Reading the queues: what waits for a marker, a sheet, what they finished last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts
from cstrain.extensions import local_date, session
from cstrain.grading.models import Result
from cstrain.grading.rules import response
from cstrain.grading.written import rules
from cstrain.grading.written.facts import (
    FinishedSheet,
    QueueFacts,
    QueueKey,
    SheetFacts,
)
from cstrain.grading.written.models import WrittenMark, WrittenTask
from cstrain.grading.written.policy import CHAPTER, MarkingRules
from cstrain.grading.written.ports import too_close
from cstrain.grading.written.queries.given import finished_shares, points_of
from cstrain.grading.written.showing import rubric_of, shown
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.policies.loader import load
from cstrain.questions.facts import PublicVersion
from cstrain.questions.queries import keyed_versions, public_versions

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
RECENT = 6


def marking_rules() -> MarkingRules:
    """Return the rules of marking from queues."""
    return load(MarkingRules, CHAPTER)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that is not settled, with the markings that stand, and whose answer it is (for this package)."""

    row: WrittenTask
    marks: tuple[WrittenMark, ...]
    attempt: AttemptFacts

    @property
    def key(self) -> QueueKey:
        """The queue it stands in."""
        return key_of(self.row)

    @property
    def free_round(self) -> int | None:
        """The round that nobody has taken yet; ``None`` when each has its marker."""
        held = [mark for mark in self.marks if mark.returned_at is None]
        wanted = rules.due(finished_shares(held), self.row.rounds, Fraction(self.row.tolerance))
        return rules.next_round({mark.round for mark in held}, wanted)

    def sheet_of(self, person: PersonId) -> WrittenMark | None:
        """Return the marking somebody has of it, given back or not."""
        return next((mark for mark in self.marks if mark.marker_id == person), None)


def key_of(row: WrittenTask) -> QueueKey:
    """Return the queue a task stands in."""
    return QueueKey(row.paper_ref, row.question_id, row.part)


def open_tasks(at: datetime, key: QueueKey | None = None) -> list[OpenTask]:
    """Return what is not settled (of one queue, if given), of attempts that stand. Three queries at most.

    An attempt that has got its result without it (its question was credited to everybody) needs it no more.
    """
    marked = sa.select(Result.attempt_id)
    statement = (
        sa.select(WrittenTask)
        .where(WrittenTask.settled_at.is_(None), WrittenTask.attempt_id.not_in(marked))
        .order_by(WrittenTask.id)
    )
    if key is not None:
        statement = statement.where(
            WrittenTask.paper_ref == key.paper_ref,
            WrittenTask.question_id == key.question_id,
            WrittenTask.part == key.part,
        )
    rows = list(session().scalars(statement))
    if not rows:
        return []
    marks = _marks(row.id for row in rows)
    attempts = exams.attempts({row.attempt_id for row in rows}, at)
    found = (OpenTask(row, marks.get(row.id, ()), attempts[AttemptId(row.attempt_id)]) for row in rows)
    return [task for task in found if task.attempt.state != "voided"]


def _marks(task_ids: Iterable[int]) -> dict[int, tuple[WrittenMark, ...]]:
    found: dict[int, tuple[WrittenMark, ...]] = {}
    rows = session().scalars(
        sa.select(WrittenMark).where(WrittenMark.task_id.in_(list(task_ids))).order_by(WrittenMark.id)
    )
    for row in rows:
        found[row.task_id] = (*found.get(row.task_id, ()), row)
    return found


def free_for(person: PersonId, tasks: Collection[OpenTask], at: datetime) -> list[OpenTask]:
    """Return the tasks that somebody may take now: not their own, of nobody close, never marked before."""
    close = too_close(person, {task.attempt.person_id for task in tasks}, local_date(at))
    return [
        task
        for task in tasks
        if task.free_round is not None
        and task.sheet_of(person) is None
        and task.attempt.person_id not in close
    ]


def waiting_count(person: PersonId, at: datetime) -> int:
    """Return how many answers wait for a marker: those they have begun, and those they may take."""
    tasks = open_tasks(at)
    begun = sum(_draft(task, person) is not None for task in tasks)
    return begun + len(free_for(person, tasks, at))


def _draft(task: OpenTask, person: PersonId) -> int | None:
    mark = task.sheet_of(person)
    is_open = mark is not None and mark.finished_at is None and mark.returned_at is None
    return mark.id if mark is not None and is_open else None


def queues(person: PersonId, at: datetime) -> list[QueueFacts]:
    """Return the queues with something for a marker, those they have begun first, then the longest."""
    tasks = open_tasks(at)
    free = {task.row.id for task in free_for(person, tasks, at)}
    groups: dict[QueueKey, list[OpenTask]] = {}
    for task in tasks:
        groups.setdefault(task.key, []).append(task)
    versions = public_versions({task.row.version_id for task in tasks})
    found = [_queue(key, group, free, versions, person) for key, group in groups.items()]
    mine = [queue for queue in found if queue.waiting or queue.draft]
    return sorted(mine, key=lambda queue: (queue.draft is None, -queue.waiting, queue.key))


def _queue(
    key: QueueKey,
    tasks: list[OpenTask],
    free: Collection[int],
    versions: Mapping[int, PublicVersion],
    person: PersonId,
) -> QueueFacts:
    last = tasks[-1]
    content = versions[last.row.version_id].content
    parts = content.get("parts")
    return QueueFacts(
        key=key,
        paper=last.attempt.paper.title,
        stem=content["stem"],
        part=parts[key.part]["content"]["stem"] if parts else "",
        waiting=sum(task.row.id in free for task in tasks),
        unsettled=len(tasks),
        draft=next((draft for task in tasks if (draft := _draft(task, person)) is not None), None),
    )


def own_mark(mark_id: int, person: PersonId) -> tuple[WrittenMark, WrittenTask]:
    """Return a marking of one's own with its task; a foreign one and a missing one answer the same."""
    mark = session().get(WrittenMark, mark_id)
    if mark is None or mark.marker_id != person:
        raise NotFoundError(MISSING)
    return mark, session().get_one(WrittenTask, mark.task_id)


def sheet(mark_id: int, person: PersonId, at: datetime) -> SheetFacts:
    """Return a sheet of one's own; ``NotFoundError`` for anybody else's."""
    mark, task = own_mark(mark_id, person)
    slot = next(one for one in exams.markable_slots(AttemptId(task.attempt_id)) if one.slot == task.slot)
    version = keyed_versions([task.version_id])[task.version_id]
    value = response(slot, version)
    rubric = rubric_of(version, value, task.part)
    attempt = exams.attempt(task.attempt_id, at)
    if rubric is None:
        raise NotFoundError(MISSING)
    every = _marks([task.id])[task.id]
    held = [one for one in every if one.share is not None]
    others = [Fraction(one.share) for one in held if one.id != mark.id and one.share is not None]
    state = _state(mark, task, attempt)
    return SheetFacts(
        id=mark.id,
        key=key_of(task),
        paper=attempt.paper.title,
        shown=shown(version, value, task.part),
        rubric=rubric,
        points=points_of(mark),
        note=mark.note,
        state=state,
        own=Fraction(mark.share) if mark.share else None,
        others=tuple(others) if state == "settled" else (),
        share=Fraction(task.share) if task.share and state == "settled" else None,
        may_reopen=state == "finished" and len(held) == 1,
    )


def _state(mark: WrittenMark, task: WrittenTask, attempt: AttemptFacts) -> str:
    if attempt.state == "voided":
        return "voided"
    if mark.returned_at is not None:
        return "returned"
    if mark.finished_at is None:
        return "open"
    return "finished" if task.settled_at is None else "settled"


def finished_by(person: PersonId) -> list[FinishedSheet]:
    """Return the sheets somebody finished last, the newest first."""
    rows = session().execute(
        sa.select(WrittenMark, WrittenTask)
        .join(WrittenTask, WrittenTask.id == WrittenMark.task_id)
        .where(WrittenMark.marker_id == person, WrittenMark.finished_at.is_not(None))
        .order_by(WrittenMark.finished_at.desc(), WrittenMark.id.desc())
        .limit(RECENT)
    )
    pairs = [(mark, task) for mark, task in rows]
    titles = {paper.ref: paper.title for paper in exams.papers()}
    versions = public_versions({task.version_id for _mark, task in pairs})
    return [
        FinishedSheet(
            mark.id,
            titles.get(task.paper_ref, task.paper_ref),
            versions[task.version_id].content["stem"],
            mark.finished_at,
            task.settled_at is not None,
        )
        for mark, task in pairs
        if mark.finished_at is not None
    ]
