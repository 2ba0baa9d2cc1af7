"""Reading what a browser sends: it is kept by event or refused as a whole, and never a fault."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.exams.player_api import MalformedBatchError, read_batch

ID = "0b7e8f1e-7a52-4a57-9d6a-0f5c2f6f9a01"
MOST, BYTES = 5, 1000


def one(**fields):
    return {"lease": 1, "events": [{"id": ID, "slot": 1, "seq": 1, "value": "0", **fields}]}


def test_a_batch_is_read() -> None:
    epoch, (event,) = read_batch(one(mono=12.0), MOST, BYTES)
    assert (epoch, event.event_id, event.slot, event.client_seq, event.value) == (1, ID, 1, 1, '"0"')
    assert event.mono_ms == 12 and event.parsable


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"lease": 1},
        {"lease": 1, "events": {}},
        {"events": []},
        {"lease": "1", "events": []},
        {"lease": True, "events": []},
        {"lease": math.nan, "events": []},
        {"lease": math.inf, "events": []},
        {"lease": -1, "events": []},
        {"lease": 1.5, "events": []},
        {"lease": 1, "events": [None]},
        {"lease": 1, "events": [{}]},
        {"lease": 1, "events": [{"id": 5}]},
        {"lease": 1, "events": [{"id": "x"}]},
        {"lease": 1, "events": [{"id": ID.upper()}]},
        {"lease": 1, "events": [{"id": ID}] * (MOST + 1)},
    ],
)
def test_what_is_no_batch_is_refused(body) -> None:
    with pytest.raises(MalformedBatchError):
        read_batch(body, MOST, BYTES)


@pytest.mark.parametrize(
    "fields",
    [
        {"slot": None},
        {"slot": "1"},
        {"slot": math.nan},
        {"slot": math.inf},
        {"slot": 2**60},
        {"seq": None},
        {"seq": -1},
        {"seq": 1e300},
        {"value": "x" * BYTES},
        {"value": math.nan},
        {"value": [math.inf]},
        {"value": "half a pair \ud800"},
    ],
)
def test_an_event_that_cannot_count_is_kept_aside(fields) -> None:
    _, (event,) = read_batch(one(**fields), MOST, BYTES)
    assert not event.parsable
    event.value.encode()
    json.loads(event.value)


def test_an_event_without_value_is_no_answer() -> None:
    body = one()
    del body["events"][0]["value"]
    _, (event,) = read_batch(body, MOST, BYTES)
    assert not event.parsable


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(value=ANYTHING, slot=ANYTHING, seq=ANYTHING, mono=ANYTHING, lease=ANYTHING)
def test_nothing_a_browser_can_send_is_a_fault(value, slot, seq, mono, lease) -> None:
    body = {"lease": lease, "events": [{"id": ID, "slot": slot, "seq": seq, "value": value, "mono": mono}]}
    try:
        _, (event,) = read_batch(body, MOST, BYTES)
    except MalformedBatchError:
        return
    event.value.encode()
    if event.parsable:
        assert json.loads(event.value) == value
