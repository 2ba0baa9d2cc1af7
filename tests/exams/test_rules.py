"""Delivery's pure rules: the deadline to the millisecond, final answers whatever the order, receipts."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.exams.rules import (
    Disposition,
    LoggedAnswer,
    Stage,
    count_answered,
    deadline,
    dispose,
    final_answers,
    is_over,
    receipt,
    remaining_ms,
    stage,
)

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)
GRACE = timedelta(seconds=3)


@pytest.mark.parametrize(
    ("minutes", "window", "extra", "expected"),
    [
        (30, 120, 0, 30),
        (30, 30, 0, 30),
        (30, 29, 0, 29),
        (30, 1, 0, 1),
        (30, 120, 10, 40),
        (30, 20, 10, 30),
        (30, 30, 60, 90),
        (480, 600, 0, 480),
        (1, 120, 0, 1),
        (1, 120, 1, 2),
    ],
)
def test_the_deadline_is_the_earlier_of_limit_and_window_plus_the_persons_extra(
    minutes, window, extra, expected
) -> None:
    assert deadline(START, minutes, START + window * MINUTE, extra) == START + expected * MINUTE


BOUNDARY = [
    (step, grace, late)
    for grace in (timedelta(0), GRACE)
    for step, late in [
        (-MINUTE, False),
        (-MS, False),
        (timedelta(0), False),
        (grace - MS, False),
        (grace, False),
        (grace + MS, True),
        (grace + MINUTE, True),
    ]
]


@pytest.mark.parametrize(("step", "grace", "late"), BOUNDARY)
@pytest.mark.parametrize(
    "zone", [UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), timezone(-MINUTE * 210)]
)
def test_an_answer_counts_until_deadline_and_grace_and_not_a_millisecond_longer(
    step, grace, late, zone
) -> None:
    ends = START + 30 * MINUTE
    fate = dispose(
        received=(ends + step).astimezone(zone),
        ends=ends,
        grace=grace,
        submitted=False,
        epoch=1,
        current_epoch=1,
        parsable=True,
    )
    assert fate is (Disposition.LATE if late else Disposition.ACCEPTED)


def test_daylight_saving_changes_neither_the_deadline_nor_what_is_left() -> None:
    zone = ZoneInfo("America/New_York")  # the clock went back on 1 November 2026 at 2:00
    started = datetime(2026, 11, 1, 1, 45, tzinfo=zone).astimezone(UTC)
    ends = deadline(started, 30, started + timedelta(hours=5), 0)
    assert remaining_ms(started, ends) == 30 * 60 * 1000
    assert remaining_ms((started + 29 * MINUTE).astimezone(zone), ends) == 60 * 1000


@pytest.mark.parametrize(
    ("parsable", "submitted", "late", "stale", "expected"),
    [
        (True, False, False, False, Disposition.ACCEPTED),
        (False, True, True, True, Disposition.UNPARSABLE),
        (True, True, True, True, Disposition.AFTER_SUBMIT),
        (True, False, True, True, Disposition.LATE),
        (True, False, False, True, Disposition.SUPERSEDED),
    ],
)
def test_each_event_has_one_fate(parsable, submitted, late, stale, expected) -> None:
    fate = dispose(
        received=START + (MINUTE if late else -MINUTE),
        ends=START,
        grace=GRACE,
        submitted=submitted,
        epoch=1,
        current_epoch=2 if stale else 1,
        parsable=parsable,
    )
    assert fate is expected


def test_what_is_left_is_never_negative_and_over_begins_after_the_deadline() -> None:
    assert remaining_ms(START + MINUTE, START) == 0
    assert not is_over(START, START, None) and is_over(START + MS, START, None)
    assert is_over(START - MINUTE, START, START - MINUTE)


EVENTS = st.lists(
    st.builds(
        LoggedAnswer,
        slot=st.integers(1, 4),
        value=st.sampled_from(['"0"', '"1"', "null", '["a"]', "true"]),
        lease_epoch=st.integers(1, 3),
        client_seq=st.integers(1, 50),
        disposition=st.sampled_from([*Disposition]),
    ),
    max_size=30,
    unique_by=lambda event: (event.lease_epoch, event.client_seq),
)


@given(events=EVENTS, seed=st.integers())
def test_any_order_with_any_repeats_gives_the_same_final_answers(events, seed) -> None:
    rng = random.Random(seed)
    mixed = events + rng.choices(events, k=10) if events else []
    rng.shuffle(mixed)
    assert final_answers(mixed) == final_answers(events)


@given(events=EVENTS)
def test_only_accepted_events_count_and_the_newest_lease_wins(events) -> None:
    answers = final_answers(events)
    for slot, value in answers.items():
        mine = [one for one in events if one.slot == slot and one.disposition == Disposition.ACCEPTED]
        newest = max(mine, key=lambda one: (one.lease_epoch, one.client_seq))
        assert newest.value == value
    kept = {one.slot for one in events if one.disposition == Disposition.ACCEPTED}
    assert set(answers) == kept


def test_a_cleared_answer_is_no_answer() -> None:
    assert (
        count_answered({1: "null", 2: '""', 3: "[]", 4: '["", " "]', 5: "false", 6: '"0"', 7: '["", "a"]'})
        == 3
    )


def test_the_receipt_is_what_the_page_tells_to_compute() -> None:
    answers = {2: '["甲"]', 1: '"0"', 10: "true"}
    at = datetime(2026, 11, 20, 9, 30, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    body = {
        "answers": {str(slot): json.loads(value) for slot, value in answers.items()},
        "attempt": 7,
        "submitted_at": "2026-11-20T01:30:00.000005+00:00",
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert receipt(7, answers, at) == hashlib.sha256(text.encode()).hexdigest()


@given(value=st.sampled_from(['"0"', '"1"', "null"]), other=st.sampled_from(['"2"', "[]", "true"]))
def test_another_answer_gives_another_receipt(value, other) -> None:
    assert receipt(1, {1: value}, START) != receipt(1, {1: other}, START)


@pytest.mark.parametrize(
    ("minute", "cancelled", "most", "states", "expected"),
    [
        (-1, False, 1, [], Stage.LATER),
        (0, False, 1, [], Stage.OPEN),
        (5, False, 1, ["open"], Stage.RUNNING),
        (5, True, 1, ["open"], Stage.RUNNING),
        (5, True, 1, [], Stage.CANCELLED),
        (5, False, 1, ["submitted"], Stage.DONE),
        (5, False, 1, ["voided"], Stage.OPEN),
        (5, False, None, ["submitted", "submitted"], Stage.OPEN),
        (5, False, 1, ["expired"], Stage.DONE),
        (60, False, 1, [], Stage.MISSED),
        (60, False, None, ["submitted"], Stage.DONE),
        (61, False, 1, ["voided"], Stage.MISSED),
    ],
)
def test_a_sitting_has_a_stage_for_each_candidate(minute, cancelled, most, states, expected) -> None:
    found = stage(
        START + minute * MINUTE,
        START,
        START + 60 * MINUTE,
        cancelled=cancelled,
        max_attempts=most,
        states=states,
    )
    assert found is expected
