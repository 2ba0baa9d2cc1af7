"""What must hold after every step, whatever happened: what pages were told, held against the log itself."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from cstrain.exams.models import Answer, AnswerEvent, Attempt
from cstrain.extensions import db, session
from tests.exams.model_desk import Desk, Device, Event, Reply
from tests.exams.model_player import Tab

GRACE = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Truth:
    """What the database holds of an attempt."""

    log: dict[str, Any]
    answers: dict[int, str]
    epoch: int
    holder: str
    deadline: datetime
    submitted_at: datetime | None
    receipt: str | None


def truth_of(desk: Desk) -> Truth:
    """Read everything afresh."""
    with desk.app.app_context():
        rows = session().execute(
            sa.select(
                AnswerEvent.event_id,
                AnswerEvent.slot,
                AnswerEvent.value,
                AnswerEvent.lease_epoch,
                AnswerEvent.client_seq,
                AnswerEvent.disposition,
                AnswerEvent.received_at,
            )
            .where(AnswerEvent.attempt_id == desk.attempt)
            .order_by(AnswerEvent.id)
        )
        log = {row.event_id: row for row in rows}
        shown = session().execute(
            sa.select(Answer.slot, Answer.value).where(Answer.attempt_id == desk.attempt)
        )
        answers = {row.slot: json.loads(row.value) for row in shown}
        attempt = session().get_one(Attempt, desk.attempt)
        found = Truth(
            log,
            answers,
            attempt.lease_epoch,
            attempt.lease_holder,
            attempt.deadline,
            attempt.submitted_at,
            attempt.receipt,
        )
        db.session.remove()
    return found


def check(desk: Desk) -> Truth:
    """Fail when anything a page was told is not so, or anything the candidate gave is gone."""
    truth = truth_of(desk)
    _nothing_acknowledged_is_lost(desk, truth)
    _nothing_given_is_lost(desk, truth)
    _the_projection_is_the_log(truth)
    _nothing_is_overwritten_silently(desk, truth)
    _the_clock_decided(truth)
    for tab in desk.tabs:
        _the_badge_is_true(tab, truth)
    return truth


def _nothing_acknowledged_is_lost(desk: Desk, truth: Truth) -> None:
    for number, fate in desk.told.items():
        assert number in truth.log, f"{number} was told to be {fate} and is not in the log"
        assert truth.log[number].disposition == fate, (number, fate, truth.log[number])
    for number, row in truth.log.items():
        made = desk.made[number]
        assert (row.slot, json.loads(row.value), row.client_seq) == (made.slot, made.value, made.seq)


def _nothing_given_is_lost(desk: Desk, truth: Truth) -> None:
    """Every event is in the log, on its device, or was made anew: the candidate's last word is never gone."""
    kept = set(truth.log).union(*(device.rows for device in desk.devices), *(tab.events for tab in desk.tabs))
    alive = {desk.made[number].value for number in kept}
    gone = [event for number, event in desk.made.items() if number not in kept and event.value not in alive]
    assert not gone, f"neither on a device nor on the server: {gone}"


def _the_projection_is_the_log(truth: Truth) -> None:
    best: dict[int, tuple[int, int, str]] = {}
    for row in truth.log.values():
        if row.disposition == "accepted":
            mine = (row.lease_epoch, row.client_seq, json.loads(row.value))
            best[row.slot] = max(best.get(row.slot, mine), mine)
    assert truth.answers == {slot: value for slot, (_, _, value) in best.items()}


def _nothing_is_overwritten_silently(desk: Desk, truth: Truth) -> None:
    """Whoever replaced another page's answer had been shown it, or told that it differs, before."""
    by_slot: dict[int, list[tuple[int, int, Event]]] = defaultdict(list)
    for number, row in truth.log.items():
        if row.disposition == "accepted":
            by_slot[row.slot].append((row.lease_epoch, row.client_seq, desk.made[number]))
    for rows in by_slot.values():
        events = [event for _, _, event in sorted(rows, key=lambda row: row[:2])]
        for before, after in itertools.pairwise(events):
            known = before.author == after.author or before.value in after.knew | {after.value}
            assert known, f"{after} replaced {before} unseen"


def _the_clock_decided(truth: Truth) -> None:
    for row in truth.log.values():
        in_time = row.received_at <= truth.deadline + GRACE
        if row.disposition == "accepted":
            assert in_time, row
        elif row.disposition == "late":
            assert not in_time, row


def _the_badge_is_true(tab: Tab, truth: Truth) -> None:
    """Saved: nothing waits, and what the writer shows is on the server. Not saved: something waits."""
    badge = tab.badge()
    assert (badge in ("busy", "local")) <= bool(tab.events), f"{badge} and nothing waits"
    if badge != "saved" or tab.done:
        return
    assert not tab.events
    if tab.lease == truth.epoch and tab.holder == truth.holder:
        counted = {slot: value for slot, value in tab.given.items() if slot not in tab.late}
        assert counted.items() <= truth.answers.items(), f"saved, but {counted} is not {truth.answers}"


def receipt_of(desk: Desk, truth: Truth) -> str:
    """Compute the receipt as the receipt's page tells anybody to."""
    assert truth.submitted_at is not None
    body = {
        "answers": {str(slot): value for slot, value in truth.answers.items()},
        "attempt": desk.attempt,
        "submitted_at": truth.submitted_at.isoformat(timespec="microseconds"),
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def settle(desk: Desk) -> Truth:
    """Network and sessions are whole again: now everything must arrive and every page agree."""
    for device in desk.devices:
        device.online = True
        device.client.log_in_as(desk.person)
    while desk.limbo:
        desk.limbo.pop(0)()
        check(desk)
    for tab in list(desk.tabs):
        tab.land()
        for _ in range(3):
            tab.beat()
    truth = check(desk)
    for tab in desk.tabs:
        assert tab.done or tab.badge() in ("saved", "none", "lost"), tab.badge()
        if tab.writing and truth.submitted_at is None:
            assert tab.lease == truth.epoch and not tab.waiting()
    if truth.submitted_at is not None:
        for device in desk.devices:
            _receipt_page(desk, device)
        truth = check(desk)
        assert truth.receipt == receipt_of(desk, truth)
        assert desk.receipts <= {truth.receipt}
        assert not any(device.rows for device in desk.devices), "a device still holds answers"
    return truth


def _receipt_page(desk: Desk, device: Device) -> None:
    """Send, with no lease, what the device still holds: ``receipt.js``."""
    page = Tab(desk, device, None)
    assert page.refresh().kind == "ok"
    while device.rows:
        batch = page.queue()[:50]
        sent = [{"id": e.id, "slot": e.slot, "value": e.value, "seq": e.seq, "mono": e.seq} for e in batch]
        reply: Reply = page.send("answers", {"lease": 0, "events": sent})
        assert reply.kind in ("ok", "stale") and reply.body is not None
        page.forget(list(reply.body["dispositions"]))
    device.locks.discard(page.holder)
