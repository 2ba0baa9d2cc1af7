"""How a trainee's road ends: the conversion papers, the offices' opinions, the decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from cstrain.approvals import queries as approvals
from cstrain.approvals import service as approval_service
from cstrain.demo import words
from cstrain.demo.answering import sit
from cstrain.demo.cast import Turn
from cstrain.demo.trip import HR_MANAGER, Step, Trip
from cstrain.exams import queries as exams
from cstrain.extensions import local_date
from cstrain.grading import service as grading
from cstrain.grading.band.queries import banded_of
from cstrain.grading.band.service import look
from cstrain.grading.queries import waiting_release
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import AttemptId, CaseId, PersonId
from cstrain.onboarding import service as onboarding
from cstrain.onboarding.conversion import queries as cases
from cstrain.onboarding.conversion import service as conversion
from cstrain.onboarding.conversion.facts import Outcome, Violations
from cstrain.people import queries as people_queries

GM_OFFICE, GM, TRAINER = "HM003", "HM001", "HM009"
EXAM_DAY = 22
_RESIT_AFTER = 2
_LAST_GO = 12


class Ending:
    """The acts after the taught days of one trip."""

    def __init__(self, trip: Trip) -> None:
        self.trip = trip
        self.world = trip.world

    @property
    def hr_manager(self) -> PersonId:
        """The second person of HR."""
        return self.world.one(HR_MANAGER)

    @property
    def case(self) -> CaseId:
        """The conversion case."""
        found = cases.case_for_enrolment(self.trip.enrolment)
        if found is None:
            raise LookupError("the papers have not been arranged yet")
        return found.id

    def after(self, days: int) -> date:
        """Return the trainee's rostered day so many after the exam day."""
        plan = people_queries.work_plan(self.trip.person)
        day = self.trip.dates[EXAM_DAY]
        while days:
            day += timedelta(days=1)
            days -= plan.is_rostered(day)
        return day

    def steps(self) -> list[Step]:
        """Return what happens around and after the conversion exam, as the story has it."""
        trip, turn = self.trip, self.trip.cast.turn
        at, exam_on = trip.minute, trip.dates[EXAM_DAY]
        found = [Step(at(trip.dates[18], 11, 0), self.arrange)]
        found.append(Step(at(exam_on, 17, 20), self.sum_up))
        found.append(Step(at(exam_on, 17, 40), self.propose_release))
        if turn is not Turn.UNRELEASED:
            found.append(Step(at(exam_on, 18, 0), self.confirm_release))
        if turn in {Turn.RESIT_WAITS, Turn.RESIT_PASSED, Turn.EXTENDED}:
            found.append(Step(at(exam_on, 18, 20), self.train))
        if turn in {Turn.RESIT_PASSED, Turn.EXTENDED}:
            found += self._resit(self.after(_RESIT_AFTER))
        if turn in {Turn.CONVERTED, Turn.CHAIN}:
            found += self._opinions(1, Outcome.NEXT_DAY)
        if turn is Turn.RESIT_PASSED:
            found += self._opinions(_RESIT_AFTER + 1, Outcome.AFTER_MONTH)
        if turn is Turn.EXTENDED:
            found += self._extension(_RESIT_AFTER + 1)
        return found

    def _resit(self, day: date) -> list[Step]:
        at = self.trip.minute
        return [
            Step(at(day, 16, 0), self.sit_again),
            Step(at(day, 17, 40), self.propose_release),
            Step(at(day, 18, 0), self.confirm_release),
        ]

    def _opinions(self, after: int, outcome: Outcome) -> list[Step]:
        """Return the proposal on the ``after``-th day, the opinions of two days, the decision."""
        first, second, at = self.after(after), self.after(after + 1), self.trip.minute
        found = [
            Step(at(first, 9, 20), self.state_no_violation),
            Step(at(first, 9, 40), partial(self.propose, outcome=outcome)),
            Step(at(first, 10, 30), self._says(self.trip.mentor, words.MENTOR_OPINION)),
            Step(at(first, 14, 30), self._says(self.trip.supervisor, words.SUPERVISOR_OPINION)),
            Step(at(second, 9, 30), self._says(self.hr_manager, words.HR_OPINION)),
        ]
        if self.trip.cast.turn is Turn.CHAIN:
            return found
        return [
            *found,
            Step(at(second, 11, 0), self._says(self.world.one(GM_OFFICE), words.OFFICE_OPINION)),
            Step(at(second, 15, 0), self._says(self.world.one(GM), words.GM_OPINION)),
            Step(at(second, 16, 0), self.confirm),
            Step(at(second, 18, 30), self.rate),
        ]

    def _extension(self, after: int) -> list[Step]:
        day, at = self.after(after), self.trip.minute
        return [
            Step(at(day, 8, 40), self.offer_extension),
            Step(at(day, 9, 0), self.consent),
            *self._opinions(after, Outcome.EXTEND)[:-1],
            Step(at(self.after(after + 1), 17, 0), self.arrange_last),
        ]

    def _says(self, person: PersonId | None, text: str) -> Callable[[datetime], None]:
        if person is None:
            raise LookupError("a trainee without a mentor cannot be converted here")
        return partial(self.opine, person=person, text=text)

    def arrange(self, now: datetime) -> None:
        """HR arranges the three papers on their day."""
        conversion.schedule_conversion(self.trip.hr, now, self.trip.enrolment)

    def sum_up(self, now: datetime) -> None:
        """The trainee writes the summary."""
        conversion.write_summary(self.trip.person, now, self.case, words.SUMMARY)

    def _unreleased(self, now: datetime) -> list[AttemptId]:
        mine = [one.attempt for one in waiting_release(now) if one.attempt.person_id == self.trip.person]
        return [attempt.id for attempt in mine]

    def propose_release(self, now: datetime) -> None:
        """HR proposes to release what the trainee sat, after a look at what lies near the pass mark."""
        self._look(self.hr_manager, now)
        grading.propose_release(self.trip.hr, now, self._unreleased(now))

    def confirm_release(self, now: datetime) -> None:
        """The second person releases; the case follows the results. New marks may have widened the band."""
        self._look(self.trip.hr, now)
        grading.confirm_release(self.hr_manager, now, self._unreleased(now))

    def _look(self, person: PersonId, now: datetime) -> None:
        """Somebody looks at what must be looked at before it can be shown."""
        for near in banded_of(waiting_release(now)):
            if near.must and near.waiting.attempt.person_id == self.trip.person:
                look(person, now, near.waiting.attempt.id, words.NEAR_THE_LINE)

    def train(self, now: datetime) -> None:
        """The trainer sets special training."""
        conversion.set_training(self.world.one(TRAINER), now, self.case, words.SPECIAL_TRAINING)

    def sit_again(self, now: datetime) -> None:
        """Sit the re-exams of today."""
        trip = self.trip
        for sitting in sorted(exams.sittings_of(trip.person, kinds=["resit"]), key=lambda one: one.opens_at):
            started = sitting.opens_at + timedelta(minutes=5)
            target = trip.mark(sitting.paper.ref, "resit-")
            sit(trip.person, sitting.id, started, 45, target, trip.chance)

    def state_no_violation(self, now: datetime) -> None:
        """HR states that there was no violation."""
        conversion.state_violations(self.trip.hr, now, self.case, Violations.NONE)

    def propose(self, now: datetime, outcome: Outcome) -> None:
        """HR proposes the outcome; the offices are asked."""
        until = self._until() if outcome is Outcome.EXTEND else None
        reason = words.DECISION_REASONS[outcome]
        conversion.propose_decision(self.trip.hr, now, self.case, outcome, reason, until)

    def opine(self, now: datetime, person: PersonId, text: str) -> None:
        """Somebody gives the opinion that is due from them."""
        extended = self.trip.cast.turn is Turn.EXTENDED
        for waiting in approvals.waiting_for(person, now):
            if waiting.chain.about_id == self.trip.person:
                rating = (3 if extended else self.trip.cast.state) if waiting.opinion.rates else None
                says = words.EXTENSION_OPINION if extended else text
                approval_service.give_opinion(person, now, waiting.chain.id, "agree", says, rating)

    def confirm(self, now: datetime) -> None:
        """The second person confirms the decision."""
        conversion.confirm_decision(self.hr_manager, now, self.case)

    def rate(self, now: datetime) -> None:
        """The trainee rates mentor and programme."""
        stars = self.trip.chance.choice((4, 5, 5))
        onboarding.rate(self.trip.person, now, self.trip.enrolment, 5, stars, words.RATING)

    def _until(self) -> date:
        return add_months(self.trip.starts_on, 3) - timedelta(days=1)

    def offer_extension(self, now: datetime) -> None:
        """HR asks for consent to one more month."""
        conversion.offer_extension(self.trip.hr, now, self.case, self._until())

    def arrange_last(self, now: datetime) -> None:
        """HR arranges the paper that is still missing, some weeks on."""
        on = self.world.working_day(self.trip.cast.place, self.world.today + timedelta(days=_LAST_GO), 1)
        conversion.arrange_paper(self.trip.hr, now, self.case, "conversion-oa", on)

    def consent(self, now: datetime) -> None:
        """The trainee consents in writing."""
        today = local_date(now)
        conversion.record_consent(self.trip.person, now, self.case, self._until(), today, words.CONSENT)
