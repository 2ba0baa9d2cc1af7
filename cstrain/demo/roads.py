"""The roads that are played: one for each trainee, and those of the company around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from cstrain.demo import words
from cstrain.demo.cast import COHORTS, LAST_DAY, CohortPlan, Trainee, Turn
from cstrain.demo.company import LEAVER, STAFF
from cstrain.demo.ending import Ending
from cstrain.demo.exempting import exemptions
from cstrain.demo.hall import hall
from cstrain.demo.marking import management_exams
from cstrain.demo.mystery import mystery_customers
from cstrain.demo.sittings import unified_sitting
from cstrain.demo.stage import Road
from cstrain.demo.trip import HR, HR_MANAGER, Step, Trip
from cstrain.demo.world import World
from cstrain.extensions import local_date
from cstrain.grading import service as grading
from cstrain.grading.queries import scores_of, slot_results
from cstrain.notifications.service import mark_all_read
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding import service
from cstrain.onboarding.conversion import queries as conversion_queries
from cstrain.onboarding.conversion import service as conversion
from cstrain.onboarding.conversion.rules.elimination import EliminationInput
from cstrain.people import service as people
from cstrain.people.facts import LeaveKind
from cstrain.rulebook.queries import acknowledgement, outstanding, recruitment_conditions
from cstrain.rulebook.service import acknowledge

_LEFT_DAYS_AGO = 24
_LEAVE_DAYS = 4
_MORNING = (8, 12)
_ELIMINATED_AFTER = 3
_PAPERS_ARRANGED_FROM = 18
_CHECKED_AFTER = 5


def starts_on(world: World, cast: Trainee) -> date:
    """Return day 1 of a trainee, counted back from their last working day."""
    back = cast.ordinal + (1 if cast.turn is Turn.ON_LEAVE else -1)
    return world.working_day(cast.place, world.last_working_day(cast.place), back)


def roads(world: World, trainees: Sequence[Trainee]) -> Iterable[Road]:
    """Return the company's roads and those of these trainees with their cohorts."""
    cohorts: dict[str, int] = {}
    starts = {cast.staff_no: starts_on(world, cast) for cast in trainees}
    plans = [plan for plan in COHORTS if any(cast.cohort == plan.key for cast in trainees)]
    yield _policies(world)
    yield _leaver(world)
    yield _stand_in(world)
    yield _samples(world)
    yield unified_sitting(world)
    yield exemptions(world)
    yield _readers(world)
    yield from management_exams(world)
    yield mystery_customers(world)
    yield from hall(world)
    for number, plan in enumerate(plans, start=1):
        first = min(starts[cast.staff_no] for cast in trainees if cast.cohort == plan.key)
        yield _cohort(world, plan, number, first, cohorts)
    for cast in trainees:
        yield _trainee(world, Trip(world, cast, starts[cast.staff_no]), cohorts)
    for plan in plans:
        if plan.evaluation:
            yield _evaluation(world, plan.key, plan.evaluation, cohorts)


def _trainee(world: World, trip: Trip, cohorts: dict[str, int]) -> Road:
    cast = trip.cast
    arrives = world.at(world.working_day(cast.place, trip.starts_on, 1), 15)
    yield arrives
    trip.arrive(arrives, cohorts[cast.cohort])
    now = world.at(world.today, *_MORNING)
    for step in sorted(_steps(trip), key=lambda step: step.at):
        if step.at >= now:
            break
        yield step.at
        step.act(step.at)


def _steps(trip: Trip) -> list[Step]:
    """Return everything that happens on a trainee's road after the arrival."""
    cast, world = trip.cast, trip.world
    last = world.last_working_day(cast.place)
    whole = _whole_days(cast, resting=last < world.today)
    found = trip.days(range(1, whole + 1))
    if cast.turn is Turn.ELIMINATED:
        return found + _elimination(trip)
    if cast.turn is Turn.ON_LEAVE:
        return [*found, Step(trip.minute(trip.dates[cast.ordinal], 17, 55), partial(_leave, trip))]
    if cast.ordinal > _PAPERS_ARRANGED_FROM:
        found += Ending(trip).steps()
    if whole < min(cast.ordinal, LAST_DAY):
        found.append(Step(world.at(last, 8, 6), partial(trip.begin, number=cast.ordinal)))
    if cast.appeals:
        found.append(Step(trip.minute(trip.dates[18], 18, 30), partial(_appeal, trip)))
    return found


def _whole_days(cast: Trainee, *, resting: bool) -> int:
    """Return how many days are played to their end: on a day of rest the last working day is over, too."""
    if cast.turn is Turn.ELIMINATED:
        return _ELIMINATED_AFTER
    if cast.turn is Turn.ON_LEAVE:
        return cast.ordinal
    over = cast.ordinal if resting and not cast.keeps_open else cast.ordinal - 1
    return min(over, LAST_DAY)


def _appeal(trip: Trip, now: datetime) -> None:
    """Appeal against the released day exam the story names."""
    for score in scores_of(trip.person, now):
        if score.attempt.paper.ref == trip.cast.appeals:
            wrong = [one.slot for one in slot_results(score.attempt.id, now) if not one.earned]
            grading.file_appeal(trip.person, now, score.attempt.id, wrong[0], words.APPEAL)


def _leave(trip: Trip, now: datetime) -> None:
    """HR records a leave from the next working day on; the days not begun move."""
    first = trip.dates[trip.cast.ordinal] + timedelta(days=1)
    last = trip.world.today + timedelta(days=_LEAVE_DAYS)
    people.record_leave(trip.hr, now, trip.person, first, last, LeaveKind.PERSONAL, words.LEAVE_REASON)


def _elimination(trip: Trip) -> list[Step]:
    at, fourth, fifth = trip.minute, trip.dates[4], trip.dates[5]
    return [
        Step(at(fourth, 10, 0), partial(_propose_elimination, trip)),
        Step(at(fourth, 15, 0), partial(_answer, trip)),
        Step(at(fifth, 10, 0), partial(_confirm_elimination, trip)),
    ]


def _propose_elimination(trip: Trip, now: datetime) -> None:
    day = trip.dates[4]
    document, condition = next(found for found in recruitment_conditions(day) if found[1].id == "phrases")
    known = acknowledgement(trip.person, document.ref)
    entry = EliminationInput(
        condition=f"《{document.title}》：{condition.title}。{condition.text}",
        acknowledged_on=local_date(known.acknowledged_at) if known else None,
        evidence=words.ELIMINATION_EVIDENCE,
        union_notice=words.UNION_NOTICE,
        reasons=words.ELIMINATION_REASONS,
        last_day=trip.dates[5],
    )
    conversion.propose_elimination(trip.hr, now, trip.enrolment, entry)


def _elimination_of(trip: Trip) -> int:
    found = conversion_queries.elimination_of_enrolment(trip.enrolment)
    if found is None:
        raise LookupError("no elimination was proposed")
    return found.id


def _answer(trip: Trip, now: datetime) -> None:
    conversion.answer_elimination(trip.person, now, _elimination_of(trip), words.ANSWER)


def _confirm_elimination(trip: Trip, now: datetime) -> None:
    conversion.confirm_elimination(trip.world.one(HR_MANAGER), now, _elimination_of(trip))


def _policies(world: World) -> Road:
    """Everybody on board acknowledges the documents, one after the other, the day after the beginning."""
    day = world.founded + timedelta(days=1)
    for place, employee in enumerate(STAFF):
        at = world.at(day, 9) + timedelta(minutes=7 * place)
        yield at
        person = world.one(employee.staff_no)
        for document in outstanding(person, day):
            acknowledge(person, at, document.ref, document.edition, document.digest)


def _leaver(world: World) -> Road:
    last = world.working_day("SQ1", world.today - timedelta(days=_LEFT_DAYS_AGO), 1)
    at = world.at(world.working_day("SQ1", last, 10), 10)
    yield at
    people.leave_company(world.one(HR), at, world.one(LEAVER), last, "个人原因辞职", world.one("HM022"))


def _stand_in(world: World) -> Road:
    at = world.at(world.working_day("HR", world.today, 2), 14)
    yield at
    first, last = world.today - timedelta(days=1), world.today + timedelta(days=5)
    people.appoint_stand_in(
        world.one(HR_MANAGER), at, world.one("HM003"), world.one("HM002"), first, last, words.STAND_IN_REASON
    )


def _samples(world: World) -> Road:
    """Once a week HR checks the signatures that were drawn, but for those of the last days."""
    day = world.founded
    while True:
        day += timedelta(days=1)
        if day.weekday() != 3 or not world.calendars["HR"].is_working(day):
            continue
        at = world.at(day, 15, 30)
        yield at
        for sample in onboarding.samples(waiting=True):
            if at - sample.drawn_at > timedelta(days=_CHECKED_AFTER):
                service.confirm_sample(world.one(HR), at, sample.id, True, words.SAMPLE_NOTE)


def _readers(world: World) -> Road:
    """Two days ago everybody read their notices; what came since is new."""
    at = world.at(world.working_day("HR", world.today, 2), 19)
    yield at
    for person in sorted(world.people.values()):
        mark_all_read(person, at)


def _cohort(world: World, plan: CohortPlan, number: int, first: date, cohorts: dict[str, int]) -> Road:
    at = world.at(world.working_day("HR", first, 3), 14)
    yield at
    name = f"{first.year}年{first.month}月{plan.name}（第{number}期）"
    cohorts[plan.key] = service.create_cohort(world.one(HR), at, name, plan.programme, first)


def _evaluation(world: World, key: str, text: str, cohorts: dict[str, int]) -> Road:
    at = world.at(world.working_day("HR", world.today - timedelta(days=60), 1), 16)
    yield at
    service.evaluate_cohort(world.one(HR), at, cohorts[key], text)
