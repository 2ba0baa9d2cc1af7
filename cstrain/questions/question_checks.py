"""Checks of one question: its samples, its options, the lesson it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cstrain.policies.yaml_source import Fault
from cstrain.questions.bank_facts import Bank, SourceQuestion
from cstrain.questions.policy import EveryBank, ShippedBank
from cstrain.questions.question_type import question_types, unearned

Headings = Mapping[str, frozenset[str]]


def fault(question: SourceQuestion, message: str) -> Fault:
    """Return a fault at the question's line."""
    return Fault(question.file, question.line, f"{question.id}：{message}")


def samples_earn_their_marks(question: SourceQuestion) -> Iterator[Fault]:
    """Yield a fault for the first sample that does not earn what it must."""
    kind = question_types().get(question.type)
    for sample, earned in unearned(kind, question.content, question.key)[:1]:
        due = sample.fraction if earned != sample.fraction else sample.partial
        yield fault(
            question, f"自测不通过：作答 {sample.response!r} 应得{due}，实得{earned}；请检查答案的写法。"
        )


def no_option_for_all(question: SourceQuestion, standard: EveryBank) -> Iterator[Fault]:
    """Yield a fault for an option such as "all of the above"."""
    for option in question.content.get("options", ()):
        if any(re.search(pattern, option["text"]) for pattern in standard.all_of_the_above):
            yield fault(question, f"选项“{option['text']}”属于“以上都对”一类，请换成具体的说法。")


def fits_shipped_bank(question: SourceQuestion, standard: ShippedBank) -> Iterator[Fault]:
    """Yield what a question of a shipped bank must have besides: options by number, the situation's word."""
    least, most = standard.options.get(question.type, (0, 99))
    options = len(question.content.get("options", ()))
    if options and not least <= options <= most:
        yield fault(question, f"有{options}个选项，应为{least}到{most}个。")
    if question.situation and standard.situation_word not in question.stem:
        yield fault(
            question, f"标为情景题，题干里却没有“{standard.situation_word}”；请改题干或去掉 situation。"
        )


def lessons_found(bank: Bank, headings: Headings) -> bool:
    """Tell whether the bank was written to these lessons: one of its sources names one of the pages."""
    return any(question.source.partition("#")[0] in headings for question in bank.questions)


def source_exists(question: SourceQuestion, headings: Headings) -> Iterator[Fault]:
    """Yield a fault when the source does not name a heading of a lesson page."""
    page, _, heading = question.source.partition("#")
    if not page:
        yield fault(question, "缺少“source”，请写明出处：页面编号#标题。")
    elif page not in headings:
        yield fault(question, f"出处的页面“{page}”不存在，请改成课程页面的编号。")
    elif heading not in headings[page]:
        known = "、".join(sorted(headings[page]))
        yield fault(question, f"页面“{page}”没有标题“{heading}”（有：{known}），请改正出处。")
