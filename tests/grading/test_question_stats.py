"""Facility and discrimination come from first attempts with released results, and from enough of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cstrain.exams.models import Attempt, AttemptQuestion, Candidate, Paper, Sitting
from cstrain.exams.service.papers import load_papers
from cstrain.extensions import session
from cstrain.grading.models import Release, Result
from cstrain.grading.question_stats import LEAST, FirstAttempts
from cstrain.questions import queries
from cstrain.questions.slots import statistics
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person
from tests.factories.questions import load_bank

pytestmark = pytest.mark.usefixtures("context")
STATS = FirstAttempts()


@pytest.fixture
def version(tmp_path) -> int:
    """A question's version, with the papers loaded."""
    load_bank(tmp_path / "daily")
    with unit_of_work():
        load_papers(START)
    return queries.pool("daily")[0].version_id


def sat(person, version, earned: str, rest: str, *, released: bool = True, voided: bool = False) -> int:
    """Store an attempt at the first quiz in which the question earned ``earned`` of 10; return its id."""
    asked = next(each for each in queries.pool("daily") if each.version_id == version)
    with unit_of_work() as current:
        paper = current.query(Paper).filter_by(ref="quiz-day-1").one()
        sitting = Sitting(
            paper_id=paper.id,
            kind="quiz",
            subject="test",
            title="小测",
            place="",
            opens_at=START,
            closes_at=START + timedelta(hours=1),
            created_at=START,
        )
        current.add(sitting)
        current.flush()
        candidate = Candidate(sitting_id=sitting.id, person_id=person, extra_minutes=0)
        current.add(candidate)
        current.flush()
        attempt = Attempt(
            candidate_id=candidate.id,
            sitting_id=sitting.id,
            person_id=person,
            paper_id=paper.id,
            number=1,
            seed=1,
            started_at=START,
            deadline=START + timedelta(minutes=15),
            lease_epoch=1,
            lease_holder="t",
            submitted_at=START,
            voided_at=START if voided else None,
        )
        current.add(attempt)
        current.flush()
        current.add(
            AttemptQuestion(
                attempt_id=attempt.id,
                slot=1,
                section="一",
                question_id=asked.question_id,
                version_id=version,
                marks=Decimal(10),
                option_order=[],
            )
        )
        raw = Decimal(earned) + Decimal(rest)
        marks = [{"slot": 1, "earned": earned, "of": "10.000", "note": ""}]
        told = {"digest": "", "reason": "", "marked_at": START}
        current.add(Result(attempt_id=attempt.id, number=1, raw=raw, marks=marks, **told))
        if released:
            current.add(Release(attempt_id=attempt.id, proposed_at=START, released_at=START))
        return attempt.id


def test_numbers_from_few_answers_are_withheld(version) -> None:
    for _ in range(LEAST - 1):
        sat(make_person(), version, "10", "80")
    found = STATS.of_versions([version])[version]
    assert (found.n, found.facility, found.discrimination) == (9, None, None)


def test_facility_is_the_mean_share_and_discrimination_the_rest_correlation(version) -> None:
    for at in range(LEAST):
        good = at % 2 == 0
        sat(make_person(), version, "10" if good else "0", "80" if good else "40")
    found = STATS.of_versions([version])[version]
    assert found.n == LEAST and found.facility == pytest.approx(0.5)
    assert found.discrimination == pytest.approx(1.0)


def test_second_attempts_unreleased_and_voided_ones_do_not_count(version) -> None:
    person = make_person()
    sat(person, version, "0", "10")
    sat(person, version, "10", "80")
    sat(make_person(), version, "10", "80", released=False)
    sat(make_person(), version, "10", "80", voided=True)
    assert STATS.of_versions([version])[version].n == 1


def test_a_changed_mark_counts_instead_of_the_first(version) -> None:
    attempt = sat(make_person(), version, "0", "10")
    with unit_of_work():
        marks = [{"slot": 1, "earned": "10", "of": "10.000", "note": ""}]
        session().add(
            Result(attempt_id=attempt, number=2, raw=20, marks=marks, digest="", reason="", marked_at=START)
        )
    for _ in range(LEAST - 1):
        sat(make_person(), version, "10", "50")
    assert STATS.of_versions([version])[version].facility == 1.0


def test_versions_nobody_answered_are_left_out(version) -> None:
    assert STATS.of_versions([version]) == {}
    assert isinstance(statistics.filling, FirstAttempts)


def test_discrimination_is_not_defined_when_all_earn_the_same(version) -> None:
    for at in range(LEAST):
        sat(make_person(), version, "10", str(at))
    found = STATS.of_versions([version])[version]
    assert (found.facility, found.discrimination, found.flags) == (1.0, None, ("easy",))


def test_usage_counts_every_attempt(version) -> None:
    from cstrain.exams.queries import times_asked

    question = next(each.question_id for each in queries.pool("daily") if each.version_id == version)
    person = make_person()
    sat(person, version, "0", "10")
    sat(person, version, "10", "80")
    assert times_asked([question, question + 1]) == {question: 2}
