"""Checks of a whole bank: what guessing earns, and what a shipped bank must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from cstrain.policies.yaml_source import Fault
from cstrain.questions.bank_facts import Bank
from cstrain.questions.cells import PaperCells, shortfalls
from cstrain.questions.policy import EveryBank, ShippedBank
from cstrain.questions.rules import Guessing


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.1f}%"


def guessing_pays_little(bank: Bank, found: Guessing, standard: EveryBank) -> Iterator[Fault]:
    """Yield a fault for each strategy that earns too much, and for positions that are not uniform."""
    if found.chance is not None:
        most = found.chance + Fraction(standard.over_chance)
        for word, earned in (("最长", found.longest), ("最短", found.shortest)):
            if earned is not None and earned > most:
                message = (
                    f"单选题总选{word}的选项能得{_percent(earned)}，不能超过{_percent(most)}；请改选项长短。"
                )
                yield Fault(bank.file, 1, message)
    if found.always_true is not None and found.always_true > Fraction(standard.always_true):
        most = Fraction(standard.always_true)
        message = (
            f"判断题总答“正确”能得{_percent(found.always_true)}，不能超过{_percent(most)}；请增加错误的说法。"
        )
        yield Fault(bank.file, 1, message)
    for group in found.positions:
        if group.p is not None and group.p <= standard.position_p:
            counts = "、".join(f"{chr(65 + at)} {count}" for at, count in enumerate(group.counts))
            message = f"{group.options}个选项的单选题，答案位置不均匀（{counts}；p={group.p:.4f}），请调换。"
            yield Fault(bank.file, 1, message)


def holds_enough(bank: Bank, standard: ShippedBank) -> Iterator[Fault]:
    """Yield what a shipped bank lacks: questions, by topic, types; situations; too many true/false."""
    total = len(bank.questions)
    if total < standard.questions:
        yield Fault(
            bank.file, 1, f"只有{total}题，至少要{standard.questions}题，还差{standard.questions - total}题。"
        )
    topics = Counter(question.topic for question in bank.questions)
    for topic, least in standard.by_topic.items():
        if topics[topic] < least:
            message = f"主题“{topic}”只有{topics[topic]}题，至少要{least}题，还差{least - topics[topic]}题。"
            yield Fault(bank.file, 1, message)
    yield from _mixes_well(bank, standard)


def _mixes_well(bank: Bank, standard: ShippedBank) -> Iterator[Fault]:
    types = Counter(question.type for question in bank.questions)
    missing = [name for name in standard.types if not types[name]]
    if missing:
        yield Fault(bank.file, 1, f"缺少题型：{'、'.join(missing)}，请补题。")
    total = max(len(bank.questions), 1)
    judged = Fraction(types["true_false"], total)
    if judged > Fraction(standard.true_false_share):
        most = _percent(Fraction(standard.true_false_share))
        yield Fault(bank.file, 1, f"判断题占{_percent(judged)}，不能超过{most}；请换成其他题型。")
    situations = Fraction(sum(question.situation for question in bank.questions), total)
    if situations < Fraction(standard.situation_share):
        least = _percent(Fraction(standard.situation_share))
        yield Fault(bank.file, 1, f"情景题占{_percent(situations)}，至少要{least}；请增加有顾客的情景题。")


def papers_can_be_drawn(bank: Bank, papers: Sequence[PaperCells], forms: int) -> Iterator[Fault]:
    """Yield a fault for each cell of a paper on this bank that holds less than ``forms`` forms take."""
    for paper in papers:
        if paper.bank != bank.name:
            continue
        for short in shortfalls(paper.cells, bank.questions, forms):
            message = (
                f"试卷“{paper.name}”的单元（{short.cell}）每卷取{short.cell.count}题，{forms}份不重复的卷要"
                f"{short.needs}题，题库只有{short.holds}题，还差{short.missing}题。"
            )
            yield Fault(bank.file, 1, message)
