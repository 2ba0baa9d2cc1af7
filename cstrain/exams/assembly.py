"""Drawing a form from a blueprint and a pool. Pure: the same seed draws the same form.

Difficulty is balanced by exchange within cells until the form's mean difficulty is within half the stated
tolerance of the pool's, so that any two forms differ by at most the tolerance.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cstrain.exams.policy import CellSpec, PaperSpec
from cstrain.questions.facts import PoolQuestion

_MOST_EXCHANGES = 200
_MOST_CALLED = 5


@dataclass(frozen=True, slots=True)
class FormSlot:
    """A question of a drawn form: slot number from 1, section title, marks it can earn."""

    slot: int
    section: str
    marks: Decimal
    question: PoolQuestion


@dataclass(frozen=True, slots=True)
class Depth:
    """How many further disjoint forms a pool supports; per topic, how many questions the next one lacks."""

    forms_left: int
    missing: dict[str, int]


class PoolTooSmallError(Exception):
    """The pool cannot supply a form; ``missing`` says how many questions of which topic."""

    def __init__(self, missing: dict[str, int]) -> None:
        super().__init__(str(missing))
        self.missing = missing


def _eligible(spec: CellSpec, pool: Sequence[PoolQuestion], excluded: Collection[int]) -> list[PoolQuestion]:
    cell = spec.cell
    return [question for question in pool if question.question_id not in excluded and cell.matches(question)]


def depth(paper: PaperSpec, pool: Sequence[PoolQuestion], excluded: Collection[int] = ()) -> Depth:
    """Return how many disjoint forms are left when ``excluded`` question ids have been met already."""
    return _depth(paper, [_eligible(cell, pool, excluded) for cell in paper.cells])


def _depth(paper: PaperSpec, eligible: Sequence[Sequence[PoolQuestion]]) -> Depth:
    left: list[int] = []
    missing: dict[str, int] = {}
    for cell, found in zip(paper.cells, eligible, strict=True):
        have = len(found)
        left.append(have // cell.count)
        if have < cell.count:
            topic = _called(cell, paper.bank, found)
            missing[topic] = missing.get(topic, 0) + cell.count - have
    return Depth(min(left), missing)


def _called(cell: CellSpec, bank: str, found: Sequence[PoolQuestion]) -> str:
    """Return what a cell is called that lacks questions: its topics, or the named questions it has not."""
    have = {question.ref for question in found}
    names = [ref for ref in cell.refs if ref not in have][:_MOST_CALLED] or cell.topics
    return "/".join(names if cell.bank == bank else (f"{cell.bank}:{name}" for name in names))


def draw(
    paper: PaperSpec, pool: Sequence[PoolQuestion], seed: int, excluded: Collection[int] = ()
) -> tuple[FormSlot, ...]:
    """Draw a form; raises ``PoolTooSmallError`` with the numbers missing per topic.

    Also raises it (with the bank's name) when no exchange brings the difficulty within tolerance.
    """
    ordered = sorted(pool, key=lambda question: question.question_id)
    whole = [_eligible(cell, ordered, ()) for cell in paper.cells]
    eligible = [_others(found, excluded) for found in whole]
    lacking = _depth(paper, eligible)
    if lacking.missing:
        raise PoolTooSmallError(lacking.missing)
    rng = random.Random(seed)  # noqa: S311  # chance for fairness, not for secrecy; recorded with the attempt
    chosen = [rng.sample(found, cell.count) for cell, found in zip(paper.cells, eligible, strict=True)]
    spare = [
        _others(found, {question.question_id for question in taken})
        for found, taken in zip(eligible, chosen, strict=True)
    ]
    _balance(chosen, spare, _target(paper, whole), paper, rng)
    for cell, taken in zip(paper.cells, chosen, strict=True):
        if cell.is_fixed:
            taken.sort(key=lambda question, refs=cell.refs: refs.index(question.ref))  # type: ignore[misc]
        else:
            rng.shuffle(taken)
    return _slots(paper, chosen)


def mean_difficulty(questions: Collection[PoolQuestion]) -> Fraction:
    """Return the mean difficulty (1–3) of a non-empty collection."""
    return Fraction(sum(question.difficulty for question in questions), len(questions))


def _others(found: Sequence[PoolQuestion], taken: Collection[int]) -> list[PoolQuestion]:
    return [question for question in found if question.question_id not in taken]


def _target(paper: PaperSpec, whole: Sequence[Sequence[PoolQuestion]]) -> Fraction:
    """Return the mean difficulty the whole pool gives this blueprint, cell by cell."""
    means = (mean_difficulty(found) * cell.count for cell, found in zip(paper.cells, whole, strict=True))
    return sum(means, Fraction(0)) / paper.count


def _balance(
    chosen: list[list[PoolQuestion]],
    spare: list[list[PoolQuestion]],
    target: Fraction,
    paper: PaperSpec,
    rng: random.Random,
) -> None:
    """Exchange questions within cells until the mean is within half the tolerance of the target."""
    allowed = Fraction(paper.difficulty_tolerance) / 2
    for _ in range(_MOST_EXCHANGES):
        off = mean_difficulty([question for cell in chosen for question in cell]) - target
        if abs(off) <= allowed:
            return
        harder = off < 0
        moves = [
            (cell, out, into)
            for cell, (taken, rest) in enumerate(zip(chosen, spare, strict=True))
            for out in taken
            for into in rest
            if (into.difficulty > out.difficulty) == harder and into.difficulty != out.difficulty
        ]
        if not moves:
            break
        cell, out, into = rng.choice(moves)
        chosen[cell][chosen[cell].index(out)] = into
        spare[cell][spare[cell].index(into)] = out
    raise PoolTooSmallError({f"{paper.bank} (difficulty)": 1})


def _slots(paper: PaperSpec, chosen: list[list[PoolQuestion]]) -> tuple[FormSlot, ...]:
    slots: list[FormSlot] = []
    cells = iter(chosen)
    for section in paper.sections:
        for _ in section.cells:
            for question in next(cells):
                slots.append(FormSlot(len(slots) + 1, section.title, section.marks, question))
    return tuple(slots)


def shuffled_options(count: int, seed: int, slot: int) -> list[int]:
    """Return the order in which a slot's ``count`` options are shown, from the attempt's seed."""
    order = list(range(count))
    random.Random(f"{seed}/{slot}").shuffle(order)  # noqa: S311  # fairness, not secrecy
    return order
