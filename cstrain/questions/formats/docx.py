"""Word files (.docx) in the conventional layout of Chinese exams."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cstrain.questions.exchange.contract import (
    FORMATS,
    Draft,
    ExchangeFormat,
    ItemFault,
    Reading,
    Written,
    row,
)
from cstrain.questions.exchange.docx.source import DOCUMENT, MEDIA, text_of
from cstrain.questions.exchange.docx.written import package_of
from cstrain.questions.exchange.plain_text import PICTURE
from cstrain.questions.exchange.text.reading import read_lines
from cstrain.questions.exchange.text.source import lines_of
from cstrain.questions.exchange.text.written import texts_of, written_text
from cstrain.wording.said import say

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKED = re.compile(f"[{''.join(MEDIA)}]")


@FORMATS.register("docx")
class Docx(ExchangeFormat):
    """As the format ``text``; automatic numbers, tables and underlined blanks are read as shown."""

    name = "docx"
    label = "Word（.docx）"
    endings = (".docx", ".docm")

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell whether a file is a package with a Word document in it, or an old Word file by its name."""
        if raw.startswith(b"PK"):
            return DOCUMENT.encode() in raw
        return raw.startswith(b"\xd0\xcf\x11\xe0") and name.lower().endswith((".doc", *cls.endings))

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the questions; places are lines of the text, counted without what is deleted."""
        reading = read_lines(lines_of(text_of(raw)), row)
        return replace(reading, drafts=tuple(map(_worded, reading.drafts)))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return a Word file that reads like the text; what XML cannot hold is named."""
        illegal = [bool(_ILLEGAL.search("".join(texts_of(draft)))) for draft in drafts]
        kept = [draft for draft, wrong in zip(drafts, illegal, strict=True) if not wrong]
        text, lost = written_text(_ILLEGAL.sub(" ", title), kept)
        message = say("题目里有Word文件放不下的控制字符，没有导出。请去掉后再导出。")
        left_out = [
            ItemFault(draft.place, message) for draft, wrong in zip(drafts, illegal, strict=True) if wrong
        ]
        return Written(package_of(text.rstrip("\n").split("\n")), (*lost, *left_out))


def _worded(draft: Draft) -> Draft:
    """Return a draft with words where Word had a picture or the like, and a note for each."""
    found = dict.fromkeys(_MARKED.findall("".join(texts_of(draft))))
    if not found:
        return draft
    notes = tuple(say("没有保留：%(what)s", what=MEDIA[mark]) for mark in found)
    fields = {key: _said(value) for key, value in draft.fields.items()}
    tags = tuple(_said(list(draft.tags)))
    return replace(draft, fields=fields, topic=_said(draft.topic), tags=tags, notes=(*draft.notes, *notes))


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return _MARKED.sub(lambda mark: PICTURE % MEDIA[mark[0]], value)
    if isinstance(value, Mapping):
        return {key: _said(each) for key, each in value.items()}
    return [_said(each) for each in value] if isinstance(value, list) else value
