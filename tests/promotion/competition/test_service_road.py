"""The road of a competition from the notice to the confirmed leader, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.people import queries as people
from cstrain.people import service as staff
from cstrain.performance import service as performance
from cstrain.performance.facts import Entry
from cstrain.promotion.competition import queries, rules, service
from cstrain.promotion.competition.facts import Check, Phase
from cstrain.unit_of_work import unit_of_work
from tests.factories import competitions as make
from tests.factories.competitions import DAY, RATING, WORDS, at
from tests.factories.performance import make_month
from tests.factories.promotion import close_month

pytestmark = pytest.mark.usefixtures("context")


def phase(cast, day=None) -> Phase:
    return queries.competition(cast.competition, day or RATING.date()).phase


@pytest.fixture
def clock_later(clock):
    """Roles are asked for by the application's clock, so it goes along."""
    clock.set(RATING)
    return clock


def test_a_competition_of_five_ends_with_a_confirmed_leader(clock_later) -> None:
    cast = make.calculated()
    winner, *others = cast.candidates
    found = queries.calculation(cast.competition)
    assert found.intact
    assert [place.scored.candidate for place in found.places] == list(cast.applications.values())
    assert str(rules.shown(found.places[0].scored.total)) == "98.00"  # colleagues said 80 of 100
    act = make.choose(cast, [winner])
    with unit_of_work():
        service.answer_act(cast.people["gm"], RATING, act, agreed=True)
    assert phase(cast) is Phase.DECIDED
    (trial,) = queries.trials_of(cast.competition)
    assert (trial.starts_on, trial.ends_on) == (date(2026, 12, 1), date(2026, 12, 31))
    assert "group_leader" in people.roles_of(winner, date(2026, 12, 31))
    assert "group_leader" not in people.roles_of(winner, date(2027, 1, 1))
    assert all("group_leader" not in people.roles_of(one, date(2026, 12, 5)) for one in others)

    make.clear(cast)
    later = at(date(2026, 12, 28))
    one = cast.applications[winner]
    with unit_of_work():
        end = service.propose_trial_end(cast.people["office"], later, one, confirmed=True, reason="带得好")
        service.answer_act(cast.people["gm"], later, end, agreed=True)
    after = people.get_person(winner, date(2027, 1, 1))
    assert after.post == "客服组长"
    assert "group_leader" in people.roles_of(winner, date(2027, 6, 1))
    assert after.status == people.get_person(winner, DAY).status
    assert phase(cast, later.date()) is Phase.ENDED


def test_who_is_not_confirmed_leads_no_longer_and_keeps_everything_else(clock_later) -> None:
    cast = make.calculated(2)
    winner = cast.candidates[0]
    before = people.get_person(winner, DAY)
    with unit_of_work():
        service.answer_act(cast.people["gm"], RATING, make.choose(cast, [winner]), agreed=True)
    later = at(date(2027, 1, 4))
    with unit_of_work():
        end = service.propose_trial_end(
            cast.people["office"], later, cast.applications[winner], confirmed=False, reason="还要再练"
        )
        service.answer_act(cast.people["deputy"], later, end, agreed=True)
    assert people.get_person(winner, date(2027, 2, 1)) == before
    assert "group_leader" not in people.roles_of(winner, date(2027, 1, 1))
    assert queries.trials_of(cast.competition)[0].confirmed is False


def test_a_trial_is_not_decided_before_its_last_days(clock_later) -> None:
    cast = make.calculated(2)
    with unit_of_work():
        service.answer_act(cast.people["gm"], RATING, make.choose(cast, cast.candidates[:1]), agreed=True)
    make.clear(cast)
    one = cast.applications[cast.candidates[0]]
    with pytest.raises(ConflictError, match="还不能提出"):
        service.propose_trial_end(
            cast.people["office"], at(date(2026, 12, 23)), one, confirmed=True, reason="好"
        )


def test_nobody_may_be_chosen_and_then_it_is_over(clock_later) -> None:
    cast = make.calculated(2)
    with unit_of_work():
        service.answer_act(cast.people["gm"], RATING, make.choose(cast, []), agreed=True)
    assert phase(cast) is Phase.ENDED
    assert queries.trials_of(cast.competition) == []


def test_only_converted_staff_apply_once_and_within_the_window() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    with pytest.raises(ForbiddenError, match="已转正"):
        service.apply(cast.people["trainee"], at(), cast.competition, WORDS)
    make.apply(cast, cast.candidates[0])
    with pytest.raises(ConflictError, match="已经报名"):
        service.apply(cast.candidates[0], at(), cast.competition, WORDS)
    with pytest.raises(ConflictError):
        service.apply(cast.colleagues[0], at(DAY + timedelta(days=3), 0), cast.competition, WORDS)
    with pytest.raises(ConflictError):
        service.apply(cast.colleagues[0], at(DAY - timedelta(days=1), 23), cast.competition, WORDS)
    with unit_of_work():
        service.apply(cast.colleagues[0], at(DAY + timedelta(days=2), 23, 59), cast.competition, WORDS)


def test_the_form_keeps_what_the_system_knew_that_day() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    one = make.apply(cast, cast.candidates[0])
    with unit_of_work():
        staff.change_state(None, at(), cast.candidates[0], DAY, reason="调岗", source="test", post="培训专员")
    known = queries.candidate(one).known
    assert [each["month"] for each in known["months"]] == ["2026-08-01", "2026-09-01", "2026-10-01"]
    assert [each["score"] for each in known["months"]] == ["85.00"] * 3
    assert (known["hired_on"], known["post"]) == ("2026-01-05", "客服专员")


def test_what_hr_sends_back_names_the_clause_and_only_another_clerk_may_look_again() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    one = make.apply(cast, cast.candidates[0])
    with pytest.raises(ConflictError, match="部门的意见"):
        service.check(cast.people["hr"], at(), one, passes=True)
    with unit_of_work():
        service.give_opinion(cast.people["supervisor"], at(), one, agrees=False, text="人手紧")
    with pytest.raises(DomainError):
        service.check(cast.people["hr"], at(), one, passes=False, clause=" ")
    with unit_of_work():
        service.check(cast.people["hr"], at(), one, passes=False, clause="第二条", note="材料不全")
    assert queries.candidate(one).check is Check.RETURNED
    with pytest.raises(ForbiddenError, match="另一位"):
        service.check(cast.people["hr"], at(), one, passes=True)
    with unit_of_work():
        service.check(cast.people["hr2"], at(), one, passes=True)
    found = queries.candidate(one)
    assert found.check is Check.PASSED
    kinds = [event.kind for event in queries.events_of(cast.competition)]
    assert kinds == ["opinion", "returned", "passed"]


def test_who_withdraws_is_out_and_the_rest_goes_on(clock_later) -> None:
    cast = make.rated(3)
    make.rate_all(cast)
    gone = cast.candidates[0]
    with unit_of_work():
        service.withdraw(gone, RATING, cast.applications[gone])
        service.calculate(cast.people["hr"], RATING, cast.competition)
    ranked = [place.scored.candidate for place in queries.calculation(cast.competition).places]
    assert ranked == [cast.applications[one] for one in cast.candidates[1:]]


def test_the_rating_does_not_start_while_an_application_waits(clock_later) -> None:
    cast = make.make_cast(2)
    make.announce(cast)
    for person in cast.candidates:
        make.apply(cast, person)
    make.examine(cast, cast.candidates[:1])
    with pytest.raises(ConflictError, match="没有审查完"):
        make.start(cast)


def test_an_ended_competition_stays_on_record_with_its_reason() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    with unit_of_work():
        service.end(cast.people["hr"], at(), cast.competition, "岗位取消")
    assert phase(cast, DAY) is Phase.ENDED
    assert queries.applications_of(cast.candidates[0])
    with pytest.raises(ConflictError):
        service.apply(cast.colleagues[0], at(), cast.competition, WORDS)


def test_a_missing_month_is_named_until_two_persons_have_entered_it(clock_later) -> None:
    cast = make.make_cast(1, with_months=False)
    person, second = cast.candidates[0], make.MONTHS[1]
    for month in make.MONTHS:
        if month != second:
            make_month(person, month, by=cast.people["hr"], at=at(), score=85)
        close_month(cast.department, month, cast.people["office"], on=make.DAY)
    make.announce(cast)
    make.apply(cast, person)
    make.examine(cast)
    make.start(cast)
    make.rate_all(cast)
    (lack,) = make.progress(cast).missing
    assert (lack.factor, lack.have, lack.need, lack.months) == ("pm", 2, 3, (second,))
    with pytest.raises(ConflictError, match="还不能统分"):
        service.calculate(cast.people["hr"], RATING, cast.competition)
    with unit_of_work():
        entry = Entry(person, second, {"score": Decimal(55)}, None)
        asked = performance.ask_correction(cast.people["hr"], RATING, entry, base=0, reason="漏登")
        performance.decide_correction(cast.people["manager"], RATING, asked, agreed=True)
    assert make.progress(cast).missing == ()
    with unit_of_work():
        service.calculate(cast.people["hr"], RATING, cast.competition)
    found = queries.calculation(cast.competition)
    assert [each.score for each in found.inputs[0].months] == [85, 55, 85]
    assert found.places[0].scored.raw("pm") == 80  # mean 75


def test_each_missing_factor_is_named_and_nothing_is_calculated(clock_later) -> None:
    cast = make.rated(2)
    first, last = cast.candidates[0], cast.people["deputy"]
    lacks = {(each.candidate, each.factor) for each in make.progress(cast).missing}
    assert lacks == {
        (one, factor)
        for one in cast.applications.values()
        for factor in ("ability", "interview", "manager", "colleagues")
    }
    make.rate_all(cast, besides=(last, first))
    (lack,) = make.progress(cast).missing
    assert (lack.candidate, lack.factor, lack.have, lack.need) == (
        cast.applications[first],
        "interview",
        2,
        3,
    )
    with pytest.raises(ConflictError, match="还不能统分"):
        service.calculate(cast.people["hr"], RATING, cast.competition)
    make.hand_in(cast, last, first, "interview")
    with unit_of_work():
        service.calculate(cast.people["hr"], RATING, cast.competition)


def test_without_monthly_scores_the_factor_is_missing_and_not_nought(clock_later) -> None:
    cast = make.make_cast(1, with_months=False)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    make.examine(cast)
    make.start(cast)
    make.rate_all(cast)
    (lack,) = make.progress(cast).missing
    assert (lack.factor, lack.have, lack.need) == ("pm", 0, 3)


def test_the_calculation_is_sealed_and_a_change_shows(clock_later) -> None:
    from cstrain.extensions import session
    from cstrain.promotion.competition.models import CompetitionEvent

    cast = make.calculated(2)
    assert queries.calculation(cast.competition).intact
    row = session().query(CompetitionEvent).filter_by(kind="calculated").one()
    row.detail = {**row.detail, "sealed": row.detail["sealed"].replace('"85.00"', '"95.00"', 1)}
    session().flush()
    assert not queries.calculation(cast.competition).intact
