"""Pauses, beats, outages, credit, incidents and signs, on both databases."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.exams import jobs, queries, service
from cstrain.exams.invigilation import queries as seen
from cstrain.exams.invigilation import service as act
from cstrain.exams.invigilation.facts import SentSignal
from cstrain.exams.invigilation.models import AttemptPause, Outage, TimeCredit, Uptime
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person():
    return make_person("林晓雯")


@pytest.fixture
def attempt(person):
    return make.make_attempt(person)


@pytest.fixture
def staff():
    return make_person("监考甲", roles=["invigilator"]), make_person("监考乙", roles=["invigilator"])


def do(verb, actor, *rest, at=START, **more):
    with unit_of_work():
        return verb(actor, at, *rest, **more)


def beat(at, run="a") -> None:
    jobs.beat(run, at)


def beats(began, ended) -> None:
    at = began
    while at <= ended:
        beat(at)
        at += 2 * SECOND


def sitting_of(attempt):
    return queries.attempt(attempt, START).sitting_id


def kinds(attempt) -> list[str]:
    return [one.kind for one in queries.timeline(attempt)]


# --- pauses


def test_a_pause_moves_the_deadline_and_takes_what_arrives(person, attempt, staff) -> None:
    do(act.pause, staff[0], attempt, "停电", at=START + 10 * MINUTE)
    late = START + 50 * MINUTE
    assert queries.attempt(attempt, late).state == "open"
    outcome = make.save(person, attempt, [make.event(1, '"0"', 1)], at=late)
    assert list(outcome.dispositions.values()) == ["accepted"]
    assert outcome.paused and outcome.remaining_ms == 20 * 60 * 1000 and not outcome.over
    jobs.run(late)
    assert queries.attempt(attempt, late).state == "open"
    do(act.resume, staff[1], attempt, at=late)
    facts = queries.attempt(attempt, late)
    assert facts.deadline == START + 70 * MINUTE and facts.paused_at is None
    assert {"pause", "resume"} <= set(kinds(attempt))
    jobs.run(START + 71 * MINUTE)
    assert queries.attempt(attempt, START + 71 * MINUTE).submitted_at == START + 70 * MINUTE


def test_handing_in_while_paused_ends_the_pause(person, attempt, staff) -> None:
    do(act.pause, staff[0], attempt, "停电", at=START + 10 * MINUTE)
    assert make.submit(person, attempt, at=START + 50 * MINUTE).submitted_at == START + 50 * MINUTE
    (pause,) = seen.pauses([attempt])
    assert pause.ended == START + 50 * MINUTE
    with pytest.raises(ConflictError):
        do(act.resume, staff[0], attempt, at=START + 51 * MINUTE)


def test_pausing_needs_a_reason_somebody_else_and_a_running_attempt(person, attempt, staff) -> None:
    with pytest.raises(DomainError, match="没有写暂停原因"):
        do(act.pause, staff[0], attempt, "  ")
    with pytest.raises(ForbiddenError):
        do(act.pause, person, attempt, "停电")
    with pytest.raises(ConflictError):
        do(act.resume, staff[0], attempt)
    do(act.pause, staff[0], attempt, "停电")
    with pytest.raises(ConflictError):
        do(act.pause, staff[1], attempt, "停电")
    with pytest.raises(ForbiddenError):
        do(act.resume, person, attempt)
    do(act.resume, staff[0], attempt)
    with pytest.raises(ConflictError, match="已经结束"):
        do(act.pause, staff[0], attempt, "停电", at=START + 31 * MINUTE)


def test_a_page_that_counted_to_zero_does_not_hand_in_a_paused_attempt(person, attempt, staff) -> None:
    do(act.pause, staff[0], attempt, "停电", at=START + 29 * MINUTE)
    with unit_of_work():
        assert service.goes_on(person, attempt, START + 31 * MINUTE)
    do(act.resume, staff[0], attempt, at=START + 31 * MINUTE)
    with unit_of_work():
        assert service.goes_on(person, attempt, START + 31 * MINUTE)
        assert not service.goes_on(person, attempt, START + 32 * MINUTE)  # the clocks differ a little
        assert not service.goes_on(person, attempt, START + 33 * MINUTE)
    make.submit(person, attempt, at=START + 33 * MINUTE)
    with unit_of_work():
        assert not service.goes_on(person, attempt, START + 33 * MINUTE)


def test_all_are_paused_and_resumed_but_oneself(person, staff) -> None:
    make.make_bank()
    make.make_paper()
    sitting = make.make_sitting([person, staff[0]])
    mine, own = make.make_attempt(person, sitting), make.make_attempt(staff[0], sitting)
    assert do(act.pause_all, staff[0], sitting, "火警") == 1
    assert queries.attempt(mine, START).paused_at and not queries.attempt(own, START).paused_at
    with pytest.raises(ConflictError):
        do(act.pause_all, staff[0], sitting, "火警")
    assert do(act.resume_all, staff[0], sitting, at=START + MINUTE) == 1
    with pytest.raises(ConflictError):
        do(act.resume_all, staff[0], sitting)


def test_a_long_pause_waits_for_a_second_person(person, attempt, staff) -> None:
    do(act.pause, staff[0], attempt, "停电")
    assert seen.unconfirmed_pauses(START + 30 * MINUTE) == []
    (long,) = seen.unconfirmed_pauses(START + 31 * MINUTE, sitting_of(attempt))
    do(act.resume, staff[0], attempt, at=START + 31 * MINUTE)
    for nobody in (staff[0], person):
        with pytest.raises(ForbiddenError):
            do(act.second_pause, nobody, long.id)
    do(act.second_pause, staff[1], long.id)
    assert seen.unconfirmed_pauses(START + 99 * MINUTE) == []
    with pytest.raises(ConflictError):
        do(act.second_pause, staff[1], long.id)
    with pytest.raises(NotFoundError):
        do(act.second_pause, staff[1], 999)


def test_two_who_pause_at_once_make_one_pause(app, attempt, staff) -> None:
    won, refused = race(
        app,
        *(lambda who=who: act.pause(who, START, attempt, "停电") for who in staff),
    )
    assert len(won) == 1 and len(refused) == 1
    assert session().scalar(sa.select(sa.func.count()).select_from(AttemptPause)) == 1


# --- the server's own silence


def test_nothing_is_noted_while_nobody_sits(person) -> None:
    beat(START)
    assert session().scalar(sa.select(sa.func.count()).select_from(Uptime)) == 0


def test_beats_extend_one_row_and_a_gap_is_an_outage(person, attempt) -> None:
    beats(START, START + 20 * SECOND)
    assert session().scalar(sa.select(sa.func.count()).select_from(Uptime)) == 1
    beat(START + 110 * SECOND, run="b")
    beat(START + 112 * SECOND, run="b")
    (outage,) = session().scalars(sa.select(Outage)).all()
    assert (outage.began, outage.ended) == (START + 20 * SECOND, START + 110 * SECOND)
    (offer,) = seen.offers([attempt], START + 2 * MINUTE)
    assert offer.by_server and offer.seconds == 90
    assert "outage" in kinds(attempt)


@pytest.mark.parametrize(("milliseconds", "noticed"), [(2000, []), (3999, []), (4000, [4]), (5001, [6])])
def test_twice_the_time_between_beats_is_an_outage_one_late_beat_is_none(
    attempt, milliseconds, noticed
) -> None:
    beats(START, START + 10 * SECOND)
    beat(START + 10 * SECOND + timedelta(milliseconds=milliseconds))
    offers = seen.offers([attempt], START + MINUTE)
    assert [one.seconds for one in offers] == noticed


def test_a_server_that_took_answers_was_not_silent(person, attempt) -> None:
    beat(START)
    for second in range(3, 40, 3):
        make.save(person, attempt, [make.event(1, '"0"', second)], at=START + second * SECOND)
    beat(START + 40 * SECOND)
    assert session().scalars(sa.select(Outage)).all() == []


def test_a_quiet_hour_without_candidates_is_no_outage(person, attempt) -> None:
    beat(START)
    make.submit(person, attempt, at=START + SECOND)
    other = make_person("后来的")
    sitting = make.make_sitting([other], closes_at=START + 5 * make.HOUR)
    make.make_attempt(other, sitting, START + 60 * MINUTE)
    beat(START + 60 * MINUTE + 2 * SECOND)
    assert session().scalars(sa.select(Outage)).all() == []


def test_a_pause_costs_nothing_in_an_outage(person, attempt, staff) -> None:
    beats(START, START + 10 * SECOND)
    do(act.pause, staff[0], attempt, "停电", at=START + 10 * SECOND)
    beat(START + 10 * MINUTE)
    assert session().scalars(sa.select(Outage)).all() != []
    assert seen.offers([attempt], START + 10 * MINUTE) == []


def outage(attempt, began=START + 20 * SECOND, seconds=90):
    beats(began - 20 * SECOND, began)
    beat(began + seconds * SECOND)
    return next(one.source for one in seen.offers([attempt], began + seconds * SECOND) if one.by_server)


# --- giving it back


def test_one_person_gives_lost_time_back_once(person, attempt, staff) -> None:
    source = outage(attempt)
    after = START + 3 * MINUTE
    for bad in ((person, "停电"), (staff[0], " ")):
        with pytest.raises(DomainError):
            do(act.credit, bad[0], attempt, source, bad[1], at=after)
    assert do(act.credit, staff[0], attempt, source, "停电", at=after)
    assert queries.attempt(attempt, after).deadline == START + 30 * MINUTE + 90 * SECOND
    assert seen.offers([attempt], after) == []
    with pytest.raises(ConflictError, match="已经补过"):
        do(act.credit, staff[1], attempt, source, "再补", at=after)
    assert "credit" in kinds(attempt) and seen.given_seconds([attempt]) == {attempt: 90}


def test_beyond_ten_minutes_a_second_person_decides(person, attempt, staff) -> None:
    source = outage(attempt, seconds=700)
    after = START + 13 * MINUTE
    assert not do(act.credit, staff[0], attempt, source, "停电", at=after)
    assert queries.attempt(attempt, after).deadline == START + 30 * MINUTE
    (waiting,) = seen.open_credits(sitting_of(attempt))
    for nobody in (staff[0], person):
        with pytest.raises(ForbiddenError):
            do(act.decide_credit, nobody, waiting.id, agreed=True, at=after)
    do(act.decide_credit, staff[1], waiting.id, agreed=False, at=after)
    assert queries.attempt(attempt, after).deadline == START + 30 * MINUTE
    assert not do(
        act.credit, staff[1], attempt, source, "再提", at=after
    )  # what was turned down may be asked again
    (again,) = seen.open_credits()
    do(act.decide_credit, staff[0], again.id, agreed=True, at=after)
    assert queries.attempt(attempt, after).deadline == START + 30 * MINUTE + 700 * SECOND
    with pytest.raises(ConflictError):
        do(act.decide_credit, staff[0], again.id, agreed=True, at=after)


def test_minutes_and_credit_share_the_ten_minutes(person, attempt, staff) -> None:
    source = outage(attempt)
    do(service.extend, staff[0], attempt, 9, "停电", at=START + 3 * MINUTE)
    assert not do(act.credit, staff[0], attempt, source, "停电", at=START + 3 * MINUTE)
    other = make_person("另一位")
    second = make.make_attempt(other, make.make_sitting([other]))
    assert seen.offers([second], START + 3 * MINUTE)
    assert do(act.credit, staff[0], second, source, "停电", at=START + 3 * MINUTE)
    with pytest.raises(DomainError, match="累计最多加10分钟"):
        do(service.extend, staff[0], second, 9, "停电", at=START + 3 * MINUTE)


def test_all_of_a_sitting_get_their_own_loss_back(person, staff) -> None:
    make.make_bank()
    make.make_paper()
    others = [make_person(f"考生{n}") for n in range(3)]
    sitting = make.make_sitting([*others, staff[0]])
    running = [make.make_attempt(one, sitting, START + n * 30 * SECOND) for n, one in enumerate(others)]
    own = make.make_attempt(staff[0], sitting)
    beats(START, START + 20 * SECOND)
    beat(START + 2 * MINUTE)
    source = seen.offers(running, START + 2 * MINUTE)[0].source
    assert do(act.credit_all, staff[0], sitting, source, "停电", at=START + 2 * MINUTE) == (3, 0)
    moved = [queries.attempt(one, START).deadline - START for one in running]
    base = 30 * MINUTE
    expected = [base + 100 * SECOND, base + 30 * SECOND + 90 * SECOND, base + 60 * SECOND + 60 * SECOND]
    assert moved == expected
    assert queries.attempt(own, START).deadline == START + base
    with pytest.raises(ConflictError):
        do(act.credit_all, staff[0], sitting, source, "停电", at=START + 2 * MINUTE)


def test_what_was_proposed_for_all_is_decided_by_another_in_one_go(person, staff) -> None:
    make.make_bank()
    make.make_paper()
    others = [make_person(f"考生{n}") for n in range(2)]
    sitting = make.make_sitting(others)
    running = [make.make_attempt(one, sitting) for one in others]
    source = outage(running[0], seconds=700)
    after = START + 13 * MINUTE
    assert do(act.credit_all, staff[0], sitting, source, "停电", at=after) == (0, 2)
    with pytest.raises(ConflictError):
        do(act.decide_all_credit, staff[0], sitting, source, agreed=True, at=after)
    assert do(act.decide_all_credit, staff[1], sitting, source, agreed=True, at=after) == 2
    assert {queries.attempt(one, after).deadline for one in running} == {START + 30 * MINUTE + 700 * SECOND}


def test_two_who_give_the_same_time_back_give_it_once(app, attempt, staff) -> None:
    source = outage(attempt)
    won, refused = race(
        app, *(lambda who=who: act.credit(who, START + 3 * MINUTE, attempt, source, "停电") for who in staff)
    )
    assert len(won) == 1 and len(refused) == 1
    assert session().scalar(sa.select(sa.func.sum(TimeCredit.seconds))) == 90


def test_the_database_itself_refuses_one_person_in_both_places(attempt, staff) -> None:
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as db:
        db.add(
            TimeCredit(
                attempt_id=attempt, source="outage:1", began=START, ended=START + SECOND,
                seconds=1, reason="x", proposed_by=staff[0], proposed_at=START,
                decided_by=staff[0], decided_at=START, given=True,
            )
        )  # fmt: skip


# --- whose time runs out in an outage


def ran_out(attempt, seconds=60):
    """The server is silent from 40 s before the deadline on."""
    beats(START + 29 * MINUTE, START + 29 * MINUTE + 20 * SECOND)
    return START + 29 * MINUTE + 20 * SECOND + seconds * SECOND


def test_whose_time_runs_out_in_an_outage_is_held_and_gets_exactly_what_was_lost(
    person, attempt, staff
) -> None:
    back = ran_out(attempt)
    outcome = make.save(person, attempt, [make.event(1, '"0"', 1)], at=back)  # typed meanwhile, sent at once
    assert list(outcome.dispositions.values()) == ["accepted"]
    assert outcome.paused and outcome.remaining_ms == 0 and not outcome.over
    beat(back + SECOND)
    jobs.run(back + 2 * MINUTE)
    facts = queries.attempt(attempt, back + 2 * MINUTE)
    assert facts.state == "open" and facts.paused_at == START + 30 * MINUTE
    with unit_of_work():
        assert service.goes_on(person, attempt, back + 2 * MINUTE)
    (offer,) = seen.offers([attempt], back + 3 * MINUTE)
    assert offer.seconds == 40
    assert do(act.credit, staff[0], attempt, offer.source, "停电", at=back + 3 * MINUTE)
    do(act.resume, staff[0], attempt, at=back + 4 * MINUTE)
    assert queries.attempt(attempt, back + 4 * MINUTE).deadline == back + 4 * MINUTE + 40 * SECOND
    assert "hold" in kinds(attempt)


def test_the_job_holds_too_and_without_credit_the_attempt_closes(person, attempt, staff) -> None:
    back = ran_out(attempt)
    beat(back)
    jobs.run(back)
    assert queries.attempt(attempt, back).state == "open"
    do(act.resume, staff[0], attempt, at=back + MINUTE)
    beats(back, back + 2 * MINUTE)
    jobs.run(back + 2 * MINUTE)
    assert queries.attempt(attempt, back + 2 * MINUTE).state == "submitted"


def test_resuming_all_leaves_who_has_no_time_left_until_they_are_credited(person, attempt, staff) -> None:
    back = ran_out(attempt)
    beat(back)
    jobs.run(back)
    sitting = sitting_of(attempt)
    with pytest.raises(ConflictError, match="先补时"):
        do(act.resume_all, staff[0], sitting, at=back + MINUTE)
    (offer,) = seen.offers([attempt], back + MINUTE)
    do(act.credit, staff[0], attempt, offer.source, "停电", at=back + MINUTE)
    assert do(act.resume_all, staff[0], sitting, at=back + 2 * MINUTE) == 1
    assert queries.attempt(attempt, back + 2 * MINUTE).paused_at is None


def test_a_held_attempt_nobody_decides_about_is_closed_after_a_day(person, attempt) -> None:
    back = ran_out(attempt)
    beat(back)
    jobs.run(back)
    jobs.run(back + timedelta(hours=25))
    facts = queries.attempt(attempt, back + timedelta(hours=25))
    assert facts.submitted_at == START + 30 * MINUTE


def test_a_quiz_is_not_held(person) -> None:
    make.make_bank()
    make.make_paper("tiny-quiz", kind="quiz", release="auto")
    with unit_of_work():
        quiz = service.ensure_quiz(
            START,
            paper_ref="tiny-quiz",
            subject="x",
            person=person,
            opens_at=START,
            closes_at=START + make.HOUR,
        )
    attempt = make.make_attempt(person, quiz)
    back = ran_out(attempt)
    beat(back)
    jobs.run(back + MINUTE)
    assert queries.attempt(attempt, back).state == "submitted"


# --- contact and signs


def sign(kind, ago, lasted, slot=None, signal_id=""):
    return SentSignal(signal_id or str(uuid.uuid4()), kind, ago, lasted, slot)


def hear(person, attempt, *signals, at=START):
    with unit_of_work():
        return act.hear(person, attempt, list(signals), at)


def test_a_page_shows_that_it_is_there(person, attempt, staff) -> None:
    heard = hear(person, attempt, at=START + 20 * SECOND)
    assert (heard.over, heard.paused, heard.submitted) == (False, False, False)
    assert heard.remaining_ms == 30 * 60 * 1000 - 20_000 and heard.lease_epoch == 1
    hear(person, attempt, at=START + 40 * SECOND)
    hear(person, attempt, at=START + 30 * SECOND)  # overtaken on its way
    assert seen.contacts([attempt]) == {attempt: START + 40 * SECOND}
    with pytest.raises(NotFoundError):
        hear(staff[0], attempt)
    make.submit(person, attempt, at=START + MINUTE)
    closed = hear(person, attempt, sign("leave", 1, 1), at=START + 2 * MINUTE)
    assert closed.over and closed.submitted and closed.stored == 0
    assert seen.contacts([attempt]) == {attempt: START + 40 * SECOND}


def test_signs_are_kept_once_and_never_from_before_the_start(person, attempt) -> None:
    one = sign("leave", 50_000, 10_000)
    at = START + MINUTE
    assert hear(person, attempt, one, sign("paste", 500, 0, 3), at=at).stored == 2
    assert hear(person, attempt, one, at=at).stored == 0
    hear(person, attempt, sign("leave", 10_000_000, 10_000), at=at)
    signs = seen.signs([attempt])[attempt]
    assert (signs.leaves, signs.away_seconds, signs.pastes, signs.any) == (2, 20, 1, True)
    assert {"leave", "paste"} <= set(kinds(attempt))
    assert all(one.at >= START for one in queries.timeline(attempt))


def test_there_is_a_limit_to_signs(person, attempt, monkeypatch) -> None:
    small = seen.invigilation_rules().model_copy(update={"most_signals": 3})
    monkeypatch.setattr("cstrain.exams.invigilation.service.noting.invigilation_rules", lambda: small)
    found = hear(person, attempt, *(sign("leave", 1, 1) for _ in range(5)), at=START + MINUTE)
    assert found.stored == 3
    assert hear(person, attempt, sign("leave", 1, 1), at=START + MINUTE).stored == 0


def test_what_a_page_reports_counts_as_far_as_the_server_heard_nothing_either(person, attempt, staff) -> None:
    hear(person, attempt, at=START + 20 * SECOND)
    make.save(person, attempt, [make.event(1, '"0"', 1)], at=START + 60 * SECOND)
    back = START + 5 * MINUTE
    hear(person, attempt, sign("offline", 290_000, 290_000), at=back)
    (offer,) = seen.offers([attempt], back)
    assert not offer.by_server and offer.seconds == 240  # from the save at 60 s on
    assert not do(act.credit, staff[0], attempt, offer.source, "考场网络断了", at=back)
    (waiting,) = seen.open_credits()
    do(act.decide_credit, staff[1], waiting.id, agreed=True, at=back)
    assert queries.attempt(attempt, back).deadline == START + 34 * MINUTE
    assert seen.offers([attempt], back) == []


def test_a_report_alone_gives_nothing_while_the_server_heard_the_page(person, attempt) -> None:
    for second in range(20, 320, 20):
        hear(person, attempt, at=START + second * SECOND)
    hear(person, attempt, sign("offline", 290_000, 290_000), at=START + 320 * SECOND)
    assert seen.offers([attempt], START + 320 * SECOND) == []


def test_time_reported_and_recorded_is_given_back_once(person, attempt) -> None:
    source = outage(attempt)
    hear(person, attempt, sign("offline", 115_000, 110_000), at=START + 2 * MINUTE)
    found = {one.source: one.seconds for one in seen.offers([attempt], START + 2 * MINUTE)}
    assert found.pop(source) == 90
    assert sum(found.values()) == 15 + 5  # before and after the outage, as far as the server heard nothing


def test_another_device_and_a_rush_are_signs(person, attempt) -> None:
    assert seen.signs([attempt])[attempt].devices == 0
    with unit_of_work():
        assert service.take_lease(person, attempt, START, "tab-2", force=True)
    fast = [make.event(slot, '"0"', slot) for slot in range(1, 7)]
    fast = [
        type(one)(one.event_id, one.client_seq, one.slot, one.value, 100 * one.client_seq, True)
        for one in fast
    ]
    make.save(person, attempt, fast, epoch=2)
    signs = seen.signs([attempt])[attempt]
    assert (signs.devices, signs.rushes) == (1, 1)


# --- incidents


def test_incidents_are_added_and_read_in_the_timeline(person, attempt, staff) -> None:
    sitting = sitting_of(attempt)
    do(act.note_incident, staff[0], sitting, "technical", "投影断电两分钟", None, at=START + MINUTE)
    do(act.note_incident, staff[0], sitting, "health", "考生离席喝水", attempt, at=START + MINUTE)
    assert [one.kind for one in seen.incidents(sitting)] == ["health", "technical"]
    assert [one.text for one in seen.incidents_of(attempt)] == ["考生离席喝水"]
    said = {
        one.detail["about"]: one.detail["text"] for one in queries.timeline(attempt) if one.kind == "incident"
    }
    assert said == {"technical": "", "health": "考生离席喝水"}  # what is about all may be about somebody else


@pytest.mark.parametrize(("kind", "text"), [("technical", "  "), ("nonsense", "什么事")])
def test_an_incident_needs_a_kind_and_words(attempt, staff, kind, text) -> None:
    with pytest.raises(DomainError, match="没有写全"):
        do(act.note_incident, staff[0], sitting_of(attempt), kind, text, None)


def test_nobody_writes_about_their_own_exam_or_into_another_sitting(person, attempt, staff) -> None:
    with pytest.raises(ForbiddenError):
        do(act.note_incident, person, sitting_of(attempt), "other", "没事", attempt)
    elsewhere = make.make_sitting([person])
    with pytest.raises(DomainError, match="不属于这一场"):
        do(act.note_incident, staff[0], elsewhere, "other", "没事", attempt)


# --- for all


def test_minutes_for_all_are_given_or_proposed_and_decided_in_one_go(person, staff) -> None:
    make.make_bank()
    make.make_paper()
    others = [make_person(f"考生{n}") for n in range(2)]
    sitting = make.make_sitting([*others, staff[0]])
    running = [make.make_attempt(one, sitting) for one in others]
    own = make.make_attempt(staff[0], sitting)
    assert do(service.extend_all, staff[0], sitting, 10, "停电") == (2, 0)
    assert do(service.extend_all, staff[0], sitting, 5, "停电") == (0, 2)
    first = queries.open_interventions(sitting)[0]
    with pytest.raises(ForbiddenError):
        do(service.decide_alike, staff[0], first.id, agreed=True)
    assert do(service.decide_alike, staff[1], first.id, agreed=True) == 2
    assert {queries.attempt(one, START).deadline for one in running} == {START + 45 * MINUTE}
    assert queries.attempt(own, START).deadline == START + 30 * MINUTE
    with pytest.raises(ConflictError):
        do(service.decide_alike, staff[1], first.id, agreed=True)
    with pytest.raises(ConflictError):
        do(service.extend_all, staff[0], sitting, 5, "停电", at=START + 3 * make.HOUR)
