"""A desk with its devices, and the wire between a page and the server with all its faults.

Every request is a real one against the application. What the network does to it is said by a ``Fault``; a
``Desk`` (one attempt, its devices) keeps what every page was told, so that it can be held against the log.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import InternalServerError

from cstrain import unit_of_work
from tests.web.page_client import PageClient

if TYPE_CHECKING:
    from tests.exams.model_player import Tab


class Fault(StrEnum):
    """What becomes of one request."""

    NONE = "none"
    DROP = "the request is lost"
    LOSE = "the answer is lost"
    DOUBLE = "a proxy sends it twice"
    LATER = "it arrives after the page gave up"
    BUSY = "503"
    CRASH = "500 before the commit"
    STALL = "the answer comes after the next acts"


def _crash(_session: object) -> None:
    raise InternalServerError


@contextmanager
def crashing(app: Any) -> Iterator[None]:
    """Let every unit of work fail right before its commit, without a word in the log."""
    unit_of_work.before_commit_hooks.append(_crash)
    app.logger.disabled = True
    try:
        yield
    finally:
        app.logger.disabled = False
        unit_of_work.before_commit_hooks.remove(_crash)


@dataclass(frozen=True, slots=True)
class Event:
    """An answer on its way. ``knew``: what the candidate had been shown of this slot when they decided."""

    id: str
    slot: int
    value: str
    seq: int
    author: str
    under: int
    knew: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reply:
    """How a request ended for the page: ok, stale, login, stranger, refused or away."""

    kind: str
    body: dict[str, Any] | None = None


@dataclass
class Device:
    """A browser profile: its cookies, what its store holds of the attempt, the names its pages hold."""

    client: PageClient
    rows: dict[str, Event] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    locks: set[str] = field(default_factory=set)
    online: bool = True


@dataclass
class Desk:
    """An attempt and everything its pages made and were told."""

    app: Any
    clock: Any
    person: int
    attempt: int
    page: type[Tab]
    devices: list[Device] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    made: dict[str, Event] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    limbo: list[partial[Any]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def device(self) -> Device:
        """Bring another device, signed in."""
        self.devices.append(Device(PageClient(self.app).log_in_as(self.person)))
        return self.devices[-1]

    def open(self, device: Device, name: str | None = None) -> Tab:
        """Open the player's page; ``name`` is what the tab's session storage remembers.

        A page that could not be loaded is not there.
        """
        tab = self.page(self, device, name)
        self.tabs.append(tab)
        tab.start()
        if not tab.loaded:
            self.close(tab)
        return tab

    def close(self, tab: Tab) -> None:
        """Take a page away, however it ended."""
        tab.device.locks.discard(tab.holder)
        self.tabs.remove(tab)

    def fresh_value(self, *, blank: bool = False) -> str:
        """Return a value no other event has; a blank one says nothing."""
        number = next(self.numbers)
        return " " * (number + 1) if blank else f"answer {number}"


class Page:
    """What a page does on the wire: one answer shape for every way a request can end (``wire.js``)."""

    def __init__(self, desk: Desk, device: Device) -> None:
        self.desk, self.device = desk, device
        self.token = ""

    def send(self, path: str, body: dict[str, Any] | None, fault: Fault = Fault.NONE) -> Reply:
        """Send one request; what ``wire.js`` makes of the answer."""
        reply, status = self._try(path, body, fault)
        if status != 400:
            return reply
        fresh = self.refresh()
        return self._try(path, body, Fault.NONE)[0] if fresh.kind == "ok" else fresh

    def refresh(self) -> Reply:
        """Ask for a new form token, for the same person only."""
        reply, _ = self._try("/attempts/token", None, Fault.NONE)
        if reply.kind != "ok":
            return reply
        assert reply.body is not None
        if reply.body["person"] != self.desk.person:
            return Reply("stranger")
        self.token = reply.body["token"]
        return reply

    def _try(self, path: str, body: dict[str, Any] | None, fault: Fault) -> tuple[Reply, int]:
        if not self.device.online or fault is Fault.DROP:
            return Reply("away"), 0
        if fault is Fault.BUSY:
            return Reply("away"), 503
        url = path if path.startswith("/") else f"/attempts/{self.desk.attempt}/{path}"
        call = partial(self._call, url, body, self.token)
        if fault is Fault.LATER:
            self.desk.limbo.append(call)
            return Reply("away"), 0
        if fault is Fault.CRASH:
            with crashing(self.desk.app):
                call()
            return Reply("away"), 500
        response = call()
        if fault is Fault.DOUBLE:
            call()
        if fault is Fault.LOSE:
            return Reply("away"), 0
        return _understand(response), response.status_code

    def _call(self, url: str, body: dict[str, Any] | None, token: str) -> Any:
        headers = {"Accept": "application/json", "X-CSRFToken": token}
        raw = self.device.client.raw
        return raw.get(url, headers=headers) if body is None else raw.post(url, json=body, headers=headers)


def _understand(response: Any) -> Reply:
    status = response.status_code
    if status == 401 or 300 <= status < 400:
        return Reply("login")
    if status >= 500 or status == 429:
        return Reply("away")
    body = response.get_json(silent=True) if response.mimetype == "application/json" else None
    if status < 300:
        return Reply("ok", body) if body is not None else Reply("away")
    return Reply("stale" if status == 409 and body and "dispositions" in body else "refused", body)


def answers_in(body: dict[str, Any]) -> dict[int, str]:
    return {int(slot): answer["value"] for slot, answer in (body.get("answers") or {}).items()}


def batch_of(events: list[Event], epoch: int) -> dict[str, Any]:
    sent = [
        {"id": event.id, "slot": event.slot, "value": event.value, "seq": event.seq, "mono": event.seq}
        for event in events
    ]
    return {"lease": epoch, "events": sent}
