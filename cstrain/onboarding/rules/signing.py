"""Who may sign a day, and what a signature needs. Pure.

Source: docs/rules.md 1 (never for oneself, never for another's trainee, guide days by the guide and seen
by the mentor, late and out-of-order allowed and marked) and section 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.facts import Capacity, EnrolmentState

LOWEST_STATE, HIGHEST_STATE = 1, 5
MOST_REMARK = 500


class StateMissingError(DomainError):
    """No work state was given."""


class RemarkMissingError(DomainError):
    """The remark that a low work state needs is missing, or it is too long."""


@dataclass(frozen=True, slots=True)
class SignRequest:
    """What somebody wants to sign: work state 1–5 (``None``: not given) and a remark."""

    enrolment_id: int
    day_number: int
    work_state: int | None
    remark: str


@dataclass(frozen=True, slots=True)
class SignSituation:
    """A day as a signature meets it. ``mentor`` and ``substitutes`` are those of today."""

    trainee: PersonId
    mentor: PersonId | None
    substitutes: frozenset[PersonId]
    guide: PersonId | None
    signed_by: str
    place: str
    state: EnrolmentState
    on_day: date
    today: date
    confirmed: bool
    signed: bool


def capacity_of(actor: PersonId, situation: SignSituation) -> Capacity | None:
    """Return in which capacity ``actor`` may sign, or ``None``."""
    if actor == situation.trainee:
        return None
    if situation.signed_by == "guide":
        return Capacity.GUIDE if actor == situation.guide else None
    if actor == situation.mentor:
        return Capacity.MENTOR
    return Capacity.SUBSTITUTE if actor in situation.substitutes else None


def refusal(
    actor: PersonId, request: SignRequest, situation: SignSituation, remark_at: int
) -> DomainError | None:
    """Return why this signature cannot be given, or ``None``; ``remark_at`` or less needs a remark."""
    return (
        _not_theirs(actor, request, situation)
        or _not_yet(request, situation)
        or _incomplete(request, remark_at)
    )


def _not_theirs(actor: PersonId, request: SignRequest, situation: SignSituation) -> DomainError | None:
    if actor == situation.trainee:
        return ForbiddenError("不能签核自己的培训日。请由导师或带教人签核。")
    if capacity_of(actor, situation) is not None:
        return None
    if situation.signed_by != "guide":
        return ForbiddenError("没有签核：这位学员今天不归你带。导师请假时，请人力资源部指定有日期的代带。")
    if situation.guide is None:
        return ForbiddenError(
            "没有签核：第%(number)s天在%(place)s，由带教人签核，但还没有指定带教人。请联系人力资源部指定。",
            number=request.day_number,
            place=situation.place,
        )
    return ForbiddenError(
        "没有签核：第%(number)s天在%(place)s，由带教人签核；带教人签过后请导师查看。",
        number=request.day_number,
        place=situation.place,
    )


def _not_yet(request: SignRequest, situation: SignSituation) -> DomainError | None:
    number = request.day_number
    if situation.state not in (EnrolmentState.ACTIVE, EnrolmentState.PAUSED):
        return ConflictError("没有签核：这次培训已经结束。")
    if situation.signed:
        return ConflictError("第%(number)s天已经签核过，不用再签。写错了请追加更正说明。", number=number)
    if situation.on_day > situation.today:
        day = situation.on_day
        return ConflictError("没有签核：第%(number)s天是%(day)s，还没到。", number=number, day=day)
    if not situation.confirmed:
        return ConflictError("没有签核：学员还没有确认第%(number)s天。请先让学员确认。", number=number)
    return None


def _incomplete(request: SignRequest, remark_at: int) -> DomainError | None:
    state = request.work_state
    if state is None or not LOWEST_STATE <= state <= HIGHEST_STATE:
        return StateMissingError("还没有打工作状态。请在1到5里选一个。")
    if len(request.remark) > MOST_REMARK:
        return RemarkMissingError("评语太长，最多%(most)s个字。请写短一些。", most=MOST_REMARK)
    if state <= remark_at and not request.remark.strip():
        return RemarkMissingError(
            "还没写评语。打%(state)s分要写清问题，请补一句今天要改的地方。", state=state
        )
    return None


def days_late(on_day: date, today: date, grace_days: int) -> int:
    """Return by how many days a signature given today is late; 0 within the grace."""
    late = (today - on_day).days - grace_days
    return max(0, late)


def is_out_of_order(number: int, signed: Mapping[int, bool]) -> bool:
    """Tell whether an earlier day is still unsigned. ``signed``: day number -> whether it is signed."""
    return any(not done for earlier, done in signed.items() if earlier < number)
