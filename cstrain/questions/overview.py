"""What the bank pages say in numbers, from counts, papers, the bank check and statistics. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cstrain.policies.yaml_source import Fault
from cstrain.questions.facts import BankFacts, QuestionCount, QuestionLine
from cstrain.questions.slots import FLAGS, PaperLine, QuestionStatistic


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with the number of its questions at each difficulty."""

    ref: str
    title: str
    by_difficulty: tuple[int, int, int]

    @property
    def questions(self) -> int:
        """All questions of the topic."""
        return sum(self.by_difficulty)


@dataclass(frozen=True, slots=True)
class BankOverview:
    """A bank in numbers, with the papers that draw on it and what the check of its files found."""

    facts: BankFacts
    topics: tuple[TopicLine, ...]
    by_type: Mapping[str, int]
    by_difficulty: tuple[int, int, int]
    situations: int
    papers: tuple[PaperLine, ...]
    faults: tuple[Fault, ...]

    @property
    def fewest_forms(self) -> int | None:
        """Disjoint forms the scarcest of its disjoint papers allows; ``None`` without such a paper."""
        return min((paper.forms for paper in self.papers if paper.disjoint), default=None)


def overviews(
    banks: Sequence[BankFacts],
    counts: Iterable[QuestionCount],
    titles: Mapping[str, Mapping[str, str]],
    papers: Sequence[PaperLine],
    faults: Sequence[Fault],
) -> list[BankOverview]:
    """Return every bank in numbers, in the order of ``banks``."""
    by_bank: dict[str, list[QuestionCount]] = {}
    for count in counts:
        by_bank.setdefault(count.bank, []).append(count)
    return [
        _overview(
            bank,
            by_bank.get(bank.name, []),
            titles.get(bank.name, {}),
            tuple(paper for paper in papers if paper.bank == bank.name),
            tuple(fault for fault in faults if fault.file.startswith(f"{bank.name}/")),
        )
        for bank in banks
    ]


def _overview(
    bank: BankFacts,
    counts: Sequence[QuestionCount],
    titles: Mapping[str, str],
    papers: tuple[PaperLine, ...],
    faults: tuple[Fault, ...],
) -> BankOverview:
    types: Counter[str] = Counter()
    for count in counts:
        types[count.type] += count.questions
    topics = tuple(
        TopicLine(ref, title, _by_difficulty(each for each in counts if each.topic == ref))
        for ref, title in titles.items()
    )
    return BankOverview(
        facts=bank,
        topics=topics,
        by_type=dict(types),
        by_difficulty=_by_difficulty(counts),
        situations=sum(count.situations for count in counts),
        papers=papers,
        faults=faults,
    )


def _by_difficulty(counts: Iterable[QuestionCount]) -> tuple[int, int, int]:
    found: Counter[int] = Counter()
    for count in counts:
        found[count.difficulty] += count.questions
    return found[1], found[2], found[3]


@dataclass(frozen=True, slots=True)
class WeakLine:
    """A question with its statistic, which says why it should be looked at."""

    line: QuestionLine
    statistic: QuestionStatistic


def weakest(lines: Iterable[QuestionLine], found: Mapping[int, QuestionStatistic]) -> list[WeakLine]:
    """Return the questions that should be looked at, doubtful keys first, then by facility."""
    weak = [WeakLine(line, found[line.version_id]) for line in lines if line.version_id in found]
    return sorted(
        (each for each in weak if each.statistic.flags),
        key=lambda each: (
            FLAGS.index(each.statistic.flags[0]),
            each.statistic.facility or 0.0,
            each.line.ref,
        ),
    )
