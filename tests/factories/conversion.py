"""A trainee on the day of the conversion exam, and the road from there. All need an application context."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cstrain.kernel.ids import PersonId

ZONE = ZoneInfo("Asia/Shanghai")
HIRED = date(2026, 10, 26)  # a Monday; day 22 is 19 November on a six-day week
EXAM = date(2026, 11, 19)
END = date(2026, 12, 25)
_events = itertools.count(1)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of company time."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def load_content() -> None:
    """Bring in everything that travels with the product (slow: once a run)."""
    from cstrain.onboarding.service import load_programmes
    from cstrain.unit_of_work import unit_of_work
    from tests.conftest import START
    from tests.factories.questions import load_shipped_banks

    load_shipped_banks()
    with unit_of_work():
        load_programmes(START)


@dataclass
class Office:
    """Everybody who has a say, and the trainee."""

    trainee: PersonId
    mentor: PersonId
    supervisor: PersonId
    hr: PersonId
    hr_manager: PersonId
    gm_office: PersonId
    gm: PersonId
    enrolment: int
    case: int = 0

    @property
    def chain(self) -> tuple[PersonId, ...]:
        """Those who give opinions, in order."""
        return (self.mentor, self.supervisor, self.hr, self.gm_office, self.gm)


def make_office(*, name: str = "陈嘉豪", probation_end: date | None = END, signed: int = 21) -> Office:
    """Make a department with all offices and a trainee who has ``signed`` days signed."""
    from cstrain.onboarding import service
    from cstrain.unit_of_work import unit_of_work
    from tests.factories import people as make

    place = make.make_department(f"售后客服{next(_events)}组")
    trainee = make.make_person(
        name, roles=(), department=place, hire_date=HIRED, status="probation", post="客服专员"
    )
    make.make_contract(trainee, starts_on=HIRED, ends_on=date(2029, 10, 25), probation_end=probation_end)
    mentor = make.make_person("赵倩", roles=["mentor"], department=place)
    supervisor = make.make_person("周敏", roles=["supervisor"], department=place)
    hr = make.make_person("何静", roles=["hr"])
    manager = make.make_person("林晓雯", roles=["hr_manager"])
    gm_office = make.make_person("李岩", roles=["gm_office"])
    gm = make.make_person("王珂", roles=["gm"])
    with unit_of_work():
        cohort = service.create_cohort(hr, at(HIRED), f"第{next(_events)}期", "new-agent", HIRED)
        enrolment = service.enrol(
            hr, at(HIRED), trainee, cohort, HIRED, mentor=mentor, window_acknowledged=True
        )
    office = Office(trainee, mentor, supervisor, hr, manager, gm_office, gm, enrolment)
    sign(office, signed)
    return office


def sign(office: Office, days: int) -> None:
    """Sign the first ``days`` days (rows as the signing service leaves them)."""
    from cstrain.extensions import session
    from cstrain.onboarding.models import SignOff
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        for number in range(1, days + 1):
            session().add(
                SignOff(
                    enrolment_id=office.enrolment,
                    day_number=number,
                    signed_by=office.mentor,
                    capacity="mentor",
                    work_state=4,
                    remark="稳",
                    signed_at=at(HIRED) + timedelta(days=number),
                    late=number == 5,
                    out_of_order=False,
                    mentor_seen_at=None,
                )
            )


def arrange(office: Office, on_day: date = EXAM) -> None:
    """Arrange the three conversion papers, which opens the case."""
    from cstrain.onboarding.conversion import queries, service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.schedule_conversion(office.hr, at(HIRED), office.enrolment, on_day)
    case = queries.case_for_enrolment(office.enrolment)
    assert case is not None
    office.case = case.id


def sit(office: Office, paper_ref: str, *, right: bool, kind: str = "conversion") -> int:
    """Sit a paper with only right or only blank answers, hand in, and return the attempt."""
    from cstrain.exams import queries, service
    from cstrain.exams.facts import SentEvent
    from cstrain.unit_of_work import unit_of_work

    sitting = next(
        one for one in queries.sittings_of(office.trainee, kinds=(kind,)) if one.paper.ref == paper_ref
    )
    now = sitting.opens_at + timedelta(minutes=1)
    with unit_of_work():
        attempt = service.start(office.trainee, sitting.id, now, "tab", seed=next(_events))
    if right:
        sent = [
            SentEvent(f"e{next(_events)}", number, slot, json.dumps(value), 0, True)
            for number, (slot, value) in enumerate(right_answers(attempt).items(), start=1)
        ]
        with unit_of_work():
            service.save(office.trainee, attempt, now, 1, sent)
    with unit_of_work():
        service.submit(office.trainee, attempt, f"k{attempt}", now + timedelta(minutes=30))
    return attempt


def right_answers(attempt: int) -> dict[int, object]:
    """Return the response of each slot that earns full marks, in the attempt's own option ids."""
    from cstrain.exams.queries import markable_slots
    from cstrain.questions.queries import keyed_versions
    from cstrain.questions.question_type import question_types

    slots = markable_slots(attempt)
    versions = keyed_versions([slot.version_id for slot in slots])
    found: dict[int, object] = {}
    for slot in slots:
        version = versions[slot.version_id]
        kind = question_types().get(version.type)
        best = next(one for one in kind.samples(version.content, version.key) if one.fraction == 1)
        found[slot.slot] = _as_places(best.response, slot.option_order)
    return found


def _as_places(value: object, order: tuple[int, ...]) -> object:
    if isinstance(value, list):
        return [_as_places(item, order) for item in value]
    if order and isinstance(value, str) and value.isdecimal():
        return str(order.index(int(value)))
    return value


def release(office: Office, attempts: list[int], now: datetime) -> None:
    """Release results by two persons."""
    from cstrain.grading import service
    from cstrain.grading.band.queries import banded
    from cstrain.grading.band.service import look
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        for near in banded(now):
            if near.must and near.waiting.attempt.id in attempts:
                look(office.hr, now, near.waiting.attempt.id, "看过")
        service.propose_release(office.hr, now, attempts)
    with unit_of_work():
        service.confirm_release(office.hr_manager, now, attempts)


def take_exam(
    office: Office, *, failed: tuple[str, ...] = (), released: datetime | None = None
) -> dict[str, int]:
    """Sit and release all three papers; ``failed`` names banks answered blank."""
    attempts = {
        bank: sit(office, f"conversion-{bank}", right=bank not in failed)
        for bank in ("product", "rules", "oa")
    }
    release(office, list(attempts.values()), released or at(EXAM, 17))
    return attempts


def state_no_violation(office: Office, now: datetime) -> None:
    """HR states that there was no violation."""
    from cstrain.onboarding.conversion import service
    from cstrain.onboarding.conversion.facts import Violations
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.state_violations(office.hr, now, office.case, Violations.NONE)


def give_all(office: Office, now: datetime, *, verdict: str = "agree") -> None:
    """Give all opinions that are due, each by the right person."""
    from cstrain.approvals import service
    from cstrain.approvals.queries import waiting_for
    from cstrain.unit_of_work import unit_of_work

    for person in office.chain:
        with unit_of_work():
            waiting = [one for one in waiting_for(person, now) if one.chain.about_id == office.trainee]
            assert waiting, f"nothing waits for {person}"
            rating = 4 if waiting[0].opinion.rates else None
            service.give_opinion(person, now, waiting[0].chain.id, verdict, "已核对", rating)


def decide(office: Office, now: datetime, outcome: str, **more: object) -> int:
    """Propose a decision, give all opinions, confirm it; return the decision."""
    from cstrain.onboarding.conversion import service
    from cstrain.onboarding.conversion.facts import Outcome
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.propose_decision(
            office.hr, now, office.case, Outcome(outcome), "成绩和表现都达到要求", **more
        )
    give_all(office, now)
    with unit_of_work():
        return service.confirm_decision(office.hr_manager, now, office.case)
