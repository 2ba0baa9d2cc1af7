"""The desk says how many answers of each sitting still wait for people to mark them."""

from __future__ import annotations

import json
import re

import pytest

from cstrain.exams import service as exams
from cstrain.exams.models import Attempt
from cstrain.grading import service as grading
from cstrain.grading.unmarked import unmarked_sittings
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import aloud, written
from tests.factories import exams as make
from tests.factories.people import make_department, make_person
from tests.factories.written import LATER


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def folk(app, clock):
    clock.set(LATER)
    with app.app_context():
        away = make_department("质检组")
        return {
            "people": [make_person("林晓雯"), make_person("罗一鸣")],
            "marker": make_person("叶蓁", roles=["marker"], department=away),
            "trainer": make_person("邓文博", roles=["trainer"], department=away),
            "hr": make_person("宋雅琴", roles=["hr"], department=away),
        }


@pytest.fixture
def handed_in(app, folk):
    with app.app_context():
        return written.hand_in(folk["people"], written.make_written_paper(sections=written.THREE))


def hand_in_aloud(people, examiner):
    """Both people sit a telephone task and hand in; the examiner has begun the first one's sheet."""
    sitting = make.make_sitting(people, aloud.make_aloud_paper(sections=TALK))
    for person in people:
        with unit_of_work():
            attempt = exams.start(person, sitting, LATER, "tab-1")
        make.save(person, attempt, [make.event(1, json.dumps(True), 1)], at=LATER)
        make.submit(person, attempt, at=LATER, key=f"aloud-{attempt}")
        if person == people[0]:
            with unit_of_work():
                grading.begin_live(examiner, LATER, attempt, 1)


TALK = [{"title": "电话", "marks": 100, "cells": [{"topics": ["telephone"], "types": ["oral"], "count": 1}]}]


def test_each_sitting_says_what_waits_in_queues_and_for_an_examiner(app, folk, handed_in) -> None:
    with app.app_context():
        hand_in_aloud(folk["people"], folk["trainer"])
        written.take(folk["marker"], written.the_queue(part=1))
        first, second = unmarked_sittings(LATER)
        assert (first.written, first.aloud, first.begun, first.attempts) == (6, 0, 1, 2)
        assert (second.written, second.aloud, second.begun, second.attempts) == (0, 2, 1, 2)
        assert first.since == LATER and first.sitting_id != second.sitting_id


def test_what_is_marked_or_voided_waits_no_more(app, folk, handed_in) -> None:
    with app.app_context():
        key = written.the_queue(part=1)
        for marker in (folk["marker"], folk["trainer"]):
            while (sheet := written.take(marker, key)) is not None:
                written.finish(marker, sheet, written.points())
        (left,) = unmarked_sittings(LATER)
        assert left.written == 4 and left.begun == 0
        with unit_of_work() as db:
            for attempt in handed_in:
                db.get_one(Attempt, attempt).voided_at = LATER
        assert unmarked_sittings(LATER) == []


def test_the_desk_shows_it_and_who_marks_gets_there(client, folk, handed_in) -> None:
    page = client.log_in_as(folk["trainer"]).get("/grading")
    assert "还在等人阅" in page and "还没有人在阅" in page and 'href="/marking"' in page
    assert "没有要办的事" in plain(page)
    page = client.log_in_as(folk["hr"]).get("/grading")
    assert "还在等人阅" in page and 'href="/marking"' not in page


def test_it_costs_the_same_for_more_sittings(app, folk, handed_in) -> None:
    with app.app_context():
        hand_in_aloud(folk["people"], folk["trainer"])
        with counted(app) as two:
            assert len(unmarked_sittings(LATER)) == 2
        written.hand_in(folk["people"], "written", at=LATER)
        with counted(app) as three:
            assert len(unmarked_sittings(LATER)) == 3
    assert len(three) == len(two)
