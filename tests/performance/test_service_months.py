"""Entering, closing and correcting months; what rules are told of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.people import service as people_service
from cstrain.people.facts import Level, Status
from cstrain.performance import queries, service
from cstrain.performance.facts import Entry
from cstrain.performance.models import PerformanceCorrection, PerformanceMonth
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories.people import make_department, make_leave, make_person
from tests.factories.performance import AT, close_department, make_month, outsider, reopen

pytestmark = pytest.mark.usefixtures("context")
SEP, OCT, OCT_END = date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 31)
UNTIL = date(2026, 11, 21)


@pytest.fixture
def hr(context):
    return make_person("何静", roles=["hr"], department=make_department("人力资源部"))


def enter(actor, person, month, base=0, reason="", grade=None, **values):
    numbers = {name: Decimal(str(value)) for name, value in values.items()}
    with unit_of_work():
        return service.enter_month(actor, AT, Entry(person, month, numbers, grade), base=base, reason=reason)


def test_a_month_is_entered_with_the_grade_its_score_earns(hr):
    agent = make_person(level="junior")
    enter(hr, agent, OCT, score="88.5", brand_points=132, chats=1460)
    (found,) = queries.records([agent], [OCT])
    assert (found.grade, found.values["chats"], found.closed) == ("A", 1460, False)
    assert found.standing.level == "junior"


def test_nobody_enters_their_own_month_neither_by_service_nor_by_sql(hr):
    with pytest.raises(ForbiddenError):
        enter(hr, hr, OCT, score=99)
    agent = make_person()
    record = enter(hr, agent, OCT, score=80)
    with pytest.raises(IntegrityError):
        session().execute(
            sa.update(PerformanceMonth).where(PerformanceMonth.id == record).values(entered_by=agent)
        )
    session().rollback()


def test_a_change_needs_a_reason_and_keeps_what_was_there(hr):
    agent = make_person()
    enter(hr, agent, OCT, score=80)
    with pytest.raises(DomainError, match="原因"):
        enter(hr, agent, OCT, base=1, score=82)
    enter(hr, agent, OCT, base=1, reason="漏算一通", score=82)
    assert [(one.revision, one.values["score"]) for one in queries.revisions(agent, OCT)] == [
        (2, 82),
        (1, 80),
    ]


def test_who_was_overtaken_is_told(hr):
    agent = make_person()
    enter(hr, agent, OCT, score=80)
    with pytest.raises(ConflictError, match="由别人改过"):
        enter(hr, agent, OCT, base=0, score=82)


@pytest.mark.parametrize("month", [date(2026, 11, 1), date(2026, 12, 1)])
def test_a_month_that_is_not_over_is_refused(hr, month):
    with pytest.raises(DomainError, match="没有过完"):
        enter(hr, make_person(), month, score=80)


def test_a_month_before_hiring_is_refused(hr):
    agent = make_person(hire_date=date(2026, 10, 5))
    with pytest.raises(DomainError, match="不在职"):
        enter(hr, agent, SEP, score=80)
    enter(hr, agent, OCT, score=80)


def test_only_closed_months_count_and_they_count_from_the_day_of_the_close(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    enter(hr, agent, OCT, score=88, brand_points=90)
    assert queries.months_of([agent], UNTIL) == {agent: ()}
    close_department(place, OCT)
    assert queries.closed_months(place, UNTIL) == (OCT,)
    assert queries.closed_months(place, UNTIL - timedelta(days=1)) == ()
    assert queries.months_of([agent], UNTIL - timedelta(days=1)) == {agent: ()}
    (month,) = queries.months_of([agent], UNTIL)[agent]
    assert (month.month, month.grade, month.brand_points) == (OCT, "A", 90)
    assert month.values == {"score": 88}
    assert not month.away and not month.probation


def test_a_close_names_who_is_missing_and_may_accept_it(hr):
    agent, other = make_person(), make_person("黄俊")
    place = queries.standings([agent], OCT)[agent].department_id
    enter(hr, agent, OCT, score=88)
    with pytest.raises(DomainError, match="还有1人"), unit_of_work():
        service.close_month(hr, AT, place, OCT)
    assert queries.gaps(place, OCT) == [other]
    with unit_of_work():
        service.close_month(hr, AT, place, OCT, accept_gaps=True)
    (held,) = queries.closes(place, [OCT])
    assert (held.gaps, held.people) == ((other,), 2)
    with pytest.raises(ConflictError, match="已经关账"), unit_of_work():
        service.close_month(hr, AT, place, OCT, accept_gaps=True)


def test_nobody_closes_the_month_of_their_own_department(hr):
    place = queries.standings([hr], OCT)[hr].department_id
    with pytest.raises(ForbiddenError), unit_of_work():
        service.close_month(hr, AT, place, OCT, accept_gaps=True)


def test_after_the_close_a_month_is_no_longer_entered(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    close_department(place, OCT)
    with pytest.raises(ConflictError, match="关账"):
        enter(hr, agent, OCT, score=80)


def test_two_persons_correct_a_closed_month_and_neither_is_its_subject(hr):
    agent, second = make_person(), outsider("秦月")
    place = queries.standings([agent], OCT)[agent].department_id
    enter(hr, agent, OCT, score=80, brand_points=60)
    close_department(place, OCT)
    entry = Entry(agent, OCT, {"score": Decimal(86), "brand_points": Decimal(60)})
    with pytest.raises(ForbiddenError), unit_of_work():
        service.ask_correction(agent, AT, entry, base=1, reason="想改")
    with unit_of_work():
        asked = service.ask_correction(hr, AT, entry, base=1, reason="漏算一通来电")
    assert queries.correction(asked).changes == {"score": "86.00", "grade": "A"}
    assert queries.waiting_corrections(hr) == []
    assert queries.waiting_corrections(agent) == []
    for actor in (hr, agent):
        with pytest.raises(ForbiddenError), unit_of_work():
            service.decide_correction(actor, AT, asked, agreed=True)
    with unit_of_work():
        service.decide_correction(second, AT + timedelta(days=1), asked, agreed=True)
    assert [one.grade for one in queries.months_of([agent], UNTIL)[agent]] == ["B"]
    assert [one.grade for one in queries.months_of([agent], UNTIL + timedelta(days=1))[agent]] == ["A"]
    assert [one.source for one in queries.revisions(agent, OCT)] == ["correction", "entry"]


def test_sql_refuses_a_correction_decided_by_who_asked_or_by_its_subject(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    close_department(place, OCT)
    with unit_of_work():
        entry = Entry(agent, OCT, {"score": Decimal(86)})
        asked = service.ask_correction(hr, AT, entry, base=0, reason="补录")
    for who in (hr, agent):
        with pytest.raises(IntegrityError):
            session().execute(
                sa.update(PerformanceCorrection)
                .where(PerformanceCorrection.id == asked)
                .values(decided_by=who, agreed=True)
            )
        session().rollback()


def test_late_data_of_a_gap_comes_as_a_correction(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    close_department(place, OCT)
    with unit_of_work():
        entry = Entry(agent, OCT, {"score": Decimal(86)})
        asked = service.ask_correction(hr, AT, entry, base=0, reason="补录")
    with unit_of_work():
        service.decide_correction(outsider(), AT, asked, agreed=True)
    assert [one.grade for one in queries.months_of([agent], UNTIL)[agent]] == ["A"]


def test_a_correction_that_is_not_agreed_says_why_and_changes_nothing(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    enter(hr, agent, OCT, score=80)
    close_department(place, OCT)
    with unit_of_work():
        asked = service.ask_correction(hr, AT, Entry(agent, OCT, {"score": Decimal(99)}), base=1, reason="试")
    with pytest.raises(DomainError, match="写明"), unit_of_work():
        service.decide_correction(outsider(), AT, asked, agreed=False)
    with unit_of_work():
        service.decide_correction(outsider(), AT, asked, agreed=False, note="没有依据")
    assert len(queries.revisions(agent, OCT)) == 1
    assert queries.correction(asked).note == "没有依据"


def test_a_month_that_is_not_over_cannot_be_corrected(hr):
    person = make_person()
    with pytest.raises(DomainError, match="还没有过完"):
        service.ask_correction(hr, AT, Entry(person, date(2027, 1, 1), {}, None), base=0, reason="x")


def test_two_persons_open_a_month_again_and_its_close_stays_on_record(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    enter(hr, agent, OCT, score=80)
    held = close_department(place, OCT)
    with unit_of_work():
        service.ask_reopening(hr, AT, held, "整月导错")
    with pytest.raises(ForbiddenError), unit_of_work():
        service.decide_reopening(hr, AT, held, agreed=True)
    with pytest.raises(ForbiddenError), unit_of_work():
        service.decide_reopening(agent, AT, held, agreed=True)
    assert [one.id for one in queries.waiting_reopenings(agent)] == [held]
    with unit_of_work():
        service.decide_reopening(outsider(), AT, held, agreed=True)
    assert queries.closed_months(place, UNTIL) == ()
    enter(hr, agent, OCT, base=1, reason="重录", score=90)
    close_department(place, OCT)
    assert [one.number for one in queries.closes(place, [OCT])] == [2, 1]
    assert queries.months_of([agent], UNTIL)[agent][0].grade == "A"


def test_a_reopened_month_was_closed_in_between(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    make_month(agent, OCT, by=hr, score=80)
    close_department(place, OCT)
    reopen(place, OCT, at=AT + timedelta(days=10))
    assert queries.closed_months(place, UNTIL + timedelta(days=9)) == (OCT,)
    assert queries.closed_months(place, UNTIL + timedelta(days=10)) == ()


def test_a_month_is_closed_from_the_21st_of_the_next_one_on(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    make_month(agent, OCT, by=hr, score=80, at=AT - timedelta(days=10))
    with pytest.raises(DomainError, match="才能关账"):
        close_department(place, OCT, at=AT - timedelta(days=1))
    assert queries.to_close(UNTIL - timedelta(days=1)) == []
    assert queries.to_close(UNTIL) == [(OCT, place)]
    assert queries.to_close(date(2026, 12, 5)) == [(OCT, place)]
    close_department(place, OCT)
    assert queries.to_close(UNTIL) == []


def test_a_month_stays_in_the_department_of_its_last_day_after_a_transfer(hr):
    old, new = make_department("售前客服一部"), make_department("售后客服部")
    agent = make_person(department=old)
    with unit_of_work():
        people_service.change_state(None, AT, agent, OCT_END, department_id=new, reason="调岗", source="test")
    enter(hr, agent, SEP, score=80, brand_points=50)
    enter(hr, agent, OCT, score=90, brand_points=70)
    close_department(old, SEP)
    close_department(new, OCT)
    assert [one.month for one in queries.months_of([agent], UNTIL)[agent]] == [SEP, OCT]
    assert [one.month for one in queries.comparison(old, UNTIL).people] == [SEP]
    assert [one.month for one in queries.comparison(new, UNTIL).people] == [OCT]


def test_a_close_brings_level_leave_and_department_up_to_date(hr):
    old, new = make_department("售前客服一部"), make_department("售后客服部")
    agent = make_person(department=old, level="junior")
    enter(hr, agent, OCT, score=80)
    with unit_of_work():
        people_service.change_state(
            None, AT, agent, date(2026, 10, 15), department_id=new, reason="补录", source="test"
        )
    make_leave(agent, date(2026, 10, 1), OCT_END)
    close_department(old, OCT)
    assert queries.months_of([agent], UNTIL)[agent] == ()
    close_department(new, OCT)
    (month,) = queries.months_of([agent], UNTIL)[agent]
    assert month.away
    assert [one.source for one in queries.revisions(agent, OCT)] == ["close", "entry"]


def test_a_probationer_and_the_level_of_the_last_day_are_kept(hr):
    agent = make_person(status="probation", hire_date=date(2026, 9, 15))
    enter(hr, agent, SEP, score=70)
    with unit_of_work():
        people_service.change_state(
            None,
            AT,
            agent,
            OCT_END,
            status=Status.CONVERTED,
            level=Level.JUNIOR,
            reason="转正",
            source="test",
        )
    enter(hr, agent, OCT, score=80)
    months = {one.month: one.standing for one in queries.records([agent], [SEP, OCT])}
    assert (months[SEP].probation, months[SEP].level) == (True, None)
    assert months[OCT].level == "junior"


def test_the_ranking_skips_months_away_and_needs_two_months_for_a_mean(hr):
    one, two, away = make_person("甲"), make_person("乙"), make_person("丙")
    late = make_person("丁", hire_date=OCT)
    place = queries.standings([one], OCT)[one].department_id
    make_leave(away, OCT, OCT_END)
    for month, points in ((SEP, (80, 80, 99, None)), (OCT, (90, 90, 99, 70))):
        for who, value in zip((one, two, away, late), points, strict=True):
            if value is not None:
                enter(hr, who, month, brand_points=value)
        close_department(place, month)
    rows = {row.person_id: row for row in queries.ranking(place, OCT).rows}
    assert {who: row.rank for who, row in rows.items()} == {one: 1, two: 1, late: 3, away: None}
    assert rows[away].why == "away"
    assert (rows[one].mean, rows[late].mean, rows[away].mean) == (Decimal(85), None, None)
    assert [rows[who].mean_rank for who in (one, two)] == [1, 1]


def test_evidence_of_many_people_takes_as_many_statements_as_of_one(app, hr):
    people = [make_person(f"同事{each}") for each in range(12)]
    place = queries.standings(people[:1], OCT)[people[0]].department_id
    for who in people:
        enter(hr, who, OCT, score=80)
    close_department(place, OCT)
    queries.months_of(people, UNTIL)  # begins the transaction
    with counted(app) as first:
        queries.months_of(people[:1], UNTIL)
    with counted(app) as many:
        queries.months_of(people, UNTIL)
        queries.comparison(place, UNTIL)
    assert len(many) == len(first) + 2


def test_only_the_latest_months_are_told(hr):
    agent = make_person(hire_date=date(2024, 1, 5))
    place = queries.standings([agent], OCT)[agent].department_id
    months = [date(2026, each, 1) for each in range(5, 11)]
    for month in months:
        enter(hr, agent, month, score=80)
        close_department(place, month)
    assert [one.month for one in queries.months_of([agent], UNTIL, last=4)[agent]] == months[2:]


def test_deductions_of_a_month_are_told_with_it(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    enter(hr, agent, OCT, score=80)
    close_department(place, OCT)
    (month,) = queries.months_of([agent], UNTIL)[agent]
    assert (month.deductions, month.points) == (0, 0)


def test_who_left_before_the_last_day_belongs_to_no_department_of_the_month(hr):
    agent = make_person()
    place = queries.standings([agent], OCT)[agent].department_id
    with unit_of_work():
        people_service.leave_company(hr, AT, agent, date(2026, 10, 30), "离职")
    assert queries.members(place, OCT) == []
    assert queries.standings([agent], OCT) == {agent: None}
    assert queries.standings([agent], SEP)[agent] is not None
