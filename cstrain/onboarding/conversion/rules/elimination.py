"""What an elimination within probation must have. Pure; Labour Contract Law art. 21, 39(1), 43."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion.policy import LabourLaw
from cstrain.people.facts import Status


@dataclass(frozen=True, slots=True)
class EliminationInput:
    """What the proposer states. ``union_notice``: when and how the union was told, or that there is none."""

    condition: str
    acknowledged_on: date | None
    evidence: str
    union_notice: str
    reasons: str
    last_day: date | None


_NEEDED = (
    ("condition", "没有达到的录用条件"),
    ("acknowledged_on", "员工确认这项录用条件的日期"),
    ("evidence", "证据"),
    ("union_notice", "通知工会的情况（没有工会的写“无工会”）"),
    ("reasons", "写进通知书的理由"),
    ("last_day", "最后工作日"),
)


def missing(entry: EliminationInput) -> list[str]:
    """Return the words of the required fields that are empty."""
    return [word for key, word in _NEEDED if not str(getattr(entry, key) or "").strip()]


def check_entry(law: LabourLaw, entry: EliminationInput, hired_on: date, today: date) -> None:
    """Refuse an incomplete elimination, or an acknowledgement that comes too late to bind anybody."""
    gaps = missing(entry)
    if gaps:
        raise DomainError(
            "没有提出：缺少%(gaps)s。依据《劳动合同法》%(clause)s：%(why)s。请补全后再提出。",
            gaps="、".join(gaps),
            clause=law.elimination.clause,
            why=law.elimination.why,
        )
    assert entry.acknowledged_on is not None and entry.last_day is not None
    if entry.acknowledged_on > today:
        raise DomainError(
            "没有提出：确认录用条件的日期%(day)s还没有到。请改正日期。", day=entry.acknowledged_on
        )
    if entry.last_day < max(hired_on, today):
        raise DomainError("没有提出：最后工作日%(day)s已经过去。请改正日期。", day=entry.last_day)


def check_within(law: LabourLaw, status: Status, end: date, today: date) -> None:
    """Refuse an elimination after the agreed probation: the person is then converted by law."""
    if status is not Status.PROBATION or today > end:
        raise DomainError(
            "没有办理：试用期已于%(end)s截止，不能再按试用期淘汰。依据《劳动合同法》%(clause)s：%(why)s。",
            end=end,
            clause=law.lapse.clause,
            why=law.lapse.why,
        )


def check_second_person(proposed_by: PersonId, actor: PersonId, subject: PersonId) -> None:
    """Refuse a confirmation by the proposer or by the person it is about (docs/rules.md 1 and 4)."""
    if actor == subject:
        raise ForbiddenError("不能决定自己的去留。请由别人来办。")
    if actor == proposed_by:
        raise ForbiddenError("这是你提出的，没有生效。请由另一个人确认。")
