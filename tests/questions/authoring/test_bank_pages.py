"""Banks of one's own and the tree of topics."""

from __future__ import annotations

import re

import pytest

from tests.factories.questions import load_bank
from tests.questions.authoring.makers import BANK, in_review, make_bank, trainer


@pytest.fixture
def page(app, client):
    """The client of a trainer."""
    with app.app_context():
        person = trainer()
    return client.log_in_as(person)


def test_a_bank_is_made_and_renamed(app, page) -> None:
    assert "新建题库" in page.get("/new-bank")
    page.post("/new-bank", {"name": "winter-sale", "title": "冬促", "description": "活动规则"})
    assert "冬促" in page.get("/bank-settings/winter-sale") and "冬促" in page.get("/banks")
    assert "已经有题库" in page.post("/new-bank", {"name": "winter-sale", "title": "另一个"}, status=422).text
    for name in ("", "冬促", "A b", "../x", "x" * 41):
        refused = page.post("/new-bank", {"name": name, "title": "打过的字"}, status=422).text
        assert "打过的字" in refused
    page.post("/bank-settings/winter-sale", {"title": "冬季大促", "description": ""})
    assert "冬季大促" in page.get("/bank-settings/winter-sale")
    assert "请填写这一项" in page.post("/bank-settings/winter-sale", {"title": ""}, status=422).text


def test_a_shipped_bank_keeps_its_name_but_takes_topics(app, page, tmp_path) -> None:
    with app.app_context():
        load_bank(tmp_path / "b")
    assert "名称不能改" in page.get("/bank-settings/b")
    page.post("/bank-settings/b", {"title": "改名"}, status=422)
    page.post("/bank-settings/b/topics", {"title": "新主题", "parent": "one"})
    assert "新主题" in page.get("/bank-settings/b")


def test_topics_are_added_renamed_moved_and_removed(app, page) -> None:
    with app.app_context():
        make_bank()
    url = f"/bank-settings/{BANK}/topics"
    page.post(url, {"title": "物流", "parent": ""})
    page.post(url, {"title": "退货物流", "parent": "t-1"})
    shown = page.get(f"/bank-settings/{BANK}")
    assert "depth-1" in shown and shown.index("物流") < shown.index("退货物流")
    assert "已经有主题" in page.post(url, {"title": "物流", "parent": ""}, status=422).text
    assert "放到自己下面" in page.post(f"{url}/t-1", {"title": "物流", "parent": "t-2"}, status=422).text
    assert "请填写这一项" in page.post(f"{url}/t-1", {"title": "", "parent": ""}, status=422).text
    page.post(f"{url}/t-2", {"title": "退换货物流", "parent": ""})
    assert "depth-1" not in page.get(f"/bank-settings/{BANK}")
    page.post(f"{url}/t-2/remove")
    assert "退换货物流" not in page.get(f"/bank-settings/{BANK}")
    page.post(url, {"title": "x", "parent": "nowhere"}, status=422)
    page.post(f"{url}/nowhere/remove", status=422)


def test_a_topic_with_questions_stays(app, page) -> None:
    with app.app_context():
        make_bank()
        in_review(trainer("韩雪"))
    shown = page.get(f"/bank-settings/{BANK}?topic=general")
    assert 'name="parent"' in shown and "删除这个主题" not in shown
    assert "1题" in re.sub(r"<[^>]+>", "", page.get(f"/bank-settings/{BANK}"))
    page.post(f"/bank-settings/{BANK}/topics/general/remove", status=409)


def test_one_topic_at_a_time_is_open_so_that_many_topics_make_no_long_page(app, page) -> None:
    with app.app_context():
        make_bank()
    for number in range(1, 4):
        page.post(f"/bank-settings/{BANK}/topics", {"title": f"主题{number}", "parent": ""})
    closed, opened = (page.get(f"/bank-settings/{BANK}{asked}") for asked in ("", "?topic=t-2"))
    assert closed.count("<select") == 1 and opened.count("<select") == 2
    assert 'value="主题2"' in opened and "删除这个主题" in opened
    refused = page.post(
        f"/bank-settings/{BANK}/topics/t-2", {"title": "主题1", "parent": ""}, status=422
    ).text
    (field,) = re.findall(r'<input[^>]*id="own-title"[^>]*>', refused)
    assert 'value="主题1"' in field, "what was typed stays in the topic's form"
    empty = page.post(f"/bank-settings/{BANK}/topics/t-2", {"title": "", "parent": ""}, status=422).text
    assert 'href="#own-title"' in empty, "the error leads to the field of this topic"
    assert 'href="#bank-title"' in page.post(f"/bank-settings/{BANK}", {"title": ""}, status=422).text
    assert page.get(f"/bank-settings/{BANK}?topic=nowhere").count("<select") == 1


def test_topics_keep_four_levels_and_names_of_their_own_when_they_are_moved(app, page) -> None:
    with app.app_context():
        make_bank()
    url = f"/bank-settings/{BANK}/topics"
    for title, parent in (("甲", ""), ("乙", "t-1"), ("丙", "t-2"), ("甲", "t-1"), ("丁", ""), ("戊", "t-5")):
        page.post(url, {"title": title, "parent": parent})
    refused = page.post(f"{url}/t-5", {"title": "丁", "parent": "t-3"}, status=422).text
    assert "最多4层" in re.sub(r"<[^>]+>", "", refused), "戊 below 丁 would be the fifth level"
    assert "已经有主题" in page.post(f"{url}/t-4", {"title": "甲", "parent": ""}, status=422).text
    page.post(f"{url}/t-5", {"title": "丁", "parent": "t-2"})
    page.post(f"{url}/t-5", {"title": "丁", "parent": "t-2"})
    assert "depth-3" in page.get(f"/bank-settings/{BANK}")


def test_topics_are_four_deep_at_most(app, page) -> None:
    with app.app_context():
        make_bank()
    parent = ""
    for number in range(1, 5):
        page.post(f"/bank-settings/{BANK}/topics", {"title": f"第{number}层", "parent": parent})
        parent = f"t-{number}"
    refused = page.post(f"/bank-settings/{BANK}/topics", {"title": "太深", "parent": parent}, status=422)
    assert "最多4层" in re.sub(r"<[^>]+>", "", refused.text)
