"""Reading a line's sealed grounds back, and judging them again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from cstrain.extensions import session
from cstrain.judgement.facts import Comparison, Dossier, PeerMonth
from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.finding import Finding
from cstrain.promotion import ladders
from cstrain.promotion.rating import models, rules, store
from cstrain.promotion.rating.facts import Grounds, Outcome, Quarter, Rated, Why

_DOSSIER = TypeAdapter(Dossier)
_FINDINGS = TypeAdapter(tuple[Finding, ...])
_PEERS = TypeAdapter(tuple[PeerMonth, ...])


def grounds(line_id: int) -> Grounds:
    """Return what a line rests on, with its seal checked and the quarter judged again."""
    line = session().get(models.RatingLine, line_id)
    if line is None:
        raise NotFoundError(store.MISSING)
    return _grounds(line.content, line.sha256, line.base_id)


def late_grounds(late_id: int) -> Grounds:
    """Return what a new proposal that waits rests on."""
    row = session().get(models.RatingLate, late_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return _grounds(row.content, row.sha256, row.base_id)


def _grounds(text: str, sha256: str, base_id: int) -> Grounds:
    base = session().scalars(sa.select(models.RatingBase).where(models.RatingBase.id == base_id)).one()
    kept: dict[str, Any] = json.loads(text)
    whole = intact(text, sha256) and intact(base.content, base.sha256) and kept["base"] == base.sha256
    rated = rated_from(kept["result"])
    dossier, again = rated_again(kept, comparison_from(base.content))
    same = again == rated
    # equal word for word; what was judged just now can also be said in another language
    return Grounds(again if same else rated, dossier, date.fromisoformat(kept["on"]), whole, same)


def rated_again(kept: Mapping[str, Any], compared: Comparison) -> tuple[Dossier, Rated]:
    """Return the facts of a sealed line, and what they come to under the edition that it names."""
    dossier = replace(_DOSSIER.validate_python(kept["facts"]), comparison=compared)
    ladder = ladders.edition(kept["ladder"]["ref"], kept["ladder"]["edition"])
    return dossier, rules.rate(ladder, dossier, Quarter(date.fromisoformat(kept["quarter"])))


def comparison_from(text: str) -> Comparison:
    """Return the months of a department that were sealed."""
    kept = json.loads(text)
    months = tuple(date.fromisoformat(one) for one in kept["months"])
    return Comparison(kept["department"], months, _PEERS.validate_python(kept["people"]))


def rated_from(kept: Mapping[str, Any]) -> Rated:
    """Return a sealed result."""
    return Rated(
        Outcome(kept["outcome"]),
        kept["level"],
        kept["goal"],
        Why(kept["why"]),
        _FINDINGS.validate_python(kept["rise"]),
        _FINDINGS.validate_python(kept["keep"]),
        _FINDINGS.validate_python(kept["entry"]),
        kept["below"],
    )


def rated_of(line_ids: Collection[int]) -> dict[int, Rated]:
    """Return the sealed results of many lines, by line, without judging again. One statement."""
    table = models.RatingLine
    rows = session().execute(sa.select(table.id, table.content).where(table.id.in_(line_ids)))
    return {row.id: rated_from(json.loads(row.content)["result"]) for row in rows}
