"""Two people release, appeal, decide or change at the same moment: one effect, and a refusal in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.grading import queries, service
from cstrain.grading.models import Appeal, Release, Result
from cstrain.notifications.models import Notice
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def released(attempt, staff):
    with unit_of_work():
        service.propose_release(staff[0], START, [attempt])
    with unit_of_work():
        service.confirm_release(staff[1], START, [attempt])
    return attempt


def count(model, *where) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def test_two_who_propose_the_same_release_make_one_proposal(app, attempt, staff) -> None:
    won, refused = race(
        app, *(lambda one=one: service.propose_release(one, START, [attempt]) for one in staff[:2])
    )
    assert won == [1] and "已经有人提出" in str(refused[0])
    assert count(Release) == 1


def test_two_who_confirm_the_same_release_show_it_once(app, person, attempt, staff) -> None:
    with unit_of_work():
        service.propose_release(staff[0], START, [attempt])
    told = count(Notice, Notice.person_id == person)
    won, refused = race(
        app, *(lambda one=one: service.confirm_release(one, START, [attempt]) for one in staff[1:3])
    )
    assert won == [1] and "没有等待确认的" in str(refused[0])
    assert queries.score(attempt, START).raw == 80
    assert count(Notice, Notice.person_id == person) == told + 1


def test_releases_of_the_same_results_in_another_order_do_not_block_each_other(app, staff) -> None:
    people = [make_person(), make_person()]
    make.make_bank()
    sitting = make.make_sitting(people, make.make_paper())
    attempts = [make.make_attempt(one, sitting) for one in people]
    for one, attempt in zip(people, attempts, strict=True):
        make.submit(one, attempt)
    with unit_of_work():
        service.propose_release(staff[0], START, attempts)
    won, refused = race(
        app,
        lambda: service.confirm_release(staff[1], START, attempts),
        lambda: service.confirm_release(staff[2], START, attempts[::-1]),
    )
    assert won == [2] and len(refused) == 1


def test_a_double_click_files_one_appeal(app, person, released) -> None:
    won, refused = race(app, *[lambda: service.file_appeal(person, START, released, 9, "我的答案也对")] * 2)
    assert len(won) == 1 and "已经有一个申诉" in str(refused[0])
    assert count(Appeal) == 1


def test_two_who_decide_the_same_appeal_give_one_answer(app, person, released, staff) -> None:
    with unit_of_work():
        number = service.file_appeal(person, START, released, 9, "我的答案也对")
    told = count(Notice, Notice.person_id == person)
    won, refused = race(
        app,
        lambda: service.decide_appeal(staff[2], START, number, upheld=True, decision="对。"),
        lambda: service.decide_appeal(staff[3], START, number, upheld=False, decision="不对。"),
    )
    assert len(won) == 1 and "已经有了决定" in str(refused[0])
    assert count(Notice, Notice.person_id == person) == told + 1


def test_two_who_confirm_the_same_change_change_the_mark_once(app, released, staff) -> None:
    with unit_of_work():
        number = service.propose_change(staff[2], START, released, 9, Decimal(10), "答案也对")
    won, refused = race(
        app, *(lambda one=one: service.confirm_change(one, START, number) for one in (staff[1], staff[3]))
    )
    assert len(won) == 1 and "已经处理过" in str(refused[0])
    assert count(Result) == 2


def test_two_changes_of_one_result_never_lose_the_first(app, released, staff) -> None:
    with unit_of_work():
        changes = [
            service.propose_change(staff[2], START, released, slot, Decimal(10), "答案也对")
            for slot in (9, 10)
        ]
    won, refused = race(
        app,
        lambda: service.confirm_change(staff[1], START, changes[0]),
        lambda: service.confirm_change(staff[3], START, changes[1]),
    )
    assert len(won) + len(refused) == 2 and won
    assert queries.score(released, START).raw == 80 + 10 * len(won)
