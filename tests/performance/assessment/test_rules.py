"""Combination, seats, targets and refusals of joint assessment: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.performance.assessment import rules
from cstrain.performance.assessment.facts import Answer, Rating, Review, Round, Seats, Sheet, State, Target
from cstrain.performance.assessment.policy import CHAPTER, AssessmentRules
from cstrain.policies.loader import load

CHAPTER_ = load(AssessmentRules, CHAPTER)
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
TODAY = date(2026, 11, 20)
OFFICES = ("qc", "vip", "leader")
HELD = Seats({"qc": (2,), "vip": (3,), "leader": (4,)}, (5,))


def rating(office, score, by, revision=1):
    return Rating(office, revision, {}, Decimal(score), "", by, AT)


def review(kind, **changes):
    fields = {"offices": (), "score": Decimal(80), "grade": "B", "stands": None, "reason": "", "content": {}}
    fields |= {"digest": None, "intact": True, "contest_until": None, "record_id": 1, "correction_id": None}
    return Review(id=1, kind=kind, by=5, at=AT, **(fields | changes))


def sheet(**changes):
    held = Round(1, 1, date(2026, 10, 1), CHAPTER_, TODAY, 9, AT)
    fields = {"ratings": (), "reviews": (), "answer": None, "plan_id": None}
    return Sheet(id=1, round=held, person_id=1, **(fields | changes))


FULL = sheet(ratings=(rating("qc", 80, 2), rating("vip", 90, 3), rating("leader", 70, 4)))


@pytest.mark.parametrize(
    ("scores", "result"),
    [
        ({"qc": "80", "vip": "90", "leader": "70"}, "79.00"),
        ({"qc": "100", "vip": "100", "leader": "100"}, "100.00"),
        ({"qc": "80", "leader": "70"}, "74.28"),  # 30 and 40 of 70: 74.2857…, cut
        ({"qc": "60", "leader": "59.5"}, "59.71"),
        ({"qc": "80"}, None),
        ({}, None),
    ],
)
def test_offices_are_combined_by_weight_and_an_absent_one_is_spread(scores, result) -> None:
    found = rules.combined(CHAPTER_, {name: Decimal(score) for name, score in scores.items()})
    assert found == (None if result is None else Decimal(result))


points = st.decimals(0, 100, places=1)


@given(points, points, points)
def test_the_result_lies_between_the_offices_and_never_above_the_exact_mean(one, two, three) -> None:
    scores = dict(zip(OFFICES, (one, two, three), strict=True))
    found = rules.combined(CHAPTER_, scores)
    exact = (one * 30 + two * 30 + three * 40) / 100
    assert min(scores.values()) - Decimal("0.01") < found <= max(scores.values())
    assert exact - Decimal("0.01") < found <= exact


@given(points, points, points)
def test_a_better_office_never_makes_the_result_worse(one, two, three) -> None:
    scores = dict(zip(OFFICES, (one, two, three), strict=True))
    better = {**scores, "qc": Decimal(100)}
    assert rules.combined(CHAPTER_, better) >= rules.combined(CHAPTER_, scores)


def test_the_first_role_that_somebody_else_holds_has_the_seat() -> None:
    holders = {"group_leader": [1], "supervisor": [6, 7]}
    assert rules.seat(("group_leader", "supervisor"), holders, {1}) == (6, 7)
    assert rules.seat(("group_leader", "supervisor"), holders, {2}) == (1,)
    assert rules.seat(("vip_manager",), holders, set()) == ()


def test_who_rated_does_not_review_and_who_reviewed_does_not_rate() -> None:
    every = {"qc_manager": [2], "vip_manager": [3], "group_leader": [4], "supervisor": [6]}
    holders = {"qc": every, "vip": every, "leader": every}
    directors = {"department_director": [4], "service_director": [5], "deputy_gm": [8]}
    assert rules.seats(FULL, holders, directors).directors == (5,)
    returned = replace(FULL, reviews=(replace(review("returned", offices=("leader",)), by=4),))
    assert rules.seats(returned, holders, directors).offices["leader"] == (6,)


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (sheet(), State.RATING),
        (FULL, State.REVIEW),
        (replace(FULL, reviews=(review("returned", offices=("qc",), score=None),)), State.RATING),
        (replace(FULL, reviews=(review("final", contest_until=TODAY),)), State.FINAL),
        (replace(FULL, reviews=(review("final", contest_until=date(2026, 11, 19)),)), State.LAPSED),
        (
            replace(FULL, reviews=(review("final"),), answer=Answer("acknowledged", "", None, AT)),
            State.ACKNOWLEDGED,
        ),
        (
            replace(FULL, reviews=(review("final"),), answer=Answer("contested", "不同意", TODAY, AT)),
            State.CONTESTED,
        ),
        (replace(FULL, reviews=(review("final"), review("contest"))), State.DECIDED),
    ],
)
def test_where_a_sheet_stands(one, state) -> None:
    assert rules.state(one, HELD, TODAY) is state


def test_an_office_that_nobody_holds_is_named_and_does_not_hold_the_sheet_up() -> None:
    two = sheet(ratings=(rating("qc", 80, 2), rating("leader", 70, 4)))
    nobody = Seats({"qc": (2,), "vip": (), "leader": (4,)}, (5,))
    assert [each.id for each in rules.vacant(two, nobody)] == ["vip"]
    assert rules.state(two, nobody, TODAY) is State.REVIEW
    assert rules.check_review(two, nobody) == Decimal("74.28")
    one = sheet(ratings=(rating("qc", 80, 2),))
    alone = Seats({"qc": (2,), "vip": (), "leader": ()}, (5,))
    assert rules.state(one, alone, TODAY) is State.RATING
    with pytest.raises(ConflictError):
        rules.check_review(one, alone)


@pytest.mark.parametrize(
    ("one", "actor", "office"),
    [
        (sheet(), 1, "qc"),
        (sheet(), 4, "qc"),
        (sheet(), 2, "nothing"),
        (FULL, 2, "qc"),
        (replace(FULL, reviews=(review("final"),)), 2, "qc"),
        (sheet(ratings=(rating("leader", 70, 2),)), 2, "qc"),
    ],
)
def test_who_may_not_rate(one, actor, office) -> None:
    with pytest.raises((ForbiddenError, ConflictError)):
        rules.check_rater(one, HELD, actor, office)


@pytest.mark.parametrize(
    "given", [{}, {"accuracy": Decimal(36)}, {"accuracy": Decimal("0.3")}, {"accuracy": Decimal(-1)}]
)
def test_points_are_given_for_every_factor_within_its_span_and_on_the_step(given) -> None:
    office = CHAPTER_.office("qc")
    full = {each.id: Decimal(each.of) for each in office.factors}
    assert rules.score_of(office, full, CHAPTER_.step) == 100
    with pytest.raises(DomainError):
        rules.score_of(office, {**full, "accuracy": None, **given}, CHAPTER_.step)


def test_only_below_qualified_may_the_director_set_another_score() -> None:
    mean = Decimal("58.00")
    assert rules.settled_score(mean, None, below=True) == mean
    assert rules.settled_score(mean, Decimal(61), below=True) == 61
    for score, below in ((Decimal(61), False), (Decimal(101), True), (Decimal("60.001"), True)):
        with pytest.raises(DomainError):
            rules.settled_score(mean, score, below=below)


def goal(**changes):
    fields = {"measure": "当月平均", "unit": "%", "sense": "at_least", "number": Decimal(90), "weight": 100}
    return Target(text="目标", **(fields | {"source": "csat"} | changes))


@pytest.mark.parametrize(
    ("changes", "values", "met"),
    [
        ({}, {"csat": 90}, True),
        ({}, {"csat": 89}, False),
        ({}, {}, None),
        ({"sense": "at_most"}, {"csat": 90}, True),
        ({"sense": "at_most"}, {"csat": 91}, False),
        ({"source": "", "number": None}, {"csat": 91}, None),
    ],
)
def test_a_target_beside_the_month_is_met_not_met_or_unknown(changes, values, met) -> None:
    found = rules.target_states([goal(**changes)], {name: Decimal(value) for name, value in values.items()})
    assert found[0].met is met
    assert rules.attained(found) == (100 if met else 0, 100 if met is None else 0)


@pytest.mark.parametrize(
    "targets",
    [
        [],
        [goal(weight=60)],
        [goal(weight=60), goal(weight=41)],
        [goal(number=None)],
        [goal(weight=100), goal(weight=0)],
        [goal(weight=60), goal(weight=40, measure=" ")],
        [goal(weight=60), replace(goal(weight=40), text="")],
    ],
)
def test_a_plan_is_whole(targets) -> None:
    rules.check_targets([goal(weight=60), goal(weight=40, source="", number=None)])
    with pytest.raises(DomainError):
        rules.check_targets(targets)


@pytest.mark.parametrize("first", [date(2026, 10, 1), date(2026, 11, 2), date(2025, 12, 1)])
def test_targets_are_not_set_after_the_fact(first) -> None:
    rules.check_effective(date(2026, 11, 1), TODAY)
    with pytest.raises(DomainError):
        rules.check_effective(first, TODAY)


def test_a_seal_does_not_depend_on_order_and_notices_every_change() -> None:
    assert rules.seal({"a": 1, "b": ["二"]}) == rules.seal({"b": ["二"], "a": 1})
    assert rules.seal({"a": 1}) != rules.seal({"a": 2})


@pytest.mark.parametrize(
    "changes",
    [
        {"least": 4},
        {"offices": [one.model_dump() for one in CHAPTER_.offices[:2]]},
        {"offices": [one.model_dump() for one in (CHAPTER_.offices[0],) * 2]},
        {"offices": [CHAPTER_.offices[0].model_dump() | {"factors": []}]},
    ],
)
def test_a_chapter_that_does_not_add_up_is_refused(changes) -> None:
    with pytest.raises(ValidationError):
        AssessmentRules.model_validate(CHAPTER_.model_dump() | changes)
