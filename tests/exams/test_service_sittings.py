"""Sittings: own windows, late limits, one time for all, papers to pass before, the code of the room."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.exams import ports, queries, service
from cstrain.exams.errors import TooManyCodesError
from cstrain.exams.models import Accommodation, Attempt, WrongCode
from cstrain.exams.service.papers import add_paper
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.models import Notice
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)


class Known:
    """What packages above would know, for a test to say."""

    def __init__(self) -> None:
        self.passes: dict[str, set] = {}
        self.exemptions: dict[str, set] = {}
        self.bars: dict = {}

    def passed(self, papers, people, at):
        return {ref: frozenset(self.passes.get(ref, set()) & set(people)) for ref in papers}

    def exempt(self, papers, people, at):
        return {ref: frozenset(self.exemptions.get(ref, set()) & set(people)) for ref in papers}

    def exempt_at(self, person, sat, at):
        return frozenset((ref, time) for ref, time in sat if person in self.exemptions.get(ref, set()))

    def barred(self, paper, people, opens_at):
        return {person: bar for person, bar in self.bars.items() if person in people}


@pytest.fixture
def known(monkeypatch) -> Known:
    found = Known()
    for slot in (ports.passes, ports.exemptions, ports.resits):
        monkeypatch.setattr(slot, "_filling", found)
    return found


@pytest.fixture
def person():
    make.make_bank(each=8)
    return make_person("林晓雯")


@pytest.fixture
def hr():
    return make_person("王敏", roles=["hr"])


def arrange(people, paper="tiny-exam", *, minutes=120, at=START, **more):
    with unit_of_work():
        return service.schedule(
            None,
            min(START, at),
            paper_ref=paper,
            kind="exam",
            subject="arranged",
            people=list(people),
            opens_at=at,
            closes_at=at + minutes * MINUTE,
            **more,
        )


def start(person, sitting, at):
    with unit_of_work():
        return service.start(person, sitting, at, "tab")


def enter(person, sitting, typed, at=START):
    with unit_of_work():
        return service.enter(person, sitting, at, typed)


def accommodate(hr, sitting, person, at=START, **more):
    with unit_of_work():
        service.accommodate(hr, at, sitting, person, **{"reason": "就医", **more})


# --- late


def test_after_the_late_limit_nobody_starts_unless_let_in(person, hr) -> None:
    make.make_paper()
    mate = make_person("周子昂")
    sitting = arrange([person, mate], late_minutes=10)
    assert start(person, sitting, START + 10 * MINUTE)
    with pytest.raises(ConflictError, match=r"最晚开考时间.*监考员"):
        start(mate, sitting, START + 10 * MINUTE + MS)
    accommodate(hr, sitting, mate, START + 20 * MINUTE, late=True)
    attempt = start(mate, sitting, START + 119 * MINUTE)
    assert queries.attempt(attempt, START).deadline == START + 120 * MINUTE


def test_a_late_limit_behind_the_end_is_refused(person) -> None:
    make.make_paper()
    with pytest.raises(DomainError, match="比整场还长"):
        arrange([person], late_minutes=121)
    assert queries.sitting(arrange([person], late_minutes=120)).last_start is None


def test_who_started_in_time_goes_on_after_the_late_limit(person) -> None:
    make.make_paper()
    sitting = arrange([person], late_minutes=10)
    attempt = start(person, sitting, START)
    assert start(person, sitting, START + 20 * MINUTE) == attempt


# --- a window of one's own


def test_an_own_window_moves_start_and_deadline_and_the_candidate_is_told(person, hr) -> None:
    make.make_paper()
    sitting = arrange([person], minutes=60)
    accommodate(
        hr, sitting, person, opens_at=START + 90 * MINUTE, closes_at=START + 100 * MINUTE, extra_minutes=5
    )
    (mine,) = queries.sittings_of(person)
    assert (mine.opens_at, mine.closes_at) == (START + 90 * MINUTE, START + 100 * MINUTE)
    assert (mine.extra_minutes, mine.own_window) == (5, True)
    assert queries.sitting(sitting).opens_at == START and queries.candidates_of(sitting) == {person: 5}
    with pytest.raises(ConflictError, match="没到开考时间"):
        start(person, sitting, START + 90 * MINUTE - MS)
    attempt = start(person, sitting, START + 90 * MINUTE)
    assert queries.attempt(attempt, START).deadline == START + 105 * MINUTE
    notices = session().query(Notice).filter_by(person_id=person).all()
    assert any("另作了安排" in one.message for one in notices)
    assert all("就医" not in str(one.values) for one in notices)


def test_the_newest_accommodation_counts_and_the_others_stay(person, hr) -> None:
    make.make_paper()
    sitting = arrange([person])
    accommodate(hr, sitting, person, extra_minutes=30, late=True)
    accommodate(hr, sitting, person, START + MINUTE, extra_minutes=10, reason="医生证明改了")
    history = queries.accommodations(sitting, person)
    assert [(one.extra_minutes, one.late) for one in history] == [(10, False), (30, True)]
    assert queries.candidates_of(sitting) == {person: 10}
    entries = [one.detail for one in session().query(AuditEntry) if one.action == "sitting.accommodate"]
    assert len(entries) == 2 and "医生" not in str(entries)


def test_nothing_is_granted_after_the_start_to_oneself_or_without_sense(person, hr) -> None:
    make.make_paper()
    mate = make_person("周子昂")
    sitting = arrange([person, hr, mate])
    with pytest.raises(ForbiddenError):
        accommodate(hr, sitting, hr, extra_minutes=5)
    for wrong in (
        {"reason": "  "},
        {"extra_minutes": -1},
        {"extra_minutes": 241},
        {"opens_at": START + 120 * MINUTE},
        {"closes_at": START},
        {"opens_at": START + 50 * MINUTE, "closes_at": START + 50 * MINUTE},
    ):
        with pytest.raises(DomainError):
            accommodate(hr, sitting, mate, **wrong)
    with pytest.raises(NotFoundError):
        accommodate(hr, sitting, make_person("外人"), extra_minutes=5)
    start(person, sitting, START)
    with pytest.raises(ConflictError, match="已经开考"):
        accommodate(hr, sitting, person, extra_minutes=5)
    with unit_of_work():
        service.cancel(hr, START, other := arrange([mate]), "停电")
    with pytest.raises(ConflictError, match="已经取消"):
        accommodate(hr, other, mate, extra_minutes=5)
    assert queries.accommodations(sitting, mate) == []


def test_who_was_voided_may_be_granted_something_and_start_again(person, hr) -> None:
    make.make_paper()
    sitting = arrange([person], late_minutes=5)
    attempt = start(person, sitting, START)
    with unit_of_work() as db:
        db.get_one(Attempt, attempt).voided_at = START + MINUTE
    with pytest.raises(ConflictError):
        start(person, sitting, START + 6 * MINUTE)
    accommodate(hr, sitting, person, START + 6 * MINUTE, late=True)
    assert start(person, sitting, START + 7 * MINUTE) != attempt


def test_who_missed_a_sitting_may_sit_it_in_a_window_of_their_own(person, hr) -> None:
    make.make_paper()
    sitting = arrange([person], minutes=60)
    later = START + 61 * MINUTE
    accommodate(hr, sitting, person, later, opens_at=later, closes_at=later + 30 * MINUTE)
    assert start(person, sitting, later + MINUTE)


def test_the_database_itself_refuses_what_one_grants_to_oneself(person) -> None:
    make.make_paper()
    sitting = arrange([person])
    candidate = session().scalar(sa.text("SELECT id FROM candidate"))
    assert sitting
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as db:
        db.add(
            Accommodation(
                candidate_id=candidate, person_id=person, extra_minutes=5, late=False, reason="x",
                given_by=person, given_at=START,
            )
        )  # fmt: skip


def test_extra_minutes_set_again_keep_the_rest_of_what_was_granted(person, hr) -> None:
    make.make_paper()
    sitting = arrange([person])
    accommodate(hr, sitting, person, closes_at=START + 60 * MINUTE, late=True)
    with unit_of_work():
        service.add_candidate(hr, START, sitting, person, 15, "手部受伤")
    (newest, _before) = queries.accommodations(sitting, person)
    assert (newest.closes_at, newest.late, newest.extra_minutes) == (START + 60 * MINUTE, True, 15)
    with pytest.raises(DomainError, match="原因"), unit_of_work():
        service.add_candidate(hr, START, sitting, person, 20)
    with unit_of_work():
        service.add_candidate(hr, START, sitting, person, 15)
    assert len(queries.accommodations(sitting, person)) == 2


def test_a_start_and_a_grant_at_the_same_moment_come_one_after_the_other(app, person, hr) -> None:
    make.make_paper()
    sitting = arrange([person])
    won, refused = race(
        app,
        lambda: service.start(person, sitting, START, "tab"),
        lambda: service.accommodate(hr, START, sitting, person, reason="就医", extra_minutes=15),
    )
    (attempt,) = session().query(Attempt).all()
    given = len(queries.accommodations(sitting, person))
    assert given + len(refused) == 1 and len(won) == 1 + given
    assert attempt.deadline == START + (30 + 15 * given) * MINUTE


def test_a_sitting_in_anothers_place_keeps_what_was_granted(person, hr) -> None:
    make.make_paper()
    mate = make_person("周子昂")
    sitting = arrange([person, mate], late_minutes=10, code="K7M4TX")
    accommodate(hr, sitting, person, closes_at=START + 90 * MINUTE, extra_minutes=20, late=True)
    moved = arrange([person, mate], at=START + 24 * 60 * MINUTE)
    with unit_of_work():
        service.carry_over(hr, START, sitting, moved)
    found = {one.person_id: one for one in queries.candidates(moved)}
    assert queries.room_code(moved, hr, START) == "K7M4TX" and found[mate].given is None
    assert found[mate].window.last_start == START + (24 * 60 + 10) * MINUTE
    given = found[person].given
    assert (given.extra_minutes, given.late, given.closes_at, given.reason) == (20, True, None, "就医")


# --- one time for all


def test_a_unified_paper_is_sat_in_one_window(person, hr) -> None:
    make.make_paper(unified=True)
    for minutes, late in ((120, None), (31, None), (29, None), (41, 10)):
        with pytest.raises(DomainError, match=r"统一考试.*30分钟"):
            arrange([person], minutes=minutes, late_minutes=late)
    sitting = arrange([person], minutes=40, late_minutes=10)
    with pytest.raises(DomainError, match="不能单独改时间"):
        accommodate(hr, sitting, person, opens_at=START + MINUTE)
    accommodate(hr, sitting, person, extra_minutes=10)
    assert queries.attempt(start(person, sitting, START), START).deadline == START + 40 * MINUTE


def test_nobody_is_in_two_unified_sittings_of_a_paper(person, hr) -> None:
    make.make_paper(unified=True)
    mate = make_person("周子昂")
    first = arrange([person], minutes=30)
    with pytest.raises(ConflictError, match="林晓雯"):
        arrange([mate, person], minutes=30, at=START + MINUTE)
    second = arrange([mate], minutes=30, at=START + MINUTE)
    with pytest.raises(ConflictError, match="周子昂"), unit_of_work():
        service.add_candidate(hr, START, first, mate)
    with unit_of_work():
        service.cancel(hr, START, second, "改期")
    with unit_of_work():
        service.add_candidate(hr, START, first, mate)
    make.submit(person, start(person, first, START))
    assert arrange([person], minutes=30, at=START + 60 * MINUTE)


def test_two_who_arrange_at_the_same_moment_make_one_sitting(app, person) -> None:
    make.make_paper(unified=True)

    def act():
        return service.schedule(
            None, START, paper_ref="tiny-exam", kind="exam", subject="arranged", people=[person],
            opens_at=START, closes_at=START + 30 * MINUTE,
        )  # fmt: skip

    won, refused = race(app, act, act)
    assert len(won) == 1 and "统一考试" in str(refused[0])
    assert len(queries.sittings_of(person)) == 1


# --- what must be passed before


def test_who_has_not_passed_is_named_when_the_exam_is_arranged(person, hr, known) -> None:
    make.make_paper("tiny-first", title="基础卷")
    make.make_paper(requires=["tiny-first"])
    mate = make_person("周子昂")
    known.passes["tiny-first"] = {mate}
    with pytest.raises(DomainError, match="林晓雯缺《基础卷》"):
        arrange([mate, person])
    sitting = arrange([mate])
    with pytest.raises(DomainError, match="林晓雯缺《基础卷》"), unit_of_work():
        service.add_candidate(hr, START, sitting, person)
    known.exemptions["tiny-first"] = {person}
    with unit_of_work():
        service.add_candidate(hr, START, sitting, person)


def test_who_no_longer_holds_the_pass_is_stopped_at_the_door(person, known) -> None:
    make.make_paper("tiny-first", title="基础卷")
    make.make_paper(requires=["tiny-first"])
    known.passes["tiny-first"] = {person}
    sitting = arrange([person])
    known.passes.clear()
    with pytest.raises(ConflictError, match="《基础卷》"):
        start(person, sitting, START)
    known.passes["tiny-first"] = {person}
    attempt = start(person, sitting, START)
    known.passes.clear()
    assert start(person, sitting, START + MINUTE) == attempt


def test_a_paper_nobody_knows_of_is_not_passed(person, monkeypatch) -> None:
    for slot in (ports.passes, ports.exemptions, ports.resits):
        monkeypatch.setattr(slot, "_filling", None)
    make.make_paper(requires=["tiny-gone"])
    with pytest.raises(DomainError, match="林晓雯缺《tiny-gone》"):
        arrange([person])


def test_who_is_exempt_does_not_start(person, known) -> None:
    make.make_paper()
    sitting = arrange([person])
    known.exemptions["tiny-exam"] = {person}
    with pytest.raises(ConflictError, match="免试"):
        start(person, sitting, START)


def test_who_may_not_sit_it_again_yet_is_named_with_the_reason(person, known) -> None:
    make.make_paper()
    known.bars = {person: ports.Bar("%(day)s起才能再考", {"day": START.date()})}
    with pytest.raises(DomainError, match="林晓雯（2026-11-20起才能再考）"):
        arrange([person])


# --- the code of the room


def test_the_code_opens_the_door_and_a_wrong_one_is_kept(person) -> None:
    make.make_paper()
    sitting = arrange([person], code="K7M4TX")
    assert (
        queries.sitting(sitting).needs_code and queries.room_code(sitting, make_person(), START) == "K7M4TX"
    )
    assert queries.room_code(sitting, person, START) is None
    assert enter(person, sitting, "") is None and enter(person, sitting, "ABCDEF") is None
    assert session().query(WrongCode).count() == 1  # nothing typed is nothing wrong
    attempt = enter(person, sitting, "k7m-4tx")
    assert attempt and enter(person, sitting, "ABCDEF") == attempt
    assert queries.candidates(sitting)[0].wrong_codes == 1


def test_a_code_is_asked_of_nobody_who_may_not_start_anyway(person) -> None:
    make.make_paper()
    sitting = arrange([person], code="K7M4TX")
    with pytest.raises(ConflictError):
        enter(person, sitting, "ABCDEF", START - MS)
    assert session().query(WrongCode).count() == 0


def test_after_five_wrong_codes_the_right_one_has_to_wait(person) -> None:
    make.make_paper()
    sitting = arrange([person], code="K7M4TX")
    for number in range(5):
        assert enter(person, sitting, "ABCDEF", START + number * MINUTE) is None
    with pytest.raises(TooManyCodesError, match="1分钟后再试"):
        enter(person, sitting, "K7M4TX", START + 4 * MINUTE)
    assert session().query(WrongCode).count() == 5
    assert enter(person, sitting, "K7M4TX", START + 5 * MINUTE)


def test_the_code_is_shown_until_the_last_window_ends(person, hr) -> None:
    make.make_paper()
    sitting = arrange([person], code="K7M4TX")
    later = START + 300 * MINUTE
    assert queries.room_code(sitting, hr, START + 120 * MINUTE) is None
    accommodate(hr, sitting, person, opens_at=later, closes_at=later + 60 * MINUTE)
    assert queries.room_code(sitting, hr, later) == "K7M4TX"
    with unit_of_work():
        service.renew_code(hr, later, sitting, "AAAAAA")
    assert enter(person, sitting, "aaa aaa", later)
    assert queries.room_code(sitting, hr, later + 60 * MINUTE) is None


def test_guesses_at_the_same_moment_all_count(app, person) -> None:
    make.make_paper()
    sitting = arrange([person], code="K7M4TX")
    for _ in range(4):
        enter(person, sitting, "ABCDEF")
    won, refused = race(app, *[lambda: service.enter(person, sitting, START, "ABCDEF")] * 3)
    assert won == [None] and len(refused) == 2
    assert session().query(WrongCode).count() == 5


def test_a_new_code_takes_the_place_of_the_old_one(person, hr) -> None:
    make.make_paper()
    sitting = arrange([person], code="K7M4TX")
    with unit_of_work():
        service.renew_code(hr, START, sitting, "AAAAAA")
    assert enter(person, sitting, "K7M4TX") is None and enter(person, sitting, "aaaaaa")
    with pytest.raises(ForbiddenError), unit_of_work():
        service.renew_code(person, START, sitting, "CCCCCC")
    with pytest.raises(ConflictError), unit_of_work():
        service.renew_code(hr, START + 120 * MINUTE, sitting, "CCCCCC")
    with pytest.raises(NotFoundError), unit_of_work():
        service.renew_code(hr, START, 999, "CCCCCC")


# --- editions


def test_a_stored_paper_without_the_new_fields_is_still_the_same_edition() -> None:
    made = make.spec("tiny-kept")
    with unit_of_work() as db:
        assert add_paper(made, START)
        row = db.scalar(sa.text("SELECT blueprint FROM paper"))
        assert row
    with unit_of_work():
        from cstrain.exams.models import Paper

        paper = session().query(Paper).one()
        paper.blueprint = {
            key: value for key, value in paper.blueprint.items() if key not in ("unified", "requires")
        }
    with unit_of_work():
        assert not add_paper(made, START)
    with pytest.raises(ConflictError), unit_of_work():
        add_paper(make.spec("tiny-kept", unified=True), START)
