"""Acts on people and what the queries then tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from cstrain.access import may, relations
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.notifications.queries import notices
from cstrain.people import events, queries, service
from cstrain.people.facts import LeaveKind, Level, Status
from cstrain.people.models import EmploymentState, Person, RoleAssignment, StandIn
from cstrain.policies.access_chapter import load_grants, unknown_relations
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories.people import (
    make_company_day,
    make_contract,
    make_department,
    make_leave,
    make_person,
    make_role,
    make_roster,
    make_stand_in,
)

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def heard():
    """What is announced during the test."""
    found = []
    signals = (events.level_changed, events.person_left, events.department_changed, events.plan_changed)
    before = [list(signal._listeners) for signal in signals]
    for signal in signals:
        signal._listeners[:] = [found.append]
    yield found
    for signal, listeners in zip(signals, before, strict=True):
        signal._listeners[:] = listeners


def test_the_state_of_a_day_is_the_latest_not_after_it_and_the_last_recorded(heard):
    hr, person = make_person("孙丽"), make_person(status="probation", hire_date=date(2026, 11, 2))
    with unit_of_work():
        service.change_state(
            hr,
            NOW,
            person,
            date(2026, 11, 25),
            status=Status.CONVERTED,
            level=Level.JUNIOR,
            reason="转正",
            source="x",
        )
    with unit_of_work():
        service.change_state(hr, NOW, person, date(2026, 11, 25), post="组长助理", reason="更正", source="x")
    assert queries.get_person(person, date(2026, 11, 24)).status is Status.PROBATION
    later = queries.get_person(person, date(2026, 11, 25))
    assert (later.status, later.level, later.post) == (Status.CONVERTED, Level.JUNIOR, "组长助理")
    assert queries.get_person(person, date(2026, 1, 1)).status is Status.PROBATION
    assert [event.after[0] for event in heard] == [Status.CONVERTED]


def test_a_change_that_changes_nothing_or_has_no_reason_is_refused():
    hr, person = make_person("孙丽"), make_person(post="客服专员")
    for change, reason in (({"post": "客服专员"}, "再写一遍"), ({"post": "组长"}, " ")):
        with pytest.raises(DomainError), unit_of_work():
            service.change_state(hr, NOW, person, TODAY, reason=reason, source="x", **change)


def test_nobody_changes_their_own_state_or_grants_to_themself():
    person = make_person()
    with pytest.raises(DomainError, match="自己"), unit_of_work():
        service.change_state(person, NOW, person, TODAY, post="总经理", reason="x", source="x")
    with pytest.raises(DomainError, match="自己"), unit_of_work():
        service.grant_role(person, NOW, person, "gm", valid_from=TODAY)
    with pytest.raises(DomainError, match="自己"), unit_of_work():
        service.record_leave(person, NOW, person, TODAY, TODAY, LeaveKind.ANNUAL)


def test_the_database_itself_refuses_a_self_grant_and_a_self_stand_in():
    person = make_person()
    row = RoleAssignment(person_id=person, role="gm", valid_from=TODAY, granted_by=person, granted_at=NOW)
    stand_in = StandIn(
        principal_id=person,
        stand_in_id=person,
        first_day=TODAY,
        last_day=TODAY,
        reason="x",
        created_by=make_person(),
        created_at=NOW,
    )
    for forbidden in (row, stand_in):
        session().rollback()
        session().add(forbidden)
        with pytest.raises(sa.exc.IntegrityError):
            session().flush()


def test_a_staff_number_is_unique_also_for_two_at_once():
    make_person(staff_no="K500")
    place = make_department()
    new = service.NewPerson("k500", "别人", place, TODAY)
    with pytest.raises(ConflictError, match="K500"), unit_of_work():
        service.hire(None, NOW, new)


def test_who_left_has_no_role_and_may_come_back_without_probation():
    hr, person = make_person("孙丽"), make_person(roles=["mentor"], password="海边有七只安静的骆驼")
    with unit_of_work():
        service.leave_company(hr, NOW, person, TODAY - timedelta(days=1), "个人发展")
    assert queries.roles_of(person, TODAY) == frozenset()
    assert queries.last_day_of(person) == TODAY - timedelta(days=1)
    assert queries.account_of(person).closed_at == NOW
    again = TODAY + timedelta(days=10)
    with pytest.raises(DomainError, match="只能有一次试用期"), unit_of_work():
        service.change_state(hr, NOW, person, again, status=Status.PROBATION, reason="返聘", source="x")
    with unit_of_work():
        service.change_state(hr, NOW, person, again, status=Status.CONVERTED, reason="返聘", source="x")
    account = queries.account_of(person)
    assert (account.closed_at, account.has_password) == (None, False)
    assert queries.roles_of(person, again) == {"employee"}
    assert queries.last_day_of(person) is None


def test_leaving_tells_the_packages_above_who_takes_over(heard):
    hr, person, heir = make_person("孙丽"), make_person(), make_person()
    make_stand_in(person, make_person(), TODAY, TODAY + timedelta(days=30))
    with unit_of_work():
        service.leave_company(hr, NOW, person, TODAY + timedelta(days=5), "个人发展", heir)
    left = next(event for event in heard if isinstance(event, events.PersonLeft))
    assert (left.person, left.successor, left.last_day) == (person, heir, TODAY + timedelta(days=5))
    assert queries.stand_ins_for(person, TODAY + timedelta(days=6)) == []
    with pytest.raises(DomainError, match="离职者本人"), unit_of_work():
        service.leave_company(hr, NOW, heir, TODAY, "x", heir)


def test_without_a_successor_the_superior_is_asked_to_arrange():
    hr, boss, person = make_person("孙丽"), make_person("张慧", roles=["supervisor"]), make_person("李娜")
    with unit_of_work():
        service.leave_company(hr, NOW, person, TODAY, "个人发展")
    notice = notices(boss).notices[0]
    assert (notice.values["name"], notice.url) == ("李娜", f"/people/{person}")


def test_everybody_is_an_employee_and_on_probation_also_a_trainee():
    assert queries.roles_of(make_person(), TODAY) == {"employee"}
    assert queries.roles_of(make_person(status="probation"), TODAY) == {"employee", "trainee"}


def test_roles_hold_between_their_days():
    person = make_person()
    make_role(person, "mentor", date(2026, 11, 1), date(2026, 11, 10))
    assert "mentor" in queries.roles_of(person, date(2026, 11, 10))
    assert "mentor" not in queries.roles_of(person, date(2026, 11, 11))
    assert queries.persons_with_role("mentor", date(2026, 11, 5)) == [person]


def test_the_auditor_holds_nothing_else():
    person = make_person(roles=["auditor"])
    with pytest.raises(DomainError, match="审计"):
        make_role(person, "hr", TODAY)


def test_a_role_that_is_held_is_not_granted_twice():
    person = make_person(roles=["mentor"])
    with pytest.raises(ConflictError):
        make_role(person, "mentor", TODAY)


def test_the_nearest_superior_is_found_up_the_departments():
    top = make_department("客服中心", "TOP")
    sales = make_department("售前", "SALES", top)
    group = make_department("晚班组", "NIGHT", sales)
    director = make_person("总监", roles=["department_director"], department=top)
    boss = make_person("主管", roles=["supervisor"], department=sales)
    leader = make_person("组长", roles=["group_leader"], department=group)
    agent = make_person("组员", department=group)
    assert queries.supervisor_of(agent, TODAY) == boss
    assert queries.supervisor_of(boss, TODAY) == director
    assert queries.supervisor_of(leader, TODAY) == boss
    assert queries.supervisor_of(director, TODAY) is None
    assert queries.persons_with_role("supervisor", TODAY, group) == [boss]


def test_two_in_one_office_are_both_directly_above_and_neither_above_the_other():
    top = make_department("客服中心", "TOP")
    sales = make_department("售前", "SALES", top)
    director = make_person("总监", roles=["department_director"], department=top)
    early, late = (make_person(name, roles=["supervisor"], department=sales) for name in ("早班", "晚班"))
    manager = make_person("经理", roles=["vip_manager"], department=sales)
    agent = make_person("组员", department=sales)
    assert queries.direct_superiors_of(agent, TODAY) == [early, late]
    assert queries.superiors_of(agent, TODAY) == [early, late, manager, director]
    assert queries.direct_superiors_of(early, TODAY) == [manager]
    assert queries.superiors_of(late, TODAY) == [manager, director]
    assert queries.superiors_of(manager, TODAY) == [director]
    assert queries.direct_superiors_of(director, TODAY) == []


def test_whom_somebody_leads_is_found_at_once_for_many_and_as_for_each(app):
    top = make_department("客服中心", "TOP")
    sales = make_department("售前", "SALES", top)
    director = make_person("总监", roles=["department_director"], department=top)
    early, late = (make_person(name, roles=["supervisor"], department=sales) for name in ("早班", "晚班"))
    agents = [make_person(f"组员{each}", department=sales) for each in range(3)]
    deputy = make_person("代理", department=sales)
    make_stand_in(late, deputy, TODAY, TODAY + timedelta(days=3))
    everybody = [director, early, late, *agents, deputy]
    for who in everybody:
        one_by_one = [one for one in everybody if queries.superior_acting(who, one, TODAY) is not None]
        assert queries.led_by(who, everybody, TODAY) == one_by_one
    assert queries.led_by(deputy, everybody, TODAY) == agents  # not late's equal, nor themself
    with counted(app) as few:
        queries.led_by(early, agents[:1], TODAY)
    with counted(app) as many:
        queries.led_by(early, agents, TODAY)
    assert len(few) == len(many)


def test_heading_a_department_reaches_those_below_and_never_oneself():
    top, other = make_department("客服中心", "TOP"), make_department("仓储部", "WH")
    sales = make_department("售前", "SALES", top)
    director = make_person("总监", roles=["department_director"], department=top)
    boss = make_person("主管", roles=["supervisor"], department=sales)
    agent, stranger = make_person(department=sales), make_person(department=other)
    my_department = relations.get("my_department")
    assert my_department(boss, agent)
    assert my_department(director, agent)
    assert my_department(director, boss)
    assert not my_department(boss, director)
    assert not my_department(boss, boss)
    assert not my_department(director, stranger)


def test_a_permission_reaches_only_as_far_as_the_office_that_grants_it():
    sales, care = make_department("售前", "SALES"), make_department("售后", "CARE")
    person = make_person("主管兼组长", roles=["supervisor"], department=sales)
    make_role(person, "group_leader", department=care)
    here, there = make_person(department=sales), make_person(department=care)
    assert may(person, "gate.decide", here)
    assert not may(person, "gate.decide", there)
    assert may(person, "person.view", there)
    assert queries.visible_people(person, "gate.decide", TODAY) == {here}
    assert queries.visible_people(person, "person.view", TODAY) == {here, there}


def test_visible_people_agrees_with_may_for_every_role():
    sales = make_department("售前", "SALES")
    people = [make_person(department=sales), make_person(department=make_department("仓储", "WH"))]
    for role in ("hr", "supervisor", "group_leader", "auditor", "administrator", "gm", "trainer"):
        actor = make_person(role, roles=[role], department=sales)
        everybody = [*people, actor]
        for permission in ("person.view", "person.edit", "gate.decide"):
            seen = queries.visible_people(actor, permission, TODAY)
            for one in everybody:
                assert may(actor, permission, one) == (seen is None or one in seen), (role, permission)


def test_every_relation_of_people_in_the_access_chapter_is_registered():
    known = frozenset(relations.names()) | {"my_trainee", "my_guided", "my_case"}
    assert unknown_relations(load_grants(), known) == []


def test_the_contract_of_a_day_is_the_latest_that_has_started():
    person = make_person()
    assert queries.contract_of(person, TODAY) is None
    make_contract(person, starts_on=date(2026, 1, 5), ends_on=date(2027, 1, 4))
    make_contract(person, starts_on=date(2027, 1, 5), ends_on=None, kind="open_ended")
    assert queries.contract_of(person, TODAY).term_months == 12
    assert queries.contract_of(person, date(2027, 2, 1)).term_months is None
    assert queries.contract_of(person, date(2025, 1, 1)).term_months == 12


def test_work_plans_follow_calendar_company_days_leave_and_roster():
    six, five = make_department("六天", "SIX"), make_department("五天", "FIVE", week="five_days")
    one, other = make_person(department=six), make_person(department=five)
    saturday, sunday, holiday = date(2026, 11, 21), date(2026, 11, 22), date(2026, 10, 1)
    assert queries.work_plan(one).is_rostered(saturday)
    assert not queries.work_plan(other).is_rostered(saturday)
    assert not queries.work_plan(one).is_rostered(holiday)
    make_company_day(sunday, True)
    make_company_day(sunday, False, five)
    assert queries.work_plan(one).is_rostered(sunday)
    assert not queries.work_plan(other).is_rostered(sunday)
    make_roster(other, {saturday: True})
    make_leave(one, saturday, sunday, at=NOW)
    plans = queries.work_plans([one, other])
    assert plans[other].is_rostered(saturday)
    assert not plans[one].is_rostered(saturday)


def test_leave_recorded_after_the_roster_wins_and_a_roster_after_the_leave_wins():
    person = make_person()
    day = date(2026, 11, 23)
    make_roster(person, {day: True}, at=NOW)
    make_leave(person, day, day, at=NOW + timedelta(hours=1))
    assert not queries.work_plan(person).is_rostered(day)
    with unit_of_work():
        service.clear_roster(None, NOW, person, [day])
    make_roster(person, {day: True}, at=NOW + timedelta(hours=2))
    assert queries.work_plan(person).is_rostered(day)


def test_changed_plans_are_announced_once(heard):
    person = make_person()
    make_roster(person, {date(2026, 11, 22): True})
    make_roster(person, {date(2026, 11, 22): True})
    leave = make_leave(person, date(2026, 11, 23), date(2026, 11, 25))
    with unit_of_work():
        service.cancel_leave(None, NOW, leave)
    assert [event.why for event in heard] == ["roster", "leave", "leave_cancelled"]
    with pytest.raises(NotFoundError), unit_of_work():
        service.cancel_leave(None, NOW, leave)


def test_stand_ins_are_told_and_hold_for_their_days_only():
    hr, boss, deputy = make_person("孙丽"), make_person("张慧"), make_person("李娜")
    make_stand_in(boss, deputy, TODAY, TODAY + timedelta(days=3), hr, at=NOW)
    assert queries.standing_in_for(deputy, TODAY) == [boss]
    assert queries.standing_in_for(deputy, TODAY + timedelta(days=4)) == []
    assert "张慧" in notices(deputy).notices[0].values["principal"]
    with pytest.raises(ConflictError):
        make_stand_in(boss, deputy, TODAY, TODAY, hr, at=NOW)
    with pytest.raises(DomainError, match="本人"), unit_of_work():
        service.appoint_stand_in(hr, NOW, boss, boss, TODAY, TODAY, "x")
    with pytest.raises(DomainError, match="自己"), unit_of_work():
        service.appoint_stand_in(deputy, NOW, make_person(), deputy, TODAY, TODAY, "x")


def test_a_stand_in_gains_no_role_and_no_permission():
    boss = make_person(roles=["supervisor"])
    deputy, agent = make_person(), make_person()
    make_stand_in(boss, deputy, TODAY, TODAY, at=NOW)
    assert queries.roles_of(deputy, TODAY) == {"employee"}
    assert not may(deputy, "gate.decide", agent)


def test_departments_form_no_circle():
    hr = make_person()
    top, low = make_department("上", "UP"), None
    low = make_department("下", "LOW", top)
    with pytest.raises(DomainError, match="上级部门"), unit_of_work():
        service.edit_department(hr, TODAY, top, name="上", parent_id=low, week="six_days", is_active=True)
    assert queries.subtree(top) == {top, low}


def test_history_rows_are_added_and_never_changed():
    hr, person = make_person("孙丽"), make_person()
    before = session().scalars(sa.select(EmploymentState).where(EmploymentState.person_id == person)).all()
    with unit_of_work():
        service.change_state(hr, NOW, person, TODAY, post="组长", reason="任命", source="x")
    after = (
        session()
        .scalars(
            sa.select(EmploymentState).where(EmploymentState.person_id == person).order_by(EmploymentState.id)
        )
        .all()
    )
    assert [row.id for row in after][: len(before)] == [row.id for row in before]
    assert [entry.post for entry in queries.history_of(person)] == ["组长", "客服专员"]


def test_a_refused_import_row_leaves_nobody_behind():
    from cstrain.people.staff_file import StaffRow

    good = StaffRow(2, "K901", "赵一", "S1", "2026-11-20")
    changed = StaffRow(3, "K902", "改名", "S1", "2026-11-20", exists=True)
    make_department("售前", "S1")
    make_person("原名", "K902")
    with pytest.raises(ConflictError), unit_of_work():
        service.enter_rows(None, NOW, [good, changed])
    assert session().scalar(sa.select(sa.func.count(Person.id)).where(Person.staff_no == "K901")) == 0
