"""The inbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cstrain.extensions import db
from cstrain.notifications import queries, service
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def people(app):
    with app.app_context():
        mine, other = make_person("李娜", "K002"), make_person("赵一", "K003")
        with unit_of_work():
            for number in range(32):
                service.notify(
                    mine,
                    "已签核%(n)s天。",
                    now=NOW + timedelta(minutes=number),
                    values={"n": number},
                    url="/account",
                )
            service.notify(other, "别人的通知", now=NOW)
        db.session.remove()
    return mine, other


def notice_ids(app, person):
    with app.app_context():
        return [notice.id for notice in queries.notices(person).notices]


def test_an_empty_inbox_says_what_will_be_there(client, app):
    with app.app_context():
        person = make_person()
    assert "还没有通知" in client.log_in_as(person).get("/notices")


def test_opening_a_notice_marks_it_and_leads_on(client, app, people):
    client.log_in_as(people[0])
    page = client.get("/notices")
    assert "32条" in page
    assert "别人的通知" not in page
    assert 'rel="next" href="/notices?page=2"' in page
    assert client.get("/notices?page=2").count("去查看") == 2
    response = client.post(f"/notices/{notice_ids(app, people[0])[0]}")
    assert response.location == "/account"
    assert "31条" in client.get("/notices")


def test_all_are_marked_at_once(client, people):
    client.log_in_as(people[0])
    client.post("/notices/read")
    assert "通知都已读" in client.get("/notices")


def test_somebody_elses_notice_is_not_found(client, app, people):
    client.log_in_as(people[0])
    client.post(f"/notices/{notice_ids(app, people[1])[0]}", status=404)
    client.post("/notices/99999", status=404)
