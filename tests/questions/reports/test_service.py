"""Candidates say that a question is wrong; somebody else answers, and they are told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cstrain.audit.models import AuditEntry
from cstrain.grading import service as grading
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.queries import notices
from cstrain.questions.reports import queries, service
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import race

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def person() -> int:
    return make_person("林晓雯")


@pytest.fixture
def trainer() -> int:
    return make_person("周敏", roles=["trainer"])


@pytest.fixture
def attempt(person) -> int:
    made = make.make_attempt(person)
    make.answer_right(person, made)
    make.submit(person, made)
    return made


@pytest.fixture
def versions(attempt) -> list[int]:
    """The versions of a released attempt, by slot."""
    from cstrain.exams.queries import markable_slots

    release(attempt)
    return [slot.version_id for slot in markable_slots(attempt)]


def release(attempt: int) -> None:
    for act in (grading.propose_release, grading.confirm_release):
        with unit_of_work():
            act(make_person(roles=["trainer"]), START, [attempt])


def report(person, version, kind="key", text="应该选乙", at=START) -> int:
    with unit_of_work():
        return service.report(person, at, version, kind, text)


def answer(actor, version, reports, verdict="change", text="") -> int:
    from cstrain.questions.queries import version_lines

    with unit_of_work():
        question = version_lines([version])[version].id
        return service.answer(actor, START + DAY, question, reports, verdict, text)


def test_what_was_met_in_a_released_attempt_can_be_reported(person, versions) -> None:
    made = report(person, versions[0])
    (found,) = queries.reports_by(person).reports
    assert (found.id, found.kind, found.text, found.answer) == (made, "key", "应该选乙", None)
    assert queries.reported().questions[0].people == 1


def test_nothing_else_can(person, trainer, attempt) -> None:
    from cstrain.exams.queries import markable_slots

    version = markable_slots(attempt)[0].version_id
    for who in (person, trainer):
        with pytest.raises(NotFoundError):
            report(who, version)
    release(attempt)
    report(person, version)
    with pytest.raises(NotFoundError):
        report(trainer, version)
    with pytest.raises(NotFoundError):
        report(person, 999_999)


def test_one_open_report_a_person_and_version(person, trainer, versions) -> None:
    first = report(person, versions[0])
    with pytest.raises(ConflictError, match="已经提过"):
        report(person, versions[0])
    answer(trainer, versions[0], [first])
    report(person, versions[0])
    assert queries.reports_by(person).total == 2


def test_at_most_five_open_reports_a_day(person, versions) -> None:
    for version in versions[:5]:
        report(person, version)
    with pytest.raises(DomainError, match="今天"):
        report(person, versions[5])
    report(person, versions[5], at=START + DAY)


def test_an_answer_reaches_who_reported_and_stays(person, trainer, versions) -> None:
    made = report(person, versions[0])
    assert queries.waiting_count(trainer) == 1 and queries.waiting_count(person) == 0
    assert answer(trainer, versions[0], [made], "right", "按现在的规定就是甲") == 1
    (found,) = queries.reports_by(person).reports
    assert (found.answer, found.answer_text, found.answered_by) == ("right", "按现在的规定就是甲", trainer)
    notice = notices(person).notices[0]
    assert "题目没有错" in notice.message and notice.url == "/question-reports/mine"
    assert queries.waiting_count(trainer) == 0 and queries.reports_about(found.question_id) == [found]


def test_nobody_answers_their_own_report(versions, person, trainer) -> None:
    made = report(person, versions[0])
    with pytest.raises(ForbiddenError):
        answer(person, versions[0], [made])


def test_that_a_question_is_right_needs_a_reason(person, trainer, versions) -> None:
    made = report(person, versions[0])
    with pytest.raises(DomainError, match="为什么"):
        answer(trainer, versions[0], [made], "right")


def test_answered_foreign_and_missing_reports_are_refused(person, trainer, versions) -> None:
    first, other = report(person, versions[0]), report(person, versions[1])
    answer(trainer, versions[0], [first])
    with pytest.raises(ConflictError):
        answer(trainer, versions[0], [first])
    for wanted in ([other], [], [999_999]):
        with pytest.raises(DomainError, match="没有选择"):
            answer(trainer, versions[0], wanted)


def test_reports_and_answers_are_in_the_log(person, trainer, versions) -> None:
    from cstrain.extensions import session

    answer(trainer, versions[0], [report(person, versions[0])], "known")
    actions = {entry.action: entry for entry in session().query(AuditEntry)}
    assert actions["question.report"].actor_id == person
    assert json.loads(actions["question.answer_report"].detail)["answer"] == "known"


def test_questions_with_the_most_reporters_come_first(person, trainer, versions) -> None:
    from cstrain.exams.queries import markable_slots

    other = make.make_attempt(two := make_person("王五"), make.make_sitting([two], opens_at=START), at=START)
    make.submit(two, other)
    release(other)
    theirs = [slot.version_id for slot in markable_slots(other)]
    shared = next(version for version in theirs if version in versions)
    alone = next(version for version in versions if version != shared)
    report(person, alone)
    report(person, shared)
    report(two, shared)
    assert [one.people for one in queries.reported().questions] == [2, 1]


def test_two_trainers_at_once_answer_once(app, person, trainer, versions) -> None:
    made, other = report(person, versions[0]), make_person(roles=["trainer"])
    winners, refused = race(
        app,
        lambda: answer(trainer, versions[0], [made]),
        lambda: answer(other, versions[0], [made], "known"),
    )
    assert winners == [1] and len(refused) == 1
