"""What a draft comes to and what is missing; the blueprint it becomes; rows that come, go and move."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cstrain.exams.assembly import depth, draw
from cstrain.exams.papermaking import rules
from cstrain.exams.papermaking.facts import DraftCell, DraftContent, DraftSection, Picked, Way
from cstrain.exams.policy import PaperSpec
from cstrain.questions.facts import PoolQuestion
from tests.factories.exams import KINDS
from tests.factories.papermaking import TODAY, by_hand, cells, content

POOL = [
    PoolQuestion(10 * at + number, 10 * at + number, "basics", kind, 1, "tiny", f"basics-{kind}-{number}")
    for at, kind in enumerate(KINDS)
    for number in range(6)
]


def standing(made: DraftContent):
    return rules.standing(made, POOL, {"tiny"}, {"tiny-exam"})


def messages(made: DraftContent) -> list[str]:
    return [each.message % dict(each.values) for each in standing(made).problems]


def section(**changes) -> DraftSection:
    return DraftSection(**({"title": "全部", "marks": Decimal(10), "cells": cells()} | changes))


def test_a_finished_draft_has_no_problems_and_counts_its_room() -> None:
    found = standing(content())
    assert found.problems == ()
    assert (found.total, found.questions, found.forms) == (100, 10, 3)
    assert {(room.fits, room.forms) for room in found.cells} == {(6, 3)}


def test_the_sum_is_said_when_it_is_not_a_hundred() -> None:
    assert "各部分合计90分，要正好100分。" in messages(content(sections=(section(marks=Decimal(9)),)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sections": ()}, "还没有题目"),
        ({"sections": (section(title=""),)}, "第1部分还没有名称"),
        ({"sections": (section(marks=None),)}, "第1部分还没有填每题几分"),
        ({"sections": (section(cells=()),)}, "第1部分还没有抽题格"),
        ({"sections": (section(cells=(DraftCell(),)),)}, "第1部分第1格还没有填抽几题"),
        ({"sections": (section(cells=(DraftCell(count=2),)),)}, "要选主题、题型和难度"),
        ({"sections": (section(cells=cells(7)),)}, "第1部分第1格的题不够，还差1题"),
        ({"sections": (section(cells=(*cells(1), *cells(1))),)}, "互不重叠"),
        ({"bank": "gone"}, "没有gone这个题库"),
        ({"consequences": True}, "两人发布"),
        ({"requires": ("nothing",)}, "先修试卷nothing不存在"),
    ],
)
def test_what_is_missing_is_said_by_its_place(changes, said) -> None:
    assert any(said in each for each in messages(content(**changes)))


def test_picked_questions_become_cells_that_name_them_and_every_form_keeps_their_order() -> None:
    made = by_hand(50)
    assert standing(made).problems == ()
    spec = rules.to_spec(made, "own-a", 1, TODAY)
    for seed in range(1, 6):
        assert [slot.question.ref for slot in draw(spec, POOL, seed)] == [one.ref for one in made.picked]
    assert depth(spec, POOL).forms_left == 1
    assert spec.topics == frozenset()
    assert depth(spec, POOL[:1]).missing == {"basics-number-1": 1}


def test_a_picked_question_that_is_gone_or_stands_twice_is_a_problem() -> None:
    assert any("已停用" in each for each in messages(by_hand(50, "basics-number-1", "retired")))
    assert any("同一道题" in each for each in messages(by_hand(50, "basics-number-1", "basics-number-1")))


def test_picked_questions_are_parted_by_title_and_marks_and_long_parts_into_cells() -> None:
    picked = [Picked(ref=f"q{n}", marks=Decimal(1), part="甲") for n in range(45)]
    picked += [Picked(ref="x", marks=Decimal(2), part="甲"), Picked(ref="y", marks=Decimal(2), part="乙")]
    found = rules.sections_of(content(way=Way.HAND, picked=tuple(picked)))
    assert [(each.title, [cell.count for cell in each.cells]) for each in found] == [
        ("甲", [40, 5]),
        ("甲", [1]),
        ("乙", [1]),
    ]


def test_a_paper_becomes_a_draft_and_the_draft_the_same_paper() -> None:
    for made in (content(requires=("tiny-exam",), unified=True, partial=True), by_hand(50)):
        spec = rules.to_spec(made, "own-a", 1, TODAY)
        again = rules.from_spec(spec, TODAY)
        assert again == made
        assert rules.to_spec(again, "own-a", 1, TODAY) == spec


def test_a_copy_of_a_conversion_paper_is_an_exam() -> None:
    spec = PaperSpec.model_validate(
        rules.to_spec(content(), "own-a", 1, TODAY).model_dump() | {"kind": "conversion"}
    )
    assert rules.from_spec(spec, TODAY).kind == "exam"


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("tea-basics", "own-tea-basics"),
        (" Tea-2 ", "own-tea-2"),
        ("own-tea", "own-tea"),
        ("", None),
        ("茶", None),
        ("a--b", None),
        ("../x", None),
        ("a" * 41, None),
    ],
)
def test_a_short_name_makes_a_ref(name, ref) -> None:
    assert rules.ref_of(name) == ref


def test_rows_come_and_go() -> None:
    made = content(sections=())
    made = rules.with_rows(made, "add-section")
    made = rules.with_rows(made, "add-cell-0")
    assert [len(each.cells) for each in made.sections] == [2]
    made = rules.with_rows(made, "remove-cell-0-1")
    assert [len(each.cells) for each in made.sections] == [1]
    assert rules.with_rows(made, "remove-section-0").sections == ()
    for _ in range(30):
        made = rules.with_rows(rules.with_rows(made, "add-section"), "add-cell-0")
    assert len(made.sections) == 10 and len(made.sections[0].cells) == 12


@pytest.mark.parametrize(
    "act", ["", "save", "add-cell-9", "remove-cell-0", "up-99", "add-cell-99999999999", "x-1-2"]
)
def test_a_button_nobody_has_changes_nothing(act) -> None:
    assert rules.with_rows(content(), act) == content()
    assert rules.with_rows(by_hand(50), act) == by_hand(50)


@pytest.mark.parametrize(
    ("many", "least", "most"),
    [(1, "100", "100"), (3, "33", "33.5"), (7, "14", "14.5"), (20, "5", "5"), (200, "0.5", "0.5")],
)
def test_a_hundred_marks_are_shared_out_to_the_last_half(many, least, most) -> None:
    made = rules.with_rows(by_hand(1, *(f"q-{n}" for n in range(many))), "even")
    marks = [one.marks for one in made.picked]
    assert sum(marks) == 100 and {marks[0], marks[-1]} == {Decimal(least), Decimal(most)}
    assert marks == sorted(marks)


def test_nothing_is_shared_out_where_no_question_was_picked_or_too_many() -> None:
    made = by_hand(1, *(f"q-{n}" for n in range(201)))
    assert rules.with_rows(made, "even") == made
    assert rules.with_rows(content(), "even") == content()


def test_picked_questions_move_and_go() -> None:
    made = by_hand(25, "a", "b", "c", "d")

    def refs(act: str) -> str:
        return "".join(one.ref for one in rules.with_rows(made, act).picked)

    assert [refs(act) for act in ("up-0", "up-2", "down-0", "down-3", "remove-1")] == [
        "abcd",
        "acbd",
        "bacd",
        "abcd",
        "acd",
    ]


def test_more_questions_are_added_once_with_the_marks_of_their_part() -> None:
    made = by_hand(25, "a")
    found = rules.added(made.picked, {"a": "全部", "b": "全部", "c": "判断题"})
    assert [(one.ref, one.marks) for one in found] == [("a", 25), ("b", 25), ("c", None)]


def test_a_cell_says_which_questions_it_takes() -> None:
    with pytest.raises(ValueError, match="主题"):
        PaperSpec.model_validate(_raw({"count": 1}))
    with pytest.raises(ValueError, match="两次"):
        PaperSpec.model_validate(_raw({"count": 1, "refs": ["a", "a"]}))
    with pytest.raises(ValueError, match="还多"):
        PaperSpec.model_validate(_raw({"count": 2, "refs": ["a"]}))
    some = PaperSpec.model_validate(_raw({"count": 1, "refs": ["basics-number-1", "basics-number-2"]}))
    drawn = {draw(some, POOL, seed)[0].question.ref for seed in range(20)}
    assert drawn == {"basics-number-1", "basics-number-2"}


def _raw(cell: dict) -> dict:
    made = rules.to_spec(content(), "own-a", 1, TODAY).model_dump()
    return made | {"sections": [{"title": "全部", "marks": Decimal(100) / cell["count"], "cells": [cell]}]}
