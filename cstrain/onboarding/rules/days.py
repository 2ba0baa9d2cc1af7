"""What a day consists of, when it is done, and how it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.onboarding.facts import DayState, EnrolmentState, TaskFacts, TaskKind
from cstrain.onboarding.policy import DaySpec

_TRAINEE_PARTS = {TaskKind.LESSON, TaskKind.ACTIVITY, TaskKind.QUIZ, TaskKind.EXAM}


@dataclass(frozen=True, slots=True)
class DayWork:
    """What is on record of a day. ``attempted`` holds the papers handed in; ``read`` the lessons confirmed.

    ``read`` may be ``None`` where nobody asked: after the trainee's confirmation lessons count as read.
    """

    read: frozenset[str] | None = frozenset()
    ticked: frozenset[str] = frozenset()
    attempted: frozenset[str] = frozenset()
    sheets: frozenset[str] = frozenset()
    confirmed: bool = False
    signed: bool = False
    seen: bool = False

    @property
    def begun(self) -> bool:
        """Something of the day is on record, so its date stays when the plan moves."""
        return bool(self.ticked or self.attempted or self.sheets or self.confirmed or self.signed)


@dataclass(frozen=True, slots=True)
class Titles:
    """Words for what a day names by ref: lessons, papers, score sheets."""

    lessons: dict[str, str]
    papers: dict[str, str]
    sheets: dict[str, str]


def tasks(spec: DaySpec, work: DayWork, titles: Titles) -> tuple[TaskFacts, ...]:
    """Return the parts of a day in the order in which they are done."""
    parts = [
        TaskFacts(TaskKind.LESSON, ref, titles.lessons.get(ref, spec.title), "trainee", _is_read(ref, work))
        for ref in spec.lessons
    ]
    parts += [
        TaskFacts(
            TaskKind.ACTIVITY, each.id, each.title, each.by, each.id in work.ticked, required=each.required
        )
        for each in spec.activities
    ]
    if spec.quiz is not None:
        parts.append(_paper(TaskKind.QUIZ, spec.quiz, work, titles))
    parts += [_paper(TaskKind.EXAM, ref, work, titles) for ref in spec.exams]
    parts += [
        TaskFacts(TaskKind.SHEET, kind, titles.sheets.get(kind, kind), "examiner", kind in work.sheets)
        for kind in spec.sheets
    ]
    parts.append(TaskFacts(TaskKind.CONFIRM, "confirm", "确认完成这一天", "trainee", work.confirmed))
    guided = spec.signed_by == "guide"
    words = "带教人签核" if guided else "导师签核"
    parts.append(TaskFacts(TaskKind.SIGN, "sign", words, spec.signed_by, work.signed))
    if guided:
        parts.append(TaskFacts(TaskKind.SEE, "see", "导师查看带教人的签核", "mentor", work.seen))
    return tuple(parts)


def _is_read(ref: str, work: DayWork) -> bool:
    return work.confirmed if work.read is None else ref in work.read


def _paper(kind: TaskKind, ref: str, work: DayWork, titles: Titles) -> TaskFacts:
    return TaskFacts(kind, ref, titles.papers.get(ref, ref), "trainee", ref in work.attempted)


def is_done(parts: tuple[TaskFacts, ...]) -> bool:
    """Tell whether a day is done: required parts, confirmation, signature, on guide days the mentor's look.

    Source: docs/rules.md 1, Decisions.
    """
    return all(part.done for part in parts if part.required)


def trainee_lacks(parts: tuple[TaskFacts, ...]) -> tuple[TaskFacts, ...]:
    """Return what the trainee still has to do before confirming the day."""
    return tuple(
        part
        for part in parts
        if part.kind in _TRAINEE_PARTS and part.by == "trainee" and part.required and not part.done
    )


def day_state(
    *, done: bool, late: bool, on_day: date, today: date, is_exam: bool, closed_on: date | None
) -> DayState:
    """Return how a day stands on the strip. After an enrolment is closed, unfinished days are skipped."""
    if done:
        return DayState.LATE if late else DayState.DONE
    if closed_on is not None:
        return DayState.SKIPPED
    if on_day == today:
        return DayState.TODAY
    if on_day < today:
        return DayState.WAIT
    return DayState.EXAM if is_exam else DayState.LOCKED


def check_open(state: EnrolmentState, on_day: date, today: date, number: int) -> None:
    """Refuse work on a day that is not open: paused or ended enrolment, or a day still to come."""
    if state is EnrolmentState.PAUSED:
        raise ConflictError("培训已暂停，这一天现在不能操作。恢复培训后会有新的日期。")
    if state is not EnrolmentState.ACTIVE:
        raise ConflictError("这次培训已经结束，不能再操作。")
    if on_day > today:
        raise ConflictError("第%(number)s天还没开放。到了%(day)s才能操作。", number=number, day=on_day)


def check_confirm(parts: tuple[TaskFacts, ...], confirmed: bool) -> None:
    """Refuse a confirmation while something of the trainee's is missing, or a second one."""
    if confirmed:
        raise ConflictError("这一天你已经确认过了，不用再确认。")
    lacking = trainee_lacks(parts)
    if lacking:
        raise DomainError(
            "还不能确认这一天，有%(n)s项没做完：%(missing)s。做完后再来确认。",
            n=len(lacking),
            missing="、".join(part.title for part in lacking),
        )
