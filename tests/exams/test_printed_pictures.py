"""Pictures of questions on paper: fetched once each, printed with the question, named when they are gone."""

from __future__ import annotations

import re

import pytest

from cstrain.exams.on_paper import documents, pictures
from cstrain.media.service import keep_picture
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.media import picture as picture_file
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
GONE = "0" * 64


def kept() -> str:
    with unit_of_work():
        return keep_picture(picture_file(), "杯底.png", make_person(), START).digest


def copy(*shown: dict) -> dict:
    """A copy with one question that shows these pictures."""
    content = {"stem": "这是什么标记？", "options": [{"text": "能洗"}, {"text": "不能洗"}], "pictures": shown}
    question = {"number": 1, "marks": "100"} | documents.asked("single_choice", "choose_one", content)
    return {
        "title": "茶具小考",
        "code": "AB12",
        "name": "林晓雯",
        "staff_no": "HM",
        "department": "客服部",
        "place": "",
        "minutes": 30,
        "pass_mark": "80",
        "questions": 1,
        "sections": [{"title": "全部", "questions": [question]}],
    }


def images(pdf: bytes) -> int:
    return len(re.findall(rb"/Subtype\s*/Image", pdf))


def test_a_picture_is_printed_with_its_question() -> None:
    digest = kept()
    without, printed = documents.pdf([copy()]), documents.pdf([copy({"file": digest, "alt": "杯底标记"})])
    assert images(printed) > images(without)


def test_a_picture_that_is_not_kept_any_more_leaves_its_words() -> None:
    assert documents.pdf([copy({"file": GONE, "alt": "杯底标记"})]).startswith(b"%PDF")
    (found,) = pictures.with_pictures({"pictures": [{"file": GONE, "alt": "杯底标记"}]})["pictures"]
    assert found == {"data": None, "alt": "杯底标记"}


def test_a_picture_that_stands_in_many_questions_is_fetched_once(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(pictures, "printable_picture", lambda digest: asked.append(digest) or b"x")
    shown = {"pictures": [{"file": GONE, "alt": "图"}]}
    pictures.with_pictures([shown, {"parts": [shown, shown]}])
    assert asked == [GONE]
