"""A drawn form, and apart from it its key, as plain data for the template, and as PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.documents.printed import breakable
from cstrain.exams.assembly import FormSlot, shuffled_options
from cstrain.exams.on_paper.documents import asked
from cstrain.exams.on_paper.pictures import with_pictures
from cstrain.exams.on_paper.rules import PRINTABLE
from cstrain.exams.policy import PaperSpec
from cstrain.questions.facts import PublicVersion, ShownKey, in_order
from cstrain.questions.question_type import question_types

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHOWN = re.compile(
    "[\t\n -~\u00a0-\u06ff\u1e00-\u27bf\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\uffef\u200b]"
)
"""Signs that some font of ours has."""


@dataclass(frozen=True, slots=True)
class PrintedSlot:
    """A place of a form to be printed: its question as candidates see it, options in the form's order."""

    slot: FormSlot
    version: PublicVersion
    order: tuple[int, ...]

    @property
    def content(self) -> dict[str, Any]:
        """The content in the order of the form."""
        return in_order(self.version.content, self.order)

    @property
    def printable(self) -> bool:
        """Whether it can be answered with a pen."""
        parts = self.version.content.get("parts", ())
        return self.version.control in PRINTABLE and all(part["control"] in PRINTABLE for part in parts)


def printed(form: Sequence[FormSlot], versions: Mapping[int, PublicVersion], seed: int) -> list[PrintedSlot]:
    """Return the places of a form with their options in its order; the same seed gives the same."""
    found = []
    for slot in form:
        version = versions[slot.question.version_id]
        options = len(version.content.get("options", ()))
        found.append(PrintedSlot(slot, version, tuple(shuffled_options(options, seed, slot.slot))))
    return found


def sheet(spec: PaperSpec, seed: int, slots: Sequence[PrintedSlot]) -> bytes:
    """Return the PDF of a form without key; what cannot be answered on paper is left out and named."""
    return _pdf(
        _head(spec, seed, slots) | {"keys": False, "sections": _sections(slots, lambda one: _question(one))}
    )


def key_sheet(
    spec: PaperSpec, seed: int, slots: Sequence[PrintedSlot], keys: Mapping[int, ShownKey]
) -> bytes:
    """Return the PDF of a form's key, by version id; the same number as the form stands on it."""
    made = _sections(slots, lambda one: _answered(one, keys[one.version.id]))
    return _pdf(_head(spec, seed, slots) | {"keys": True, "sections": made})


def _pdf(data: Mapping[str, Any]) -> bytes:
    template = Path(bundled("templates")) / "pdf" / "paper_form.typ"
    return render_pdf(template, breakable(_plain(with_pictures(data))))


def _plain(value: Any) -> Any:
    """Return data whose text the fonts have."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def visible(text: str) -> str:
    """Return text with a sign that no font of ours has (an emoji, say) as its number in Unicode."""
    return "".join(sign if _SHOWN.fullmatch(sign) else f"[U+{ord(sign):04X}]" for sign in text)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _head(spec: PaperSpec, seed: int, slots: Sequence[PrintedSlot]) -> dict[str, Any]:
    shown = [one for one in slots if one.printable]
    return {
        "ref": spec.ref,
        "edition": spec.edition,
        "form": seed,
        "title": spec.title,
        "minutes": spec.minutes,
        "pass_mark": _number(spec.pass_mark),
        "questions": len(shown),
        "total": _number(sum((one.slot.marks for one in shown), Decimal(0))),
        "left_out": [_named(one) for one in slots if not one.printable],
    }


def _named(one: PrintedSlot) -> dict[str, Any]:
    kind = question_types().get(one.version.type).label
    return {"number": one.slot.slot, "marks": _number(one.slot.marks), "kind": kind}


def _sections(slots: Sequence[PrintedSlot], shown: Any) -> list[dict[str, Any]]:
    found = []
    printable = (one for one in slots if one.printable)
    for title, group in groupby(printable, key=lambda one: one.slot.section):
        members = list(group)
        total = _number(sum((one.slot.marks for one in members), Decimal(0)))
        found.append({"title": title, "total": total, "questions": [shown(one) for one in members]})
    return found


def _question(one: PrintedSlot) -> dict[str, Any]:
    return asked(one.version.type, one.version.control, one.content) | _named(one)


def _answered(one: PrintedSlot, key: ShownKey) -> dict[str, Any]:
    words = right_words(one, key)
    return _named(one) | {
        "id": one.slot.question.ref,
        "stem": one.version.content["stem"],
        "key": words,
        "explanation": key.explanation,
        "lines": words.count("\n") + key.explanation.count("\n") + len(words) // 40,
    }


def right_words(one: PrintedSlot, key: ShownKey) -> str:
    """Return the right answer in words, and before them the letters that it has on this form."""
    content = one.version.content
    letters = {
        str(option.get("id", place)): _LETTERS[one.order.index(place)]
        for place, option in enumerate(content.get("options", ()))
    }
    if key.right:
        return f"{''.join(sorted(letters[each] for each in key.right))}  {key.words}"
    if "pairs" in key.key:
        pairs = [letters[str(key.key["pairs"][left["id"]])] for left in content["left"]]
        return f"{'、'.join(pairs)}  {key.words}"
    if "order" in key.key and letters:
        return f"{' → '.join(letters[str(each)] for each in key.key['order'])}  {key.words}"
    return key.words
