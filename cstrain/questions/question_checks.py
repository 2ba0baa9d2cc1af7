"""Checks of one question, and of the parts of a case: samples, options, the lesson it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from cstrain.policies.yaml_source import Fault
from cstrain.questions.bank_facts import Bank, SourceQuestion
from cstrain.questions.policy import EveryBank, ShippedBank
from cstrain.questions.question_type import question_types, unearned
from cstrain.wording.said import said_row, say

Headings = Mapping[str, frozenset[str]]


class _Asked(NamedTuple):
    """A question or a part of a case: words that say which part, its type, what a candidate sees of it."""

    which: str
    type: str
    content: Mapping[str, Any]


def _asked(question: SourceQuestion) -> Iterator[_Asked]:
    yield _Asked("", question.type, question.content)
    for number, part in enumerate(question.parts, start=1):
        yield _Asked(say("第%(number)s小题", number=number), part["type"], part["content"])


def fault(question: SourceQuestion, message: str) -> Fault:
    """Return a fault at the question's line."""
    return Fault(question.file, question.line, say("%(id)s：%(why)s", id=question.id, why=message))


def stands_by_itself(
    question: SourceQuestion, standard: EveryBank, headings: Headings | None
) -> Iterator[Fault]:
    """Yield what is wrong with a question of any bank; its source is checked where ``headings`` are given."""
    yield from samples_earn_their_marks(question)
    yield from no_option_for_all(question, standard)
    if headings is not None:
        yield from source_exists(question, headings)


def samples_earn_their_marks(question: SourceQuestion) -> Iterator[Fault]:
    """Yield a fault for the first sample that does not earn what it must."""
    kind = question_types().get(question.type)
    for sample, earned in unearned(kind, question.content, question.key)[:1]:
        due = sample.fraction if earned != sample.fraction else sample.partial
        yield fault(
            question,
            say(
                "自测不通过：作答 %(response)s 应得%(due)s，实得%(earned)s；请检查答案的写法。",
                response=f"{sample.response!r}",
                due=_share(due),
                earned=_share(earned),
            ),
        )


def _share(share: Fraction | None) -> str:
    return say("（由人评分）") if share is None else str(share)


def no_option_for_all(question: SourceQuestion, standard: EveryBank) -> Iterator[Fault]:
    """Yield a fault for an option such as "all of the above"."""
    for which, _type, content in _asked(question):
        for option in content.get("options", ()):
            if any(re.search(pattern, option["text"]) for pattern in standard.all_of_the_above):
                why = say(
                    "%(which)s选项“%(text)s”属于“以上都对”一类，请换成具体的说法。",
                    which=which,
                    text=option["text"],
                )
                yield fault(question, why)


def fits_shipped_bank(question: SourceQuestion, standard: ShippedBank) -> Iterator[Fault]:
    """Yield what a question of a shipped bank must have besides: an explanation, options by number, the
    situation's word."""
    if len(question.explanation) < standard.explanation:
        yield fault(question, f"解析不到{standard.explanation}个字，请写明为什么。")
    for which, name, content in _asked(question):
        least, most = standard.options.get(name, (0, 99))
        options = len(content.get("options", ()))
        if options and not least <= options <= most:
            yield fault(question, f"{which}有{options}个选项，应为{least}到{most}个。")
    told = question.stem + (question.content["text"] if question.parts else "")
    if question.situation and standard.situation_word not in told:
        yield fault(
            question, f"标为情景题，题干里却没有“{standard.situation_word}”；请改题干或去掉 situation。"
        )


def repeated_ids(questions: Sequence[SourceQuestion]) -> Iterator[Fault]:
    """Yield a fault for each question whose id an earlier one has."""
    seen: dict[str, SourceQuestion] = {}
    for question in questions:
        first = seen.setdefault(question.id, question)
        if first is not question:
            message = f"编号已在 {first.file} 第{first.line}行用过，请换一个没用过的编号。"
            yield fault(question, message)


def lessons_found(bank: Bank, headings: Headings) -> bool:
    """Tell whether the bank was written to these lessons: one of its sources names one of the pages."""
    return any(question.source.partition("#")[0] in headings for question in bank.questions)


def source_exists(question: SourceQuestion, headings: Headings) -> Iterator[Fault]:
    """Yield a fault when the source does not name a heading of a lesson page."""
    page, _, heading = question.source.partition("#")
    if not page:
        yield fault(question, say("缺少“source”，请写明出处：页面编号#标题。"))
    elif page not in headings:
        yield fault(question, say("出处的页面“%(page)s”不存在，请改成课程页面的编号。", page=page))
    elif heading not in headings[page]:
        why = say(
            "页面“%(page)s”没有标题“%(heading)s”（有：%(known)s），请改正出处。",
            page=page,
            heading=heading,
            known=said_row("、", sorted(headings[page])),
        )
        yield fault(question, why)
