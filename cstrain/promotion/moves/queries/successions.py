"""Vacant supervisors' posts, who could succeed, and what was chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.facts import Dossier
from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.promotion import queries as promotion
from cstrain.promotion.moves import rules, store
from cstrain.promotion.moves.facts import Choice, Objection, Ranked, Senior, SuccessionFacts
from cstrain.promotion.moves.models import Succession, SuccessionAct, SuccessionObjection
from cstrain.promotion.moves.policy import SuccessionRules


def succession(succession_id: int) -> SuccessionFacts:
    """Return a succession; raises ``NotFoundError``."""
    row = session().get(Succession, succession_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return _built([row])[0]


def successions(*, open_only: bool = False) -> list[SuccessionFacts]:
    """Return vacant posts, newest first; four statements."""
    statement = sa.select(Succession).order_by(Succession.id.desc())
    if open_only:
        statement = statement.where(Succession.ended_at.is_(None))
    return _built(session().scalars(statement))


def open_in(department: int) -> bool:
    """Tell whether a department's post is being filled already."""
    found = sa.select(Succession.id).where(
        Succession.department_id == department, Succession.ended_at.is_(None)
    )
    return session().scalar(found) is not None


def _built(rows: Iterable[Succession]) -> list[SuccessionFacts]:
    every = list(rows)
    choices = _choices([one.id for one in every])
    names = {one.id: one.name for one in people.departments()}
    return [
        SuccessionFacts(
            row.id,
            DepartmentId(row.department_id),
            names[DepartmentId(row.department_id)],
            row.cause,
            store.person_or_none(row.predecessor_id),
            row.vacant_from,
            row.note,
            row.end_reason,
            store.person_or_none(row.opened_by),
            row.opened_at,
            row.outcome,
            tuple(choices.get(row.id, ())),
        )
        for row in every
    ]


def _choices(ids: list[int]) -> dict[int, list[Choice]]:
    rows = session().scalars(
        sa.select(SuccessionAct).where(SuccessionAct.succession_id.in_(ids)).order_by(SuccessionAct.id)
    )
    every = list(rows)
    objections: dict[int, list[Objection]] = {}
    for one in session().scalars(
        sa.select(SuccessionObjection)
        .where(SuccessionObjection.act_id.in_([each.id for each in every]))
        .order_by(SuccessionObjection.id)
    ):
        objections.setdefault(one.act_id, []).append(_objection(one))
    found: dict[int, list[Choice]] = {}
    for row in every:
        found.setdefault(row.succession_id, []).append(_choice(row, objections.get(row.id, [])))
    return found


def _objection(row: SuccessionObjection) -> Objection:
    return Objection(
        row.id,
        store.person_or_none(row.by_id),
        row.text,
        row.filed_on,
        store.person_or_none(row.answered_by),
        row.answered_at,
        row.upheld,
        row.answer,
    )


def _choice(row: SuccessionAct, objections: list[Objection]) -> Choice:
    return Choice(
        row.id,
        PersonId(row.person_id),
        tuple(_ranked(one) for one in json.loads(row.content)["ranking"]),
        intact(row.content, row.sha256),
        row.reason,
        PersonId(row.proposed_by),
        row.proposed_at,
        store.person_or_none(row.answered_by),
        row.answered_at,
        row.agreed,
        row.answer,
        row.first_day,
        row.last_day,
        row.starts_on,
        store.person_or_none(row.closed_by),
        row.closed_at,
        row.outcome,
        tuple(objections),
    )


def _ranked(kept: Mapping[str, Any]) -> Ranked:
    """Return a place of a sealed ranking."""
    one = kept["senior"]
    number = {name: None if one[name] is None else Decimal(one[name]) for name in ("score", "brand")}
    since = date.fromisoformat(one["since"]) if one["since"] else None
    return Ranked(
        kept["rank"],
        Senior(
            PersonId(one["person"]),
            one["level"],
            number["score"],
            number["brand"],
            one["deductions"],
            one["months"],
            since,
            one["awards"],
        ),
    )


def ranking(department: DepartmentId, on: date, chapter: SuccessionRules) -> tuple[Ranked, ...]:
    """Return who may succeed in a department, ranked on a day: converted, at a level ``chapter`` names.

    A fixed number of statements, however many people there are.
    """
    places = people.subtree(department)
    ids = [one.id for one in people.everybody(on) if one.department_id in places and _fits(one.status)]
    standings = people.standings(ids, on)
    wanted = [one for one, facts in standings.items() if facts.level in chapter.levels]
    held = promotion.gather(wanted, on)
    return rules.rank((_senior(held[one], chapter.months) for one in wanted), chapter.order, on)


def _fits(status: Status) -> bool:
    return status is Status.CONVERTED


def _senior(dossier: Dossier, months: int) -> Senior:
    """Return what is compared of somebody: means of their latest closed months, leave months skipped."""
    latest = [one for one in dossier.months or () if not one.away][-months:]
    scores = [one.values["score"] for one in latest if "score" in one.values]
    brand = [one.brand_points for one in latest if one.brand_points is not None]
    deductions = [one.deductions for one in latest]
    whole = bool(latest) and all(one is not None for one in deductions)
    awards = None if dossier.registers is None else [one for one in dossier.registers if one.kind == "award"]
    standing = dossier.standing
    return Senior(
        PersonId(dossier.person or 0),
        (standing.level if standing is not None else None) or "",
        _mean(scores) if len(scores) == len(latest) else None,
        _mean(brand) if len(brand) == len(latest) else None,
        sum(one for one in deductions if one is not None) if whole else None,
        len(latest),
        standing.level_since if standing is not None else None,
        None if awards is None else len(awards),
    )


def _mean(values: list[Decimal]) -> Decimal | None:
    return round(sum(values, Decimal(0)) / len(values), 2) if values else None
