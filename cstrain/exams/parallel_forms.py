"""Parallel forms of a paper: the blueprint cell by cell, equal difficulty, equal expected reliability.

What answers have told of questions is used where it is known: observed facility and discrimination stand
beside the authors' difficulty (1-3). A question without figures counts as the mean of its difficulty.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from cstrain.exams.errors import AssemblyError
from cstrain.exams.parallel import Goal, Item, Problem, Share, solve
from cstrain.exams.policy import CellSpec, PaperSpec
from cstrain.questions.facts import PoolQuestion
from cstrain.questions.slots import QuestionStatistic

DIFFICULTY, FACILITY, VARIANCE, POWER = "difficulty", "facility", "variance", "power"

Known = Mapping[int, QuestionStatistic]
"""What answers have told of question versions."""


@dataclass(frozen=True, slots=True)
class Form:
    """A proposed form: its questions in the order of the blueprint, and what is expected of it.

    ``difficulty``: mean of the authors' (1-3). ``facility`` and ``alpha``: expected from answers, ``None``
    when nobody has answered. ``known``: questions with figures of their own.
    """

    questions: tuple[PoolQuestion, ...]
    difficulty: float
    facility: float | None
    alpha: float | None
    known: int


@dataclass(frozen=True, slots=True)
class ParallelForms:
    """Forms that may stand for each other if ``apart``, the largest difference of two, is small enough."""

    forms: tuple[Form, ...]
    tolerance: float
    optimal: bool

    @property
    def apart(self) -> dict[str, float]:
        """Return the largest difference of two forms in difficulty, facility and alpha."""
        found = {
            "difficulty": [form.difficulty for form in self.forms],
            "facility": [form.facility for form in self.forms if form.facility is not None],
            "alpha": [form.alpha for form in self.forms if form.alpha is not None],
        }
        return {name: max(values) - min(values) for name, values in found.items() if values}

    @property
    def met(self) -> bool:
        """Whether no two forms differ by more than the tolerance."""
        return all(apart <= self.tolerance + 1e-9 for apart in self.apart.values())


def propose(
    paper: PaperSpec,
    pool: Sequence[PoolQuestion],
    known: Known,
    *,
    forms: int,
    tolerance: float,
    uses: int = 1,
    seed: int = 1,
    seconds: float = 30.0,
) -> ParallelForms:
    """Choose ``forms`` parallel forms; a question stands in at most ``uses`` of them.

    Mean difficulty, expected facility and expected alpha of any two forms differ by at most ``tolerance``
    where the bank allows it; ``met`` tells. The seed decides among equally good choices. Raises
    ``AssemblyError`` when a cell cannot fill the forms, and as ``solve`` does.
    """
    cells = [(cell, [each for each in pool if cell.cell.matches(each)]) for cell in paper.cells]
    for cell, found in cells:
        if len(found) * min(uses, forms) < cell.count * forms:
            raise AssemblyError(
                "没有组卷：%(bank)s的%(topics)s有%(have)s题，%(forms)s份卷要%(need)s题。请少要几份，或者先补题。",
                bank=cell.bank,
                topics="、".join(cell.topics or cell.refs),
                have=len(found),
                forms=forms,
                need=-(-cell.count * forms // uses),
            )
    items = list({each.question_id: each for _cell, found in cells for each in found}.values())
    random.Random(seed).shuffle(items)  # noqa: S311  # chance among equals, not secrecy
    expected = _expected(items, known)
    problem = _problem(cells, items, expected, forms=forms, tolerance=tolerance, uses=uses)
    solved = solve(problem, seconds=seconds, seed=seed)
    by_id = {each.question_id: each for each in items}
    return ParallelForms(
        tuple(_form(paper, [by_id[each] for each in form], expected, known) for form in solved.forms),
        tolerance,
        solved.optimal,
    )


@dataclass(frozen=True, slots=True)
class _Expected:
    """What is expected of a question: its facility, and its standard deviation times its discrimination."""

    facility: float
    power: float

    @property
    def variance(self) -> float:
        """Variance of right and wrong."""
        return self.facility * (1 - self.facility)


def _expected(items: Sequence[PoolQuestion], known: Known) -> dict[int, _Expected]:
    """Return what is expected of each question by its id; empty when nothing is known of any."""
    own: dict[int, _Expected] = {}
    by_level: dict[int, list[_Expected]] = {}
    for each in items:
        found = known.get(each.version_id)
        if found is not None and found.facility is not None:
            spread = math.sqrt(found.facility * (1 - found.facility))
            own[each.question_id] = _Expected(found.facility, spread * (found.discrimination or 0.0))
            by_level.setdefault(each.difficulty, []).append(own[each.question_id])
    if not own:
        return {}
    mean = _mean(own.values())
    levels = {level: _mean(found) for level, found in by_level.items()}
    return {
        each.question_id: own.get(each.question_id) or levels.get(each.difficulty, mean) for each in items
    }


def _mean(found: Iterable[_Expected]) -> _Expected:
    every = list(found)
    return _Expected(fmean(each.facility for each in every), fmean(each.power for each in every))


Cells = Sequence[tuple[CellSpec, Sequence[PoolQuestion]]]
"""The cells of a blueprint, each with the questions that fit it."""


def _problem(
    cells: Cells,
    items: Sequence[PoolQuestion],
    expected: Mapping[int, _Expected],
    *,
    forms: int,
    tolerance: float,
    uses: int,
) -> Problem:
    """Return the problem: each cell's share, and sums near what the whole bank gives this blueprint."""
    adds = {each.question_id: _adds(each, expected) for each in items}
    return Problem(
        items=[Item(each.question_id, adds[each.question_id]) for each in items],
        length=sum(cell.count for cell, _found in cells),
        forms=forms,
        shares=[
            Share(frozenset(each.question_id for each in found), cell.count, cell.count)
            for cell, found in cells
        ],
        most_uses=uses,
        targets=_goals(cells, adds, known=bool(expected)),
        good_enough=tolerance / 2,
    )


def _goals(cells: Cells, adds: Mapping[int, Mapping[str, float]], *, known: bool) -> list[Goal]:
    """Return targets of sums, weighted so that the objective is half of what two forms may differ.

    In mean difficulty, in mean facility, and, to the first order, in
    alpha = L/(L-1) (1 - sum of variances / (sum of powers)^2).
    """
    length = sum(cell.count for cell, _found in cells)

    def target(name: str) -> float:
        return math.fsum(
            cell.count * fmean(adds[each.question_id][name] for each in found) for cell, found in cells
        )

    goals = [Goal(DIFFICULTY, target(DIFFICULTY), 1 / length)]
    if not known:
        return goals
    goals.append(Goal(FACILITY, target(FACILITY), 1 / length))
    power, spread = target(POWER), target(VARIANCE)
    if power > 0 and spread > 0 and length > 1:
        unit = 2 * length / (length - 1) / power**2
        goals += [Goal(VARIANCE, spread, unit), Goal(POWER, power, 2 * unit * spread / power)]
    return goals


def _adds(question: PoolQuestion, expected: Mapping[int, _Expected]) -> dict[str, float]:
    found = expected.get(question.question_id)
    own = {DIFFICULTY: float(question.difficulty)}
    if found is None:
        return own
    return own | {FACILITY: found.facility, VARIANCE: found.variance, POWER: found.power}


def _form(
    paper: PaperSpec,
    questions: Sequence[PoolQuestion],
    expected: Mapping[int, _Expected],
    known: Known,
) -> Form:
    order = {
        each.question_id: place
        for place, cell in enumerate(paper.cells)
        for each in questions
        if cell.cell.matches(each)
    }
    placed = sorted(questions, key=lambda each: (order[each.question_id], each.question_id))
    found = [expected[each.question_id] for each in placed] if expected else []
    return Form(
        tuple(placed),
        fmean(each.difficulty for each in placed),
        fmean(each.facility for each in found) if found else None,
        _alpha(found),
        sum(each.version_id in known and known[each.version_id].facility is not None for each in placed),
    )


def _alpha(found: Sequence[_Expected]) -> float | None:
    """Return the expected alpha of a form; ``None`` when its questions do not agree at all."""
    length, power = len(found), math.fsum(each.power for each in found)
    if length < 2 or power <= 0:
        return None
    return length / (length - 1) * (1 - math.fsum(each.variance for each in found) / power**2)
