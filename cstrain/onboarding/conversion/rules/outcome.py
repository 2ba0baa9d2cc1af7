"""Which outcome the results propose, and its dates. Pure; source: docs/rules.md 1 (outcomes, re-exam)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from cstrain.kernel.calendar import add_months
from cstrain.kernel.units import shown
from cstrain.onboarding.conversion.facts import Outcome, Proposal, Situation, Taken

_FURTHEST_DAYS = 400


def effective_next_day(exam_on: date, probation_end: date) -> date:
    """Return the day after the exam day, never later than the agreed end of probation."""
    return min(exam_on + timedelta(days=1), probation_end)


def effective_after_month(hired_on: date, resit_on: date, probation_end: date, months: int = 1) -> date:
    """Return the later of hiring + ``months`` and the day after the resit, never after the agreed end."""
    return min(max(add_months(hired_on, months), resit_on + timedelta(days=1)), probation_end)


def resit_day(released_on: date, is_rostered: Callable[[date], bool], n: int = 2) -> date:
    """Return the trainee's ``n``-th rostered day after the failing result was released.

    Raises ``LookupError`` when the roster names no such day in the coming 400 days.
    """
    found = 0
    for offset in range(1, _FURTHEST_DAYS):
        day = released_on + timedelta(days=offset)
        found += is_rostered(day)
        if found == n:
            return day
    raise LookupError("no rostered day in sight")


def deciding(ref: str, taken: tuple[Taken, ...]) -> Taken | None:
    """Return the attempt that counts for a paper: the first that passed, else the last, else ``None``."""
    mine = [one for one in taken if one.paper_ref == ref]
    passing = [one for one in mine if one.passed]
    return passing[0] if passing else (mine[-1] if mine else None)


def propose(situation: Situation, months: int = 1) -> Proposal:
    """Propose the outcome that follows from the released results; ``months`` is the policy's waiting time."""
    held = {ref: deciding(ref, situation.taken) for ref in situation.papers}
    found = [one for one in held.values() if one is not None]
    waiting = tuple(ref for ref, one in held.items() if one is None)
    failed = tuple(one for one in found if not one.passed)
    if not situation.papers:
        return Proposal(None, "这个培训计划没有转正试卷，由人事逐案办理。")
    if waiting:
        return Proposal(
            None,
            f"{len(situation.papers)}卷中有{len(waiting)}卷还没有成绩。",
            failed=tuple(one.paper_ref for one in failed),
            waiting=waiting,
        )
    if failed:
        return _of_failed(situation, failed)
    return _of_passed(situation, tuple(found), months)


def _of_passed(situation: Situation, found: tuple[Taken, ...], months: int) -> Proposal:
    resits = [one for one in found if one.resit]
    if not resits:
        exam_on = max(one.on for one in found)
        on = effective_next_day(exam_on, situation.probation_end)
        return Proposal(Outcome.NEXT_DAY, f"{len(found)}卷都及格，考试日的次日转正。", on)
    last = max(one.on for one in resits)
    on = effective_after_month(situation.hired_on, last, situation.probation_end, months)
    return Proposal(Outcome.AFTER_MONTH, f"补考{len(resits)}卷后都及格，试用满{months}个月转正。", on)


def _of_failed(situation: Situation, failed: tuple[Taken, ...]) -> Proposal:
    refs = tuple(one.paper_ref for one in failed)
    gaps = "；".join(_gap(one) for one in failed)
    if not all(_used_up(one, situation) for one in failed):
        return Proposal(
            Outcome.TRAIN_AND_RESIT, f"{gaps}。先专项培训，再补考这{len(failed)}卷。", failed=refs
        )
    if _may_extend(situation):
        return Proposal(
            Outcome.EXTEND,
            f"{gaps}，补考仍未及格。可以协商延长试用期，或者不予转正。",
            until=situation.latest_end,
            failed=refs,
        )
    return Proposal(Outcome.ELIMINATE, f"{gaps}，补考仍未及格，试用期也不能再延长。", failed=refs)


def _used_up(one: Taken, situation: Situation) -> bool:
    """A failed paper is used up by one resit; an extension allows one more from its day on."""
    return one.resit and (situation.extended_on is None or one.on >= situation.extended_on)


def _may_extend(situation: Situation) -> bool:
    later = situation.latest_end is not None and situation.latest_end > situation.probation_end
    return later and situation.extended_on is None


def _gap(one: Taken) -> str:
    mark = shown(one.raw, one.pass_mark)
    return f"{one.title}{'补考' if one.resit else ''}{mark}分，差{one.pass_mark - mark}分"


def effective_for(outcome: Outcome, situation: Situation, today: date, months: int = 1) -> date | None:
    """Return the effective day of a converting outcome that people choose, whatever the rules propose.

    Without any exam the day of the decision takes its place. ``None`` for outcomes that convert nobody.
    """
    last = max((one.on for one in situation.taken), default=today)
    if outcome is Outcome.NEXT_DAY:
        return effective_next_day(last, situation.probation_end)
    if outcome is Outcome.AFTER_MONTH:
        return effective_after_month(situation.hired_on, last, situation.probation_end, months)
    return None
