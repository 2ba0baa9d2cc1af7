"""Forms by integer programming: the best choice by hand, parallel forms of a paper, refusals."""

from __future__ import annotations

import json
import random
import time

import pytest
from click.testing import CliRunner

from cstrain.cli_context import shell_of
from cstrain.exams import parallel
from cstrain.exams.commands import paper
from cstrain.exams.errors import AssemblyError
from cstrain.exams.parallel import Goal, Item, Limit, Problem, Share, objective, solve
from cstrain.exams.parallel_forms import propose
from cstrain.questions.facts import PoolQuestion
from cstrain.questions.slots import QuestionStatistic
from tests.factories import exams as make
from tests.factories.analysis import make_results
from tests.needs import skip_without


@pytest.fixture
def solver() -> None:
    if not parallel.available():
        skip_without("assembly", "HiGHS is not installed (pip install 'cstrain[assembly]')")


VALUES = [(1, 5.0, 10.0), (2, 4.0, 1.0), (3, 3.0, 1.0), (4, 2.0, 1.0), (5, 1.0, 1.0), (6, 0.5, 1.0)]
ITEMS = [Item(number, {"worth": worth, "time": time}) for number, worth, time in VALUES]


def two_of(**changes) -> Problem:
    return Problem(ITEMS, 2, **({"maximise": [Goal("worth")]} | changes))


# the best choice, by hand


@pytest.mark.usefixtures("solver")
@pytest.mark.parametrize(
    ("changes", "best", "value"),
    [
        ({}, (1, 2), 9.0),
        ({"limits": [Limit("time", high=5)]}, (2, 3), 7.0),
        ({"limits": [Limit("time", low=5)], "enemies": [frozenset({1, 2})]}, (1, 3), 8.0),
        ({"shares": [Share(frozenset({4, 5, 6}), 1, 1)]}, (1, 4), 7.0),
        ({"shares": [Share(frozenset({4, 5, 6}), 2, 2)]}, (4, 5), 3.0),
    ],
)
def test_the_form_with_the_largest_sum_is_found(changes, best, value) -> None:
    found = solve(two_of(**changes))
    assert (found.forms, found.value, found.optimal) == ((best,), value, True)


@pytest.mark.usefixtures("solver")
def test_the_least_of_several_forms_is_made_large() -> None:
    found = solve(two_of(forms=2))
    assert found.value == 7.0  # 1 and 4, 2 and 3
    assert sorted(each for form in found.forms for each in form) == [1, 2, 3, 4]
    assert solve(two_of(forms=2, most_uses=2)).value == 9.0


@pytest.mark.usefixtures("solver")
def test_parallel_forms_lie_as_near_their_target_as_can_be() -> None:
    found = solve(Problem(ITEMS, 2, forms=2, targets=[Goal("worth", 5.0)]))
    assert found.value == 0.0 and {objective(Problem(ITEMS, 2, targets=[Goal("worth", 5.0)]), [form])
                                   for form in found.forms} == {0.0}  # fmt: skip
    near = solve(Problem(ITEMS, 2, forms=3, targets=[Goal("worth", 5.0)]))
    assert near.value == pytest.approx(0.5)  # 1 and 6, 2 and 5, 3 and 4


@pytest.mark.usefixtures("solver")
def test_what_cannot_be_met_is_refused() -> None:
    with pytest.raises(AssemblyError, match="满足不了"):
        solve(two_of(limits=[Limit("time", low=50)]))
    with pytest.raises(AssemblyError, match="满足不了"):
        solve(two_of(forms=4))


def test_without_the_solver_the_refusal_says_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setattr(parallel, "_LIBRARY", "no_such_solver")
    with pytest.raises(AssemblyError, match="cstrain\\[assembly\\]"):
        solve(two_of())


# forms of a paper


def questions(count: int, seed: int = 1) -> list[PoolQuestion]:
    rng = random.Random(seed)
    return [
        PoolQuestion(
            number, 1000 + number, rng.choice("abcdefgh"), "single_choice", rng.choice((1, 2, 3)), "tiny"
        )
        for number in range(count)
    ]


def blueprint(each: int, topics: str = "abcdefgh"):
    cells = [{"topics": [topic], "types": ["single_choice"], "count": each} for topic in topics]
    marks = str(100 / (each * len(topics)))
    return make.spec(sections=[{"title": "全部", "marks": marks, "cells": cells}])


def answered(pool: list[PoolQuestion], seed: int = 2) -> dict[int, QuestionStatistic]:
    rng = random.Random(seed)
    return {
        each.version_id: QuestionStatistic(40, rng.uniform(0.3, 0.9), rng.uniform(0.1, 0.5)) for each in pool
    }


@pytest.mark.usefixtures("solver")
@pytest.mark.parametrize("told", [False, True])
def test_forms_of_a_large_bank_are_parallel_in_time(told) -> None:
    pool = questions(1000)
    known = answered(pool) if told else {}
    start = time.perf_counter()
    found = propose(blueprint(5), pool, known, forms=2, tolerance=0.02)
    assert time.perf_counter() - start < 30
    assert found.met and set(found.apart) == ({"difficulty", "facility", "alpha"} if told else {"difficulty"})
    ids = [each.question_id for form in found.forms for each in form.questions]
    assert len(ids) == len(set(ids)) == 80
    for form in found.forms:
        assert [each.topic for each in form.questions] == [topic for topic in "abcdefgh" for _ in range(5)]
        assert form.known == (40 if told else 0)


@pytest.mark.usefixtures("solver")
def test_the_seed_decides_which_forms() -> None:
    pool = questions(200)
    first, again, other = (
        propose(blueprint(2), pool, {}, forms=2, tolerance=0.02, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.usefixtures("solver")
def test_questions_without_figures_count_as_the_mean_of_their_difficulty() -> None:
    pool = questions(200)
    known = {version: found for version, found in answered(pool).items() if version % 2}
    found = propose(blueprint(2), pool, known, forms=2, tolerance=0.02)
    assert found.met and all(0 < form.known < 16 and form.facility is not None for form in found.forms)


@pytest.mark.usefixtures("solver")
def test_forms_that_cannot_be_alike_are_shown_as_they_are() -> None:
    pool = [
        PoolQuestion(number, number, "a", "single_choice", 1 + 2 * (number == 0), "tiny")
        for number in range(4)
    ]
    found = propose(blueprint(2, "a"), pool, {}, forms=2, tolerance=0.02)
    assert not found.met and found.apart == {"difficulty": 1.0}


def test_a_bank_too_small_for_so_many_forms_is_refused_with_the_numbers() -> None:
    pool = [PoolQuestion(number, number, "a", "single_choice", 1, "tiny") for number in range(4)]
    with pytest.raises(AssemblyError, match="a有4题，3份卷要6题"):
        propose(blueprint(2, "a"), pool, {}, forms=3, tolerance=0.02)


# the command


def run(app, *arguments: str):
    result = CliRunner().invoke(paper, ["assemble", *arguments], obj=shell_of(app))
    assert result.exception is None or isinstance(result.exception, SystemExit | AssemblyError), (
        result.exception
    )
    return result


def test_help_has_an_example() -> None:
    text = CliRunner().invoke(paper, ["assemble", "--help"]).output
    assert "cstrain paper assemble product --forms 3" in text and "cstrain[assembly]" in text
    assert "cstrain paper assemble" in CliRunner().invoke(paper, ["--help"]).output


@pytest.mark.usefixtures("solver")
def test_forms_are_proposed_and_nothing_is_written(app) -> None:
    from cstrain.exams.models import AttemptQuestion
    from cstrain.extensions import session

    with app.app_context():
        make.make_bank(each=12)
        ref = make.make_paper(difficulty_tolerance="0.2")
        make_results(12)
        before = session().query(AttemptQuestion).count()
    result = run(app, ref, "--forms", "3", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == (0 if found["met"] else 1)
    assert found["apart"]["difficulty"] <= 0.02 and found["simple_draw"] is True
    names = [name for form in found["forms"] for name in form["questions"]]
    assert len(set(names)) == 30 and names[0].startswith("tiny/basics-")
    text = run(app, ref, "--forms", "3").stdout
    assert "3份平行卷，每份10题" in text and "最多相差：平均难度" in text
    with app.app_context():
        assert session().query(AttemptQuestion).count() == before


@pytest.mark.usefixtures("solver")
def test_a_bank_that_cannot_do_it_ends_with_1(app) -> None:
    with app.app_context():
        make.make_bank()
        ref = make.make_paper()
    result = run(app, ref, "--forms", "20")
    assert result.exit_code == 1 and "6题，20份卷要40题" in str(result.exception)
