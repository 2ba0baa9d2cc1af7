"""Lines of quarterly ratings looked at again: judged by the kept edition, and beside what the table says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.facts import Comparison
from cstrain.judgement.recounting import Compared, Deviation, Recounted, Sealed, deviation, recount
from cstrain.judgement.sealing import intact
from cstrain.judgement.unsealing import differences
from cstrain.promotion.rating import models
from cstrain.promotion.rating.queries.sealed import comparison_from, rated_again

_NAMES = ("outcome", "level", "goal", "why", "below")
_DECIDED = {"outcome", "goal"}
"""What an upheld contest may give otherwise than the figures do."""
_GROUPS = ("rise", "keep", "entry")


def recounted_number() -> int:
    """Return how many lines there are, earlier ones of a person included."""
    return session().scalar(sa.select(sa.func.count(models.RatingLine.id))) or 0


def recounted(start: int, most: int, *, newest: bool = False) -> list[Recounted]:
    """Return lines from place ``start`` on, each judged again; in the order of sealing. Two statements."""
    table = models.RatingLine
    order = table.id.desc() if newest else table.id
    rows = list(session().scalars(sa.select(table).order_by(order).offset(start).limit(most)))
    base = models.RatingBase
    bases = {
        one.id: one
        for one in session().scalars(sa.select(base).where(base.id.in_({row.base_id for row in rows})))
    }
    read: dict[int, Comparison] = {}
    return [_recounted(row, bases[row.base_id], read) for row in rows]


def _recounted(row: models.RatingLine, base: models.RatingBase, read: dict[int, Comparison]) -> Recounted:
    def work(kept: Mapping[str, Any]) -> Compared:
        if base.id not in read:
            read[base.id] = comparison_from(base.content)
        return _compared(row, base, kept, read[base.id])

    sealed = Sealed("rating", row.id, row.run_id, row.made_at, row.content, row.sha256)
    return recount(sealed, work, whole=intact(base.content, base.sha256))


def _compared(
    row: models.RatingLine, base: models.RatingBase, kept: Mapping[str, Any], compared: Comparison
) -> Compared:
    _dossier, again = rated_again(kept, compared)
    result = kept["result"]
    differ = [one for name in _GROUPS for one in differences(result[name], getattr(again, name))]
    found = (
        *deviation("base", "", kept["base"], base.sha256),
        *(one for name in _NAMES for one in deviation(name, "", result[name], getattr(again, name))),
        *_recorded(row, result),
    )
    return Compared(sum(len(result[name]) for name in _GROUPS), found, tuple(differ))


def _recorded(row: models.RatingLine, result: Mapping[str, Any]) -> Iterator[Deviation]:
    """Compare what the line repeats of its sealed result; a contest may decide otherwise than the figures."""
    for name in _NAMES:
        if row.origin != "contest" or name not in _DECIDED:
            yield from deviation(f"recorded_{name}", "", result[name], getattr(row, name))
