"""A chapter: its text is checked by its model, its look is every value that changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import BaseModel

from cstrain.kernel.errors import NotFoundError
from cstrain.policies.access_chapter import load_chapter
from cstrain.policies.chapters import Editable, editable
from cstrain.policies.loader import SHIPPED, load_edition, shipped
from cstrain.policies.yaml_source import Document, Fault, SourceError, Where, parse, validate
from cstrain.promotion import ladders
from cstrain.promotion.editions import differing, store, texts
from cstrain.promotion.editions.facts import Changed, EditionFacts, Known, chapter_ref

_ROLES = {
    "approvals",
    "directors",
    "manager_offices",
    "not_for",
    "offices",
    "panel_offices",
    "raters",
    "required",
    "role",
    "roles",
    "tied_may_sit",
    "daily_report",
}
"""Keys whose words are roles."""
_PAPERS = {"papers", "conversion_papers"}


class ChapterPolicy:
    """A chapter by its name; raises ``NotFoundError`` for one of which no editions are made."""

    unseen = "没有批准：请先看过这一版的每一处改动，点“我已看过这些改动”，再批准。"

    def __init__(self, name: str) -> None:
        if name not in editable:
            raise NotFoundError(store.MISSING)
        self._of: Editable = editable.get(name)
        self.ref = chapter_ref(name)

    @property
    def title(self) -> str:
        """What people call the chapter."""
        return self._of.title

    def known(self) -> Sequence[Known]:
        """Return the shipped edition and those approved here, by number."""
        own = [Known(one.number, one.effective_from) for one in store.approved_chapter(self.ref)]
        return sorted([self._shipped(), *own], key=lambda one: one.edition)

    def in_force(self, on: date) -> Known:
        """Return the edition in force on a day: the company's own once its day has come, else the shipped."""
        first = self._shipped()
        own = [one for one in self.known() if one != first and one.effective_from <= on]
        return max(own, key=lambda one: one.effective_from) if own else first

    def _shipped(self) -> Known:
        found: Any = shipped(self._of.model, self._of.file)
        return Known(found.edition, found.effective_from)

    def text_of(self, number: int) -> str:
        """Return the text of an edition; raises ``NotFoundError``."""
        own = store.approved_texts(self.ref, number)
        if own is not None:
            return own[0]
        if number != self._shipped().edition:
            raise NotFoundError(store.MISSING)
        return (SHIPPED / self._of.file).read_text("utf-8")

    def begun(self, number: int, start: date) -> tuple[str, str]:
        """Return the text of the newest edition as that of the next; a chapter has no cases."""
        return texts.stamped(self.text_of(self.known()[-1].edition), number, start), ""

    def stamped(self, text: str, cases: str, number: int, start: date) -> tuple[str, str]:
        """Return a typed text with number and first day."""
        return texts.stamped(text, number, start), ""

    def between(self, before: int, after: int) -> list[Changed]:
        """Return what differs between two editions there are."""
        old, new = (load_edition(self._of.model, self._of.file, one) for one in (before, after))
        return differing.differences(old.model_dump(), new.model_dump())

    def differences(self, base: int, text: str, number: int, start: date | None = None) -> list[Changed]:
        """Return every value that a text changes, by its place."""
        before = load_edition(self._of.model, self._of.file, base)
        return differing.differences(before.model_dump(), self._read(text, number, start).model_dump())

    def _read(self, text: str, number: int, start: date | None) -> BaseModel:
        document = parse(text, texts.LADDER_FILE)
        found = validate(self._of.model, document)
        faults = [*self._head_faults(found, document, number, start), *_faults(document)]
        if faults:
            raise SourceError(tuple(sorted(faults)))
        return found

    def _head_faults(
        self, found: Any, document: Document, number: int, start: date | None
    ) -> Iterator[Fault]:
        wanted = getattr(shipped(self._of.model, self._of.file), "ref", "")
        if found.ref != wanted:
            yield document.fault(("ref",), f"这里要写“{wanted}”：新版只能接着同一份制度。")
        if found.edition != number:
            yield document.fault(("edition",), f"下一版是第{number}版，请改正版本号。")
        if start is not None and found.effective_from != start:
            yield document.fault(("effective_from",), texts.WRONG_START)

    def failing(self, one: EditionFacts) -> Sequence[Fault]:
        """Return nothing: a chapter has no cases."""
        return ()

    def seen(self, one: EditionFacts, today: date) -> tuple[Mapping[str, Any], Mapping[str, int]]:
        """Return every change as it is shown."""
        found = self.differences(one.based_on, one.text, one.number)
        told = {"chapter": self._of.name, "edition": one.number, "against": one.based_on, "text": one.sha256}
        return {**told, "changes": [asdict(each) for each in found]}, {"changes": len(found)}


def _faults(document: Document) -> Iterator[Fault]:
    """Yield what the model cannot see: names of nothing, and the sign that message texts reserve."""
    roles, papers = set(load_chapter().roles), {path.stem for path in (SHIPPED / "papers").glob("*.yaml")}
    for where, key, word in _words(document.data, (), ""):
        if "%" in word:
            yield document.fault(where, "文字里不能有半角的百分号“%”，请写成“百分之几”，或用全角的“％”。")
        if key in _ROLES and word not in roles:
            yield document.fault(where, f"没有“{word}”这个职务，请检查拼写。")
        if key in _PAPERS and word not in papers:
            yield document.fault(where, f"没有“{word}”这份试卷，请检查拼写。")
    wanted = document.at(("ladder",))
    if isinstance(wanted, str) and not _is_ladder(wanted):
        yield document.fault(("ladder",), f"没有“{wanted}”这个晋升通道，请检查名称。")


def _words(part: object, where: Where, key: str) -> Iterator[tuple[Where, str, str]]:
    """Yield every text with its place and the key that it is a value of, directly, in a list or a map."""
    if isinstance(part, str):
        yield where, key, part
    elif isinstance(part, list):
        for number, one in enumerate(part):
            inner = key if isinstance(one, str) else ""
            yield from _words(one, (*where, number), inner)
    elif isinstance(part, dict):
        for name, one in part.items():
            below = name if name in _ROLES | _PAPERS or key not in _ROLES else key
            yield from _words(one, (*where, name), below)


def _is_ladder(ref: str) -> bool:
    try:
        return bool(ladders.editions(ref))
    except NotFoundError:
        return False
