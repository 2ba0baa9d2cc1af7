"""One trainee's way through the programme: hired and enrolled, learning day by day, signed by others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from cstrain.demo import words
from cstrain.demo.answering import sit
from cstrain.demo.basics import BANK, Skill, release_basics, sit_basics
from cstrain.demo.cast import Trainee, Turn
from cstrain.demo.founding import phone
from cstrain.demo.world import World
from cstrain.exams import queries as exams
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import EnrolmentId, PersonId, SittingId
from cstrain.lessons import service as lessons
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding import service
from cstrain.onboarding.facts import subject_of
from cstrain.onboarding.policy import DaySpec, Programme
from cstrain.people import service as people
from cstrain.people.facts import ContractKind, Track
from cstrain.people.service import NewContract, NewPerson
from cstrain.rulebook.queries import outstanding
from cstrain.rulebook.service import acknowledge

HR, HR_MANAGER, EXAMINER = "HM005", "HM004", "HM010"
GUIDES = {"仓储部": "HM019", "售后客服部": "HM020"}
SUPERVISORS = {"SQ1": "HM006", "SQ2": "HM007", "SH": "HM008", "CK": "HM027"}
SUBSTITUTE = "HM014"
PASS = 80
LATER_DAYS = 8
_CONTRACT_MONTHS, _PROBATION_MONTHS = 36, 2


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at an instant; ``act`` is called with it."""

    at: datetime
    act: Callable[[datetime], None]


class Trip:
    """The acts of one trainee and of those around them. Each is called with the clock at its instant."""

    def __init__(self, world: World, cast: Trainee, starts_on: date) -> None:
        self.world = world
        self.cast = cast
        self.starts_on = starts_on
        self.chance: Random = world.chance(cast.staff_no)
        self.person = PersonId(0)
        self.enrolment = EnrolmentId(0)
        self.dates: dict[int, date] = {}
        self._programme: Programme | None = None

    @property
    def programme(self) -> Programme:
        """The programme the trainee follows, read once."""
        if self._programme is None:
            self._programme = onboarding.programme(self.enrolment)
        return self._programme

    @property
    def mentor(self) -> PersonId | None:
        """The mentor, if there is one."""
        return self.world.one(self.cast.mentor) if self.cast.mentor else None

    @property
    def hr(self) -> PersonId:
        """The person of HR who arranges things."""
        return self.world.one(HR)

    @property
    def supervisor(self) -> PersonId:
        """The head of the trainee's department."""
        return self.world.one(SUPERVISORS[self.cast.place])

    def minute(self, day: date, hour: int, minute: int) -> datetime:
        """Return an instant near a time of day."""
        return self.world.at(day, hour, minute) + timedelta(seconds=self.chance.randrange(600))

    def arrive(self, now: datetime, cohort_id: int) -> None:
        """HR enters the new hire, enrols them with their mentor, and names the guides."""
        self.person = people.hire(self.hr, now, self._new_hire())
        self.world.people[self.cast.staff_no] = self.person
        people.store_password(self.person, self.world.password_hash)
        self.enrolment = service.enrol(
            self.hr,
            now,
            self.person,
            cohort_id,
            self.starts_on,
            mentor=self.mentor,
            window_acknowledged=True,
        )
        for spec in self.programme.days:
            if spec.signed_by == "guide":
                guide = self.world.one(GUIDES[spec.place])
                service.assign_guide(self.hr, now, self.enrolment, spec.day, guide)
        self.dates = onboarding.planned_days(self.enrolment)

    def _new_hire(self) -> NewPerson:
        cast, first = self.cast, self.starts_on
        contract = NewContract(
            ContractKind.FIXED_TERM,
            first,
            add_months(first, _CONTRACT_MONTHS) - timedelta(days=1),
            add_months(first, _PROBATION_MONTHS) - timedelta(days=1),
            first,
        )
        return NewPerson(
            staff_no=cast.staff_no,
            name=cast.name,
            department_id=self.world.departments[cast.place],
            hire_date=first,
            post=cast.post,
            track=Track.BASIC,
            phone=phone(cast.staff_no),
            contract=contract,
        )

    def days(self, numbers: Iterable[int]) -> list[Step]:
        """Return what happens on these days of the programme: learning, signing, gates."""
        found: list[Step] = []
        for number in numbers:
            day = self.dates[number]
            found.append(Step(self.minute(day, 16, 30), partial(self.learn, number=number)))
            if self._spec(number).exams:
                found.append(Step(self.minute(day, 17, 45), self.release))
            gates = self._gates(number)
            if gates:
                found.append(Step(self.minute(day, 18, 10), partial(self.decide_gates, gates=gates)))
            if number == self.cast.substitute_day:
                before = self.minute(self.dates[number - 1], 17, 0)
                found.append(Step(before, partial(self.substitute, number=number)))
            if self.mentor is not None and number not in self.cast.unsigned_days:
                on = self.dates[number + 1] if number in self.cast.late_days else day
                found.append(Step(self.minute(on, 17, 40), partial(self.sign, number=number)))
        return found

    def begin(self, now: datetime, number: int) -> None:
        """Begin the day that is today: the page is open, the first part is ticked off, nothing more."""
        spec = self._spec(number)
        for ref in spec.lessons:
            lessons.open_lesson(self.person, ref, now)
        own = [activity for activity in spec.activities if activity.by == "trainee"]
        for activity in own[:1]:
            service.tick_activity(self.person, now, self.enrolment, number, activity.id)

    def learn(self, now: datetime, number: int) -> None:
        """Do a whole day: lessons, activities, papers, quiz, score sheets, and the confirmation."""
        spec = self._spec(number)
        day = self.dates[number]
        if number == 1:
            self._acknowledge(self.world.at(day, 10), day)
        for ref in spec.lessons:
            lessons.open_lesson(self.person, ref, self.minute(day, 8, 40))
            lessons.confirm_read(self.person, ref, self.minute(day, 9, 20))
        self._take_papers(spec)
        for activity in spec.activities:
            actor = self.person if activity.by == "trainee" else self.mentor
            if actor is not None:
                at = self.minute(day, 14, 0)
                service.tick_activity(actor, at, self.enrolment, number, activity.id)
        if spec.quiz is not None:
            self._quiz(number, day)
        for kind in spec.sheets:
            self._sheet(self.minute(day, 15, 40), spec, kind)
        service.confirm_day(self.person, now, self.enrolment, number)

    def release(self, now: datetime) -> None:
        """Two persons of HR release what the trainee sat and has consequences."""
        release_basics(self.person, self.hr, self.world.one(HR_MANAGER), now)

    def _spec(self, number: int) -> DaySpec:
        spec = self.programme.day(number)
        if spec is None:
            raise LookupError(f"the programme has no day {number}")
        return spec

    def _acknowledge(self, now: datetime, day: date) -> None:
        for document in outstanding(self.person, day):
            if document.ref != self.cast.leaves_unread:
                acknowledge(self.person, now, document.ref, document.edition, document.digest)

    def _take_papers(self, spec: DaySpec) -> None:
        if not spec.exams:
            return
        subject = subject_of(self.enrolment, spec.day)
        for sitting in sorted(exams.sittings_for([subject]), key=lambda one: one.opens_at):
            if sitting.kind == "quiz" or sitting.cancelled:
                continue
            started = sitting.opens_at + timedelta(minutes=self.chance.randrange(2, 12))
            if sitting.paper.bank == BANK:
                self._show_basics(spec.day, sitting.id, started + timedelta(hours=2))
                continue
            target = self.mark(sitting.paper.ref)
            sit(self.person, sitting.id, started, sitting.paper.minutes * 3 // 4, target, self.chance)

    def _show_basics(self, number: int, sitting: SittingId, started: datetime) -> None:
        """Sit a paper of basic ability; who marks the calls is the examiner."""
        aloud = self.cast.telephone if number < LATER_DAYS else self.cast.good_at - 3
        skill = Skill(self.typing(number), aloud, self.cast.quick_phrase)
        sit_basics(self.person, sitting, started, skill, self.world.one(EXAMINER), self.chance)

    def typing(self, number: int) -> int:
        """Return the characters a minute on a day: a little more each third day."""
        return self.cast.typing + 2 * (number // 3)

    def mark(self, paper: str, prefix: str = "") -> Decimal:
        """Return the mark reached at a paper: told by the story, else near what they are good at."""
        told = self.cast.marks.get(prefix + paper)
        if told is not None:
            return Decimal(told)
        return Decimal(max(PASS + 1, min(98, self.cast.good_at + self.chance.randrange(-4, 5))))

    def _quiz(self, number: int, day: date) -> None:
        """Take the day's quiz; below the line some take it again."""
        at = self.minute(day, 15, 0)
        sitting = service.start_quiz(self.person, at, self.enrolment, number)
        first = self.cast.good_at + self.chance.randrange(-22, 10)
        sit(self.person, sitting, at, 8, Decimal(max(40, min(100, first))), self.chance)
        if first < PASS:
            again = Decimal(min(100, self.cast.good_at + 4))
            sit(self.person, sitting, at + timedelta(minutes=20), 7, again, self.chance)

    def _sheet(self, now: datetime, spec: DaySpec, kind: str) -> None:
        observed = kind == "observation"
        actor = self.world.one(EXAMINER)
        if observed and spec.signed_by == "guide":
            actor = self.world.one(GUIDES[spec.place])
        elif observed and self.mentor is not None:
            actor = self.mentor
        number = self.chance.randrange(1000, 9999)
        evidence = f"{words.EVIDENCE[kind]}{now:%m%d}-{number}"
        service.enter_sheet(actor, now, self.enrolment, spec.day, kind, self._marks(kind, spec.day), evidence)

    def _marks(self, kind: str, number: int) -> dict[str, Decimal | None]:
        """Return the numbers of a score sheet; judged items together make what the story tells."""
        sheet = onboarding.onboarding_rules().sheet(kind)
        if kind == "typing":
            speed = self.typing(number)
            return {"speed": Decimal(speed), "accuracy": Decimal(97 if speed >= 40 else 95)}
        told = {"telephone": self.cast.telephone, "quick_phrase": self.cast.quick_phrase}
        share = told.get(kind, self.cast.good_at - 5 + self.chance.randrange(5))
        left, marks = Decimal(share), {}
        for item in sheet.items[:-1]:
            marks[item.id] = (item.of * share / 100).quantize(Decimal(1))
            left -= marks[item.id]
        last = sheet.items[-1]
        marks[last.id] = min(last.of, max(Decimal(0), left))
        return dict(marks)

    def sign(self, now: datetime, number: int) -> None:
        """The mentor (substitute, guide) signs the day; the mentor looks at a guide's; gates are decided."""
        spec = self._spec(number)
        state = self._state()
        if spec.signed_by == "guide":
            guide = self.world.one(GUIDES[spec.place])
            remark = self.chance.choice(words.GUIDE_REMARKS)
            service.sign_day(guide, now, self.enrolment, number, max(3, state), remark)
            if not (self.cast.turn is Turn.GUIDE_WAITS and number == self.cast.stops_at - 1):
                service.see_day(self._signer(number), now + timedelta(minutes=5), self.enrolment, number)
        else:
            remark = self.chance.choice(words.REMARKS[state])
            service.sign_day(self._signer(number), now, self.enrolment, number, state, remark)

    def _state(self) -> int:
        return max(1, min(5, self.cast.state + self.chance.choice((-1, 0, 0, 0, 1))))

    def _signer(self, number: int) -> PersonId:
        if number == self.cast.substitute_day:
            return self.world.one(SUBSTITUTE)
        if self.mentor is None:
            raise LookupError(f"{self.cast.staff_no} has no mentor")
        return self.mentor

    def _gates(self, number: int) -> frozenset[str]:
        """Return the gates of a day that people decide, but for those the story leaves open."""
        if self.cast.turn is Turn.GATE_OPEN and number > 1:
            return frozenset()
        return frozenset(one.id for one in self.programme.gates_of(number) if one.decided_in == "gate")

    def decide_gates(self, now: datetime, gates: frozenset[str]) -> None:
        """The supervisor decides these gates as the system proposes."""
        for found in onboarding.timeline(self.enrolment, now).gates:
            gate, proposal = found.gate.id, found.proposal
            if gate in gates and proposal is not None:
                reason = words.GATE_REASONS[proposal]
                service.decide_gate(self.supervisor, now, self.enrolment, gate, proposal, reason)

    def substitute(self, now: datetime, number: int) -> None:
        """HR names the substitute for a day."""
        day = self.dates[number]
        sub = self.world.one(SUBSTITUTE)
        service.assign_substitute(self.hr, now, self.enrolment, sub, day, day, "导师当天年假")
