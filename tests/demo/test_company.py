from __future__ import annotations

from cstrain.demo.cast import LAST_DAY, TRAINEES
from cstrain.demo.company import LEAVER, LOG_IN_WORDS, PASSWORD, PLACES, STAFF
from cstrain.people.passwords import check_password
from cstrain.people.policy import HEAD_ROLES, ROLE_WORDS


def test_staff_numbers_and_names_are_unique():
    everybody = [*STAFF, *TRAINEES]
    assert len({one.staff_no for one in everybody}) == len(everybody)
    assert len({one.name for one in everybody}) == len(everybody)


def test_every_role_held_is_a_role_of_the_house_and_heads_name_a_department():
    for office in (office for one in STAFF for office in one.offices):
        assert office.role in ROLE_WORDS
        assert (office.place is not None) == (office.role in HEAD_ROLES)


def test_the_password_meets_the_rules_of_the_house():
    check_password(PASSWORD)


def test_each_role_held_has_a_log_in_of_somebody_who_is_there():
    by_number = {one.staff_no: one for one in STAFF}
    numbers = {number for _words, number in LOG_IN_WORDS}
    assert numbers <= {one.staff_no for one in (*STAFF, *TRAINEES)} - {LEAVER}
    held = {role for one in STAFF for role in one.roles}
    printed = {role for number in numbers & set(by_number) for role in by_number[number].roles}
    assert held == printed


def test_trainees_belong_to_places_and_mentors_that_exist():
    mentors = {one.staff_no for one in STAFF if "mentor" in one.roles}
    places = {place.code for place in PLACES}
    assert all(one.place in places and one.mentor in mentors | {None} for one in TRAINEES)
    days = {min(one.ordinal, LAST_DAY) for one in TRAINEES}
    assert {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 19, 22, 23} <= days
