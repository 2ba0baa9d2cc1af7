"""Content, cohorts, trainees with mentors, days done, for tests; within an application context."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cstrain.bundled import bundled
from cstrain.exams import queries as exams
from cstrain.exams import service as exam_service
from cstrain.exams.facts import SentEvent
from cstrain.kernel.ids import AttemptId, EnrolmentId, PersonId
from cstrain.lessons.service import confirm_read, load_shipped, open_lesson
from cstrain.onboarding import service
from cstrain.onboarding.facts import TaskKind
from cstrain.onboarding.queries import onboarding_rules, timeline
from cstrain.questions.service import load_banks
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person

LOADED_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
START_DATE = date(2026, 11, 2)


def load_content() -> None:
    """Bring in lessons, the shipped banks, papers and programmes (slow: once a session)."""
    with unit_of_work():
        load_shipped(LOADED_AT)
        load_banks(LOADED_AT, bundled("question_banks") / "daily")
        exam_service.load_papers(LOADED_AT)
        service.load_programmes(LOADED_AT)


@dataclass(frozen=True, slots=True)
class House:
    """People of a small department."""

    hr: PersonId
    mentor: PersonId
    guide: PersonId
    supervisor: PersonId
    cohort: int


def make_house(name: str = "第1期", programme: str = "new-agent", starts_on: date = START_DATE) -> House:
    """Make HR, a mentor, a guide, a supervisor and a cohort."""
    hr = make_person("何静", roles=["hr"])
    mentor = make_person("周敏", roles=["mentor"])
    guide = make_person("罗强", roles=["guide"])
    supervisor = make_person("赵倩", roles=["supervisor"])
    with unit_of_work():
        cohort = service.create_cohort(hr, LOADED_AT, name, programme, starts_on)
    return House(hr, mentor, guide, supervisor, cohort)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Return an instant of a Shanghai day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def make_trainee(name: str = "林晓雯", hire_date: date = START_DATE, **kwargs) -> PersonId:
    """Make somebody on probation."""
    return make_person(name, hire_date=hire_date, status="probation", post="客服", **kwargs)


def make_enrolment(
    house: House,
    person: PersonId | None = None,
    start: date = START_DATE,
    mentor: PersonId | None = None,
    *,
    now: datetime | None = None,
    with_mentor: bool = True,
    **kwargs,
) -> EnrolmentId:
    """Enrol somebody (a new trainee unless named) with the house's mentor and its guide on all guide days."""
    when = now or at(start, 8)
    trainee = person if person is not None else make_trainee(hire_date=start)
    named = (mentor or house.mentor) if with_mentor else None
    with unit_of_work():
        enrolment = service.enrol(
            house.hr, when, trainee, house.cohort, start, mentor=named, window_acknowledged=True, **kwargs
        )
        for day in timeline(enrolment, when).days:
            if day.spec.signed_by == "guide":
                service.assign_guide(house.hr, when, enrolment, day.number, house.guide)
    return enrolment


def take_paper(person: PersonId, sitting_id: int, now: datetime) -> AttemptId:
    """Start a paper, answer the first question with something, hand it in."""
    attempt = exam_service.start(person, sitting_id, now, "tab")
    slot = exams.taking_view(person, attempt, now).slots[0]
    event = SentEvent(f"{attempt}-1", 1, slot.slot, '"0"', None, True)
    exam_service.save(person, attempt, now, 1, [event])
    exam_service.submit(person, attempt, f"key-{attempt}", now)
    return attempt


def do_own_part(enrolment: EnrolmentId, number: int, now: datetime) -> None:
    """Do everything that the trainee does on a day, up to the confirmation."""
    with unit_of_work():
        line = timeline(enrolment, now)
        day, person = line.day(number), line.enrolment.person
        for task in day.tasks:
            if task.done or task.by != "trainee":
                continue
            if task.kind is TaskKind.LESSON:
                open_lesson(person, task.ref, now)
                confirm_read(person, task.ref, now)
            elif task.kind is TaskKind.ACTIVITY:
                service.tick_activity(person, now, enrolment, number, task.ref)
            elif task.kind is TaskKind.QUIZ:
                take_paper(person, service.start_quiz(person, now, enrolment, number), now)
            elif task.kind is TaskKind.EXAM:
                _sit(person, task.ref, now)
        service.confirm_day(person, now, enrolment, number)


def _sit(person: PersonId, paper: str, now: datetime) -> None:
    sitting = next(
        one
        for one in exams.sittings_of(person)
        if one.paper.ref == paper and one.opens_at <= now < one.closes_at
    )
    take_paper(person, sitting.id, now)


def enter_sheet(house: House, enrolment: EnrolmentId, number: int, kind: str, now: datetime, **marks) -> int:
    """Enter a good sheet, or one with these marks."""
    spec = onboarding_rules().sheet(kind)
    full = {each.id: min(each.high, Decimal(96)) for each in spec.measures}
    full |= {each.id: each.of * Decimal("0.9") for each in spec.items}
    full |= {name: Decimal(value) for name, value in marks.items()}
    with unit_of_work():
        return service.enter_sheet(house.mentor, now, enrolment, number, kind, full, "录音12号")


def do_day(
    house: House, enrolment: EnrolmentId, number: int, work_state: int = 4, remark: str = "很好"
) -> None:
    """Do a whole day on its own date: the trainee's part, sheets, signature, the mentor's look."""
    day = timeline(enrolment, LOADED_AT).day(number)
    now = at(day.on_day)
    do_own_part(enrolment, number, now)
    for kind in day.spec.sheets:
        enter_sheet(house, enrolment, number, kind, now)
    with unit_of_work():
        for task in timeline(enrolment, now).day(number).tasks:
            if task.kind is TaskKind.ACTIVITY and not task.done:
                service.tick_activity(house.mentor, now, enrolment, number, task.ref)
        guided = day.spec.signed_by == "guide"
        signer = house.guide if guided else house.mentor
        service.sign_day(signer, now + timedelta(hours=7), enrolment, number, work_state, remark)
        if guided:
            service.see_day(house.mentor, now + timedelta(hours=7), enrolment, number)
