"""The printed form as plain data for its template, and as PDF. It holds no key: those who print hold none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.documents.printed import breakable
from cstrain.exams.facts import SittingFacts, SlotView
from cstrain.exams.on_paper.facts import CopyFacts
from cstrain.exams.on_paper.pictures import with_pictures
from cstrain.people.facts import PersonFacts
from cstrain.questions.facts import Control
from cstrain.questions.question_type import question_types

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_A_LINE = 34
"""Characters somebody writes on a ruled line."""
_FEWEST, _MOST = 2, 26
"""Ruled lines for an answer in writing."""


def pdf(copies: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the PDF of some copies, each beginning on a page of its own."""
    template = Path(bundled("templates")) / "pdf" / "paper_copy.typ"
    return render_pdf(template, {"copies": breakable(with_pictures(list(copies)))})


def copy_data(
    copy: CopyFacts, sitting: SittingFacts, person: PersonFacts, extra: int, form: Sequence[SlotView]
) -> dict[str, Any]:
    """Return the data of one copy: head, sections, questions."""
    sections: list[dict[str, Any]] = []
    for slot in form:
        if not sections or sections[-1]["title"] != slot.section:
            sections.append({"title": slot.section, "questions": []})
        sections[-1]["questions"].append(
            {"number": slot.slot, "marks": f"{slot.marks.normalize():f}"}
            | asked(slot.type, slot.control, slot.content)
        )
    return {
        "title": sitting.title,
        "code": copy.code,
        "name": person.name,
        "staff_no": person.staff_no,
        "department": person.department_name,
        "place": sitting.place,
        "minutes": sitting.paper.minutes + extra,
        "pass_mark": f"{sitting.paper.pass_mark.normalize():f}",
        "questions": len(form),
        "sections": sections,
    }


def asked(kind: str, control: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question, or a part of a case, as it is printed: no key."""
    options = [[_LETTERS[place], option["text"]] for place, option in enumerate(content.get("options", ()))]
    parts = [
        {"number": number, "of": part["of"]} | asked(part["type"], part["control"], part["content"])
        for number, part in enumerate(content.get("parts", ()), start=1)
    ]
    return {
        "kind": question_types().get(kind).label,
        "control": control,
        "stem": content["stem"],
        "pictures": list(content.get("pictures", ())),
        "text": content.get("text", ""),
        "options": options,
        "left": [each["text"] for each in content.get("left", ())],
        "unit": content.get("unit") or "",
        "blanks": content.get("blanks", 0),
        "lines": _lines(content) if control == Control.TEXT else 0,
        "limit": content.get("most", 0) if control == Control.TEXT else 0,
        "parts": parts,
    }


def _lines(content: Mapping[str, Any]) -> int:
    return max(_FEWEST, min(_MOST, -(-int(content["most"]) // _A_LINE)))
