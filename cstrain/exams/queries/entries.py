"""Somebody's sittings as they stand for them: what is open, what comes, what is shut and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cstrain.exams.facts import AttemptFacts, SittingFacts
from cstrain.exams.queries.attempts import attempts_of
from cstrain.exams.queries.requirements import paper_titles, standing
from cstrain.exams.rules import Stage, sat_at, stage
from cstrain.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class Entry:
    """A sitting on somebody's list, with their attempts there, oldest first.

    ``missing``: the titles of papers they must pass before.
    """

    sitting: SittingFacts
    stage: Stage
    attempts: tuple[AttemptFacts, ...]
    missing: tuple[str, ...]

    @property
    def running(self) -> AttemptFacts | None:
        """The attempt that is going on."""
        return next((attempt for attempt in self.attempts if attempt.state == "open"), None)

    @property
    def waits(self) -> bool:
        """It can be sat now and has not been: what may be repeated does not wait for anybody."""
        if self.stage is not Stage.OPEN:
            return self.stage is Stage.RUNNING
        return all(attempt.state == "voided" for attempt in self.attempts)


def entries(sittings: Sequence[SittingFacts], person: PersonId, at: datetime) -> list[Entry]:
    """Return somebody's sittings with their stages; as many statements for one as for many.

    Whether they are exempt is judged on the day of the sitting, not on today's (docs/rules.md 2).
    """
    mine = attempts_of([person], at)
    times = [sat_at(at, sitting.opens_at, sitting.closes_at) for sitting in sittings]
    papers = [sitting.paper for sitting in sittings]
    locked, exempt = standing(list(zip(papers, times, strict=True)), person, at)
    titles = paper_titles({ref for refs in locked.values() for ref in refs})
    return [
        _entry(
            sitting,
            [attempt for attempt in mine if attempt.sitting_id == sitting.id],
            at,
            tuple(titles[ref] for ref in locked.get(sitting.paper.ref, ())),
            (sitting.paper.ref, time) in exempt,
        )
        for sitting, time in zip(sittings, times, strict=True)
    ]


def _entry(
    sitting: SittingFacts, attempts: list[AttemptFacts], at: datetime, missing: tuple[str, ...], exempt: bool
) -> Entry:
    where = stage(
        at,
        sitting.opens_at,
        sitting.closes_at,
        cancelled=sitting.cancelled,
        max_attempts=sitting.max_attempts,
        states=[attempt.state for attempt in attempts],
        last_start=sitting.last_start,
        locked=bool(missing),
        exempt=exempt,
    )
    return Entry(sitting, where, tuple(attempts), missing)
