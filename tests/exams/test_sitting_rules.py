"""Who may begin, when: own windows, the last moment to start, codes; each boundary to the millisecond."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.exams.facts import Accommodation
from cstrain.exams.rules import (
    Stage,
    deadline,
    fits_unified,
    is_code,
    new_code,
    personal_window,
    stage,
    wait_until,
    written_code,
)
from tests.factories.exams import spec

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def granted(opens=None, closes=None, extra=0, late=False) -> Accommodation:
    return Accommodation(opens, closes, extra, late, "原因", 1, START)


def at(minute: float) -> datetime:
    return START + minute * MINUTE


@pytest.mark.parametrize(
    ("late", "given", "expected"),
    [
        (None, None, (0, 60, None, 5, False)),
        (10, None, (0, 60, 10, 5, False)),
        (0, None, (0, 60, 0, 5, False)),
        (59, None, (0, 60, 59, 5, False)),
        (60, None, (0, 60, None, 5, False)),
        (90, None, (0, 60, None, 5, False)),
        (10, granted(), (0, 60, 10, 0, False)),
        (10, granted(extra=20), (0, 60, 10, 20, False)),
        (10, granted(late=True), (0, 60, None, 0, False)),
        (10, granted(at(30)), (30, 60, 40, 0, True)),
        (10, granted(at(55)), (55, 60, None, 0, True)),
        (10, granted(closes=at(90), extra=7), (0, 90, 10, 7, True)),
        (10, granted(at(120), at(180), 15, late=True), (120, 180, None, 15, True)),
        (None, granted(at(120), at(180)), (120, 180, None, 0, True)),
        (10, granted(at(0), at(60)), (0, 60, 10, 0, False)),
        (10, granted(at(-30)), (-30, 60, -20, 0, True)),
    ],
)
def test_the_window_of_one_person(late, given, expected) -> None:
    opens, closes, last, extra, own = expected
    found = personal_window(START, at(60), late, 5, given)
    assert (found.opens_at, found.closes_at) == (at(opens), at(closes))
    assert found.last_start == (None if last is None else at(last))
    assert (found.extra_minutes, found.own) == (extra, own)


BOUNDARIES = [
    # now, late minutes, stage
    (-MS, 10, Stage.LATER),
    (timedelta(0), 10, Stage.OPEN),
    (MS, 10, Stage.OPEN),
    (10 * MINUTE - MS, 10, Stage.OPEN),
    (10 * MINUTE, 10, Stage.OPEN),
    (10 * MINUTE + MS, 10, Stage.LATE),
    (timedelta(0), 0, Stage.OPEN),
    (MS, 0, Stage.LATE),
    (60 * MINUTE - MS, 10, Stage.LATE),
    (60 * MINUTE - MS, None, Stage.OPEN),
    (60 * MINUTE - MS, 60, Stage.OPEN),
    (60 * MINUTE, 10, Stage.MISSED),
    (60 * MINUTE, None, Stage.MISSED),
]
OPENINGS = [
    START,
    datetime(2026, 1, 31, 23, 55, tzinfo=SHANGHAI),  # over the end of a month
    datetime(2028, 2, 28, 23, 50, tzinfo=SHANGHAI),  # into the leap day
    datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI),  # over the end of a year
    datetime(2026, 10, 25, 1, 55, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC),  # clocks go back
    datetime(2026, 3, 29, 0, 55, tzinfo=UTC),  # clocks go forward there
    datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=5, minutes=45))),
]


@pytest.mark.parametrize("opens", OPENINGS)
@pytest.mark.parametrize(("after", "late", "expected"), BOUNDARIES)
def test_one_may_start_from_the_opening_to_the_late_limit_inclusive(opens, after, late, expected) -> None:
    opens = opens.astimezone(UTC)
    window = personal_window(opens, opens + 60 * MINUTE, late, 0, None)
    found = stage(
        opens + after,
        window.opens_at,
        window.closes_at,
        cancelled=False,
        max_attempts=1,
        states=[],
        last_start=window.last_start,
    )
    assert found is expected


@pytest.mark.parametrize(
    ("minute", "states", "locked", "exempt", "cancelled", "expected"),
    [
        (5, [], True, False, False, Stage.LOCKED),
        (-5, [], True, False, False, Stage.LATER),
        (60, [], True, False, False, Stage.MISSED),
        (30, [], True, False, False, Stage.LATE),
        (5, ["open"], True, True, True, Stage.RUNNING),
        (5, ["submitted"], True, False, False, Stage.DONE),
        (5, ["voided"], True, False, False, Stage.LOCKED),
        (5, [], False, True, False, Stage.EXEMPT),
        (-5, [], True, True, False, Stage.EXEMPT),
        (90, [], False, True, False, Stage.EXEMPT),
        (90, ["voided"], False, True, False, Stage.EXEMPT),
        (5, ["submitted"], False, True, False, Stage.DONE),
        (5, [], False, True, True, Stage.CANCELLED),
        (30, ["voided"], False, False, False, Stage.LATE),
        (30, ["submitted"], False, False, False, Stage.DONE),
    ],
)
def test_what_is_locked_exempt_or_late(minute, states, locked, exempt, cancelled, expected) -> None:
    found = stage(
        at(minute),
        START,
        at(60),
        cancelled=cancelled,
        max_attempts=1,
        states=states,
        last_start=at(10),
        locked=locked,
        exempt=exempt,
    )
    assert found is expected


@pytest.mark.parametrize(
    ("window", "started", "minutes", "ends"),
    [
        (granted(), 0, 45, 45),
        (granted(), 50, 45, 60),
        (granted(extra=15), 50, 45, 75),
        (granted(at(120), at(180)), 170, 45, 180),
        (granted(at(120), at(180), 30), 170, 45, 210),
        (granted(closes=at(20), extra=5), 10, 45, 25),
    ],
)
def test_the_deadline_follows_the_persons_own_window(window, started, minutes, ends) -> None:
    found = personal_window(START, at(60), 10, 0, window)
    assert deadline(at(started), minutes, found.closes_at, found.extra_minutes) == at(ends)


@pytest.mark.parametrize(
    ("length", "minutes", "late", "fits"),
    [
        (45, 45, None, True),
        (45, 45, 0, True),
        (45 - 1 / 60000, 45, None, False),
        (45 + 1 / 60000, 45, None, False),
        (55, 45, 10, True),
        (50, 45, 10, True),
        (45, 45, 10, True),
        (55 + 1 / 60000, 45, 10, False),
        (120, 45, 10, False),
    ],
)
def test_a_unified_window_is_one_sitting(length, minutes, late, fits) -> None:
    assert fits_unified(START, START + length * MINUTE, minutes, late) is fits


@given(seed=st.integers())
def test_a_code_has_six_signs_that_nobody_mixes_up(seed) -> None:
    code = new_code(random.Random(seed))
    assert len(code) == 6 and not set(code) & set("0O1IL2Z5S8BGQ")
    assert written_code(code) == code and is_code(code, code)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("K7M4TX", True),
        ("k7m4tx", True),
        (" k7m 4tx ", True),
        ("K7M-4TX", True),
        ("Ｋ７Ｍ４ＴＸ", True),
        ("K7M4T", False),
        ("K7M4TXX", False),
        ("", False),
        ("考场码", False),
        ("K7M4TY", False),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, right) -> None:
    assert is_code(typed, "K7M4TX") is right


@pytest.mark.parametrize(
    ("wrong", "now", "until"),
    [
        ([], 0, None),
        ([0, 0, 0, 0], 0, None),
        ([0, 0, 0, 0, 0], 0, 5),
        ([0, 1, 2, 3, 4], 4, 5),
        ([0, 1, 2, 3, 4], 5, None),
        ([0, 1, 2, 3, 4, 4], 4.5, 6),
        ([4, 3, 2, 1, 0], 4, 5),
        ([-10, -9, 0, 1, 2], 3, None),
    ],
)
def test_after_five_wrong_codes_in_five_minutes_one_waits(wrong, now, until) -> None:
    found = wait_until([at(each) for each in wrong], at(now), 5, 5 * MINUTE)
    assert found == (None if until is None else at(until))


def test_a_paper_does_not_require_itself() -> None:
    assert spec("b", requires=["a"], unified=True).requires == ("a",)
    with pytest.raises(ValidationError, match="requires"):
        spec("a", requires=["a"])
