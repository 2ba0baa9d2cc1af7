"""What stands on the sheets. Nothing is read from here before the calculation opened the seals."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import rules
from cstrain.promotion.competition.facts import Competition, Event, Inputs, Place
from cstrain.promotion.competition.models import CompetitionSheet, CompetitionTally
from cstrain.promotion.competition.policy import CompetitionRules
from cstrain.promotion.competition.queries.progress import Progress
from cstrain.promotion.competition.queries.records import events_of

_SEALED = "评分还密封着：要等所有评分表交齐、统分以后才能看。"


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet as it was handed in. ``counted``: not of an interviewer who was recused."""

    candidate: int
    kind: str
    rater: PersonId
    points: Mapping[str, Decimal]
    total: Fraction
    note: str
    sealed_at: datetime
    counted: bool


@dataclass(frozen=True, slots=True)
class Calculation:
    """The sealed calculation, read back and worked out again.

    ``intact``: the text is what was sealed, and the same inputs give the same ranks and totals today.
    """

    at: datetime
    by: PersonId
    digest: str
    inputs: tuple[Inputs, ...]
    places: tuple[Place, ...]
    rules: CompetitionRules
    intact: bool

    def inputs_of(self, candidate: int) -> Inputs:
        """Return what a candidate's total rests on."""
        return next(one for one in self.inputs if one.candidate == candidate)


def find_calculation(competition_id: int) -> Calculation | None:
    """Return the calculation; ``None`` before it was made."""
    events = [event for event in events_of(competition_id) if event.kind == "calculated"]
    return _read(events[0]) if events else None


def calculation(competition_id: int) -> Calculation:
    """Return the calculation; ``ConflictError`` while the sheets are sealed."""
    found = find_calculation(competition_id)
    if found is None:
        raise ConflictError(_SEALED)
    return found


def _read(event: Event) -> Calculation:
    text = str(event.detail["sealed"])
    kept: dict[str, Any] = json.loads(text)
    chapter = CompetitionRules.model_validate(kept["rules"])
    inputs = tuple(rules.inputs_of(one) for one in kept["inputs"])
    places = rules.ranking((rules.scored(one, chapter) for one in inputs), chapter)
    same = rules.result_record(places) == kept["result"] and intact(text, str(event.detail["sha256"]))
    return Calculation(
        event.at, PersonId(event.by or 0), str(event.detail["sha256"]), inputs, places, chapter, same
    )


def sheets_of(competition: Competition) -> list[OpenSheet]:
    """Return every sheet; ``ConflictError`` while they are sealed."""
    calculation(competition.id)
    recused = {event.detail["person"] for event in events_of(competition.id) if event.kind == "recused"}
    rows = session().scalars(
        sa.select(CompetitionSheet)
        .where(CompetitionSheet.competition_id == competition.id)
        .order_by(CompetitionSheet.candidate_id, CompetitionSheet.kind, CompetitionSheet.id)
    )
    return [
        _open(row, competition.rules, row.kind != "interview" or row.rater_id not in recused) for row in rows
    ]


def _open(row: CompetitionSheet, chapter: CompetitionRules, counted: bool) -> OpenSheet:
    points = {name: Decimal(value) for name, value in row.points.items()}
    return OpenSheet(
        row.candidate_id,
        row.kind,
        PersonId(row.rater_id),
        points,
        _total(row, chapter),
        row.note,
        row.sealed_at,
        counted,
    )


def _total(row: CompetitionSheet, chapter: CompetitionRules) -> Fraction:
    points = {name: Decimal(value) for name, value in row.points.items()}
    return chapter.sheet(row.kind).rubric.share(points) * 100


def inputs_when_complete(
    competition: Competition, progress: Progress, months: Mapping[PersonId, Any]
) -> list[Inputs]:
    """Open the seals for the calculation: what every candidate's total rests on.

    ``ConflictError`` while anything is missing, so that nothing is read one by one.
    """
    if progress.missing or not progress.candidates:
        raise ConflictError(_SEALED)
    sitting = {one.person for one in progress.panel if one.recused is None}
    ids = [one.id for one in progress.candidates]
    totals = totals_of(ids, competition.rules, sitting)
    counts = counts_of(ids)
    return [
        Inputs(
            one.id,
            one.hired_on,
            months=months[one.person],
            counts=counts[one.id],
            raters=sum(candidate == one.id for candidate, _rater in progress.answered),
            ability=tuple(totals.get((one.id, "ability"), ())),
            interview=tuple(sorted(totals.get((one.id, "interview"), ()))),
            manager=tuple(totals.get((one.id, "manager"), ())),
        )
        for one in progress.candidates
    ]


def totals_of(
    ids: Collection[int], chapter: CompetitionRules, sitting: Collection[PersonId]
) -> dict[tuple[int, str], list[Fraction]]:
    """Return the points on sheets by candidate and kind; of interviewers those who sit. For open seals."""
    found: dict[tuple[int, str], list[Fraction]] = {}
    for row in session().scalars(
        sa.select(CompetitionSheet)
        .where(CompetitionSheet.candidate_id.in_(ids))
        .order_by(CompetitionSheet.id)
    ):
        if row.kind != "interview" or row.rater_id in sitting:
            found.setdefault((row.candidate_id, row.kind), []).append(_total(row, chapter))
    return found


def counts_of(ids: Collection[int]) -> dict[int, dict[str, dict[str, int]]]:
    """Return the colleagues' answers by candidate, item and answer. For open seals."""
    tally = CompetitionTally
    found: dict[int, dict[str, dict[str, int]]] = {}
    for candidate, item, answer, chosen in session().execute(
        sa.select(tally.candidate_id, tally.item, tally.answer, tally.chosen).where(
            tally.candidate_id.in_(ids)
        )
    ):
        found.setdefault(candidate, {}).setdefault(item, {})[answer] = chosen
    return found
