"""What must be passed before a paper may be sat, and who need not sit it (asked of packages above)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from cstrain.exams import ports
from cstrain.exams.facts import PaperFacts
from cstrain.exams.models import Paper
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId


def missing_papers(
    papers: Collection[str], people: Collection[PersonId], at: datetime
) -> dict[PersonId, tuple[str, ...]]:
    """Return who of ``people`` neither passed nor is exempt from which of ``papers`` (refs), as of ``at``.

    Who lacks nothing is left out. A paper nobody knows anything about is lacking.
    """
    passed, exempt = ports.passed(papers, people, at), ports.exempt(papers, people, at)
    found = {
        person: tuple(
            ref for ref in papers if person not in passed.get(ref, ()) and person not in exempt.get(ref, ())
        )
        for person in people
    }
    return {person: refs for person, refs in found.items() if refs}


def exempt_people(paper: str, people: Collection[PersonId], at: datetime) -> frozenset[PersonId]:
    """Return who of ``people`` need not sit a paper (its ref) when it is sat at ``at``."""
    return frozenset(ports.exempt([paper], people, at).get(paper, ()))


def standing(
    sat: Collection[tuple[PaperFacts, datetime]], person: PersonId, at: datetime
) -> tuple[dict[str, tuple[str, ...]], frozenset[ports.PaperAt]]:
    """Return for one person which papers lack what now (refs by ref), and from which, sat at these times,
    they are exempt.

    Each port is asked once, however many papers.
    """
    required = sorted({ref for paper, _time in sat for ref in paper.requires})
    missing = set(missing_papers(required, [person], at).get(person, ()))
    locked = {
        paper.ref: tuple(ref for ref in paper.requires if ref in missing)
        for paper, _time in sat
        if missing & set(paper.requires)
    }
    return locked, ports.exempt_at(person, {(paper.ref, time) for paper, time in sat}, at)


def paper_titles(refs: Collection[str]) -> dict[str, str]:
    """Return the titles of papers by ref, of their newest edition; an unknown ref stands for itself."""
    if not refs:
        return {}
    rows = session().execute(
        sa.select(Paper.ref, Paper.title).where(Paper.ref.in_(refs)).order_by(Paper.edition)
    )
    return {ref: ref for ref in refs} | {row.ref: row.title for row in rows}
