"""Sealed calculations of competitions, ratings and Eaglet plans are worked out again; faults are named."""

from __future__ import annotations

import json

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
from cstrain.promotion.eaglet.models import EagletApplication, EagletEvent, EagletSheet
from cstrain.promotion.editions import queries
from cstrain.promotion.rating.models import RatingBase, RatingLine
from cstrain.unit_of_work import unit_of_work
from tests.factories import competitions, eaglets, rating
from tests.factories.rating import CLOSED_WINDOW

pytestmark = pytest.mark.usefixtures("context")


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
