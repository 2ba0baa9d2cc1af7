"""Sittings of the papers of days: arranged with the plan, moved with it; quizzes at first asking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.exams import service as exam_service
from cstrain.exams.facts import SittingFacts
from cstrain.extensions import local_date, zone
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId, SittingId
from cstrain.onboarding.facts import EnrolmentFacts, EnrolmentState, subject_of, subjects_of
from cstrain.onboarding.policy import DaySpec, Programme
from cstrain.onboarding.queries.enrolments import enrolment, planned_days, programme
from cstrain.onboarding.rules.days import check_open
from cstrain.onboarding.service.common import instant, not_self
from cstrain.onboarding.store import MISSING, onboarding_rules

Window = tuple[datetime, datetime]


def start_quiz(person: PersonId, now: datetime, enrolment_id: EnrolmentId, number: int) -> SittingId:
    """Return the trainee's own quiz sitting of a day, made at first asking. Quizzes may be retaken.

    Refuses a day that is not open and a day without a quiz.
    """
    facts = enrolment(enrolment_id)
    spec = programme(enrolment_id).day(number)
    if facts.person != person or spec is None or spec.quiz is None:
        raise NotFoundError(MISSING)
    on_day = planned_days(enrolment_id)[number]
    check_open(facts.state, on_day, local_date(now), number)
    opens_at = instant(on_day, time())
    return exam_service.ensure_quiz(
        now,
        paper_ref=spec.quiz,
        subject=subject_of(enrolment_id, number),
        person=person,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=onboarding_rules().quiz_open_days),
    )


def schedule_day_exam(
    actor: PersonId | None,
    now: datetime,
    enrolment_id: EnrolmentId,
    number: int,
    *,
    window: Window | None = None,
    place: str = "",
    kinds: Collection[str] | None = None,
) -> list[SittingId]:
    """Arrange the papers of a day for one trainee; return the new sittings.

    Without a ``window`` they are open on the planned day (08:30–20:00 by the chapter). Papers that already
    have a sitting still to come, or an attempt, are left alone; ``kinds`` limits which kinds of papers.
    Refuses when there is nothing to arrange, or when the bank cannot give this person a new form; conversion
    papers have hours and conditions of their own and are arranged by the conversion.
    """
    facts = enrolment(enrolment_id)
    not_self(actor, facts.person)
    plan = programme(enrolment_id)
    spec = plan.day(number)
    if spec is None:
        raise NotFoundError(MISSING)
    _check_day_papers(plan, spec)
    window = window or day_window(planned_days(enrolment_id)[number])
    made = _arrange(actor, now, facts, spec, window, place, kinds)
    if not made:
        raise ConflictError("第%(number)s天没有需要安排的考试，或者已经安排好了。", number=number)
    return made


def _check_day_papers(plan: Programme, spec: DaySpec) -> None:
    if spec.exams and not plan.day_papers(spec.day):
        raise ConflictError(
            "没有安排：第%(number)s天考的是转正试卷。请在学员的转正页安排转正考试。", number=spec.day
        )


def day_window(on_day: date) -> Window:
    """Return when the papers of a day are open by the chapter."""
    policy = onboarding_rules()
    return instant(on_day, policy.exam_opens), instant(on_day, policy.exam_closes)


def schedule_planned(actor: PersonId | None, now: datetime, enrolment_id: EnrolmentId) -> list[SittingId]:
    """Arrange the papers of all days still to come, of the kinds that the chapter arranges by itself."""
    facts = enrolment(enrolment_id)
    dates = planned_days(enrolment_id)
    kinds = onboarding_rules().schedule_kinds
    made: list[SittingId] = []
    for spec in programme(enrolment_id).days:
        window = day_window(dates[spec.day])
        if spec.exams and window[1] > now:
            made += _arrange(actor, now, facts, spec, window, "", kinds)
    return made


def _arrange(
    actor: PersonId | None,
    now: datetime,
    facts: EnrolmentFacts,
    spec: DaySpec,
    window: Window,
    place: str,
    kinds: Collection[str] | None,
) -> list[SittingId]:
    arranged = _arranged(facts, spec, now)
    made = []
    for ref in programme(facts.id).day_papers(spec.day):
        kind = exams.paper(ref, now).kind
        if ref in arranged or (kinds is not None and kind not in kinds):
            continue
        made.append(
            exam_service.schedule(
                actor if actor != facts.person else None,
                now,
                paper_ref=ref,
                kind=kind,
                subject=subject_of(facts.id, spec.day),
                people=[facts.person],
                opens_at=window[0],
                closes_at=window[1],
                place=place,
            )
        )
    return made


def _arranged(facts: EnrolmentFacts, spec: DaySpec, now: datetime) -> set[str]:
    """Return the papers of a day for which there is a sitting still open or an attempt."""
    mine = {one.id for one in exams.sittings_of(facts.person)}
    found = set()
    for sitting in exams.sittings_for(subjects_of(facts, spec.day)):
        if sitting.id not in mine or sitting.cancelled or sitting.kind == "quiz":
            continue
        if sitting.closes_at > now or exams.attempts_at(sitting.id, now):
            found.add(sitting.paper.ref)
    return found


def move_exams(
    actor: PersonId | None,
    now: datetime,
    enrolment_id: EnrolmentId,
    before: Mapping[int, date],
    after: Mapping[int, date],
    reason: str,
) -> int:
    """Give the sittings of moved days their new dates, at the same hours; return how many were moved.

    One that somebody has started stays as it is. The trainee hears of it with the new dates.
    """
    facts = enrolment(enrolment_id)
    specs = programme(enrolment_id)
    moved = 0
    for number, day in after.items():
        spec = specs.day(number)
        if spec is None or not spec.exams or before.get(number) == day:
            continue
        for sitting in _not_started(exams.sittings_for([subject_of(enrolment_id, number)]), now):
            window = _on_day(sitting, day)
            ahead = window[1] > now
            exam_service.cancel(actor, now, sitting.id, reason, tell=not ahead)
            if ahead:
                _again(actor, now, facts, sitting, window)
            moved += ahead
    return moved


def _on_day(sitting: SittingFacts, day: date) -> Window:
    """Return the window of a sitting on another day: what was arranged for certain hours keeps them."""
    opens_at, closes_at = sitting.opens_at.astimezone(zone()), sitting.closes_at.astimezone(zone())
    shift = day - opens_at.date()
    return (opens_at + shift).astimezone(UTC), (closes_at + shift).astimezone(UTC)


def _again(
    actor: PersonId | None, now: datetime, facts: EnrolmentFacts, sitting: SittingFacts, window: Window
) -> None:
    made = exam_service.schedule(
        actor if actor != facts.person else None,
        now,
        paper_ref=sitting.paper.ref,
        kind=sitting.kind,
        subject=sitting.subject,
        people=[facts.person],
        opens_at=window[0],
        closes_at=window[1],
        place=sitting.place,
        title=sitting.title,
        tell=False,
    )
    exam_service.carry_over(actor, now, sitting.id, made)


def _not_started(sittings: Iterable[SittingFacts], now: datetime) -> list[SittingFacts]:
    return [
        one
        for one in sittings
        if not one.cancelled and one.kind != "quiz" and not exams.attempts_at(one.id, now)
    ]


def cancel_exams(
    actor: PersonId | None, now: datetime, enrolment_id: EnrolmentId, reason: str, *, tell: bool = True
) -> None:
    """Cancel the sittings of days that nobody has started (the enrolment ended or is paused)."""
    numbers = [spec.day for spec in programme(enrolment_id).days if spec.exams]
    subjects = [subject_of(enrolment_id, number) for number in numbers]
    for sitting in _not_started(exams.sittings_for(subjects), now):
        if sitting.closes_at > now:
            exam_service.cancel(actor, now, sitting.id, reason, tell=tell)


def schedule_cohort_exam(
    actor: PersonId,
    now: datetime,
    cohort_id: int,
    number: int,
    trainees: Collection[EnrolmentFacts],
    window: Window,
    place: str = "",
) -> list[SittingId]:
    """Arrange the papers of a day for several trainees of a cohort in one sitting each.

    Sittings that these trainees had of their own for the day, and have not started, are cancelled.
    """
    active = [one for one in trainees if one.state is EnrolmentState.ACTIVE]
    plan = programme(active[0].id) if active else None
    spec = plan.day(number) if plan is not None else None
    if plan is None or spec is None or not spec.exams:
        raise ConflictError("没有安排：这一期没有在训学员，或者第%(number)s天没有考试。", number=number)
    _check_day_papers(plan, spec)
    subjects = [subject_of(one.id, number) for one in active]
    for sitting in _not_started(exams.sittings_for(subjects), now):
        exam_service.cancel(actor, now, sitting.id, "改为全期统一考试", tell=False)
    made = [
        exam_service.schedule(
            actor,
            now,
            paper_ref=ref,
            kind=exams.paper(ref, now).kind,
            subject=f"cohort:{cohort_id}/day:{number}",
            people=[one.person for one in active],
            opens_at=window[0],
            closes_at=window[1],
            place=place,
        )
        for ref in plan.day_papers(number)
    ]
    record(actor, "cohort.exam", f"cohort:{cohort_id}", day=number, sittings=made)
    return made
