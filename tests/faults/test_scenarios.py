"""What happens to accounts, content and bodies while somebody sits: no answer is lost or crosses over.

The whole list of scenarios and where each is tested stands in ``tests/faults/test_where.py``.
"""

from __future__ import annotations

import gzip
import json
import random
import uuid
from datetime import timedelta
from typing import Any

import pytest

from cstrain.exams import queries, service
from cstrain.exams.models import Answer, AnswerEvent, AttemptQuestion
from cstrain.exams.service import saving
from cstrain.extensions import db, session
from cstrain.grading import service as grading
from cstrain.grading.models import Result
from cstrain.people import service as people
from cstrain.people.passwords import hash_password
from cstrain.questions.models import Question, QuestionKey, QuestionVersion
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person, make_role
from tests.web.page_client import PageClient

pytestmark = pytest.mark.both_databases
PASSWORD = "竹杖芒鞋轻胜马20"
MINUTE = timedelta(minutes=1)


class Seat:
    """Somebody at a running attempt, as a browser talks to the server."""

    def __init__(self, app: Any, clock: Any) -> None:
        self.app, self.clock = app, clock
        with app.app_context():
            self.person = make_person("林晓雯", "K0777", password=PASSWORD)
            self.attempt = make.make_attempt(self.person)
            self.hr = make_person("王敏", roles=["hr"])
        self.client = PageClient(app).log_in_as(self.person)
        self.seq = 0

    def save(self, value: Any, slot: int = 1, client: PageClient | None = None, token: str = "") -> Any:
        """Send one answer as the player does; the response."""
        browser = client or self.client
        self.seq += 1
        event = {"id": str(uuid.uuid4()), "seq": self.seq, "slot": slot, "value": value, "mono": self.seq}
        headers = {"X-CSRFToken": token or browser.csrf(), "Accept": "application/json"}
        body = {"lease": 1, "events": [event]}
        return browser.raw.post(f"/attempts/{self.attempt}/answers", json=body, headers=headers)

    def held(self) -> dict[int, Any]:
        """What the server holds."""
        with self.app.app_context():
            rows = session().query(Answer).filter_by(attempt_id=self.attempt)
            found = {row.slot: json.loads(row.value) for row in rows}
            db.session.remove()
        return found


@pytest.fixture
def seat(app, clock) -> Seat:
    seat = Seat(app, clock)
    assert seat.save("0").status_code == 200
    return seat


# -- the shortest way


def test_a_save_that_breaks_off_leaves_nothing_stored_and_no_lock(seat, monkeypatch) -> None:
    def break_off(*_given: Any) -> None:
        raise RuntimeError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr("cstrain.exams.service.saving.outcome", break_off)
        assert seat.save("1").status_code == 500
    assert seat.held() == {1: "0"}
    assert seat.save("2").status_code == 200 and seat.held() == {1: "2"}


def test_a_save_uses_the_objects_of_the_session_only_when_it_is_no_usual_one(seat, monkeypatch) -> None:
    widened: list[bool] = []
    real = saving.widen
    monkeypatch.setattr(saving, "widen", lambda: widened.append(real()) or widened[-1])
    assert seat.save("1").status_code == 200 and widened == []
    seat.clock.move(timedelta(hours=3))
    assert seat.save("2").get_json()["dispositions"].popitem()[1] == "late"
    assert widened == [True] and seat.held() == {1: "1"}


# -- accounts


def refused_and_kept(seat: Seat) -> None:
    """A save is refused, the answer of before stays, and nothing new is stored."""
    response = seat.save("1")
    assert response.status_code in (302, 400, 401, 403)
    assert seat.held() == {1: "0"}


def test_logging_out_in_another_tab_loses_nothing_and_signing_in_again_goes_on(seat) -> None:
    seat.client.post("/log-out", audited=False)
    refused_and_kept(seat)
    seat.client.log_in_as(seat.person)
    assert seat.save("1").status_code == 200 and seat.held() == {1: "1"}


def test_a_session_that_ran_out_loses_nothing(seat) -> None:
    seat.clock.move(timedelta(hours=13))
    refused_and_kept(seat)
    seat.client.log_in_as(seat.person)
    assert seat.save("1").get_json()["dispositions"].popitem()[1] == "late"  # kept aside, not thrown away
    with seat.app.app_context():
        assert queries.events_by_disposition([seat.attempt]) == {"accepted": 1, "late": 1}


def test_somebody_else_who_signs_in_here_can_neither_write_nor_read(seat) -> None:
    token = seat.client.csrf()
    with seat.app.app_context():
        other = make_person("别人")
    seat.client.log_in_as(other)
    assert seat.save("1", token=token).status_code == 400  # the page's token is not this session's
    assert seat.client.raw.get("/attempts/token").get_json()["person"] == other
    assert seat.save("1").status_code == 404
    assert seat.client.raw.get(f"/attempts/{seat.attempt}/state").status_code == 404
    assert seat.held() == {1: "0"}


def test_a_password_changed_elsewhere_ends_the_session_and_no_answer(seat) -> None:
    elsewhere = PageClient(seat.app).log_in_as(seat.person)
    new = PASSWORD + "二"
    elsewhere.post("/account/password", {"current": PASSWORD, "password": new, "again": new})
    refused_and_kept(seat)
    seat.client.raw.get("/log-in")
    seat.client.post("/log-in", {"username": "K0777", "password": new})
    assert seat.save("1").status_code == 200 and seat.held() == {1: "1"}


def test_an_administrators_reset_ends_the_session_and_no_answer(seat) -> None:
    with seat.app.app_context(), unit_of_work():
        people.store_password(seat.person, hash_password(PASSWORD + "三"))
        session().flush()
    response = seat.save("1")
    assert response.status_code in (200, 302, 401)
    assert seat.held()[1] == ("1" if response.status_code == 200 else "0")


def test_a_closed_account_writes_no_more_and_the_paper_is_handed_in_by_the_clock(seat) -> None:
    with seat.app.app_context(), unit_of_work():
        people.close_account(seat.hr, seat.clock.now(), seat.person, None)
    refused_and_kept(seat)
    seat.clock.move(31 * MINUTE)
    with seat.app.app_context():
        with unit_of_work():
            service.close_expired(seat.attempt, seat.clock.now())
        receipt = service.receipt(seat.person, seat.attempt)
    assert receipt.answered == 1


def test_a_role_given_during_the_exam_changes_the_session_and_not_the_exam(seat) -> None:
    with seat.app.app_context():
        make_role(seat.person, "trainer")
    assert seat.save("1").status_code in (200, 302)
    seat.client.log_in_as(seat.person)
    assert seat.save("2").status_code == 200 and seat.held() == {1: "2"}


# -- content


def first_question(attempt: int) -> AttemptQuestion:
    return session().query(AttemptQuestion).filter_by(attempt_id=attempt, slot=1).one()


def test_a_question_retired_during_the_exam_stays_in_it_and_counts(seat) -> None:
    with seat.app.app_context():
        before = queries.taking_view(seat.person, seat.attempt, START).slots
        with unit_of_work() as rows:
            rows.get_one(Question, first_question(seat.attempt).question_id).retired_at = START
        assert queries.taking_view(seat.person, seat.attempt, START).slots == before
        right = make.right_answers(seat.attempt)[1]
    assert seat.save(json.loads(right)).status_code == 200
    with seat.app.app_context():
        make.submit(seat.person, seat.attempt)
        assert _earned(seat.attempt, 1) > 0


def _earned(attempt: int, slot: int) -> float:
    """Return what the newest marking gives for a slot."""
    newest = session().query(Result).filter_by(attempt_id=attempt).order_by(Result.number.desc()).first()
    assert newest is not None
    return next(float(mark["earned"]) for mark in newest.marks if mark["slot"] == slot)


def test_a_key_corrected_during_the_exam_is_unseen_until_the_end_and_then_decides(seat) -> None:
    from cstrain.grading.rekeying import service as rekeying
    from cstrain.questions.facts import NewKey

    with seat.app.app_context():
        single = session().query(QuestionVersion.id).filter_by(type="single_choice")
        kinds = {version for (version,) in single}
        slot = next(one for one in queries.markable_slots(seat.attempt) if one.version_id in kinds)
        key = session().query(QuestionKey).filter_by(version_id=slot.version_id).one().key
        wrong = next(str(place) for place in slot.option_order if str(place) not in key["right"])
        trainers = [make_person(name, roles=["trainer"]) for name in ("李老师", "何老师")]
        make.save(
            seat.person,
            seat.attempt,
            [make.event(slot.slot, json.dumps(str(slot.option_order.index(int(wrong)))), 900)],
        )
        before = seat.client.get(f"/attempts/{seat.attempt}/state")
        new = NewKey(slot.version_id, "key", {**key, "right": [wrong]}, "正确的是另一项", "原来的答案印错了")
        with unit_of_work():
            proposal = rekeying.propose(trainers[0], START, new)
        with unit_of_work():
            rekeying.confirm(trainers[1], START, proposal)
    assert seat.client.get(f"/attempts/{seat.attempt}/state") == before
    with seat.app.app_context():
        make.submit(seat.person, seat.attempt)
        assert _earned(seat.attempt, slot.slot) > 0


def test_minutes_given_during_the_exam_are_told_at_the_next_save(seat) -> None:
    left = seat.save("1").get_json()["remaining_ms"]
    with seat.app.app_context(), unit_of_work():
        service.extend(seat.hr, START, seat.attempt, 5, "停电")
    assert seat.save("2").get_json()["remaining_ms"] == left + 5 * 60_000


def test_what_a_candidate_takes_away_during_the_exam_is_what_the_server_holds(seat) -> None:
    seat.save("2", 2)
    timeline = seat.client.download(f"/attempts/{seat.attempt}/timeline.json")
    assert json.loads(timeline)
    seat.client.get(f"/attempts/{seat.attempt}/held")
    assert seat.save("3", 2).status_code == 200 and seat.held() == {1: "0", 2: "3"}


# -- bodies

NAUGHTY = [
    "",
    "undefined",
    "null",
    "NaN",
    "1e309",
    "0x1FFFFFFFFFFFFF",
    "１２３４",
    "٠١٢٣",
    "\u0000",
    "\u0001\u0007\u001b[31m",
    "\ufeff\u200b\u200d",
    "\u202eright to left\u202c",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "𠮷野家で叱る",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} ${7*7} <%= 7 %> #{7}",
    "'; DROP TABLE answer_event; --",
    "%s %x %n %(name)s {0.__class__}",
    "../../../../etc/passwd\u0000.png",
    "=cmd|'/c calc'!A1",
    "$(touch /tmp/x) `id` ; ls",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "a" * 5000,
    "\r\nSet-Cookie: a=b",
]
"""A small sample of strings that have broken other systems (after the Big List of Naughty Strings)."""


def test_whatever_is_pasted_comes_back_as_it_was(seat) -> None:
    with seat.app.app_context():
        slots = queries.taking_view(seat.person, seat.attempt, START).slots
        slot = next(one.slot for one in slots if one.type == "fill_in")
    for text in NAUGHTY:
        response = seat.save([text], slot)
        assert response.status_code == 200, repr(text)
        if response.get_json()["dispositions"].popitem()[1] == "accepted":
            state = json.loads(seat.client.get(f"/attempts/{seat.attempt}/state"))
            assert state["answers"][str(slot)]["value"] == [text]
        for page in ("", "/held"):
            seat.client.get(f"/attempts/{seat.attempt}{page}")
    with seat.app.app_context():
        counts = queries.events_by_disposition([seat.attempt])
        assert sum(counts.values()) == 1 + len(NAUGHTY) and counts["accepted"] > len(NAUGHTY) - 3
        make.submit(seat.person, seat.attempt)
    seat.client.get(f"/attempts/{seat.attempt}/receipt")


def test_an_essay_of_a_megabyte_is_kept_aside_whole_and_breaks_nothing(seat) -> None:
    essay = "".join(random.Random(1).choices("客服培训考试答卷保存", k=340_000))  # 3 bytes each
    response = seat.save(essay)
    assert response.status_code == 200
    assert response.get_json()["dispositions"].popitem()[1] == "unparsable"
    with seat.app.app_context():
        kept = session().query(AnswerEvent).filter_by(disposition="unparsable").one().value
    assert json.loads(kept) == essay and seat.held() == {1: "0"}
    assert seat.save("1").status_code == 200


def test_a_gzip_bomb_is_not_blown_up(seat) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    response = seat.client.raw.post(
        f"/attempts/{seat.attempt}/answers",
        data=bomb,
        headers={
            "X-CSRFToken": seat.client.csrf(),
            "Content-Encoding": "gzip",
            "Content-Type": "application/json",
        },
    )
    assert len(bomb) < 60_000 and response.status_code in (400, 415, 422)
    assert seat.held() == {1: "0"} and seat.save("1").status_code == 200


def test_a_body_beyond_the_limit_is_refused_in_words_and_nothing_is_lost(seat) -> None:
    response = seat.client.raw.post(
        f"/attempts/{seat.attempt}/answers",
        data=b"[" * (9 * 1024 * 1024),
        headers={"X-CSRFToken": seat.client.csrf(), "Content-Type": "application/json"},
    )
    assert response.status_code in (413, 422)
    assert seat.held() == {1: "0"} and seat.save("1").status_code == 200


def test_two_examiners_cannot_keep_points_on_the_same_sheet(app, clock) -> None:
    from cstrain.kernel.errors import DomainError
    from tests.factories.aloud import make_aloud_attempt

    with app.app_context():
        person = make_person("林晓雯")
        first, second = (make_person(name, roles=["examiner"]) for name in ("叶蓁", "田雨"))
        attempt = make_aloud_attempt(person, release="auto")
        with unit_of_work():
            grading.begin_live(first, START, attempt, 2)
        with pytest.raises(DomainError), unit_of_work():
            grading.begin_live(second, START, attempt, 2)
