"""Up, stay or down: what a quarter's figures come to, and who may act when. Pure (docs/rules.md 7)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from cstrain.judgement.assess import assess
from cstrain.judgement.facts import Comparison, Dossier
from cstrain.judgement.ladder import Ladder, Step
from cstrain.judgement.windows import look
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.finding import Finding, State, overall
from cstrain.kernel.ids import PersonId
from cstrain.promotion.rating.facts import (
    TAKES_EFFECT,
    Confirmation,
    Late,
    Line,
    Outcome,
    Quarter,
    Rated,
    Stage,
    Why,
)

ROAD = "rating"
_CODE = re.compile(r"(\d{4})\s*[-_]?\s*[Qq季]?\s*([1-4])")
_ORDER = {Outcome.DOWN: 0, Outcome.STAY: 1, Outcome.UP: 2}


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day lies in."""
    return Quarter(date(day.year, day.month - (day.month - 1) % 3, 1))


def read_quarter(text: str) -> Quarter | None:
    """Return the quarter written as 2026Q3 (also 2026-3), ``None`` for anything else."""
    found = _CODE.fullmatch(text.strip())
    if found is None or int(found[1]) < 2000:
        return None
    return Quarter(date(int(found[1]), int(found[2]) * 3 - 2, 1))


def past_quarters(today: date, number: int) -> list[Quarter]:
    """Return the latest ``number`` quarters that are over, newest first."""
    this = quarter_of(today).first
    return [Quarter(add_months(this, -3 * back)) for back in range(1, number + 1)]


def still_open(quarter: Quarter, rated: Collection[Quarter]) -> bool:
    """Tell whether a quarter may still be rated: quarters of a ladder are rated in order, each once."""
    return all(quarter > one for one in rated)


def is_rated(ladder: Ladder) -> bool:
    """Tell whether a ladder has steps that are taken by the quarterly rating."""
    return ladder.kind == "level" and any(step.road == ROAD for step in ladder.steps)


def cut(dossier: Dossier, quarter: Quarter) -> Dossier:
    """Return a dossier that ends with a quarter: what was closed later is not looked at."""
    end = quarter.end
    return replace(
        dossier,
        months=None if dossier.months is None else tuple(one for one in dossier.months if one.month <= end),
        closed=None if dossier.closed is None else tuple(one for one in dossier.closed if one <= end),
        comparison=None if dossier.comparison is None else cut_comparison(dossier.comparison, quarter),
    )


def cut_comparison(comparison: Comparison, quarter: Quarter) -> Comparison:
    """Return the quarter's months of a department, and nobody's other months."""
    months = set(quarter.months)
    return Comparison(
        comparison.department,
        tuple(month for month in comparison.months if month in months),
        tuple(one for one in comparison.people if one.month in months),
    )


def rate(ladder: Ladder, dossier: Dossier, quarter: Quarter) -> Rated:
    """Return what a quarter comes to for somebody, by a dossier that ends with it (``cut``).

    The level is that of ``dossier.standing``: the one held on the quarter's last day. Up: every condition of
    the level above is met. Down: a condition of the level held is not met; the lowest level cannot fall. A
    missing fact leaves it unknown, unless what is known decides already. Source: docs/rules.md 7, 001 六.
    """
    standing = dossier.standing
    level = standing.level if standing is not None else None
    if standing is None or level is None or not standing.converted:
        return _newcomer(ladder, dossier)
    if level not in ladder.levels:
        return Rated(Outcome.OUTSIDE, level, level, Why.ELSEWHERE)
    if _is_away(dossier, quarter):
        return Rated(Outcome.OUTSIDE, level, level, Why.AWAY)
    above, held = _step_above(ladder, level), _step_held(ladder, level)
    rise = assess(above.criteria, dossier).findings if above is not None else ()
    keep = assess(held.criteria, dossier).findings if held is not None else ()
    outcome = decide(overall(rise) if above else State.NOT_MET, overall(keep) if held else State.MET)
    at_odds = bool(above and held and (overall(rise), overall(keep)) == (State.MET, State.NOT_MET))
    goal = _goal(ladder, level, outcome, above)
    return Rated(outcome, level, goal, Why.AT_ODDS if at_odds else Why.NONE, rise, keep)


def decide(rise: State, keep: State) -> Outcome:
    """Return what the level above and the level held come to together.

    Who meets the higher level and not their own is left to people: the two contradict each other.
    """
    if keep is State.NOT_MET:
        return Outcome.UNKNOWN if rise is State.MET else Outcome.DOWN
    if rise is State.MET:
        return Outcome.UP if keep is State.MET else Outcome.UNKNOWN
    if rise is State.NOT_MET and keep is State.MET:
        return Outcome.STAY
    return Outcome.UNKNOWN


def _newcomer(ladder: Ladder, dossier: Dossier) -> Rated:
    """Return the result of somebody without a level: not rated, but held against the entry's figures."""
    first = ladder.step_from(None)
    figures = [one for one in first.criteria if one.kind == "metric"] if first is not None else []
    entry = assess(figures, dossier).findings
    state = overall(entry)
    below = None if state is State.UNKNOWN else state is State.NOT_MET
    standing = dossier.standing
    probation = standing is not None and not standing.converted
    level = standing.level if standing is not None else None
    why = Why.PROBATION if probation else Why.UNPLACED
    return Rated(Outcome.OUTSIDE, level, level, why, entry=entry, below=below)


def _is_away(dossier: Dossier, quarter: Quarter) -> bool:
    """Tell whether no month of the quarter can be tested: on leave over half of it, or still in probation."""
    window = look(dossier, quarter.months)
    if window is None or window.missing or not window.known:
        return False
    return all(record.away or record.probation for record in window.known)


def _step_above(ladder: Ladder, level: str) -> Step | None:
    step = ladder.step_from(level)
    return step if step is not None and step.road == ROAD else None


def _step_held(ladder: Ladder, level: str) -> Step | None:
    """Return the step that leads to a level held; the lowest level has none, and cannot fall."""
    if level == ladder.levels[0]:
        return None
    return next((step for step in ladder.steps if step.goal == level and step.road == ROAD), None)


def _goal(ladder: Ladder, level: str, outcome: Outcome, above: Step | None) -> str:
    if outcome is Outcome.UP and above is not None:
        return above.goal
    if outcome is Outcome.DOWN:
        return ladder.levels[ladder.levels.index(level) - 1]
    return level


def after_contest(proposed: Outcome, again: Outcome) -> Outcome:
    """Return the outcome of an upheld contest: what today's figures give if that is better, else no fall.

    ``DomainError`` where the person would gain nothing: nobody rises against the figures.
    """
    if again in _ORDER and (proposed not in _ORDER or _ORDER[again] > _ORDER[proposed]):
        return again
    if proposed is Outcome.DOWN:
        return Outcome.STAY
    raise DomainError(
        "没有保存：按现在的记录重新计算，结果没有变好，不能改为升级。请先更正记录，或者答复不成立。"
    )


def reasons(rated: Rated) -> tuple[Finding, ...]:
    """Return the findings that decide: those not met or unknown of the level that matters, else all of it."""
    of_interest = {
        Outcome.DOWN: rated.keep,
        Outcome.UP: rated.rise,
        Outcome.STAY: rated.rise or rated.keep,
        Outcome.UNKNOWN: (*rated.keep, *rated.rise),
        Outcome.OUTSIDE: rated.entry,
    }[rated.outcome]
    lacking = tuple(one for one in of_interest if one.state is not State.MET)
    return lacking or of_interest


def stage_of(line: Line, today: date, waits: Late | Confirmation | None, moved: bool) -> Stage:
    """Return where a person's newest line stands.

    ``waits``: a new proposal for the person, or a confirmation that holds this line, and nobody has answered;
    ``moved``: the person has left, or holds another level than the rating reckons with.
    """
    if line.effect is not None:
        return Stage.DONE
    if line.contest is not None and line.contest.upheld is None:
        return Stage.CONTESTED
    if isinstance(waits, Late):
        return Stage.LATE
    if line.outcome not in TAKES_EFFECT:
        return Stage.NOTHING
    if moved:
        return Stage.MOVED
    decided = line.contest is not None or line.origin == "contest"
    if today <= line.contest_until and not decided:
        return Stage.WINDOW
    return Stage.PROPOSED if waits is not None else Stage.READY


def check_contest(line: Line, actor: PersonId, today: date) -> None:
    """Refuse a contest that is not one's own, too late, the second one, or after the effect."""
    if line.person != actor:
        raise ForbiddenError("只能由本人申诉。")
    if line.contest is not None:
        raise ConflictError("没有提交：这次评级你已经申诉过。请等答复。")
    if line.effect is not None or line.origin == "contest":
        raise ConflictError("没有提交：这次评级已经定了，不能再申诉。")
    if today > line.contest_until:
        raise ConflictError("没有提交：申诉期到%(day)s，已经过了。", day=line.contest_until)


def check_judge(actor: PersonId, person: PersonId, had_part: Collection[PersonId]) -> None:
    """Refuse whoever is the person, or ran, agreed to, commented on or confirmed the rating."""
    if actor == person:
        raise ForbiddenError("这是你自己的申诉，请由别人答复。")
    if actor in had_part:
        raise ForbiddenError("你参与过这次评级（运行、提出、评语或确认），不能答复申诉。请由别人答复。")
