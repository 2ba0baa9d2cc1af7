"""A candidate with one or two browsers at one attempt, what they give, and what must be true of it.

Every value given is unique, so that each can be found again in the log, in a browser's store or on a page.
"""

from __future__ import annotations

import itertools
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Error

from cstrain.exams.invigilation import service as invigilation
from cstrain.exams.models import Answer, AnswerEvent, Attempt
from cstrain.extensions import db, session
from cstrain.kernel.errors import ConflictError
from cstrain.unit_of_work import unit_of_work
from tests.browser.player import free_lease, goto, open_player
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

SLOTS = 4
PATIENCE_SECONDS = 12.0
"""Less than a beat of the page: only news can have told it. ``benchmarks.browsers`` says how fast (2 s)."""
SETTLED_SECONDS = 20.0
LOCKED_MS = 3_000
"""A field that takes nothing for so long is locked; a busy machine takes longer than a moment to type."""
MOST_PAGES = 2
STEADY_MS = 30_000
_FITTING = 0.8
_people = itertools.count(1)

_LOOK = """() => ({
  badge: document.querySelector("[data-save]").innerText.trim(),
  holder: Object.entries(sessionStorage).find(([key]) => key.startsWith("cstrain-writer-"))?.[1],
  hidden: document.visibilityState !== "visible",
  values: Object.fromEntries(Array.from(document.querySelectorAll("form[data-slot]"), (form) =>
    [form.dataset.slot, form.querySelector("input.input").value])),
})"""
_STORE = """() => new Promise((resolve) => {
  const request = indexedDB.open("cstrain-player", 1);
  request.onsuccess = () => {
    const all = request.result.transaction("events").objectStore("events").getAll();
    all.onsuccess = () => resolve(all.result.map((event) => [event.slot, String(event.value)]));
  };
})"""
_BARS = '[data-view="question"] [data-bars]'
_WAKE = "() => { window.dispatchEvent(new Event('online')); window.dispatchEvent(new Event('focus')); }"


def text_of(value: Any) -> str:
    """Return what a fill-in shows of a response."""
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, str) else ""


@dataclass
class Truth:
    """What the database holds."""

    log: list[Any]
    answers: dict[int, str]
    epoch: int
    holder: str
    submitted: bool


@dataclass
class Device:
    """A browser of its own: profile, network, pages, what its pages have shown."""

    context: Any
    pages: list[Any] = field(default_factory=list)
    offline: bool = False
    fault: str = ""
    shown: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Given:
    """An answer somebody gave, and what they had been shown of the slot until then."""

    device: Device
    slot: int
    knew: set[str]


class Seat:
    """The attempt and everything around it."""

    def __init__(self, site: Any, open_context: Callable[[int], Any], devices: int) -> None:
        self.site = site
        site.clock.set(START)
        with site.app.app_context():
            self.person = make_person(f"考生{next(_people)}")
            self.invigilator = make_person(f"监考{next(_people)}", roles=["invigilator"])
            sitting = make.make_sitting([self.person], subject=f"browsers:{self.person}")
            self.attempt = make.make_attempt(self.person, sitting)
            free_lease(self.attempt)
            db.session.remove()
        self.given: dict[str, Given] = {}
        self.numbers = itertools.count(1)
        self.told: list[float] = []
        self.devices = [self._device(open_context(self.person)) for _ in range(devices)]
        for device in self.devices:
            self.open(device)

    def _device(self, context: Any) -> Device:
        device = Device(context)
        context.on("page", lambda page: page.on("dialog", lambda dialog: dialog.accept()))
        context.route("**/answers", lambda route: self._pass(device, route))
        return device

    @staticmethod
    def _pass(device: Device, route: Any) -> None:
        fault, device.fault = device.fault, ""
        with suppress(Error):  # the page may be gone
            if device.offline or fault == "drop":
                route.abort()
            elif fault == "lose":
                route.fetch()
                route.abort()
            else:
                route.continue_()

    # -- what is there ----------------------------------------------------------------------------------

    def truth(self) -> Truth:
        """Read everything afresh."""
        columns = (AnswerEvent.slot, AnswerEvent.value, AnswerEvent.lease_epoch)
        more = (AnswerEvent.client_seq, AnswerEvent.disposition, AnswerEvent.event_id)
        with self.site.app.app_context():
            mine = AnswerEvent.attempt_id == self.attempt
            log = session().execute(sa.select(*columns, *more).where(mine).order_by(AnswerEvent.id)).all()
            shown = sa.select(Answer.slot, Answer.value).where(Answer.attempt_id == self.attempt)
            answers = {slot: text_of(json.loads(value)) for slot, value in session().execute(shown)}
            attempt = session().get_one(Attempt, self.attempt)
            found = Truth(
                list(log),
                answers,
                attempt.lease_epoch,
                attempt.lease_holder,
                attempt.submitted_at is not None,
            )
            db.session.remove()
        return found

    def some_page(self, chance: random.Random, *, stale: bool) -> tuple[Device, Any]:
        """Return a page by chance: mostly one that can write, or one that cannot."""
        every = self.pages()
        fitting = [one for one in every if self.look(*one)["stale"] is stale]
        return chance.choice(fitting if fitting and chance.random() < _FITTING else every)

    def pages(self) -> list[tuple[Device, Any]]:
        return [(device, page) for device in self.devices for page in device.pages]

    def look(self, device: Device, page: Any) -> dict[str, Any]:
        """Return what a page shows, and remember that it was shown."""
        found: dict[str, Any] = page.evaluate(_LOOK)
        found["values"] = {int(slot): value for slot, value in found["values"].items()}
        found["stale"] = found["badge"].startswith("已在别处打开")
        for slot, value in found["values"].items():
            device.shown[slot].add(value)
        return found

    # -- acts -------------------------------------------------------------------------------------------

    def open(self, device: Device) -> None:
        device.pages.append(open_player(device.context, self.site, self.attempt))

    def duplicate(self, device: Device, page: Any) -> None:
        """Copy a tab with its session storage."""
        if device.offline or len(device.pages) >= MOST_PAGES:
            return
        with device.context.expect_page() as copied:
            page.evaluate("window.open(location.href)")
        copied.value.wait_for_selector("form[data-slot]:not([hidden])")
        device.pages.append(copied.value)

    def close(self, device: Device, page: Any) -> None:
        """Close a tab; the last one is opened again."""
        if device.offline:
            return
        device.pages.remove(page)
        page.close(run_before_unload=False)
        if not device.pages:
            self.open(device)

    def reload(self, device: Device, page: Any) -> None:
        if device.offline:
            return
        page.reload()
        page.wait_for_selector("form[data-slot]:not([hidden])")

    def answer(
        self, device: Device, page: Any, slot: int, *, blank: bool = False, patience_ms: int = LOCKED_MS
    ) -> None:
        """Type an answer and leave the field, if the page lets the candidate."""
        value = "" if blank else f"答案{next(self.numbers)}"
        self.look(device, page)
        knew = set(device.shown[slot])
        page.bring_to_front()
        goto(page, slot)
        fill = page.locator(f"form[data-slot='{slot}'] input.input").first
        if fill.is_disabled():
            return
        with suppress(Error):  # it was locked just now
            fill.fill(value, timeout=patience_ms)
            if value:
                self.given[value] = Given(device, slot, knew)
            page.evaluate("document.activeElement.blur()")

    def begin(self, chance: random.Random) -> None:
        """Give a first answer, however slow the machine is: a walk that gives none shows nothing."""
        device, page = self._holding()
        self.answer(device, page, chance.randint(1, SLOTS), patience_ms=STEADY_MS)

    def _holding(self) -> tuple[Device, Any]:
        """Return the page that holds the lease, as soon as it knows: its script may come late."""
        until = time.monotonic() + STEADY_MS / 1000
        while time.monotonic() < until:
            holder = self.truth().holder
            for one in self.pages():
                if holder and self.look(*one)["holder"] == holder:
                    return one
            self.pages()[0][1].wait_for_timeout(100)
        raise AssertionError("no page holds the lease")

    def network(self, device: Device, *, offline: bool) -> None:
        device.offline = offline
        device.context.set_offline(offline)

    def pause(self, *, paused: bool) -> None:
        """An invigilator pauses the attempt, or lets it go on."""
        with self.site.app.app_context(), suppress(ConflictError), unit_of_work():
            at = self.site.clock.now()
            if paused:
                invigilation.pause(self.invigilator, at, self.attempt, "停电")
            else:
                invigilation.resume(self.invigilator, at, self.attempt)

    def take_over(self, device: Device, page: Any, mine: bool) -> None:
        """Press a button of the bar, if the page shows it; the bar has named the slots that differ."""
        bars = page.locator(_BARS)
        if device.offline or "正在另一个页面或设备上作答" not in bars.inner_text():
            return
        words = "用这里的答案" if mine else "用服务器上的答案"
        for each in (words, "在这里继续答题"):
            button = bars.locator(f"button:has-text('{each}')")
            if button.count():
                break
        if mine and each == words:
            self._told_of(device)
        page.bring_to_front()
        epoch, began = self.truth().epoch, time.monotonic()
        with suppress(Error):
            button.first.click(timeout=1000)
        page.wait_for_timeout(200)
        if self.truth().epoch != epoch:
            self.demand_told(began)

    def _told_of(self, device: Device) -> None:
        held = self.truth().answers
        for given in self.given.values():
            if given.device is device and given.slot in held:
                given.knew.add(held[given.slot])

    # -- what must be true ------------------------------------------------------------------------------

    def check(self) -> None:
        """What holds at any moment: the badge, and the log behind what counts."""
        seen = [self.look(device, page) for device, page in self.pages()]
        truth = self.truth()
        accepted = {
            (row.slot, text_of(json.loads(row.value))) for row in truth.log if row.disposition == "accepted"
        }
        for page in seen:
            if page["badge"].startswith("已保存"):
                shown = {(slot, value) for slot, value in page["values"].items() if value}
                assert shown <= accepted, f"{page['badge']}, but {shown - accepted} is not on the server"
        self._the_newest_counts(truth)
        self._nothing_was_overwritten_unseen(truth)

    @staticmethod
    def _ranked(truth: Truth) -> dict[int, list[str]]:
        """Return the accepted values of each slot, the one that counts last."""
        rows = [row for row in truth.log if row.disposition == "accepted"]
        found: dict[int, list[str]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.lease_epoch, row.client_seq)):
            found[row.slot].append(text_of(json.loads(row.value)))
        return found

    def _the_newest_counts(self, truth: Truth) -> None:
        assert truth.answers == {slot: values[-1] for slot, values in self._ranked(truth).items()}

    def _nothing_was_overwritten_unseen(self, truth: Truth) -> None:
        for slot, values in self._ranked(truth).items():
            for before, after in itertools.pairwise(values):
                if not before or not after or before == after:
                    continue
                first, then = self.given[before], self.given[after]
                assert first.device is then.device or before in then.knew, (slot, before, after)

    def demand_told(self, since: float) -> None:
        """Every page that is looked at and has a network, but not the lease, says so before its next beat."""
        while waiting := self._untold():
            assert time.monotonic() < since + PATIENCE_SECONDS, (
                f"a loser was not told within {PATIENCE_SECONDS} s: {waiting}"
            )
            self.devices[0].pages[0].wait_for_timeout(50)
        self.told.append(time.monotonic() - since)

    def _untold(self) -> list[dict[str, Any]]:
        holder = self.truth().holder
        seen = [self.look(device, page) for device, page in self.pages() if not device.offline]
        return [one for one in seen if one["holder"] != holder and not one["stale"] and not one["hidden"]]

    def settle(self, chance: random.Random) -> Truth:
        """Everything is whole again: all arrives, every page agrees, nothing that was given is gone."""
        self.pause(paused=False)
        for device in self.devices:
            device.fault = ""
            self.network(device, offline=False)
        self._until_quiet()
        self._settle_pages(chance)
        for device in self.devices:  # what a tab that was closed left is found by the next one to be loaded
            if device.pages[0].evaluate(_STORE):
                self.reload(device, device.pages[0])
        self._until_quiet()
        self._settle_pages(chance)
        self.check()
        left = [event for device in self.devices for event in device.pages[0].evaluate(_STORE)]
        assert not left, f"still in a browser: {left}"
        truth = self.truth()
        logged = {text_of(json.loads(row.value)) for row in truth.log}
        gone = {value: given.slot for value, given in self.given.items() if value not in logged}
        assert not gone, f"given, and neither in a browser nor on the server: {gone}"
        return truth

    def _settle_pages(self, chance: random.Random) -> None:
        for device in self.devices:
            for page in device.pages:
                self.take_over(device, page, mine=chance.random() < 0.5)
                self._until_quiet()

    def _until_quiet(self) -> None:
        """Look at every page until each is saved, blank or locked, and shows what the server holds."""
        for _, page in self.pages():
            page.evaluate(_WAKE)
        end = time.monotonic() + SETTLED_SECONDS
        while restless := self._restless():
            assert time.monotonic() < end, f"no rest: {restless}"
            self.devices[0].pages[0].wait_for_timeout(100)

    def _restless(self) -> list[Any]:
        seen = [self.look(device, page) for device, page in self.pages()]
        truth = self.truth()
        writers = [page for page in seen if page["holder"] == truth.holder]
        held = {slot: truth.answers.get(slot, "") for slot in range(1, SLOTS + 1)}
        wrong = [page for page in writers if page["stale"] is False and page["values"] != held]
        busy = [page for page in seen if not page["badge"].startswith(("已保存", "还没有作答", "已在别处"))]
        lost = [page for page in seen if page["holder"] != truth.holder and not page["stale"]]
        return wrong + busy + lost


def prepare(site: Any) -> None:
    """Make the bank and the paper that every seat uses: four texts."""
    with site.app.app_context():
        make.make_bank()
        cells = [{"topics": ["basics"], "types": ["fill_in"], "count": SLOTS}]
        make.make_paper(sections=[{"title": "全部", "marks": 100 // SLOTS, "cells": cells}])
        db.session.remove()
