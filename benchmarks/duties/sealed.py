"""Sealed sheets with canaries, and everything that every office can fetch: pages, files, PDFs, logs, tables.

A canary is a note and points that stand nowhere else. Before all sheets are sealed nobody may find one by
any route, but for who writes a draft on its own page; afterwards the same scan must find them.
"""

from __future__ import annotations

import io
import itertools
import logging
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from unittest import mock

import sqlalchemy as sa

from benchmarks.duties.world import LADDERS, SERVICE, World
from cstrain.extensions import db
from cstrain.performance.quality import queries as quality_queries
from cstrain.performance.quality import service as quality
from cstrain.performance.quality.facts import Side
from cstrain.promotion.applications import queries, service
from cstrain.promotion.applications.service import NewRound
from cstrain.promotion.applications.service.rounds import TIMES
from cstrain.promotion.competition import service as competition
from cstrain.promotion.competition import store
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID
from cstrain.unit_of_work import unit_of_work
from tests.factories.quality import chat_lines, points

NOTE = "暗号七四三"
MARKS = ("71.5", "63.5", "58.5", "93.5", "49.5")
SHEETS = {"defence_sheet", "competition_sheet", "quality_rating"}
"""The tables in which a canary may stand while it is sealed."""
_TYPED = {
    "month": ("2026-10",),
    "week": ("2026-11-09",),
    "kind": ("ability", "interview", "manager", "xlsx", "csv", "pdf"),
    "ref": ("general", "basic", "leader-competition"),
    "day": ("2026-11-16",),
}


@dataclass
class Sealed:
    """A defence and a competition with sealed sheets, and a week of quality before its publication."""

    entry: int
    draft_by: int
    raters: dict[int, int] = field(default_factory=dict)
    competition: int = 0
    candidates: dict[int, int] = field(default_factory=dict)
    panel: list[int] = field(default_factory=list)


def do(world: World, call: object, who: int, *values: object, **named: object) -> object:
    with world.app.app_context(), unit_of_work():
        return call(who, world.now, *values, **named)  # type: ignore[operator]


def office_of(world: World, role: str, without: tuple[int, ...] = ()) -> int:
    """Return a holder of an office, one without a second office if there is such a person."""
    holders = [
        one for one in world.with_role(role) if one not in without and world.places[one] not in SERVICE
    ]
    holders = holders or world.with_role(role)
    return min(holders, key=lambda one: (len(world.roles[one]), one))


def plain_agents(world: World, place: str) -> list[int]:
    return [one for one in world.agents(place) if not world.roles[one]]


def apply_up_to_check(world: World, person: int) -> int:
    """Let somebody apply, be recommended and pass the check; return the application."""
    do(world, service.submit, person, person, LADDERS[0].ref, "intermediate", "独立接待一年")
    with world.app.app_context():
        found = queries.latest_of(person)
    assert found is not None
    head, hr = world.heads_of(person)[0], office_of(world, "hr")
    do(world, service.endorse, head, found.id, {"initiative": (5, "改进流程")})
    do(world, service.review, head, found.id, recommends=True, text="同意")
    do(world, service.pass_check, hr, found.id, {0: "看过记录", 1: "看过"})
    return found.id


def prepare(world: World) -> Sealed:
    """Bring a defence, a competition and a week of quality to where sheets are sealed."""
    sealed = _defence(world)
    _competition(world, sealed)
    _quality(world)
    return sealed


def _defence(world: World) -> Sealed:
    hr = office_of(world, "hr")
    person = next(one for one in plain_agents(world, "SQ2") if LADDERS[one % len(LADDERS)].steps[0].panel)
    application = apply_up_to_check(world, person)
    jurors = (office_of(world, "juror"), office_of(world, "deputy_gm"), office_of(world, "gm"))
    new = NewRound("晋升答辩", "述职", world.now, "三楼", "defence", (application,), jurors)
    do(world, service.issue_round, hr, new, 7)
    with world.app.app_context():
        entry = queries.entry_of_application(application)
        assert entry is not None
    for juror in jurors:
        do(world, service.declare, juror, entry.id, "none")
    for what in TIMES:
        do(world, service.note_time, hr, entry.id, what)
    for juror in jurors[:2]:
        do(world, service.seal_sheet, juror, entry.id, _marks(), NOTE, f"salt{juror}")
    do(world, service.save_sheet, jurors[2], entry.id, _marks(), NOTE)
    return Sealed(entry.id, jurors[2])


def _marks() -> dict[str, Decimal]:
    return dict(zip(("speech", "knowledge", "case", "answers", "teamwork"), map(Decimal, MARKS), strict=True))


def _competition(world: World, sealed: Sealed) -> None:
    hr = office_of(world, "hr")
    agents, today = plain_agents(world, "SQ1"), world.today
    new = NewCompetition("客服组长", world.departments["SQ1"], 1, "带组", today, today)
    sealed.competition = int(str(do(world, competition.announce, hr, new)))
    for person in agents[:2]:
        words = dict.fromkeys(SAID, "我的话")
        sealed.candidates[person] = int(str(do(world, competition.apply, person, sealed.competition, words)))
        one = sealed.candidates[person]
        do(world, competition.give_opinion, world.heads_of(person)[0], one, agrees=True, text="好")
        do(world, competition.check, hr, one, passes=True)
    world.clock.move(timedelta(days=1))
    sealed.panel = [
        office_of(world, "gm_office"),
        office_of(world, "deputy_gm"),
        office_of(world, "hr_manager"),
    ]
    do(world, competition.start, hr, sealed.competition, sealed.panel)
    for person, one in sealed.candidates.items():
        _hand_in(world, world.heads_of(person)[0], one, "ability")
        _hand_in(world, office_of(world, "service_director"), one, "manager")
        for rater in sealed.panel[:2]:
            _hand_in(world, rater, one, "interview")


def _hand_in(world: World, who: int, candidate: int, kind: str) -> None:
    with world.app.app_context():
        criteria = store.chapter().sheet(kind).criteria
    given = {one.id: Decimal(one.of) - Decimal("2.37") for one in criteria}
    do(world, competition.hand_in, who, candidate, kind, given, NOTE)


def _quality(world: World) -> None:
    agent, qc = plain_agents(world, "SQ2")[-1], office_of(world, "qc")
    week = world.today - timedelta(days=world.today.weekday() + 7)
    new = quality.NewChat(agent, "旺旺", "C1", "小河", vip=False, lines=chat_lines(week))
    do(world, quality.enter_chat, qc, new)
    do(world, quality.draw, qc, agent, week, "seed")
    rating = do(world, quality.take, qc, week, Side.BASIC)
    with world.app.app_context():
        given = points("0.5")
        assert quality_queries.week_row(week) is None
    do(world, quality.finish, qc, rating, given, NOTE)


def open_all(world: World, sealed: Sealed) -> None:
    """Hand in what is missing: the last sheet of the defence, the panel's, the colleagues' answers."""
    do(world, service.seal_sheet, sealed.draft_by, sealed.entry, _marks(), NOTE, "salt")
    hr = office_of(world, "hr")
    with world.app.app_context():
        items = store.chapter().colleagues.items
        colleagues = sorted(competition_colleagues(sealed.competition))
    for one in sealed.candidates.values():
        _hand_in(world, sealed.panel[2], one, "interview")
        for who in colleagues:
            answers = {item.id: "good" for item in items}
            do(world, competition.answer_as_colleague, who, one, answers)
    do(world, competition.calculate, hr, sealed.competition)


def competition_colleagues(competition_id: int) -> list[int]:
    """Return who was asked as a colleague."""
    table = db.metadata.tables["competition_colleague"]
    asked = sa.select(table.c.person_id).where(table.c.competition_id == competition_id)
    return list(db.session.scalars(asked))


@dataclass
class Scan:
    """What a scan has fetched, and where it has found a canary: (person, address)."""

    fetched: int = 0
    answered: int = 0
    found: set[tuple[int, str]] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)


def scan(world: World, people: list[int], most: int = 3, under: tuple[str, ...] = ("/",)) -> Scan:
    """Fetch every GET route (below some folders) with every small number as each of ``people``."""
    done = Scan()
    urls = [one for one in addresses(world, most) if one == "/" or one.startswith(under)]
    with _plain_pdfs(), _listening(done):
        for person in people:
            for url in urls:
                _fetch(world, person, url, done)
    return done


def _fetch(world: World, person: int, url: str, done: Scan) -> None:
    response = world.client(person).get(url)
    done.fetched += 1
    done.answered += response.status_code == 200
    if response.status_code >= 500:
        done.broken.append(f"{url} by {person}: {response.status_code}")
    if shows(response.data) or shows(str(response.headers).encode()):
        done.found.add((person, url))


def shows(data: bytes) -> bool:
    """Tell whether a canary stands in an answer, a workbook included."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    text = data.decode("utf-8", "replace")
    return NOTE in text or sum(mark in text for mark in MARKS) >= 2 or text.count(".63") >= 3


def addresses(world: World, most: int) -> Iterator[str]:
    """Yield every GET address with small numbers in its places."""
    adapter = world.app.url_map.bind("localhost")
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or "log-out" in rule.rule:
            continue
        names = sorted(rule.arguments)
        yield from dict.fromkeys(_built(adapter, rule.endpoint, names, _values(rule, names, most)))


def _values(rule: object, names: list[str], most: int) -> list[tuple[object, ...]]:
    converters: Mapping[str, object] = rule._converters  # type: ignore[attr-defined]
    number = tuple(range(1, most + 1))
    return [number if _is_number(converters[name]) else _TYPED.get(name, ("x",)) for name in names]


def _is_number(converter: object) -> bool:
    return "Id" in type(converter).__name__ or "Integer" in type(converter).__name__


def _built(
    adapter: object, endpoint: str, names: list[str], values: list[tuple[object, ...]]
) -> Iterator[str]:
    for each in itertools.product(*values):
        try:
            yield adapter.build(endpoint, dict(zip(names, each, strict=True)))  # type: ignore[attr-defined]
        except Exception:  # a value that this address does not take
            continue


@contextmanager
def _plain_pdfs() -> Iterator[None]:
    """Answer with what goes into a PDF instead of the PDF: nothing is hidden in its streams."""

    def plain(*_values: object, sys_inputs: dict[str, str], **_named: object) -> bytes:
        return sys_inputs["data"].encode()

    with mock.patch("cstrain.documents.pdf.typst.compile", plain):
        yield


@contextmanager
def _listening(done: Scan) -> Iterator[None]:
    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if shows(self.format(record).encode()):
                done.logged.append(record.getMessage()[:200])

    ear = Ear()
    logging.getLogger().addHandler(ear)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(ear)


def tables_with_a_canary(world: World) -> set[str]:
    """Return the tables in which a canary stands."""
    found = set()
    with world.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                if shows(str(tuple(row)).encode()):
                    found.add(table.name)
    return found


def one_of_each_office(world: World) -> list[int]:
    """Return one person for each set of offices in each place."""
    first: dict[tuple[frozenset[str], str], int] = {}
    for person in world.everybody():
        first.setdefault((world.roles[person], world.places[person]), person)
    return sorted(first.values())


def who_is_near(world: World, sealed: Sealed) -> list[int]:
    """Return those for whom a leak is nearest: who has sealed, runs it, decides, audits, is rated."""
    offices = ("hr", "hr_manager", "gm", "gm_office", "auditor", "juror", "qc_manager", "service_director")
    near = {office_of(world, role) for role in offices}
    return sorted(near | {sealed.draft_by, sealed.panel[0], *list(sealed.candidates)[:1]})
