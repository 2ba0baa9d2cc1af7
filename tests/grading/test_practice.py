"""Practice by its rules alone: what is open, what is wrong, when its turn comes again. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.exams.policy import PaperSpec
from cstrain.grading.practice import rules
from cstrain.grading.practice.facts import Answered, Mastery
from cstrain.grading.practice.policy import PracticeRules
from cstrain.policies.loader import load, load_folder
from cstrain.questions.facts import Control
from tests.factories.exams import spec

NUMBERS = load(PracticeRules, "practice.yaml")
PAPERS = load_folder(PaperSpec, "papers")
FIRST = date(2026, 11, 20)


def said(day: int, *, right: bool, in_exam: bool = False, hour: int = 9) -> Answered:
    on = FIRST + timedelta(days=day)
    return Answered(1, datetime.combine(on, time(hour), UTC), on, right, in_exam)


def standing(*answers: Answered):
    return rules.standing(answers, NUMBERS)


@pytest.mark.parametrize(
    "paper",
    [each for each in PAPERS if each.kind == "conversion" or each.disjoint or each.consequences],
    ids=lambda paper: paper.ref,
)
def test_no_bank_of_a_shipped_conversion_upgrade_or_consequential_paper_can_be_practised(paper) -> None:
    every = NUMBERS.model_copy(update={"open_banks": tuple({b for each in PAPERS for b in each.banks})})
    assert not set(paper.banks) & set(rules.open_banks(every, PAPERS))
    assert not set(paper.banks) & set(rules.open_banks(NUMBERS, PAPERS))


def test_the_daily_bank_is_open() -> None:
    assert rules.open_banks(NUMBERS, PAPERS) == ("daily",)


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        ({}, True),
        ({"kind": "conversion"}, False),
        ({"disjoint": True}, False),
        ({"consequences": True}, False),
    ],
)
def test_one_serious_paper_closes_a_bank(changes, is_open) -> None:
    papers = [spec("quiz", bank="daily"), spec("other", bank="daily", **changes)]
    assert (rules.open_banks(NUMBERS, papers) == ("daily",)) is is_open


def test_a_cell_of_another_bank_closes_that_bank_too() -> None:
    cells = [{"topics": ["basics"], "types": ["number"], "count": 10, "bank": "daily"}]
    serious = spec("up", disjoint=True, sections=[{"title": "全部", "marks": 10, "cells": cells}])
    assert rules.open_banks(NUMBERS, [spec("quiz", bank="daily"), serious]) == ()


def test_a_bank_without_any_paper_stays_closed() -> None:
    assert rules.open_banks(NUMBERS, [spec("quiz", bank="tiny")]) == ()


def test_what_was_never_wrong_is_not_in_the_book() -> None:
    assert standing(said(0, right=True, in_exam=True), said(1, right=True)) is None


def test_a_wrong_answer_in_an_exam_is_due_at_once_and_one_in_practice_on_the_next_day() -> None:
    in_exam = standing(said(0, right=False, in_exam=True))
    assert (in_exam.due, in_exam.state(FIRST)) == (FIRST, Mastery.DUE)
    in_practice = standing(said(0, right=False))
    assert in_practice.state(FIRST) is Mastery.RESTING
    assert in_practice.state(FIRST + timedelta(days=1)) is Mastery.DUE


def test_turns_come_after_one_three_and_seven_days_and_three_right_in_a_row_master() -> None:
    answers = [said(0, right=False), said(1, right=True)]
    assert standing(*answers).due == FIRST + timedelta(days=1 + 3)
    answers.append(said(4, right=True))
    assert standing(*answers).due == FIRST + timedelta(days=4 + 7)
    answers.append(said(11, right=True))
    mastered = standing(*answers)
    assert (mastered.run, mastered.due, mastered.state(FIRST)) == (3, None, Mastery.MASTERED)
    assert (mastered.wrong_in_practice, mastered.wrong_in_exams) == (1, 0)


def test_ten_right_answers_in_one_evening_are_one() -> None:
    evening = [said(1, right=True, hour=hour) for hour in range(9, 19)]
    assert standing(said(0, right=False), *evening).run == 1


def test_a_wrong_answer_begins_again_even_when_mastered() -> None:
    road = [said(0, right=False), said(1, right=True), said(4, right=True), said(11, right=True)]
    again = standing(*road, said(40, right=False))
    assert (again.run, again.wrong_in_practice, again.due) == (0, 2, FIRST + timedelta(days=41))


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans()), max_size=30))
def test_order_does_not_matter_and_mastery_needs_a_full_run_on_different_days(made) -> None:
    answers = [
        Answered(
            1,
            datetime.combine(FIRST + timedelta(days=d), time(9), UTC) + timedelta(seconds=i),
            FIRST + timedelta(days=d),
            right,
            in_exam,
        )
        for i, (d, right, in_exam) in enumerate(made)
    ]
    found = rules.standing(answers, NUMBERS)
    assert found == rules.standing(answers[::-1], NUMBERS)
    if found is None:
        assert all(right for _d, right, _exam in made)
        return
    after = {a.day for a in answers if a.right and a.at > found.last_wrong.at}
    assert found.run <= len(after)
    assert (found.due is None) == (found.run == NUMBERS.mastered_after)


@pytest.mark.parametrize(
    ("control", "share", "right"),
    [
        (Control.CHOOSE_MANY, Fraction(2, 3), False),
        (Control.MATCH, Fraction(5, 6), False),
        (Control.MATCH, Fraction(1), True),
        (Control.TYPING, Fraction(4, 5), True),
        (Control.TYPING, Fraction(79, 100), False),
        (Control.CHAT, Fraction(9, 10), True),
    ],
)
def test_tasks_of_skill_may_have_a_slip(control, share, right) -> None:
    assert rules.is_right(control, share, Fraction(NUMBERS.good_share)) is right


def test_the_same_seed_draws_the_same_order() -> None:
    assert rules.option_order(5, 7, 1) == rules.option_order(5, 7, 1)
    assert sorted(rules.option_order(5, 7, 2)) == [0, 1, 2, 3, 4]
