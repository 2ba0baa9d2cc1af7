"""Ratings looked at again, lines and late proposals: by the kept edition, beside what the table says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.facts import Comparison
from cstrain.judgement.recounting import (
    Compared,
    Deviation,
    Recounted,
    Sealed,
    Source,
    deviation,
    one_after_another,
    recount,
)
from cstrain.judgement.sealing import intact
from cstrain.judgement.unsealing import differences
from cstrain.promotion.rating import models
from cstrain.promotion.rating.queries.sealed import comparison_from, rated_again

_NAMES = ("outcome", "level", "goal", "why", "below")
_DECIDED = {"outcome", "goal"}
"""What an upheld contest may give otherwise than the figures do."""
_GROUPS = ("rise", "keep", "entry")
_Row: TypeAlias = models.RatingLine | models.RatingLate


def recounted_number() -> int:
    """Return how many lines and proposals after late data there are, earlier ones of a person included."""
    return sum(one.number() for one in _SOURCES)


def recounted(start: int, most: int, *, newest: bool = False) -> list[Recounted]:
    """Return lines from place ``start`` on, then proposals after late data, each judged again.

    Proposals that wait or were sent back are judged like those that took a line's place. The newest first:
    proposals before lines.
    """
    return one_after_another(_SOURCES, start, most, newest=newest)


def _lines_number() -> int:
    return session().scalar(sa.select(sa.func.count(models.RatingLine.id))) or 0


def _lines(start: int, most: int, newest: bool) -> list[Recounted]:
    """Return lines in the order of sealing. Two statements."""
    table = models.RatingLine
    order = table.id.desc() if newest else table.id
    return _judged(session().scalars(sa.select(table).order_by(order).offset(start).limit(most)))


def _late_number() -> int:
    return session().scalar(sa.select(sa.func.count(models.RatingLate.id))) or 0


def _late(start: int, most: int, newest: bool) -> list[Recounted]:
    """Return proposals after late data in the order of sealing. Two statements."""
    table = models.RatingLate
    order = table.id.desc() if newest else table.id
    return _judged(session().scalars(sa.select(table).order_by(order).offset(start).limit(most)))


def _judged(found: Iterable[_Row]) -> list[Recounted]:
    rows, base = list(found), models.RatingBase
    bases = {
        one.id: one
        for one in session().scalars(sa.select(base).where(base.id.in_({row.base_id for row in rows})))
    }
    read: dict[int, Comparison] = {}
    return [_recounted(row, bases[row.base_id], read) for row in rows]


def _recounted(row: _Row, base: models.RatingBase, read: dict[int, Comparison]) -> Recounted:
    def work(kept: Mapping[str, Any]) -> Compared:
        if base.id not in read:
            read[base.id] = comparison_from(base.content)
        return _compared(row, base, kept, read[base.id])

    late = isinstance(row, models.RatingLate)
    at = row.asked_at if isinstance(row, models.RatingLate) else row.made_at
    sealed = Sealed("late" if late else "rating", row.id, row.run_id, at, row.content, row.sha256)
    return recount(sealed, work, whole=intact(base.content, base.sha256))


def _compared(row: _Row, base: models.RatingBase, kept: Mapping[str, Any], compared: Comparison) -> Compared:
    _dossier, again = rated_again(kept, compared)
    result = kept["result"]
    differ = [one for name in _GROUPS for one in differences(result[name], getattr(again, name))]
    found = (
        *deviation("base", "", kept["base"], base.sha256),
        *(one for name in _NAMES for one in deviation(name, "", result[name], getattr(again, name))),
        *_recorded(row, result),
    )
    return Compared(sum(len(result[name]) for name in _GROUPS), found, tuple(differ))


def _recorded(row: _Row, result: Mapping[str, Any]) -> Iterator[Deviation]:
    """Compare what the row repeats of its sealed result; a contest may decide otherwise than the figures."""
    contested = isinstance(row, models.RatingLine) and row.origin == "contest"
    for name in _NAMES:
        if not contested or name not in _DECIDED:
            yield from deviation(f"recorded_{name}", "", result[name], getattr(row, name))


_SOURCES = (Source(_lines_number, _lines), Source(_late_number, _late))
