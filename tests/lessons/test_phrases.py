"""The phrase library: its data, the search, the page; the handbook says the same words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from pydantic import ValidationError

from cstrain.lessons import page_source
from cstrain.lessons.page_source import read_page
from cstrain.lessons.phrases import PhraseLibrary, library
from tests.factories.people import make_person

PAGES = Path(page_source.__file__).parent / "shipped"
OCCASIONS = ("不能确定时", "打听别人的信息", "抱怨", "骂人", "提建议", "粗俗骚扰", "线路不好", "没听清")
NOT_ALLOWED = re.compile("亲[，,！!~]|！|保证|一定能|微信|支付宝账号")


def every_phrase():
    return [phrase for group in library().groups for phrase in group.phrases]


def test_the_library_holds_the_six_groups_and_every_hard_call() -> None:
    groups = library().groups
    chat = [(group.id, group.title) for group in groups if group.part == "chat"]
    assert chat == [
        ("A", "问候"),
        ("B", "产品"),
        ("C", "物流"),
        ("D", "售后"),
        ("E", "结束语"),
        ("F", "安抚"),
    ]
    titles = [group.title for group in groups if group.part == "telephone"]
    assert set(OCCASIONS) <= set(titles)
    for group in groups:
        assert all(phrase.code[0] == group.id[0] for phrase in group.phrases)


def test_phrases_promise_nothing_and_keep_the_tone_of_the_house() -> None:
    assert [phrase.code for phrase in every_phrase() if NOT_ALLOWED.search(phrase.text)] == []


def test_what_the_handbook_quotes_is_what_the_library_says() -> None:
    texts = " ".join(phrase.text for phrase in every_phrase())
    for name in ("phrases-chat", "phrases-telephone"):
        quoted = re.findall(r"“([^”]{6,})”", read_page(PAGES / f"{name}.md").body)
        assert len(quoted) >= 5
        assert [each for each in quoted if each not in texts] == []


def test_a_phrase_in_pieces_is_the_phrase() -> None:
    for phrase in every_phrase():
        assert "".join(text for text, _place in phrase.pieces()) == phrase.text
    found = next(each for each in every_phrase() if each.code == "A04")
    assert [text for text, place in found.pieces() if place] == ["{分钟}"]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ("c02", ["C02"]),
        ("拦截", ["C07"]),
        ("退款 到仓", ["D04"]),
        ("没听清", ["T81", "T82"]),
        ("没有这样的话", []),
    ],
)
def test_a_search_finds_codes_occasions_and_words(wanted, codes) -> None:
    found = [phrase.code for group in library().search(wanted) for phrase in group.phrases]
    assert found == codes


def test_without_a_search_and_by_a_groups_title_all_of_it_is_there() -> None:
    assert library().search("  ") == library().groups
    assert [group.id for group in library().search("安抚")] == ["F"]


def test_a_code_is_used_once() -> None:
    phrase = {"code": "A01", "when": "顾客进店", "text": "您好，请问需要什么？", "adapt": ""}
    group = {"id": "A", "title": "问候", "part": "chat", "phrases": [phrase, phrase]}
    with pytest.raises(ValidationError, match="用了两次"):
        PhraseLibrary.model_validate({"title": "库", "note": "说明", "groups": [group]})


def test_everybody_who_is_signed_in_finds_and_copies_phrases(app, client) -> None:
    with app.app_context():
        person = make_person()
    assert "/log-in" in client.raw.get("/phrases").headers["Location"]
    page = client.log_in_as(person).get("/phrases")
    assert page.count("data-copy=") == len(every_phrase())
    assert unescape(re.search(r'data-copy="([^"]*)" data-code="T21"', page)[1]).startswith("抱歉，为了保护")
    page = client.get("/phrases?q=拦截")
    assert "找到1条短语" in re.sub(r"<[^>]+>", "", page)
    assert "没有找到" in client.get("/phrases?q=没有这样的话")
    assert 'href="/phrases"' in client.get("/lessons")
