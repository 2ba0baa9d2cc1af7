"""A candidate's page without a browser: queue, device store, lease and finish as ``js/player`` has them.

Every request is a real one against the application. What the network does to it is said by a ``Fault``; a
``Desk`` (one attempt, its devices) keeps what every page was told, so that it can be held against the log.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from cstrain.exams.rules import is_blank
from tests.exams.model_desk import Desk, Device, Event, Fault, Page, Reply, answers_in, batch_of

LEAP = 1000
MOST_BATCH = 50


class Tab(Page):
    """One page of the player. Methods have the names of ``sync.js``, ``player.js`` and ``finish.js``."""

    def __init__(self, desk: Desk, device: Device, name: str | None) -> None:
        super().__init__(desk, device)
        self.events = dict(device.rows)
        self.holder = self._writer(name)
        self.seq = self.base = 0
        self.lease: int | None = None
        self.block = ""
        self.failures = 0
        self.saved = False
        self.away = False
        self.writing = False
        self.late: set[int] = set()
        self.refused: set[str] = set()
        self.held: dict[int, str] = {}
        self.given: dict[int, str] = {}
        self.shown: dict[int, set[str]] = {}
        self.going = self.auto = self.asked = self.done = self.closing = self.paused = False
        self.ends = desk.clock.now() + timedelta(days=1)
        self.stalled: tuple[Reply, int] | None = None
        self.loaded = False
        self.aside = Fault.NONE

    def _writer(self, name: str | None) -> str:
        for each in (name, self.device.meta.get("holder")):
            if each and each not in self.device.locks:
                self.device.locks.add(each)
                return str(each)
        fresh = str(uuid.uuid4())
        self.device.locks.add(fresh)
        return fresh

    # -- the page ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load the page: the server's answers, then what this device still holds, then the lease."""
        state = self.send("state", None)
        if state.kind != "ok" or self.refresh().kind != "ok":
            return
        assert state.body is not None
        self.loaded = True
        highest = max((event.seq for event in self.events.values()), default=0)
        self.base = state.body["lease"]
        self.seq = max(state.body["seq"], self.device.meta.get("seq", 0), highest) + LEAP
        self.take_in(answers_in(state.body))
        self.saved = bool(state.body["answers"])
        for slot, event in self.newest().items():
            self._put(slot, event.value)
        self.heard(state.body)
        self.claim(force=False)

    def waiting(self) -> list[Event]:
        return [event for event in self.queue() if event.id not in self.refused]

    def queue(self) -> list[Event]:
        return sorted(self.events.values(), key=lambda event: event.seq)

    def waiting_slots(self) -> set[int]:
        return {event.slot for event in self.events.values()}

    def newest(self) -> dict[int, Event]:
        return {event.slot: event for event in self.queue()}

    def _put(self, slot: int, value: str) -> None:
        self.given[slot] = value
        self.shown.setdefault(slot, set()).add(value)

    def take_in(self, answers: dict[int, str]) -> None:
        self.held |= answers
        for slot, value in self.held.items():
            if slot not in self.waiting_slots():
                self._put(slot, value)

    def answer(self, slot: int, value: str, fault: Fault = Fault.NONE) -> None:
        """Give an answer, if the page lets the candidate: not while it is locked."""
        if self.block == "stale" or self.going or self.done or self.paused:
            return
        if is_blank(value) and slot not in self.given:
            return
        self.seq += 1
        self._keep(slot, value, self.base if self.lease is None else self.lease)
        self._put(slot, value)
        self.pump(fault)

    def _keep(self, slot: int, value: str, under: int) -> None:
        knew = frozenset(self.shown.get(slot, set()))
        event = Event(str(uuid.uuid4()), slot, value, self.seq, self.holder, under, knew)
        self.desk.made[event.id] = self.events[event.id] = self.device.rows[event.id] = event

    def pump(self, fault: Fault = Fault.NONE) -> None:
        """Send what waits; goes on while there is more and the server answers."""
        while not (self.stalled or self.block or self.lease is None):
            batch = self.waiting()[:MOST_BATCH]
            if not batch:
                return
            epoch = self.lease
            stalls = fault is Fault.STALL
            reply = self.send("answers", batch_of(batch, epoch), Fault.NONE if stalls else fault)
            if stalls:
                self.stalled = (reply, epoch)
                return
            self.settle(reply, epoch)
            if reply.kind != "ok":
                return
            fault = Fault.NONE

    def land(self) -> None:
        """The answer that was on its way is here."""
        if self.stalled is None:
            return
        (reply, epoch), self.stalled = self.stalled, None
        self.settle(reply, epoch)
        if not self.block:
            self.pump()

    def settle(self, reply: Reply, epoch: int) -> None:
        if reply.kind in ("ok", "stale"):
            assert reply.body is not None
            self.failures, self.away = 0, False
            self.acknowledge(reply.body, epoch)
            self.heard(reply.body)
            return
        self.failures += 1
        self.away = reply.kind == "away"
        if not self.away and reply.kind != "refused":
            self.block = reply.kind

    def acknowledge(self, body: dict[str, Any], epoch: int) -> None:
        gone, again, newest = [], [], self.newest()
        for number, fate in body["dispositions"].items():
            self._told(number, fate)
            event = self.events.get(number)
            if event is None:
                continue
            if fate == "superseded":
                if body["lease"] == epoch and not body["over"]:
                    again.append(event)
                elif body["over"]:
                    self.late.add(event.slot)
                    gone.append(number)
                else:
                    self.refused.add(number)
                continue
            if fate in ("late", "after_submit"):
                self.late.add(event.slot)
            gone.append(number)
        if body["lease"] != epoch and not body["over"]:
            self.block = "stale"
        self.saved = self.saved or "accepted" in body["dispositions"].values()
        self.forget(gone)
        for event in again:
            self.forget([event.id])
            if newest[event.slot] is event:
                self.reissue(event, epoch)

    def _told(self, number: str, fate: str) -> None:
        first = self.desk.told.setdefault(number, fate)
        assert first == fate, f"event {number} was {first} and is now told to be {fate}"

    def forget(self, numbers: list[str]) -> None:
        self.device.meta["seq"] = self.seq
        for number in numbers:
            self.events.pop(number, None)
            self.device.rows.pop(number, None)
            self.refused.discard(number)

    def reissue(self, event: Event, under: int) -> None:
        self.seq += 1
        self._keep(event.slot, event.value, under)

    # -- the lease --------------------------------------------------------------------------------------

    def claim(self, *, force: bool, mine: bool | None = None, fault: Fault = Fault.NONE) -> None:
        told = {slot: self.held[slot] for slot in self.differing()}
        reply = self.send("lease", {"holder": self.holder, "force": force}, fault)
        if reply.kind != "ok":
            self.trouble(reply)
            return
        assert reply.body is not None
        self.away = False
        self.heard(reply.body)
        if reply.body["mine"]:
            self.become_writer(reply.body, mine, told)
        else:
            self.stand_aside(reply.body)

    def take_over(self, mine: bool, fault: Fault = Fault.NONE, aside: Fault = Fault.NONE) -> None:
        """Press a button of the bar; where nothing differs there is one button only.

        ``fault`` meets the asking for the lease, ``aside`` what is laid aside then.
        """
        self.aside = aside
        if self.block != "stale":
            return
        differing = self.differing()
        for slot in differing if mine else ():
            self.shown.setdefault(slot, set()).add(self.held[slot])
        self.claim(force=True, mine=mine or not differing, fault=fault)

    def become_writer(self, body: dict[str, Any], mine: bool | None, told: dict[int, str]) -> None:
        if self.done:
            return
        self.take_in(answers_in(body))
        if self.unseen(body["lease"], mine, told):
            self.stand_aside(body)
            return
        if mine is not None:
            local = self.waiting_slots()
            kept = {slot for slot in local if mine or slot not in self.held}
            if not self.adopt(body["lease"], kept):
                return
            for slot in local - kept:
                self._put(slot, self.held[slot])
        self.writing = True
        self.device.meta["holder"] = self.holder
        self.lease = body["lease"]
        self.block = ""
        self.pump()

    def unseen(self, lease: int, mine: bool | None, told: dict[int, str]) -> bool:
        newest = self.newest()
        if mine is None:
            return any(newest[slot].under != lease for slot in self.differing())
        return mine and any(told.get(slot) != self.held[slot] for slot in self.differing())

    def adopt(self, lease: int, kept: set[int]) -> bool:
        every = self.queue()
        again = [event for event in self.newest().values() if event.slot in kept]
        aside = [event for event in every if event.slot not in kept and event.id not in self.refused]
        for first in range(0, len(aside), MOST_BATCH):
            reply = self.send("answers", batch_of(aside[first : first + MOST_BATCH], 0), self.aside)
            if reply.kind not in ("ok", "stale"):
                self.trouble(reply)
                return False
            assert reply.body is not None
            for number, fate in reply.body["dispositions"].items():
                self._told(number, fate)
        for event in again:
            self.reissue(event, lease)
        self.forget([event.id for event in every])
        self.lease, self.block = lease, ""
        return True

    def stand_aside(self, body: dict[str, Any]) -> None:
        self.writing, self.lease, self.block = False, None, "stale"
        self.take_in(answers_in(body))
        self.cancel()

    def differing(self) -> list[int]:
        newest = self.newest()
        return [slot for slot in newest if slot in self.held and self.held[slot] != newest[slot].value]

    # -- what the server says ---------------------------------------------------------------------------

    def heard(self, body: dict[str, Any]) -> None:
        self.held |= answers_in(body)
        if "accepted" in body.get("dispositions", {}).values():
            self.held |= {s: v for s, v in self.given.items() if s not in self.waiting_slots()}
        if body.get("stale") and not body["over"]:
            self.stand_aside(body)
        self.paused = body["paused"]
        self.ends = self.desk.clock.now() + timedelta(milliseconds=body["remaining_ms"])
        if self.paused or body["remaining_ms"] > 0:
            self.reopen()
        if body.get("submitted"):
            self.closed()
        elif body["over"] and "dispositions" in body:
            self.ask()

    def ask(self) -> None:
        if self.done:
            return
        reply = self.send("state", None)
        if reply.kind != "ok":
            self.trouble(reply)
            return
        body = reply.body
        assert body is not None
        self.away = False
        self.heard(body)
        if self.writing and not body["over"] and body["lease"] != self.lease:
            self.stand_aside(body)
        elif not self.writing and self.block == "stale":
            self.take_in(answers_in(body))
        if self.failures:
            self.pump()

    def trouble(self, reply: Reply) -> None:
        if reply.kind == "away":
            self.away = True
        elif reply.kind in ("login", "stranger"):
            self.block = reply.kind

    def beat(self) -> None:
        """The heartbeat: sign in again, claim the lease, or ask."""
        if self.done:
            return
        if self.block in ("login", "stranger"):
            reply = self.refresh()
            if reply.kind != "ok":
                self.trouble(reply)
                return
            self.block = ""
        if self.lease is None and not self.block:
            self.claim(force=False)
        else:
            self.pump()
            self.ask()
        self.tick()
        self.step()

    def farewell(self, fault: Fault) -> None:
        """What still waits is sent while the page goes; nobody hears the answer."""
        if not self.done and not self.block and self.lease is not None and self.waiting():
            self._try("answers", batch_of(self.waiting()[-MOST_BATCH:], self.lease), fault)

    def tick(self) -> None:
        if not self.done and not self.paused and self.desk.clock.now() >= self.ends:
            self.begin(auto=True)

    def begin(self, *, auto: bool, fault: Fault = Fault.NONE) -> None:
        if self.done or (self.block == "stale" and not auto):
            return
        self.going, self.auto = True, self.auto or auto
        self.step(fault)

    def cancel(self) -> None:
        if self.going and not self.auto and not self.asked:
            self.going = False

    def reopen(self) -> None:
        """The server sees time left, or a pause: what this page's clock began is taken back."""
        if self.auto and not (self.asked or self.done or self.closing):
            self.auto = self.going = False

    def step(self, fault: Fault = Fault.NONE) -> None:
        if not self.going or self.done:
            return
        if self.block != "stale" and self.waiting():
            if self.lease is None:
                self.claim(force=False)
            self.pump()
        if not self.going or self.done or (self.block != "stale" and self.waiting()):
            return
        self.asked = True
        reply = self.send("submit", {"key": self.holder, "auto": self.auto}, fault)
        if reply.kind == "ok":
            assert reply.body is not None
            self.desk.receipts.add(reply.body["receipt"])
            self.leave()
            return
        if reply.kind == "refused" and reply.body and "remaining_ms" in reply.body:
            self.asked = self.away = False
            self.heard(reply.body)
            self.reopen()
            return
        self.trouble(reply)
        self.going = self.going and reply.kind != "refused"

    def closed(self) -> None:
        if self.done or self.closing:
            return
        self.closing = True
        if self.events:
            self.lease = self.lease or 0
            self.block = ""
            self.refused.clear()
            self.pump()
        self.leave()

    def leave(self) -> None:
        self.done = True

    def badge(self) -> str:
        if self.block == "stale":
            return "lost"
        if not self.events:
            return "saved" if self.saved else "none"
        return "local" if self.failures or self.block or self.away or not self.device.online else "busy"
