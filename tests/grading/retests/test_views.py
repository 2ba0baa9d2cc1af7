"""Pages of passes that relied on a changed lesson."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.conftest import START
from tests.counting import counted
from tests.factories.credentials import make_papers, make_pass
from tests.factories.people import make_person
from tests.factories.sources import CHANGED, REF, load_lesson, name_source

URL = f"/rule-changes/{REF}/2/retests"
READY = f"{URL}/gap-machine"
WINDOW = {"title": "重考", "opens_at": "2026-12-18T14:00", "closes_at": "2026-12-18T15:30", "place": "三楼"}


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", page)


@pytest.fixture
def people(app):
    with app.app_context():
        found = {name: make_person(name, roles=["trainer"]) for name in ("trainer", "other")}
        return found | {"holder": make_person("林晓雯"), "clerk": make_person("人事", roles=["marker"])}


@pytest.fixture
def change(app, clock, people, tmp_path) -> None:
    with app.app_context():
        load_lesson(tmp_path)
        make_papers("gap-machine")
        name_source(f"{REF}#查订单")
        make_pass(people["holder"], (people["trainer"], people["other"]))
        load_lesson(tmp_path, CHANGED, START + timedelta(days=20))
    clock.set(START + timedelta(days=21))


def test_only_who_may_see_changes_sees_whose_passes_they_concern(client, people, change) -> None:
    for who in ("holder", "clerk"):
        client.log_in_as(people[who])
        client.get(URL, status=403)
        client.get(READY, status=403)
        client.post(URL, {}, status=403)
        client.post(READY, {}, status=403)


def test_the_page_names_who_should_sit_again(client, people, change) -> None:
    client.log_in_as(people["trainer"])
    assert URL in client.get(f"/rule-changes/{REF}/2")
    page = client.get(URL)
    assert "林晓雯" in page and "要重考，还没安排" in page and "不算这些题" in page
    client.get(f"/rule-changes/{REF}/9/retests", status=404)
    client.get(f"{URL}/no-such-paper", status=404)


def test_a_ready_sitting_is_arranged_and_shown(client, people, change) -> None:
    client.log_in_as(people["trainer"])
    page = client.get(READY)
    assert re.search(rf'value="{people["holder"]}" checked', page) and "2026-12-15T14:00" in page
    client.post(READY, {**WINDOW, "people": people["holder"]})
    page = client.get(URL)
    assert "已安排重考" in page and "0人已交卷，共1人" in plain(page)
    assert "要重考的人都已安排" in client.get(READY)
    client.log_in_as(people["holder"])
    assert "重考" in client.get("/exams")


def test_what_is_refused_keeps_what_was_typed(client, people, change) -> None:
    client.log_in_as(people["trainer"])
    page = client.post(READY, {**WINDOW, "opens_at": "", "people": people["holder"]}, status=422).text
    assert f'value="{people["holder"]}" checked' in page and "2026-12-18T15:30" in page
    page = client.post(READY, WINDOW, status=422).text
    assert "没有选择考生" in page
    page = client.post(READY, {**WINDOW, "late_minutes": "很久", "people": people["holder"]}, status=422).text
    assert "请填整数分钟" in page
    for stranger in (people["clerk"], "9" * 30, "abc"):
        page = client.post(READY, {**WINDOW, "people": stranger}, status=422).text
        assert "名单已经更新，请重新勾选" in page
    page = client.post(
        READY, {**WINDOW, "closes_at": "2026-12-18T13:00", "people": people["holder"]}, status=422
    ).text
    assert "结束时间要晚于开始时间" in page


def test_no_sitting_needed_is_decided_with_a_reason(client, people, change) -> None:
    client.log_in_as(people["trainer"])
    (box,) = re.findall(r'name="attempts" value="(\d+)"', client.get(URL))
    page = client.post(URL, {"attempts": box, "reason": ""}, status=422).text
    assert f'value="{box}" checked' in page
    assert "请至少勾选一个不用重考的人" in client.post(URL, {"reason": "好"}, status=422).text
    for old in ("999999", "abc"):
        page = client.post(URL, {"attempts": old, "reason": "好"}, status=422).text
        assert "名单已经更新，请重新勾选" in page and "刚刚变了，什么也没有记" not in page
    client.post(URL, {"attempts": box, "reason": "改动不影响操作"})
    page = client.get(URL)
    assert "决定不用重考" in page and "改动不影响操作" in page and "没有人要重考" in page


def test_a_change_that_concerns_no_pass_says_so(app, client, people, tmp_path) -> None:
    with app.app_context():
        load_lesson(tmp_path)
        load_lesson(tmp_path, CHANGED, START)
    page = client.log_in_as(people["trainer"]).get(URL)
    assert "没有凭证受这次改动影响" in page


def test_the_number_of_statements_of_the_page_is_fixed(app, client, people, change) -> None:
    client.log_in_as(people["trainer"])
    client.get(URL)
    with counted(app) as statements:
        client.get(URL)
    assert len(statements) <= 40, len(statements)


def test_homes_of_those_who_arrange_say_who_waits_for_a_sitting(client, app, people, change) -> None:
    with app.app_context():
        hr = make_person("沈薇", roles=["hr"])
    for person in (people["trainer"], hr):
        page = plain(client.log_in_as(person).get("/"))
        assert "1份通过的成绩要重考" in page
        assert URL in client.get("/")
    client.log_in_as(hr).post(READY, {**WINDOW, "people": people["holder"]})
    assert "要重考" not in plain(client.get("/"))
