"""Our own YAML: a topic's file as the shipped banks have them, several of them in one list, or questions.

The only format that holds every question type as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, ClassVar

from cstrain.policies.yaml_source import Document, Limits, SourceError, Where, parse
from cstrain.policies.yaml_writing import as_yaml, plain_data
from cstrain.questions.exchange.contract import (
    FORMATS,
    MOST_BYTES,
    MOST_QUESTIONS,
    Draft,
    ExchangeFormat,
    ItemFault,
    Reading,
    UnreadableError,
    Written,
    row,
)
from cstrain.questions.exchange.text.source import decoded
from cstrain.wording.said import say, together

_LIMITS = Limits(bytes=MOST_BYTES, depth=10, nodes=300_000)
_MOST_FAULTS = 5
_FIRST = ("id", "type", "difficulty", "situation", "stem")
_LAST = ("explanation", "source")
_BLOCKS = frozenset(("options", "steps", "parts", "says", "replies", "facts"))
_UNWRITABLE = say("没有导出：里面有YAML写不出的字符或内容，请检查这道题的文字。")
_NO_QUESTION = say("不是一道题：应为若干行“键: 值”，至少写明type和stem。")


@FORMATS.register("yaml")
class YamlBank(ExchangeFormat):
    """A topic's file, a list of such, a list of questions, or one question."""

    name: ClassVar[str] = "yaml"
    label: ClassVar[str] = "YAML题库"
    holds_pictures: ClassVar[bool] = True
    endings: ClassVar[tuple[str, ...]] = (".yaml", ".yml")

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the questions as they stand, each at its line; what is no question is named."""
        document = _document(decoded(raw), name)
        drafts: list[Draft] = []
        faults: list[ItemFault] = []
        places = list(islice(_places(document), MOST_QUESTIONS + 1))
        if len(places) > MOST_QUESTIONS:
            raise UnreadableError(say("文件没有读取：它超过%(n)s道题。请分成几个文件。", n=MOST_QUESTIONS))
        for where, topic in places:
            place, fields = row(document.line(where)), document.at(where)
            if isinstance(fields, dict) and "type" in fields:
                drafts.append(Draft(place, fields, topic))
            else:
                faults.append(ItemFault(place, _NO_QUESTION))
        return Reading(tuple(drafts), tuple(faults))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return one topic's file where all are of one topic, else a list of topics and questions."""
        lost: list[ItemFault] = []
        entries = [(draft.topic, text) for draft in drafts if (text := _entry(draft, lost))]
        groups = [
            (topic, "".join(text for _, text in each)) for topic, each in groupby(entries, itemgetter(0))
        ]
        if len(groups) == 1 and groups[0][0]:
            body = _section(*groups[0])
        else:
            body = "".join(_as_item(_section(*each)) if each[0] else each[1] for each in groups) or "[]\n"
        head = f"# {' '.join(title.split())}\n" if title.isprintable() and title.strip() else ""
        return Written((head + body).encode(), tuple(lost))


def _section(topic: str, questions: str) -> str:
    return as_yaml({"topic": topic}) + "questions:\n" + _indented(questions)


def _as_item(text: str) -> str:
    return "- " + _indented(text)[2:]


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))


def _document(text: str, name: str) -> Document:
    try:
        return parse(text, name, _LIMITS)
    except SourceError as error:
        told = [
            say("第%(line)s行：%(why)s", line=fault.line, why=fault.message)
            for fault in error.faults[:_MOST_FAULTS]
        ]
        more = len(error.faults) - _MOST_FAULTS
        rest = [say("（还有%(more)s处）", more=more)] if more > 0 else []
        raise UnreadableError(together((say("文件没有读取。"), *told, *rest))) from None


def _places(document: Document) -> Iterator[tuple[Where, str]]:
    """Yield where the questions stand, each with its topic."""
    data = document.data
    if isinstance(data, list):
        for index, part in enumerate(data):
            yield from _places_of(part, (index,))
    elif isinstance(data, dict):
        if not {"type", "questions"} & set(data):
            raise UnreadableError(
                say("文件没有读取：里面没有试题。应为题目的列表，或写明topic和questions的主题文件。")
            )
        yield from _places_of(data, ())
    else:
        raise UnreadableError(
            say("文件没有读取：它不是题库。应为题目的列表，或写明topic和questions的主题文件。")
        )


def _places_of(part: object, where: Where) -> Iterator[tuple[Where, str]]:
    """Yield the questions of a topic's file, or the one question that a part is."""
    questions = part.get("questions") if isinstance(part, dict) and "type" not in part else None
    if isinstance(part, dict) and isinstance(questions, list):
        topic = part.get("topic")
        for index in range(len(questions)):
            yield (*where, "questions", index), topic if isinstance(topic, str) else ""
    else:
        yield where, ""


def _entry(draft: Draft, lost: list[ItemFault]) -> str:
    """Return a question as an item of a list; names what cannot be written, and then returns nothing."""
    try:
        fields = plain_data(_in_order(draft.fields))
        text = _as_item(as_yaml(fields, blocks=_BLOCKS))
        if parse(text, "").data == [fields]:
            return text
    except (ValueError, SourceError):
        pass
    lost.append(ItemFault(draft.place, _UNWRITABLE))
    return ""


def _in_order(fields: Mapping[str, Any]) -> dict[str, Any]:
    middle = [name for name in fields if name not in (*_FIRST, *_LAST)]
    return {name: fields[name] for name in (*_FIRST, *middle, *_LAST) if name in fields}
