"""Probation that ends undecided: recorded as converted by lapse of time, never extended by itself."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.approvals import queries as approval_queries
from cstrain.approvals import service as approvals
from cstrain.audit.service import record
from cstrain.exams import queries as exam_queries
from cstrain.exams import service as exams
from cstrain.extensions import local_date, session
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import CONVERTING, Outcome
from cstrain.onboarding.conversion.models import ConversionCase, ConversionDecision
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.queries.dossier import SITTING_KINDS, case_view
from cstrain.onboarding.conversion.rules import labour
from cstrain.onboarding.conversion.service.archive import archive_form
from cstrain.onboarding.conversion.service.common import case_url, hr_people, tell
from cstrain.onboarding.conversion.service.sealing import seal_lapse
from cstrain.onboarding.queries.enrolments import open_enrolment_of
from cstrain.onboarding.service.enrol import close_enrolment
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level, Status


def due_lapses(now: datetime) -> list[tuple[PersonId, date]]:
    """Return who is on probation beyond the agreed end, with the first day of their conversion."""
    today = local_date(now)
    found = []
    for facts in people.everybody(today):
        if facts.status is Status.PROBATION:
            day = labour.lapsed_on(people.contract_of(facts.id, today), today)
            if day is not None:
                found.append((facts.id, day))
    return found


def record_lapses(now: datetime) -> int:
    """Record everybody whose probation has ended undecided as converted by law; return how many."""
    found = due_lapses(now)
    for person, day in found:
        _lapse(now, person, day)
    return len(found)


def _lapse(now: datetime, person: PersonId, day: date) -> None:
    case = records.latest_case_of(person)
    row = store.get_case(case.id, lock=True) if case is not None and case.is_open else None
    if row is not None:
        _seal(now, row, day)
    people_service.change_state(
        None,
        now,
        person,
        day,
        status=Status.CONVERTED,
        level=Level.JUNIOR,
        reason=OUTCOME_WORDS[Outcome.LAPSED],
        source="probation_lapse",
    )
    record(None, "conversion.lapse", f"person:{person}", on=day.isoformat(), case=row.id if row else None)
    if row is not None:
        archive_form(None, now, row.id)
    enrolment = open_enrolment_of(person)
    if enrolment is not None:
        close_enrolment(None, now, enrolment.id, "试用期届满，依法视为转正")
    facts = people.get_person(person, local_date(now))
    tell(
        [person],
        "你的试用期已届满，依法视为转正，%(day)s生效。",
        now,
        url=case_url(row.id) if row else "",
        key=f"lapse:{person}",
        day=day,
    )
    tell(
        [*hr_people(now, [person]), people.supervisor_of(person, local_date(now))],
        "%(name)s的试用期届满没有决定，依法视为转正。",
        now,
        url=case_url(row.id) if row else "",
        key=f"lapse:{person}",
        name=facts.name,
    )


def _seal(now: datetime, row: ConversionCase, day: date) -> None:
    view = case_view(row.id, now)
    text, digest = seal_lapse(view, day, now)
    session().add(
        ConversionDecision(
            case_id=row.id,
            act_id=None,
            outcome=str(Outcome.LAPSED),
            effective_on=day,
            until=None,
            reason=store.labour_law().lapse.why,
            proposed_by=None,
            confirmed_by=None,
            decided_at=now,
            snapshot=text,
            snapshot_hash=digest,
        )
    )
    row.outcome, row.effective_on, row.decided_at = str(Outcome.LAPSED), day, now
    session().flush()
    if not converting_act(row.id):
        close_case(None, now, row, "试用期届满")


def converting_act(case_id: int) -> bool:
    """Tell whether a conversion is proposed: its signatures may still make it effective earlier."""
    act = approval_queries.open_act(store.DECIDE, store.subject_of(case_id))
    return act is not None and Outcome(act.payload["outcome"]) in CONVERTING


def close_case(actor: PersonId | None, now: datetime, row: ConversionCase, why: str) -> None:
    """Close a case: what waits for people is withdrawn, re-exams nobody has started are cancelled."""
    act = approval_queries.open_act(store.DECIDE, store.subject_of(row.id))
    if act is not None:
        approvals.withdraw(actor, now, store.chain_subject(row.id, act.id), why)
        approvals.lapse_act(now, act.id, why)
    person = PersonId(row.person_id)
    for sitting in exam_queries.sittings_of(person, kinds=SITTING_KINDS):
        mine = sitting.subject.startswith(f"enrolment:{row.enrolment_id}/") and sitting.closes_at > now
        if mine and not exam_queries.attempts_at(sitting.id, now):
            exams.cancel(None, now, sitting.id, why)
    row.closed_at = now
    session().flush()
    record(actor, "conversion.close", f"conversion:{row.id}")
