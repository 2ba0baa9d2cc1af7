"""Reading what markers gave: what counts of an attempt, who has a part in it, what was marked twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.grading.written.facts import GivenMark, PartTitle, Twice
from cstrain.grading.written.models import WrittenMark, WrittenTask
from cstrain.grading.written.showing import part_title, rubric_as_keyed
from cstrain.judgement.rubric import Rubric
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.questions.queries import keyed_versions

_TWO = 2


def finished_shares(marks: Iterable[WrittenMark]) -> list[Fraction]:
    """Return what finished markings gave, in the order of rounds."""
    done = sorted((mark.round, mark.share) for mark in marks if mark.share is not None)
    return [Fraction(share) for _round, share in done]


def points_of(row: WrittenMark) -> dict[str, Decimal]:
    """Return the points of a marking by criterion."""
    return {name: Decimal(text) for name, text in row.points.items()}


def settled_shares(attempt_id: int) -> dict[int, dict[int, Fraction]]:
    """Return what is settled of an attempt: the share of each part, by slot and part."""
    rows = session().execute(
        sa.select(WrittenTask.slot, WrittenTask.part, WrittenTask.share).where(
            WrittenTask.attempt_id == attempt_id, WrittenTask.share.is_not(None)
        )
    )
    found: dict[int, dict[int, Fraction]] = {}
    for slot, part, share in rows:
        found.setdefault(slot, {})[part] = Fraction(share or 0)
    return found


def queued(attempt_ids: Collection[int]) -> set[int]:
    """Return which of these attempts have parts in the queues, settled or not."""
    rows = sa.select(WrittenTask.attempt_id).where(WrittenTask.attempt_id.in_(attempt_ids)).distinct()
    return set(session().scalars(rows))


def markers_of(attempt_ids: Collection[int]) -> dict[int, set[int]]:
    """Return who has marked, or is marking, parts of these attempts; who gave a sheet back is left out."""
    rows = session().execute(
        sa.select(WrittenTask.attempt_id, WrittenMark.marker_id)
        .join(WrittenMark, WrittenMark.task_id == WrittenTask.id)
        .where(WrittenTask.attempt_id.in_(attempt_ids), WrittenMark.returned_at.is_(None))
    )
    found: dict[int, set[int]] = {}
    for attempt_id, marker in rows:
        found.setdefault(attempt_id, set()).add(marker)
    return found


def given_marks(attempt_id: int) -> list[GivenMark]:
    """Return every marking of an attempt's parts by slot, part and round: evidence for who decides."""
    rows = session().execute(
        sa.select(WrittenMark, WrittenTask)
        .join(WrittenTask, WrittenTask.id == WrittenMark.task_id)
        .where(WrittenTask.attempt_id == attempt_id)
        .order_by(WrittenTask.slot, WrittenTask.part, WrittenMark.round, WrittenMark.id)
    )
    return [
        GivenMark(
            AttemptId(task.attempt_id),
            task.slot,
            task.part,
            mark.round,
            PersonId(mark.marker_id),
            points_of(mark),
            mark.note,
            Fraction(mark.share) if mark.share else None,
            mark.started_at,
            mark.finished_at,
            mark.returned_at,
            mark.why,
            Fraction(task.share) if task.share else None,
        )
        for mark, task in rows
    ]


def marked_twice(since: datetime) -> list[Twice]:
    """Return what two people finished marking since then without knowing of each other; no third markings."""
    rows = session().execute(
        sa.select(WrittenMark, WrittenTask)
        .join(WrittenTask, WrittenTask.id == WrittenMark.task_id)
        .where(WrittenTask.rounds == _TWO, WrittenMark.round <= _TWO, WrittenMark.finished_at >= since)
        .order_by(WrittenTask.id, WrittenMark.marker_id)
    )
    pairs: dict[int, list[tuple[WrittenMark, WrittenTask]]] = {}
    for mark, task in rows:
        pairs.setdefault(task.id, []).append((mark, task))
    return [_twice(*pair) for pair in pairs.values() if len(pair) == _TWO]


def rubrics_of(rows: Iterable[Twice]) -> dict[tuple[int, int], tuple[PartTitle, Rubric]]:
    """Return title and rubric of what was marked twice, by version and part."""
    asked = {(row.version_id, row.part) for row in rows}
    versions = keyed_versions({version for version, _part in asked})
    return {
        (version, part): (part_title(versions[version], part), rubric_as_keyed(versions[version], part))
        for version, part in asked
    }


def _twice(first: tuple[WrittenMark, WrittenTask], second: tuple[WrittenMark, WrittenTask]) -> Twice:
    (mine, task), (theirs, _task) = first, second
    return Twice(
        task.version_id,
        task.part,
        (PersonId(mine.marker_id), PersonId(theirs.marker_id)),
        (Fraction(mine.share or 0), Fraction(theirs.share or 0)),
        (points_of(mine), points_of(theirs)),
        Fraction(task.tolerance),
    )
