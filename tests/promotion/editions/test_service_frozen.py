"""What began before an edition of its chapter is finished under the old numbers, what begins after is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cstrain.extensions import db
from cstrain.unit_of_work import unit_of_work
from tests.factories import editions as road
from tests.factories.editions import Offices

pytestmark = pytest.mark.usefixtures("context")

START = date(2026, 11, 21)
"""The new edition's first day; the clock of the tests stands on the day before."""
AFTER = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@pytest.fixture
def change(clock):
    """Approve an edition from ``START`` on; the function it returns goes to that day."""

    def approved(name: str, *changes: tuple[str, str]) -> Offices:
        offices = road.lone_offices()
        road.new_chapter(offices, name, *changes, start=START)
        return offices

    def pass_on(to: datetime = AFTER) -> None:
        db.session.rollback()
        clock.set(to)

    approved.pass_on = pass_on  # type: ignore[attr-defined]
    return approved


def test_a_competition_keeps_its_factors(change) -> None:
    from cstrain.promotion.competition import queries, service
    from cstrain.promotion.competition.service import NewCompetition
    from tests.factories import competitions as make

    cast = make.make_cast(1, with_months=False)
    change(
        "leader_competition",
        ("title: 业务能力, weight: 40", "title: 业务能力, weight: 30"),
        ("title: PM绩效, weight: 10", "title: PM绩效, weight: 20"),
    )
    first = make.announce(cast)
    change.pass_on()
    new = NewCompetition("组长", cast.department, 1, "另一个组。", START, START + timedelta(days=5))
    with unit_of_work():
        second = service.announce(cast.people["hr"], AFTER, new)

    def weights(one: int) -> list[int]:
        return [int(each.weight) for each in queries.competition(one, START).rules.factors]

    assert (weights(first)[:2], weights(second)[:2]) == ([40, 10], [30, 20])
    assert queries.competition(first, START).rules.edition == 1


def test_an_eaglet_plan_keeps_its_seats(change) -> None:
    from cstrain.promotion.eaglet import queries, service
    from tests.factories import eaglets as make

    cast = make.make_cast()
    change("eaglet", ("invited: 2 ", "invited: 4 "))
    first = make.approved(cast)
    change.pass_on()
    with unit_of_work():
        second = service.propose(cast.people["director"], AFTER, "第二期", "还缺人")
    invited = [queries.plan(one, START).rules.screening.invited for one in (first, second)]
    assert invited == [2, 4]


def test_a_rating_keeps_its_windows(change) -> None:
    from cstrain.promotion.rating import queries, service, store
    from tests.factories import rating as make

    found = make.cast()
    change(
        "rating", ("contest_within: 5 ", "contest_within: 1 "), ("decide_within: 10 ", "decide_within: 2 ")
    )
    with unit_of_work():
        found.run = service.start(found["hr"], make.NOW, "basic", make.Q3)
    change.pass_on()
    assert store.chapter().contest_within == 1
    run = queries.run(found.run)
    assert (run.rules, store.rules_of(run).contest_within, store.rules_of(run).decide_within) == (1, 5, 10)
    with unit_of_work():
        service.contest(found["falls"], AFTER, found.line("falls").id, "八月有两天系统故障，没有计入。")
    decide_by = found.line("falls").contest.decide_by
    assert decide_by > START + timedelta(days=5)  # ten working days, not two


def test_a_review_cycle_keeps_its_weights(change) -> None:
    from cstrain.performance.reviews import queries, service, store
    from tests.factories import reviews as make

    cast = make.make_cast()
    change(
        "reviews",
        ("title: 自评, weight: 10", "title: 自评, weight: 20"),
        ("title: 客户评价, weight: 20", "title: 客户评价, weight: 10"),
    )
    first = make.open_cycle(cast)
    change.pass_on()
    assert {one.id: one.weight for one in store.chapter().views}["self"] == 20
    held = queries.cycle(first).rules
    assert ({one.id: one.weight for one in held.views}["self"], held.edition) == (10, 1)
    with unit_of_work():
        service.close(cast.people["hr"], make.OVER, first)
    assert queries.cycle(first).rules == held


_QC = "roles: [qc_manager]\n    place: company\n    weight: "


def test_an_assessment_round_keeps_its_weights_and_whom_it_leaves_out(change) -> None:
    from cstrain.performance.assessment import queries
    from tests.factories import assessment as make
    from tests.factories.people import make_person

    people = make.company()
    change(
        "assessment",
        (f"{_QC}30", f"{_QC}20"),
        ("place: department\n    weight: 40", "place: department\n    weight: 50"),
        ("not_for: [supervisor", "not_for: [group_leader, supervisor"),
    )
    make.open_round(people)
    held = queries.sheet(make.sheet_of(people["leader"])).round
    change.pass_on()
    late = make_person("新组长", roles=["group_leader"], department=make.place_of(), post="组长")
    again = make.open_round(people, at=AFTER)
    assert again == held.id
    assert queries.sheet(make.sheet_of(late)).round.rules.office("qc").weight == 30
    newer = make.open_round(people, month=date(2026, 9, 1), at=AFTER)
    sheets = queries.sheets_of_round(newer)
    assert sheets and all(one.round.rules.office("qc").weight == 20 for one in sheets)
    assert people["leader"] not in {one.person_id for one in sheets}


def test_a_month_goes_by_the_grades_of_its_last_day(change) -> None:
    from cstrain.performance import queries
    from tests.factories.people import make_department, make_person
    from tests.factories.performance import make_month

    place = make_department("售后二部")
    clerk = make_person("登记", roles=["hr"], department=make_department("人力"))
    agent = make_person("林晓雯", department=place)
    change("performance", ("A: 85", "A: 80"))
    at = datetime(2026, 12, 25, 1, 0, tzinfo=UTC)
    change.pass_on(at)
    for month in (date(2026, 10, 1), date(2026, 11, 1)):
        make_month(agent, month, by=clerk, score=82, at=at)
    found = queries.records([agent], [date(2026, 10, 1), date(2026, 11, 1)])
    assert [one.grade for one in found] == ["B", "A"]
    make_month(agent, date(2026, 10, 1), by=clerk, score=83, at=at, reason="补登")
    assert queries.records([agent], [date(2026, 10, 1)])[0].grade == "B"


def test_a_move_keeps_its_days_and_a_succession_its_order(change) -> None:
    from cstrain.promotion.moves import queries, store
    from tests.factories import moves as make

    cast = make.make_cast()
    change(
        "moves",
        ("effect_within: 90 ", "effect_within: 10 "),
        ("levels: [senior, principal]", "levels: [principal]"),
        ("authorised_months: 12 ", "authorised_months: 1 "),
    )
    case, vacant = make.transfer(cast), make.succession(cast)
    change.pass_on()
    assert store.chapter().effect_within == 10
    assert store.rules_of(queries.case(case)).effect_within == 90
    rules = store.succession_rules(queries.succession(vacant))
    assert [one.senior.person for one in queries.ranking(cast.place, START, rules)]
    assert not queries.ranking(cast.place, START, store.chapter().succession)


def test_a_published_chat_keeps_its_days_to_contest_and_a_month_its_window(change) -> None:
    from cstrain.performance.quality import queries
    from tests.factories import quality as make
    from tests.factories.people import make_department, make_person

    place = make_department("售前三部")
    agent = make_person("林晓雯", department=place)
    rater = make_person("质检", roles=["qc"], department=make_department("质检部"))
    manager = make_person("质检经理", roles=["qc_manager"], department=make_department("质检部"))
    change("quality", ("contest_days: 3 ", "contest_days: 9 "), ("close_from: 21 ", "close_from: 10 "))
    make.published_rating(agent, rater, manager)
    published = make.AFTER
    change.pass_on()
    assert queries.contest_until(agent, published) == date(2026, 11, 19)
    assert queries.contest_until(agent, AFTER) == date(2026, 12, 2)
    assert [queries.month(first).from_day.day for first in (date(2026, 10, 1), date(2026, 11, 1))] == [21, 10]


def test_a_report_is_read_by_the_form_it_was_written_in(change) -> None:
    from cstrain.performance.activities import queries, service, store
    from cstrain.performance.activities.facts import Kind, Span
    from tests.factories import activities as make
    from tests.factories.people import make_department, make_person

    place = make_department("售前四组")
    leader = make_person("组长", roles=["group_leader"], department=place, post="组长")
    change("activities", ("{code: help, title: 需要的支持", "{code: wishes, title: 需要的支持"))
    first = make.make_report(leader, place)
    change.pass_on(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    held = queries.report(first)
    assert held.edition == 1
    assert "help" in {one.code for one in store.report_form(held.span, held.edition).sections}
    late = Span(Kind.DAY, date(2026, 11, 20))
    assert "help" in {one.code for one in store.report_form(late).sections}
    new = Span(Kind.DAY, START)
    assert "wishes" in {one.code for one in store.report_form(new).sections}
    at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    with unit_of_work():
        made = service.submit(leader, at, place, new, make.draft(wishes="多一台电脑"))
    assert (queries.report(made).edition, queries.report(made).said["wishes"]) == (2, "多一台电脑")
