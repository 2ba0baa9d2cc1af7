"""Working out a monthly review: means, weights, what is missing, withheld or unused; drawing peers."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.performance.reviews import rules, store
from cstrain.performance.reviews.facts import CustomersSaid, Inputs, State
from cstrain.performance.reviews.policy import CHAPTER, ReviewRules
from cstrain.policies.loader import load

RULES = load(ReviewRules, CHAPTER)
FACTORS = [each.id for each in RULES.factors]
ANSWERS = [each.id for each in RULES.answers]


def form(choice: str, **but: str) -> dict[str, str]:
    return dict.fromkeys(FACTORS, choice) | but


def counts(*ballots: dict[str, str]) -> dict[str, dict[str, int]]:
    found = {factor: dict.fromkeys([*ANSWERS, "unsure"], 0) for factor in FACTORS}
    for ballot in ballots:
        for factor, answer in ballot.items():
            found[factor][answer] += 1
    return found


def inputs(**but: object) -> Inputs:
    values = {
        "own": form("excellent"),
        "manager": form("good"),
        "asked": 5,
        "answered": 4,
        "counts": counts(*[form("fair")] * 4),
        "customers": CustomersSaid(Fraction(95), 1, 0),
    }
    return Inputs(**{**values, **but})  # type: ignore[arg-type]


def test_the_shipped_chapter_is_whole() -> None:
    assert store.chapter() == RULES
    assert [view.id for view in RULES.views] == ["self", "manager", "peers", "customers"]
    assert {each.group for each in RULES.factors} == {
        "服务质量",
        "任务完成",
        "业务知识",
        "业务拓展",
        "危机处理",
        "效率",
        "学习成长",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"views": RULES.model_dump()["views"][:3]},
        {"factors": RULES.model_dump()["factors"][:3]},
        {"answers": [*RULES.model_dump()["answers"], {"id": "unsure", "title": "x", "points": 1}]},
        {"peers": {**RULES.model_dump()["peers"], "count": 3, "least": 4}},
        {"peers": {**RULES.model_dump()["peers"], "least": 2}},
    ],
)
def test_a_chapter_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReviewRules.model_validate({**RULES.model_dump(), **change})


def test_a_whole_result_is_the_weighted_mean_worked_out_by_hand() -> None:
    found = rules.outcome(inputs(), RULES)
    # 100 x 10% + 80 x 50% + 60 x 20% + (95 - 5) x 20%
    assert found.total == 10 + 40 + 12 + 18
    assert (found.low, found.high, found.missing) == (80, 80, ())
    assert [line.counted for line in found.lines] == [10, 50, 20, 20]
    assert found.line("peers").n == 4


def test_factors_weigh_within_a_view() -> None:
    found = rules.outcome(inputs(manager=form("good", accuracy="poor")), RULES)
    assert found.line("manager").mean == Fraction(80) - Fraction(40 * 12, 100)


@pytest.mark.parametrize("view", ["own", "manager"])
def test_a_missing_form_is_unknown_and_keeps_its_weight(view: str) -> None:
    found = rules.outcome(inputs(**{view: None}), RULES)
    name = {"own": "self"}.get(view, view)
    assert found.total is None
    assert found.missing == (name,)
    line = found.line(name)
    assert (line.state, line.mean, line.counted) == (State.MISSING, None, line.weight)
    assert found.high - found.low == line.weight
    assert found.low == 80 - {"own": 10, "manager": 40}[view]


def test_too_few_peers_are_withheld_and_their_weight_goes_to_the_others() -> None:
    found = rules.outcome(inputs(answered=2, counts=None), RULES)
    assert found.line("peers").state is State.WITHHELD
    assert found.line("peers").factors == ()
    assert [line.counted for line in found.lines] == [Fraction(25, 2), Fraction(125, 2), 0, 25]
    assert found.total == Fraction(25, 2) + 50 + Fraction(225, 10)


def test_counts_of_too_few_are_withheld_even_when_they_are_given() -> None:
    held = rules.outcome(inputs(answered=2, counts=counts(form("poor"), form("poor"))), RULES)
    assert held.line("peers").state is State.WITHHELD
    assert held == rules.outcome(inputs(answered=2, counts=None), RULES)


def test_a_factor_that_too_few_peers_could_tell_is_withheld_alone() -> None:
    ballots = [form("good"), form("good", crisis="unsure"), form("good", crisis="unsure")]
    found = rules.outcome(inputs(answered=3, counts=counts(*ballots)), RULES).line("peers")
    assert found.mean == 80
    assert [each.factor for each in found.factors if each.mean is None] == ["crisis"]
    nobody = rules.outcome(inputs(answered=3, counts=counts(*[form("unsure")] * 3)), RULES)
    assert nobody.line("peers").state is State.WITHHELD


@pytest.mark.parametrize(
    ("csat", "complaints", "major", "mean"),
    [(95, 0, 0, 95), (95, 2, 0, 85), (95, 2, 1, 70), (30, 2, 2, 0), (None, 3, 0, None)],
)
def test_complaints_lower_the_satisfaction_down_to_zero(csat, complaints, major, mean) -> None:
    said = CustomersSaid(None if csat is None else Fraction(csat), complaints, major)
    assert rules.customers_mean(said, RULES.customers) == mean
    line = rules.outcome(inputs(customers=said), RULES).line("customers")
    assert line.state is (State.MISSING if mean is None else State.KNOWN)


def test_without_customers_the_other_views_share_the_weight() -> None:
    found = rules.outcome(inputs(customers=None), RULES)
    assert found.line("customers").state is State.UNUSED
    assert sum(line.counted for line in found.lines) == 100
    assert found.total == Fraction(1000 + 4000 + 1200, 80)


choices = st.sampled_from(ANSWERS)
forms = st.fixed_dictionaries(dict.fromkeys(FACTORS, choices))
ballots = st.lists(
    st.fixed_dictionaries({factor: st.sampled_from([*ANSWERS, "unsure"]) for factor in FACTORS}), max_size=6
)
whole = st.builds(
    lambda own, manager, said, customers: Inputs(
        own, manager, 6, len(said), counts(*said) if len(said) >= 3 else None, customers
    ),
    st.none() | forms,
    st.none() | forms,
    ballots,
    st.none()
    | st.builds(
        CustomersSaid,
        st.none() | st.fractions(0, 100, max_denominator=100),
        st.integers(0, 4),
        st.just(0),
    ),
)


@given(whole)
def test_weights_always_add_up_and_the_total_lies_in_its_bounds(given_inputs: Inputs) -> None:
    found = rules.outcome(given_inputs, RULES)
    assert sum(line.counted for line in found.lines) == 100
    assert 0 <= found.low <= found.high <= 100
    assert (found.total is None) == bool(found.missing)
    assert found.total is None or found.total == found.low == found.high


@given(whole)
def test_a_kept_result_is_worked_out_the_same_again(given_inputs: Inputs) -> None:
    record = json.loads(json.dumps(rules.inputs_record(given_inputs)))
    again = rules.inputs_of(record)
    assert rules.outcome(again, RULES) == rules.outcome(given_inputs, RULES)
    assert rules.outcome_record(rules.outcome(again, RULES)) == rules.outcome_record(
        rules.outcome(given_inputs, RULES)
    )


@given(whole, st.sampled_from(FACTORS))
def test_a_better_answer_of_the_superior_never_lowers_the_total(given_inputs: Inputs, factor: str) -> None:
    if given_inputs.manager is None:
        return
    better = Inputs(
        given_inputs.own,
        {**given_inputs.manager, factor: ANSWERS[0]},
        given_inputs.asked,
        given_inputs.answered,
        given_inputs.counts,
        given_inputs.customers,
    )
    assert rules.outcome(better, RULES).low >= rules.outcome(given_inputs, RULES).low


# who is asked


def test_everybody_is_asked_about_equally_often_and_nobody_about_themself() -> None:
    people = range(1, 21)
    drawn = rules.draw({one: set(people) - {one} for one in people}, "s", 5)  # type: ignore[misc,arg-type]
    asked = [each for peers in drawn.values() for each in peers]
    assert all(len(set(peers)) == 5 and one not in peers for one, peers in drawn.items())
    assert {asked.count(one) for one in people} <= {4, 5, 6}
    assert sum(asked.count(one) == 5 for one in people) >= 16


@given(st.permutations(range(1, 9)), st.text(max_size=8), st.integers(3, 5))
def test_the_draw_depends_on_the_seed_alone(order: list[int], seed: str, count: int) -> None:
    subjects = {one: set(order) - {one} for one in order}
    assert rules.draw(subjects, seed, count) == rules.draw(dict(sorted(subjects.items())), seed, count)  # type: ignore[arg-type]


def test_a_small_department_asks_all_there_are() -> None:
    assert rules.draw({1: {2, 3}, 2: {3}, 3: set()}, "s", 5) == {1: (2, 3), 2: (3,), 3: ()}  # type: ignore[dict-item]
    other = {rules.draw({1: set(range(2, 30))}, str(n), 5)[1] for n in range(20)}  # type: ignore[dict-item,index]
    assert len(other) > 15


def test_shown_is_rounded_half_up() -> None:
    assert rules.shown(Fraction(1, 3)) == Decimal("0.33")
    assert rules.shown(Fraction(801, 16)) == Decimal("50.06")
