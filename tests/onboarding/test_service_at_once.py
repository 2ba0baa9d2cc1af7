"""Two people act on one training at the same moment: one effect, and a refusal in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.notifications.models import Notice
from cstrain.onboarding import queries, service
from cstrain.onboarding.models import ActivityDone, DayConfirmation, Enrolment, SignOff
from cstrain.unit_of_work import unit_of_work
from tests.factories.onboarding import (
    START_DATE,
    at,
    do_own_part,
    make_enrolment,
    make_trainee,
)
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")


def count(model, *where) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def test_a_mentor_and_a_substitute_who_sign_the_same_day_sign_it_once(app, house) -> None:
    enrolment, now = make_enrolment(house), at(START_DATE)
    other = make_person("钱立", roles=["mentor"])
    with unit_of_work():
        until = START_DATE + timedelta(days=2)
        service.assign_substitute(house.hr, now, enrolment, other, START_DATE, until, "导师培训")
    do_own_part(enrolment, 1, now)
    trainee = queries.enrolment(enrolment).person
    told = count(Notice, Notice.person_id == trainee)
    won, refused = race(
        app,
        *(lambda one=one: service.sign_day(one, now, enrolment, 1, 4, "好") for one in (house.mentor, other)),
    )
    assert len(won) == 1 and "已经签核" in str(refused[0])
    assert count(SignOff) == 1
    assert count(Notice, Notice.person_id == trainee) == told + 1


def test_two_who_enrol_the_same_person_make_one_training(app, house) -> None:
    person, now = make_trainee(), at(START_DATE, 8)
    other = make_person("孙丽", roles=["hr"])
    won, refused = race(
        app,
        *(
            lambda one=one: service.enrol(
                one, now, person, house.cohort, START_DATE, mentor=house.mentor, window_acknowledged=True
            )
            for one in (house.hr, other)
        ),
    )
    assert len(won) == 1 and "已经在训" in str(refused[0])
    assert count(Enrolment, Enrolment.person_id == person) == 1
    assert len(exams.sittings_of(person)) == 5


def test_two_tabs_confirm_a_day_once(app, house) -> None:
    enrolment, now = make_enrolment(house), at(START_DATE)
    do_own_part(enrolment, 1, now)
    with unit_of_work() as db:
        db.execute(sa.delete(DayConfirmation))
    person = queries.enrolment(enrolment).person
    won, refused = race(app, *[lambda: service.confirm_day(person, now, enrolment, 1)] * 2)
    assert len(won) == 1 and "已经确认过" in str(refused[0])
    assert count(DayConfirmation) == 1


def test_two_tabs_tick_an_activity_once(app, house) -> None:
    enrolment, now = make_enrolment(house), at(START_DATE)
    line = queries.timeline(enrolment, now)
    day = next(one for one in line.days if any(each.by == "trainee" for each in one.spec.activities))
    activity = next(each.id for each in day.spec.activities if each.by == "trainee")
    then, person = at(day.on_day), line.enrolment.person
    won, refused = race(
        app, *[lambda: service.tick_activity(person, then, enrolment, day.number, activity)] * 2
    )
    assert len(won) + len(refused) == 2 and won
    assert count(ActivityDone) == 1


def test_a_training_is_paused_or_closed_and_the_other_is_told(app, house) -> None:
    enrolment, now = make_enrolment(house), at(START_DATE)
    other = make_person("孙丽", roles=["hr"])
    won, refused = race(
        app,
        lambda: service.pause(house.hr, now, enrolment, "长期病假"),
        lambda: service.pause(other, now, enrolment, "长期病假"),
    )
    assert len(won) == 1 and "没有暂停" in str(refused[0])


def two_of_three(house) -> None:
    """Give the mentor of the house two trainees: one place is left."""
    for name in ("学员一", "学员二"):
        make_enrolment(house, make_trainee(name))


def without_mentor(house, *names) -> list:
    """Trainings that have no mentor yet."""
    return [make_enrolment(house, make_trainee(name), with_mentor=False) for name in names]


def test_two_who_give_a_mentor_the_last_place_fill_it_once(app, house) -> None:
    two_of_three(house)
    now, hr = at(START_DATE), make_person("孙丽", roles=["hr"])
    first, second = without_mentor(house, "学员三", "学员四")
    won, refused = race(
        app,
        lambda: service.assign_mentor(house.hr, now, first, house.mentor, START_DATE, "换组"),
        lambda: service.assign_mentor(hr, now, second, house.mentor, START_DATE, "换组"),
    )
    assert len(won) == 1 and "现在带3人，上限是3人" in str(refused[0])
    assert queries.loads(START_DATE)[house.mentor] == 3


def test_two_who_enrol_newcomers_with_one_mentor_fill_the_last_place_once(app, house) -> None:
    two_of_three(house)
    now, hr = at(START_DATE, 8), make_person("孙丽", roles=["hr"])
    newcomers = [make_trainee("新人一"), make_trainee("新人二")]
    acts = [
        lambda who=who, person=person: service.enrol(
            who, now, person, house.cohort, START_DATE, mentor=house.mentor, window_acknowledged=True
        )
        for who, person in zip((house.hr, hr), newcomers, strict=True)
    ]
    won, refused = race(app, *acts)
    assert len(won) == 1 and "上限是3人" in str(refused[0])
    assert queries.loads(START_DATE)[house.mentor] == 3


def test_a_leavers_trainee_and_another_do_not_both_get_the_last_place(app, house) -> None:
    two_of_three(house)
    now = at(START_DATE)
    leaver = make_person("韩冬", roles=["mentor"])
    mine = make_enrolment(house, make_trainee("学员三"), mentor=leaver)
    (other,) = without_mentor(house, "学员四")
    race(
        app,
        lambda: service.hand_over(house.hr, now, leaver, START_DATE, house.mentor),
        lambda: service.assign_mentor(house.hr, now, other, house.mentor, START_DATE, "换组"),
    )
    day = START_DATE + timedelta(days=1)
    assert queries.loads(day)[house.mentor] == 3
    assert sum(queries.mentor_on(one, day) is not None for one in (mine, other)) >= 1
