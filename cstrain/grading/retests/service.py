"""Arranging that people sit a paper again after a lesson changed, or deciding that they need not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from cstrain.audit.service import record
from cstrain.exams import service as exams
from cstrain.extensions import session
from cstrain.grading.retests.facts import TO_RETEST, Arrangement, Reliance, Stage
from cstrain.grading.retests.models import RetestWaiver
from cstrain.grading.retests.queries import relying
from cstrain.grading.retests.rules import subject_of
from cstrain.kernel.errors import ConflictError, DomainError, Each, ForbiddenError
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.lessons.queries import lesson_change
from cstrain.unit_of_work import flush_unique, one_at_a_time

_QUEUE = "sitting papers again"


def arrange(actor: PersonId, now: datetime, ref: str, number: int, wanted: Arrangement) -> SittingId:
    """Arrange a sitting for people whose pass relied on what version ``number`` of a lesson changed.

    By the same rules as any sitting. Refuses people whose pass did not rely on it, and by name those for whom
    one is arranged already.
    """
    one_at_a_time(_QUEUE)
    lines = {
        line.person.id: line
        for group in relying(lesson_change(ref, number), now)
        if group.ref == wanted.paper_ref
        for line in group.lines
    }
    _check_people(wanted.people, lines)
    made = exams.schedule(
        actor,
        now,
        paper_ref=wanted.paper_ref,
        kind="exam",
        subject=subject_of(ref, number),
        people=sorted(set(wanted.people)),
        opens_at=wanted.opens_at,
        closes_at=wanted.closes_at,
        place=wanted.place,
        title=wanted.title,
        late_minutes=wanted.late_minutes,
    )
    record(
        actor, "retest.arrange", f"lesson:{ref}", number=number, sitting=made, people=sorted(wanted.people)
    )
    return made


def _check_people(people: Collection[PersonId], lines: Mapping[PersonId, Reliance]) -> None:
    if not people:
        raise DomainError("没有选择考生，场次没有建立。请至少选择一人。")
    if any(person not in lines or lines[person].stage is Stage.LEFT for person in people):
        raise ConflictError("有人的凭证不受这次改动影响，或者已经离职，场次没有建立。请刷新后重新选择。")
    names = [lines[each].person.name for each in people if lines[each].stage is Stage.ARRANGED]
    if names:
        raise ConflictError(
            "没有建立：这些人已经安排过重考：%(people)s。请去掉他们，或者先取消那一场。",
            people=Each("%(name)s", [{"name": name} for name in sorted(names)]),
        )


def waive(
    actor: PersonId, now: datetime, ref: str, number: int, attempt_ids: Collection[int], reason: str
) -> int:
    """Keep that these passes stay as they are after a change, with the reason; return how many.

    Nobody decides this of themself.
    """
    one_at_a_time(_QUEUE)
    groups = relying(lesson_change(ref, number), now)
    found = {int(line.attempt_id): line for group in groups for line in group.lines}
    wanted = [found.get(each) for each in sorted(set(attempt_ids))]
    lines = [line for line in wanted if line is not None and line.stage in TO_RETEST | {Stage.AWAY}]
    if not lines or len(lines) < len(wanted):
        raise ConflictError("有人的情况刚刚变了，什么也没有记。请刷新后重新选择。")
    if any(line.person.id == actor for line in lines):
        raise ForbiddenError("不能决定自己不用重考。请让另一位有权限的人来定。")
    for line in lines:
        row = RetestWaiver(
            lesson_ref=ref,
            lesson_number=number,
            attempt_id=line.attempt_id,
            person_id=line.person.id,
            reason=reason,
            decided_by=actor,
            decided_at=now,
        )
        session().add(row)
    flush_unique("有人刚刚作了同样的决定，什么也没有记。请刷新后再看。")
    for line in lines:
        detail = {"lesson": ref, "number": number, "attempt": line.attempt_id, "reason": reason}
        record(actor, "retest.waive", f"person:{line.person.id}", **detail)
    return len(lines)
