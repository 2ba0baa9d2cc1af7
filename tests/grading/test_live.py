"""Marking live: the examiner's sheet, what waits for it, the result when the last one is finished."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from cstrain.exams.facts import MarkableSlot
from cstrain.grading import queries, service
from cstrain.grading.doubts import doubts
from cstrain.grading.live_queries import live_sheet
from cstrain.grading.models import Result
from cstrain.grading.rules import SlotMark, mark, section_scores, total
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.question_type import question_types
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.aloud import PASSAGE, make_aloud_attempt, written
from tests.factories.people import make_person

LATER = START + timedelta(minutes=10)
GOOD = {"greeting": Decimal(20), "need": Decimal(60)}
TYPED = {"text": PASSAGE, "ms": 60_000}


def version(kind: str, number: int) -> KeyedVersion:
    question = question_types().get(kind).model_validate(written(kind, number))
    return KeyedVersion(number, kind, question.control, question.content(), question.key(), "", "")


VERSIONS = {1: version("typing", 1), 2: version("oral", 2)}
SLOTS = [
    MarkableSlot(1, 1, Decimal(50), (), json.dumps(TYPED)),
    MarkableSlot(2, 2, Decimal(50), (), None),
]


# rules


def test_a_slot_for_people_waits_until_they_have_given_its_share() -> None:
    waiting = mark(SLOTS, VERSIONS, partial=False)
    assert (waiting.waiting, waiting.slots[1].note, waiting.raw) == ((2,), "waiting", 50)
    marked = mark(SLOTS, VERSIONS, partial=False, given={2: {0: Fraction(4, 5)}})
    assert (marked.waiting, marked.slots[1].note, marked.raw) == ((), "person", 90)


def test_what_people_give_to_a_slot_of_the_machine_does_not_count() -> None:
    marked = mark(SLOTS, VERSIONS, partial=False, given={1: {0: Fraction(0)}, 2: {0: Fraction(1)}})
    assert marked.raw == 100


def test_measures_stay_with_their_slot_and_count_in_the_digest() -> None:
    marked = mark(SLOTS, VERSIONS, partial=False, given={2: {0: Fraction(1)}})
    assert marked.slots[0].measures["speed"] == "144"
    bare = total([SlotMark(1, Fraction(50), Decimal("50.000"), ""), marked.slots[1]])
    assert bare.raw == marked.raw and bare.digest != marked.digest


def test_the_digest_of_a_result_without_people_and_measures_stays_as_it_was() -> None:
    marks = [
        SlotMark(1, Fraction(5), Decimal("10.000"), ""),
        SlotMark(2, Fraction(0), Decimal("10"), "blank"),
    ]
    assert total(marks).digest == ("55112a3c8b3dbb029accc58ac76044f4066e62fb5d92871d4d6bf08c66a610a5")


def test_sections_add_up_their_slots_and_take_the_mean_of_what_they_measured() -> None:
    marks = [
        SlotMark(1, Fraction(20), Decimal(50), "", {"speed": "40"}),
        SlotMark(2, Fraction(30), Decimal(50), "", {"speed": "50"}),
        SlotMark(3, Fraction(7), Decimal(10), ""),
    ]
    first, second = section_scores(marks, {1: "打字", 2: "打字", 3: "短语"})
    assert (first.title, first.earned, first.of, first.measures) == ("打字", 50, 100, {"speed": 45})
    assert (second.earned, second.of, second.measures) == (7, 10, {})


@pytest.mark.parametrize(
    ("gross", "ms", "server", "found"),
    [
        (300, 60_000, 60_000, ()),
        (301, 60_000, 60_000, ("speed",)),
        (100, 60_000, 70_000, ()),
        (100, 60_000, 70_001, ("clock",)),
        (900, 1_000, 60_000, ("speed", "clock")),
        (100, 60_000, 3_000, ()),
        (100, 60_000, None, ()),
    ],
)
def test_people_are_asked_to_look_and_nothing_is_taken_away(gross, ms, server, found) -> None:
    assert doubts(Fraction(gross), ms, server) == list(found)


# service


@pytest.fixture
def house(context):
    person = make_person("林晓雯")
    return {
        "person": person,
        "examiner": make_person("叶蓁", roles=["examiner"]),
        "other": make_person("田雨", roles=["examiner"]),
        "attempt": make_aloud_attempt(person, release="auto"),
    }


def begin(house, who: str = "examiner", **kwargs) -> None:
    with unit_of_work():
        service.begin_live(house[who], START, house["attempt"], 2, **kwargs)


def finish(house, points=GOOD, who: str = "examiner", at=LATER) -> None:
    with unit_of_work():
        service.finish_live(house[who], at, house["attempt"], 2, points, "问到了订单号")


def results(house) -> list[Result]:
    with unit_of_work() as db:
        return db.query(Result).filter_by(attempt_id=house["attempt"]).order_by(Result.number).all()


def hand_in(house, at=LATER) -> None:
    make.save(house["person"], house["attempt"], [make.event(1, json.dumps(TYPED), 1)], at=at)
    make.submit(house["person"], house["attempt"], at=at)


def test_a_task_waits_for_an_examiner_and_shows_who_is_ready(house) -> None:
    (task,) = queries.live_tasks(START)
    assert (task.slot, task.ready, task.examiner, task.minutes) == (2, False, None, 5)
    make.save(house["person"], house["attempt"], [make.event(2, '{"ready": true}', 1)])
    assert queries.live_tasks(START)[0].ready


def test_the_examiner_sees_their_part_and_keeps_points_as_they_go(house) -> None:
    begin(house)
    with unit_of_work():
        service.keep_live(house["examiner"], START, house["attempt"], 2, {"greeting": Decimal(15)}, "快")
    sheet = live_sheet(house["attempt"], 2, START)
    assert "你扮演" in sheet.examiner_text
    assert (sheet.points, sheet.note, sheet.rubric.of) == ({"greeting": Decimal(15)}, "快", 100)


def test_the_result_comes_when_the_paper_is_in_and_the_sheet_is_finished(house) -> None:
    begin(house)
    finish(house)
    assert results(house) == []
    hand_in(house)
    (row,) = results(house)
    assert row.raw == 90
    assert [one["note"] for one in row.marks] == ["", "person"]
    assert row.marks[0]["measures"]["speed"] == "144"
    assert queries.live_tasks(LATER) == []


def test_the_sheet_may_also_be_finished_after_the_paper_is_in(house) -> None:
    hand_in(house)
    assert results(house) == []
    assert queries.score(house["attempt"], LATER).raw is None
    begin(house)
    finish(house)
    assert queries.score(house["attempt"], LATER).raw == 90


@pytest.mark.both_databases
def test_the_whole_way_works_on_both_databases(app) -> None:
    with app.app_context():
        person = make_person("林晓雯")
        examiner = make_person("叶蓁", roles=["examiner"])
        both = {"person": person, "examiner": examiner, "attempt": make_aloud_attempt(person, release="auto")}
        begin(both)
        hand_in(both)
        assert [task.examiner for task in queries.live_tasks(LATER)] == [examiner]
        finish(both)
        assert queries.score(both["attempt"], LATER).raw == 90
        assert [one.title for one in queries.sections([both["attempt"]])[both["attempt"]]] == ["打字", "电话"]
        assert queries.waiting_release(LATER) == []


def test_released_sections_and_slots_show_what_was_measured(house) -> None:
    begin(house)
    finish(house)
    assert queries.sections([house["attempt"]]) == {}
    hand_in(house)
    typing, phone = queries.sections([house["attempt"]])[house["attempt"]]
    assert (typing.title, typing.measures["accuracy"]) == ("打字", 100)
    assert (phone.title, phone.earned, phone.of) == ("电话", 40, 50)
    assert queries.slot_results(house["attempt"], LATER)[0].measures["speed"] == "144"


def test_every_criterion_needs_points_within_its_range(house) -> None:
    begin(house)
    with pytest.raises(DomainError, match="问清需求没有分数"):
        finish(house, {"greeting": Decimal(20), "need": None})
    with pytest.raises(DomainError, match="只能打0到80分"):
        finish(house, {"greeting": Decimal(20), "need": Decimal(81)})
    with pytest.raises(DomainError, match="没有“other”这一项"):
        finish(house, {**GOOD, "other": Decimal(1)})
    with pytest.raises(DomainError, match="备注最多"), unit_of_work():
        service.keep_live(house["examiner"], START, house["attempt"], 2, {}, "长" * 1001)


def test_a_task_has_one_examiner_who_may_be_relieved(house) -> None:
    begin(house)
    begin(house)
    with pytest.raises(ConflictError, match="接手"):
        begin(house, "other")
    with pytest.raises(ConflictError, match="不在你手里"):
        finish(house, who="other")
    begin(house, "other", take_over=True)
    with pytest.raises(ConflictError, match="不在你手里"):
        finish(house)
    finish(house, who="other")
    with pytest.raises(ConflictError, match="另一位考官"):
        begin(house, take_over=True)
    assert house["other"] in queries.involved(house["attempt"])


def test_a_finished_sheet_opens_again_only_while_there_is_no_result(house) -> None:
    begin(house)
    finish(house)
    with pytest.raises(ConflictError, match="已经完成"):
        finish(house)
    with pytest.raises(ConflictError, match="没有可以重新打开"), unit_of_work():
        service.reopen_live(house["other"], LATER, house["attempt"], 2)
    with unit_of_work():
        service.reopen_live(house["examiner"], LATER, house["attempt"], 2)
    finish(house, {"greeting": Decimal(0), "need": Decimal(0)})
    hand_in(house)
    assert results(house)[0].raw == 50
    with pytest.raises(ConflictError, match="已经算出来了"), unit_of_work():
        service.reopen_live(house["examiner"], LATER, house["attempt"], 2)


def test_nobody_marks_themself_and_only_oral_slots_have_a_sheet(house) -> None:
    with pytest.raises(ForbiddenError):
        begin(house, "person")
    with pytest.raises(NotFoundError), unit_of_work():
        service.begin_live(house["examiner"], START, house["attempt"], 1)
    with pytest.raises(NotFoundError), unit_of_work():
        service.begin_live(house["examiner"], START, house["attempt"], 9)


def test_a_change_of_marks_keeps_the_measures_of_the_others(house) -> None:
    begin(house)
    finish(house)
    hand_in(house)
    with unit_of_work():
        change = service.propose_change(house["other"], LATER, house["attempt"], 2, Decimal(50), "复核")
    with unit_of_work():
        service.confirm_change(make_person("第二人"), LATER, change)
    last = results(house)[-1]
    assert (last.raw, last.marks[0]["measures"]["speed"]) == (100, "144")


def test_an_impossible_speed_is_shown_to_who_releases_and_costs_nothing(context) -> None:
    person, examiner = make_person("林晓雯"), make_person("叶蓁", roles=["examiner"])
    attempt = make_aloud_attempt(person)
    house = {"person": person, "examiner": examiner, "attempt": attempt}
    quick = json.dumps({"text": PASSAGE, "ms": 5_000, "pastes": 2})
    make.save(person, attempt, [make.event(1, '{"text": "", "ms": 1}', 1)])
    make.save(person, attempt, [make.event(1, quick, 2)], at=START + timedelta(seconds=40))
    make.submit(person, attempt, at=LATER)
    begin(house)
    finish(house)
    (waiting,) = queries.waiting_release(LATER)
    assert waiting.doubts == ("clock", "paste", "speed")
    assert waiting.raw == 90


# pages


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def folk(app):
    with app.app_context():
        person = make_person("林晓雯")
        examiner = make_person("叶蓁", roles=["examiner"])
        other = make_person("田雨", roles=["qc_manager"])
        return {
            "person": person,
            "examiner": examiner,
            "other": other,
            "attempt": make_aloud_attempt(person, release="auto"),
        }


def test_the_examiners_pages_from_the_list_to_the_result(client, folk) -> None:
    url = f"/oral/{folk['attempt']}/2"
    client.log_in_as(folk["examiner"])
    assert "有1道题等考官打分" in plain(client.get("/oral"))
    page = client.get(url)
    assert "你扮演催发货的顾客" in page and "准备给林晓雯打分" in plain(page)
    client.post(f"{url}/begin")
    page = client.get(url)
    assert page.count("data-stepper") == 2 and 'data-elapsed="0"' in page
    kept = client.post(f"{url}/points", {"points_greeting": "15", "note": "快"}, 200, audited=False)
    assert kept.json == {"saved": "09:00:00"}
    refused = client.post(f"{url}/points", {"points_greeting": "x"}, 422)
    assert "请填数字" in refused.json["error"]
    refused = client.post(f"{url}/points", {"points_greeting": "21"}, 422)
    assert "只能打0到20分" in refused.json["error"]
    assert 'value="15"' in client.get(url)
    page = client.post(f"{url}/finish", {"points_greeting": "15", "note": "快"}, 422).text
    assert "问清需求没有分数" in page and 'value="15"' in page
    client.post(f"{url}/finish", {"points_greeting": "15", "points_need": "60", "note": "快"})
    assert "已打分，等交卷" in client.get("/oral")
    assert "15/20" in plain(client.get(url))
    client.post(f"{url}/reopen")
    client.post(f"{url}/finish", {"points_greeting": "20", "points_need": "60", "note": ""})
    client.log_in_as(folk["person"]).get("/oral", status=403)


def test_another_examiner_may_take_over_and_the_first_is_told(client, folk) -> None:
    url = f"/oral/{folk['attempt']}/2"
    client.log_in_as(folk["examiner"]).post(f"{url}/begin")
    client.log_in_as(folk["other"])
    assert "叶蓁正在给林晓雯打分" in plain(client.get(url))
    client.post(f"{url}/begin")
    client.log_in_as(folk["examiner"])
    refused = client.post(f"{url}/points", {"points_greeting": "15"}, 409)
    assert "不在你手里" in refused.json["error"]


def test_an_examiner_who_sits_the_paper_finds_nothing_of_their_own(app, client) -> None:
    with app.app_context():
        examiner = make_person("叶蓁", roles=["examiner"])
        attempt = make_aloud_attempt(examiner)
    client.log_in_as(examiner)
    assert "没有等考官打分的题" in client.get("/oral")
    client.get(f"/oral/{attempt}/2", status=404)
    client.post(f"/oral/{attempt}/2/begin", status=404)


def test_before_release_the_candidate_can_fetch_nothing_of_the_examiners_part(client, folk) -> None:
    client.log_in_as(folk["person"])
    for page in (client.get(f"/attempts/{folk['attempt']}"), client.get(f"/attempts/{folk['attempt']}/held")):
        assert make.CANARY not in page


def test_a_result_says_how_fast_and_how_rightly_was_typed(app, client, folk) -> None:
    with app.app_context():
        begin(folk)
        finish(folk)
        hand_in(folk)
    page = plain(client.log_in_as(folk["person"]).get(f"/results/{folk['attempt']}"))
    assert "速度144字/分，准确率100%" in page
    assert "口头作答，由考官当场打分" in page and "问清需求（80分）" in page


def test_the_desk_says_what_to_look_at_before_a_typing_result_is_released(app, client) -> None:
    with app.app_context():
        person, hr = make_person("林晓雯"), make_person("何静", roles=["hr"])
        attempt = make_aloud_attempt(person)
        house = {"person": person, "examiner": make_person("叶蓁", roles=["examiner"]), "attempt": attempt}
        quick = json.dumps({"text": PASSAGE, "ms": 5_000, "pastes": 2})
        make.save(person, attempt, [make.event(1, quick, 1)])
        make.submit(person, attempt, at=LATER)
        begin(house)
        finish(house)
    page = plain(client.log_in_as(hr).get("/grading"))
    assert "打字待核对" in page and "有粘贴，速度超出常人" in page
