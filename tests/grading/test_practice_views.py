"""The pages of practice: what a learner sees, sends and is refused."""

from __future__ import annotations

import re

import pytest

from cstrain.grading.practice import queries
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.chats import chat_fields
from tests.factories.people import make_person
from tests.grading.test_service_practice import DAY, right_value, sit


def plain(page: str) -> str:
    """The words of a page, without tags and spaces."""
    return re.sub(r"<[^>]+>|\s", "", page)


@pytest.fixture
def learner(app):
    with app.app_context():
        make.make_bank("daily")
        make.make_paper("quiz", bank="daily", release="auto")
        return make_person()


@pytest.fixture
def me(client, learner):
    return client.log_in_as(learner)


def begin(me, **form) -> str:
    """Draw five questions; returns the address of the set."""
    return me.post("/practice/daily/draw", {"daily-count": "5", **form}).headers["Location"]


def value(app, run: str, place: int = 1) -> str:
    with app.app_context():
        return right_value(int(run.rsplit("/", 1)[1]), place)


def test_the_whole_road_of_a_set(app, me) -> None:
    page = me.get("/practice")
    assert "抽几道题练一练" in page and "主题basics" in page
    run = begin(me, **{"daily-topics": "basics"})
    assert me.get(run, 302)
    for place in range(1, 6):
        page = me.get(f"{run}/{place}")
        assert make.CANARY not in page and "不会，看答案" in page
        sent = {"value": value(app, run, place)} if place < 5 else {"give_up": "1"}
        me.post(f"{run}/{place}", sent, audited=False)
        page = me.get(f"{run}/{place}")
        assert f"{make.CANARY}-explanation" in page
        assert ("答对了" in page) is (place < 5)
    page = me.get(run)
    assert "共5题，答对4题" in plain(page)
    assert "还没轮到1" in plain(me.get("/practice/book")) and "看结果" in me.get("/practice")


def test_a_refused_answer_keeps_what_was_typed(app, me) -> None:
    run = begin(me)
    for sent, words in (
        ({"value": "null"}, "还没有作答"),
        ({"value": "no json"}, "没有收到作答"),
        ({}, "没有收到作答"),
        ({"value": '"' + "字" * 6000 + '"'}, "作答太长"),
    ):
        assert words in me.post(f"{run}/1", sent, 422).text
    assert "data-held='[\"\"]'" in me.post(f"{run}/1", {"value": '[""]'}, 422).text


def test_an_answer_sent_twice_counts_once(app, me) -> None:
    run = begin(me)
    me.post(f"{run}/1", {"value": value(app, run)}, audited=False)
    me.post(f"{run}/1", {"give_up": "1"}, audited=False)
    assert "这一次没有计入" in me.get(f"{run}/1") and "答对了" in me.get(f"{run}/1")


def test_what_was_not_offered_is_refused(me) -> None:
    me.post("/practice/nothing/draw", {"nothing-count": "5"}, 404)
    me.post("/practice/daily/draw", {}, 422)
    me.post("/practice/daily/draw", {"daily-count": "7"}, 422)
    me.post("/practice/daily/draw", {"daily-count": "5", "daily-topics": "secret"}, 422)
    me.post("/practice/book", {}, 409)


def test_a_foreign_set_answers_as_a_missing_one(app, client, me) -> None:
    run = begin(me)
    with app.app_context():
        other = make_person("周子昂")
    client.log_in_as(other)
    for address in (run, "/practice/99999"):
        client.get(address, 404)
        client.get(f"{address}/1", 404)
        client.post(f"{address}/1", {"give_up": "1"}, 404)
    client.get(f"{run}/9", 404)


def test_the_book_shows_key_and_reason_and_gives_a_set(app, client, learner) -> None:
    with app.app_context():
        attempt = sit(learner)
    client.log_in_as(learner)
    page = client.get("/practice/book")
    assert "错题2道，其中2道该复习" in plain(page) and f"/results/{attempt}#q9" in page
    assert f"{make.CANARY}-explanation" in page
    assert "考试错1次" in plain(page) and "有2道错题该复习了" in plain(client.get("/practice"))
    assert "这一类现在没有题" in client.get("/practice/book?state=mastered")
    run = client.post("/practice/book", {}).headers["Location"]
    client.post(f"{run}/1", {"give_up": "1"}, audited=False)
    client.post(f"{run}/2", {"value": value(app, run, 2)}, audited=False)
    assert "错题复习" in client.get(run)


def test_nothing_is_shown_in_the_middle_of_an_exam(app, client, learner) -> None:
    with app.app_context():
        sit(learner)
    run = begin(client.log_in_as(learner))
    client.post(f"{run}/1", {"give_up": "1"}, audited=False)
    with app.app_context():
        make.make_attempt(learner, make.make_sitting([learner], "quiz"))
    assert "先交卷再练习" in client.get("/practice")
    page = client.get("/practice/book")
    assert make.CANARY not in page and "先交卷再看错题" in page
    client.get(f"{run}/1", 409)
    client.post(f"{run}/2", {"give_up": "1"}, 409)
    client.post("/practice/book", {}, 409)
    client.post("/practice/daily/draw", {"daily-count": "5"}, 422)


def test_a_long_book_costs_no_more_queries(app, client, learner) -> None:
    with app.app_context():
        sit(learner, wrong=1)
    client.log_in_as(learner)
    client.get("/practice/book")
    with counted(app) as few:
        client.get("/practice/book")
    with app.app_context():
        sit(learner, wrong=10)
    client.get("/practice/book")  # what versions say is read once
    with counted(app) as many:
        client.get("/practice/book")
    assert len(many) == len(few)
    with counted(app) as index:
        client.get("/practice")
    assert len(index) < 30


def test_a_chat_is_practised_turn_by_turn(app, client, learner) -> None:
    from cstrain.questions.models import Bank, Topic
    from tests.factories.exams import add_question

    with app.app_context(), unit_of_work() as db:
        bank = db.query(Bank).filter_by(name="daily").one()
        topic = Topic(bank_id=bank.id, ref="chats", title="会话", position=9)
        db.add(topic)
        db.flush()
        add_question(bank.id, topic.id, "chat-1", chat_fields(1))
    run = begin(client.log_in_as(learner), **{"daily-topics": "chats"})
    page = client.get(f"{run}/1")
    assert "开始接待" in page and "顾客的话" not in page
    head = {"X-CSRFToken": client.csrf()}
    told = client.raw.post(f"{run}/1/turn", data="null", headers=head)
    assert told.status_code == 200 and told.json["heard"][0][0] == "顾客的话t1"
    assert client.raw.post(f"{run}/1/turn", data="{", headers=head).status_code == 422
    client.post(f"{run}/1", {"give_up": "1"}, audited=False)
    assert client.raw.post(f"{run}/1/turn", data="null", headers=head).status_code == 409


def test_what_people_mark_is_not_practised(app, learner) -> None:
    from cstrain.questions.models import Bank, Topic
    from tests.factories.aloud import written
    from tests.factories.exams import add_question

    with app.app_context():
        with unit_of_work() as db:
            bank = db.query(Bank).filter_by(name="daily").one()
            topic = Topic(bank_id=bank.id, ref="aloud", title="口试", position=9)
            db.add(topic)
            db.flush()
            add_question(bank.id, topic.id, "oral-1", written("oral", 1))
        assert {each.topic for each in queries.open_pool()} == {"basics"}
        assert DAY


def test_the_home_says_how_many_wrong_questions_are_due(app, client, learner) -> None:
    client.log_in_as(learner)
    assert "错题" not in client.get("/")
    with app.app_context():
        sit(learner)
    assert "有2道错题该复习了" in plain(client.get("/"))
