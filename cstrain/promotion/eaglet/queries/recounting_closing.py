"""Closings of Eaglet plans looked at again: the results as marking had them that day, and what followed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.grading.credentials import queries as credentials
from cstrain.grading.credentials.queries import Taken
from cstrain.judgement.recounting import Compared, Deviation, Recounted, Sealed, deviation, recount
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.eaglet import models, rules
from cstrain.promotion.eaglet.facts import PaperResult
from cstrain.promotion.eaglet.policy import EagletRules

_TAKEN = {"passed", "failed"}


def closing_number() -> int:
    """Return how many closings were proposed, those sent back included."""
    return session().scalar(sa.select(sa.func.count(models.EagletClosing.id))) or 0


def closings(start: int, most: int, newest: bool) -> list[Recounted]:
    """Return proposed closings from place ``start`` on, each judged again; in the order of sealing.

    By the marks that counted when they were sealed: one changed by a later appeal does not make them wrong.
    """
    table = models.EagletClosing
    order = table.id.desc() if newest else table.id
    rows = session().scalars(sa.select(table).order_by(order).offset(start).limit(most))
    return [_recounted(row) for row in rows]


def _recounted(row: models.EagletClosing) -> Recounted:
    sealed = Sealed("closing", row.id, row.plan_id, row.proposed_at, row.sealed, row.sha256)
    return recount(sealed, lambda kept: _compared(row, kept))


def _compared(row: models.EagletClosing, kept: Mapping[str, Any]) -> Compared:
    chapter = EagletRules.model_validate(kept["rules"])
    plan = session().get_one(models.EagletPlan, row.plan_id)
    sealed = kept["outcomes"]
    known = _attempts(sealed, row.proposed_at)
    found = (
        *deviation("plan", "", kept["plan"], row.plan_id),
        *deviation("rules", "", chapter, EagletRules.model_validate(plan.rules)),
        *(one for each in sealed for one in _person(each, chapter, known, row.proposed_at)),
        *(_followed(row, kept) if row.agreed else ()),
    )
    return Compared(len(sealed), found)


def _attempts(sealed: Collection[Mapping[str, Any]], at: datetime) -> dict[int, Taken]:
    ids = {paper["attempt"] for one in sealed for paper in one["papers"] if paper["attempt"] is not None}
    return credentials.taken(ids, at)


def _person(
    one: Mapping[str, Any], chapter: EagletRules, known: Mapping[int, Taken], at: datetime
) -> Iterator[Deviation]:
    """Compare a member's papers with marking and exemptions, and what they come to together."""
    person = PersonId(one["person"])
    papers = [_paper(person, each, known, at) for each in one["papers"]]
    for was, now in zip(one["papers"], papers, strict=True):
        whose = f"{person} {was['paper']}"
        yield from deviation("result", whose, was["state"], now.state)
        raw = f"{now.raw:f}" if now.raw is not None else None
        yield from deviation("mark", whose, was["raw"], raw)
    yield from deviation("papers", person, sorted(chapter.papers), sorted(each.paper for each in papers))
    yield from deviation("passes", person, one["passes"], rules.outcome(person, papers).passes)


def _paper(
    person: PersonId, sealed: Mapping[str, Any], known: Mapping[int, Taken], at: datetime
) -> PaperResult:
    """Return a paper's result as it stood at an instant; ``missing`` where its record does not bear it."""
    ref, state = str(sealed["paper"]), str(sealed["state"])
    if state in _TAKEN:
        return _taken(person, ref, known.get(sealed["attempt"]), at)
    if state == "exempt":
        granted = credentials.exemptions_of(person, at)
        held = any(each.id == sealed["exemption"] and each.paper_ref == ref for each in granted)
        return PaperResult(ref, state if held else "missing")
    return PaperResult(ref, state)


def _taken(person: PersonId, ref: str, one: Taken | None, at: datetime) -> PaperResult:
    marks = [each.raw for each in one.markings if each.marked_at <= at] if one is not None else []
    if one is None or not marks or (one.attempt.person_id, one.attempt.paper.ref) != (person, ref):
        return PaperResult(ref, "missing")
    raw: Decimal = marks[-1]
    return PaperResult(ref, "passed" if raw >= one.attempt.paper.pass_mark else "failed", raw)


def _followed(row: models.EagletClosing, kept: Mapping[str, Any]) -> Iterator[Deviation]:
    """Compare who was to move to the VIP department with the employment records that name the plan."""
    for one in kept["outcomes"]:
        made = [
            (each.department_id, each.effective_from)
            for each in people.history_of(PersonId(one["person"]))
            if each.source == f"eaglet:{row.plan_id}"
        ]
        due = [(kept["department"], row.effective_on)] if one["passes"] else []
        yield from deviation("moved", one["person"], _days(due), _days(made))


def _days(moves: Collection[tuple[int, Any]]) -> str | None:
    return " ".join(f"{department}/{day}" for department, day in moves) or None
