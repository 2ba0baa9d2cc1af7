"""Conversion hears of sittings, results and ends of enrolments, and fills its places on onboarding pages."""

from __future__ import annotations

from datetime import datetime

from cstrain.exams import queries as exams
from cstrain.exams.events import SittingScheduled, sitting_scheduled
from cstrain.extensions import session
from cstrain.grading.events import ResultReleased, result_changed, result_released
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.models import ConversionCase
from cstrain.onboarding.conversion.queries import notes_for_reader, records
from cstrain.onboarding.conversion.queries.board import panel
from cstrain.onboarding.conversion.rules import labour
from cstrain.onboarding.conversion.service.common import case_url, hr_people, name_of, tell
from cstrain.onboarding.conversion.service.lapse import close_case, converting_act
from cstrain.onboarding.conversion.service.review import review_case
from cstrain.onboarding.conversion.service.schedule import open_case
from cstrain.onboarding.events import EnrolmentClosed, enrolment_closed
from cstrain.onboarding.queries.enrolments import open_enrolment_of, programme
from cstrain.onboarding.slots import board_sources, panel_sources
from cstrain.people.events import ContractRecorded, PersonLeft, contract_recorded, person_left

board_sources.add("conversion", notes_for_reader)
panel_sources.add("conversion", panel)


def _papers(person: PersonId) -> tuple[int, frozenset[str]] | None:
    """Return a person's open enrolment with its conversion papers, or ``None``."""
    facts = open_enrolment_of(person)
    conversion = programme(facts.id).conversion if facts is not None else None
    if facts is None or conversion is None:
        return None
    return facts.id, frozenset(paper.ref for paper in conversion.papers)


@sitting_scheduled.connect
def open_on_sitting(event: SittingScheduled) -> None:
    """Open the case of everybody for whom a conversion paper is arranged."""
    sitting = exams.sitting(event.sitting_id)
    if sitting.kind != "conversion":
        return
    for person in event.people:
        found = _papers(person)
        if found is not None and sitting.paper.ref in found[1]:
            open_case(None, event.at, found[0])


@result_released.connect
def review_on_release(event: ResultReleased) -> None:
    """Look at the case again when a result of its papers is released."""
    _review(event.person_id, event.paper_ref, event.at)


@result_changed.connect
def review_on_change(event: ResultReleased) -> None:
    """Look at the case again when a released result changes; a decided case is only pointed out."""
    _review(event.person_id, event.paper_ref, event.at)


def _review(person: PersonId, paper_ref: str, at: datetime) -> None:
    case = records.latest_case_of(person)
    if case is None:
        return
    conversion = programme(case.enrolment_id).conversion
    if conversion is None or paper_ref not in {paper.ref for paper in conversion.papers}:
        return
    if case.is_open:
        review_case(at, case.id)
        return
    tell(
        hr_people(at, [person]),
        "%(name)s的转正成绩在决定之后有变更，请复核。",
        at,
        url=case_url(case.id),
        name=name_of(person, at),
    )


@enrolment_closed.connect
def close_with_enrolment(event: EnrolmentClosed) -> None:
    """Close a case that is still open when its enrolment ends (left, transferred, stopped)."""
    case = records.case_for_enrolment(event.enrolment_id)
    if case is None or not case.is_open or converting_act(case.id):
        return
    row = session().get_one(ConversionCase, case.id)
    close_case(event.actor, event.now, row, event.reason)


@person_left.listen
def close_with_leaver(event: PersonLeft) -> None:
    """Close the case of somebody who leaves, whatever was proposed."""
    case = records.latest_case_of(event.person)
    if case is not None and case.is_open:
        close_case(event.actor, event.now, session().get_one(ConversionCase, case.id), event.reason)


@contract_recorded.listen
def check_contract(event: ContractRecorded) -> None:
    """Refuse a contract whose agreed probation labour law does not allow, or a second probation."""
    labour.check_probation(store.labour_law(), event.contract)
    labour.check_one_probation(store.labour_law(), event.contract, event.earlier)
