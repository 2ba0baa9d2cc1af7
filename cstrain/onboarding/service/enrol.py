"""Enrolling, and what becomes of an enrolment: paused, resumed, moved to another programme, closed."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.notifications.service import notify
from cstrain.onboarding.events import Enrolled, EnrolmentClosed, enrolled, enrolment_closed
from cstrain.onboarding.facts import EnrolmentState
from cstrain.onboarding.models import Enrolment, EnrolmentMoment, PlannedDay, ProgrammeEdition
from cstrain.onboarding.policy import Programme
from cstrain.onboarding.queries.enrolments import open_enrolment_of
from cstrain.onboarding.service import plan as planning
from cstrain.onboarding.service.common import need_open, need_reason, not_self
from cstrain.onboarding.service.day_exams import cancel_exams, schedule_planned
from cstrain.onboarding.service.mentors import assign_mentor, end_assignments
from cstrain.onboarding.store import get_cohort, get_enrolment, programme_of
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.unit_of_work import flush_unique

_TWICE = "没有入训：这位员工已经在训。请先结束或转出现在的培训。"


def enrol(
    actor: PersonId | None,
    now: datetime,
    person: PersonId,
    cohort_id: int,
    start_date: date,
    *,
    mentor: PersonId | None = None,
    with_pre_start: bool = False,
    window_acknowledged: bool = False,
) -> EnrolmentId:
    """Enrol somebody on probation into the programme of a cohort.

    Day 1 is the first rostered day from the start date on. Plans all days, arranges the exams of days still
    to come, names the mentor where one is given. Raises ``WindowBrokenError`` when the last day falls after
    hire date + window and nobody has acknowledged it.
    """
    not_self(actor, person)
    programme = _programme(cohort_id)
    _check_person(person, start_date)
    plan = planning.preview_enrolment(person, programme, start_date)
    planning.check_window(plan, programme, window_acknowledged)
    row = _add(actor, now, person, cohort_id, start_date, plan, with_pre_start)
    enrolment_id = EnrolmentId(row.id)
    schedule_planned(actor, now, enrolment_id)
    if mentor is not None:
        assign_mentor(actor, now, enrolment_id, mentor, start_date, "入训时指定")
    notify(
        person,
        "你已加入%(programme)s，第1天是%(day)s。",
        now=now,
        values={"programme": programme.title, "day": plan.dates[1]},
        url="/programme",
        key=f"enrolled:{row.id}",
    )
    enrolled.send(Enrolled(enrolment_id, person, actor, now))
    return enrolment_id


def _programme(cohort_id: int) -> Programme:
    """Return the edition that a cohort follows."""
    return programme_of(session().get_one(ProgrammeEdition, get_cohort(cohort_id).programme_edition_id))


def _add(
    actor: PersonId | None,
    now: datetime,
    person: PersonId,
    cohort_id: int,
    start_date: date,
    plan: planning.Plan,
    with_pre_start: bool,
) -> Enrolment:
    """Write the enrolment and its planned days."""
    programme = _programme(cohort_id)
    row = Enrolment(
        person_id=person,
        cohort_id=cohort_id,
        programme_edition_id=get_cohort(cohort_id).programme_edition_id,
        start_date=start_date,
        state=str(EnrolmentState.ACTIVE),
        window_note=planning.window_note(plan, programme),
        with_pre_start=with_pre_start and programme.pre_start is not None,
        created_by=actor,
        created_at=now,
    )
    session().add(row)
    flush_unique(_TWICE)
    session().add_all(
        PlannedDay(enrolment_id=row.id, day_number=number, on_day=day) for number, day in plan.dates.items()
    )
    session().flush()
    detail = {"person": person, "cohort": cohort_id, "start": start_date.isoformat(), "over": plan.over}
    record(actor, "enrolment.create", f"enrolment:{row.id}", last=plan.last.isoformat(), **detail)
    return row


def _check_person(person: PersonId, start_date: date) -> None:
    facts = people.get_person(person, start_date)
    if facts.status is not Status.PROBATION:
        raise DomainError("没有入训：%(name)s不在试用期。请核对人员和日期。", name=facts.name)
    if open_enrolment_of(person) is not None:
        raise ConflictError(_TWICE)


def _note(actor: PersonId | None, now: datetime, row: Enrolment, kind: str, reason: str) -> None:
    session().add(EnrolmentMoment(enrolment_id=row.id, kind=kind, reason=reason, at=now, by=actor))
    session().flush()
    record(actor, f"enrolment.{kind}", f"enrolment:{row.id}")


def pause(actor: PersonId, now: datetime, enrolment_id: EnrolmentId, reason: str) -> None:
    """Pause an enrolment (long leave): nothing is done until it is resumed; its exams are cancelled."""
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    if row.state != EnrolmentState.ACTIVE:
        raise ConflictError("没有暂停：这次培训现在不是进行中。")
    text = need_reason(reason)
    row.state = str(EnrolmentState.PAUSED)
    cancel_exams(actor, now, enrolment_id, "培训暂停", tell=False)
    _note(actor, now, row, "pause", text)
    notify(
        PersonId(row.person_id),
        "你的培训已暂停，还没考的考试先取消，恢复时会有新的日期。",
        now=now,
        url="/programme",
    )


def resume(
    actor: PersonId,
    now: datetime,
    enrolment_id: EnrolmentId,
    from_day: date,
    reason: str,
    *,
    window_acknowledged: bool = False,
) -> planning.Plan:
    """Go on with a paused enrolment: what was done stays, the rest is planned from ``from_day`` on."""
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    if row.state != EnrolmentState.PAUSED:
        raise ConflictError("没有恢复：这次培训没有暂停。")
    text = need_reason(reason)
    if from_day < local_date(now):
        raise DomainError("没有恢复：恢复日期%(day)s已经过去。请改正日期。", day=from_day)
    before, plan = planning.preview_replan(enrolment_id, from_day, now)
    programme = programme_of(session().get_one(ProgrammeEdition, row.programme_edition_id))
    planning.check_window(plan, programme, window_acknowledged)
    row.state = str(EnrolmentState.ACTIVE)
    planning.apply_plan(actor, now, row, before, plan, text, manual=True)
    schedule_planned(actor, now, enrolment_id)
    _note(actor, now, row, "resume", text)
    return plan


def transfer(
    actor: PersonId,
    now: datetime,
    enrolment_id: EnrolmentId,
    cohort_id: int,
    start_date: date,
    reason: str,
    *,
    window_acknowledged: bool = False,
) -> EnrolmentId:
    """Move somebody to another cohort; return the enrolment that goes on.

    Within the same edition the enrolment keeps its days and dates. To another programme the old enrolment
    ends as transferred, with everything on record, and a new one begins.
    """
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    need_open(row)
    text = need_reason(reason)
    cohort = get_cohort(cohort_id)
    if cohort.id == row.cohort_id:
        raise ConflictError("没有转出：已经在这一期。请选择另一期。")
    if cohort.programme_edition_id == row.programme_edition_id:
        row.cohort_id = cohort.id
        _note(actor, now, row, "cohort", text)
        return enrolment_id
    _end(actor, now, row, EnrolmentState.TRANSFERRED, text, local_date(now))
    person = PersonId(row.person_id)
    return enrol(actor, now, person, cohort_id, start_date, window_acknowledged=window_acknowledged)


def close_enrolment(
    actor: PersonId | None, now: datetime, enrolment_id: EnrolmentId, reason: str, on: date | None = None
) -> None:
    """End an enrolment (converted, eliminated, left, stopped); what was done stays, the rest is skipped."""
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    need_open(row)
    _end(actor, now, row, EnrolmentState.CLOSED, need_reason(reason), on or local_date(now))


def _end(
    actor: PersonId | None, now: datetime, row: Enrolment, state: EnrolmentState, reason: str, on: date
) -> None:
    row.state = str(state)
    row.closed_on = on
    row.close_reason = reason
    cancel_exams(actor, now, EnrolmentId(row.id), "培训结束")
    end_assignments(row.id, on)
    _note(actor, now, row, "close" if state is EnrolmentState.CLOSED else "transfer", reason)
    enrolment_closed.send(
        EnrolmentClosed(EnrolmentId(row.id), PersonId(row.person_id), reason, on, actor, now)
    )
