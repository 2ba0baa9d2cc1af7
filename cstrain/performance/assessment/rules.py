"""Joint assessment and post plans: seats, combination, states, refusals. Pure (docs/rules.md 8)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.performance.assessment.facts import Plan, Seats, Sheet, State, Target, TargetState
from cstrain.performance.assessment.policy import AssessmentRules, Factor, Office

_CENT = Decimal("0.01")
Holders = Mapping[str, Sequence[PersonId]]
"""Holders of roles as they count for a person, by role."""


def seat(roles: Sequence[str], holders: Holders, without: Collection[PersonId]) -> tuple[PersonId, ...]:
    """Return who holds the first of ``roles`` that somebody not left out holds; empty when nobody does."""
    for role in roles:
        found = tuple(one for one in holders.get(role, ()) if one not in without)
        if found:
            return found
    return ()


def seats(sheet: Sheet, holders: Mapping[str, Holders], directors: Holders) -> Seats:
    """Return who may act on a sheet; ``holders`` by office. Who rated does not review, nor the reverse."""
    person, reviewers = sheet.person_id, {each.by for each in sheet.reviews}
    offices = {
        each.id: seat(each.roles, holders[each.id], {person, *reviewers})
        for each in sheet.round.rules.offices
    }
    without = {person, *sheet.raters}
    return Seats(offices, seat(sheet.round.rules.directors, directors, without))


def waiting(sheet: Sheet, held: Seats) -> tuple[Office, ...]:
    """Return the offices that somebody holds and that have still to rate."""
    return tuple(each for each in sheet.missing if held.offices[each.id])


def vacant(sheet: Sheet, held: Seats) -> tuple[Office, ...]:
    """Return the offices without a rating that nobody holds for this person."""
    return tuple(each for each in sheet.missing if not held.offices[each.id])


def state(sheet: Sheet, held: Seats | None, today: date) -> State:
    """Return where a sheet stands; without ``held`` a sheet whose offices are not all in is being rated."""
    if sheet.final is None:
        open_ones = waiting(sheet, held) if held is not None else sheet.missing
        rated = len(sheet.round.rules.offices) - len(sheet.missing)
        return State.RATING if open_ones or rated < sheet.round.rules.least else State.REVIEW
    if sheet.decision is not None:
        return State.DECIDED
    if sheet.answer is not None:
        return State(sheet.answer.kind)
    until = sheet.final.contest_until
    return State.FINAL if until is None or today <= until else State.LAPSED


def score_of(office: Office, points: Mapping[str, Decimal | None], step: Decimal) -> Decimal:
    """Return an office's points out of 100; refuses a factor without points, or with wrong ones."""
    total = Decimal(0)
    for each in office.factors:
        given = points.get(each.id)
        if given is None:
            raise DomainError("没有保存：“%(title)s”还没有打分。", title=each.title)
        _fits(each, given, step)
        total += given
    return total


def check_so_far(office: Office, points: Mapping[str, Decimal], step: Decimal) -> None:
    """Refuse wrong points of a sheet that is being filled; factors without any may be left."""
    for each in office.factors:
        _fits(each, points.get(each.id, Decimal(0)), step)


def _fits(factor: Factor, given: Decimal, step: Decimal) -> None:
    if not 0 <= given <= factor.of or given % step:
        raise DomainError(
            "没有保存：“%(title)s”要在0到%(of)s分之间，每%(step)s分一档。",
            title=factor.title,
            of=factor.of,
            step=f"{step.normalize():f}",
        )


def combined(chapter: AssessmentRules, scores: Mapping[str, Decimal]) -> Decimal | None:
    """Return the weighted mean (0–100) of the offices' scores, cut to two decimals; ``None`` below the least.

    The weight of an office without a score is spread over the others in proportion. Cut, not rounded: a
    threshold is reached or it is not.
    """
    known = [each for each in chapter.offices if each.id in scores]
    if len(known) < chapter.least:
        return None
    whole = sum(each.weight for each in known)
    exact = sum((Fraction(scores[each.id]) * each.weight for each in known), Fraction(0)) / whole
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_CENT, rounding=ROUND_DOWN)


def result_of(sheet: Sheet) -> Decimal | None:
    """Return what the ratings that count come to."""
    rated = ((each.id, sheet.rating_of(each.id)) for each in sheet.round.rules.offices)
    return combined(sheet.round.rules, {name: one.score for name, one in rated if one is not None})


def shares(sheet: Sheet) -> dict[str, Decimal]:
    """Return the weight in per cent that each office with a rating really has, to one decimal."""
    known = [each for each in sheet.round.rules.offices if sheet.rating_of(each.id) is not None]
    whole = sum(each.weight for each in known)
    return {each.id: (Decimal(each.weight * 100) / whole).quantize(Decimal("0.1")) for each in known}


def check_rater(sheet: Sheet, held: Seats, actor: PersonId, office: str) -> Office:
    """Return the office somebody rates for; refuses oneself, a stranger, who reviews, a second time."""
    found = sheet.round.rules.office(office)
    if actor == sheet.person_id:
        raise ForbiddenError("不能评自己的月度考核。")
    if found is None or actor not in held.offices[found.id]:
        raise ForbiddenError("这一项不由你评分。请核对岗位。")
    if sheet.final is not None:
        raise ConflictError("没有保存：这张考核表已经终审。")
    if sheet.rating_of(found.id) is not None:
        raise ConflictError("没有保存：这个岗位已经评过分。要改请总监退回。")
    if has_other_office(sheet, actor, found.id):
        raise ForbiddenError("没有保存：你已经用另一个岗位评过这张表，一人只评一份。")
    return found


def has_other_office(sheet: Sheet, person: PersonId, office: str) -> bool:
    """Tell whether somebody rated this sheet for another office: one person, one sheet."""
    return any(one.by == person and one.office != office for one in sheet.ratings)


def check_reviewer(sheet: Sheet, held: Seats, actor: PersonId) -> None:
    """Refuse the person, who rated, and whoever does not hold the office of the final review."""
    if actor == sheet.person_id:
        raise ForbiddenError("不能终审自己的月度考核。")
    if actor in sheet.raters:
        raise ForbiddenError("你评过分，不能终审。请由没有评分的人决定。")
    if actor not in held.directors:
        raise ForbiddenError("这张考核表不由你终审。")


def check_review(sheet: Sheet, held: Seats) -> Decimal:
    """Return the combined score; refuses while an office that is held has not rated, and after the end."""
    if sheet.final is not None:
        raise ConflictError("没有保存：这张考核表已经终审。请刷新后再看。")
    open_ones = waiting(sheet, held)
    if open_ones:
        names = "、".join(each.title for each in open_ones)
        raise ConflictError("没有保存：还没有评分的岗位：%(names)s。", names=names)
    found = result_of(sheet)
    if found is None:
        raise ConflictError("没有保存：评分不够%(n)s份，算不出结果。", n=sheet.round.rules.least)
    return found


def settled_score(mean: Decimal, given: Decimal | None, *, below: bool) -> Decimal:
    """Return the score of the final review: the combined one, or another where it is below qualified."""
    if given is None or given == mean:
        return mean
    if not below:
        raise DomainError("没有保存：只有不合格或有异议的结果，总监才可以另定分数。")
    return checked_score(given)


def checked_score(score: Decimal) -> Decimal:
    """Return a score as it is kept; refuses one outside 0 to 100 or with more than two decimals."""
    if not 0 <= score <= 100 or score != score.quantize(_CENT):
        raise DomainError("没有保存：分数要在0到100之间，最多两位小数。")
    return score.quantize(_CENT)


def check_answer(sheet: Sheet, actor: PersonId, today: date, *, contests: bool) -> None:
    """Refuse anybody but the person, before the final review, twice, and a contest after its last day."""
    if actor != sheet.person_id:
        raise ForbiddenError("只有本人可以确认或提出异议。")
    if sheet.final is None:
        raise ConflictError("没有保存：这张考核表还没有终审。")
    if sheet.answer is not None:
        raise ConflictError("没有保存：你已经回复过。")
    until = sheet.final.contest_until
    if contests and until is not None and today > until:
        raise ConflictError("没有提交：异议期已在%(day)s结束。", day=until)


def check_contest(sheet: Sheet) -> None:
    """Refuse to decide where nobody contests, or a second time."""
    if sheet.answer is None or sheet.answer.kind != "contested":
        raise ConflictError("没有保存：这张考核表没有等待决定的异议。")
    if sheet.decision is not None:
        raise ConflictError("没有保存：这个异议已经决定。请刷新后再看。")


def needs_reason(reason: str) -> str:
    """Return a reason; refuses an empty one."""
    if not reason.strip():
        raise DomainError("没有保存：请写明理由。")
    return reason.strip()


def check_targets(targets: Sequence[Target]) -> None:
    """Refuse a plan without targets, one that says nothing or cannot be measured (domain.md 4: concrete,
    measurable), weights that do not make 100, or a source without a number."""
    if not targets:
        raise DomainError("没有保存：至少写一个目标。")
    for number, each in enumerate(targets, start=1):
        _check_target(number, each)
    total = sum(each.weight for each in targets)
    if total != 100:
        raise DomainError("没有保存：各目标的权重合计要是100，现在是%(n)s。", n=total)


def _check_target(number: int, target: Target) -> None:
    if not target.text.strip():
        raise DomainError("没有保存：第%(n)s个目标没有写内容。请补上，或清空这一行。", n=number)
    if not target.measure.strip():
        raise DomainError("没有保存：第%(n)s个目标没有写怎么衡量。请补上。", n=number)
    if target.weight < 1:
        raise DomainError("没有保存：第%(n)s个目标没有权重。请补上，或清空这一行。", n=number)
    if target.source and target.number is None:
        raise DomainError("没有保存：第%(n)s个目标选了数据来源，请填目标值。", n=number)


def check_effective(first: date, today: date) -> None:
    """Refuse a plan that begins within a month, or in one that is over."""
    if first.day != 1:
        raise DomainError("没有保存：计划从一个月的1号起生效。")
    if first < today.replace(day=1):
        raise DomainError("没有保存：生效的月份已经过去，不能事后定目标。请改生效月份。")


def check_plan_step(plan: Plan, actor: PersonId, wanted: str) -> None:
    """Refuse a step out of turn, and by who has already acted on the plan."""
    if plan.state != wanted:
        raise ConflictError("没有保存：这一步已经有人办过。请刷新后再看。")
    if actor in {plan.drafted_by, plan.checked_by}:
        raise ForbiddenError("起草、审核、批准要由三个不同的人办。")


def target_states(targets: Sequence[Target], values: Mapping[str, Decimal]) -> tuple[TargetState, ...]:
    """Return each target beside the month's figures; what has no figure stays unknown."""
    return tuple(_target_state(each, values.get(each.source) if each.source else None) for each in targets)


def _target_state(target: Target, actual: Decimal | None) -> TargetState:
    if actual is None or target.number is None:
        return TargetState(target, actual, None)
    met = actual >= target.number if target.sense == "at_least" else actual <= target.number
    return TargetState(target, actual, met)


def attained(states: Sequence[TargetState]) -> tuple[int, int]:
    """Return the weights (per cent) of targets met, and of those nobody can tell."""
    met = sum(each.target.weight for each in states if each.met)
    return met, sum(each.target.weight for each in states if each.met is None)


def seal(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in one canonical writing."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
