"""Reading corrections of keys, and what one would do: a fixed number of queries, however many attempts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import MarkableSlot
from cstrain.extensions import session
from cstrain.grading.models import Release, Result
from cstrain.grading.rekeying.facts import Effect, Preview, ProposalFacts
from cstrain.grading.rekeying.models import KeyProposal
from cstrain.grading.rekeying.rules import effect, marked_again, order, was, with_key
from cstrain.grading.rules import from_json
from cstrain.grading.statistics.figure import ITEM_LEAST, Figure, figure
from cstrain.grading.statistics.intervals import wilson
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.facts import KeyedVersion, NewKey
from cstrain.questions.queries import keyed_versions

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def _facts(row: KeyProposal) -> ProposalFacts:
    decided = row.confirmed_by or row.refused_by
    return ProposalFacts(
        row.id,
        row.version_id,
        row.kind,
        row.key,
        row.explanation,
        row.reason,
        PersonId(row.proposed_by),
        row.proposed_at,
        PersonId(decided) if decided else None,
        row.confirmed_at or row.refused_at,
        row.revision_id,
    )


def proposal(proposal_id: int) -> ProposalFacts:
    """Return one proposed correction; ``NotFoundError`` when there is none."""
    row = session().get(KeyProposal, proposal_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _facts(row)


def proposals(limit: int = 100) -> list[ProposalFacts]:
    """Return proposed corrections: those that wait for a second person first, then the latest."""
    waits = sa.case((KeyProposal.confirmed_at.is_(None) & KeyProposal.refused_at.is_(None), 0), else_=1)
    rows = session().scalars(sa.select(KeyProposal).order_by(waits, KeyProposal.id.desc()).limit(limit))
    return [_facts(row) for row in rows]


def proposals_for(person: PersonId) -> list[ProposalFacts]:
    """Return the corrections that wait for a second person other than this one."""
    return [each for each in proposals() if each.state == "open" and each.proposed_by != person]


def used_version(version_id: int) -> KeyedVersion:
    """Return a version with the key that counts; ``NotFoundError`` when it does not exist."""
    found = keyed_versions([version_id]).get(version_id)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def preview(new: NewKey, at: datetime) -> Preview:
    """Return what a correction would do to every result in which the version stands. Nothing is written."""
    slots = exams.markable_where(new.version_id)
    version = with_key(used_version(new.version_id), new)
    effects = _effects(slots, version, at)
    return Preview(
        len(slots),
        tuple(sorted(effects, key=order)),
        _facility([(each.slot_before, slots[each.attempt.id].marks) for each in effects]),
        _facility([(each.slot_after, slots[each.attempt.id].marks) for each in effects]),
    )


def outcome(found: ProposalFacts, at: datetime) -> Preview:
    """Return what an open proposal would do, or what a confirmed one did."""
    if found.revision_id is None:
        new = NewKey(found.version_id, found.kind, found.key, found.explanation, found.reason)
        return preview(new, at)
    slots = exams.markable_where(found.version_id)
    effects = _done(slots, found.revision_id, at)
    return Preview(len(slots), tuple(sorted(effects, key=order)), _withheld(), _withheld())


def version_before(found: ProposalFacts) -> KeyedVersion:
    """Return the version with the key that counts, or counted before a confirmed correction."""
    until = None if found.revision_id is None else found.revision_id - 1
    return keyed_versions([found.version_id], until)[found.version_id]


def _done(slots: Mapping[AttemptId, MarkableSlot], revision: int, at: datetime) -> list[Effect]:
    """Return what a revision did: the results it made, each beside the one before it."""
    made = sa.and_(Result.key_revision_id == revision, Result.number > 1, Result.change_id.is_(None))
    concerned = sa.select(Result.attempt_id).where(made)
    rows = {
        (row.attempt_id, row.number): row
        for row in session().scalars(sa.select(Result).where(Result.attempt_id.in_(concerned)))
    }
    new = [row for row in rows.values() if row.key_revision_id == revision and _by_key(row)]
    attempts, shown = exams.attempts([row.attempt_id for row in new], at), _shown(slots)
    return [
        was(
            attempts[AttemptId(row.attempt_id)],
            slots[AttemptId(row.attempt_id)].slot,
            row.number - 1,
            [from_json(mark) for mark in rows[row.attempt_id, row.number - 1].marks],
            [from_json(mark) for mark in row.marks],
            released=row.attempt_id in shown,
        )
        for row in new
        if row.attempt_id in slots
    ]


def _by_key(row: Result) -> bool:
    return row.number > 1 and row.change_id is None


def _withheld() -> Figure:
    return figure(0, ITEM_LEAST, lambda: None)


def _effects(slots: Mapping[AttemptId, MarkableSlot], version: KeyedVersion, at: datetime) -> list[Effect]:
    results = _newest(slots)
    shown = _shown(results)
    attempts = exams.attempts(results, at)
    partial = {paper: exams.spec(paper).partial for paper in {each.paper.id for each in attempts.values()}}
    return [
        effect(
            facts,
            results[facts.id].number,
            [from_json(mark) for mark in results[facts.id].marks],
            marked_again(slots[facts.id], version, partial=partial[facts.paper.id]),
            released=facts.id in shown,
        )
        for facts in attempts.values()
    ]


def _shown(attempt_ids: Iterable[int]) -> set[int]:
    """Return which of these attempts have a released result."""
    released = sa.select(Release.attempt_id).where(Release.released_at.is_not(None))
    return set(session().scalars(released.where(Release.attempt_id.in_(attempt_ids))))


def _newest(attempt_ids: Iterable[int]) -> dict[int, Result]:
    rows = session().scalars(
        sa.select(Result).where(Result.attempt_id.in_(attempt_ids)).order_by(Result.attempt_id, Result.number)
    )
    return {row.attempt_id: row for row in rows}


def _facility(earned: list[tuple[Decimal, Decimal]]) -> Figure:
    n = len(earned)
    return figure(
        n,
        ITEM_LEAST,
        lambda: float(sum((part / of for part, of in earned), Decimal(0)) / n),
        lambda share: wilson(share, n),
    )
