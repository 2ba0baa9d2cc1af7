"""``bank check``: proves of banks on disk that every question can be used, and what guessing would earn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cstrain.policies import loader
from cstrain.policies.yaml_source import Fault
from cstrain.questions import question_checks
from cstrain.questions.bank_facts import Bank, SourceQuestion
from cstrain.questions.bank_rules import guessing_pays_little, holds_enough, papers_can_be_drawn
from cstrain.questions.bank_source import read_banks
from cstrain.questions.cells import PaperCells
from cstrain.questions.folding import squeeze
from cstrain.questions.policy import BankStandards
from cstrain.questions.question_checks import Headings
from cstrain.questions.question_type import question_types
from cstrain.questions.rules import Guessing, guessing
from cstrain.questions.similarity import similar_pairs

_DIFFICULTIES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class BankSummary:
    """The numbers of a bank."""

    name: str
    questions: int
    by_topic: dict[str, int]
    by_difficulty: dict[str, int]
    by_type: dict[str, int]
    guessing: Guessing


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found; no faults means that all is proven."""

    banks: tuple[BankSummary, ...]
    faults: tuple[Fault, ...]
    standards: BankStandards

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON: ``banks`` and ``faults``; withheld numbers are ``null``."""
        return {
            "banks": [self._bank(bank) for bank in self.banks],
            "faults": [
                {"file": each.file, "line": each.line, "message": each.message} for each in self.faults
            ],
        }

    def _bank(self, bank: BankSummary) -> dict[str, Any]:
        every, found = self.standards.every_bank, bank.guessing
        return {
            "name": bank.name,
            "questions": bank.questions,
            "by_topic": bank.by_topic,
            "by_difficulty": bank.by_difficulty,
            "by_type": bank.by_type,
            "test_wiseness": {
                "single_choice": found.single_choice,
                "chance": _share(found.chance),
                "longest": _share(found.longest),
                "shortest": _share(found.shortest),
                "positions": [
                    {"options": each.options, "counts": list(each.counts), "p": each.p and round(each.p, 6)}
                    for each in found.positions
                ],
                "true_false": found.true_false,
                "always_true": _share(found.always_true),
                "withheld_below": {
                    "single_choice": every.least_single_choice,
                    "true_false": every.least_true_false,
                },
            },
        }


def _share(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), 4)


def standards() -> BankStandards:
    """Return the shipped standards; raises ``SourceError`` when the file is wrong."""
    return loader.load(BankStandards, "bank_standards.yaml")


def check_banks(
    paths: Sequence[Path],
    lesson_headings: Headings,
    *,
    shipped: bool = False,
    papers: Sequence[PaperCells] = (),
) -> Report:
    """Check the banks at ``paths`` (a bank folder, a folder of banks, or a file each) together.

    ``lesson_headings`` are the headings by page id. ``shipped`` adds what the banks we ship must hold and
    that every source exists; for other banks sources are checked when the bank names a known page.
    ``papers`` are the blueprints whose depth is checked. Raises ``SourceError`` when a path holds no bank.
    """
    readings = [read_banks(path) for path in paths]
    banks = [bank for reading in readings for bank in reading.banks]
    faults = [fault for reading in readings for fault in reading.faults]
    policy = standards()
    summaries = tuple(_summary(bank, policy) for bank in banks)
    for bank, summary in zip(banks, summaries, strict=True):
        faults.extend(_bank_faults(bank, summary, policy, lesson_headings, shipped=shipped))
        faults.extend(papers_can_be_drawn(bank, papers, policy.every_bank.forms))
    questions = [question for bank in banks for question in bank.questions]
    faults.extend(question_checks.repeated_ids(questions))
    faults.extend(_near_duplicates(questions, policy.every_bank.similarity))
    return Report(summaries, tuple(sorted(set(faults))), policy)


def missing_banks(report: Report) -> list[Fault]:
    """Return a fault for each bank that ought to be shipped and is not in the report."""
    present = {bank.name for bank in report.banks}
    missing = [name for name in report.standards.shipped_banks if name not in present]
    return [Fault(f"{name}/bank.yaml", 1, f"缺少题库“{name}”，请补上。") for name in missing]


def _summary(bank: Bank, policy: BankStandards) -> BankSummary:
    topics = Counter(question.topic for question in bank.questions)
    difficulties = Counter(question.difficulty for question in bank.questions)
    types = Counter(question.type for question in bank.questions)
    every = policy.every_bank
    return BankSummary(
        name=bank.name,
        questions=len(bank.questions),
        by_topic={topic.id: topics[topic.id] for topic in bank.topics},
        by_difficulty={str(each): difficulties[each] for each in _DIFFICULTIES},
        by_type={name: types[name] for name in question_types().names() if types[name]},
        guessing=guessing(bank.questions, every.least_single_choice, every.least_true_false),
    )


def _bank_faults(
    bank: Bank, summary: BankSummary, policy: BankStandards, headings: Headings, *, shipped: bool
) -> Iterator[Fault]:
    own = policy.shipped_banks.get(bank.name) if shipped else None
    known = shipped or question_checks.lessons_found(bank, headings)
    for question in bank.questions:
        yield from question_checks.stands_by_itself(question, policy.every_bank, headings if known else None)
        if own:
            yield from question_checks.fits_shipped_bank(question, own)
    yield from guessing_pays_little(bank, summary.guessing, policy.every_bank)
    if own:
        yield from holds_enough(bank, own)


def _near_duplicates(questions: Sequence[SourceQuestion], threshold: int) -> Iterator[Fault]:
    texts = [gist(each) for each in questions]
    for pair in similar_pairs(texts, threshold):
        first, second = questions[pair.first], questions[pair.second]
        message = (
            f"与 {first.id}（{first.file} 第{first.line}行）的题干和答案相似度{pair.ratio:.0f}，"
            f"须低于{threshold}，请改写或删掉一题。"
        )
        yield question_checks.fault(second, message)


def gist(question: SourceQuestion) -> str:
    """Return what makes a question different from others, folded."""
    return gist_of(question.type, question.content, question.key)


def gist_of(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    """Return the stem and the key of a question of this type; of a case also text and parts."""
    words = question_types().get(kind).describe_key(content, key)
    asked = [part["content"]["stem"] for part in content["parts"]] if kind == "case" else []
    told = [content["text"], *asked] if asked else []
    return squeeze("".join([str(content["stem"]), *told, words]))
