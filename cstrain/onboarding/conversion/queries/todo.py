"""What waits for somebody in conversion: decisions to propose, to confirm, eliminations to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion.facts import Outcome
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.queries.dossier import CaseView, case_views


@dataclass(frozen=True, slots=True)
class WaitingDecision:
    """Something that waits for people who decide; kind: propose, confirm, eliminate or blocked."""

    kind: str
    person_id: PersonId
    case_id: int | None
    elimination_id: int | None
    since: datetime
    proposed_by: PersonId | None


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
