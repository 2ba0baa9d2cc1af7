"""Sealed calculations of competitions, ratings and Eaglet plans are worked out again; faults are named."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from cstrain.cli_context import shell_of
from cstrain.extensions import db
from cstrain.judgement.sealing import digest
from cstrain.promotion.competition.models import (
    Competition,
    CompetitionEvent,
    CompetitionSheet,
    CompetitionTally,
)
from cstrain.promotion.eaglet import service as eaglet_service
from cstrain.promotion.eaglet.models import EagletApplication, EagletClosing, EagletEvent, EagletSheet
from cstrain.promotion.editions import queries
from cstrain.promotion.rating import service as rating_service
from cstrain.promotion.rating.models import RatingBase, RatingLate, RatingLine
from cstrain.unit_of_work import unit_of_work
from tests.factories import competitions, eaglets, rating
from tests.factories.eaglets import AFTER, INTERVIEWS, STUDY
from tests.factories.rating import CLOSED_WINDOW, GOOD

pytestmark = pytest.mark.usefixtures("context")
AUGUST = date(2026, 8, 1)


def looked_at(room: str):
    """Look at every calculation of a room again."""
    return queries.recounted_page(room, 1)


def faults(room: str):
    """Name what differs: (what, whose, was, now)."""
    return [
        (each.what, each.of, each.was, each.now) for one in looked_at(room) for each in one.found.deviations
    ]


def change_event(model, kind: str, change, *, seal: bool = True) -> None:
    """Write an event's sealed text over; ``seal``: with a hash that fits."""
    row = db.session.scalars(sa.select(model).where(model.kind == kind)).one()
    content = json.loads(row.detail["sealed"])
    change(content)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    detail = {**row.detail, "sealed": text, **({"sha256": digest(text)} if seal else {})}
    with unit_of_work():
        row.detail = detail


# competitions


def test_a_calculation_comes_out_the_same_and_a_changed_rank_is_named() -> None:
    cast = competitions.calculated(3)
    (one,) = looked_at("competition")
    assert one.same and one.found.results == 3 and one.of == cast.competition
    first, second, _third = cast.applications.values()

    def swap(content) -> None:
        (a, _x, t), (b, _y, u) = content["result"][:2]
        content["result"][:2] = [[b, 1, u], [a, 2, t]]

    change_event(CompetitionEvent, "calculated", swap)
    (one,) = looked_at("competition")
    assert one.whole and one.readable and not one.same
    assert set(faults("competition")) == {("rank", str(first), "2", "1"), ("rank", str(second), "1", "2")}


def test_a_sheet_or_an_answer_changed_behind_the_seal_is_named() -> None:
    cast = competitions.calculated(2)
    first = next(iter(cast.applications.values()))
    with unit_of_work():
        row = db.session.scalars(
            sa.select(CompetitionSheet).where(
                CompetitionSheet.candidate_id == first, CompetitionSheet.kind == "manager"
            )
        ).one()
        row.points = dict.fromkeys(row.points, "0")
    ((what, whose, _was, now),) = faults("competition")
    assert (what, whose, now) == ("manager", str(first), "0")
    with unit_of_work():
        db.session.execute(
            sa.update(CompetitionTally)
            .where(CompetitionTally.candidate_id == first)
            .values(chosen=CompetitionTally.chosen + 1)
        )
        place = db.session.scalars(sa.select(Competition)).one()
        place.rules = {**place.rules, "trial_months": 2}
    assert [(each[0], each[1]) for each in faults("competition")] == [
        ("rules", "trial_months"),
        ("manager", str(first)),
        ("colleagues", str(first)),
    ]


def test_a_calculation_that_cannot_be_read_is_named_not_raised() -> None:
    competitions.calculated(2)
    change_event(CompetitionEvent, "calculated", lambda content: content.pop("inputs"), seal=False)
    (one,) = looked_at("competition")
    assert not one.whole and not one.readable and not one.same


# ratings


def test_every_line_of_a_rating_comes_out_the_same_also_after_a_contest(clock) -> None:
    from cstrain.promotion.rating import service

    cast, contest = rating.contested()
    clock.set(CLOSED_WINDOW)
    with unit_of_work():
        service.decide(cast["gm"], CLOSED_WINDOW, contest, upheld=True, reason="系统故障属实")
    found = looked_at("rating")
    assert len(found) == queries.recounted_numbers()["rating"] == 7
    assert all(one.same for one in found), faults("rating")
    assert {one.of for one in found} == {cast.run}


def test_changed_facts_and_a_changed_line_are_named(clock) -> None:
    cast = rating.started()
    line = cast.line("falls").id
    row = db.session.get(RatingLine, line)
    content = row.content.replace("85.00", "95.00")
    assert content != row.content
    with unit_of_work():
        row.content, row.sha256 = content, digest(content)
    (one,) = [each for each in looked_at("rating") if not each.same]
    assert one.whole and one.id == line and one.found.differences
    assert one.found.differences[0].was[0] == "not_met"
    with unit_of_work():
        other = db.session.get(RatingLine, cast.line("stays").id)
        other.outcome, other.goal = "up", "intermediate"
        db.session.execute(sa.update(RatingBase).values(sha256="0" * 64))
    every = looked_at("rating")
    assert not any(one.whole for one in every)
    (found,) = [one for one in every if one.id == cast.line("stays").id]
    named = {(each.what, each.was, each.now) for each in found.found.deviations}
    assert ("recorded_outcome", "stay", "up") in named
    assert ("recorded_goal", "junior", "intermediate") in named


def gap_proposed(cast) -> int:
    """Late data of one person: the quarter is proposed anew; returns the proposal."""
    rating.month(cast["gap"], cast.place, AUGUST, cast["hr"], **GOOD, on=date(2026, 11, 26))
    with unit_of_work():
        return rating_service.ask_late(cast["hr"], CLOSED_WINDOW, cast.line("gap").id, "八月的记录补录了")


def test_a_proposal_after_late_data_is_judged_again_while_it_waits_and_afterwards(clock) -> None:
    cast = rating.started()
    clock.set(CLOSED_WINDOW)
    before = queries.recounted_numbers()["rating"]
    late = gap_proposed(cast)
    first, *rest = looked_at("rating")
    assert (first.kind, first.id, first.of) == ("late", late, cast.run) and first.same
    assert len(rest) == before and {one.kind for one in rest} == {"rating"}
    assert queries.recounted_numbers()["rating"] == before + 1
    assert [one.kind for one in queries.recount_all()] == ["rating"] * before + ["late"]
    with unit_of_work():
        rating_service.answer_late(cast["hr2"], CLOSED_WINDOW, late, agreed=True)
    assert all(one.same for one in looked_at("rating"))


def test_a_waiting_proposal_that_was_changed_is_named(clock) -> None:
    cast = rating.started()
    clock.set(CLOSED_WINDOW)
    row = db.session.get(RatingLate, gap_proposed(cast))
    with unit_of_work():
        row.outcome, row.goal = "down", None
    wrong = [one for one in looked_at("rating") if not one.same]
    assert [(one.kind, one.whole) for one in wrong] == [("late", True)]
    assert {each.what for each in wrong[0].found.deviations} == {"recorded_outcome", "recorded_goal"}
    with unit_of_work():
        row.content = row.content.replace("85.00", "99.00", 1) + " "
    (one,) = [one for one in looked_at("rating") if not one.same]
    assert not one.whole


# Eaglet plans


def test_a_screening_sheet_and_the_interviews_come_out_the_same() -> None:
    cast = eaglets.deciding()
    interviews, screening = looked_at("eaglet")
    assert (interviews.kind, screening.kind) == ("interviews", "screening")
    assert interviews.same and screening.same, faults("eaglet")
    assert screening.of == cast.plan and screening.found.results


def test_another_rank_another_form_and_another_sheet_are_named() -> None:
    eaglets.deciding()

    def worse(content) -> None:
        content["sheet"][0]["rank"] = 9

    change_event(EagletEvent, "screened", worse)
    assert [each[0] for each in faults("eaglet")] == ["rank"]
    with unit_of_work():
        row = db.session.scalars(sa.select(EagletSheet)).first()
        row.points = dict.fromkeys(row.points, "1")
        db.session.execute(sa.update(EagletApplication).values(months="9"))
    named = {each[0] for each in faults("eaglet")}
    assert {"sheet", "items", "total"} <= named


def ended(clock) -> tuple[eaglets.Cast, int]:
    """A plan proposed to be closed: three pass, one of them exempt, one fails."""
    clock.set(INTERVIEWS)
    cast = eaglets.studying()
    waived, failing = cast.members[1], cast.members[3]
    clock.set(STUDY)
    eaglets.exempt(cast, waived)
    eaglets.sat(cast, {(failing, "soso-upgrade"): 2}, waived)
    clock.set(AFTER)
    with unit_of_work():
        made = eaglet_service.propose_closing(
            cast.people["hr"], AFTER, cast.plan, date(2027, 1, 4), "圆满结束"
        )
    return cast, made


def test_a_closing_comes_out_the_same_while_it_waits_and_after_it_was_agreed_to(clock) -> None:
    cast, made = ended(clock)
    first, *rest = looked_at("eaglet")
    assert (first.kind, first.id, first.of) == ("closing", made, cast.plan)
    assert first.same and first.found.results == 4, faults("eaglet")
    assert [one.kind for one in rest] == ["interviews", "screening"]
    with unit_of_work():
        eaglet_service.answer_closing(cast.people["deputy"], AFTER, cast.plan, made, agreed=True)
    assert looked_at("eaglet")[0].same, faults("eaglet")
    assert [one.kind for one in queries.recount_all()] == ["screening", "interviews", "closing"]


def test_another_result_in_a_closing_and_another_transfer_are_named(clock) -> None:
    cast, made = ended(clock)
    passing, failing = cast.members[0], cast.members[3]
    row = db.session.get(EagletClosing, made)
    kept = json.loads(row.sealed)
    (lost,) = [one for one in kept["outcomes"] if one["person"] == failing]
    lost["passes"] = True
    lost["papers"][0]["state"], lost["papers"][0]["raw"] = "passed", "90"
    waived = next(one for one in kept["outcomes"] if one["person"] == cast.members[1])
    next(one for one in waived["papers"] if one["state"] == "exempt")["exemption"] = 77
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with unit_of_work():
        row.sealed, row.sha256 = text, digest(text)
    first = looked_at("eaglet")[0]
    assert first.whole and first.readable and not first.same
    named = {(each.what, each.of.split()[0]) for each in first.found.deviations}
    assert {("result", str(failing)), ("mark", str(failing)), ("passes", str(failing))} <= named
    assert ("result", str(cast.members[1])) in named
    with unit_of_work():
        row.agreed, row.answered_by, row.answered_at = True, cast.people["deputy"], AFTER
    named = {(each.what, each.of) for each in looked_at("eaglet")[0].found.deviations}
    assert ("moved", str(passing)) in named
    with unit_of_work():
        row.sealed += " "
    assert not looked_at("eaglet")[0].whole


# the command


def test_the_command_tells_of_decisions_and_calculations(app) -> None:
    from click.testing import CliRunner

    from cstrain.promotion.commands import promotion

    def run(*words: str):
        db.session.remove()
        return CliRunner().invoke(promotion, ["verify-decisions", *words], obj=shell_of(app))

    competitions.calculated(2)
    assert "核验1份，都对得上" in run().output
    found = json.loads(run("--json").output)
    assert (found["decisions"], found["calculations"], found["same"]) == (0, 1, 1)

    def better(content) -> None:
        content["result"][1][1] = 1

    change_event(CompetitionEvent, "calculated", better, seal=False)
    result = run()
    assert result.exit_code == 1 and "竞聘统分" in result.output and "内容已被改动" in result.output
    assert "名次" in result.output and "封存时“1”，现在“2”" in result.output
    (wrong,) = json.loads(run("--json").output)["calculations_wrong"]
    assert wrong["kind"] == "competition" and wrong["values"][0]["what"] == "rank"
