"""Who waits for whose signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cstrain.extensions import local_date
from cstrain.grading.facts import ScoreFacts
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.facts import Capacity, DayFacts, TaskFacts, TaskKind, Timeline
from cstrain.onboarding.queries.mentors import enrolments_guided, enrolments_mentored
from cstrain.onboarding.queries.timelines import timelines
from cstrain.onboarding.rules.signing import days_late
from cstrain.onboarding.store import onboarding_rules
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts


@dataclass(frozen=True, slots=True)
class WaitingDay:
    """A confirmed day that waits for a signature, with what the signer wants to know of it."""

    timeline: Timeline
    day: DayFacts
    person: PersonFacts
    late: int
    ready: tuple[TaskFacts, ...]
    lacking: tuple[TaskFacts, ...]
    quiz_best: Decimal | None
    quiz_first: Decimal | None
    exams: tuple[ScoreFacts, ...]

    @property
    def key(self) -> str:
        """The name of the day in a form: enrolment and number."""
        return f"{self.timeline.enrolment.id}-{self.day.number}"


@dataclass(frozen=True, slots=True)
class MyTrainee:
    """A trainee of a mentor: how they stand, and today's open day."""

    timeline: Timeline
    person: PersonFacts
    as_substitute: bool


@dataclass(frozen=True, slots=True)
class SignerDesk:
    """What a mentor or guide has before them: days to sign, guide days to see, their trainees."""

    to_sign: tuple[WaitingDay, ...]
    to_see: tuple[WaitingDay, ...]
    trainees: tuple[MyTrainee, ...]


def signer_desk(person: PersonId, now: datetime) -> SignerDesk:
    """Return what waits for a mentor, substitute or guide today; oldest days first."""
    today = local_date(now)
    mentored = set(enrolments_mentored(person, today))
    guided = set(enrolments_guided(person))
    found = timelines(mentored | guided, now)
    facts = people.people([line.enrolment.person for line in found.values()], today)
    to_sign, to_see = [], []
    for line in found.values():
        trainee = facts[line.enrolment.person]
        is_mentored = line.enrolment.id in mentored
        to_sign += [_waiting(line, day, trainee) for day in line.days if _signs(person, day, is_mentored)]
        if is_mentored:
            to_see += [_waiting(line, day, trainee) for day in line.days if _unseen(day)]
    return SignerDesk(
        tuple(sorted(to_sign, key=_order)),
        tuple(sorted(to_see, key=_order)),
        tuple(
            MyTrainee(line, facts[line.enrolment.person], _is_substitute(person, line))
            for line in found.values()
            if line.enrolment.id in mentored
        ),
    )


def waiting_count(person: PersonId, now: datetime) -> int:
    """Return how many days wait for a person's signature or look."""
    desk = signer_desk(person, now)
    return len(desk.to_sign) + len(desk.to_see)


def waiting_day(line: Timeline, number: int, trainee: PersonFacts) -> WaitingDay | None:
    """Return one day of a timeline as a signer sees it; ``None`` without such a day."""
    day = line.day(number)
    return _waiting(line, day, trainee) if day is not None else None


def _signs(person: PersonId, day: DayFacts, is_mentored: bool) -> bool:
    if day.sign is not None or day.confirmed_at is None:
        return False
    return day.guide == person if day.spec.signed_by == "guide" else is_mentored


def _unseen(day: DayFacts) -> bool:
    sign = day.sign
    return sign is not None and sign.capacity is Capacity.GUIDE and sign.mentor_seen_at is None


def _is_substitute(person: PersonId, line: Timeline) -> bool:
    return line.mentor is None or line.mentor.mentor != person


def _order(waiting: WaitingDay) -> tuple[object, str, EnrolmentId]:
    return waiting.day.on_day, waiting.person.staff_no, waiting.timeline.enrolment.id


def _waiting(line: Timeline, day: DayFacts, trainee: PersonFacts) -> WaitingDay:
    scores = line.scores_of(day.number)
    quizzes = [one for one in scores if one.attempt.paper.ref == day.spec.quiz and one.shown is not None]
    marks = [one.shown for one in quizzes if one.shown is not None]
    others = (TaskKind.CONFIRM, TaskKind.SIGN, TaskKind.SEE)
    work = [task for task in day.tasks if task.kind not in others]
    return WaitingDay(
        timeline=line,
        day=day,
        person=trainee,
        late=days_late(day.on_day, line.today, onboarding_rules().sign_grace_days),
        ready=tuple(task for task in work if task.done),
        lacking=tuple(task for task in work if not task.done and task.required),
        quiz_best=max(marks, default=None),
        quiz_first=marks[0] if marks else None,
        exams=tuple(one for one in scores if one.attempt.paper.ref in day.spec.exams),
    )
