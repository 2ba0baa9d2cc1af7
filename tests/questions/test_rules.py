"""Chi-square against published values, and what guessing earns on small hand-made banks."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest

from cstrain.questions.bank_source import read_banks
from cstrain.questions.cells import Cell, shortfalls
from cstrain.questions.facts import PoolQuestion
from cstrain.questions.folding import fold, squeeze
from cstrain.questions.rules import chi_square_tail, guessing, uniform_p
from cstrain.questions.similarity import similar_pairs
from tests.questions.makers import choices, fields, write_bank


@pytest.mark.parametrize(
    ("x", "freedom", "p"),
    [
        # critical values of the chi-square distribution, Abramowitz and Stegun, table 26.8
        (6.63490, 1, 0.01),
        (9.21034, 2, 0.01),
        (11.3449, 3, 0.01),
        (7.81473, 3, 0.05),
        (13.2767, 4, 0.01),
        (15.0863, 5, 0.01),
        (12.5916, 6, 0.05),
        (18.4753, 7, 0.01),
        (0.0, 3, 1.0),
        (0.0, 4, 1.0),
    ],
)
def test_the_tail_of_chi_square_meets_the_tables(x: float, freedom: int, p: float) -> None:
    assert chi_square_tail(x, freedom) == pytest.approx(p, rel=2e-5)


def test_three_degrees_have_the_closed_form() -> None:
    for x in (0.1, 1.0, 5.0, 20.0):
        closed = math.erfc(math.sqrt(x / 2)) + math.sqrt(2 * x / math.pi) * math.exp(-x / 2)
        assert chi_square_tail(x, 3) == pytest.approx(closed, rel=1e-12)


def test_even_counts_look_uniform_and_crowded_ones_do_not() -> None:
    assert uniform_p([10, 10, 10, 10]) == 1
    assert uniform_p([30, 5, 3, 2]) < 0.001


def read(tmp_path: Path, questions: list) -> list:
    (bank,) = read_banks(write_bank(tmp_path / "b", questions)).banks
    assert len(bank.questions) == len(questions)
    return list(bank.questions)


def test_ties_are_split_and_long_keys_pay(tmp_path) -> None:
    level = guessing(read(tmp_path / "1", choices(40)), 20, 10)
    assert (level.chance, level.longest, level.shortest) == (Fraction(1, 4),) * 3
    assert level.positions[0].counts == (10, 10, 10, 10)
    long = guessing(read(tmp_path / "2", choices(40, longest=True)), 20, 10)
    assert (long.longest, long.shortest) == (1, 0)


def test_a_small_bank_is_not_judged(tmp_path) -> None:
    found = guessing(read(tmp_path, choices(19)), 20, 10)
    assert (found.single_choice, found.chance, found.longest, found.always_true) == (19, None, None, None)
    assert found.positions[0].p is None


def test_groups_of_options_are_judged_apart(tmp_path) -> None:
    three = [
        {
            **each,
            "id": f"x-{at}",
            "options": each["options"][:3],
            "answer": ["A"],
            "stem": each["stem"] + "另一",
        }
        for at, each in enumerate(choices(20))
    ]
    found = guessing(read(tmp_path, choices(20) + three), 20, 10)
    assert [(group.options, group.counts) for group in found.positions] == [
        (3, (20, 0, 0)),
        (4, (5, 5, 5, 5)),
    ]
    assert found.positions[0].p is not None and found.positions[0].p < 0.001
    assert found.chance == Fraction(7, 24)


def test_always_true_is_counted(tmp_path) -> None:
    judged = [
        fields("true_false", id=f"j-{at}", stem=f"说法{at * 7919}成立。", answer=at < 6) for at in range(10)
    ]
    assert guessing(read(tmp_path, judged), 20, 10).always_true == Fraction(3, 5)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＡＢＣ", "abc"), ("发 货", "发货"), ("“好”。", '"好".'), ("a  b", "A B"), ("５９元", "59元")],
)
def test_folding(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_keeps_what_says_something() -> None:
    assert fold("a b") != fold("ab")
    assert squeeze("a b") == "ab"
    assert fold(fold(" Ａ 。乙 ")) == fold(" Ａ 。乙 ")


def test_each_near_duplicate_is_told_once_with_its_nearest() -> None:
    texts = ["abcdefghij", "完全不同的一句话", "abcdefghiX", "abcdefghij"]
    assert [(pair.first, pair.second) for pair in similar_pairs(texts, 85)] == [(0, 2), (0, 3)]
    assert similar_pairs(texts, 85)[1].ratio == 100
    assert similar_pairs([], 85) == []


def pool(*spec: tuple[str, str, int, int]) -> list[PoolQuestion]:
    return [
        PoolQuestion(at, at, topic, kind, difficulty, "")
        for at, (topic, kind, difficulty) in enumerate(
            (topic, kind, difficulty) for topic, kind, difficulty, times in spec for _ in range(times)
        )
    ]


def test_a_cell_matches_by_topic_type_and_difficulty() -> None:
    (question,) = pool(("a", "number", 2, 1))
    assert Cell(1).matches(question)
    assert Cell(1, frozenset("a"), frozenset({"number"}), frozenset({2})).matches(question)
    assert not Cell(1, frozenset("b")).matches(question)
    assert not Cell(1, types=frozenset({"fill_in"})).matches(question)
    assert not Cell(1, difficulties=frozenset({1, 3})).matches(question)


def test_a_cell_must_hold_what_the_forms_take() -> None:
    questions = pool(("a", "number", 1, 9), ("b", "number", 1, 8))
    short = shortfalls([Cell(3, frozenset("a")), Cell(3, frozenset("b"))], questions, 3)
    assert [(str(each.cell), each.needs, each.holds, each.missing) for each in short] == [("主题b", 9, 8, 1)]


def test_cells_within_a_cell_share_its_questions() -> None:
    questions = pool(("a", "number", 1, 6), ("a", "number", 3, 3))
    nested = [Cell(2, frozenset("a")), Cell(1, frozenset("a"), difficulties=frozenset({3}))]
    assert shortfalls(nested, questions, 3) == ()
    twice = [Cell(2, frozenset("a")), Cell(2, frozenset("a"))]
    assert {each.needs for each in shortfalls(twice, questions, 3)} == {12}
    assert str(Cell(1)) == "全部试题"
