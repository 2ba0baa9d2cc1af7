"""A supervisor's succession: vacancy, ranking, choice by two persons, notice, objections, appointment."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.moves import queries, service, store
from cstrain.promotion.moves.models import SuccessionAct, SuccessionObjection
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import moves as make
from tests.factories.moves import DAY, at
from tests.factories.people import make_person
from tests.factories.promotion import close_month, make_month

pytestmark = pytest.mark.usefixtures("context")
AFTER = date(2026, 11, 27)
"""The day after the notice of five working days."""


@pytest.fixture
def cast():
    return make.make_cast()


def write(row) -> None:
    session().add(row)
    session().flush()


def kinds(cast, who, day=DAY) -> list[str]:
    return [duty.kind for duty in queries.duties(cast[who], day)]


def test_a_leaving_supervisor_leaves_a_vacancy(cast) -> None:
    with unit_of_work():
        people_service.leave_company(cast["hr"], at(), cast["supervisor"], DAY, "个人原因")
    (found,) = queries.successions(open_only=True)
    assert (found.department, found.cause, found.vacant_from) == (cast.place, "left", date(2026, 11, 21))
    assert found.predecessor == cast["supervisor"] and kinds(cast, "director") == ["choose"]


def test_a_supervisor_who_moves_leaves_a_vacancy_once(cast) -> None:
    for place in (cast.store, cast.brand):
        with unit_of_work():
            people_service.change_state(
                cast["hr"], at(), cast["supervisor"], DAY, reason="调岗", source="test", department_id=place
            )
    assert [one.cause for one in queries.successions()] == ["moved"]


def test_seniors_are_ranked_by_their_months_in_a_fixed_number_of_statements(app, cast) -> None:
    for who, score in (("senior", 80), ("senior2", 95)):
        make_month(cast[who], cast.place, date(2026, 10, 1), cast["hr"], score=score, level="senior")
    close_month(cast.place, date(2026, 10, 1), cast["office"])
    with counted(app) as few:
        ranking = queries.ranking(cast.place, date(2026, 11, 25), store.chapter().succession)
    assert [(one.rank, one.senior.person) for one in ranking] == [(1, cast["senior2"]), (2, cast["senior"])]
    assert ranking[0].senior.score == 95
    for number in range(4):
        make_person(f"高级{number}", department=cast.place, level="senior")
    with counted(app) as many:
        assert len(queries.ranking(cast.place, date(2026, 11, 25), store.chapter().succession)) == 6
    assert len(many) == len(few)


def test_two_persons_choose_everybody_sees_and_the_office_follows(cast) -> None:
    found = make.chosen(cast)
    assert kinds(cast, "hr") == ["second"] and kinds(cast, "supervisor") == []
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.second(cast["director"], at(), found, "", agreed=True)
    with unit_of_work():
        service.second(cast["hr"], at(), found, "", agreed=True)
    current = queries.succession(found).current
    assert (current.first_day, current.last_day, current.intact) == (DAY, date(2026, 11, 26), True)
    with unit_of_work(), pytest.raises(ConflictError, match="还不能结束"):
        service.close_notice(cast["hr"], at(date(2026, 11, 26)), found)
    assert kinds(cast, "hr", AFTER) == ["close"]
    with unit_of_work():
        assert service.close_notice(cast["hr"], at(AFTER), found)
    assert "supervisor" in people.roles_of(cast["senior"], date(2026, 12, 10))
    assert "supervisor" not in people.roles_of(cast["senior"], date(2026, 12, 9))
    assert people.get_person(cast["senior"], date(2026, 12, 10)).post == "客服主管"
    assert queries.succession(found).outcome == "filled"


def test_a_choice_sent_back_is_made_anew(cast) -> None:
    found = make.chosen(cast)
    with unit_of_work(), pytest.raises(ConflictError):
        service.choose(cast["director"], at(), found, cast["senior2"], date(2026, 12, 10), "也好")
    with unit_of_work():
        service.second(cast["hr"], at(), found, "请说明为什么不选第一名。", agreed=False)
    with unit_of_work():
        service.choose(cast["director"], at(), found, cast["senior2"], date(2026, 12, 10), "第一名。")
    assert queries.succession(found).current.person == cast["senior2"]


def test_only_a_senior_chosen_by_the_director_for_a_day_after_the_notice(cast) -> None:
    found = make.succession(cast)
    for who, person, day, error in (
        ("hr", "senior", date(2026, 12, 10), ForbiddenError),
        ("director", "agent", date(2026, 12, 10), DomainError),
        ("director", "director", date(2026, 12, 10), ForbiddenError),
        ("director", "senior", DAY, DomainError),
        ("director", "senior", None, DomainError),
    ):
        with unit_of_work(), pytest.raises(error):
            service.choose(cast[who], at(), found, cast[person], day, "好")
    with unit_of_work():
        service.choose(cast["director"], at(), found, cast["senior"], date(2026, 11, 23), "好")
    with unit_of_work(), pytest.raises(DomainError, match="次日"):
        service.second(cast["hr"], at(), found, "", agreed=True)


def test_an_upheld_objection_stops_the_choice(cast) -> None:
    found = make.shown(cast)
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.object_to(cast["senior"], at(), found, "我自己", anonymous=False)
    with unit_of_work():
        service.object_to(cast["senior2"], at(), found, "他上月有重大投诉。", anonymous=False)
        service.object_to(cast["agent"], at(), found, "考勤有问题。", anonymous=True)
    named, nameless = queries.succession(found).current.objections
    assert (named.by, nameless.by) == (cast["senior2"], None)
    with unit_of_work(), pytest.raises(ConflictError, match="异议"):
        service.close_notice(cast["hr"], at(AFTER), found)
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.answer_objection(cast["hr"], at(), found, named.id, "好", upheld=True)
    assert kinds(cast, "office") == ["objection"]
    with unit_of_work():
        service.answer_objection(cast["office"], at(), found, named.id, "属实。", upheld=True)
        service.answer_objection(cast["gm"], at(), found, nameless.id, "不属实。", upheld=False)
    with unit_of_work(), pytest.raises(ConflictError):
        service.answer_objection(cast["office"], at(), found, named.id, "再答", upheld=False)
    with unit_of_work():
        assert not service.close_notice(cast["hr"], at(AFTER), found)
    again = queries.succession(found)
    assert again.outcome is None and again.current is None
    with unit_of_work(), pytest.raises(ConflictError):
        service.object_to(cast["agent"], at(AFTER), found, "晚了", anonymous=False)
    with unit_of_work():
        service.cancel_succession(cast["hr"], at(AFTER), found, "改为公开竞聘")
    assert queries.succession(found).outcome == "cancelled"


def test_one_succession_is_open_in_a_department(cast) -> None:
    make.succession(cast)
    with pytest.raises(ConflictError):
        make.succession(cast)


def test_the_database_refuses_one_person_twice_and_a_word_on_oneself(cast) -> None:
    found = make.succession(cast)

    def refused(**more) -> None:
        row = {
            "succession_id": found,
            "person_id": cast["senior"],
            "content": "{}",
            "sha256": "",
            "reason": "",
            "proposed_by": cast["director"],
            "proposed_at": at(),
            "answer": "",
            "starts_on": DAY,
        }
        with pytest.raises(IntegrityError), unit_of_work():
            write(SuccessionAct(**{**row, **more}))

    refused(answered_by=cast["director"], answered_at=at(), agreed=True)
    refused(proposed_by=cast["senior"])
    refused(answered_by=cast["senior"], answered_at=at(), agreed=True)
    refused(closed_at=at(), closed_by=cast["hr"])
    act = queries.succession(make.shown_again(cast, found)).current.id
    with pytest.raises(IntegrityError), unit_of_work():
        write(
            SuccessionObjection(
                act_id=act, about_id=cast["senior"], by_id=cast["senior"], text="", filed_on=DAY, answer=""
            )
        )


def test_duties_take_a_fixed_number_of_statements(app, cast) -> None:
    make.skip(cast)
    with counted(app) as few:
        assert kinds(cast, "hr") == ["assess"]
    for number in range(5):
        person = make_person(f"同事{number}", department=cast.place, level="junior")
        with unit_of_work():
            service.ask_skip(cast["supervisor"], at(), person, "好")
    with counted(app) as many:
        assert len(kinds(cast, "hr")) == 6
    assert len(many) == len(few)
