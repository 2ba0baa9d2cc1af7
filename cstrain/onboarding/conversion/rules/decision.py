"""What must be in before people decide a case. Pure; docs/rules.md 1 and 4."""

from __future__ import annotations

from datetime import date

from cstrain.judgement.assess import Assessment
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion.facts import CONVERTING, Outcome, Proposal, Violations
from cstrain.onboarding.conversion.policy import LabourLaw

CHOICES = (Outcome.NEXT_DAY, Outcome.AFTER_MONTH, Outcome.EXTEND)
"""Outcomes that are decided on a case; an elimination has its own form."""


def check_choice(
    outcome: Outcome,
    reason: str,
    violations: Violations,
    proposal: Proposal,
    actor: PersonId,
    subject: PersonId,
) -> None:
    """Refuse a decision on oneself, without reasons, with unknown violations, or of another kind."""
    if actor == subject:
        raise ForbiddenError("不能决定自己的转正。请由别人来办。")
    if outcome not in CHOICES:
        raise DomainError("没有提出：这个结论不在这里办理。不予转正请用“提出不予转正”。")
    if violations is Violations.UNKNOWN:
        raise DomainError("没有提出：有没有违纪还没有填写。请先填写“无”或列明违纪，再作决定。")
    if proposal.waiting:
        raise DomainError("没有提出：还有%(n)s卷没有成绩。请等成绩发布后再作决定。", n=len(proposal.waiting))
    if not reason.strip():
        raise DomainError("没有提出：请写明理由。")
    if outcome is not proposal.outcome and len(reason.strip()) < 10:
        raise DomainError("没有提出：结论与系统建议不同，理由要说清楚，至少10个字。")


def check_time(law: LabourLaw, outcome: Outcome, end: date, today: date) -> None:
    """Refuse anything but a conversion once the agreed probation has ended."""
    if today > end and outcome not in CONVERTING:
        raise DomainError(
            "没有办理：试用期已于%(end)s截止。依据《劳动合同法》%(clause)s：%(why)s。",
            end=end,
            clause=law.lapse.clause,
            why=law.lapse.why,
        )


def check_confirmation(
    proposed_by: PersonId,
    actor: PersonId,
    subject: PersonId,
    *,
    complete: bool,
    assessment: Assessment | None,
) -> None:
    """Refuse a confirmation by the same person, before all opinions are in, or on facts not yet known."""
    if actor == subject:
        raise ForbiddenError("不能决定自己的转正。请由别人来办。")
    if actor == proposed_by:
        raise ForbiddenError("这是你提出的，没有生效。请由另一个人确认。")
    if not complete:
        raise DomainError("没有生效：还有意见没有填。请等各方意见填完再确认。")
    unknown = [one for one in assessment.findings if one.state is State.UNKNOWN] if assessment else []
    if unknown:
        raise DomainError(
            "没有生效：还有%(n)s项条件待确认（%(what)s）。请补齐依据后再确认。",
            n=len(unknown),
            what="、".join(one.text for one in unknown),
        )
