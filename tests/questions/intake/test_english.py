"""What an import says of a file, told to somebody who reads English."""

from __future__ import annotations

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from cstrain.extensions import session
from cstrain.people.service import set_locale
from cstrain.questions.intake.models import ImportBatch, ImportItem
from cstrain.unit_of_work import unit_of_work
from tests.factories.imports import HEAD, ODD, bad, good, sheet
from tests.questions.intake.test_views import BASE, bring, plain

CHINESE = re.compile(r"[\u4e00-\u9fff]")
pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture
def reader(app, client, trainer):
    """A trainer who reads English."""
    with app.app_context(), unit_of_work():
        set_locale(trainer, "en")
    return client.log_in_as(trainer)


def test_faults_their_places_and_duplicates_are_told_in_english(reader) -> None:
    bring(reader, sheet([*good(2), good(1)[0], *bad(1)]))
    page = reader.get(f"{BASE}/1")
    assert (
        "Row 5&nbsp; The answer “D” names an option that does not exist: this row has only 3 options. "
        "Change the answer, or add the option." in plain(page)
    )
    assert "Row 4&nbsp; the same as Row 2 of the file" in plain(page)
    for kind in ("fault", "duplicate"):
        said = reader.get(f"{BASE}/1/found/{kind}")
        assert not CHINESE.search(said[said.index('<ol class="lines">') : said.index("</ol>")])


def test_the_workbook_of_refused_rows_tells_why_in_english(reader) -> None:
    bring(reader, sheet([*good(2), *bad(1)]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(reader.download(f"{BASE}/1/failed.xlsx")))
    head, refused = book.get_sheet_by_index(0).to_python()
    assert head[0] == "原因", "the headings are those of the layout"
    assert str(refused[0]).startswith("Row 4: The answer “D” names an option that does not exist")
    bring(reader, sheet([tuple(map(str, refused))], tuple(map(str, head))))
    assert "names an option that does not exist" in plain(reader.get(f"{BASE}/2")), "it is read as it is"


def test_notes_are_told_in_english(reader) -> None:
    row = [*good(1)[0][:-1], "5", "甲/乙", "x"]
    bring(reader, sheet([tuple(row)], (*HEAD[:-1], "分值", "编号", "难度")))
    page = plain(reader.get(f"{BASE}/1/found/note"))
    assert "Not kept: marks (the paper says how many a question has)." in page
    assert "Not kept: identifier “甲/乙” (identifiers take only small letters, digits and ._-)." in page
    assert "Not kept: difficulty “x” (easy, medium, hard, or 1 to 3 can be written)." in page


def test_why_a_file_was_not_read_is_told_in_english(reader) -> None:
    bring(reader, b"\x00\x01nothing", "a.bin")
    page = plain(reader.get(f"{BASE}/1"))
    assert "It cannot be told which format this is; name the format (aiken, csv" in page


def test_columns_and_what_they_can_mean_are_told_in_english(reader) -> None:
    bring(reader, sheet(good(2), ("题型", *ODD[1:5], "标准答桉", *ODD[6:])))
    page = reader.get(f"{BASE}/1")
    assert "标准答桉most like “Answer”" in plain(page) and "It is “Type”" in page
    assert '<option value="题干">Stem</option>' in page and '<option value="选项A">Option A</option>' in page
    reader.post(f"{BASE}/1/columns", {f"column_{place}": "=-"[place > 0] for place in range(len(HEAD))})
    assert "File not read: the headings lack “question”, “answer”." in plain(reader.get(f"{BASE}/1"))


def test_what_was_kept_before_it_could_be_told_in_english_is_marked_as_chinese(app, reader) -> None:
    bring(reader, sheet([*good(1), *bad(1)]))
    with app.app_context(), unit_of_work():
        kept = session().query(ImportItem).filter_by(kind="fault").one()
        kept.data = {"row": kept.data["row"]}
    assert '<span lang="zh-CN">答案“D”指的选项不存在' in reader.get(f"{BASE}/1")


def test_what_is_kept_is_the_chinese_text_and_what_tells_it_in_english(app, reader) -> None:
    bring(reader, sheet([*good(1), *bad(1)]))
    with app.app_context():
        kept = session().query(ImportItem).filter_by(kind="fault").one()
        assert kept.text.startswith("答案“D”指的选项不存在：这一行只有3个选项。")
        assert kept.data["said"]["values"] == {"answer": "D", "n": 3} and kept.place == "第3行"
        assert session().query(ImportBatch).one().why == ""


def test_what_a_format_cannot_hold_is_told_in_english(app, reader) -> None:
    bring(reader, sheet(good(1)))
    reader.post(f"{BASE}/1/confirm", {"placing": "file", "default_topic": "one"})
    made = plain(reader.get("/bank-export/own?format=aiken"))
    assert "exported" in made and "没有导出" not in made
