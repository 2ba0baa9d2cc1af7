"""Exams of days and of whole cohorts, and what the trainee is told: grouped, and not more than helps."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cstrain.exams import queries as exams
from cstrain.exams import service as exam_service
from cstrain.exams.queries import people_groups
from cstrain.kernel.errors import ConflictError
from cstrain.notifications.queries import notices
from cstrain.onboarding import queries, service
from cstrain.onboarding.facts import subject_of
from cstrain.unit_of_work import unit_of_work
from tests.factories.onboarding import (
    START_DATE,
    at,
    do_day,
    do_own_part,
    enter_sheet,
    make_enrolment,
    make_trainee,
    take_paper,
)
from tests.factories.people import make_leave

pytestmark = pytest.mark.usefixtures("context")


def messages(person) -> list[str]:
    return [notice.message for notice in notices(person).notices]


def unread(person) -> list[str]:
    found = [one for one in notices(person).notices if one.read_at is None]
    return [one.message % one.values for one in found if isinstance(one.values.get("number", 0), int)]


def test_conversion_papers_are_not_arranged_with_their_day(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    with pytest.raises(ConflictError, match="转正页"):
        service.schedule_day_exam(house.hr, now, enrolment, 22)
    day = queries.planned_days(enrolment)[22]
    trainees = queries.enrolments_of_cohort(house.cohort)
    with pytest.raises(ConflictError, match="转正页"):
        service.schedule_cohort_exam(house.hr, now, house.cohort, 22, trainees, (at(day, 9), at(day, 11)))
    assert queries.programme(enrolment).day_papers(22) == ()
    assert queries.programme(enrolment).day_papers(8) == ("exam-day-8",)


def test_what_was_arranged_for_certain_hours_keeps_them_when_the_days_move(house):
    enrolment = make_enrolment(house)
    third = queries.planned_days(enrolment)[3]
    (own,) = exams.sittings_for([subject_of(enrolment, 3)])
    with unit_of_work():
        exam_service.cancel(house.hr, at(START_DATE), own.id, "换时间")
        service.schedule_day_exam(
            house.hr, at(START_DATE), enrolment, 3, window=(at(third, 14), at(third, 15)), place="机房"
        )
    make_leave(queries.enrolment(enrolment).person, third, third, at=at(START_DATE))
    moved = [one for one in exams.sittings_for([subject_of(enrolment, 3)]) if not one.cancelled]
    after = queries.planned_days(enrolment)[3]
    assert after > third
    assert [(one.opens_at, one.closes_at, one.place) for one in moved] == [
        (at(after, 14), at(after, 15), "机房")
    ]


def test_the_trainees_of_a_cohort_can_be_picked_as_a_whole(house):
    people = [make_trainee(f"学员{number}") for number in range(3)]
    enrolments = [make_enrolment(house, person) for person in people]
    with unit_of_work():
        service.pause(house.hr, at(START_DATE), enrolments[0], "长假")
    group = next(one for one in people_groups(START_DATE) if one.key == f"cohort-{house.cohort}")
    assert (group.title, group.whole, group.people) == ("第1期", "整期学员：第1期", tuple(people[1:]))


def test_a_cohort_sits_an_exam_together(house):
    people = [make_trainee(f"学员{number}") for number in range(2)]
    enrolments = [make_enrolment(house, person) for person in people]
    third = queries.planned_days(enrolments[0])[3]
    window = (at(third, 14), at(third, 15))
    with unit_of_work():
        made = service.schedule_cohort_exam(
            house.hr,
            at(START_DATE),
            house.cohort,
            3,
            queries.enrolments_of_cohort(house.cohort),
            window,
            "三楼机房",
        )
    assert set(exams.candidates_of(made[0])) == set(people)
    assert [one.paper.ref for one in exams.sittings_of(people[0]) if one.paper.ref == "exam-day-3"] == [
        "exam-day-3"
    ]
    with unit_of_work():
        take_paper(people[0], made[0], at(third, 14, 5))
    tasks = queries.timeline(enrolments[0], at(third, 16)).day(3).tasks
    assert next(task for task in tasks if task.ref == "exam-day-3").done


def test_a_missed_exam_is_arranged_again(house):
    enrolment = make_enrolment(house)
    third = queries.planned_days(enrolment)[3]
    with pytest.raises(ConflictError, match="已经安排好"):
        service.schedule_day_exam(house.hr, at(third, 9), enrolment, 3)
    later = third + timedelta(days=1)
    with unit_of_work():
        made = service.schedule_day_exam(
            house.hr, at(later, 9), enrolment, 3, window=(at(later, 14), at(later, 16))
        )
    assert len(made) == 1


def test_days_that_are_signed_make_one_notice_until_it_is_read(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    for number in (1, 2, 3):
        do_day(house, enrolment, number)
    assert "已签核3天，最近签的是第3天。" in unread(person)
    told = messages(person)
    assert len(told) == len(set(told)) == 4  # enrolled, the mentor, the exams, the signatures
    assert sum("考试" in message for message in told) == 1


def test_who_has_signed_is_not_asked_any_more(house):
    enrolment = make_enrolment(house)
    do_own_part(enrolment, 1, at(START_DATE))
    assert any("等你签核" in message for message in unread(house.mentor))
    for kind in ("typing", "telephone"):
        enter_sheet(house, enrolment, 1, kind, at(START_DATE))
    with unit_of_work():
        service.sign_day(house.mentor, at(START_DATE, 17), enrolment, 1, 4, "很好")
    assert not any("等你签核" in message for message in unread(house.mentor))


def test_the_trainee_is_told_of_a_sheet_that_is_late_or_corrected_not_of_todays(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    first = enter_sheet(house, enrolment, 1, "typing", at(START_DATE))
    assert not any("成绩单" in message for message in messages(person))
    later = at(START_DATE + timedelta(days=1))
    enter_sheet(house, enrolment, 1, "telephone", later)
    assert "第1天的成绩单已登记，可以查看。" in unread(person)
    marks = {"speed": Decimal(48), "accuracy": Decimal(97)}
    with unit_of_work():
        service.enter_sheet(
            house.mentor, at(START_DATE), enrolment, 1, "typing", marks, "截图", corrects=first, reason="错了"
        )
    assert "第1天的成绩单有更正，请查看。" in unread(person)
