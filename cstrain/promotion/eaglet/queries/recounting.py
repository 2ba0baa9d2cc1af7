"""What is sealed in Eaglet plans, looked at again: screening sheets, opened interviews, closings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.assess import assess
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
from cstrain.judgement.sealing import canonical
from cstrain.judgement.unsealing import dossier_of
from cstrain.promotion import ladders
from cstrain.promotion.eaglet import models, rules
from cstrain.promotion.eaglet.facts import Interviewed
from cstrain.promotion.eaglet.policy import EagletRules
from cstrain.promotion.eaglet.queries.applications import applications_of, entry_of, sheets_behind_seal
from cstrain.promotion.eaglet.queries.plans import events_of
from cstrain.promotion.eaglet.queries.recounting_closing import closing_number, closings
from cstrain.promotion.eaglet.queries.results import heard_record, line_record, sheets_record, since_of

_KINDS = {"screened": "screening", "opened": "interviews"}
_SEALED = models.EagletEvent.kind.in_(_KINDS)


def recounted_number() -> int:
    """Return how many screening sheets, openings of interviews and proposed closings are sealed."""
    return sum(one.number() for one in _SOURCES)


def recounted(start: int, most: int, *, newest: bool = False) -> list[Recounted]:
    """Return them from place ``start`` on, each worked out again; in the order of sealing, closings last."""
    return one_after_another(_SOURCES, start, most, newest=newest)


def _number() -> int:
    return session().scalar(sa.select(sa.func.count(models.EagletEvent.id)).where(_SEALED)) or 0


def _events(start: int, most: int, newest: bool) -> list[Recounted]:
    """Return screening sheets and openings of interviews from place ``start`` on, each worked out again.

    A screening sheet from the sealed facts and the edition of the ladder that it names; interviews from the
    sealed sheets, which are also compared with those in the table.
    """
    table = models.EagletEvent
    order = table.id.desc() if newest else table.id
    rows = session().scalars(sa.select(table).where(_SEALED).order_by(order).offset(start).limit(most))
    return [_recounted(row) for row in rows]


def _recounted(row: models.EagletEvent) -> Recounted:
    def work(kept: Mapping[str, Any]) -> Compared:
        return (_screening if row.kind == "screened" else _interviews)(row.plan_id, kept)

    text, sha256 = str(row.detail.get("sealed")), str(row.detail.get("sha256"))
    return recount(Sealed(_KINDS[row.kind], row.id, row.plan_id, row.at, text, sha256), work)


def _places(notice_id: int) -> Mapping[str, int]:
    return dict(session().get_one(models.EagletNotice, notice_id).places)


def _screening(plan_id: int, kept: Mapping[str, Any]) -> Compared:
    """Judge the sealed facts again; they are sealed in the order of the applications."""
    chapter = EagletRules.model_validate(kept["rules"])
    places, sheet = _places(kept["notice"]), kept["sheet"]
    wanted = {one["application"] for one in sheet}
    these = [one for one in applications_of(plan_id, kept["notice"]) if one.id in wanted]
    step = ladders.edition(kept["ladder"]["ref"], kept["ladder"]["edition"]).step_from(None)
    entries = []
    for one, facts in zip(these, kept["facts"], strict=True):
        dossier = dossier_of(facts)
        gates = assess(step.criteria, dossier).findings if step is not None else ()
        entries.append(entry_of(one, dossier, gates, chapter))
    again = [line_record(line) for line in rules.screened(entries, places, chapter)]
    return Compared(len(sheet), tuple(_lines(sheet, again)))


def _interviews(plan_id: int, kept: Mapping[str, Any]) -> Compared:
    chapter = EagletRules.model_validate(kept["rules"])
    heard = kept["heard"]
    ids = [one["application"] for one in heard]
    sheets = kept["sheets"]
    again = rules.heard(_people(plan_id, kept, chapter), _places(kept["notice"]), chapter)
    there = sheets_record(sheets_behind_seal(ids, chapter))
    found = (*_lines(heard, heard_record(again)), *_sheets(sheets, there))
    return Compared(len(heard), found)


def _screening_totals(plan_id: int, notice_id: int) -> dict[int, Fraction]:
    """Return the totals of a round's sealed screening sheet, by application."""
    (done,) = [one for one in events_of(plan_id, "screened") if one.detail["notice"] == notice_id]
    sheet = json.loads(str(done.detail["sealed"]))["sheet"]
    return {one["application"]: Fraction(one["total"] or 0) for one in sheet}


def _people(plan_id: int, kept: Mapping[str, Any], chapter: EagletRules) -> list[Interviewed]:
    """Return the interviewed with the points of the sealed sheets and the total of the screening."""
    ids = {one["application"] for one in kept["heard"]}
    totals = _screening_totals(plan_id, kept["notice"])
    by_id = {one.id: one for one in applications_of(plan_id, kept["notice"])}
    rubric = chapter.interview.rubric
    return [
        Interviewed(
            one,
            by_id[one].place,
            tuple(
                rubric.share({name: Decimal(value) for name, value in sheet["points"].items()}) * 100
                for sheet in kept["sheets"]
                if sheet["application"] == one
            ),
            totals[one],
            since_of(by_id[one]),
            one,
        )
        for one in sorted(ids)
    ]


def _lines(was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[Deviation]:
    """Compare lines of a sheet, application by application and value by value."""
    before, after = ({one["application"]: one for one in lines} for lines in (was, now))
    for one in dict.fromkeys((*before, *after)):
        old, new = before.get(one, {}), after.get(one, {})
        for name in dict.fromkeys((*old, *new)):
            yield from deviation(name, one, _value(old.get(name)), _value(new.get(name)))


def _sheets(was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[Deviation]:
    before, after = (
        {(one["application"], one["office"]): (one["rater"], one["points"]) for one in sheets}
        for sheets in (was, now)
    )
    for key in dict.fromkeys((*before, *after)):
        yield from deviation("sheet", key[0], _value(before.get(key)), _value(after.get(key)))


def _value(value: Any) -> Any:
    return canonical(value) if isinstance(value, list | tuple | dict) else value


_SOURCES = (Source(_number, _events), Source(closing_number, closings))
