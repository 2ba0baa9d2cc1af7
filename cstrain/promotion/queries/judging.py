"""Judging people by ladders: one person explained, and the whole staff a department at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cstrain.judgement.earliest import earliest
from cstrain.judgement.facts import Dossier
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.pay import queries as pay
from cstrain.pay.policy import PayScheme
from cstrain.people import queries as people_queries
from cstrain.people.facts import StandingFacts, Status
from cstrain.promotion import ladders, rules
from cstrain.promotion.facts import Change, Explanation, Group, Judged, Simulation
from cstrain.promotion.queries.bindings import ladders_by_department
from cstrain.promotion.queries.dossier import BATCH, Shared, dossiers, gather

Choose = Callable[[StandingFacts], Sequence[Ladder]]
"""Which ladders to judge somebody by."""


def explain(person: StandingFacts, ladder: Ladder, on: date) -> Explanation:
    """Judge a person by the next step of a ladder on a day, with the facts and the earliest day."""
    dossier = gather([person.id], on).get(person.id, Dossier())
    judged = rules.judge(ladder, person, dossier)
    return Explanation(judged, on, earliest_of(judged, dossier), dossier)


def earliest_of(judged: Judged, dossier: Dossier) -> date | None:
    """Return the first day on which somebody may apply on present evidence; ``None`` where none is known.

    Endorsements that the road collects after applying are left out.
    """
    step = rules.without_endorsements(judged.step) if judged.step is not None else None
    return earliest(step, dossier) if step is not None else None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose judgement is wanted: some departments, some people; ``None``: all.

    By which ladder: ``None`` that of each person's department; ``every``: all that are in force.
    """

    departments: Collection[DepartmentId] | None = None
    people: Collection[PersonId] | None = None
    ladder: str | None = None
    every: bool = False


def evaluate(on: date, scope: Scope = Scope()) -> Iterator[Judged]:
    """Judge the staff of a day by their ladders, a department at a time, by staff number within.

    Without a ladder everybody is judged by the level ladder of their department; a level ladder concerns
    those whose department follows it, a post ladder everybody who is converted. A fixed number of statements
    for each thousand people and for each department; what has been handed out is not kept.
    """
    own = ladders_by_department(on)
    chosen = ladders.ladder(scope.ladder, on) if scope.ladder is not None else None
    for judged in _judged(on, scope, _everything(on) if scope.every else _chooser(own, chosen)):
        yield from judged


def _everything(on: date) -> Choose:
    in_force = ladders.ladders(on)
    return lambda _one: in_force


def _chooser(own: Mapping[DepartmentId, Ladder], chosen: Ladder | None) -> Choose:
    def choose(one: StandingFacts) -> Sequence[Ladder]:
        if chosen is not None and chosen.kind == "post":
            return [chosen] if one.status is Status.CONVERTED else []
        mine = own.get(one.department_id)
        fits = mine is not None and (chosen is None or chosen.ref == mine.ref)
        return [chosen or mine] if fits and mine is not None else []

    return choose


def _judged(on: date, scope: Scope, choose: Choose) -> Iterator[list[Judged]]:
    """Yield one list a person that the scope concerns: a judgement for each of their ladders."""
    shared = Shared(on)
    for department, ids in sorted(people_queries.staff_by_department(on).items()):
        if scope.departments is not None and department not in scope.departments:
            continue
        wanted = [one for one in ids if scope.people is None or one in scope.people]
        shared.forget_months()
        for start in range(0, len(wanted), BATCH):
            standings = people_queries.standings(wanted[start : start + BATCH], on).values()
            chosen = [(one, found) for one in standings if (found := choose(one))]
            held = dossiers([one for one, _found in chosen], on, shared) if chosen else {}
            for one, found in chosen:
                yield [rules.judge(ladder, one, held[one.id]) for ladder in found]


def simulate(changed: Ladder, on: date, present: Ladder | None, scope: Scope = Scope()) -> Simulation:
    """Compare a changed ladder with the present one for everybody who follows it; writes nothing.

    Who has no step on one of the two counts as not eligible there. ``present`` ``None``: a ladder nobody has
    yet; whose department follows a ladder of that ref is compared with nothing.
    """
    own = ladders_by_department(on)
    against = present or changed

    def both(one: StandingFacts) -> Sequence[Ladder]:
        mine = own.get(one.department_id)
        post = changed.kind == "post" and one.status is Status.CONVERTED
        return [against, changed] if post or (mine is not None and mine.ref == changed.ref) else []

    tally = _Tally(pay.schemes_by_department(on), fresh=present is None)
    for before, after in _judged(on, scope, both):
        tally.add(before, after)
    return Simulation(
        changed,
        present,
        on,
        tally.people,
        tuple(tally.gains),
        tuple(tally.loses),
        tally.people - len(tally.gains) - len(tally.loses),
        {group: (tally.was[group], tally.becomes[group]) for group in Group},
    )


class _Tally:
    """Collects whom a change concerns; the others are only counted."""

    def __init__(self, schemes: Mapping[DepartmentId, PayScheme], *, fresh: bool) -> None:
        self._schemes, self._fresh = schemes, fresh
        self.people = 0
        self.gains: list[Change] = []
        self.loses: list[Change] = []
        self.was: Counter[Group] = Counter()
        self.becomes: Counter[Group] = Counter()

    def add(self, before: Judged, after: Judged) -> None:
        """Take one person's judgements by the present and the changed ladder."""
        was = before.eligible and not self._fresh
        self.people += 1
        self.was[Group.NONE if self._fresh else before.group] += 1
        self.becomes[after.group] += 1
        if was == after.eligible:
            return
        differ = rules.changed_findings(before, after)
        if after.eligible:
            self.gains.append(Change(before, after, self._effect(after), differ))
        else:
            lost = self._effect(before)
            self.loses.append(Change(before, after, None if lost is None else -lost, differ))

    def _effect(self, judged: Judged) -> Decimal | None:
        """Return what the step would add to the month's base; ``None`` where one of the bases is unknown."""
        scheme = self._schemes.get(judged.person.department_id)
        if scheme is None or judged.step is None:
            return None
        start, goal = scheme.base_of(judged.step.start), scheme.base_of(judged.step.goal)
        return None if start is None or goal is None else goal - start
