"""Separation of duties, seals and anonymity of competitions: by services and by direct SQL."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import g
from sqlalchemy.exc import IntegrityError

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.onboarding import queries as onboarding
from cstrain.promotion.competition import models, queries, service, store
from cstrain.unit_of_work import unit_of_work
from tests.factories import competitions as make
from tests.factories.competitions import RATING
from tests.factories.people import make_person, make_role

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def later(clock):
    clock.set(RATING)


@pytest.fixture
def cast():
    return make.rated(2)


def one_of(cast) -> int:
    return cast.applications[cast.candidates[0]]


ANSWERS = {item.id: "good" for item in store.chapter().colleagues.items}


# nobody about themself


def test_nobody_rates_themself_or_a_rival(cast) -> None:
    mine, rival = cast.candidates
    for kind in ("ability", "interview", "manager"):
        with pytest.raises(ForbiddenError):
            service.hand_in(mine, RATING, cast.applications[mine], kind, make.points(kind))
        with pytest.raises(ForbiddenError):
            service.hand_in(rival, RATING, cast.applications[mine], kind, make.points(kind))
    with pytest.raises(ForbiddenError):
        service.answer_as_colleague(rival, RATING, cast.applications[mine], ANSWERS)
    with pytest.raises(ForbiddenError):
        service.answer_as_colleague(mine, RATING, cast.applications[mine], ANSWERS)


def test_a_supervisor_who_applies_takes_no_part_in_running_it() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    supervisor = cast.people["supervisor"]
    make.apply(cast, cast.candidates[0])
    with unit_of_work():
        service.apply(supervisor, make.at(), cast.competition, make.WORDS)
    with pytest.raises(ForbiddenError, match="报名了这次竞聘"):
        service.give_opinion(supervisor, make.at(), one_of(cast), agrees=False, text="不行")


def test_hr_who_announced_does_not_apply_and_an_applicant_of_hr_checks_nobody() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    with pytest.raises(ForbiddenError, match="你发布的"):
        service.apply(cast.people["hr"], make.at(), cast.competition, make.WORDS)
    with unit_of_work():
        service.apply(cast.people["hr2"], make.at(), cast.competition, make.WORDS)
        service.give_opinion(cast.people["supervisor"], make.at(), one_of(cast), agrees=True, text="好")
    with pytest.raises(ForbiddenError):
        service.check(cast.people["hr2"], make.at(), one_of(cast), passes=False, clause="第二条")


def test_who_has_acted_on_a_rivals_application_does_not_apply() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    with unit_of_work():
        service.give_opinion(cast.people["supervisor"], make.at(), one_of(cast), agrees=False, text="不支持")
    with pytest.raises(ForbiddenError, match="办过这次竞聘里别人的报名"):
        service.apply(cast.people["supervisor"], make.at(), cast.competition, make.WORDS)


def test_who_withdrew_has_no_other_part_and_is_not_asked_as_a_colleague() -> None:
    cast = make.make_cast(2)
    make.announce(cast)
    for person in (*cast.candidates, cast.people["hr2"], cast.colleagues[0]):
        make.apply(cast, person)
    for person in (cast.people["hr2"], cast.colleagues[0]):
        with unit_of_work():
            service.withdraw(person, make.at(), cast.applications[person])
    with pytest.raises(ForbiddenError, match="报名了这次竞聘"):
        service.end(cast.people["hr2"], make.at(), cast.competition, "不办了")
    make.examine(cast)
    make.start(cast)
    assert cast.colleagues[0] not in queries.colleagues_of(cast.competition)


def test_sheets_are_for_the_office_that_the_rules_name(cast) -> None:
    one = one_of(cast)
    with pytest.raises(ForbiddenError):
        service.hand_in(cast.colleagues[0], RATING, one, "ability", make.points("ability"))
    with pytest.raises(ForbiddenError):
        service.hand_in(cast.people["supervisor"], RATING, one, "manager", make.points("manager"))
    with pytest.raises(ForbiddenError):
        service.hand_in(cast.people["director"], RATING, one, "ability", make.points("ability"))
    with pytest.raises(ForbiddenError, match="不是这次竞聘的面试官"):
        service.hand_in(cast.people["gm"], RATING, one, "interview", make.points("interview"))


def test_the_supervisor_gives_one_factor_of_a_candidate_only(cast) -> None:
    """Whoever also holds a manager's office still hands in one sheet about one person."""
    make_role(cast.people["supervisor"], "service_director", department=cast.department)
    g.pop("roles")  # read once a request
    make.hand_in(cast, cast.people["supervisor"], cast.candidates[0], "ability")
    with pytest.raises(ConflictError, match="别的表"):
        make.hand_in(cast, cast.people["supervisor"], cast.candidates[0], "manager")


def test_there_is_one_sheet_of_ability_and_it_is_not_written_over(cast) -> None:
    other = make_person("罗雪梅", roles=["supervisor"], department=cast.department)
    make.hand_in(cast, cast.people["supervisor"], cast.candidates[0], "ability")
    for who in (other, cast.people["supervisor"]):
        with pytest.raises(ConflictError):
            make.hand_in(cast, who, cast.candidates[0], "ability", 5)


@pytest.mark.parametrize("spoil", ["missing", "outside", "unknown"])
def test_an_unfinished_sheet_is_not_taken(cast, spoil) -> None:
    given = make.points("ability")
    first = next(iter(given))
    given = {
        "missing": {key: value for key, value in given.items() if key != first},
        "outside": {**given, first: given[first] + 1},
        "unknown": {**given, "nothing": given[first]},
    }[spoil]
    with pytest.raises(DomainError, match="没有交"):
        service.hand_in(cast.people["supervisor"], RATING, one_of(cast), "ability", given)


def test_the_direct_superior_is_no_interviewer_and_the_sentence_names_both() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    make.examine(cast)
    with pytest.raises(DomainError) as refused:
        make.start(cast, [*cast.panel, cast.people["supervisor"]])
    assert "唐志远是周敏的导师或直接上级" in str(refused.value)
    with pytest.raises(DomainError, match="至少3位"):
        make.start(cast, cast.panel[:2])
    with pytest.raises(DomainError, match="至少3位"):
        make.start(cast, [*cast.panel[:2], cast.colleagues[0]])


def test_an_office_that_the_rules_name_may_sit_and_the_tie_is_declared() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    row = store.row(cast.competition)
    row.rules = {**row.rules, "panel_offices": ["supervisor"]}
    session().commit()
    make.apply(cast, cast.candidates[0])
    make.examine(cast)
    make.start(cast, [*cast.panel, cast.people["supervisor"]])
    *_others, last = queries.panel_of(cast.competition)
    assert [dict(tie) for tie in last.ties] == [{"candidate": one_of(cast), "office": "supervisor"}]


def test_a_mentor_is_no_interviewer(monkeypatch) -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    make.examine(cast)
    tied = cast.people["deputy"]
    monkeypatch.setattr(
        onboarding, "ever_mentored", lambda who, of: frozenset(of) if who == tied else frozenset()
    )
    with pytest.raises(DomainError, match="范丽华是周敏的导师"):
        make.start(cast)


def test_whose_conflict_shows_late_is_recused_and_the_sheet_does_not_count() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    make.examine(cast)
    make.start(cast, [*cast.panel, cast.people["gm"]])
    make.hand_in(cast, cast.people["gm"], cast.candidates[0], "interview", 20)
    with unit_of_work():
        service.recuse(cast.people["gm"], RATING, cast.competition, cast.people["gm"], "亲戚")
    make.rate_all(cast)
    with unit_of_work():
        service.calculate(cast.people["hr"], RATING, cast.competition)
    assert len(queries.calculation(cast.competition).inputs[0].interview) == 3
    sheets = queries.sheets_of(queries.competition(cast.competition, RATING.date()))
    assert [sheet.rater for sheet in sheets if not sheet.counted] == [cast.people["gm"]]


def test_the_panel_never_falls_below_its_least_number(cast) -> None:
    with pytest.raises(ConflictError, match="至少要3位"):
        service.recuse(cast.people["hr"], RATING, cast.competition, cast.people["deputy"], "出差")


def test_who_takes_over_rates_everybody_and_the_sheets_of_who_left_do_not_count() -> None:
    cast = make.rated(2)
    make.hand_in(cast, cast.people["deputy"], cast.candidates[0], "interview", 20)
    with unit_of_work():
        people = cast.people
        service.recuse(people["hr"], RATING, cast.competition, people["deputy"], "出差", people["gm"])
    panel = queries.panel_of(cast.competition)
    assert [(one.person == people["deputy"], one.recused) for one in panel][2:] == [
        (True, "出差"),
        (False, None),
    ]
    with pytest.raises(ForbiddenError, match="不是这次竞聘的面试官"):
        make.hand_in(cast, people["deputy"], cast.candidates[1], "interview")
    make.rate_all(cast, panel=[people[name] for name in ("manager", "office", "gm")])
    with unit_of_work():
        service.calculate(people["hr"], RATING, cast.competition)
    assert [len(one.interview) for one in queries.calculation(cast.competition).inputs] == [3, 3]


def test_who_was_on_the_panel_is_asked_as_a_colleague_or_handed_in_does_not_take_over(cast) -> None:
    make.hand_in(cast, cast.people["director"], cast.candidates[0], "manager")
    for name in ("deputy", "office", "director"):
        with pytest.raises(DomainError, match="接替的人不能当面试官"):
            service.recuse(
                cast.people["hr"], RATING, cast.competition, cast.people["deputy"], "出差", cast.people[name]
            )
    for person in (cast.candidates[0], cast.colleagues[0]):
        with pytest.raises(DomainError, match="接替的人不能当面试官"):
            service.recuse(cast.people["hr"], RATING, cast.competition, cast.people["deputy"], "出差", person)


def test_who_is_tied_to_a_candidate_does_not_take_over(cast, monkeypatch) -> None:
    tied = cast.people["gm"]
    monkeypatch.setattr(
        onboarding, "ever_mentored", lambda who, of: frozenset(of) if who == tied else frozenset()
    )
    with pytest.raises(DomainError, match="没有回避：宋国平是周敏的导师"):
        service.recuse(cast.people["hr"], RATING, cast.competition, cast.people["deputy"], "出差", tied)
    assert len(queries.panel_of(cast.competition)) == 3


def test_an_interviewer_steps_back_but_does_not_choose_who_takes_over(cast) -> None:
    with pytest.raises(ForbiddenError):
        service.recuse(
            cast.people["deputy"],
            RATING,
            cast.competition,
            cast.people["deputy"],
            "亲戚",
            cast.people["gm"],
        )


def test_who_becomes_the_mentor_of_a_candidate_after_the_start_hands_in_no_sheet(cast, monkeypatch) -> None:
    tied, mine = cast.people["deputy"], cast.candidates[0]
    monkeypatch.setattr(
        onboarding,
        "ever_mentored",
        lambda who, of: frozenset({mine} & set(of)) if who == tied else frozenset(),
    )
    with pytest.raises(ForbiddenError, match="范丽华是周敏的导师"):
        make.hand_in(cast, tied, mine, "interview")
    make.hand_in(cast, tied, cast.candidates[1], "interview")


# two persons


def test_who_proposed_does_not_agree_and_a_candidate_decides_nothing() -> None:
    cast = make.calculated(2)
    act = make.choose(cast, cast.candidates[:1])
    with pytest.raises(ForbiddenError, match="另一个人"):
        service.answer_act(cast.people["office"], RATING, act, agreed=True)
    for who in (*cast.candidates, cast.colleagues[0], cast.people["supervisor"], cast.people["hr"]):
        with pytest.raises(ForbiddenError):
            service.answer_act(who, RATING, act, agreed=True)
    with pytest.raises(ConflictError, match="已经有人提出"):
        make.choose(cast, cast.candidates[:1], by="gm")


def test_a_proposal_sent_back_stays_and_another_may_follow() -> None:
    cast = make.calculated(2)
    act = make.choose(cast, cast.candidates[:1])
    with pytest.raises(DomainError):
        service.answer_act(cast.people["gm"], RATING, act, agreed=False, text=" ")
    with unit_of_work():
        service.answer_act(cast.people["gm"], RATING, act, agreed=False, text="再想想")
    make.choose(cast, cast.candidates[:1], by="gm")
    assert [each.agreed for each in queries.acts_of(cast.competition)] == [False, None]


def test_the_second_of_the_ranking_is_not_chosen_past_the_first() -> None:
    cast = make.calculated(2)
    with pytest.raises(DomainError, match="按名次"):
        make.choose(cast, cast.candidates[1:])
    with pytest.raises(DomainError, match="按名次"):
        make.choose(cast, cast.candidates)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cast: models.CompetitionSheet(
            competition_id=cast.competition, candidate_id=one_of(cast), about_id=cast.candidates[0],
            kind="ability", rater_id=cast.candidates[0], points={}, note="", sealed_at=RATING,
        ),
        lambda cast: models.CompetitionBallot(
            candidate_id=one_of(cast), about_id=cast.candidates[0], rater_id=cast.candidates[0]
        ),
        lambda cast: models.CompetitionEvent(
            competition_id=cast.competition, candidate_id=one_of(cast), about_id=cast.candidates[0],
            kind="passed", by_id=cast.candidates[0], at=RATING, detail={},
        ),
        lambda cast: models.CompetitionAct(
            competition_id=cast.competition, subject="choice", content={}, reason="x",
            proposed_by=cast.people["gm"], proposed_at=RATING, answered_by=cast.people["gm"],
            answered_at=RATING, agreed=True, answer="",
        ),
        lambda cast: models.CompetitionAct(
            competition_id=cast.competition, subject="trial:1", content={}, reason="x",
            about_id=cast.people["gm"], proposed_by=cast.people["gm"], proposed_at=RATING, answer="",
        ),
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_one_person_does_about_themself(cast, spoil) -> None:
    session().add(spoil(cast))
    with pytest.raises(IntegrityError):
        session().flush()
    session().rollback()


# seals


def test_no_query_reads_a_sheet_before_the_calculation(cast) -> None:
    make.rate_all(cast, besides=(cast.people["deputy"], cast.candidates[0]))
    one = queries.competition(cast.competition, RATING.date())
    state = make.progress(cast)
    with pytest.raises(ConflictError, match="密封"):
        queries.sheets_of(one)
    with pytest.raises(ConflictError, match="密封"):
        queries.calculation(one.id)
    with pytest.raises(ConflictError, match="密封"):
        queries.inputs_when_complete(one, state, {})
    assert queries.find_calculation(one.id) is None


def test_what_progress_tells_holds_no_point(cast) -> None:
    """The same progress comes of the best and of the worst sheet."""
    make.hand_in(cast, cast.people["deputy"], cast.candidates[0], "interview", 0)
    make.hand_in(cast, cast.people["deputy"], cast.candidates[1], "interview", 20)
    state = make.progress(cast)
    assert {(each.factor, each.have, each.need) for each in state.missing} == {
        ("ability", 0, 1),
        ("interview", 1, 3),
        ("manager", 0, 1),
        ("colleagues", 0, 6),
    }


def test_all_sheets_open_together_and_later_ones_are_refused() -> None:
    cast = make.calculated(2)
    sheets = queries.sheets_of(queries.competition(cast.competition, RATING.date()))
    assert len(sheets) == 2 * (1 + 3 + 1)
    with pytest.raises(ConflictError):
        make.hand_in(cast, cast.people["deputy"], cast.candidates[0], "interview", 1)
    with pytest.raises(ConflictError):
        service.calculate(cast.people["hr"], RATING, cast.competition)


# anonymity


def test_no_row_joins_a_colleague_to_an_answer(cast) -> None:
    """The answers' table names nobody and keeps no time; a ballot keeps neither answer nor time."""
    assert set(models.CompetitionTally.__table__.c.keys()) == {
        "id", "candidate_id", "item", "answer", "chosen"
    }  # fmt: skip
    assert set(models.CompetitionBallot.__table__.c.keys()) == {"id", "candidate_id", "about_id", "rater_id"}


def test_every_ballot_writes_every_count_of_the_candidate(cast, database_kind) -> None:
    """So that not even the database's own marks of writing tell which answer a transaction chose."""
    for who, choice in zip(cast.colleagues, ("poor", "good", "excellent"), strict=False):
        make.answer(cast, who, cast.candidates[0], choice)
    if database_kind == "postgresql":
        marks = session().execute(
            sa.text("SELECT DISTINCT xmin::text FROM competition_tally WHERE candidate_id = :one"),
            {"one": one_of(cast)},
        )
        assert len(list(marks)) == 1
    every = list(session().scalars(sa.select(models.CompetitionTally).filter_by(candidate_id=one_of(cast))))
    assert sum(row.chosen for row in every) == 3 * len(ANSWERS)


def test_two_colleagues_who_change_places_leave_the_same_rows() -> None:
    """Whoever chose what and in whatever order: everything written about answers is equal."""
    left = []
    cast = make.rated(1)
    for order in ((0, "poor", 1, "excellent"), (0, "excellent", 1, "poor")):
        first, said, second, word = order
        make.answer(cast, cast.colleagues[first], cast.candidates[0], said)
        make.answer(cast, cast.colleagues[second], cast.candidates[0], word)
        rows = session().execute(
            sa.select(models.CompetitionTally.__table__).order_by(models.CompetitionTally.id)
        )
        left.append([tuple(row) for row in rows])
        session().execute(sa.delete(models.CompetitionBallot))
        session().execute(sa.update(models.CompetitionTally).values(chosen=0))
        session().commit()
    assert left[0] == left[1]


def test_the_audit_log_says_that_somebody_answered_and_not_about_whom(cast) -> None:
    from cstrain.audit.models import AuditEntry

    make.answer(cast, cast.colleagues[0], cast.candidates[0], "poor")
    entry = session().query(AuditEntry).filter_by(action="competition.answer").one()
    assert (entry.subject, entry.detail) == (f"competition:{cast.competition}", "{}")


def test_a_colleague_answers_once_about_everybody_and_only_who_was_asked(cast) -> None:
    make.answer(cast, cast.colleagues[0], cast.candidates[0])
    with pytest.raises(ConflictError, match="已经给这位同事"):
        make.answer(cast, cast.colleagues[0], cast.candidates[0])
    make.answer(cast, cast.colleagues[0], cast.candidates[1])
    for who in ("elsewhere", "trainee", "supervisor", "director", "deputy"):
        with pytest.raises(ForbiddenError, match="没有请你"):
            make.answer(cast, cast.people[who], cast.candidates[0])
    with pytest.raises(DomainError, match="每一项"):
        service.answer_as_colleague(cast.colleagues[1], RATING, one_of(cast), {"attitude": "good"})


def test_fewer_than_five_answers_neither_count_nor_close(cast) -> None:
    for who in cast.colleagues[:4]:
        for person in cast.candidates:
            make.answer(cast, who, person)
    with pytest.raises(ConflictError, match="至少要5位"):
        service.close_ballot(cast.people["hr"], RATING, cast.competition)
    for person in cast.candidates:
        make.answer(cast, cast.colleagues[4], person)
    lacks = {each.factor for each in make.progress(cast).missing}
    assert "colleagues" in lacks
    with unit_of_work():
        service.close_ballot(cast.people["hr"], RATING, cast.competition)
    assert "colleagues" not in {each.factor for each in make.progress(cast).missing}
    with pytest.raises(ConflictError, match="已经截止"):
        make.answer(cast, cast.colleagues[5], cast.candidates[0])


def test_a_group_too_small_to_be_anonymous_is_not_asked() -> None:
    cast = make.make_cast(1)
    make.announce(cast)
    make.apply(cast, cast.candidates[0])
    make.examine(cast)
    from cstrain.people import service as people
    from cstrain.people.facts import Status

    for who in cast.colleagues[:2]:
        with unit_of_work():
            people.change_state(
                None, RATING, who, date(2026, 11, 21), reason="离职", source="test", status=Status.LEFT
            )
    with pytest.raises(DomainError, match="只有4位"):
        make.start(cast)
