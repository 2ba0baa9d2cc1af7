"""Rules of deductions and registers: pure, and a refusal says what is wrong (docs/rules.md 7)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cstrain.kernel.calendar import WorkCalendar
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.performance.discipline.facts import (
    TWO_SIDED,
    Booking,
    DeductionFacts,
    Entry,
    Kind,
    RegisterFacts,
)
from cstrain.performance.discipline.policy import Rule, RuleSet


def check_day(day: date, today: date, within: int) -> None:
    """Refuse a day that lies ahead, or more than ``within`` calendar days back."""
    if day > today:
        raise DomainError("没有登记：发生日期在今天以后，请改成已经过去的日期。")
    if (today - day).days > within:
        raise DomainError("没有登记：事情发生后最迟%(n)s天登记，这件事已经过了期限。", n=within)


def check_rule(chapter: RuleSet, booking: Booking) -> Rule:
    """Return the rule a booking names; refuses an unknown one, points outside the range (before any
    multiplier) and an unknown multiplier."""
    rule = chapter.rule(booking.code)
    if rule is None:
        raise DomainError("没有登记：发生那天的规定里没有这一条，请另选一条。")
    if rule.least == rule.most != booking.points:
        raise DomainError("没有登记：这一条固定扣%(most)s分（加倍前），请改分数。", most=rule.most)
    if not rule.least <= booking.points <= rule.most:
        raise DomainError(
            "没有登记：这一条可扣%(least)s到%(most)s分（加倍前），请改分数。",
            least=rule.least,
            most=rule.most,
        )
    factor(rule, booking.times_code)
    return rule


def factor(rule: Rule, times_code: str | None) -> int:
    """Return how many times the points are taken; refuses a multiplier the rule does not have."""
    if times_code is None:
        return 1
    found = next((times.factor for times in rule.times if times.code == times_code), None)
    if found is None:
        raise DomainError("没有登记：这一条没有所选的加倍情形，请重新选择。")
    return found


def more_specific(chapter: RuleSet, code: str) -> tuple[Rule, ...]:
    """Return the rules that go before the one of ``code`` where both fit, directly or through others."""
    direct = [rule for rule in chapter.rules if rule.specific_to == code]
    return tuple(found for rule in direct for found in (rule, *more_specific(chapter, rule.code)))


def check_specific(chapter: RuleSet, booking: Booking) -> tuple[str, ...]:
    """Return the codes of more specific rules that the booker says do not fit; refuses until they say so.

    Where two rules fit the more specific wins (domain.md 3).
    """
    above = more_specific(chapter, booking.code)
    left = [rule for rule in above if rule.code not in booking.set_aside]
    if left:
        raise DomainError(
            "没有登记：“%(text)s”比所选的更具体，两条都符合时要用它。如果它不符合，请勾选说明。",
            text=left[0].text,
        )
    return tuple(rule.code for rule in above)


def check_people(actor: PersonId, people: Collection[PersonId]) -> None:
    """Refuse an empty list and one in which the booker stands."""
    if not people:
        raise DomainError("没有登记：请填至少一个工号。")
    if actor in people:
        raise DomainError("没有登记：不能给自己登记，请交给别人。")


def contest_until(calendar: WorkCalendar, booked_on: date, days: int) -> date:
    """Return the last day to contest: the ``days``-th working day after the booking."""
    return calendar.nth_working_day_after(booked_on, days)


def check_contest(deduction: DeductionFacts, actor: PersonId, today: date) -> None:
    """Refuse a contest by somebody else, a second one, one of what no longer counts, and a late one."""
    if deduction.person != actor:
        raise DomainError("没有提交：只有本人可以申诉自己的扣分。")
    if deduction.contest is not None:
        raise ConflictError("没有提交：这条扣分已经申诉过，只能申诉一次。")
    if deduction.reversal is not None:
        raise ConflictError("没有提交：这条扣分已经撤销，不用申诉。")
    if today > deduction.contest_until:
        raise DomainError("没有提交：申诉期到%(day)s为止，已经过了。", day=deduction.contest_until)


def check_judge(deduction: DeductionFacts, actor: PersonId) -> None:
    """Refuse whoever the deduction is about and whoever booked it."""
    if actor == deduction.person:
        raise DomainError("没有保存：不能处理自己的扣分，请交给别人。")
    if actor == deduction.booked_by:
        raise DomainError("没有保存：这条扣分是你登记的，要由别人处理。")


def check_reversal(deduction: DeductionFacts) -> None:
    """Refuse to reverse what is reversed, or what waits for the decision of a contest."""
    if deduction.reversal is not None:
        raise ConflictError("没有保存：这条扣分已经撤销。请刷新后再看。")
    if deduction.contest is not None and deduction.contest.decided_at is None:
        raise ConflictError("没有保存：本人已经申诉，请直接决定申诉。")


def check_entry(entry: Entry, actor: PersonId, person: PersonId, today: date) -> None:
    """Refuse an entry about oneself, on a day ahead, or whose parts do not fit its register."""
    if actor in (person, entry.other):
        raise DomainError("没有登记：不能登记与自己有关的事，请交给别人。")
    if entry.day > today:
        raise DomainError("没有登记：发生日期在今天以后，请改成已经过去的日期。")
    if (entry.severity is not None) != (entry.kind is Kind.COMPLAINT):
        raise DomainError("没有登记：投诉要选轻重，其他登记不选。")
    if entry.kind is not Kind.COMPLAINT and (entry.vip or entry.major):
        raise DomainError("没有登记：只有投诉可以标贵宾和重大。")
    if (entry.other is not None) != (entry.kind in TWO_SIDED):
        raise DomainError("没有登记：内部冲突和顶岗要填另一人的工号，其他登记不填。")
    if entry.other == person:
        raise DomainError("没有登记：另一人不能是同一个人。")


def check_withdrawal(entry: RegisterFacts, actor: PersonId) -> None:
    """Refuse to withdraw what concerns oneself, or what is withdrawn."""
    if entry.concerns(actor):
        raise DomainError("没有撤回：不能撤回与自己有关的登记，请交给别人。")
    if entry.withdrawal is not None:
        raise ConflictError("没有撤回：这条登记已经撤回。请刷新后再看。")
