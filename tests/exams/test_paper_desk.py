"""What the bank pages learn of papers: editions in force, depth, forms to look at, how often asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cstrain.exams.paper_desk import StoredPapers
from cstrain.exams.service.papers import load_papers
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.questions.slots import PaperLine, guarded, paper_desk
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.questions import load_bank, load_shipped_banks
from tests.questions.makers import choices

pytestmark = pytest.mark.usefixtures("context")
DESK = StoredPapers()


def test_papers_in_force_come_conversion_first_and_quizzes_by_day() -> None:
    load_shipped_banks()
    lines = DESK.lines(START)
    assert [line.ref for line in lines][:3] == ["conversion-oa", "conversion-product", "conversion-rules"]
    quizzes = [line.ref for line in lines if line.kind == "quiz"]
    assert quizzes.index("quiz-day-9") + 1 == quizzes.index("quiz-day-11")
    assert all(line.forms >= 3 and not line.lacking for line in lines if line.disjoint)


def test_a_paper_is_not_in_force_before_its_day() -> None:
    load_shipped_banks()
    assert DESK.lines(START - timedelta(days=4000)) == []


def test_a_sheet_counts_what_each_cell_holds() -> None:
    load_shipped_banks()
    sheet = DESK.sheet("conversion-rules", START)
    assert sum(section.count for section in sheet.sections) == sheet.line.questions == 35
    assert sheet.line.forms == min(cell.forms for section in sheet.sections for cell in section.cells)
    with pytest.raises(NotFoundError):
        DESK.sheet("nowhere", START)


def test_a_seed_draws_one_form_and_writes_nothing() -> None:
    load_shipped_banks()
    first = DESK.form("conversion-oa", 5, START)
    assert first == DESK.form("conversion-oa", 5, START) != DESK.form("conversion-oa", 6, START)
    ids = [slot.question.question_id for slot in first]
    assert len(ids) == len(set(ids)) == 37
    assert DESK.usage(ids) == {}


def test_a_bank_that_is_too_small_is_refused_with_the_numbers(tmp_path) -> None:
    load_bank(tmp_path / "oa", choices(3))
    with unit_of_work():
        load_papers(START)
    with pytest.raises(DomainError, match=r"差\d+题"):
        DESK.form("conversion-oa", 1, START)


def test_the_slot_of_the_bank_pages_is_filled(app) -> None:
    assert isinstance(paper_desk.filling, StoredPapers)


def line(bank: str, *, consequences: bool) -> PaperLine:
    return PaperLine("p", 1, "卷", "exam", bank, 10, 80, 5, False, consequences, 3, {})


def test_a_bank_is_open_only_when_papers_draw_on_it_and_none_has_consequences() -> None:
    assert guarded("b", None) and guarded("b", [])
    assert guarded("b", [line("other", consequences=False)])
    assert guarded("b", [line("b", consequences=False), line("b", consequences=True)])
    assert not guarded("b", [line("b", consequences=False), line("other", consequences=True)])


def test_the_bank_check_knows_what_the_papers_draw() -> None:
    import importlib

    from cstrain.questions.cells import PAPER_SOURCES

    importlib.import_module("cstrain.exams.commands")
    drawn = {paper.name for source in PAPER_SOURCES for paper in source()}
    assert {"conversion-oa", "conversion-product", "conversion-rules", "quiz-day-1"} <= drawn
