"""What waits for somebody in moves, and who may see a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.promotion.moves import rules
from cstrain.promotion.moves.facts import Case, Choice, SuccessionFacts
from cstrain.promotion.moves.queries.cases import cases
from cstrain.promotion.moves.queries.reach import Reach, reach
from cstrain.promotion.moves.queries.successions import successions
from cstrain.promotion.moves.rules import Move

DUTY_WORDS = {
    "assess": "越级申请等评估",
    "review": "越级申请等评审",
    "authorise": "越级申请等你授权",
    "release": "调岗申请等现部门意见",
    "receive": "调岗申请等接收部门意见",
    "arrange": "调岗申请等办理",
    "rate": "初始级别等主管评分",
    "rate_hr": "初始级别等人力资源部评分",
    "confirm": "初始级别等确认",
    "answer_appeal": "调动的申诉等你答复",
    "choose": "主管空缺，等选接任的人",
    "second": "接任人选等你确认",
    "objection": "接任公示的异议等你答复",
    "close": "接任公示到期，可以结束",
}
"""What a duty is called, as message ids."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: ``kind``, the case or the succession, and about whom."""

    kind: str
    case: Case | None = None
    succession: SuccessionFacts | None = None
    person: PersonId | None = None


@dataclass(slots=True)
class Eyes:
    """What one person may do on a day; each permission is looked up once."""

    person: PersonId
    today: date
    _known: dict[str, Reach] = field(default_factory=dict)
    _roles: frozenset[str] | None = None

    def reach(self, permission: str) -> Reach:
        """Return for which departments they hold a permission."""
        if permission not in self._known:
            self._known[permission] = reach(self.person, permission, self.today)
        return self._known[permission]

    def holds_one_of(self, offices: Sequence[str]) -> bool:
        """Tell whether they hold one of these offices."""
        if self._roles is None:
            self._roles = people.roles_of(self.person, self.today)
        return not self._roles.isdisjoint(offices)

    def can_take(self, case: Case, move: Move, home: DepartmentId) -> bool:
        """Tell whether they may take a step of a case; ``home``: the person's present department."""
        place = case.department if move.target else home
        if not rules.may_take(case, move, self.person) or not self.reach(move.permission).covers(place):
            return False
        return not move.office or self.holds_one_of(case.content.get("offices", ()))

    def can_answer(self, case: Case) -> bool:
        """Tell whether they may answer the appeal of a case: without any part in it."""
        waits = case.appeal is not None and case.appeal.decided_at is None
        return waits and self.person not in rules.acted(case) and bool(self.reach("move.decide_appeal"))

    def sees(self, case: Case, home: DepartmentId) -> bool:
        """Tell whether they may read a case: who has a part in it, who is above, the receiving head."""
        if self.person in rules.acted(case) or self.reach("move.view").covers(home):
            return True
        return case.department is not None and self.reach("move.receive").covers(case.department)


def homes(found: Sequence[Case], today: date) -> Mapping[PersonId, DepartmentId]:
    """Return the present department of the people of cases; one statement."""
    facts = people.people({one.person for one in found}, today)
    return {one.id: one.department_id for one in facts.values()}


def duties(person: PersonId, today: date) -> list[Duty]:
    """Return what waits for somebody; a fixed number of statements, however many cases are open."""
    eyes = Eyes(person, today)
    found = cases(undecided=True)
    places = homes(found, today)
    mine = [*_in_cases(eyes, found, places)]
    return [*mine, *(duty for one in successions(open_only=True) for duty in in_succession(eyes, one))]


def _in_cases(eyes: Eyes, found: Sequence[Case], places: Mapping[PersonId, DepartmentId]) -> Iterator[Duty]:
    for one in found:
        move = rules.next_move(one)
        if move is not None and eyes.can_take(one, move, places[one.person]):
            yield Duty(move.kind, one, person=one.person)
        if eyes.can_answer(one):
            yield Duty("answer_appeal", one, person=one.person)


def in_succession(eyes: Eyes, one: SuccessionFacts) -> Iterator[Duty]:
    """Yield what somebody may do in a succession that is open."""
    current = one.current
    if one.outcome is not None:
        return
    if current is None:
        if eyes.reach("move.choose").covers(one.department):
            yield Duty("choose", succession=one)
    elif eyes.person != current.person:
        yield from (Duty(kind, None, one, current.person) for kind in _with_choice(eyes, current))


def _with_choice(eyes: Eyes, current: Choice) -> Iterator[str]:
    manages = bool(eyes.reach("move.arrange"))
    if current.agreed is None:
        if manages and eyes.person != current.proposed_by:
            yield "second"
        return
    waiting = [each for each in current.objections if each.upheld is None]
    if any(can_look_into(eyes, current, each.by) for each in waiting):
        yield "objection"
    if not waiting and manages and current.last_day is not None and current.last_day < eyes.today:
        yield "close"


def can_look_into(eyes: Eyes, choice: Choice, objector: PersonId | None) -> bool:
    """Tell whether somebody may answer an objection: no part in the choice, and not their own."""
    part = {choice.person, choice.proposed_by, choice.answered_by, objector}
    return eyes.person not in part and bool(eyes.reach("move.decide_appeal"))
