"""What an application rests on: the ladder's step, the person's facts, the findings; and its sealing.

Ladders and dossiers come through ``port``, which the promotion core fills when the application starts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from cstrain.judgement.assess import Assessment, assess
from cstrain.judgement.criterion import Criterion
from cstrain.judgement.facts import Dossier, Endorsement
from cstrain.judgement.ladder import Ladder, Step
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications.facts import ApplicationFacts


class Source(Protocol):
    """Knows the ladders of a person and their facts."""

    def ladders_of(self, person: PersonId, on: date) -> Sequence[Ladder]:
        """Return the ladders open to a person on a day: the department's own, and those beside it."""

    def edition(self, ref: str, edition: int) -> Ladder | None:
        """Return one edition of a ladder."""

    def gather(self, people: Collection[PersonId], on: date) -> Mapping[PersonId, Dossier]:
        """Return the dossiers of people on a day."""


@dataclass(slots=True)
class _Port:
    source: Source | None = None

    @property
    def filled(self) -> Source:
        if self.source is None:
            raise RuntimeError("nobody fills the port of ladders and dossiers")
        return self.source


port = _Port()


@dataclass(frozen=True, slots=True)
class Grounds:
    """A step of a ladder judged for one person on one day."""

    ladder: Ladder
    step: Step
    dossier: Dossier
    assessment: Assessment
    on: date

    @property
    def blocked(self) -> bool:
        """A condition is not met: nobody may apply, nothing may be decided."""
        return self.assessment.state is State.NOT_MET


def offers(person: PersonId, on: date) -> list[Grounds]:
    """Return the steps that a person could apply for on a day, judged; empty at the top or on other roads."""
    dossier = port.filled.gather([person], on).get(person, Dossier())
    found = []
    for ladder in port.filled.ladders_of(person, on):
        level = dossier.standing.level if dossier.standing is not None else None
        step = ladder.step_from(level)
        if step is not None and step.road == "application" and _may_start(dossier, step):
            found.append(_judged(ladder, step, dossier, on))
    return found


def _may_start(dossier: Dossier, step: Step) -> bool:
    """Tell whether a step is for somebody converted; the first level comes with the conversion."""
    return dossier.standing is not None and (step.start is not None or dossier.standing.converted)


def step_of(application: ApplicationFacts) -> tuple[Ladder, Step]:
    """Return the ladder's edition and the step of an application as it was filed."""
    ladder = port.filled.edition(application.ladder_ref, application.ladder_edition)
    step = ladder.step_to(application.start_level, application.goal_level) if ladder is not None else None
    if ladder is None or step is None:
        raise NotFoundError("没有找到这份申请所依据的晋升办法。请联系人力资源部。")
    return ladder, step


def judge(application: ApplicationFacts, given: Sequence[Endorsement], on: date) -> Grounds:
    """Judge an application by the edition it was filed under, with what the superior has endorsed so far."""
    ladder, step = step_of(application)
    dossier = port.filled.gather([application.person_id], on).get(application.person_id, Dossier())
    return _judged(ladder, step, replace(dossier, endorsements=tuple(given)), on)


def _judged(ladder: Ladder, step: Step, dossier: Dossier, on: date) -> Grounds:
    return Grounds(ladder, step, dossier, assess(step.criteria, dossier), on)


def topics_of(step: Step) -> dict[str, Criterion]:
    """Return the qualities of a step that somebody must endorse, by topic, in the order of the policy."""
    found: dict[str, Criterion] = {}
    waiting = list(step.criteria)
    while waiting:
        one = waiting.pop(0)
        if one.kind == "endorsement":
            found.setdefault(str(getattr(one, "topic", "")), one)
        waiting = [*getattr(one, "of", ()), *waiting] if one.kind in {"all_of", "any_of"} else waiting
    return found


def askable(step: Step, roles: frozenset[str]) -> dict[str, Criterion]:
    """Return the qualities that somebody of these roles may rate; the others are for HR to confirm."""
    return {
        topic: one
        for topic, one in topics_of(step).items()
        if not offices_of(one) or not roles.isdisjoint(offices_of(one))
    }


def offices_of(one: Criterion) -> tuple[str, ...]:
    """Return the offices whose rating of a quality counts; empty: any."""
    return tuple(getattr(one, "roles", ()))


def sealed(grounds: Grounds, stage: str, more: Mapping[str, Any]) -> tuple[str, str]:
    """Return the canonical text and hash of what an act rests on: facts, findings, edition and source."""
    ladder, step = grounds.ladder, grounds.step
    return seal(
        {
            "stage": stage,
            "on": grounds.on,
            "ladder": {
                "ref": ladder.ref,
                "edition": ladder.edition,
                "title": ladder.title,
                "source": ladder.source,
                "effective_from": ladder.effective_from,
            },
            "step": {
                "from": step.start,
                "to": step.goal,
                "clause": step.clause,
                "criteria": [one.model_dump(mode="json", by_alias=True) for one in step.criteria],
            },
            "facts": grounds.dossier,
            "findings": list(grounds.assessment.findings),
            **more,
        }
    )
