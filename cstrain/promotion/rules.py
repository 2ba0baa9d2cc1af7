"""Which step is next, who may apply, what a changed ladder changes. Pure (docs/rules.md 7)."""

from __future__ import annotations

from collections.abc import Sequence

from cstrain.judgement.assess import Assessment, assess
from cstrain.judgement.criterion import Criterion
from cstrain.judgement.facts import Dossier
from cstrain.judgement.ladder import Ladder, Step
from cstrain.kernel.finding import Finding, State
from cstrain.people.facts import StandingFacts, Status
from cstrain.promotion.facts import ENDORSEMENT, Group, Judged, NoStep

_NOTHING = Assessment((), State.UNKNOWN)


def next_step(ladder: Ladder, person: StandingFacts) -> Step | NoStep:
    """Return the step that leads on from where a person stands, or why there is none.

    A post ladder begins for everybody at its first step, whatever level they hold on their own ladder. The
    conversion case is for people on probation, every other road for people who are converted.
    """
    level = str(person.level) if person.level else None
    if ladder.kind == "post" and level not in ladder.levels:
        level = None
    if level is not None and level not in ladder.levels:
        return NoStep.ELSEWHERE
    step = ladder.step_from(level)
    if step is None:
        return NoStep.UNPLACED if level is None else NoStep.TOP
    on_probation = person.status is Status.PROBATION
    if level is None and (step.road == "conversion") is not on_probation:
        return NoStep.UNPLACED
    return step


def judge(ladder: Ladder, person: StandingFacts, dossier: Dossier) -> Judged:
    """Judge a person's facts by the next step of a ladder."""
    step = next_step(ladder, person)
    if isinstance(step, NoStep):
        return Judged(person, ladder, None, _NOTHING, Group.NONE, step)
    assessment = assess(step.criteria, dossier)
    return Judged(person, ladder, step, assessment, group_of(step, assessment))


def group_of(step: Step, assessment: Assessment) -> Group:
    """Return how near an assessment is to the step.

    Eligible is who may apply: nothing is not met, and nothing is unknown but endorsements, which are
    collected once somebody has applied. Any other missing fact leaves it open; it is never read as met.
    """
    failing = assessment.count(State.NOT_MET)
    if failing:
        return Group.NEAR if failing == 1 else Group.FAR
    open_ones = [
        finding
        for criterion, finding in zip(step.criteria, assessment.findings, strict=True)
        if finding.state is State.UNKNOWN and not _is_endorsed(criterion)
    ]
    return Group.OPEN if open_ones else Group.ELIGIBLE


def _is_endorsed(criterion: Criterion) -> bool:
    """Tell whether a condition is one of endorsements and nothing else."""
    if criterion.kind in {"all_of", "any_of"}:
        parts: Sequence[Criterion] = getattr(criterion, "of", ())
        return all(_is_endorsed(part) for part in parts)
    return criterion.kind == ENDORSEMENT


def without_endorsements(step: Step) -> Step | None:
    """Return a step without the endorsements that are collected after applying: what a day can decide.

    ``None`` when nothing else is asked.
    """
    left = tuple(one for one in step.criteria if not _is_endorsed(one))
    return step.model_copy(update={"criteria": left}) if left else None


def changed_findings(before: Judged, after: Judged) -> tuple[Finding, ...]:
    """Return the findings by which two judgements of one person differ: those of ``after`` that say something
    else, then those of ``before`` whose condition is gone."""
    had = {(one.kind, one.text, one.clause): one for one in before.findings}
    has = {(one.kind, one.text, one.clause): one for one in after.findings}
    new = [one for key, one in has.items() if key not in had or had[key].state is not one.state]
    gone = [one for key, one in had.items() if key not in has and one.state is not State.MET]
    return (*new, *gone)
