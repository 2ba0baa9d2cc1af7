"""Questions are flagged when the section they rest on changes, until somebody says that they are right."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cstrain.audit.models import AuditEntry
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.lessons.queries import lesson_change
from cstrain.questions.sources import queries, service
from cstrain.questions.sources.facts import Standing
from cstrain.questions.sources.models import SourceCheck
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories.lessons import BODY
from tests.factories.people import make_person
from tests.factories.questions import load_bank
from tests.factories.sources import CHANGED, GONE, REF, load_lesson, make_sourced_bank
from tests.questions.makers import fields

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def versions(tmp_path) -> list[int]:
    return make_sourced_bank(tmp_path / "lessons")


def change(tmp_path, body: str = CHANGED, at=START + DAY) -> None:
    load_lesson(tmp_path / "lessons", body, at)


def question_ids() -> list[int]:
    from cstrain.questions.queries import active_lines

    return [line.id for line in active_lines()]


def still_right(seen, note="对照过", actor=None) -> int:
    with unit_of_work():
        return service.still_right(actor or make_person(roles=["trainer"]), START + 2 * DAY, seen, note)


def test_nothing_is_flagged_while_no_lesson_has_changed(versions) -> None:
    assert queries.flagged_count() == 0 and queries.flagged(question_ids()) == {}
    assert queries.change_lines(1)[0] == [] and queries.flagged_page(1).lines == []


def test_a_changed_section_flags_the_questions_that_rest_on_it_alone(tmp_path, versions) -> None:
    change(tmp_path)
    found = queries.flagged(question_ids())
    assert {line.version_id for line in found.values()} == set(versions)
    assert {line.standing for line in found.values()} == {Standing.CHANGED}
    assert queries.flagged_count() == len(versions) == queries.flagged_page(1).flagged
    (line,) = queries.change_lines(1)[0]
    assert (line.change.number, line.questions, line.flagged) == (2, len(versions), len(versions))


def test_another_section_of_the_same_lesson_flags_nothing(tmp_path, versions) -> None:
    change(tmp_path, BODY.replace("没核对就回答", "没有核对就回答"))
    assert queries.flagged_count() == 0
    (line,) = queries.change_lines(1)[0]
    assert (line.questions, line.flagged) == (0, 0)


def test_a_section_that_is_gone_flags_too(tmp_path, versions) -> None:
    change(tmp_path, GONE)
    assert {line.standing for line in queries.flagged(question_ids()).values()} == {Standing.GONE}


def test_a_retired_lesson_has_no_sections_until_somebody_accepts_that(tmp_path, versions) -> None:
    (tmp_path / "lessons" / f"{REF}.md").unlink()
    load_lesson(tmp_path / "lessons", at=START + DAY, ref="rules-other")
    assert queries.flagged_count() == len(versions)
    still_right(dict.fromkeys(versions, 1))
    assert queries.flagged_count() == 0


def test_a_section_that_reads_again_as_it_did_flags_nothing_any_more(tmp_path, versions) -> None:
    change(tmp_path)
    change(tmp_path, BODY, START + 2 * DAY)
    assert queries.flagged_count() == 0
    page = queries.depending(lesson_change(REF, 2), 1)
    assert {line.standing for line in page.lines} == {Standing.SAME}


def test_what_somebody_calls_right_is_flagged_no_more_until_the_next_change(tmp_path, versions) -> None:
    change(tmp_path)
    trainer = make_person(roles=["trainer"])
    assert still_right(dict.fromkeys(versions, 2), actor=trainer) == len(versions)
    assert queries.flagged_count() == 0
    (line, *_rest) = queries.depending(lesson_change(REF, 2), 1).lines
    assert (line.standing, line.checked_by, line.note) == (Standing.CHECKED, trainer, "对照过")
    change(tmp_path, GONE, START + 3 * DAY)
    assert queries.flagged_count() == len(versions)


def test_who_called_what_right_and_why_is_in_the_log(tmp_path, versions) -> None:
    from cstrain.extensions import session

    change(tmp_path)
    trainer = make_person(roles=["trainer"])
    still_right({versions[0]: 2}, "只改了说法", trainer)
    entry = session().query(AuditEntry).filter_by(action="source.still_right").one()
    assert (entry.actor_id, entry.subject) == (trainer, f"lesson:{REF}")
    detail = json.loads(entry.detail)
    assert detail["note"] == "只改了说法" and len(detail["questions"]) == 1


def test_nothing_is_kept_of_a_page_that_is_not_what_it_was(tmp_path, versions) -> None:
    change(tmp_path)
    change(tmp_path, GONE, START + 2 * DAY)
    for seen in ({versions[0]: 2}, {versions[0]: 3, versions[1]: 2}, {999_999: 3}):
        with pytest.raises(ConflictError):
            still_right(seen)
    still_right({versions[0]: 3})
    with pytest.raises(ConflictError):
        still_right({versions[0]: 3})
    assert queries.flagged_count() == len(versions) - 1


def test_nothing_ticked_and_too_much_ticked_are_refused(versions) -> None:
    with pytest.raises(DomainError, match="没有选择"):
        still_right({})
    with pytest.raises(DomainError, match="最多"):
        still_right(dict.fromkeys(range(1, 502), 1))


def test_questions_are_held_against_the_lesson_as_it_is_when_they_come_in(tmp_path) -> None:
    from cstrain.extensions import session

    load_lesson(tmp_path / "lessons")
    load_lesson(tmp_path / "lessons", CHANGED, START - DAY)
    mine = [fields("single_choice") | {"source": f"{REF}#查订单"}, fields("number")]
    load_bank(tmp_path / "banks", mine)
    (row,) = session().query(SourceCheck).filter_by(lesson_ref=REF).all()
    assert (row.lesson_number, row.verdict, row.checked_by) == (2, "came_in", None)
    page = queries.depending(lesson_change(REF, 2), 1)
    assert [line.standing for line in page.lines] == [Standing.LATER]
    assert queries.flagged_count() == 0
    load_lesson(tmp_path / "lessons", GONE, START + DAY)
    assert queries.flagged_count() == 1


def test_retired_questions_are_not_counted(tmp_path, versions) -> None:
    import sqlalchemy as sa

    from cstrain.questions.models import Question

    change(tmp_path)
    with unit_of_work() as db:
        db.execute(sa.update(Question).values(retired_at=START))
    assert queries.flagged_count() == 0


def test_a_first_version_is_no_change(tmp_path, versions) -> None:
    with pytest.raises(NotFoundError):
        lesson_change(REF, 1)


def test_versions_of_long_ago_that_rest_on_a_section_are_found(tmp_path, versions) -> None:
    change(tmp_path)
    assert set(queries.versions_naming(lesson_change(REF, 2))) == set(versions)


def test_the_number_of_statements_does_not_grow_with_the_questions(app, tmp_path, versions) -> None:
    change(tmp_path)
    with counted(app) as statements:
        queries.flagged_count()
    assert len(statements) <= 4, statements
    with counted(app) as statements:
        queries.change_lines(1)
    assert len(statements) <= 6, statements
