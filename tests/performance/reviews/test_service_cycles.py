"""Opening, closing and minding a cycle of reviews: window, rules, results, reminders."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.queries import unread as unread_count
from cstrain.performance.reviews import queries, rules, service, store
from cstrain.performance.reviews.facts import State
from cstrain.performance.reviews.models import (
    ReviewResult,
)
from cstrain.performance.reviews.policy import MANAGER, SELF
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import reviews as make
from tests.factories.people import make_person
from tests.factories.reviews import FIRST, LAST, MONTH, OVER, at, rows

pytestmark = pytest.mark.usefixtures("context", "clock_there")


def test_a_month_is_reviewed_from_four_sides_and_sealed() -> None:
    cast = make.opened()
    make.satisfied(cast, csat=95)
    one = cast.agents[0]
    make.hand_in(cast, one, one, SELF, make.answers("excellent"), "我自己看到的")
    make.hand_in(cast, cast.people["supervisor"], one, MANAGER, note="继续保持")
    for n, peer in enumerate(make.peers_of(cast, one)[:4]):
        make.answer(cast, peer, one, make.answers("fair"), f"话{n}")
    make.close(cast)
    found = queries.result(cast.subject(one))
    assert found.outcome.total == 10 + 40 + 12 + 19
    assert found.intact
    assert (found.own_note, found.manager, found.manager_note) == (
        "我自己看到的",
        cast.people["supervisor"],
        "继续保持",
    )
    assert sorted(found.remarks) == ["话0", "话1", "话2", "话3"]
    other = queries.result(cast.subject(cast.agents[1]))
    assert other.outcome.total is None
    assert other.outcome.missing == ("self", "manager")
    assert other.outcome.line("peers").state is State.WITHHELD
    assert [each.subject for each in queries.results_of(one)] == [found.subject]


def test_who_was_in_the_department_is_reviewed_but_not_who_opens() -> None:
    cast = make.opened()
    persons = {each.person for each in queries.subjects_of([cast.cycle])}
    assert persons == {*cast.agents, cast.people["supervisor"]}
    with unit_of_work():
        head = service.open_cycle(
            cast.people["supervisor"],
            at(),
            service.NewCycle(cast.department, date(2026, 9, 1), FIRST, LAST, "drawn"),
            "seed",
        )
    assert {each.person for each in queries.subjects_of([head])} == set(cast.agents)
    supervisors = next(
        one for one in queries.subjects_of([cast.cycle]) if one.person == cast.people["supervisor"]
    )
    assert supervisors.manager == cast.people["director"]
    assert all(one.manager == cast.people["supervisor"] for one in queries.subjects_of([head]))


def test_a_cycle_is_opened_once_within_reason_and_by_who_may() -> None:
    cast = make.make_cast(3)
    refused = [
        {"closes_on": FIRST - timedelta(days=1)},
        {"opens_on": FIRST - timedelta(days=1)},
        {"closes_on": FIRST + timedelta(days=31)},
        {"way": "asked"},
    ]
    for change in refused:
        with pytest.raises(DomainError, match="没有发起"):
            make.open_cycle(cast, **change)
        db.session.rollback()
    with pytest.raises(DomainError):
        service.open_cycle(
            cast.people["hr"],
            at(),
            service.NewCycle(cast.department, date(2026, 11, 1), FIRST, LAST, "drawn"),
            "s",
        )
    for who in ("gm", "elsewhere", "other_head", "auditor"):
        with pytest.raises(ForbiddenError):
            make.open_cycle(cast, by=who)
    make.open_cycle(cast)
    with pytest.raises(ConflictError, match="已经发起过"):
        make.open_cycle(cast, by="hr2")


def test_a_department_without_people_has_nothing_to_review() -> None:
    cast = make.make_cast(2)
    new = service.NewCycle(cast.department, date(2025, 10, 1), FIRST, LAST, "drawn")
    with pytest.raises(DomainError, match="没有可以评价的人"):
        service.open_cycle(cast.people["hr"], at(), new, "s")


def test_more_days_may_be_given() -> None:
    cast = make.opened()
    with pytest.raises(DomainError, match="要比"):
        service.extend(cast.people["hr"], at(), cast.cycle, LAST)
    with pytest.raises(DomainError, match="最长"):
        service.extend(cast.people["hr"], at(), cast.cycle, FIRST + timedelta(days=31))
    with pytest.raises(ForbiddenError):
        service.extend(cast.people["supervisor"], at(), cast.cycle, LAST + timedelta(days=2))
    with unit_of_work():
        service.extend(cast.people["hr"], OVER, cast.cycle, LAST + timedelta(days=2))
    assert queries.cycle(cast.cycle).closes_on == LAST + timedelta(days=2)
    with unit_of_work():
        service.hand_in(cast.agents[0], OVER, cast.subject(cast.agents[0]), SELF, make.answers())


def test_nothing_of_a_result_is_there_before_the_cycle_is_closed() -> None:
    cast = make.opened()
    make.fill(cast, cast.agents[0])
    assert queries.find_result(cast.subject(cast.agents[0])) is None
    with pytest.raises(NotFoundError):
        queries.result(cast.subject(cast.agents[0]))
    facts = queries.subject(cast.subject(cast.agents[0]))
    assert (facts.own_in, facts.manager_in, facts.asked, facts.answered) == (True, True, 5, 5)


def test_a_cycle_is_closed_after_its_window_or_when_all_is_in() -> None:
    cast = make.opened(agents=4)
    with pytest.raises(ConflictError, match="还不能结束"):
        make.close(cast, now=at(LAST, 20))
    for one in cast.agents:
        make.fill(cast, one)
    head = cast.people["supervisor"]
    make.hand_in(cast, head, head, SELF)
    make.hand_in(cast, cast.people["director"], head, MANAGER)
    for peer in make.peers_of(cast, head):
        make.answer(cast, peer, head)
    make.close(cast, now=at(hour=12))
    with pytest.raises(ConflictError, match="已经结束"):
        make.close(cast)


def test_who_is_reviewed_or_may_not_does_not_close() -> None:
    cast = make.opened()
    for who in ("supervisor", "gm", "other_head"):
        with pytest.raises(ForbiddenError):
            make.close(cast, by=who)
    make.close(cast, by="director")
    assert unread_count(cast.agents[0]) >= 2


def test_a_changed_result_is_noticed() -> None:
    cast = make.closed()
    subject = cast.subject(cast.agents[0])
    with unit_of_work():
        row = next(row for row in rows(ReviewResult) if row.subject_id == subject)
        kept = json.loads(row.sealed)
        kept["inputs"]["manager"] = make.answers("excellent")
        row.sealed = json.dumps(kept)
    assert not queries.result(subject).intact


def test_a_cycle_keeps_the_rules_of_its_opening(monkeypatch) -> None:
    cast = make.opened()
    make.satisfied(cast)
    make.fill(cast, cast.agents[0])
    old = store.chapter()
    views = tuple(
        view.model_copy(update={"weight": weight})
        for view, weight in zip(old.views, (40, 20, 20, 20), strict=True)
    )
    monkeypatch.setattr(store, "chapter", lambda: old.model_copy(update={"edition": 2, "views": views}))
    make.close(cast)
    found = queries.result(cast.subject(cast.agents[0]))
    assert found.cycle.rules == old
    assert [line.weight for line in found.outcome.lines] == [10, 50, 20, 20]


def test_results_of_many_people_take_a_fixed_number_of_statements(app) -> None:
    cast = make.closed()
    with counted(app) as few:
        rules.outcome_record(queries.results_of(cast.agents[0])[0].outcome)
    assert len(few) <= 6
    assert queries.results_of(cast.agents[0])[0].cycle.month == MONTH
    assert make_person("闲人") not in {one.person for one in queries.subjects_of([cast.cycle])}
