"""Looking at a case again when results come: the proposal, and the re-exam of what failed."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.exams import queries as exam_queries
from cstrain.exams import service as exams
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import CaseId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import PaperLine, Proposal
from cstrain.onboarding.conversion.models import ConversionCase
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.queries.dossier import CaseView, case_view
from cstrain.onboarding.conversion.rules import outcome
from cstrain.onboarding.conversion.service.common import case_url, hr_people, tell
from cstrain.onboarding.conversion.service.schedule import arrange_resit
from cstrain.people import queries as people


def review_case(now: datetime, case_id: CaseId) -> Proposal:
    """Bring an open case up to its released results and return the proposal; harmless to repeat.

    A failed first attempt gets its re-exam on the trainee's second rostered day after the release; where that
    cannot be arranged the case says why and HR is told. A paper that is passed after all (an appeal) loses a
    re-exam nobody has started.
    """
    row = store.get_case(case_id, lock=True)
    view = case_view(case_id, now)
    if row.closed_at is not None:
        return view.proposal
    for line in view.papers:
        if line.passed:
            _cancel_moot(now, line)
        elif _needs_resit(view, line):
            _resit(now, row, view, line)
    after = case_view(case_id, now)
    _keep_proposal(now, row, after)
    return after.proposal


def _needs_resit(view: CaseView, line: PaperLine) -> bool:
    """Tell whether the system arranges the re-exam: once, after the first attempt, in no extension."""
    ahead = line.sitting is not None and line.sitting.kind == "resit"
    fresh = line.first is not None and not line.resits and not line.being_marked
    return fresh and not ahead and view.case.extended_on is None and view.elimination is None


def _resit(now: datetime, row: ConversionCase, view: CaseView, line: PaperLine) -> None:
    assert line.first is not None
    plan = people.work_plan(view.person.id)
    wait = view.timeline.programme.conversion.resit_after_days if view.timeline.programme.conversion else 2
    try:
        day = outcome.resit_day(line.first.released_on, plan.is_rostered, wait)
        arrange_resit(None, now, view, line, day)
        row.blocked = None
    except LookupError:
        _block(now, row, view, "排班里找不到补考的日子，请人工安排。")
    except DomainError as error:
        _block(now, row, view, str(error))
    session().flush()


def _block(now: datetime, row: ConversionCase, view: CaseView, why: str) -> None:
    row.blocked = why
    record(None, "conversion.blocked", f"conversion:{row.id}")
    tell(
        hr_people(now, without=[view.person.id]),
        "%(name)s的补考没有排上，请处理。",
        now,
        url=case_url(row.id),
        name=view.person.name,
    )


def _cancel_moot(now: datetime, line: PaperLine) -> None:
    sitting = line.sitting
    if sitting is None or sitting.over or sitting.kind != "resit":
        return
    if not exam_queries.attempts_at(sitting.sitting_id, now):
        exams.cancel(None, now, sitting.sitting_id, "申诉成功，已经及格，不用补考")


def _keep_proposal(now: datetime, row: ConversionCase, view: CaseView) -> None:
    proposed = view.proposal.outcome
    changed = proposed is not None and row.proposed_outcome != proposed
    row.proposed_outcome, row.proposal_says = proposed, view.proposal.says
    if not changed or proposed is None:
        session().flush()
        return
    row.proposed_at = now
    session().flush()
    record(None, "conversion.propose", f"conversion:{row.id}", outcome=proposed)
    tell(
        [*hr_people(now, without=[view.person.id]), view.mentor],
        "%(name)s的转正有了建议结论：%(outcome)s。",
        now,
        url=case_url(row.id),
        name=view.person.name,
        outcome=OUTCOME_WORDS[proposed],
        key=f"proposal:{row.id}:{proposed}:{local_date(now).isoformat()}",
    )
