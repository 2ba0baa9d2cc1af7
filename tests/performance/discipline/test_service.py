"""Booking, contests, reversals, registers, opening sums and what criteria read of them: on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.documents.tables import write_csv
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.people import service as staff
from cstrain.people.queries import get_person
from cstrain.performance.discipline import queries, service
from cstrain.performance.discipline.facts import Kind, Standing
from cstrain.performance.discipline.models import Deduction, DeductionContest, RegisterEntry
from cstrain.performance.slots import deductions_of
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories.discipline import DAY, booking, entry, make_deduction, make_entry
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
TODAY = date(2026, 11, 20)
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


def act(function, actor, *arguments, at=START, **options):
    with unit_of_work():
        return function(actor, at, *arguments, **options)


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def mate():
    return make_person("周子昂")


@pytest.fixture
def qc():
    return make_person("质检员", roles=["qc"])


@pytest.fixture
def manager():
    return make_person("质检经理", roles=["qc_manager"])


def counts(*people, months=(NOVEMBER,)):
    return deductions_of(people, months)


def test_a_booking_counts_in_the_month_it_happened(person, qc) -> None:
    make_deduction(qc, person)
    made = make_deduction(qc, person, day=date(2026, 10, 31), points=5)
    assert counts(person, months=(OCTOBER, NOVEMBER)) == {
        (person, OCTOBER): (1, 5),
        (person, NOVEMBER): (1, 10),
    }
    facts = queries.deduction(made)
    assert (facts.total, facts.edition, facts.contest_until) == (5, 1, date(2026, 11, 24))


def test_both_are_booked_in_full_and_doubled_where_a_complaint_followed(person, mate, qc) -> None:
    both = booking(code="together", points=20, times_code="complaint")
    made = act(service.book, qc, [person, mate], both)
    assert len(made) == 2
    assert counts(person, mate) == {(person, NOVEMBER): (1, 40), (mate, NOVEMBER): (1, 40)}


def test_nothing_booked_is_none_and_a_month_before_the_rules_is_unknown(person) -> None:
    assert counts(person, months=(date(2025, 12, 1), NOVEMBER)) == {(person, NOVEMBER): (0, 0)}
    assert deductions_of([], [NOVEMBER]) == {}


def test_nobody_books_about_themself_not_even_among_others(person, qc) -> None:
    with pytest.raises(DomainError, match="自己"):
        act(service.book, qc, [person, qc], booking())
    assert counts(person, qc) == {(person, NOVEMBER): (0, 0), (qc, NOVEMBER): (0, 0)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 21},
        {"code": "desk"},
        {"times_code": "complaint"},
        {"day": date(2026, 11, 21)},
        {"day": date(2026, 10, 1)},
        {"day": date(2025, 12, 31)},
        {"rule_set": "nothing"},
    ],
)
def test_what_the_rules_do_not_allow_is_refused(person, qc, wrong) -> None:
    with pytest.raises(DomainError):
        act(service.book, qc, [person], booking(**wrong))


def test_only_who_was_employed_on_the_day_is_booked(qc) -> None:
    late = make_person(hire_date=date(2026, 11, 19))
    with pytest.raises(DomainError, match="不在职"):
        act(service.book, qc, [late], booking())


def test_the_same_booking_twice_is_refused_also_at_once(app, person, qc) -> None:
    won, refused = race(app, *[lambda: service.book(qc, START, [person], booking())] * 2)
    assert (len(won), len(refused)) == (1, 1)
    with pytest.raises(ConflictError):
        act(service.book, qc, [person], booking())


def test_a_contest_is_upheld_or_reversed_by_somebody_else(person, qc, manager) -> None:
    stays, goes = make_deduction(qc, person), make_deduction(qc, person, points=15, evidence="另一通电话")
    for one in (stays, goes):
        act(service.contest, person, one, "当时是客户先挂的")
    assert [one.id for one in queries.contested(None, manager)] == [stays, goes]
    assert queries.contested(None, qc) == [] and queries.contested(None, person) == []
    for wrong in (person, qc):
        with pytest.raises(DomainError):
            act(service.decide, wrong, stays, upheld=True, answer="录音里有")
    act(service.decide, manager, stays, upheld=True, answer="录音里有")
    act(service.decide, manager, goes, upheld=False, answer="听不清是谁")
    assert queries.deduction(stays).standing is Standing.UPHELD
    assert queries.deduction(goes).standing is Standing.REVERSED
    assert counts(person) == {(person, NOVEMBER): (1, 10)}
    for again in (stays, goes):
        with pytest.raises(ConflictError):
            act(service.decide, manager, again, upheld=False, answer="再来")
        with pytest.raises(ConflictError):
            act(service.contest, person, again, "再来")
    assert session().scalar(sa.select(sa.func.count(Deduction.id))) == 3


def test_a_contest_comes_in_time_and_from_the_person(person, mate, qc) -> None:
    made = make_deduction(qc, person)
    with pytest.raises(DomainError):
        act(service.contest, mate, made, "我替他说")
    with pytest.raises(DomainError, match="已经过了"):
        act(service.contest, person, made, "太晚", at=START + timedelta(days=5))
    act(service.contest, person, made, "刚好", at=START + timedelta(days=4))


def test_two_decisions_at_once_make_one(app, person, qc, manager) -> None:
    other = make_person("另一位经理", roles=["qc_manager"])
    made = make_deduction(qc, person)
    act(service.contest, person, made, "不是我")
    _won, refused = race(
        app,
        lambda: service.decide(manager, START, made, upheld=False, answer="撤销"),
        lambda: service.decide(other, START, made, upheld=False, answer="撤销"),
    )
    assert len(refused) == 1
    assert session().scalar(sa.select(sa.func.count(Deduction.id))) == 2


def test_a_wrong_deduction_is_reversed_by_a_new_entry_of_somebody_else(person, qc, manager) -> None:
    made = make_deduction(qc, person)
    for wrong in (person, qc):
        with pytest.raises(DomainError):
            act(service.reverse, wrong, made, "录错人")
    back = act(service.reverse, manager, made, "录错人")
    facts = queries.deduction(made)
    assert facts.reversal is not None and (facts.reversal.id, facts.reversal.by) == (back, manager)
    assert counts(person) == {(person, NOVEMBER): (0, 0)}
    with pytest.raises(ConflictError):
        act(service.reverse, manager, made, "再来")
    with pytest.raises(NotFoundError):
        queries.deduction(back)
    with pytest.raises(NotFoundError):
        act(service.reverse, manager, back, "撤销撤销")


def test_what_is_contested_is_decided_and_not_reversed_beside_it(person, qc, manager) -> None:
    made = make_deduction(qc, person)
    act(service.contest, person, made, "不是我")
    with pytest.raises(ConflictError, match="决定申诉"):
        act(service.reverse, manager, made, "录错人")


def _insert(table, **values):
    with unit_of_work() as db:
        db.execute(sa.insert(table).values(**values))


def _row(person, booker, **changes):
    row = {
        "person_id": person, "day": DAY, "rule_set": "hotline", "edition": 1, "code": "language",
        "rule_text": "x", "points": 10, "times": 1, "total": 10, "set_aside": [], "evidence": "x",
        "booked_by": booker, "booked_at": START, "contest_until": DAY,
    }  # fmt: skip
    return row | changes


def test_the_tables_themselves_refuse_acting_on_oneself_and_alone(person, mate, qc, manager) -> None:
    made = make_deduction(qc, person)
    back = {"reverses_id": made, "total": -10}
    wrong = [
        _row(qc, qc),
        _row(person, qc, total=11),
        _row(person, qc, **back, original_by=qc),
        _row(person, qc, **back, original_by=manager),
        _row(mate, manager, **back, original_by=qc),
        _row(person, manager, **back),
    ]
    for row in wrong:
        with pytest.raises(IntegrityError):
            _insert(Deduction, **row)
    decided = {"deduction_id": made, "says": "x", "filed_at": START, "decided_at": START, "upheld": True}
    for by, booked in ((qc, qc), (person, qc), (manager, manager)):
        with pytest.raises(IntegrityError):
            _insert(DeductionContest, **decided, person_id=person, booked_by=booked, decided_by=by)
    note = {
        "kind": "award", "day": DAY, "text": "x", "evidence": "x", "entered_at": START, "vip": False,
        "major": False,
    }  # fmt: skip
    for changes in (
        {"person_id": qc, "entered_by": qc},
        {"person_id": person, "entered_by": qc, "major": True},
        {"person_id": person, "entered_by": qc, "other_id": mate},
        {"person_id": person, "entered_by": qc, "kind": "conflict", "other_id": qc},
        {"person_id": person, "entered_by": qc, "kind": "conflict", "other_id": person},
    ):
        with pytest.raises(IntegrityError):
            _insert(RegisterEntry, **(note | changes))


def test_lists_are_filtered_and_add_up(person, mate, qc, manager) -> None:
    mine, gone = make_deduction(qc, person), make_deduction(qc, person, points=20, evidence="乙")
    make_deduction(qc, mate, code="attitude", day=date(2026, 10, 30))
    act(service.reverse, manager, gone, "录错人")
    page = queries.deduction_page(queries.Wanted(), 1)
    assert (page.total, page.counting, page.points, page.pages) == (3, 2, 20, 1)
    wanted = [
        (queries.Wanted(people=[mate]), 1),
        (queries.Wanted(month=NOVEMBER), 2),
        (queries.Wanted(rule="hotline:attitude"), 1),
        (queries.Wanted(standing=Standing.REVERSED), 1),
        (queries.Wanted(standing=Standing.COUNTS), 2),
        (queries.Wanted(standing=Standing.CONTESTED), 0),
        (queries.Wanted(standing=Standing.UPHELD), 0),
        (queries.Wanted(people=[]), 0),
    ]
    assert [queries.deduction_page(one, 1).total for one, _ in wanted] == [number for _, number in wanted]
    second = queries.deduction_page(queries.Wanted(people=[person]), 9, size=1)
    assert (second.page, second.pages, second.rows[0].id) == (2, 2, mine)


# --- registers


def test_a_conflict_stands_with_both_sides_and_cover_with_who_covered(person, mate, qc) -> None:
    make_entry(qc, person, "conflict", other=mate)
    make_entry(qc, person, "cover", other=mate)
    found = queries.registers_of([person, mate], TODAY)
    assert [one.kind for one in found[person]] == ["conflict", "cover"]
    assert [one.kind for one in found[mate]] == ["conflict"]


def test_registers_up_to_a_day_oldest_first_without_what_was_withdrawn(person, mate, qc) -> None:
    make_entry(qc, person, "violation", text="迟到没有说明")
    make_entry(qc, person, "complaint", day=date(2026, 11, 2), major=True)
    gone = make_entry(qc, person, "violation", text="录错的人")
    act(service.withdraw, qc, gone, "是另一位同事")
    found = queries.registers_of([person, mate], TODAY)
    assert [(one.kind, one.major) for one in found[person]] == [("complaint", True), ("violation", False)]
    assert found[mate] == ()
    assert [one.kind for one in queries.registers_of([person], date(2026, 11, 2))[person]] == ["complaint"]
    assert [one.label for one in queries.violations_of([person, mate], TODAY)[person]] == [
        "违纪：迟到没有说明"
    ]
    assert queries.violations_of([person], TODAY)[person][0].on == DAY
    assert queries.violations_of([person], date(2026, 11, 17)) == {person: ()}
    with pytest.raises(ConflictError):
        act(service.withdraw, qc, gone, "再来")


def test_nobody_enters_or_withdraws_what_concerns_them(person, mate, qc) -> None:
    made = make_entry(qc, person, "conflict", other=mate)
    for side in (person, mate):
        with pytest.raises(DomainError):
            act(service.withdraw, side, made, "不要")
        with pytest.raises(DomainError):
            act(service.enter, side, person, entry("conflict", other=mate))


def test_the_same_entry_is_not_made_twice_while_it_stands(app, person, mate, qc, manager) -> None:
    made = make_entry(qc, person, "award")
    for who in (qc, manager):
        with pytest.raises(ConflictError, match="没有再登记"):
            act(service.enter, who, person, entry("award"))
    make_entry(qc, mate, "award")
    make_entry(qc, person, "award", evidence="另一封表扬信")
    act(service.withdraw, qc, made, "登记错了")
    assert make_entry(qc, person, "award") > made
    _won, refused = race(
        app,
        lambda: service.enter(qc, START, person, entry("suggestion")),
        lambda: service.enter(manager, START, person, entry("suggestion")),
    )
    assert len(refused) == 1


def test_two_withdrawals_at_once_make_one(app, person, qc, manager) -> None:
    made = make_entry(qc, person, "award")
    _won, refused = race(
        app,
        lambda: service.withdraw(qc, START, made, "错"),
        lambda: service.withdraw(manager, START, made, "错"),
    )
    assert len(refused) == 1


def test_register_lists_are_filtered(person, mate, qc) -> None:
    make_entry(qc, person, "complaint", major=True)
    make_entry(qc, person, "conflict", other=mate)
    make_entry(qc, mate, "award")
    number = [
        queries.register_page(None, None, 1).total,
        queries.register_page([mate], None, 1).total,
        queries.register_page(None, Kind.AWARD, 1).total,
        queries.register_page(None, None, 1, major=True).total,
        queries.register_page(None, None, 1, without=mate).total,
    ]
    assert number == [3, 2, 1, 1, 1]


def test_evidence_takes_the_same_number_of_statements_for_any_number_of_people(app, qc) -> None:
    people = [make_person(f"客服{number}") for number in range(5)]
    for one in people:
        make_deduction(qc, one)
        make_entry(qc, one, "violation")
    numbers = []
    session().execute(sa.text("SELECT 1"))  # the transaction has begun
    for some in (people[:1], people):
        with counted(app) as statements:
            deductions_of(some, [OCTOBER, NOVEMBER])
            queries.registers_of(some, TODAY)
            queries.violations_of(some, TODAY)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] == 4


# --- opening sums


def _file(*rows) -> bytes:
    return write_csv([("工号", "月份", "条数", "分数"), *rows])


def _number(person) -> str:
    return get_person(person, TODAY).staff_no


def test_opening_sums_are_checked_then_entered_and_the_newest_counts(person, manager) -> None:
    month = date(2025, 12, 1)
    data = _file((_number(person), "2025-12", "2", "25"))
    batch = act(service.check_opening, manager, data, "a.csv", "2025年月报")
    assert counts(person, months=(month,)) == {}
    assert act(service.confirm_opening, manager, batch) == 1
    assert counts(person, months=(month,)) == {(person, month): (2, 25)}
    again = act(
        service.check_opening, manager, _file((_number(person), "2025-12", "0", "0")), "b.csv", "更正"
    )
    act(service.confirm_opening, manager, again)
    assert counts(person, months=(month,)) == {(person, month): (0, 0)}
    with pytest.raises(ConflictError):
        act(service.confirm_opening, manager, again)


def test_a_faulty_foreign_or_old_file_is_not_entered(person, qc, manager) -> None:
    faulty = act(service.check_opening, manager, _file(("K?", "2025-12", "2", "25")), "a.csv", "x")
    assert len(queries.opening_batch(manager, faulty).faults) == 1
    with pytest.raises(DomainError):
        act(service.confirm_opening, manager, faulty)
    own = act(service.check_opening, manager, _file((_number(manager), "2025-12", "0", "0")), "a.csv", "x")
    assert queries.opening_batch(manager, own).faults
    good = act(service.check_opening, manager, _file((_number(person), "2025-12", "2", "25")), "a.csv", "x")
    with pytest.raises(NotFoundError):
        act(service.confirm_opening, qc, good)
    with pytest.raises(ConflictError):
        act(service.confirm_opening, manager, good, at=START + timedelta(days=2))


def test_deductions_of_who_left_stay_and_count(person, qc) -> None:
    make_deduction(qc, person)
    with unit_of_work():
        staff.leave_company(qc, START, person, TODAY, "个人原因")
    assert counts(person) == {(person, NOVEMBER): (1, 10)}
