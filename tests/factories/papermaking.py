"""Papers made in the browser: content over the tiny bank, drafts on their way. All need a context."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cstrain.exams.papermaking import queries, service
from cstrain.exams.papermaking.facts import DraftCell, DraftContent, DraftSection, Picked, Way
from cstrain.exams.papermaking.service import NewPaper
from cstrain.kernel.ids import PersonId
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.exams import KINDS

TODAY = date(2026, 11, 20)
NEW = NewPaper("茶饮基础", "tea-basics", "exam", "tiny", "blueprint")


def cells(count: int = 2) -> tuple[DraftCell, ...]:
    """One cell for each type of the tiny bank."""
    return tuple(DraftCell(topics=("basics",), types=(kind,), count=count) for kind in KINDS)


def content(**changes: Any) -> DraftContent:
    """A finished draft of ten questions of ten marks."""
    section = DraftSection(title="全部", marks=Decimal(10), cells=cells())
    fields: dict[str, Any] = {
        "title": "茶饮基础",
        "bank": "tiny",
        "effective_from": TODAY,
        "minutes": 30,
        "difficulty_tolerance": Decimal(2),
        "sections": (section,),
    }
    return DraftContent(**(fields | changes))


def by_hand(marks: int = 50, *refs: str) -> DraftContent:
    """A draft of picked questions."""
    wanted = refs or ("basics-number-1", "basics-single_choice-0")
    picked = tuple(Picked(ref=ref, marks=Decimal(marks), part="全部") for ref in wanted)
    return content(way=Way.HAND, sections=(), picked=picked)


def begin(author: PersonId, made: DraftContent | None = None, new: NewPaper = NEW) -> int:
    """Begin a draft and save a content into it."""
    with unit_of_work():
        draft = service.begin(author, START, new)
    with unit_of_work():
        service.save(author, START, draft, 1, made or content())
    return draft


def submitted(author: PersonId, made: DraftContent | None = None, new: NewPaper = NEW) -> int:
    """Begin, save and submit a draft."""
    draft = begin(author, made, new)
    with unit_of_work():
        service.submit(author, START, draft, queries.draft(draft).revision)
    return draft


def approved(author: PersonId, other: PersonId, made: DraftContent | None = None, new: NewPaper = NEW) -> str:
    """Make an own paper; returns its ref."""
    draft = submitted(author, made, new)
    with unit_of_work():
        service.approve(other, START, draft)
    return queries.draft(draft).ref
