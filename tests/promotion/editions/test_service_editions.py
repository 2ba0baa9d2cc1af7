"""The road of an edition by three people; from its first day on everybody is judged by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.policies.yaml_source import SourceError
from cstrain.promotion import ladders
from cstrain.promotion import queries as promotion
from cstrain.promotion.editions import jobs, queries, service
from cstrain.promotion.editions.facts import Stage
from cstrain.promotion.editions.models import LadderAcknowledgement, LadderEdition, LadderLook
from cstrain.unit_of_work import unit_of_work
from tests.factories import editions as road
from tests.factories.editions import NOW, START
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
AFTER = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)


def test_an_edition_of_three_people_is_in_force_from_its_first_day_on(offices) -> None:
    edition = road.draft(offices)
    assert ladders.edition("general", 1) and len(ladders.editions("general")) == 1
    road.approve(offices, edition)
    assert [one.edition for one in ladders.editions("general")] == [1, 2]
    assert ladders.ladder("general", START - timedelta(days=1)).edition == 1
    found = ladders.ladder("general", START)
    assert found.edition == 2
    assert [(one.act, one.office, one.by) for one in found.approvals] == [
        ("drafted", "hr", "冯晓岚"),
        ("checked", "gm_office", "高建国"),
        ("approved", "gm", "方志强"),
    ]
    own = promotion.ladders_by_department(START)[offices.place]
    assert own.edition == 2
    one = queries.draft(edition)
    assert one.stage is Stage.APPROVED and not one.is_open
    third = {"text": road.new_texts()[0], "effective_from": START}
    with pytest.raises(DomainError, match="晚于"):
        road.draft(offices, **third)
    with pytest.raises(DomainError, match="没有任何改动"):
        road.draft(offices, text=road.new_texts()[0], effective_from=date(2027, 2, 1))


def test_a_newer_edition_replaces_it_and_both_stay(offices) -> None:
    road.approve(offices, road.draft(offices))
    text, cases = road.new_texts()
    text = text.replace("A级以上累计8个月, grade: A, months: 8", "A级以上累计9个月, grade: A, months: 9")
    later = date(2027, 6, 1)
    edition = road.draft(offices, text=text, scenarios=cases, effective_from=later)
    assert (queries.draft(edition).number, queries.draft(edition).based_on) == (3, 2)
    base = ladders.edition("general", 2)
    begun = queries.start_texts(base, 3, later)
    assert "累计8个月" in begun[0] and "edition: 3" in begun[0] and "edition: 3" in begun[1]
    road.approve(offices, edition)
    assert [ladders.ladder("general", day).edition for day in (date(2026, 12, 31), START, later)] == [1, 2, 3]


def test_each_act_takes_another_person_of_the_right_office(offices) -> None:
    with pytest.raises(ForbiddenError):
        road.draft(replace(offices, hr=offices.gm))
    both = make_person("兼任", roles=["hr", "gm_office", "gm"])
    edition = road.draft(replace(offices, hr=both))
    for act in (service.check, service.approve):
        with pytest.raises((ForbiddenError, ConflictError)):
            act(both, NOW, edition)
        db.session.rollback()
    with pytest.raises(ForbiddenError):
        service.check(offices.gm, NOW, edition)
    checker = make_person("两职", roles=["gm_office", "gm"])
    with unit_of_work():
        service.check(checker, NOW, edition)
    with unit_of_work():
        service.look(checker, NOW, edition)
    with pytest.raises(ForbiddenError):
        service.approve(checker, NOW, edition)
    with pytest.raises(ForbiddenError):
        service.look(offices.agent, NOW, edition)
    with pytest.raises(ForbiddenError):
        service.withdraw(offices.hr, NOW, edition, "我来撤")


@pytest.mark.parametrize(
    "wrong",
    [
        {"checked_by": "hr", "checked_office": "hr", "checked_at": NOW},
        {"checked_by": "gm_office", "checked_office": "gm_office"},
        {"approved_by": "gm", "approved_office": "gm", "approved_at": NOW, "approved_on": date(2026, 11, 20),
         "looked_at": NOW},
        {"checked_by": "gm", "checked_office": "gm", "checked_at": NOW, "approved_by": "gm",
         "approved_office": "gm", "approved_at": NOW, "approved_on": date(2026, 11, 20), "looked_at": NOW},
        {"checked_by": "gm_office", "checked_office": "gm_office", "checked_at": NOW, "approved_by": "gm",
         "approved_office": "gm", "approved_at": NOW, "approved_on": START, "looked_at": NOW},
        {"checked_by": "gm_office", "checked_office": "gm_office", "checked_at": NOW, "approved_by": "gm",
         "approved_office": "gm", "approved_at": NOW, "approved_on": date(2026, 11, 20)},
        {"closing": "returned", "closed_by": "hr", "closed_at": NOW},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_a_row_that_breaks_the_rule(offices, wrong) -> None:
    edition = road.draft(offices)
    values = {key: getattr(offices, value) if key.endswith("_by") else value for key, value in wrong.items()}
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(LadderEdition).where(LadderEdition.id == edition).values(**values))
    db.session.rollback()


def test_nobody_approves_without_having_looked_at_who_gains_and_loses(offices) -> None:
    edition = road.draft(offices)
    with unit_of_work():
        service.check(offices.gm_office, NOW, edition)
    with unit_of_work():
        service.look(offices.hr, NOW, edition)
    with pytest.raises(DomainError, match="先试算"):
        service.approve(offices.gm, NOW, edition)
    db.session.rollback()
    with unit_of_work():
        service.look(offices.gm, NOW, edition)
    (seen,) = [one for one in queries.looks(edition) if one.by == offices.gm]
    assert seen.intact and seen.seen["people"] == 3 and seen.seen["against"] == 1
    db.session.execute(sa.update(LadderLook).values(content='{"people": 0}'))
    assert not any(one.intact for one in queries.looks(edition))


def test_an_edition_whose_cases_fail_is_not_checked_and_may_be_rewritten(offices) -> None:
    edition = road.draft(offices, scenarios=road.cases(state="met"))
    (fault,) = queries.cases(queries.draft(edition))
    with pytest.raises(DomainError, match="场景不符"):
        service.check(offices.gm_office, NOW, edition)
    db.session.rollback()
    assert road.CLAUSE in fault.message
    again = road.draft(offices, replaces=edition)
    assert queries.draft(edition).stage is Stage.REPLACED
    assert queries.draft(edition).text == queries.draft(again).text
    with pytest.raises(ConflictError):
        road.draft(offices, replaces=edition)


def test_one_edition_of_a_ladder_at_a_time(offices) -> None:
    edition = road.draft(offices)
    with pytest.raises(ConflictError, match="没有办完的新版"):
        road.draft(offices)
    with unit_of_work():
        service.withdraw(offices.hr, NOW, edition, "先不改")
    assert queries.draft(edition).stage is Stage.WITHDRAWN
    assert road.draft(offices) != edition


def test_sent_back_with_a_reason_it_has_no_effect_and_can_be_taken_up_again(offices) -> None:
    edition = road.draft(offices)
    with pytest.raises(ForbiddenError):
        service.send_back(offices.hr, NOW, edition, "不行")
    with pytest.raises(DomainError):
        service.send_back(offices.gm_office, NOW, edition, " ")
    db.session.rollback()
    with unit_of_work():
        service.send_back(offices.gm_office, NOW, edition, "八个月太长")
    one = queries.draft(edition)
    assert one.stage is Stage.RETURNED and one.closing_reason == "八个月太长"
    assert queries.waiting_for(offices.gm_office, date(2026, 11, 20)) == []
    again = road.draft(offices, replaces=edition)
    with unit_of_work():
        service.check(offices.gm_office, NOW, again)
    with unit_of_work():
        service.send_back(offices.gm, NOW, again, "再商量")
    assert len(ladders.editions("general")) == 1


def test_an_approval_that_comes_too_late_is_refused(offices) -> None:
    edition = road.draft(offices)
    with unit_of_work():
        service.check(offices.gm_office, NOW, edition)
    with unit_of_work():
        service.look(offices.gm, AFTER, edition)
    with pytest.raises(DomainError, match="生效日期已到"):
        service.approve(offices.gm, AFTER, edition)


def test_what_is_no_ladder_or_has_no_future_is_not_kept(offices) -> None:
    with pytest.raises(SourceError):
        road.draft(offices, text="ref: general\n")
    with pytest.raises(DomainError, match="晚于"):
        road.draft(offices, effective_from=date(2026, 11, 20))
    with pytest.raises(NotFoundError):
        road.draft(offices, ref="nothing")
    with pytest.raises(DomainError, match="写明理由"):
        road.draft(offices, reason=" ")
    text, cases = queries.start_texts(ladders.edition("general", 1), 2, START)
    with pytest.raises(DomainError, match="没有任何改动"):
        road.draft(offices, text=text, scenarios=cases)
    with pytest.raises(NotFoundError):
        queries.draft(1)


def test_editions_wait_for_who_may_act_on_them(offices) -> None:
    day = date(2026, 11, 20)
    edition = road.draft(offices)
    assert [one.id for one in queries.waiting_for(offices.gm_office, day)] == [edition]
    assert queries.waiting_for(offices.gm, day) == queries.waiting_for(offices.hr, day) == []
    with unit_of_work():
        service.check(offices.gm_office, NOW, edition)
    assert [one.id for one in queries.waiting_for(offices.gm, day)] == [edition]
    assert queries.waiting_for(offices.gm_office, day) == []


def test_everybody_bound_acknowledges_the_edition_in_force_and_the_one_that_comes(offices) -> None:
    day = date(2026, 11, 20)
    (due,) = queries.due_for(offices.agent, day)
    assert (due.ladder.edition, due.coming, due.at) == (1, False, None)
    assert queries.due_for(offices.hr, day) == []
    with unit_of_work():
        service.acknowledge(offices.agent, NOW, "general", 1, due.digest)
    with pytest.raises(ConflictError, match="已经确认过"):
        service.acknowledge(offices.agent, NOW, "general", 1, due.digest)
    db.session.rollback()
    road.approve(offices, road.draft(offices))
    new, old = queries.due_for(offices.agent, day)
    assert (new.ladder.edition, new.coming, new.at) == (2, True, None) and old.at == NOW
    with pytest.raises(ConflictError, match="刚刚变了"):
        service.acknowledge(offices.agent, NOW, "general", 2, old.digest)
    with pytest.raises(ConflictError, match="不适用"):
        service.acknowledge(offices.hr, NOW, "general", 2, new.digest)
    first, second = queries.acknowledged(day)
    assert [line.at is None for line in first.lines] == [True, True, False]
    assert (first.ladder.edition, first.waiting, second.waiting) == (1, 2, 3)
    assert [one.ladder.edition for one in queries.due_for(offices.agent, START)] == [2]


def test_who_has_not_acknowledged_is_reminded_once_a_day_and_the_superior_hears_of_it(offices) -> None:
    with unit_of_work():
        assert service.remind(offices.hr, NOW, "general", 1) == 3
    with unit_of_work():
        assert service.remind(offices.hr, NOW, "general", 1) == 0
    with pytest.raises(NotFoundError):
        service.remind(offices.hr, NOW, "general", 9)
    due = jobs.due(NOW)
    assert len([one for one in due if one.kind == "reminder"]) == 3
    told = [one for one in due if one.kind == "escalation"]
    assert told and {one.person for one in told} == {offices.head}


def test_an_acknowledgement_is_given_once(offices) -> None:
    row = {"person_id": offices.agent, "ladder_ref": "general", "edition": 1, "digest": "x",
           "acknowledged_at": NOW}  # fmt: skip
    db.session.execute(sa.insert(LadderAcknowledgement).values(**row))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.insert(LadderAcknowledgement).values(**row))
    db.session.rollback()
