"""Reading applications not to sit a paper, what the rule says of them, and who is exempt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.grading.credentials import rules
from cstrain.grading.credentials.facts import (
    FORMER,
    OUTSIDE,
    RESULT,
    Basis,
    Check,
    ExemptionFacts,
    ExemptionFinding,
    OutsideFacts,
)
from cstrain.grading.credentials.models import Exemption
from cstrain.grading.credentials.queries.outside import newest_papers, outside_of, standing_outside
from cstrain.grading.credentials.queries.passes import Taken, taken, taken_by
from cstrain.grading.credentials.store import MISSING, credential_rules
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people_queries


@dataclass(frozen=True, slots=True)
class Grounds:
    """The marks of what still stands: released attempts by id, entered results by id."""

    attempts: dict[int, Decimal]
    outside: dict[int, Decimal]


def grounds(attempt_ids: Collection[int], outside_ids: Collection[int], at: datetime) -> Grounds:
    """Return what of these still stands, with its mark. Four statements."""
    held = taken(attempt_ids, at)
    entered = standing_outside(outside_ids)
    return Grounds(
        {ref: one.raw for ref, one in held.items() if one.counts},
        {ref: row.mark for ref, row in entered.items()},
    )


def grounds_of(rows: Iterable[Exemption], at: datetime) -> Grounds:
    """Return what these exemptions rest on, as far as it still stands."""
    found = list(rows)
    return grounds(
        {row.attempt_id for row in found if row.attempt_id},
        {row.outside_id for row in found if row.outside_id},
        at,
    )


def still_granted(row: Exemption, held: Grounds) -> bool:
    """Tell whether a granted exemption stands: not given up, and its result still above the mark."""
    if not row.granted or row.withdrawn_at is not None or row.finding is None:
        return False
    above = Decimal(row.finding["above"])
    mark = held.attempts.get(row.attempt_id or 0, held.outside.get(row.outside_id or 0))
    return mark is not None and mark > above


def _state(row: Exemption, held: Grounds, today: date) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.decided_at is None:
        return "waiting"
    if not row.granted:
        return "refused"
    if not still_granted(row, held):
        return "fallen"
    return "granted" if row.until is None or today <= row.until else "lapsed"


def _facts(rows: Sequence[Exemption], at: datetime) -> list[ExemptionFacts]:
    held, papers, today = grounds_of(rows, at), newest_papers(), local_date(at)
    return [
        ExemptionFacts(
            row.id,
            PersonId(row.person_id),
            row.paper_ref,
            papers[row.paper_ref].title if row.paper_ref in papers else row.paper_ref,
            row.asked_on,
            row.asked_at,
            row.wish,
            _state(row, held, today),
            row.until,
            PersonId(row.decided_by) if row.decided_by else None,
            row.decided_at,
            row.reason or "",
            read_finding(row.finding) if row.finding else None,
        )
        for row in rows
    ]


def exemption(exemption_id: int, at: datetime) -> ExemptionFacts:
    """Return one application; raises ``NotFoundError``."""
    row = session().get(Exemption, exemption_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _facts([row], at)[0]


def exemptions_of(person: PersonId, at: datetime) -> list[ExemptionFacts]:
    """Return somebody's applications, the newest first."""
    statement = sa.select(Exemption).where(Exemption.person_id == person).order_by(Exemption.id.desc())
    return _facts(list(session().scalars(statement)), at)


def exemptions_for(decider: PersonId, at: datetime, limit: int = 100) -> list[ExemptionFacts]:
    """Return the applications that wait for a decision and are not one's own, oldest first."""
    statement = (
        sa.select(Exemption)
        .where(
            Exemption.decided_at.is_(None),
            Exemption.withdrawn_at.is_(None),
            Exemption.person_id != decider,
        )
        .order_by(Exemption.id)
        .limit(limit)
    )
    return _facts(list(session().scalars(statement)), at)


def recent_exemptions(at: datetime, limit: int = 20) -> list[ExemptionFacts]:
    """Return the applications that were decided, the newest first."""
    statement = (
        sa.select(Exemption)
        .where(Exemption.decided_at.is_not(None))
        .order_by(Exemption.decided_at.desc(), Exemption.id.desc())
        .limit(limit)
    )
    return _facts(list(session().scalars(statement)), at)


def exempt_rows(papers: Collection[str], people: Collection[PersonId], at: datetime) -> list[Exemption]:
    """Return the exemptions of these people from these papers that stand and count on the day of ``at``."""
    day = local_date(at)
    return _standing(papers, people, at, Exemption.asked_on <= day, Exemption.until >= day)


def _standing(
    papers: Collection[str],
    people: Collection[PersonId],
    at: datetime,
    *conditions: sa.ColumnElement[bool],
) -> list[Exemption]:
    """Return the granted exemptions of these people whose result still stands, whatever day they count on."""
    rows = list(
        session().scalars(
            sa.select(Exemption)
            .where(
                Exemption.paper_ref.in_(papers),
                Exemption.person_id.in_(people),
                Exemption.granted.is_(True),
                Exemption.withdrawn_at.is_(None),
                *conditions,
            )
            .order_by(Exemption.id)
        )
    )
    if not rows:
        return []
    held = grounds_of(rows, at)
    return [row for row in rows if still_granted(row, held)]


def exempt_at(
    person: PersonId, sat: Collection[tuple[str, datetime]], at: datetime
) -> frozenset[tuple[str, datetime]]:
    """Return which of these papers (refs), each sat at its own time, somebody need not sit."""
    rows = _standing({ref for ref, _time in sat}, [person], at)
    return frozenset(
        (ref, time)
        for ref, time in sat
        if any(
            row.paper_ref == ref and rules.counts_on(row.asked_on, row.until, local_date(time))
            for row in rows
        )
    )


def exempt_people(
    papers: Collection[str], people: Collection[PersonId], at: datetime
) -> dict[str, frozenset[PersonId]]:
    """Return by paper (its ref) who of ``people`` need not sit it on the day of ``at``."""
    rows = exempt_rows(papers, people, at)
    return {ref: frozenset(PersonId(row.person_id) for row in rows if row.paper_ref == ref) for ref in papers}


# what the rule says


def finding_for(person: PersonId, paper_ref: str, applied_on: date, at: datetime) -> ExemptionFinding:
    """Return what the rule says of an application made on a day, from what is recorded now."""
    policy = credential_rules().of(paper_ref).exemption
    if policy is None:
        return rules.judge_exemption(None, applied_on, ())
    mine = [one for one in taken_by([person], at) if one.attempt.paper.ref == paper_ref and one.counts]
    entered = [
        entry
        for entry in outside_of([person])
        if entry.paper_ref == paper_ref and entry.about_id is None and entry.state in {"waiting", "confirmed"}
    ]
    bases = [*(_of_result(one) for one in mine), *(_of_entry(entry) for entry in entered)]
    return rules.judge_exemption(policy, applied_on, bases)


def _of_result(one: Taken) -> Basis:
    """Return a result of this system: its department is where the person worked on the exam day."""
    facts = people_queries.people([one.attempt.person_id], one.exam_on)[one.attempt.person_id]
    return Basis(RESULT, one.attempt.id, one.raw, one.exam_on, facts.department_name, True, True)


def _of_entry(entry: OutsideFacts) -> Basis:
    former = entry.source == FORMER
    settled = entry.state == "confirmed"
    return Basis(OUTSIDE, entry.id, entry.mark, entry.exam_on, entry.department, former, settled)


def write_finding(finding: ExemptionFinding) -> dict[str, Any]:
    """Return a finding as it is kept with the decision: ids, states, days and marks."""
    basis = finding.basis
    return {
        "state": finding.state.value,
        "checks": [[one.kind, one.state.value] for one in finding.checks],
        "above": None if finding.above is None else f"{finding.above:f}",
        "first_day": finding.first_day.isoformat() if finding.first_day else None,
        "last_day": finding.last_day.isoformat(),
        "basis": None
        if basis is None
        else {
            "kind": basis.kind,
            "ref": basis.ref,
            "raw": f"{basis.raw:f}",
            "exam_on": basis.exam_on.isoformat(),
            "department": basis.department,
            "former": basis.former,
            "settled": basis.settled,
        },
    }


def read_finding(kept: dict[str, Any]) -> ExemptionFinding:
    """Return a kept finding."""
    basis = kept["basis"]
    return ExemptionFinding(
        State(kept["state"]),
        tuple(Check(kind, State(state)) for kind, state in kept["checks"]),
        None
        if basis is None
        else Basis(
            basis["kind"],
            basis["ref"],
            Decimal(basis["raw"]),
            date.fromisoformat(basis["exam_on"]),
            basis["department"],
            basis["former"],
            basis["settled"],
        ),
        None if kept["above"] is None else Decimal(kept["above"]),
        date.fromisoformat(kept["first_day"]) if kept["first_day"] else None,
        date.fromisoformat(kept["last_day"]),
    )
