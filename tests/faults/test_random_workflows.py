"""Random workflows: 0 breaches of separation of duties, by services, pages and SQL; nothing sealed is read.

``benchmarks/workflows.py`` runs as many as it is told; what is tried and looked for is ``benchmarks/duties``.
"""

from __future__ import annotations

import dataclasses
import random

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from benchmarks.duties import anonymity, direct_sql, effects, oracle, reached, sealed, sealed_ratings
from benchmarks.duties.guides import guide_of
from benchmarks.duties.roads import every_road
from benchmarks.duties.world import open_world
from benchmarks.workflows import Asked, Company, fresh_database, run_company
from cstrain.promotion.applications.grounds import port

PAGES = ("/applications", "/defences", "/public-notices", "/competitions", "/quality", "/audit", "/notices")


@pytest.fixture(autouse=True)
def _ladders_stay(monkeypatch):
    """A company fills the port of ladders; the next test finds it as it was."""
    monkeypatch.setattr(port, "source", port.source)


@pytest.fixture
def place(request, database_kind):
    """Where a company's database is made: a file, or a fresh database on the tests' server."""
    if database_kind == "sqlite":
        return ""
    databases = request.getfixturevalue("postgres_databases")
    return databases.create().render_as_string(hide_password=False)


@pytest.fixture
def world(place):
    with fresh_database(place) as url:
        made = open_world(url, seed=11)
        yield made
        made.close()


@pytest.mark.slow
@pytest.mark.both_databases
def test_random_workflows_leave_nothing_that_may_not_stand(place) -> None:
    """Where this fails, ``--seed`` and ``--workflows`` of the breach show it again in the benchmark."""
    tried = run_company(6, 24 if place else 36, Asked(url=place))
    assert not tried.breaches, tried.breaches[0]
    assert set(tried.workflows) >= {road.name for road in every_road()}
    assert tried.outcomes["done"] > 150 and tried.outcomes["refused"] > 150
    assert tried.pages["POST 302"] > 0
    assert tried.sql["UPDATE refused"] > 10


RARE = {
    *(f"applications.{one}" for one in ("propose", "confirm", "publish", "close_notice", "appoint")),
    *(f"assessment.{one}" for one in ("finish", "answer", "decide")),
    *(f"competition.{one}" for one in ("calculate", "propose_choice", "answer_act", "propose_trial_end")),
    *(f"eaglet.{one}" for one in ("set_exam", "propose_closing", "answer_closing")),
    *(f"editions.{one}" for one in ("check", "look", "approve")),
    *(f"moves.{one}" for one in ("choose", "second", "close_notice", "arrange", "appeal")),
    *(f"rating.{one}" for one in ("decide", "propose", "confirm")),
}
"""Acts that random people rarely come to: the ways of the guides must."""


@pytest.mark.slow
@pytest.mark.both_databases
def test_every_way_leads_to_what_chance_rarely_reaches(place) -> None:
    """And nothing stands there afterwards that may not; the entries of the audit are those that are known."""
    with fresh_database(place) as url:
        world = open_world(url, seed=4)
        company = Company(world, every_road(), oracle.ROOMS, 4)
        for number, (road, kind, goal) in enumerate([*_ways(), *_ways()], 1):
            world.look_again()
            with world.app.app_context():
                chance = random.Random(number)
                flow = road.about(world, chance, kind) if kind else road.begin(world, chance)
            if flow is not None:
                company.leader.lead_to(flow, guide_of(road.name), goal)
        assert list(company.oracle.look()) == []
        told = company.told()
        world.close()
    acts = reached.by_act(told.acts)
    missed = {name for name in RARE if not acts.get(name, {}).get("led")}
    assert not missed, (sorted(missed), [one for one in told.ways if "ended" in one])
    assert "eaglet.set_exam" in told.audit and len(reached.known_actions()) > 120


def _ways():
    """Every goal of every road, and of every kind of move; ratings first, while their quarters are new."""
    for road in sorted(every_road(), key=lambda one: one.name != "rating"):
        guide = guide_of(road.name)
        kinds = ("skip", "transfer", "initial", "succession") if road.name == "moves" else ("",)
        yield from (
            (road, kind, goal) for kind in kinds for goal in (guide.goals if guide is not None else ())
        )


@pytest.mark.parametrize(
    "source", ["eaglet:1", "succession:1", "rating:1", "competition:1", "move:1", "nobody:1"]
)
def test_an_effect_without_its_chain_is_found(world, source) -> None:
    with world.engine.begin() as connection:
        row = dict(
            connection.execute(sa.text("SELECT * FROM employment_state WHERE id = 9")).mappings().one()
        )
        changed = {**row, "id": 900, "level": "senior", "source": source, "recorded_by": 1}
        names = ", ".join(changed)
        values = ", ".join(f":{name}" for name in changed)
        connection.execute(sa.text(f"INSERT INTO employment_state ({names}) VALUES ({values})"), changed)
    with world.engine.connect() as connection:
        assert [one for one in effects.states(world, connection) if source in one]


def test_an_office_that_nobody_was_to_have_is_found(world) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE role_assignment SET granted_by = 1 WHERE id = 9")
    with world.engine.connect() as connection:
        assert "nobody was to have it" in next(effects.offices(world, connection))


def test_an_act_that_nobody_ever_does_is_named() -> None:
    acts = {"moves.second refused": 3, "moves.choose led": 1, "moves.choose refused": 2}
    assert reached.never_done(acts) == ["moves.second"]
    said = "\n".join(reached.told_of_acts(acts, {}))
    assert "acts never done: moves.second" in said and "acts done only while led: moves.choose" in said
    assert "rating.confirm" not in reached.never_written({"rating.confirm": 1})


def test_the_oracle_sees_what_it_looks_for(world) -> None:
    """A breach written by hand, with the constraint out of the way, is found."""
    watching = oracle.Oracle(world, every_road())
    assert list(watching.look()) == []
    with world.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql("UPDATE performance_month SET entered_by = person_id WHERE id = 1")
    said = list(watching.look("months"))
    assert said and "entered by the person" in said[0]


def test_a_pair_that_the_database_lets_through_is_told(world, monkeypatch) -> None:
    monkeypatch.setattr(
        oracle, "pairs", lambda *_rooms: [("performance_month", "department_id", "entered_by")]
    )
    assert direct_sql.attack(world)["UPDATE let through"] == 1
    assert "performance_month" in world.faults[0]


def test_two_people_must_not_be_one_is_asked_of_every_new_table() -> None:
    """Found by the names of columns: a new room needs no line here."""
    known = set(oracle.pairs())
    assert ("deduction", "person_id", "booked_by") in known
    assert ("competition_act", "proposed_by", "answered_by") in known
    assert ("month_reopening", "asked_by", "decided_by") in known
    assert len(known) > 40


@pytest.mark.slow
def test_no_page_file_or_log_shows_a_sealed_sheet_before_all_are_sealed(world) -> None:
    found = sealed.prepare(world)
    assert sealed.tables_with_a_canary(world) == sealed.SHEETS
    near = sealed.who_is_near(world, found)
    seen = sealed.scan(world, near, 1, PAGES)
    own = {(found.draft_by, f"/defences/entries/{found.entry}{tail}") for tail in ("", "/sheet.pdf")}
    assert (seen.found - own, seen.logged, seen.broken) == (set(), [], [])
    assert seen.found == own and seen.answered > 60

    sealed.open_all(world, found)
    after = sealed.scan(world, [found.draft_by], 1, PAGES)
    assert own <= after.found, "the scan sees what it looks for"


@pytest.mark.slow
def test_ratings_under_way_are_seen_by_nobody_they_are_about(world) -> None:
    """Eaglet sheets: nobody sees one before all are opened. First level, joint sheet: not the person."""
    found = sealed_ratings.prepare_ratings(world)
    assert sealed.tables_with_a_canary(world) == sealed_ratings.TABLES
    mate = sealed.plain_agents(world, "SQ1")[3]
    about = [*found.applicants, found.newcomer, found.assessed, mate]
    seen = sealed.scan(world, about, 2, sealed_ratings.PAGES)
    assert (seen.found, seen.logged, seen.broken) == (set(), [], [])
    offices = [*found.raters, sealed.office_of(world, "hr"), sealed.office_of(world, "auditor")]
    sheets = sealed.scan(world, offices, 2, ("/eaglet",))
    assert (sheets.found, sheets.logged, sheets.broken) == (set(), [], [])
    assert seen.answered > 40 and sheets.answered > 40
    rater = sealed.office_of(world, "qc_manager")
    assert sealed.scan(world, [rater], 2, ("/assessment",)).found, "the scan sees what it looks for"


@pytest.mark.slow
@pytest.mark.parametrize("name", anonymity.SCENARIOS)
def test_who_said_what_makes_no_difference_anywhere(place, name) -> None:
    """Two people swap what they say: every row of every table is the same."""
    dumps = []
    for swapped in (False, True):
        with fresh_database(place) as url:
            world = open_world(url, seed=5)
            anonymity.SCENARIOS[name](world, swapped)
            dumps.append(anonymity.dump(world))
            world.close()
    assert anonymity.differences(*dumps) == []
    assert sum(map(len, dumps[0].values())) > 100


def test_a_name_beside_an_answer_is_a_difference() -> None:
    """What the swap looks for it would see."""
    first = {"ballot": ["(1, 7, 'good')", "(2, 8, 'poor')"]}
    second = {"ballot": ["(1, 7, 'poor')", "(2, 8, 'good')"]}
    assert len(anonymity.differences(first, second)) == 4


@pytest.mark.parametrize(
    ("table", "columns", "values", "check"),
    [
        (
            "move_appeal",
            "case_id, person_id, refused_by, text, filed_at, decide_by, answer",
            "1, 2, 2, '', '2026-11-16', '2026-11-16', ''",
            "ck_move_appeal_not_self",
        ),
        (
            "rating_contest",
            "line_id, run_id, person_id, ran_by, text, filed_at, decide_by, reason",
            "1, 1, 2, 2, '', '2026-11-16', '2026-11-16', ''",
            "ck_rating_contest_not_self",
        ),
        *(
            (
                "rating_effect",
                "line_id, run_id, confirmation_id, person_id, effective_on, ran_by, decided_by, proposed_by,"
                " confirmed_by",
                f"1, 1, 1, 2, '2026-11-16', {both}, 5, 6",
                "ck_rating_effect_not_self",
            )
            for both in ("2, 4", "3, 2")
        ),
    ],
)
def test_who_ran_or_refused_is_not_whom_it_is_about(world, table, columns, values, check) -> None:
    """Found by the direct SQL of random workflows: these rows were once let through."""
    with world.engine.connect() as connection, pytest.raises(IntegrityError, match=check):
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({values})")


def test_a_breach_names_the_seed_that_shows_it_again(world) -> None:
    company = Company(world, every_road(), oracle.ROOMS, 1)
    company.world.faults.append("made up")
    with pytest.raises(Exception, match="made up"):
        company.run(1)
    assert dataclasses.is_dataclass(company.told())
