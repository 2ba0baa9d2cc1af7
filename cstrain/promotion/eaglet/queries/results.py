"""What the screening and the interviews came to, as sealed; never before the seals were opened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.finding import Finding, State
from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet import rules
from cstrain.promotion.eaglet.facts import (
    Application,
    Event,
    Heard,
    Interviewed,
    Item,
    Notice,
    Phase,
    Plan,
    Screened,
)
from cstrain.promotion.eaglet.queries.applications import OpenSheet, grounds, handed_in, sheets_behind_seal
from cstrain.promotion.eaglet.queries.plans import events_of

_SEALED = "面试评分还密封着：要等所有评分表交齐并打开以后才能看。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The screening sheet: a preview until it is closed, then as sealed. ``late``: after its last day."""

    lines: tuple[Screened, ...]
    closed: Event | None
    digest: str
    intact: bool
    late: bool


def screening(plan: Plan, notice: Notice, these: Sequence[Application], today: date) -> Sheet:
    """Return the screening sheet of a round as it would be today, or as it was closed."""
    done = _of_round(plan.id, notice, "screened")
    if done is None:
        lines = rules.screened(
            [one.entry for one in grounds(plan, notice, these, today)], notice.places, plan.rules
        )
        return Sheet(lines, None, "", True, today > notice.screen_by)
    text = str(done.detail["sealed"])
    lines = tuple(_line(one) for one in json.loads(text)["sheet"])
    digest = str(done.detail["sha256"])
    return Sheet(lines, done, digest, intact(text, digest), bool(done.detail["late"]))


def _line(one: Mapping[str, Any]) -> Screened:
    gates = tuple(
        Finding(each["kind"], State(each["state"]), each["says"], each["clause"]) for each in one["gates"]
    )
    items = tuple(
        Item(each["name"], each["given"], _fraction(each["points"]), each["of"]) for each in one["items"]
    )
    return Screened(
        one["application"],
        one["place"],
        gates,
        items,
        _fraction(one["total"]),
        one["rank"],
        one["invited"],
        tuple(one["unknown"]),
    )


def _fraction(text: str | None) -> Fraction | None:
    return Fraction(text) if text is not None else None


def line_record(one: Screened) -> dict[str, Any]:
    """Return a line of the sheet as it is sealed: fractions as text."""
    return {
        "application": one.application,
        "place": one.place,
        "gates": [
            {"kind": each.kind, "state": each.state.value, "says": each.says, "clause": each.clause}
            for each in one.gates
        ],
        "items": [
            {
                "name": each.name,
                "given": each.given,
                "points": str(each.points) if each.points is not None else None,
                "of": each.of,
            }
            for each in one.items
        ],
        "total": str(one.total) if one.total is not None else None,
        "rank": one.rank,
        "invited": one.invited,
        "unknown": list(one.unknown),
    }


def _of_round(plan_id: int, notice: Notice, kind: str) -> Event | None:
    found = [one for one in events_of(plan_id, kind) if one.detail["notice"] == notice.id]
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is interviewed, and which sheets are in. ``awaited``: (application, office) still to come."""

    invited: tuple[Application, ...]
    in_: frozenset[tuple[int, str]]
    raters: frozenset[tuple[int, PersonId]]
    awaited: tuple[tuple[int, str], ...]


def progress(plan: Plan, these: Sequence[Application], today: date) -> Progress:
    """Return how far the interviews of the latest round are."""
    notice = plan.notice
    if notice is None:
        return Progress((), frozenset(), frozenset(), ())
    chosen = {one.application for one in screening(plan, notice, these, today).lines if one.invited}
    invited = tuple(one for one in these if one.id in chosen)
    done = handed_in([one.id for one in invited])
    there = frozenset((one.application, one.office) for one in done)
    every = [(one.id, office) for one in invited for office in plan.rules.interview.offices]
    return Progress(
        invited,
        there,
        frozenset((one.application, one.rater) for one in done),
        tuple(pair for pair in every if pair not in there),
    )


@dataclass(frozen=True, slots=True)
class Result:
    """The interviews as opened: ranks, every sheet, and whether they are what was sealed and add up today."""

    at: datetime
    by: PersonId
    heard: tuple[Heard, ...]
    sheets: tuple[OpenSheet, ...]
    digest: str
    intact: bool
    left: Mapping[str, int]
    late: bool


def ranking(
    plan: Plan, notice: Notice, sheet: Sheet, these: Sequence[Application], sheets: Sequence[OpenSheet]
) -> tuple[Heard, ...]:
    """Return the ranks after the interviews from sheets that are open."""
    totals = {line.application: line.total or Fraction(0) for line in sheet.lines}
    by_id = {one.id: one for one in these}
    people = [
        Interviewed(
            line.application,
            line.place,
            tuple(each.total for each in sheets if each.application == line.application),
            totals[line.application],
            since_of(by_id[line.application]),
            line.application,
        )
        for line in sheet.lines
        if line.invited and line.application in by_id
    ]
    return rules.heard(people, notice.places, plan.rules)


def since_of(one: Application) -> date | None:
    """Return since when an applicant serves customers, as it stood on the form."""
    known = one.known["service_since"]
    return date.fromisoformat(known) if known else None


def find_result(plan: Plan, notice: Notice, these: Sequence[Application], today: date) -> Result | None:
    """Return the result of a round; ``None`` while its sheets are sealed."""
    opened = _of_round(plan.id, notice, "opened")
    if opened is None:
        return None
    sheet = screening(plan, notice, these, today)
    sheets = sheets_behind_seal([one.id for one in these], plan.rules)
    kept = json.loads(str(opened.detail["sealed"]))
    found = tuple(
        Heard(
            one["application"], one["place"], Fraction(one["mean"]), one["rank"], one["accepted"], one["by"]
        )
        for one in kept["heard"]
    )
    same = (
        kept["sheets"] == sheets_record(sheets)
        and ranking(plan, notice, sheet, _kept(these, found), sheets) == found
    )
    digest = str(opened.detail["sha256"])
    return Result(
        opened.at,
        opened.by,
        found,
        tuple(sheets),
        digest,
        same and intact(str(opened.detail["sealed"]), digest),
        rules.left_over(notice.places, found),
        bool(opened.detail["late"]),
    )


def _kept(these: Sequence[Application], found: Sequence[Heard]) -> list[Application]:
    ids = {one.application for one in found}
    return [one for one in these if one.id in ids]


def sheets_record(sheets: Sequence[OpenSheet]) -> list[dict[str, Any]]:
    """Return sheets as they are sealed."""
    return [
        {
            "application": one.application,
            "office": one.office,
            "rater": one.rater,
            "points": {name: f"{value:f}" for name, value in sorted(one.points.items())},
        }
        for one in sheets
    ]


def heard_record(found: Sequence[Heard]) -> list[dict[str, Any]]:
    """Return ranks as they are sealed: means exact, as text."""
    return [
        {
            "application": one.application,
            "place": one.place,
            "mean": str(one.mean),
            "rank": one.rank,
            "accepted": one.accepted,
            "by": one.by,
        }
        for one in found
    ]


def sheets_to_open(plan: Plan, these: Sequence[Application], today: date) -> list[OpenSheet]:
    """Open the seals: every sheet about the invited; ``ConflictError`` while one is missing."""
    state = progress(plan, these, today)
    if plan.phase is not Phase.INTERVIEWS or state.awaited:
        raise ConflictError(_SEALED)
    return sheets_behind_seal([one.id for one in state.invited], plan.rules)


def shown(value: Fraction) -> Decimal:
    """Return points as shown: two decimals, rounded down so that nothing looks better than it is."""
    hundredths = value.numerator * 100 // value.denominator
    return (Decimal(hundredths) / 100).quantize(Decimal("0.01"))
