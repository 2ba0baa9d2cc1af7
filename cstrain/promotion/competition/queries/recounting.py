"""Calculations of competitions looked at again: ranks and totals, and what they were worked out from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.recounting import Compared, Deviation, Recounted, Sealed, deviation, recount
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import models, rules
from cstrain.promotion.competition.facts import Inputs
from cstrain.promotion.competition.policy import SHEETS, CompetitionRules
from cstrain.promotion.competition.queries.records import panel_of, passed
from cstrain.promotion.competition.queries.sealed import counts_of, totals_of

_CALCULATED = models.CompetitionEvent.kind == "calculated"


def recounted_number() -> int:
    """Return how many competitions were calculated."""
    return session().scalar(sa.select(sa.func.count(models.CompetitionEvent.id)).where(_CALCULATED)) or 0


def recounted(start: int, most: int, *, newest: bool = False) -> list[Recounted]:
    """Return calculations from place ``start`` on, each worked out again; in the order of sealing.

    Compared are ranks and totals from the sealed inputs; and the sealed inputs with the sheets, answers and
    rules that stand in the tables. Months are not: a correction after the calculation changes nothing of it.
    """
    table = models.CompetitionEvent
    order = table.id.desc() if newest else table.id
    rows = session().scalars(sa.select(table).where(_CALCULATED).order_by(order).offset(start).limit(most))
    return [_recounted(row) for row in rows]


def _recounted(row: models.CompetitionEvent) -> Recounted:
    text, sha256 = str(row.detail.get("sealed")), str(row.detail.get("sha256"))
    sealed = Sealed("competition", row.id, row.competition_id, row.at, text, sha256)
    return recount(sealed, lambda kept: _compared(row.competition_id, kept))


def _compared(competition_id: int, kept: Mapping[str, Any]) -> Compared:
    chapter = CompetitionRules.model_validate(kept["rules"])
    inputs = [rules.inputs_of(one) for one in kept["inputs"]]
    places = rules.ranking((rules.scored(one, chapter) for one in inputs), chapter)
    again = rules.result_record(places)
    found = (
        *_results(kept["result"], again),
        *_rules(competition_id, chapter),
        *_inputs(competition_id, inputs, chapter),
    )
    return Compared(len(again), found)


def _results(sealed: Sequence[Sequence[Any]], again: Sequence[Sequence[Any]]) -> Iterator[Deviation]:
    """Compare ranks and exact totals of each candidate."""
    was = {one: (rank, total) for one, rank, total in sealed}
    now = {one: (rank, total) for one, rank, total in again}
    for one in dict.fromkeys((*was, *now)):
        before, after = was.get(one, (None, None)), now.get(one, (None, None))
        yield from deviation("rank", one, before[0], after[0])
        yield from deviation("total", one, before[1], after[1])


def _rules(competition_id: int, chapter: CompetitionRules) -> tuple[Deviation, ...]:
    row = session().get_one(models.Competition, competition_id)
    kept, now = chapter, CompetitionRules.model_validate(row.rules)
    if kept == now:
        return ()
    fields = [name for name in type(now).model_fields if getattr(kept, name) != getattr(now, name)]
    return tuple(
        Deviation("rules", name, f"{getattr(kept, name)}"[:200], f"{getattr(now, name)}"[:200])
        for name in fields
    )


def _inputs(competition_id: int, inputs: Sequence[Inputs], chapter: CompetitionRules) -> Iterator[Deviation]:
    """Compare sealed inputs with the sheets and the counted answers in the tables."""
    ids = [one.candidate for one in inputs]
    sitting: set[PersonId] = {one.person for one in panel_of(competition_id) if one.recused is None}
    totals, counts = totals_of(ids, chapter, sitting), counts_of(ids)
    for one in passed(competition_id):
        if one.id not in ids:
            yield Deviation("candidate", str(one.id), None, str(one.id))
    for each in inputs:
        for kind in SHEETS:
            was = sorted(getattr(each, kind))
            now = sorted(totals.get((each.candidate, kind), ()))
            yield from deviation(kind, each.candidate, _said(was), _said(now))
        yield from deviation("colleagues", each.candidate, each.counts, counts.get(each.candidate))


def _said(points: Sequence[Fraction]) -> str:
    return " ".join(str(one) for one in points)
