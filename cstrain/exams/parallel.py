"""Choosing forms by integer programming, where drawing and exchanging cannot meet all constraints.

The models are those of van der Linden 2005 (Linear Models for Optimal Test Design): *maximin* makes the least
of some sums as large as it can be; *parallel* makes the largest distance of some sums from their targets as
small as it can be. The solver, HiGHS, is the optional extra ``assembly``; without it everything here is
refused with words that say how to get it.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cstrain.exams.errors import AssemblyError

_LIBRARY = "highspy"
_GAP = 1e-9


@dataclass(frozen=True, slots=True)
class Item:
    """A question that may be chosen, with what it adds to each sum."""

    id: int
    adds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Share:
    """Of these items each form takes from ``low`` to ``high``."""

    items: frozenset[int]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A sum of each form stays between ``low`` and ``high``."""

    name: str
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, slots=True)
class Goal:
    """A sum that matters: for parallel forms its target and the weight of a distance, else its weight."""

    name: str
    value: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Which forms are wanted: ``forms`` of ``length`` items each.

    ``enemies``: sets of which a form takes one at most. ``most_uses``: in how many forms an item may stand.
    With ``targets`` forms are made parallel; else the least of ``maximise`` is made large.
    """

    items: Sequence[Item]
    length: int
    forms: int = 1
    shares: Sequence[Share] = ()
    limits: Sequence[Limit] = ()
    enemies: Sequence[frozenset[int]] = ()
    most_uses: int = 1
    targets: Sequence[Goal] = ()
    maximise: Sequence[Goal] = ()
    good_enough: float = 0.0


@dataclass(frozen=True, slots=True)
class Assembly:
    """The forms found, as ids of items; ``value``: the objective; ``optimal``: proven to be the best."""

    forms: tuple[tuple[int, ...], ...]
    value: float
    optimal: bool


def available() -> bool:
    """Tell whether the solver is installed."""
    return importlib.util.find_spec(_LIBRARY) is not None


def solve(problem: Problem, *, seconds: float = 30.0, seed: int = 1) -> Assembly:
    """Return the best forms found within the time; the same seed finds the same forms.

    Stops early at a parallel solution whose largest distance is at most ``good_enough``. Raises
    ``AssemblyError`` when the solver is missing, when no forms can meet the constraints, or none were found
    in time.
    """
    if not available():
        raise AssemblyError(
            "没有组卷：这一步要用整数规划求解器HiGHS，还没有安装。"
            "请运行 pip install 'cstrain[assembly]' 后再试。"
        )
    solver: Any = importlib.import_module(_LIBRARY)
    model = _Model(problem, solver, seconds, seed)
    model.run()
    return model.found()


@dataclass
class _Model:
    """A problem in the solver's terms: a binary for each form and item, then one more for the objective."""

    problem: Problem
    solver: Any
    seconds: float
    seed: int
    engine: Any = field(init=False)

    def __post_init__(self) -> None:
        self.engine = self.solver.Highs()
        options = {
            "output_flag": False,
            "time_limit": float(self.seconds),
            "random_seed": self.seed,
            "threads": 1,
            "mip_rel_gap": _GAP,
            "mip_abs_gap": _GAP,
        }
        if self.problem.targets:
            options["objective_target"] = self.problem.good_enough
        for name, value in options.items():
            self.engine.setOptionValue(name, value)
        self._variables()
        self._constraints()
        self._objective()

    def _variables(self) -> None:
        count = len(self.problem.items) * self.problem.forms
        for column in range(count):
            self.engine.addVar(0.0, 1.0)
            self.engine.changeColIntegrality(column, self.solver.HighsVarType.kInteger)
        self.engine.addVar(0.0, math.inf)
        self.engine.changeColCost(count, 1.0 if self.problem.targets else -1.0)

    def _row(self, low: float, high: float, parts: Mapping[int, float]) -> None:
        self.engine.addRow(low, high, len(parts), list(parts), list(parts.values()))

    def _column(self, form: int, place: int) -> int:
        return form * len(self.problem.items) + place

    def _of(self, form: int, ids: frozenset[int]) -> dict[int, float]:
        return {
            self._column(form, place): 1.0 for place, item in enumerate(self.problem.items) if item.id in ids
        }

    def _sum(self, form: int, name: str) -> dict[int, float]:
        return {
            self._column(form, place): item.adds[name]
            for place, item in enumerate(self.problem.items)
            if item.adds[name]
        }

    def _constraints(self) -> None:
        problem = self.problem
        every = frozenset(item.id for item in problem.items)
        for form in range(problem.forms):
            self._row(problem.length, problem.length, self._of(form, every))
            for share in problem.shares:
                self._row(share.low, share.high, self._of(form, share.items))
            for limit in problem.limits:
                self._row(limit.low, limit.high, self._sum(form, limit.name))
            for enemies in problem.enemies:
                self._row(0, 1, self._of(form, enemies))
        if problem.most_uses < problem.forms:
            for place in range(len(problem.items)):
                uses = {self._column(form, place): 1.0 for form in range(problem.forms)}
                self._row(0, problem.most_uses, uses)

    def _objective(self) -> None:
        """Bind the last variable: at most each weighted sum, or at least each weighted distance."""
        problem = self.problem
        last = len(problem.items) * problem.forms
        for form in range(problem.forms):
            for goal in problem.maximise if not problem.targets else ():
                self._row(0.0, math.inf, {**self._sum(form, goal.name), last: -goal.weight})
            for goal in problem.targets:
                parts = self._sum(form, goal.name)
                self._row(-math.inf, goal.value, {**parts, last: -1 / goal.weight})
                self._row(goal.value, math.inf, {**parts, last: 1 / goal.weight})

    def run(self) -> None:
        """Solve; raises ``AssemblyError`` when the constraints contradict each other or time ran out."""
        self.engine.run()
        states = self.solver.HighsModelStatus
        if self.engine.getModelStatus() in (states.kInfeasible, states.kUnboundedOrInfeasible):
            raise AssemblyError("没有组卷：题库里的题满足不了这些条件。请少要几份卷，或者先补题。")
        state = self.engine.getInfo().primal_solution_status
        if state != self.solver.SolutionStatus.kSolutionStatusFeasible:
            raise AssemblyError(
                "没有组卷：%(seconds)s秒里没有找到满足条件的卷。请放宽时间，或者少要几份卷。",
                seconds=round(self.seconds),
            )

    def found(self) -> Assembly:
        """Return the forms, and the objective worked out anew from them."""
        values = self.engine.getSolution().col_value
        forms = tuple(
            tuple(
                item.id
                for place, item in enumerate(self.problem.items)
                if values[self._column(form, place)] > 0.5
            )
            for form in range(self.problem.forms)
        )
        optimal = self.engine.getModelStatus() == self.solver.HighsModelStatus.kOptimal
        return Assembly(forms, objective(self.problem, forms), optimal)


def objective(problem: Problem, forms: Sequence[Sequence[int]]) -> float:
    """Return the largest weighted distance from a target, or the least weighted sum, of given forms."""
    adds = {item.id: item.adds for item in problem.items}

    def total(form: Sequence[int], name: str) -> float:
        return math.fsum(adds[each][name] for each in form)

    if problem.targets:
        return max(
            goal.weight * abs(total(form, goal.name) - goal.value)
            for form in forms
            for goal in problem.targets
        )
    return min(total(form, goal.name) / goal.weight for form in forms for goal in problem.maximise)
