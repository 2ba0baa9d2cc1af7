"""Who is marked, who marks, and what was handed in: shared by the tests of grading's services."""

from __future__ import annotations

import pytest


@pytest.fixture
def person(context):
    """Return a candidate."""
    from tests.factories.people import make_person

    return make_person()


@pytest.fixture
def staff(context):
    """Return four trainers."""
    from tests.factories.people import make_person

    return [make_person(name, roles=["trainer"]) for name in ("甲", "乙", "丙", "丁")]


@pytest.fixture
def attempt(person):
    """Return a submitted attempt with eight of ten right, not yet released."""
    from tests.factories import exams as make

    made = make.make_attempt(person)
    make.answer_right(person, made, range(1, 9))
    make.submit(person, made)
    return made
