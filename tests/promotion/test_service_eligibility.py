"""Who could apply is noted once a day; they hear of it, HR sees who has not applied."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError
from cstrain.notifications.models import Notice
from cstrain.promotion import eligibility, jobs, ladders, presenting, queries
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_department, make_person
from tests.factories.promotion import bind, close_month, make_month

ON = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(3, 10)]
HIRED = date(2026, 3, 2)


@pytest.fixture
def staff(app, clock) -> dict[str, int]:
    clock.set(NOW)
    with app.app_context():
        place, office = make_department("售前客服一部"), make_department("人力资源部")
        bind(place, "general", scheme="sales")
        clerk = make_person("录入员", department=office)
        found = {"hr": make_person("冯晓岚", roles=["hr_manager"], department=office), "place": place}
        for name, grade in (("林晓雯", "A"), ("钱立", "B")):
            person = make_person(name, department=place, hire_date=HIRED, level="junior")
            for month in MONTHS:
                make_month(person, place, month, clerk, grade=grade, brand_points=95)
            found[name] = person
        found["新人"] = make_person("新人", department=place, status="probation")
        for month in MONTHS:
            close_month(place, month, clerk)
        return found


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_day_is_judged_once_and_who_is_new_hears_of_it_once(app, staff) -> None:
    with app.app_context():
        assert jobs.run(NOW - timedelta(hours=6)) == 0  # four in the morning there
        assert jobs.run(NOW) == 1 and jobs.run(NOW + timedelta(hours=1)) == 0
        with pytest.raises(ConflictError), unit_of_work():
            eligibility.note_eligible(NOW)
        (one,) = queries.eligible(ON)
        assert (one.person, one.goal, one.new) == (staff["林晓雯"], "intermediate", True)
        tomorrow = NOW + timedelta(days=1)
        jobs.run(tomorrow)
        assert [each.new for each in queries.eligible(ON + timedelta(days=1))] == [False]
        assert queries.eligible(ON + timedelta(days=9)) == []  # an old run says nothing
        told = session().scalars(sa.select(Notice).where(Notice.message.contains("可以申请了"))).all()
        assert [(each.person_id, each.values["goal"]) for each in told] == [(staff["林晓雯"], "中级客服")]


def test_the_home_page_says_so_until_somebody_has_applied(app, client, staff, monkeypatch) -> None:
    with app.app_context():
        jobs.run(NOW)
    assert "可以申请中级客服" in plain(client.log_in_as(staff["林晓雯"]).get("/"))
    assert "可以申请" not in plain(client.log_in_as(staff["钱立"]).get("/"))
    hr = plain(client.log_in_as(staff["hr"]).get("/"))
    assert "有1人可以申请晋升，还没有申请" in hr
    page = client.log_in_as(staff["林晓雯"]).get("/career")
    assert 'href="/applications/new"' in page
    form = {"step": "general/intermediate", "statement": "带过两位新人。"}
    client.post("/applications/new", form)
    assert "看条件并申请" not in client.get("/")
    assert "还没有申请" not in plain(client.log_in_as(staff["hr"]).get("/"))


def test_a_new_edition_is_announced_a_month_before(client, staff, monkeypatch) -> None:
    present = ladders.ladder("general", ON)
    new = present.model_copy(update={"edition": 9, "effective_from": ON + timedelta(days=20)})
    shipped = ladders.ladders

    def with_new(on):
        return [new if one.ref == "general" and on >= new.effective_from else one for one in shipped(on)]

    monkeypatch.setattr(ladders, "ladders", with_new)
    page = plain(client.log_in_as(staff["钱立"]).get("/"))
    assert "从2026年12月10日" in page and "换成第9版" in page
    assert "换成第9版" not in plain(client.log_in_as(staff["hr"]).get("/"))


def test_the_staff_list_offers_applying_only_where_one_applies(client, staff) -> None:
    page = plain(client.log_in_as(staff["hr"]).get("/promotion"))
    assert "1人可以申请下一级" in page
    (judged,) = [one for one in _all(client.app) if one.person.id == staff["林晓雯"]]
    step = judged.step.model_copy(update={"road": "conversion"})
    assert presenting.standing_word(replace(judged, step=step)) == "条件都满足"
    assert presenting.standing_word(judged) == "可以申请"


def _all(app):
    with app.test_request_context():
        return list(queries.evaluate(ON))


def test_at_the_top_of_a_ladder_the_heading_has_no_full_stop(app, client, staff) -> None:
    with app.app_context():
        top = make_person("高手", department=staff["place"], hire_date=HIRED, level="senior")
    page = client.log_in_as(top).get("/career")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S).group(1)
    assert "最高一级" in heading and not heading.strip().endswith("。")
