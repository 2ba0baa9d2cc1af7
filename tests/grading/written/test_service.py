"""Marking from queues: from what was handed in to the result, blind, by people who stand far enough away."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from cstrain.exams import service as exams
from cstrain.grading import jobs
from cstrain.grading import queries as grading
from cstrain.grading.models import Result
from cstrain.grading.service.marking import judge
from cstrain.grading.written import queries, service
from cstrain.grading.written.facts import QueueKey
from cstrain.grading.written.models import WrittenMark, WrittenTask
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.unit_of_work import unit_of_work
from tests.factories import exams as exam_make
from tests.factories import written as make
from tests.factories.people import make_department, make_person
from tests.factories.written import LATER, finish, hand_in, mark_next, points, take, the_queue
from tests.racing import race

NAMES = ("田雨", "叶蓁", "邓文博")


@pytest.fixture
def markers(context) -> list[int]:
    place = make_department("质检组")
    return [make_person(name, roles=["marker"], department=place) for name in NAMES]


@pytest.fixture
def candidate(context) -> int:
    return make_person("林晓雯")


def results(attempt: int) -> list[Result]:
    with unit_of_work() as db:
        return db.query(Result).filter_by(attempt_id=attempt).order_by(Result.number).all()


def tasks() -> list[WrittenTask]:
    with unit_of_work() as db:
        return db.query(WrittenTask).order_by(WrittenTask.id).all()


def test_two_who_agree_settle_a_paper_with_consequences(candidate, markers) -> None:
    paper = make.make_written_paper(consequences=True)
    (attempt,) = hand_in([candidate], paper)
    key = the_queue()
    assert [queries.waiting_count(one, LATER) for one in markers] == [1, 1, 1]
    mark_next(markers[0], key, points("5", "3"))
    assert results(attempt) == [] and grading.waiting_release(LATER) == []
    mark_next(markers[1], key, points("6", "3"))
    (result,) = results(attempt)
    assert (result.raw, result.marks[0]["note"], result.marks[0]["exact"]) == (85, "person", "85")
    assert [one.raw for one in grading.waiting_release(LATER)] == [85]
    assert queries.waiting_count(markers[2], LATER) == 0
    assert grading.involved(attempt) == set(markers[:2])


def test_two_who_differ_call_for_a_third_and_the_closest_two_count(candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    mark_next(markers[0], key, points("2", "2"))
    mark_next(markers[1], key, points("6", "2"))
    assert results(attempt) == []
    assert take(markers[0], key) is None and take(markers[1], key) is None
    mark_next(markers[2], key, points("5", "2"))
    assert results(attempt)[0].raw == 75
    assert [one.round for one in queries.given_marks(attempt)] == [1, 2, 3]
    assert {one.settled for one in queries.given_marks(attempt)} == {Fraction(3, 4)}


def test_of_a_paper_without_consequences_a_sample_is_marked_twice(context, markers) -> None:
    people = [make_person(f"考生{n}") for n in range(6)]
    hand_in(people, make.make_written_paper(release="auto"))
    planned = [task.rounds for task in tasks()]
    assert planned[0] == 2 and 2 <= planned.count(2) < 6
    key = the_queue()
    for _ in people:
        mark_next(markers[0], key, points())
    assert take(markers[0], key) is None
    scores = grading.scores(people, LATER)
    assert sum(score.raw == 100 for each in scores.values() for score in each) == planned.count(1)
    for _ in range(planned.count(2)):
        mark_next(markers[1], key, points())
    assert take(markers[1], key) is None
    assert queries.open_tasks(LATER) == []


def test_a_case_waits_for_its_written_part_and_a_chat_for_half_of_it(candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper(sections=make.THREE, consequences=True))
    assert [(task.slot, task.part) for task in tasks()] == [(1, 0), (2, 1), (3, 0)]
    keys = [task.key for task in queries.open_tasks(LATER)]
    full = {
        each.id: Decimal(each.of)
        for each in queries.sheet(take(markers[0], keys[2]), markers[0], LATER).rubric.criteria
    }
    for key, given in zip(keys, (points(), points("3", "2"), full), strict=True):
        for marker in markers[:2]:
            assert results(attempt) == []
            mark_next(marker, key, given)
    (result,) = results(attempt)
    essay, case, chat = (Fraction(one["exact"]) for one in result.marks)
    assert (essay, case) == (40, 40 * (Fraction(1, 4) + Fraction(3, 4) / 2))
    assert 10 <= chat < 20 and "credit" not in str(result.marks)
    assert judge(attempt, 1).digest == result.digest


def test_what_was_left_blank_or_cannot_be_read_waits_for_nobody(candidate, markers) -> None:
    paper = make.make_written_paper(sections=make.THREE, consequences=True)
    (attempt,) = hand_in([candidate], paper, {1: " ", 2: {"0": "0", "1": ""}, 3: {"lines": []}})
    assert tasks() == []
    assert results(attempt)[0].raw == 10


def test_nobody_marks_their_own_nor_both_rounds(markers) -> None:
    (attempt,) = hand_in([markers[0]], make.make_written_paper(consequences=True))
    key = the_queue()
    assert take(markers[0], key) is None and queries.queues(markers[0], LATER) == []
    first = mark_next(markers[1], key, points())
    assert take(markers[1], key) is None
    with pytest.raises(NotFoundError):
        queries.sheet(first, markers[2], LATER)
    with pytest.raises(NotFoundError):
        finish(markers[2], first, points())
    mark_next(markers[2], key, points())
    assert results(attempt)[0].raw == 100


def test_who_heads_the_candidates_department_or_group_does_not_mark_them(context, markers) -> None:
    centre = make_department("客服中心", "KF")
    place = make_department("售前客服一部", "SQ1", parent=centre)
    candidate = make_person("林晓雯", department=place)
    close = [
        make_person("主管", roles=["supervisor", "marker"], department=place),
        make_person("组长", roles=["group_leader", "marker"], department=place),
        make_person("总监", roles=["service_director", "marker"], department=centre),
    ]
    colleague = make_person("同事", roles=["marker"], department=place)
    hand_in([candidate], make.make_written_paper())
    assert [queries.waiting_count(one, LATER) for one in close] == [0, 0, 0]
    assert [take(one, the_queue()) for one in close] == [None, None, None]
    assert queries.waiting_count(colleague, LATER) == 1


def test_points_are_kept_as_they_are_typed_and_count_once_finished(candidate, markers) -> None:
    hand_in([candidate], make.make_written_paper())
    key = the_queue()
    sheet_id = take(markers[0], key)
    assert take(markers[0], key) == sheet_id
    with unit_of_work():
        service.keep(markers[0], LATER, sheet_id, {"facts": Decimal("4.5"), "steps": None}, "先看第一段")
    sheet = queries.sheet(sheet_id, markers[0], LATER)
    assert (sheet.points, sheet.note, sheet.state) == ({"facts": Decimal("4.5")}, "先看第一段", "open")
    (queue,) = queries.queues(markers[0], LATER)
    assert (queue.draft, queue.waiting, queue.unsettled) == (sheet_id, 0, 1)
    with pytest.raises(DomainError, match="办法可行没有分数"):
        finish(markers[0], sheet_id, {"facts": Decimal(4), "steps": None})
    with pytest.raises(DomainError, match="只能打0到4分"):
        finish(markers[0], sheet_id, points("4", "5"))
    with pytest.raises(DomainError, match="整分或半分"):
        finish(markers[0], sheet_id, points("4.2", "4"))
    with pytest.raises(DomainError, match="没有“other”"):
        finish(markers[0], sheet_id, {**points(), "other": Decimal(1)})
    with pytest.raises(DomainError, match="备注最多"), unit_of_work():
        service.keep(markers[0], LATER, sheet_id, {}, "长" * 1001)
    finish(markers[0], sheet_id, points("4.5", "4"))
    with pytest.raises(ConflictError, match="已经完成"):
        finish(markers[0], sheet_id, points())


def test_what_the_other_gave_is_shown_only_after_both_have_finished(candidate, markers) -> None:
    hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    first = mark_next(markers[0], key, points("5", "4"))
    second = take(markers[1], key)
    for sheet_id, marker in ((first, markers[0]), (second, markers[1])):
        sheet = queries.sheet(sheet_id, marker, LATER)
        assert (sheet.others, sheet.share) == ((), None)
    finish(markers[1], second, points("6", "4"))
    sheet = queries.sheet(first, markers[0], LATER)
    assert (sheet.own, sheet.others, sheet.share) == (Fraction(9, 10), (Fraction(1),), Fraction(19, 20))


def test_a_finished_sheet_opens_again_until_somebody_else_has_finished(candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    first = mark_next(markers[0], key, points("0", "0"))
    with unit_of_work():
        service.reopen(markers[0], LATER, first)
    finish(markers[0], first, points("6", "3"))
    second = mark_next(markers[1], key, points())
    for marker, sheet_id in ((markers[0], first), (markers[1], second)):
        with pytest.raises(ConflictError, match="不能再打开"), unit_of_work():
            service.reopen(marker, LATER, sheet_id)
    assert results(attempt)[0].raw == 95


def test_a_sheet_given_back_goes_to_others_and_never_comes_again(candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    sheet_id = take(markers[0], key)
    with pytest.raises(DomainError, match="请选择原因"), unit_of_work():
        service.give_back(markers[0], LATER, sheet_id, "stale")
    with unit_of_work():
        service.give_back(markers[0], LATER, sheet_id, "known")
    assert take(markers[0], key) is None
    with pytest.raises(ConflictError, match="已经交回"):
        finish(markers[0], sheet_id, points())
    for marker in markers[1:]:
        mark_next(marker, key, points())
    assert [one.why for one in queries.given_marks(attempt)] == ["known", None, None]
    assert grading.involved(attempt) == set(markers[1:])


def test_a_sheet_that_lies_for_a_day_goes_to_somebody_else(candidate, markers) -> None:
    hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    lying, _second = take(markers[0], key), take(markers[1], key)
    day = LATER + timedelta(hours=24)
    assert take(markers[2], key, day) is None
    with unit_of_work():
        service.keep(markers[1], day, _second, points(), "")
    later = day + timedelta(seconds=1)
    assert take(markers[2], key, later) is not None
    with pytest.raises(ConflictError, match="已经交回"), unit_of_work():
        service.keep(markers[0], later, lying, points(), "")
    finish(markers[1], _second, points(), later)


def test_what_was_voided_is_marked_no_more(candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    sheet_id = take(markers[0], key)
    with unit_of_work():
        proposal = exams.propose_void(markers[1], LATER, attempt, "设备故障")
    with unit_of_work():
        exams.decide_intervention(markers[2], LATER, proposal, agreed=True)
    assert queries.waiting_count(markers[1], LATER) == 0 and take(markers[1], key) is None
    assert queries.sheet(sheet_id, markers[0], LATER).state == "voided"
    with pytest.raises(ConflictError, match="作废"):
        finish(markers[0], sheet_id, points())


def test_each_queue_holds_one_question_of_one_paper(context, markers) -> None:
    people = [make_person(f"考生{n}") for n in range(4)]
    hand_in(people, make.make_written_paper(each=3, consequences=True))
    found = queries.queues(markers[0], LATER)
    assert sum(queue.waiting for queue in found) == 4
    assert len({queue.stem for queue in found}) == len(found)
    assert take(markers[0], QueueKey("written", 10_000, 0)) is None


def test_old_answers_that_wait_in_no_queue_enter_one(candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper())
    with unit_of_work() as db:
        db.query(WrittenTask).delete()
    assert jobs.run(LATER) == 1
    assert [task.attempt_id for task in tasks()] == [attempt]
    assert jobs.run(LATER) == 0


def test_two_who_take_at_the_same_moment_get_a_round_each(app, candidate, markers) -> None:
    hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    won, refused = race(app, *((lambda one=one: service.take(one, LATER, key)) for one in markers))
    assert refused == [] and won.count(None) == 1
    with unit_of_work() as db:
        assert sorted(mark.round for mark in db.query(WrittenMark)) == [1, 2]


def test_two_who_finish_at_the_same_moment_make_one_result(app, candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    sheets = [(one, take(one, key)) for one in markers[:2]]
    acts = [lambda one=one, at=at: service.finish(one, LATER, at, points(), "") for one, at in sheets]
    _won, refused = race(app, *acts)
    assert refused == []
    assert [row.raw for row in results(attempt)] == [100]


def test_finishing_twice_at_the_same_moment_is_finishing_once(app, candidate, markers) -> None:
    hand_in([candidate], make.make_written_paper(consequences=True))
    sheet_id = take(markers[0], the_queue())
    _won, refused = race(app, *[lambda: service.finish(markers[0], LATER, sheet_id, points(), "")] * 2)
    assert [str(one) for one in refused] == ["这张打分表已经完成，没有保存。要改请先重新打开。"]


def test_two_who_hand_in_at_the_same_moment_both_enter_the_queue(app, context, markers) -> None:
    people = [make_person("林晓雯"), make_person("罗一鸣")]
    sitting = exam_make.make_sitting(people, make.make_written_paper())
    acts = []
    for person in people:
        with unit_of_work():
            attempt = exams.start(person, sitting, LATER, "tab-1")
        exam_make.save(person, attempt, [exam_make.event(1, '"先报主管。"', 1)], at=LATER)
        acts.append(lambda who=person, what=attempt: exams.submit(who, what, f"key-{what}", LATER))
    _won, refused = race(app, *acts)
    assert refused == []
    assert tasks()[0].rounds == 2 and len(tasks()) == 2
    assert queries.waiting_count(markers[0], LATER) == 2


def test_an_answer_nobody_needs_to_mark_any_more_leaves_its_queue(candidate, markers) -> None:
    (attempt,) = hand_in([candidate], make.make_written_paper(consequences=True))
    key = the_queue()
    with unit_of_work() as db:
        db.add(
            Result(
                attempt_id=attempt,
                number=1,
                raw=Decimal(100),
                marks=[],
                digest="credited",
                reason="credited",
                marked_at=LATER,
            )
        )
    assert queries.waiting_count(markers[0], LATER) == 0 and take(markers[0], key) is None
