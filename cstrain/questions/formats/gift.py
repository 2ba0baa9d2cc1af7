"""GIFT, the text format of Moodle: https://docs.moodle.org/en/GIFT_format.

What GIFT has no place for (difficulty, source, rubric …) is kept in a comment above the question, which other
systems skip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from cstrain.questions.exchange.contract import (
    FORMATS,
    Draft,
    ExchangeFormat,
    ItemFault,
    Reading,
    UnreadableError,
    Written,
    row,
)
from cstrain.questions.exchange.gift.reading import draft_of
from cstrain.questions.exchange.gift.syntax import RefusedError, pieces
from cstrain.questions.exchange.gift.writing import file_of
from cstrain.questions.exchange.text.source import decoded, plain_head
from cstrain.wording.said import reason, say

_BLOCK = re.compile(r"(?<!\\)\{\s*(?:#\s*[-=%.\d]|(?:T|F|TRUE|FALSE)\s*[#}]|[=~]\s*[^\s=~{}])")


@FORMATS.register("gift")
class Gift(ExchangeFormat):
    """GIFT files: choices, true or false, short answers, numbers, matching, essays."""

    name: ClassVar[str] = "gift"
    label: ClassVar[str] = "GIFT"
    endings: ClassVar[tuple[str, ...]] = (".gift.txt", ".gift")

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell by the ending; a plain text file by an answer block, which no text from Word has."""
        if super().looks_right(raw, name):
            return True
        head = plain_head(raw, name)
        return not head.lstrip().startswith("<") and bool(_BLOCK.search(head))

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of a file; raises ``UnreadableError``."""
        text = decoded(raw)
        if "\r" in text and "\n" not in text:
            text = text.replace("\r", "\n")
        drafts: list[Draft] = []
        faults: list[ItemFault] = []
        seen: set[str] = set()
        found = False
        for piece in pieces(text):
            found = found or "{" in piece.text
            try:
                drafts.append(_with_own_id(draft_of(piece), seen))
            except RefusedError as error:
                faults.append(ItemFault(row(piece.line), reason(error)))
        if not found:
            raise UnreadableError(say("文件没有读取：里面没有GIFT试题（答案写在{ }里）。请检查文件和格式。"))
        return Reading(tuple(drafts), tuple(faults))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return the file; questions that GIFT cannot hold are named."""
        text, lost = file_of(title, drafts)
        return Written(text.replace("\0", "").encode("utf-8", "replace"), lost)


def _with_own_id(draft: Draft, seen: set[str]) -> Draft:
    """Return a draft without its id where an earlier one has it: in GIFT names need not differ."""
    name = draft.fields.get("id")
    if name is None or name not in seen:
        seen.add(str(name))
        return draft
    fields = {key: value for key, value in draft.fields.items() if key != "id"}
    note = say("没有保留：%(what)s", what=say("题名“%(title)s”（文件里重复）", title=name))
    return replace(draft, fields=fields, notes=(*draft.notes, note))
