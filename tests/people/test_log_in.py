"""Logging in: one answer for known and unknown, limits, sessions that die, no lock-out of a known browser."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from cstrain.extensions import db, session
from cstrain.people import service
from cstrain.people.models import Account, LoginAttempt
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person
from tests.web.page_client import PageClient

PASSWORD = "海边有七只安静的骆驼"


@pytest.fixture
def person(app):
    with app.app_context():
        found = make_person("李娜", "K002", password=PASSWORD)
        db.session.remove()
    return found


def log_in(client, username="K002", password=PASSWORD, status=302):
    return client.post("/log-in", {"username": username, "password": password}, status)


def test_a_good_password_opens_the_page_that_was_asked_for(client, person):
    location = client.raw.get("/notices?page=2").location
    assert location == "/log-in?next=/notices?page%3D2"
    response = client.post(location, {"username": "ｋ００２ ", "password": PASSWORD})
    assert response.location == "/notices?page=2"
    client.get("/notices")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"]
)
def test_the_way_back_never_leaves_the_site(client, person, target):
    response = client.post(f"/log-in?next={target}", {"username": "K002", "password": PASSWORD})
    assert response.location == "/"


def test_unknown_closed_and_wrong_get_the_same_page(client, app, person):
    with app.app_context():
        make_person("周敏", "K003")
        gone = make_person("吴用", "K004", password=PASSWORD)
        actor = make_person("孙丽", "H001", ["hr"])
        with unit_of_work():
            service.close_account(actor, app.extensions["cstrain.clock"].now(), gone, None)
    pages = {
        log_in(PageClient(app), username, "不是这个密码的啊", 422).text.replace(username, "")
        for username in ("K002", "K003", "K004", "NOBODY")
    }
    assert len({strip_token(page) for page in pages}) == 1


def strip_token(page):
    head, _, tail = page.partition('name="csrf_token" value="')
    while tail:
        head += tail.partition('"')[2]
        head, _, tail = head.partition('name="csrf_token" value="')
    return head


def test_an_empty_form_is_sent_back(client):
    assert "请填写这一项" in client.post("/log-in", {"username": "", "password": ""}, 422).text


@pytest.mark.both_databases
def test_ten_failures_block_the_account_for_a_quarter_of_an_hour(client, person, clock):
    for _ in range(10):
        log_in(client, password="不是这个密码的啊", status=422)
    assert "15分钟后再试" in log_in(client, status=429).text.replace('<span class="nb">', "").replace(
        "</span>", ""
    )
    clock.move(timedelta(minutes=14))
    log_in(client, status=429)
    clock.move(timedelta(minutes=2))
    log_in(client)


def test_an_unknown_account_is_blocked_just_the_same(client):
    for _ in range(10):
        log_in(client, "NOBODY", "不是这个密码的啊", 422)
    log_in(client, "NOBODY", "不是这个密码的啊", 429)


def test_a_stranger_cannot_lock_out_a_browser_that_is_known(client, app, person):
    log_in(client)
    client.post("/log-out")
    stranger = PageClient(app)
    for _ in range(10):
        log_in(stranger, password="不是这个密码的啊", status=422)
    log_in(stranger, status=429)
    log_in(client)


def test_a_session_that_is_open_survives_the_block(client, app, person):
    log_in(client)
    stranger = PageClient(app)
    for _ in range(10):
        log_in(stranger, password="不是这个密码的啊", status=422)
    client.get("/notices")


def test_one_address_has_a_budget_over_all_accounts(client, app):
    for number in range(100):
        with app.app_context(), unit_of_work():
            now = app.extensions["cstrain.clock"].now()
            service.begin_log_in(now, f"X{number}", "127.0.0.1")
    log_in(client, "K999", "不是这个密码的啊", 429)


@pytest.mark.both_databases
def test_guesses_at_the_same_time_count_one_by_one(app, person, clock):
    answers = []

    def guess():
        with app.app_context():
            with unit_of_work():
                answers.append(service.begin_log_in(clock.now(), "K002", "10.0.0.1").blocked)
            db.session.remove()

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(False) == 10


def test_logging_in_replaces_the_session(client, person):
    with client.raw.session_transaction() as cookie:
        cookie["planted"] = "x"
    log_in(client)
    with client.raw.session_transaction() as cookie:
        assert "planted" not in cookie
        first = cookie["sid"]
    log_in(client)
    with client.raw.session_transaction() as cookie:
        assert cookie["sid"] != first


def test_a_role_change_gives_the_session_a_new_id(client, app, person, clock):
    log_in(client)
    client.get("/notices")
    with client.raw.session_transaction() as cookie:
        before = cookie["sid"]
    with app.app_context(), unit_of_work():
        service.grant_role(None, clock.now(), person, "mentor", valid_from=date(2026, 11, 20))
    client.get("/notices")
    with client.raw.session_transaction() as cookie:
        assert cookie["sid"] != before


def test_a_session_ends_after_twelve_hours_however_busy(client, person, clock):
    log_in(client)
    for _ in range(11):
        clock.move(timedelta(hours=1))
        client.get("/notices")
    clock.move(timedelta(hours=1))
    assert client.raw.get("/notices").status_code == 302


@pytest.mark.parametrize("planted", ["1", "1.2.3", "x.y", "", "99.1", "1.99"])
def test_a_made_up_session_is_nobody(client, app, person, planted):
    with client.raw.session_transaction() as cookie:
        cookie["_user_id"] = planted
        cookie["since"] = app.extensions["cstrain.clock"].now().isoformat()
    assert client.raw.get("/notices").status_code == 302


def test_a_script_gets_a_401_instead_of_the_log_in_page(client):
    response = client.raw.get("/notices", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert "error" in response.json


def test_a_signed_in_person_is_sent_on_from_the_log_in_page(client, person):
    client.log_in_as(person)
    assert client.raw.get("/log-in").location == "/"


def test_no_password_and_no_secret_is_kept_in_the_clear(client, app, person):
    log_in(client)
    with app.app_context():
        row = session().scalars(sa.select(Account).where(Account.person_id == person)).one()
        assert row.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert session().scalars(sa.select(LoginAttempt)).one().succeeded


def test_an_old_hash_is_renewed_at_the_next_log_in(client, app, person):
    from argon2 import PasswordHasher

    with app.app_context(), unit_of_work():
        old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
        service.store_password(person, old)
    log_in(client)
    with app.app_context():
        row = session().scalars(sa.select(Account).where(Account.person_id == person)).one()
        assert "m=19456" in row.password_hash
