"""People, a sitting and a running attempt for the page tests."""

from __future__ import annotations

import pytest

from tests.factories import exams as make
from tests.factories.people import make_person


@pytest.fixture
def people(app):
    with app.app_context():
        make.make_bank(each=8)
        make.make_paper()
        return {
            "person": make_person("林晓雯"),
            "mate": make_person("周子昂"),
            "hr": make_person("王敏", roles=["hr"]),
            "trainer": make_person("李老师", roles=["trainer"]),
            "watcher": make_person("监考甲", roles=["invigilator"]),
            "second": make_person("监考乙", roles=["invigilator"]),
        }


@pytest.fixture
def sitting(app, people):
    with app.app_context():
        return make.make_sitting([people["person"], people["mate"]])


@pytest.fixture
def attempt(app, people, sitting):
    with app.app_context():
        return make.make_attempt(people["person"], sitting)
