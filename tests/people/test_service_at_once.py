"""Two people act on the same person, file or link at the same moment: one effect, and a refusal in words."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.people import queries, service
from cstrain.people.facts import LeaveKind
from cstrain.people.models import Department, Person, RoleAssignment
from cstrain.people.passwords import token_hash
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_department, make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
TODAY = date(2026, 11, 20)
HEAD = "工号,姓名,部门,入职日期,岗位,状态\n"


@pytest.fixture
def hr():
    return [make_person(name, roles=["hr"]) for name in ("孙丽", "何静")]


def uploaded(actor, *rows: str) -> int:
    data = (HEAD + "".join(f"{row}\n" for row in rows)).encode()
    with unit_of_work():
        return service.upload_import(actor, START, data, "staff.csv", may_add_departments=True)


def count(model, *where) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def test_a_double_click_confirms_a_staff_file_once(app, hr) -> None:
    batch = uploaded(
        hr[0], "K901,赵一,售后九组,2026-11-20,客服,试用", "K902,钱二,售后九组,2026-11-20,客服,试用"
    )
    won, refused = race(app, *[lambda: service.confirm_import(hr[0], START, batch)] * 2)
    assert [len(one) for one in won] == [2] and "已经处理过" in str(refused[0])
    assert count(Person, Person.staff_no.in_(["K901", "K902"])) == 2
    assert count(Department, Department.name == "售后九组") == 1


def test_two_staff_files_with_the_same_person_enter_them_once(app, hr) -> None:
    batches = [uploaded(one, "K901,赵一,售后九组,2026-11-20,客服,试用") for one in hr]
    won, refused = race(
        app,
        *(
            lambda pair=pair: service.confirm_import(pair[0], START, pair[1])
            for pair in zip(hr, batches, strict=True)
        ),
    )
    assert len(won) == 1 and "K901" in str(refused[0])
    assert count(Person, Person.staff_no == "K901") == 1


def test_two_staff_files_with_the_same_new_department_add_it_once(app, hr) -> None:
    batches = [
        uploaded(one, f"{number},{name},售后九组,2026-11-20,客服,试用")
        for one, number, name in zip(hr, ("K901", "K902"), ("赵一", "钱二"), strict=True)
    ]
    won, refused = race(
        app,
        *(
            lambda pair=pair: service.confirm_import(pair[0], START, pair[1])
            for pair in zip(hr, batches, strict=True)
        ),
    )
    assert len(won) == 2 and not refused
    assert count(Department, Department.name == "售后九组") == 1


def test_a_role_is_granted_once(app, hr) -> None:
    person = make_person("李岩")
    won, refused = race(
        app,
        *(lambda one=one: service.grant_role(one, START, person, "examiner", valid_from=TODAY) for one in hr),
    )
    assert len(won) == 1 and "已经有" in str(refused[0])
    assert count(RoleAssignment, RoleAssignment.person_id == person) == 1


def test_overlapping_leave_is_recorded_once(app, hr) -> None:
    person = make_person("李岩")
    won, refused = race(
        app,
        *(
            lambda one=one: service.record_leave(one, START, person, TODAY, TODAY, LeaveKind.SICK)
            for one in hr
        ),
    )
    assert len(won) == 1 and "重叠" in str(refused[0])


def test_two_rosters_of_one_day_leave_one_entry(app, hr) -> None:
    person = make_person("李岩")
    won, refused = race(
        app,
        *(
            lambda one=one, working=working: service.set_roster(one, START, person, {TODAY: working})
            for one, working in zip(hr, (True, False), strict=True)
        ),
    )
    assert len(won) == 2 and not refused
    assert queries.work_plan(person).rostered[TODAY] in {True, False}


def test_a_one_time_link_is_used_once(app, hr) -> None:
    person = make_person("李岩")
    with unit_of_work():
        token = service.issue_link(hr[0], START, person)
    won, refused = race(
        app, *(lambda text=text: service.redeem_link(START, token, text) for text in ("hash-1", "hash-2"))
    )
    assert won == [person] and "已经用过" in str(refused[0])


def test_a_recovery_code_counts_once(app, hr) -> None:
    person = make_person("李岩", password="海边有七只安静的骆驼")
    with unit_of_work():
        service.confirm_second_factor(
            person, START, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 1, [token_hash("ABCDE-FGHIJ")]
        )
    won, refused = race(
        app, *[lambda: service.check_second_factor(START, person, "ABCDE-FGHIJ", "127.0.0.1")] * 2
    )
    assert sorted(won) == [False, True] and not refused


def test_two_departments_cannot_take_one_code(app, hr) -> None:
    won, refused = race(
        app, *(lambda name=name: service.add_department(hr[0], "T900", name) for name in ("甲组", "乙组"))
    )
    assert len(won) == 1 and "T900" in str(refused[0])
    assert make_department("丙组", "T901")
