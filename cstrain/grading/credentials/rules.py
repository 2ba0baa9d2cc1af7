"""Pure rules of credentials: how long they last, who is exempt, when a paper may be sat again.

Sources: docs/rules.md 2. Days are days of the company.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from cstrain.grading.credentials.facts import Basis, Check, ExemptionFinding, Standing
from cstrain.grading.credentials.policy import CredentialReminders, ExemptionPolicy, PaperCredential
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import State

_YEAR = 12
_MOST_STARS = 3
_CLAMPED = timedelta(days=3)


def valid_until(exam_on: date, months: int | None) -> date | None:
    """Return the last day of validity: the same day so many months later, clamped to the month's end."""
    return add_months(exam_on, months) if months is not None else None


def standing(today: date, until: date | None, *, stands: bool) -> Standing:
    """Return the standing: revoked when what it rests on does not stand, lapsed after the last day."""
    if not stands:
        return Standing.REVOKED
    return Standing.LAPSED if until is not None and today > until else Standing.VALID


LAPSED_STEP = -1
"""The step of a reminder that says a pass has lapsed."""


def reminder_step(policy: CredentialReminders, today: date, until: date) -> int | None:
    """Return which reminder of a pass is due: the nearest of the days before its last day, or
    ``LAPSED_STEP`` after it; ``None``: none."""
    left = (until - today).days
    if left < 0:
        return LAPSED_STEP if -left <= policy.told_for_days else None
    return min((days for days in policy.days_before_end if left <= days), default=None)


def exam_days_to_remind(policy: CredentialReminders, today: date, months: int) -> tuple[date, date]:
    """Return the first and last exam day whose passes, good for ``months``, may be reminded of today.

    Some days more than exact: clamping to the month's end moves a last day by up to three.
    """
    ahead = timedelta(days=max(policy.days_before_end, default=0))
    first = add_months(today - timedelta(days=policy.told_for_days), -months)
    return first - _CLAMPED, add_months(today + ahead, -months) + _CLAMPED


@dataclass(frozen=True, slots=True)
class Marking:
    """One marking of an attempt: its raw mark and when it was made."""

    raw: Decimal
    marked_at: datetime


def was_pass(markings: Sequence[Marking], released_at: datetime, pass_mark: Decimal) -> bool:
    """Tell whether the candidate was ever shown a pass: by the marking that counted at release or later.

    ``markings`` are in order; each counts until the next one is made.
    """
    ends = [one.marked_at for one in markings[1:]]
    return any(
        one.raw >= pass_mark and (end is None or end > released_at)
        for one, end in zip(markings, [*ends, None], strict=True)
    )


# exemption


def earliest_exam_day(applied_on: date, months: int) -> date:
    """Return the first day an exam may lie on: months back, clamped (31 Aug -> 28/29 Feb), included."""
    return add_months(applied_on, -months)


def judge_exemption(
    policy: ExemptionPolicy | None, applied_on: date, results: Iterable[Basis]
) -> ExemptionFinding:
    """Return what the rule says of an application, on the result that speaks most for it.

    Without a policy the paper is never exempted. Without any result nothing is known: that is no "no".
    """
    if policy is None:
        never = (Check("paper", State.NOT_MET),)
        return ExemptionFinding(State.NOT_MET, never, None, None, None, applied_on)
    first = earliest_exam_day(applied_on, policy.months)
    found = [
        (_overall(checks), one.exam_on, one.ref, one, checks)
        for one in results
        for checks in [_checks(policy, first, applied_on, one)]
    ]
    if not found:
        unknown = tuple(Check(kind, State.UNKNOWN) for kind in ("department", "mark", "date"))
        return ExemptionFinding(State.UNKNOWN, unknown, None, policy.above, first, applied_on)
    order = [State.NOT_MET, State.UNKNOWN, State.MET]
    state, _day, _ref, basis, checks = max(found, key=lambda one: (order.index(one[0]), one[1], one[2]))
    return ExemptionFinding(state, checks, basis, policy.above, first, applied_on)


def _checks(policy: ExemptionPolicy, first: date, applied_on: date, one: Basis) -> tuple[Check, ...]:
    former = State.UNKNOWN if one.former is None else _met(one.former)
    return (
        Check("settled", State.MET if one.settled else State.UNKNOWN),
        Check("department", former),
        Check("mark", _met(one.raw > policy.above)),
        Check("date", _met(first <= one.exam_on <= applied_on)),
    )


def _met(holds: bool) -> State:
    return State.MET if holds else State.NOT_MET


def _overall(checks: tuple[Check, ...]) -> State:
    states = {check.state for check in checks}
    if State.NOT_MET in states:
        return State.NOT_MET
    return State.UNKNOWN if State.UNKNOWN in states else State.MET


def exempt_until(asked_on: date, policy: ExemptionPolicy) -> date:
    """Return the last day of sittings for which an exemption asked for on a day counts."""
    return add_months(asked_on, policy.counts_months)


def counts_on(asked_on: date, until: date | None, day: date) -> bool:
    """Tell whether an exemption asked for on a day counts for a sitting on ``day``; both ends included."""
    return until is not None and asked_on <= day <= until


# sitting again


@dataclass(frozen=True, slots=True)
class TooSoon:
    """Why a paper may not be sat on a day: ``kind`` pause or year, and the first day on which it may."""

    kind: str
    number: int
    first_day: date


def too_soon(policy: PaperCredential, days: Iterable[date], on: date) -> TooSoon | None:
    """Return why somebody who sat a paper on ``days`` may not sit it on ``on``; ``None``: they may.

    A pause in days after the last time; and an attempt counts for twelve months (clamped), its last day not
    included. ``first_day`` satisfies both.
    """
    before = sorted(day for day in days if day <= on)
    free_from = before[-1] + timedelta(days=policy.resit_after_days) if before else on
    ends = sorted(end for day in before if (end := add_months(day, _YEAR)) > on)
    most = policy.most_attempts_a_year
    if most is not None and len(ends) >= most:
        return TooSoon("year", len(ends), max(free_from, ends[len(ends) - most]))
    if on < free_from:
        return TooSoon("pause", policy.resit_after_days, free_from)
    return None


def masked(name: str) -> str:
    """Return a name with its middle hidden: 张*明, 张*; nothing more than that is for the public."""
    kept = name.strip()
    if len(kept) <= 1:
        return "*"
    hidden = "*" * min(_MOST_STARS, max(1, len(kept) - 2))
    return kept[0] + hidden + (kept[-1] if len(kept) > 2 else "")
