"""How often a question is met: 500 forms of every shipped blueprint (assessment goal A7)."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import pytest

from cstrain.exams.assembly import draw
from cstrain.exams.policy import PaperSpec
from cstrain.exams.service.papers import shipped_papers
from tests.exams.test_assembly import shipped_pool

FORMS, PAIRS = 500, 2000
MOST_MEAN, MOST_ONE, MOST_OVERLAP, LEAST_DEPTH = Fraction(1, 4), Fraction(31, 100), Fraction(1, 4), 3

PAPERS = {(paper.ref, paper.edition): paper for paper in shipped_papers()}
STRICT = sorted(name for name, paper in PAPERS.items() if paper.consequences)


@dataclass(frozen=True, slots=True)
class Exposure:
    """What 500 forms show: the mean and the largest share of forms a question is in; what two forms share."""

    mean: Fraction
    one: Fraction
    overlap: Fraction
    depth: Fraction

    @property
    def missed(self) -> str:
        """The names of the bounds that are missed."""
        found = {
            "mean": self.mean > MOST_MEAN,
            "one": self.one > MOST_ONE,
            "overlap": self.overlap > MOST_OVERLAP,
            "depth": self.depth < LEAST_DEPTH,
        }
        return " ".join(name for name, missed in found.items() if missed)


@cache
def exposure(name: tuple[str, int]) -> Exposure:
    """Draw the forms of a shipped paper and count."""
    paper: PaperSpec = PAPERS[name]
    pools = {bank: shipped_pool(bank) for bank in paper.banks}
    pool = [
        type(question)(
            at * 100_000 + question.question_id,
            question.version_id,
            question.topic,
            question.type,
            question.difficulty,
            question.bank,
        )
        for at, each in enumerate(pools.values())
        for question in each
    ]
    fits = [[question for question in pool if cell.cell.matches(question)] for cell in paper.cells]
    eligible = {question.question_id for found in fits for question in found}
    forms = [
        frozenset(slot.question.question_id for slot in draw(paper, pool, seed)) for seed in range(FORMS)
    ]
    met = Counter(question for form in forms for question in form)
    chance = random.Random(1)
    shared = sum(len(first & second) for first, second in (chance.sample(forms, 2) for _ in range(PAIRS)))
    return Exposure(
        mean=Fraction(paper.count, len(eligible)),
        one=Fraction(max(met.values()), FORMS),
        overlap=Fraction(shared, PAIRS * paper.count),
        depth=min(Fraction(len(found), cell.count) for found, cell in zip(fits, paper.cells, strict=True)),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", STRICT, ids=lambda name: f"{name[0]}-{name[1]}")
def test_questions_of_papers_with_consequences_stay_fresh(name) -> None:
    found = exposure(name)
    assert found.missed == "", found


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(PAPERS) - set(STRICT)), ids=lambda name: f"{name[0]}-{name[1]}")
def test_every_cell_of_a_shipped_paper_holds_three_times_what_a_form_takes(name) -> None:
    """A quiz on a day's lesson may be taken again: what counts there is that it is not always the same."""
    assert "depth" not in exposure(name).missed, exposure(name)
