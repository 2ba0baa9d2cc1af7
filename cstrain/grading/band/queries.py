"""Reading the review band: how wide it is for a paper, whose results lie in it, who has looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from flask import current_app

from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts, PaperFacts
from cstrain.extensions import session
from cstrain.grading.analysis.queries import marked
from cstrain.grading.analysis.rules import paper_figures
from cstrain.grading.band.facts import Banded, Look, PaperBand
from cstrain.grading.band.models import BandLook
from cstrain.grading.band.rules import band_error, in_band
from cstrain.grading.facts import WaitingRelease
from cstrain.grading.models import Result
from cstrain.grading.queries import waiting_release
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId

_MEMORY = "cstrain.bands"
MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def bands(papers: Collection[PaperFacts]) -> dict[int, PaperBand]:
    """Return the band of each of these editions, by paper id.

    What many marks say of a paper is worked out again only when a result was added or an attempt voided:
    the desk asks each time it is opened.
    """
    state = _state()
    memory: dict[str, Any] = current_app.extensions.setdefault(_MEMORY, {})
    if memory.get("state") != state:
        current_app.extensions[_MEMORY] = memory = {"state": state, "bands": {}}
    kept: dict[int, PaperBand] = memory["bands"]
    for paper in papers:
        if paper.id not in kept:
            kept[paper.id] = _band(paper)
    return {paper.id: kept[paper.id] for paper in papers}


def _state() -> tuple[object, ...]:
    figures = sa.func.count(), sa.func.max(Result.id), sa.func.sum(Result.raw)
    results = session().execute(sa.select(*figures)).one()
    return (*results, exams.attempts_voided())


def _band(paper: PaperFacts) -> PaperBand:
    """Work a band out of all marked first attempts at the edition: those who wait for release count too."""
    mine = [each.id for each in exams.first_attempts(paper.ref) if each.paper_id == paper.id]
    figures = paper_figures(list(marked(mine).values()), Fraction(paper.pass_mark)).figures
    spec = exams.spec(paper.id)
    marks = [section.marks for section in spec.sections for _ in range(section.count)]
    error = band_error(figures, marks, paper.pass_mark)
    return PaperBand(paper, error, figures["accuracy"], figures["consistency"])


def banded(at: datetime) -> list[Banded]:
    """Return the results in the band that wait for release, those that must be looked at first."""
    return banded_of(waiting_release(at))


def banded_of(waiting: Iterable[WaitingRelease]) -> list[Banded]:
    """Return which of the results that wait for release lie in the band of their paper."""
    every = list(waiting)
    found = bands({each.attempt.paper.id: each.attempt.paper for each in every}.values())
    near = [each for each in every if _near(each.raw, found[each.attempt.paper.id])]
    looks = looks_at([each.attempt.id for each in near])
    return sorted(
        (Banded(each, found[each.attempt.paper.id], looks.get(each.attempt.id, ())) for each in near),
        key=lambda one: (not one.must, abs(one.away), one.waiting.attempt.id),
    )


def _near(raw: Decimal, band: PaperBand) -> bool:
    return in_band(raw, band.paper.pass_mark, band.error.marks)


def waiting_at(attempt_id: int, at: datetime) -> Banded:
    """Return one result in the band that waits for release; ``NotFoundError`` when there is none."""
    found = next((each for each in banded(at) if each.waiting.attempt.id == attempt_id), None)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def looks_at(attempt_ids: Collection[int]) -> dict[int, tuple[Look, ...]]:
    """Return who looked at the newest marking of each attempt, oldest first; others are left out."""
    newest = newest_results(attempt_ids)
    rows = session().scalars(
        sa.select(BandLook).where(BandLook.result_id.in_(newest.values())).order_by(BandLook.id)
    )
    found: dict[int, list[Look]] = {}
    for row in rows:
        found.setdefault(row.result_id, []).append(Look(PersonId(row.person_id), row.note, row.at))
    return {attempt: tuple(found[result]) for attempt, result in newest.items() if result in found}


def newest_results(attempt_ids: Collection[int]) -> dict[int, int]:
    """Return the id of the marking that counts of each attempt."""
    rows = session().execute(
        sa.select(Result.attempt_id, Result.id)
        .where(Result.attempt_id.in_(attempt_ids))
        .order_by(Result.attempt_id, Result.number)
    )
    return {row[0]: row[1] for row in rows}


def unseen(attempts: Iterable[AttemptFacts]) -> list[AttemptFacts]:
    """Return those of these attempts whose release must wait: in the band of a paper with consequences,
    and nobody has looked at their newest marking.
    """
    weighty = {facts.id: facts for facts in attempts if facts.paper.consequences}
    if not weighty:
        return []
    found = bands({facts.paper.id: facts.paper for facts in weighty.values()}.values())
    raws = _raws(weighty)
    near = [
        facts for key, facts in weighty.items() if key in raws and _near(raws[key], found[facts.paper.id])
    ]
    looked = looks_at([facts.id for facts in near])
    return [facts for facts in near if facts.id not in looked]


def _raws(attempts: Mapping[Any, AttemptFacts]) -> dict[int, Decimal]:
    rows = session().execute(
        sa.select(Result.attempt_id, Result.raw)
        .where(Result.attempt_id.in_(attempts))
        .order_by(Result.attempt_id, Result.number)
    )
    return {row[0]: row[1] for row in rows}
