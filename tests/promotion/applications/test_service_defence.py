"""Seals and separation of duties in the defence, by direct calls: no score is read before all are sealed."""

import inspect
import json
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.people import queries as people
from cstrain.promotion.applications import queries, service
from cstrain.promotion.applications.facts import Seat, State
from cstrain.promotion.applications.models import DefenceSheet, MinutesSignature
from cstrain.promotion.applications.service.sheets import seal_of
from cstrain.unit_of_work import unit_of_work
from tests.factories import applications as road
from tests.factories.applications import DAY, FULL, at
from tests.factories.people import make_person, make_role

pytestmark = pytest.mark.usefixtures("context")
EVE = at(DAY + timedelta(days=1))


def act(does, *values, **named):
    with unit_of_work():
        return does(*values, **named)


@pytest.fixture
def held(cast):
    """Everybody declared, the answers have ended, no sheet is sealed."""
    road.to_defence(cast)
    road.declare(cast, EVE)
    cast.now = road.hold(cast)
    return cast


def everything_readable(cast) -> str:
    """All that every query function of the room says to anybody, as text."""
    everybody = [*cast.jurors, cast.hr, cast.gm, cast.supervisor, cast.applicant]
    said = [
        queries.application(cast.application),
        queries.applications(),
        queries.rounds(),
        queries.rounds(juror=cast.jurors[0]),
        queries.round_facts(cast.round),
        queries.entry(cast.entry),
        queries.entry_of_application(cast.application),
        queries.evidence(cast.application),
        queries.endorsements(cast.application),
        queries.confirmations(cast.application),
        queries.scores(cast.entry),
        *(queries.waiting_for(one, cast.now) for one in everybody),
    ]
    return repr(said)


def test_before_all_are_sealed_no_query_says_a_point(held):
    odd = {name: Decimal("73.5") for name in FULL}
    act(service.seal_sheet, held.jurors[0], held.now, held.entry, odd, "讲得很清楚", "s")
    act(service.save_sheet, held.jurors[1], held.now, held.entry, odd)
    text = everything_readable(held)
    assert "73.5" not in text and "讲得很清楚" not in text
    assert queries.scores(held.entry) is None
    for other in (held.hr, held.gm, held.jurors[2], held.applicant):
        with pytest.raises(ForbiddenError):
            queries.own_sheet(other, held.entry, held.jurors[0])
    sealed = queries.own_sheet(held.jurors[0], held.entry, held.jurors[0])
    assert (sealed.points, sealed.note, sealed.total) == ({}, "", None)
    draft = queries.own_sheet(held.jurors[1], held.entry, held.jurors[1])
    assert draft.points["case"] == Decimal("73.5")


def test_only_two_functions_of_the_room_read_points_and_both_are_watched():
    """A new way to a score must come past this test."""
    from cstrain.promotion.applications import store
    from cstrain.promotion.applications.queries import applications, defence, notices, waiting

    reading = {
        name
        for module in (store, applications, defence, notices, waiting)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and ".points" in inspect.getsource(function)
    }
    assert reading == {"own_sheet", "scores"}


def test_no_log_entry_and_no_notice_holds_a_point(held):
    odd = {name: Decimal("73.5") for name in FULL}
    for juror in held.jurors:
        act(service.seal_sheet, juror, held.now, held.entry, odd, "", "s")
    rows = session().scalars(sa.select(AuditEntry)).all()
    assert rows and not any("73.5" in row.detail for row in rows)


def test_the_last_seal_opens_all_sheets_at_once_with_their_means(held):
    assert not road.seal(held, held.now, held.jurors[:2])
    assert queries.entry(held.entry).opened_at is None
    points = {name: value - 2 for name, value in FULL.items()}
    assert act(service.seal_sheet, held.jurors[2], held.now, held.entry, points, "", "x")
    found = queries.scores(held.entry)
    assert [one.total for one in found.sheets] == [Decimal("85.2"), Decimal("84.2"), Decimal("83.2")]
    assert (found.mean, found.trimmed, found.reaches) == (Decimal("84.2"), False, True)
    assert found.means["answers"] == Decimal("81.5")


def test_a_sealed_sheet_never_changes_and_a_forged_one_shows(held):
    road.seal(held, held.now, held.jurors[:1])
    for again in (service.save_sheet, service.seal_sheet):
        more = ("", "s") if again is service.seal_sheet else ()
        with pytest.raises(ConflictError):
            act(again, held.jurors[0], held.now, held.entry, FULL, *more)
    row = session().scalars(sa.select(DefenceSheet)).one()
    logged = session().scalars(sa.select(AuditEntry).where(AuditEntry.action == "defence.seal")).one()
    assert json.loads(logged.detail)["digest"] == row.digest == seal_of(row.points, row.note, row.salt)
    assert seal_of({**row.points, "case": "100"}, row.note, row.salt) != row.digest


def test_who_may_not_score_is_refused(held):
    with pytest.raises(NotFoundError):
        act(service.seal_sheet, held.gm, held.now, held.entry, FULL, "", "s")
    with pytest.raises(NotFoundError):
        act(service.seal_sheet, held.applicant, held.now, held.entry, FULL, "", "s")
    gaps = {name: value for name, value in FULL.items() if name != "case"}
    with pytest.raises(DomainError, match="没有打分"):
        act(service.seal_sheet, held.jurors[0], held.now, held.entry, gaps, "", "s")
    for wrong in (Decimal("100.5"), Decimal("80.2"), Decimal(-1), Decimal("NaN")):
        with pytest.raises(DomainError, match="0到100"):
            act(service.save_sheet, held.jurors[0], held.now, held.entry, {"case": wrong})


def test_scoring_needs_a_declaration_and_the_end_of_the_answers(cast):
    road.to_defence(cast)
    with pytest.raises(ForbiddenError, match="声明"):
        act(service.save_sheet, cast.jurors[0], EVE, cast.entry, FULL)
    road.declare(cast, EVE)
    with pytest.raises(ConflictError, match="还没有开始"):
        act(service.save_sheet, cast.jurors[0], EVE, cast.entry, FULL)
    act(service.note_time, cast.hr, EVE, cast.entry, "speech_from")
    act(service.save_sheet, cast.jurors[0], EVE, cast.entry, {"speech": Decimal(80)})
    with pytest.raises(ConflictError, match="问答"):
        act(service.seal_sheet, cast.jurors[0], EVE, cast.entry, FULL, "", "s")
    with pytest.raises(ConflictError, match="顺序"):
        act(service.note_time, cast.hr, EVE, cast.entry, "answers_to")
    with pytest.raises(ForbiddenError):
        act(service.note_time, cast.applicant, EVE, cast.entry, "speech_to")


def test_both_of_two_supervisors_are_out_for_that_applicant(cast):
    place = people.get_person(cast.supervisor, DAY).department_id
    other = make_person("许静", roles=["supervisor", "juror"], department=place)
    cast.jurors[0] = other
    cast.jurors.append(make_person("何平", roles=["juror"]))
    road.to_defence(cast)
    assert queries.entry(cast.entry).juror(other).seat is Seat.OUT


def test_a_juror_who_becomes_the_direct_superior_is_out_from_the_beginning_of_the_defence(cast):
    juror = cast.jurors[0]
    road.to_defence(cast)
    road.declare(cast, EVE)
    assert queries.entry(cast.entry).juror(juror).seat is Seat.IN
    place = people.get_person(cast.applicant, DAY).department_id
    make_role(juror, "supervisor", DAY, department=place)
    act(service.note_time, cast.hr, EVE, cast.entry, "speech_from")
    assert queries.entry(cast.entry).juror(juror).seat is Seat.OUT
    with pytest.raises(ForbiddenError, match="回避"):
        act(service.save_sheet, juror, EVE, cast.entry, FULL)


def test_a_juror_who_becomes_the_direct_superior_later_writes_no_sheet(cast):
    juror = cast.jurors[0]
    road.to_defence(cast)
    road.declare(cast, EVE)
    act(service.note_time, cast.hr, EVE, cast.entry, "speech_from")
    act(service.save_sheet, juror, EVE, cast.entry, {"speech": Decimal(80)})
    place = people.get_person(cast.applicant, DAY).department_id
    make_role(juror, "supervisor", DAY, department=place)
    with pytest.raises(ForbiddenError, match="现在是申请人的直接上级"):
        act(service.save_sheet, juror, EVE, cast.entry, FULL)
    act(service.declare, juror, EVE, cast.entry, "recuse", "刚调来")
    assert queries.entry(cast.entry).juror(juror).seat is Seat.OUT


def test_the_direct_superior_is_out_for_that_applicant(cast):
    cast.jurors[0] = cast.supervisor
    cast.jurors.append(make_person("何平", roles=["juror"]))
    road.to_defence(cast)
    seat = queries.entry(cast.entry).juror(cast.supervisor)
    assert seat.seat is Seat.OUT and not seat.tie
    with pytest.raises(ConflictError):
        act(service.declare, cast.supervisor, EVE, cast.entry, "none")
    cast.jurors.pop(0)
    road.declare(cast, EVE)
    now = road.hold(cast)
    with pytest.raises(ForbiddenError):
        act(service.seal_sheet, cast.supervisor, now, cast.entry, FULL, "", "s")
    assert road.seal(cast, now)


def test_a_mentor_is_out_unless_the_policy_names_the_office_and_then_declared(cast, monkeypatch):
    from cstrain.promotion.applications.service import rounds, ties

    monkeypatch.setattr(
        ties, "ever_mentored", lambda juror, who: frozenset(who) if juror == cast.jurors[0] else ()
    )
    cast.jurors.append(make_person("何平", roles=["juror"]))
    road.to_defence(cast)
    assert queries.entry(cast.entry).juror(cast.jurors[0]).seat is Seat.OUT
    panel = rounds.store.panel_of("defence").model_copy(update={"tied_may_sit": ("juror",)})
    monkeypatch.setattr(rounds.store, "panel_of", lambda _ref, _edition=None: panel)
    act(service.name_juror, cast.hr, EVE, cast.round, make_person("陆青", roles=["juror"]))
    act(ties.note_ties, cast.entry, cast.jurors[0], cast.applicant, panel, EVE)
    assert queries.entry(cast.entry).juror(cast.jurors[0]).tie == "mentor"


def test_who_steps_back_stays_out_and_another_is_named(held):
    cast = held
    with pytest.raises(DomainError):
        act(service.name_juror, cast.hr, cast.now, cast.round, cast.colleague)
    act(service.declare, cast.jurors[0], cast.now, cast.entry, "recuse")
    assert not road.seal(cast, cast.now, cast.jurors[1:]), "two are fewer than the panel needs"
    new = make_person("何平", roles=["juror"])
    act(service.name_juror, cast.hr, cast.now, cast.round, new)
    act(service.declare, new, cast.now, cast.entry, "none")
    assert act(service.seal_sheet, new, cast.now, cast.entry, FULL, "", "s")
    with pytest.raises(ConflictError):
        act(service.declare, cast.jurors[0], cast.now, cast.entry, "none")


def test_hr_judges_who_is_unsure_and_nobody_judges_themself(held):
    cast = held
    juror = cast.jurors[0]
    act(service.declare, juror, cast.now, cast.entry, "unsure", "同乡")
    with pytest.raises(ForbiddenError):
        act(service.save_sheet, juror, cast.now, cast.entry, FULL)
    for wrong in (juror, cast.applicant):
        with pytest.raises(ForbiddenError):
            act(service.judge_ties, wrong, cast.now, cast.entry, juror, excluded=False, why="无碍")
    act(service.judge_ties, cast.hr, cast.now, cast.entry, juror, excluded=False, why="同乡不影响")
    act(service.save_sheet, juror, cast.now, cast.entry, FULL)


def test_a_juror_who_has_sealed_cannot_be_put_out(held):
    road.seal(held, held.now, held.jurors[:1])
    with pytest.raises(ConflictError):
        act(service.judge_ties, held.hr, held.now, held.entry, held.jurors[0], excluded=True, why="分不好")


def test_a_round_is_issued_for_who_waits_with_jurors_who_may(cast):
    road.submit(cast)
    road.review(cast)
    with pytest.raises(ConflictError):
        road.issue(cast)
    road.check(cast)
    with pytest.raises(DomainError, match="3至7"):
        road.issue(cast, jurors=tuple(cast.jurors[:2]))
    with pytest.raises(DomainError, match="不能做"):
        road.issue(cast, jurors=(*cast.jurors[:2], cast.colleague))
    make_role(cast.applicant, "juror")
    with pytest.raises(DomainError, match="自己也在申请"):
        road.issue(cast, jurors=(*cast.jurors, cast.applicant))
    road.issue(cast)
    with pytest.raises(ConflictError, match="别的一轮"):
        road.issue(cast)


def test_nobody_issues_a_round_for_themself(cast):
    make_role(cast.applicant, "hr")
    road.submit(cast)
    road.review(cast)
    road.check(cast)
    cast.hr = cast.applicant
    with pytest.raises(ForbiddenError):
        road.issue(cast)


def test_minutes_are_written_once_open_and_signed_by_who_sat(held):
    cast = held
    with pytest.raises(ConflictError, match="没有全部密封"):
        act(service.write_minutes, cast.hr, cast.now, cast.entry, "记录")
    road.seal(cast, cast.now)
    with pytest.raises(ForbiddenError):
        act(service.write_minutes, cast.applicant, cast.now, cast.entry, "记录")
    act(service.write_minutes, cast.hr, cast.now, cast.entry, "记录")
    with pytest.raises(ConflictError):
        act(service.write_minutes, cast.hr, cast.now, cast.entry, "改记录")
    with pytest.raises(ForbiddenError):
        act(service.sign_minutes, cast.hr, cast.now, cast.entry)
    for juror in cast.jurors:
        assert queries.application(cast.application).state is State.CHECKED
        act(service.sign_minutes, juror, cast.now, cast.entry)
    assert queries.application(cast.application).state is State.DEFENDED
    assert session().scalar(sa.select(sa.func.count(MinutesSignature.id))) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE defence_sheet SET person_id = juror_id",
        "UPDATE application_endorsement SET by_id = person_id",
        "UPDATE application_event SET by_id = person_id WHERE kind = 'review'",
        "UPDATE juror_declaration SET by_id = NULL",
    ],
)
def test_the_database_refuses_it_too(held, statement):
    road.seal(held, held.now, held.jurors[:1])
    with pytest.raises(sa.exc.IntegrityError):
        session().execute(sa.text(statement))
    session().rollback()
