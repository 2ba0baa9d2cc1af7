"""What waits for somebody in conversion: papers to arrange, decisions to make, eliminations to confirm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cstrain.kernel.ids import CaseId, EnrolmentId, PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import CaseFacts, Outcome, PaperLine
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.queries.dossier import CaseView, case_views, paper_lines
from cstrain.onboarding.facts import EnrolmentState, Timeline
from cstrain.onboarding.rules.dates import working_days_between
from cstrain.people import queries as people


@dataclass(frozen=True, slots=True)
class WaitingDecision:
    """Something that waits for people who decide; kind: propose, confirm, eliminate or blocked."""

    kind: str
    person_id: PersonId
    case_id: int | None
    elimination_id: int | None
    since: datetime
    proposed_by: PersonId | None


@dataclass(frozen=True, slots=True)
class PapersToArrange:
    """A trainee whose conversion papers are not all arranged though their day is near or over.

    ``left``: working days until the planned day, it included; 0 on the day itself and after it.
    ``missing``: papers never arranged; ``missed``: papers whose sitting has passed without an attempt.
    """

    enrolment_id: EnrolmentId
    person_id: PersonId
    case_id: CaseId | None
    day: date
    left: int
    over: bool
    missing: int
    missed: int


def papers_to_arrange(lines: Iterable[Timeline], now: datetime) -> list[PapersToArrange]:
    """Return of these trainings those whose conversion papers must be arranged now, the most urgent first.

    From the first reminder of the policy on; paused trainings have no date, closed cases need no papers.
    """
    near = _near([line for line in lines if line.enrolment.state is EnrolmentState.ACTIVE])
    cases = {case.enrolment_id: case for case in records.cases([line.enrolment.id for line, *_ in near])}
    found = [_to_arrange(line, day, left, cases.get(line.enrolment.id), now) for line, day, left in near]
    return sorted(
        (one for one in found if one.missing or one.missed), key=lambda one: (one.day, one.person_id)
    )


def _near(lines: list[Timeline]) -> list[tuple[Timeline, date, int]]:
    """Return the trainings whose conversion day is within the first reminder's distance, or over."""
    most = max(store.chapter().reminders.arrange_working_days)
    plans = people.work_plans([line.enrolment.person for line in lines])
    found = []
    for line in lines:
        conversion = line.programme.conversion
        day = line.day(conversion.day) if conversion is not None else None
        plan = plans.get(line.enrolment.person)
        if day is not None and plan is not None:
            left = working_days_between(line.today, day.on_day, plan.is_rostered)
            if left <= most:
                found.append((line, day.on_day, left))
    return found


def _to_arrange(
    line: Timeline, day: date, left: int, case: CaseFacts | None, now: datetime
) -> PapersToArrange:
    papers = paper_lines(line, now) if case is None or case.is_open else ()
    return PapersToArrange(
        enrolment_id=line.enrolment.id,
        person_id=line.enrolment.person,
        case_id=case.id if case is not None else None,
        day=day,
        left=left,
        over=day < line.today,
        missing=sum(1 for one in papers if one.sitting is None and _untouched(one)),
        missed=sum(1 for one in papers if one.sitting is not None and one.sitting.over and _untouched(one)),
    )


def _untouched(paper: PaperLine) -> bool:
    return paper.latest is None and not paper.being_marked


def waiting_decisions(now: datetime) -> list[WaitingDecision]:
    """Return what waits for people who decide, oldest first. Who may see which is the caller's matter."""
    found = [
        one
        for view in case_views([facts.id for facts in records.open_cases()], now)
        if (one := _waiting(view)) is not None
    ]
    found += [
        WaitingDecision("eliminate", one.person_id, one.case_id, one.id, one.proposed_at, one.proposed_by)
        for one in records.eliminations(open_only=True)
    ]
    return sorted(found, key=lambda one: one.since)


def _waiting(view: CaseView) -> WaitingDecision | None:
    case = view.case
    if view.elimination is not None:
        return None
    if view.act is not None:
        if view.chain is None or not view.chain.complete:
            return None
        since = view.chain.closed_at or view.act.proposed_at
        return WaitingDecision("confirm", case.person_id, case.id, None, since, view.act.proposed_by)
    if case.blocked:
        return WaitingDecision("blocked", case.person_id, case.id, None, case.opened_at, None)
    if view.proposal.outcome is None or view.proposal.outcome is Outcome.TRAIN_AND_RESIT:
        return None
    return WaitingDecision("propose", case.person_id, case.id, None, case.opened_at, None)
