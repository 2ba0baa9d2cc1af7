"""The coverage map of a bank and the wishes of papers, without a database."""

from __future__ import annotations

from cstrain.questions.cells import Cell
from cstrain.questions.coverage.facts import AskingPaper, SourceCount, shade
from cstrain.questions.coverage.rules import coverage, wishes
from cstrain.questions.facts import PoolQuestion

HEADINGS = {"day-01": ("开始", "规则", "规则"), "day-02": ("没人问",), "day-03": ("甲", "乙")}


def test_a_bank_is_laid_beside_the_lessons_it_asks_of() -> None:
    counts = [
        SourceCount("a", "day-01#开始", 1, 3),
        SourceCount("a", "day-01#开始", 3, 1),
        SourceCount("b", "day-01#改了名", 2, 2),
        SourceCount("b", "gone#x", 2, 4),
        SourceCount("b", "", 2, 5),
        SourceCount("b", "day-03#甲", 1, 1),
    ]
    found = coverage(["b", "a", "c"], counts, HEADINGS)
    assert [(each.name, each.by_difficulty) for each in found.topics] == [
        ("b", (1, 11, 0)),
        ("a", (3, 0, 1)),
        ("c", (0, 0, 0)),
    ]
    first, second = found.lessons
    assert [(each.name, each.by_difficulty) for each in first.headings] == [
        ("开始", (3, 0, 1)),
        ("规则", (0, 0, 0)),
    ]
    assert first.elsewhere.questions == 2 and first.questions == 6 and first.empty == ("规则",)
    assert second.page == "day-03" and second.empty == ("乙",)
    assert found.untold.by_difficulty == (0, 5, 0)
    assert found.lost == {"day-01#改了名": 2, "gone#x": 4}


def test_every_question_is_on_the_map_once() -> None:
    counts = [
        SourceCount("a", source, 2, n) for n, source in enumerate(["", "day-01#开始", "x#y", "day-02"], 1)
    ]
    found = coverage(["a"], counts, HEADINGS)
    unknown = sum(n for source, n in found.lost.items() if source.partition("#")[0] not in HEADINGS)
    assert sum(each.questions for each in found.lessons) + found.untold.questions + unknown == 10


def test_a_place_is_darker_with_more_questions() -> None:
    assert [shade(n) for n in (0, 1, 2, 3, 5, 6, 11, 12, 500)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]


def pool(**topics: int) -> list[PoolQuestion]:
    return [
        PoolQuestion(n, n, topic, "single_choice", 2, "b", f"{topic}-{n}")
        for topic, count in topics.items()
        for n in range(count)
    ]


def paper(ref: str, *cells: tuple[str, int], disjoint: bool = True) -> AskingPaper:
    made = tuple(Cell(count, frozenset({topic}), bank="b") for topic, count in cells)
    return AskingPaper(ref, ref, disjoint, made)


def test_a_wish_says_what_one_more_form_needs() -> None:
    (wish,) = wishes([paper("p", ("x", 4), ("y", 2))], pool(x=8, y=7))
    assert (wish.forms, wish.questions) == (2, 4)
    assert [(sorted(each.cell.topics), each.lacks) for each in wish.wanting] == [(["x"], 4)]
    more = pool(x=12, y=7)
    assert wishes([wish.paper], more)[0].forms == 3


def test_all_cells_in_the_way_are_named_and_the_scarcest_told() -> None:
    (wish,) = wishes([paper("p", ("x", 4), ("y", 2))], pool(x=6, y=3))
    assert [each.lacks for each in wish.wanting] == [2, 1]
    assert wish.scarcest.cell.topics == {"x"}


def test_what_cannot_be_drawn_comes_first_then_scarce_new_papers_then_others() -> None:
    papers = [
        paper("plenty", ("y", 1)),
        paper("again", ("x", 3), disjoint=False),
        paper("scarce", ("x", 3)),
        paper("none", ("z", 1)),
    ]
    found = wishes(papers, pool(x=5, y=9))
    assert [wish.paper.ref for wish in found] == ["none", "scarce", "plenty", "again"]


def test_a_paper_of_named_questions_has_no_wish_once_it_can_be_drawn() -> None:
    named = AskingPaper("hand", "hand", False, (Cell(1, bank="b", refs=frozenset({"x-0"})),))
    assert wishes([named], pool(x=5)) == []
    assert wishes([], pool(x=5)) == []
