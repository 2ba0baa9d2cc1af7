"""The two unified exams and what they come to; the closing of a plan."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import SittingFacts
from cstrain.extensions import session
from cstrain.grading.credentials import queries as credentials
from cstrain.grading.credentials.facts import ExemptionFacts
from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet import models, rules
from cstrain.promotion.eaglet.facts import Closing, Outcome, PaperResult, Plan

_BACK = timedelta(days=60)


def sittings_of(plan: Plan) -> dict[str, SittingFacts]:
    """Return by paper the unified sitting that was last set; cancelled ones are left out."""
    table = models.EagletExam
    rows = session().scalars(sa.select(table).where(table.plan_id == plan.id).order_by(table.id))
    newest = {row.paper: row.sitting_id for row in rows}
    found = {paper: exams.sitting(one) for paper, one in newest.items()}
    return {paper: one for paper, one in found.items() if not one.cancelled}


def sittings_to_choose(plan: Plan, now: datetime) -> list[SittingFacts]:
    """Return the sittings of the plan's papers that could be set: not cancelled, to come or of late."""
    return [
        one
        for one in exams.arranged_sittings(now - _BACK)
        if one.paper.ref in plan.rules.papers and not one.cancelled
    ]


def outcomes(plan: Plan, people: Sequence[PersonId], now: datetime) -> list[Outcome]:
    """Return what the exams came to for each member, read from marking; what is not released is awaited.

    Exemptions count for the day of the sitting, with the result each rests on. Who did not come is absent
    once the sitting is over. A fixed number of statements, and one for each member who is exempt.
    """
    held = sittings_of(plan)
    taken = _taken({one.id for one in held.values()}, people, now)
    came = {
        (sitting.id, one.person_id)
        for sitting in held.values()
        for one in exams.attempts_at(sitting.id, now)
        if one.state != "voided"
    }
    found = []
    for person in people:
        papers = []
        waived = _waived(person, held, now)
        for ref in plan.rules.papers:
            sitting = held.get(ref)
            if ref in waived:
                papers.append(waived[ref])
            elif sitting is None:
                papers.append(PaperResult(ref, "waiting"))
            elif (sitting.id, person) in taken:
                papers.append(taken[sitting.id, person])
            else:
                absent = (sitting.id, person) not in came and now > sitting.closes_at
                papers.append(PaperResult(ref, "absent" if absent else "waiting"))
        found.append(rules.outcome(person, papers))
    return found


def _taken(
    sittings: Collection[int], people: Sequence[PersonId], now: datetime
) -> dict[tuple[int, PersonId], PaperResult]:
    found: dict[tuple[int, PersonId], PaperResult] = {}
    for one in credentials.taken_by(people, now):
        if one.attempt.sitting_id in sittings and one.counts:
            paper = one.attempt.paper
            found[one.attempt.sitting_id, one.attempt.person_id] = PaperResult(
                paper.ref,
                "passed" if one.passes else "failed",
                one.raw,
                paper.pass_mark,
                one.attempt.id,
            )
    return found


def _waived(person: PersonId, held: Mapping[str, SittingFacts], now: datetime) -> dict[str, PaperResult]:
    exempt = credentials.exempt_at(person, [(ref, one.opens_at) for ref, one in held.items()], now)
    if not exempt:
        return {}
    granted = credentials.exemptions_of(person, now)
    return {ref: _ground(ref, granted) for ref, _at in exempt}


def _ground(ref: str, granted: Sequence[ExemptionFacts]) -> PaperResult:
    """Return an exemption with the result it rests on: its mark and day."""
    one = next(each for each in granted if each.paper_ref == ref and each.state in {"granted", "lapsed"})
    basis = one.finding.basis if one.finding is not None else None
    return PaperResult(
        ref,
        "exempt",
        exemption=one.id,
        ground_mark=basis.raw if basis is not None else None,
        ground_on=basis.exam_on if basis is not None else None,
    )


def closings_of(plan_id: int) -> list[Closing]:
    """Return the proposals to close a plan, in order."""
    table = models.EagletClosing
    rows = session().scalars(sa.select(table).where(table.plan_id == plan_id).order_by(table.id))
    return [closing_facts(row) for row in rows]


def closing_facts(row: models.EagletClosing) -> Closing:
    """Return the facts of a closing's row."""
    return Closing(
        row.id,
        row.text,
        row.effective_on,
        row.sealed,
        row.sha256,
        PersonId(row.proposed_by),
        row.proposed_at,
        PersonId(row.answered_by) if row.answered_by is not None else None,
        row.answered_at,
        row.agreed,
        row.answer,
    )


def outcome_record(found: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return what the exams came to as it is sealed."""
    return [
        {
            "person": one.person,
            "passes": one.passes,
            "papers": [
                {
                    "paper": each.paper,
                    "state": each.state,
                    "raw": f"{each.raw:f}" if each.raw is not None else None,
                    "attempt": each.attempt,
                    "exemption": each.exemption,
                }
                for each in one.papers
            ],
        }
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Exams:
    """The exams of a plan as a page shows them."""

    sittings: Mapping[str, SittingFacts]
    titles: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    closings: tuple[Closing, ...]


def exams_of(plan: Plan, people: Sequence[PersonId], now: datetime) -> Exams:
    """Return the exams of a plan: sittings, papers' titles, outcomes, closings."""
    return Exams(
        sittings_of(plan),
        exams.paper_titles(plan.rules.papers),
        tuple(outcomes(plan, people, now)),
        tuple(closings_of(plan.id)),
    )


def exempt(
    person: PersonId, paper: str, sitting: SittingFacts, now: datetime
) -> frozenset[tuple[str, datetime]]:
    """Return the paper with the sitting's time where somebody need not sit it; else nothing."""
    return credentials.exempt_at(person, [(paper, sitting.opens_at)], now)


def same_outcomes(sealed: str, found: Sequence[Outcome], department: int | None) -> bool:
    """Tell whether what was sealed is what the exams come to now, for the same VIP department."""
    kept = json.loads(sealed)
    return bool(kept["outcomes"] == outcome_record(found) and kept["department"] == department)
