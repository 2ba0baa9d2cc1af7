"""Moodle XML: what Moodle imports and exports under that name (also read by Open edX and others)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar
from xml.etree.ElementTree import Element

from cstrain.questions.exchange.contract import (
    FORMATS,
    MOST_QUESTIONS,
    Draft,
    ExchangeFormat,
    ItemFault,
    Place,
    Reading,
    UnreadableError,
    Written,
    item,
)
from cstrain.questions.exchange.moodle.reading import fields_of
from cstrain.questions.exchange.moodle.source import CannotHoldError, Source, raw_text
from cstrain.questions.exchange.moodle.writing import (
    CannotWriteError,
    category,
    escaped,
    is_trimmed,
    question,
)
from cstrain.questions.exchange.xml_source import items_of
from cstrain.questions.question_type import question_types
from cstrain.wording.said import reason, say

_MOST_MARKS = 400_000
_SHORT = 8
_MARKS = {"<": 1, "&": 1, "[[": 2, "~": 4, "{": 4}
"""What takes time to read in a text, and how much compared with a tag."""
_TRIMMED = say("答案首尾的空格或换行在Moodle里保留不下来，导入Moodle后会去掉。")
_LEVEL = re.compile("(?<!/)/(?!/)")
_COURSE = re.compile(r"^\$[a-z0-9]{1,20}\$$")


@FORMATS.register("moodle_xml")
class MoodleXml(ExchangeFormat):
    """A ``<quiz>`` of questions; categories stand between them and hold for what follows."""

    name: ClassVar[str] = "moodle_xml"
    label: ClassVar[str] = "Moodle XML"
    endings: ClassVar[tuple[str, ...]] = (".xml",)

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell whether ``<quiz`` stands near the beginning, in any encoding."""
        return re.search(rb"<quiz[\s/>]", raw[:8192].replace(b"\x00", b"")) is not None

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the questions; places count them from 1, categories left out."""
        root, elements = items_of(raw)
        if root != "quiz":
            raise UnreadableError(
                say("文件没有读取：它不是Moodle XML（最外层不是quiz）。请在Moodle里重新导出。")
            )
        topic, marks = "", 0
        drafts: list[Draft] = []
        faults: list[ItemFault] = []
        for element in elements:
            if element.tag != "question":
                continue
            long = (text for text in element.itertext() if len(text) > _SHORT)
            marks += sum(text.count(each) * cost for text in long for each, cost in _MARKS.items())
            if marks > _MOST_MARKS or len(drafts) + len(faults) >= MOST_QUESTIONS:
                raise UnreadableError(say("文件没有读取：题目或标记太多。请分成几个文件。"))
            if element.get("type") == "category":
                topic = _topic(raw_text(element.find("category")))
                continue
            read = _draft(element, item(len(drafts) + len(faults) + 1), topic)
            if isinstance(read, Draft):
                drafts.append(read)
            else:
                faults.append(read)
        if not drafts and not faults:
            raise UnreadableError(say("文件没有读取：里面没有题目。请检查是不是选错了文件。"))
        return Reading(tuple(drafts), tuple(faults))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return the questions under the categories of their topics, directly below the course's top."""
        comment = escaped(re.sub(r"[^\w .,:;()·、，。：（）-]|--+|-$", "", title))
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", f"<!-- {comment} -->"]
        lost: list[ItemFault] = []
        topic = ""
        for draft in drafts:
            try:
                written, whole = question(draft.fields, draft.tags)
            except CannotWriteError as error:
                lost.append(
                    ItemFault(
                        draft.place,
                        say("题型“%(label)s”这个格式放不下，没有导出。", label=_label(str(error))),
                    )
                )
                continue
            if not whole:
                message = say("里面有XML不允许的控制字符，导出时去掉了，请检查。")
                lost.append(ItemFault(draft.place, message))
            if is_trimmed(draft.fields):
                lost.append(ItemFault(draft.place, _TRIMMED))
            if draft.topic != topic:
                topic = draft.topic
                lines.append(category(topic))
            lines.append(written)
        lines.append("</quiz>\n")
        return Written("\n".join(lines).encode(), tuple(lost))


def _label(name: str) -> str:
    return say(question_types().get(name).label) if name in question_types() else name


def _draft(element: Element, place: Place, topic: str) -> Draft | ItemFault:
    source = Source(element)
    try:
        fields, tags = fields_of(source)
    except CannotHoldError as error:
        return ItemFault(place, reason(error))
    return Draft(place, fields, topic, tags, source.notes())


def _topic(path: str) -> str:
    """Return a category as a topic: without context and ``top``; ``//`` is a slash within a name."""
    levels = [each.strip() for each in _LEVEL.split(path)]
    if levels and _COURSE.match(levels[0]):
        levels = levels[1:]
    if levels and levels[0] == "top":
        levels = levels[1:]
    return "/".join(each.replace("//", "／") for each in levels if each)
