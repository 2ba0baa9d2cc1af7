"""The roads of moves: which step comes next, who may not take it, how successors are compared. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cstrain.judgement.assess import Assessment, assess
from cstrain.judgement.criterion import Criterion
from cstrain.judgement.facts import Dossier, Endorsement
from cstrain.judgement.ladder import Ladder, Step
from cstrain.kernel.calendar import WorkCalendar
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.finding import State as Found
from cstrain.kernel.ids import PersonId
from cstrain.promotion.moves.facts import Case, Kind, Ranked, Senior, State
from cstrain.promotion.moves.policy import Compared

OWN_ACTS = frozenset({"request", "withdraw"})
RATED = frozenset({"rate", "rate_hr"})


@dataclass(frozen=True, slots=True)
class Move:
    """A step of a road: the permission it takes, and for which department (the person's own or the new one).

    ``opinion``: a no is heard and does not end the case. ``office``: the ladder names who may take it.
    ``effect``: a yes takes effect on a day.
    """

    kind: str
    permission: str
    target: bool = False
    opinion: bool = False
    office: bool = False
    effect: bool = False


ROADS: Mapping[Kind, tuple[Move, ...]] = {
    Kind.SKIP: (
        Move("assess", "move.assess", opinion=True),
        Move("review", "move.review"),
        Move("authorise", "move.authorise", office=True),
    ),
    Kind.TRANSFER: (
        Move("release", "move.release", opinion=True),
        Move("receive", "move.receive", target=True),
        Move("arrange", "move.arrange", effect=True),
    ),
    Kind.INITIAL: (
        Move("rate", "move.rate", opinion=True),
        Move("rate_hr", "move.assess", opinion=True),
        Move("confirm", "move.arrange", effect=True),
    ),
}


def next_move(case: Case) -> Move | None:
    """Return the step that waits for somebody; ``None`` for a case that is not open."""
    return next(iter(remaining(case)), None)


def remaining(case: Case) -> tuple[Move, ...]:
    """Return the steps still to be taken, in order; none of a case that is not open.

    After a granted appeal the refused step, and those after it, are gone through again.
    """
    if case.state is not State.OPEN:
        return ()
    done = {one.kind for one in case.acts if one.round == case.round}
    if case.round > 1:
        done |= {one.kind for one in case.acts if one.round < case.round and one is not case.refusal}
    return tuple(one for one in ROADS[case.kind] if one.kind not in done)


def acted(case: Case) -> frozenset[PersonId]:
    """Return everybody who has acted in a case, the person themself included."""
    answered = case.appeal.decided_by if case.appeal is not None else None
    every = (*(one.by for one in case.acts), case.person, case.opened_by, answered)
    return frozenset(one for one in every if one is not None)


def may_take(case: Case, move: Move, actor: PersonId) -> bool:
    """Tell whether somebody may take a step as far as their part in the case goes.

    Never the person; nobody takes two steps; who proposed takes none. After an appeal who refused does not
    decide again, but for an office of which the company has one holder: it hears the answer to the appeal.
    """
    if actor == case.person:
        return False
    part = {one.by for one in case.acts} | {case.appeal.decided_by if case.appeal is not None else None}
    if move.office and case.round > 1 and case.refusal is not None and case.refusal.by == actor:
        return True
    return actor not in part


def check_taking(case: Case, move: Move | None, kind: str, actor: PersonId) -> Move:
    """Return the step somebody is about to take; refuse one that does not wait, and a second act."""
    if actor == case.person:
        raise ForbiddenError("不能办理关于自己的事项。请由别人来办。")
    if move is None or move.kind != kind:
        raise ConflictError("这件事已经不在这一步了，没有办。请刷新后再看。")
    if not may_take(case, move, actor):
        raise ForbiddenError("你已经办过这件事的另一步。每一步要由不同的人办，请由别人来办。")
    return move


def check_effect(on: date | None, today: date, within: int) -> date:
    """Return the day something takes effect: from today on, not further off than ``within`` days."""
    if on is None:
        raise DomainError("没有保存：请填生效日。")
    if not today <= on <= today + timedelta(days=within):
        raise DomainError(
            "没有保存：生效日要在今天到%(last)s之间。请改日期。", last=today + timedelta(days=within)
        )
    return on


def appeal_until(refused_on: date, calendar: WorkCalendar, within: int) -> date:
    """Return the last day to appeal: so many working days after the refusal."""
    return calendar.nth_working_day_after(refused_on, within)


def check_points(points: Mapping[str, int], topics: Collection[str]) -> dict[str, int]:
    """Return the ratings of all topics; refuse a missing one, a foreign one, one outside 1 to 5."""
    if set(points) != set(topics) or not all(1 <= given <= 5 for given in points.values()):
        raise DomainError("没有保存：每一项都要评1至5分。")
    return {topic: points[topic] for topic in topics}


def first_level(ladder: Ladder, dossier: Dossier) -> tuple[Step | None, Assessment | None]:
    """Return the highest first step that is met, judged; else the lowest one, for what is missing.

    First steps start without a level and are taken by appointment.
    """
    steps = [one for one in ladder.steps if one.start is None and one.road == "appointment"]
    steps.sort(key=lambda one: ladder.levels.index(one.goal), reverse=True)
    judged = [(one, assess(one.criteria, dossier)) for one in steps]
    met = next(((step, found) for step, found in judged if found.state is Found.MET), None)
    return met or ((None, judged[-1][1]) if judged else (None, None))


def ratings(points: Mapping[str, Mapping[str, int]], roles: Mapping[str, str]) -> tuple[Endorsement, ...]:
    """Return ratings of the first level as facts; ``points`` by step, ``roles`` the office of each step."""
    return tuple(
        Endorsement(f"initial-{topic}", f"move:{step}", roles[step], given, "", roles[step])
        for step, each in points.items()
        for topic, given in each.items()
    )


def skip_step(ladder: Ladder, level: str | None) -> tuple[Step, Criterion] | None:
    """Return the step that passes over a level, with its authorisation; ``None`` where there is none."""
    for step in ladder.steps:
        asked = next((one for one in step.criteria if one.kind == "skip_level"), None)
        if step.start == level and level is not None and asked is not None:
            return step, asked
    return None


_KEYS: Mapping[Compared, Callable[[Senior, date], Decimal | None]] = {
    "score": lambda one, _on: one.score,
    "brand": lambda one, _on: one.brand,
    "deductions": lambda one, _on: None if one.deductions is None else -Decimal(one.deductions),
    "tenure": lambda one, on: None if one.since is None else Decimal((on - one.since).days),
}


def rank(seniors: Iterable[Senior], order: Sequence[Compared], on: date) -> tuple[Ranked, ...]:
    """Rank successors by ``order``, one after another; what is not known comes after what is known.

    Equals share the better place and stand in the order of their ids.
    """

    def key(one: Senior) -> tuple[tuple[bool, Decimal], ...]:
        values = [_KEYS[name](one, on) for name in order]
        return tuple((value is None, -value if value is not None else Decimal(0)) for value in values)

    every = sorted(seniors, key=lambda one: (key(one), one.person))
    found: list[Ranked] = []
    for place, one in enumerate(every, start=1):
        same = found and key(found[-1].senior) == key(one)
        found.append(Ranked(found[-1].rank if same else place, one))
    return tuple(found)


def check_close(last_day: date | None, today: date, waiting: int) -> None:
    """Refuse to close a notice while it is up, or while an objection waits for its answer."""
    if last_day is None or today <= last_day:
        raise ConflictError("还不能结束公示：公示到%(day)s，当天也可以提异议。", day=last_day or today)
    if waiting:
        raise ConflictError("还不能结束公示：有%(n)s个异议没有答复。请先调查并答复。", n=waiting)
