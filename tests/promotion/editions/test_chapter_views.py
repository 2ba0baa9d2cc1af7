"""The pages of editions of chapters, walked by the people who use them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.conftest import settings_for
from tests.counting import counted
from tests.factories import editions as road
from tests.factories.editions import NOW

BASE = "/promotion/editions"
RATING = f"{BASE}/chapter:rating"
DRAFT = f"{BASE}/drafts/1"
SHORTER = ("contest_within: 5 ", "contest_within: 3 ")


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def typed(app, *changes: tuple[str, str], **changed: str) -> dict[str, str]:
    with app.app_context():
        text = road.chapter_text("rating", *(changes or (SHORTER,)))
    return {"effective_from": "2027-01-01", "reason": "答复太慢", "text": text, **changed}


def acts(app) -> list[str]:
    from cstrain.audit.models import AuditEntry
    from cstrain.extensions import session

    with app.app_context():
        wanted = sa.select(AuditEntry.action).where(AuditEntry.action.like("edition.%"))
        return list(session().scalars(wanted.order_by(AuditEntry.seq)))


def test_three_people_change_a_chapter_in_the_browser(app, client, offices, clock) -> None:
    me = client.log_in_as(offices.hr)
    page = plain(me.get(BASE))
    assert "季度评级" in page and "组长竞聘" in page and "月度绩效" in page
    assert "quarters_back" in me.get(f"{RATING}/new/text")
    me.post(f"{RATING}/new/text", typed(app))
    page = me.get(DRAFT)
    assert "5 → 3" in plain(page) and "几个工作日内可以申诉" in page and "场景" not in plain(page)
    me.post(f"{DRAFT}/check", status=403)

    checker = client.log_in_as(offices.gm_office)
    assert "季度评级" in plain(checker.get("/"))
    checker.post(f"{DRAFT}/check")
    approver = client.log_in_as(offices.gm)
    assert "季度评级 第2版" in plain(approver.get(BASE))
    assert "每一处改动" in plain(approver.post(f"{DRAFT}/approve", status=422).text)
    approver.post(f"{DRAFT}/look")
    page = plain(approver.get(DRAFT))
    assert "方志强" in page and "已封存1处" in page
    approver.post(f"{DRAFT}/approve")
    page = plain(approver.get(BASE))
    assert "2027年1月1日" in page
    page = plain(approver.get(f"{RATING}/2"))
    assert "还没有生效" in page and "5 → 3" in page and "冯晓岚" in page and "contest_within: 3" in page
    assert "现行" in plain(approver.get(f"{RATING}/1"))
    clock.set(datetime(2027, 1, 1, 1, 0, tzinfo=UTC))
    assert "已有更新的一版" in plain(client.log_in_as(offices.gm).get(f"{RATING}/1"))
    assert acts(app) == ["edition.draft", "edition.check", "edition.look", "edition.approve"]


def test_a_bad_text_is_refused_by_line_and_nothing_typed_is_lost(app, client, offices) -> None:
    me = client.log_in_as(offices.hr)
    wrong = typed(app, ("contest_within: 5 ", "contest_within: 五 "), ("notes:", "note:"))
    page = me.post(f"{RATING}/new/text", wrong, 422).text
    assert re.search(r"制度文本:\d+: “contest_within”应为整数", page) and "不认识“note”" in page
    assert "contest_within: 五" in page and "答复太慢" in page and "2027-01-01" in page
    page = me.post(f"{RATING}/new/text", typed(app, SHORTER, reason=""), 422).text
    assert "contest_within: 3" in page and "请填写这一项" in page
    page = me.post(f"{RATING}/new/text", typed(app, ("edition: 1", "edition: 1")), 422).text
    assert "没有任何改动" in page
    page = me.post(f"{RATING}/new/text", typed(app, SHORTER, effective_from="2026-11-20"), 422).text
    assert "要晚于今天" in page and "contest_within: 3" in page


def test_returned_revised_and_withdrawn(app, client, offices) -> None:
    me = client.log_in_as(offices.hr)
    me.post(f"{RATING}/new/text", typed(app))
    checker = client.log_in_as(offices.gm_office)
    checker.post(f"{DRAFT}/return", {"reason": ""}, 422)
    checker.post(f"{DRAFT}/return", {"reason": "三天太短"})
    me = client.log_in_as(offices.hr)
    assert "三天太短" in me.get(f"{DRAFT}/revise")
    me.post(f"{DRAFT}/revise", typed(app, ("contest_within: 5 ", "contest_within: 4 ")))
    assert "5 → 4" in plain(me.get(f"{BASE}/drafts/2"))
    me.post(f"{BASE}/drafts/2/withdraw", {"reason": "先不改"})
    page = plain(me.get(BASE))
    assert "已撤回" in page and "已退回" in page and "季度评级 第2版" in page
    assert "已撤回" in plain(me.get(f"{RATING}/1"))
    assert acts(app)[-2:] == ["edition.draft", "edition.withdraw"]


def test_who_has_no_part_and_what_is_no_chapter_answer_as_missing(app, client, offices) -> None:
    with app.app_context():
        road.new_chapter(offices, "rating", SHORTER)
    me = client.log_in_as(offices.agent)
    for number in (1, 2, 9):
        me.get(f"{RATING}/{number}", 404)
    me.get(f"{RATING}/new/text", 403)
    me = client.log_in_as(offices.hr)
    for ref in ("chapter:exams", "chapter:access", "chapter:", "chapter:nothing"):
        me.get(f"{BASE}/{ref}/new/text", 404)
        me.get(f"{BASE}/{ref}/1", 404)
    me.get(f"{RATING}/9", 404)
    me.get(f"{RATING}/new", 404)
    me.post(f"{RATING}/new", {}, 404)
    me.get(f"{RATING}/2/acknowledgements", 404)
    client.log_in_as(offices.gm).get(f"{RATING}/new/text", 403)


def test_every_chapter_has_its_page_and_its_form(app, client, offices) -> None:
    from cstrain.policies.chapters import editable

    me = client.log_in_as(offices.hr)
    for name in editable.names():
        me.get(f"{BASE}/chapter:{name}/1")
        me.get(f"{BASE}/chapter:{name}/new/text")


def test_the_list_has_a_fixed_number_of_statements(app, client, offices) -> None:
    with app.app_context():
        road.new_chapter(offices, "activities", ("look_back_days: 14 ", "look_back_days: 7 "))
    me = client.log_in_as(offices.gm_office)
    me.get(BASE)
    with counted(app) as few:
        me.get(BASE)
    with app.app_context():
        for name, change in (
            ("rating", SHORTER),
            ("moves", ("effect_within: 90 ", "effect_within: 60 ")),
            ("quality", ("chats_a_day: 5", "chats_a_day: 6")),
        ):
            road.new_chapter(offices, name, change)
    with counted(app) as many:
        me.get(BASE)
    assert len(many) == len(few), (few, many)


@pytest.mark.both_databases
def test_another_process_sees_an_approval_without_a_restart(app, offices, clock) -> None:
    from cstrain.app import create_app
    from cstrain.policies.loader import load
    from cstrain.promotion.rating.policy import CHAPTER, RatingRules

    def within() -> int:
        return load(RatingRules, CHAPTER, date(2027, 1, 1)).contest_within

    other = create_app(settings_for(app.config["SQLALCHEMY_DATABASE_URI"]), clock)
    with other.app_context():
        assert within() == 5
    with app.app_context():
        road.new_chapter(offices, "rating", SHORTER, now=NOW)
        assert within() == 3
    with other.app_context():
        assert within() == 3
