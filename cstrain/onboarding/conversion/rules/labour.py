"""Probation in labour law: every refusal names its reason. Pure; data in ``labour_law.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import DomainError
from cstrain.onboarding.conversion.facts import Consent
from cstrain.onboarding.conversion.policy import LabourLaw, ProbationLimit
from cstrain.people.facts import ContractFacts, ContractKind


def limit_for(law: LabourLaw, kind: ContractKind, term_months: int | None) -> ProbationLimit:
    """Return the limit for a contract; ``term_months`` counts whole months (``None``: no agreed end).

    Raises ``LookupError`` when the chapter has no line for it.
    """
    for limit in law.longest_probation:
        if kind in limit.kinds and _fits(limit, term_months):
            return limit
    raise LookupError(f"no probation limit for {kind}")


def _fits(limit: ProbationLimit, term_months: int | None) -> bool:
    return limit.term_below is None or (term_months is not None and term_months < limit.term_below)


def latest_end(law: LabourLaw, contract: ContractFacts) -> date | None:
    """Return the last day of the longest lawful probation; ``None`` when none may be agreed.

    The first day counts: one month from 1 March ends on 31 March. A contract's own end is never passed.
    """
    months = limit_for(law, contract.kind, contract.term_months).months
    if not months:
        return None
    end = add_months(contract.starts_on, months) - timedelta(days=1)
    return min(end, contract.ends_on) if contract.ends_on else end


def check_probation(law: LabourLaw, contract: ContractFacts) -> None:
    """Refuse an agreed probation that the contract's kind and term do not allow (art. 19, 70)."""
    if contract.probation_end is None:
        return
    limit = limit_for(law, contract.kind, contract.term_months)
    end = latest_end(law, contract)
    if end is None:
        raise DomainError(
            "没有保存：这份合同不能约定试用期。依据《劳动合同法》%(clause)s：%(why)s。请去掉试用期截止日。",
            clause=limit.clause,
            why=limit.why,
        )
    if contract.probation_end > end:
        raise DomainError(
            "没有保存：试用期截止日%(day)s超过了法定上限%(end)s。依据《劳动合同法》%(clause)s：%(why)s。请改早。",
            day=contract.probation_end,
            end=end,
            clause=limit.clause,
            why=limit.why,
        )


def check_one_probation(law: LabourLaw, new: ContractFacts, earlier: Iterable[ContractFacts]) -> None:
    """Refuse to agree a probation with somebody whose probation here ended before (art. 19 para. 2).

    A contract with another end of the same probation (a correction, an extension) is not a second one.
    """
    if new.probation_end is None:
        return
    for held in earlier:
        if held.probation_end is not None and held.probation_end < new.starts_on:
            raise DomainError(
                "没有保存：这位员工%(end)s已结束过一次试用期。依据《劳动合同法》%(clause)s：%(why)s。请去掉截止日。",
                end=held.probation_end,
                clause=law.one_probation.clause,
                why=law.one_probation.why,
            )


def agreed_end(contract: ContractFacts | None) -> date:
    """Return the agreed end of probation; refuses when no contract with one is on record."""
    if contract is None or contract.probation_end is None:
        raise DomainError("没有办理：合同里没有试用期截止日。请先在人员页登记劳动合同和试用期截止日。")
    return contract.probation_end


def check_until(law: LabourLaw, contract: ContractFacts, until: date, today: date) -> None:
    """Refuse a new end that is not later than the agreed one, beyond art. 19, or agreed too late."""
    end, last = agreed_end(contract), latest_end(law, contract)
    limit = limit_for(law, contract.kind, contract.term_months)
    if today > end:
        raise DomainError(
            "没有办理：试用期已于%(end)s截止，不能再延长。依据《劳动合同法》%(clause)s：%(why)s。",
            end=end,
            clause=law.lapse.clause,
            why=law.lapse.why,
        )
    if until <= end:
        raise DomainError("没有办理：新的截止日%(until)s不晚于现在的%(end)s。请改晚。", until=until, end=end)
    if last is None or until > last:
        raise DomainError(
            "没有办理：新的截止日%(until)s超过了法定上限%(last)s。依据《劳动合同法》%(clause)s：%(why)s。请改早。",
            until=until,
            last=last or end,
            clause=limit.clause,
            why=limit.why,
        )


def check_consent_day(law: LabourLaw, end: date, consented_on: date, today: date) -> None:
    """Refuse a consent dated in the future or not before the agreed end."""
    if consented_on > today:
        raise DomainError("没有保存：同意的日期%(day)s还没有到。请写员工签字的日期。", day=consented_on)
    if consented_on >= end:
        raise DomainError(
            "没有保存：员工同意的日期%(day)s不早于试用期截止日%(end)s。依据《劳动合同法》%(clause)s：%(why)s。",
            day=consented_on,
            end=end,
            clause=law.extension.clause,
            why=law.extension.why,
        )


def check_extension(
    law: LabourLaw, contract: ContractFacts, until: date, consent: Consent | None, today: date
) -> None:
    """Refuse an extension without the employee's written consent to this very day, or outside art. 19."""
    check_until(law, contract, until, today)
    if consent is None or consent.until != until:
        raise DomainError(
            "没有办理：还没有员工同意延长到%(until)s的书面记录。依据《劳动合同法》%(clause)s：%(why)s。请先登记同意书。",
            until=until,
            clause=law.extension.clause,
            why=law.extension.why,
        )
    check_consent_day(law, agreed_end(contract), consent.consented_on, today)


def lapsed_on(contract: ContractFacts | None, today: date) -> date | None:
    """Return the first day after an agreed probation that has ended by ``today``, else ``None``."""
    if contract is None or contract.probation_end is None or contract.probation_end >= today:
        return None
    return contract.probation_end + timedelta(days=1)
