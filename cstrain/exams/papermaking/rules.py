"""Pure rules of papers on their way: what they come to, what is missing, the blueprint they become."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TypeVar

from cstrain.exams.papermaking.facts import (
    MOST_CELLS,
    MOST_SECTIONS,
    OWN,
    CellRoom,
    DraftCell,
    DraftContent,
    DraftSection,
    Picked,
    Said,
    Standing,
    Way,
)
from cstrain.exams.policy import MOST_NAMED, CellSpec, PaperSpec, SectionSpec
from cstrain.questions.cells import Cell
from cstrain.questions.facts import PoolQuestion

T = TypeVar("T")
MOST_NAME = 40
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SOURCE = "本公司自拟"
_WHOLE = Decimal(100)
_STEP = Decimal("0.5")


def ref_of(name: str) -> str | None:
    """Return the ref of a paper with this short name (``tea-basics``); ``None`` when it cannot be one."""
    short = name.strip().lower().removeprefix(OWN)
    return f"{OWN}{short}" if len(short) <= MOST_NAME and _NAME.fullmatch(short) else None


def sections_of(content: DraftContent) -> tuple[DraftSection, ...]:
    """Return the sections: those typed, or those that picked questions make by part and mark."""
    if content.way is Way.BLUEPRINT:
        return content.sections
    return tuple(
        DraftSection(title=part, marks=marks, cells=tuple(_named([one.ref for one in found])))
        for (part, marks), found in groupby(content.picked, key=lambda one: (one.part, one.marks))
    )


def _named(refs: Sequence[str]) -> Iterator[DraftCell]:
    for start in range(0, len(refs), MOST_NAMED):
        some = tuple(refs[start : start + MOST_NAMED])
        yield DraftCell(refs=some, count=len(some), difficulties=())


def standing(
    content: DraftContent, pool: Sequence[PoolQuestion], known: Collection[str], papers: Collection[str]
) -> Standing:
    """Return what a draft has come to.

    ``pool``: the questions of its banks; ``known``: the names of all banks; ``papers``: the refs of papers
    that it may require.
    """
    sections = sections_of(content)
    total = sum((_marks(section) for section in sections), Decimal(0))
    rooms = tuple(_rooms(content, sections, pool))
    forms = [room.forms for room in rooms if room.forms is not None]
    fewest = min(forms, default=0)
    return Standing(
        total=total,
        questions=sum(cell.count or 0 for section in sections for cell in section.cells),
        cells=rooms,
        forms=fewest,
        scarcest=tuple((room.section, room.cell) for room in rooms if room.forms == fewest),
        problems=tuple(_problems(content, sections, total, rooms, known, papers)),
    )


def _marks(section: DraftSection) -> Decimal:
    return (section.marks or Decimal(0)) * sum(cell.count or 0 for cell in section.cells)


def _rooms(
    content: DraftContent, sections: Sequence[DraftSection], pool: Sequence[PoolQuestion]
) -> Iterator[CellRoom]:
    for at, section in enumerate(sections):
        for place, cell in enumerate(section.cells):
            fits = _fits(cell, content.bank, pool)
            yield CellRoom(at, place, fits, fits // cell.count if cell.count else None)


def _fits(cell: DraftCell, bank: str, pool: Sequence[PoolQuestion]) -> int:
    if not cell.refs and not (cell.topics and cell.types and cell.difficulties):
        return 0
    wanted = Cell(
        cell.count or 0,
        frozenset(cell.topics),
        frozenset(cell.types),
        frozenset(cell.difficulties),
        cell.bank or bank,
        frozenset(cell.refs),
    )
    return sum(wanted.matches(question) for question in pool)


def _problems(
    content: DraftContent,
    sections: Sequence[DraftSection],
    total: Decimal,
    rooms: Sequence[CellRoom],
    known: Collection[str],
    papers: Collection[str],
) -> Iterator[Said]:
    yield from _of_the_head(content, known, papers)
    if not sections:
        yield Said("还没有题目：请加一个部分，或者挑几道题。")
    for at, section in enumerate(sections, start=1):
        yield from _of_a_section(at, section, content.way)
    yield from _of_the_room(sections, rooms)
    if sections and total != _WHOLE:
        yield Said("各部分合计%(total)s分，要正好100分。", (("total", f"{total.normalize():f}"),))
    if _crossing(content.bank, sections):
        yield Said("两个抽题格会抽到同一道题，请让它们的主题、题型或难度互不重叠。")


def _of_the_head(content: DraftContent, known: Collection[str], papers: Collection[str]) -> Iterator[Said]:
    if content.bank not in known:
        yield Said("没有%(bank)s这个题库，请另选一个。", (("bank", content.bank),))
    if content.consequences and content.release != "two_persons":
        yield Said("影响去留的试卷要由两人发布成绩。")
    for ref in content.requires:
        if ref not in papers:
            yield Said("先修试卷%(ref)s不存在，请改编号。", (("ref", ref),))


def _of_a_section(at: int, section: DraftSection, way: Way) -> Iterator[Said]:
    place = (("n", at),)
    if not section.title:
        yield Said("第%(n)s部分还没有名称。", place)
    if section.marks is None or section.marks <= 0:
        yield Said("第%(n)s部分还没有填每题几分。", place)
    if not section.cells:
        yield Said("第%(n)s部分还没有抽题格。", place)
    for number, cell in enumerate(section.cells, start=1):
        both = (("n", at), ("m", number))
        if not cell.count:
            yield Said("第%(n)s部分第%(m)s格还没有填抽几题。", both)
        if way is Way.BLUEPRINT and not cell.refs and not (cell.topics and cell.types and cell.difficulties):
            yield Said("第%(n)s部分第%(m)s格要选主题、题型和难度。", both)


def _of_the_room(sections: Sequence[DraftSection], rooms: Sequence[CellRoom]) -> Iterator[Said]:
    for room in rooms:
        cell = sections[room.section].cells[room.cell]
        if not cell.count or room.fits >= cell.count:
            continue
        values = (("n", room.section + 1), ("m", room.cell + 1), ("lack", cell.count - room.fits))
        if cell.refs:
            yield Said("第%(n)s部分有%(lack)s道题已停用或不在这个题库里，请换掉。", values)
        elif cell.topics and cell.types and cell.difficulties:
            yield Said("第%(n)s部分第%(m)s格的题不够，还差%(lack)s题。", values)


def _spec_cell(cell: DraftCell) -> CellSpec | None:
    """Return a cell as a blueprint has it; ``None`` while it is not finished."""
    if not cell.count or (not cell.refs and not (cell.topics and cell.types and cell.difficulties)):
        return None
    if len(set(cell.refs)) != len(cell.refs):
        return None
    return CellSpec.model_validate(cell.model_dump())


def _crossing(bank: str, sections: Sequence[DraftSection]) -> bool:
    found = [_spec_cell(cell) for section in sections for cell in section.cells]
    cells = [each.of_bank(bank) for each in found if each is not None]
    named = [(cell.bank or bank, ref) for section in sections for cell in section.cells for ref in cell.refs]
    twice = len(set(named)) < len(named)
    pairs = ((one, other) for at, one in enumerate(cells) for other in cells[:at])
    return twice or any(one.overlaps(other) for one, other in pairs)


def to_spec(content: DraftContent, ref: str, edition: int, start: date) -> PaperSpec:
    """Return the blueprint of a draft without problems, in force from ``start`` on.

    Raises ``ValueError`` (pydantic's) for one that is not finished.
    """
    return PaperSpec(
        ref=ref,
        edition=edition,
        effective_from=start,
        source=_SOURCE,
        title=content.title,
        kind=content.kind,
        bank=content.bank,
        minutes=content.minutes,
        pass_mark=content.pass_mark,
        disjoint=content.disjoint,
        consequences=content.consequences,
        release=content.release,
        difficulty_tolerance=content.difficulty_tolerance,
        partial=content.partial,
        unified=content.unified,
        requires=content.requires,
        sections=tuple(SectionSpec.model_validate(section.model_dump()) for section in sections_of(content)),
    )


def from_spec(spec: PaperSpec, start: date) -> DraftContent:
    """Return a draft that begins as a paper: one made by hand where all its questions are named.

    A conversion paper begins an exam: conversion papers are files.
    """
    by_hand = all(cell.is_fixed and cell.bank in ("", spec.bank) for s in spec.sections for cell in s.cells)
    sections = tuple(DraftSection.model_validate(section.model_dump()) for section in spec.sections)
    picked = tuple(
        Picked(ref=ref, marks=section.marks, part=section.title)
        for section in spec.sections
        for cell in section.cells
        for ref in cell.refs
    )
    return DraftContent(
        title=spec.title,
        kind="quiz" if spec.kind == "quiz" else "exam",
        bank=spec.bank,
        way=Way.HAND if by_hand else Way.BLUEPRINT,
        effective_from=max(start, spec.effective_from),
        minutes=spec.minutes,
        pass_mark=spec.pass_mark,
        disjoint=spec.disjoint,
        consequences=spec.consequences,
        release=spec.release,
        partial=spec.partial,
        unified=spec.unified,
        difficulty_tolerance=spec.difficulty_tolerance,
        requires=spec.requires,
        sections=() if by_hand else sections,
        picked=picked if by_hand else (),
    )


def banks_of(content: DraftContent) -> tuple[str, ...]:
    """Return the banks that a draft draws from."""
    cells = (cell for section in content.sections for cell in section.cells)
    return tuple(dict.fromkeys([content.bank, *(cell.bank for cell in cells if cell.bank)]))


def moved(picked: Sequence[Picked], at: int, by: int) -> tuple[Picked, ...]:
    """Return the list with the one at a place moved up (-1) or down (1); at an end nothing moves."""
    to = at + by
    if not (0 <= at < len(picked) and 0 <= to < len(picked)):
        return tuple(picked)
    found = list(picked)
    found[at], found[to] = found[to], found[at]
    return tuple(found)


def added(picked: Sequence[Picked], new: Mapping[str, str]) -> tuple[Picked, ...]:
    """Return the list with more questions at its end, given with the titles of their parts.

    One that is there already stays where it is; the marks are those of the last one of the same part.
    """
    have = {one.ref for one in picked}
    marks = {one.part: one.marks for one in picked}
    more = (Picked(ref=ref, part=part, marks=marks.get(part)) for ref, part in new.items() if ref not in have)
    return (*picked, *more)


def with_rows(content: DraftContent, act: str) -> DraftContent:
    """Return a paper with a row more, fewer or elsewhere, as a button said (``add-cell-0``, ``up-3``),
    or the marks shared out (``even``).

    An act that cannot be done, or is none, changes nothing.
    """
    verb, _, rest = act.rpartition("-") if act[-1:].isdigit() else (act, "", "")
    if act == "even":
        return content.changed(picked=_evenly(content.picked))
    if verb in ("up", "down") and len(rest) < 4:
        return content.changed(picked=moved(content.picked, int(rest), -1 if verb == "up" else 1))
    if verb == "remove" and len(rest) < 4:
        return content.changed(picked=_without(content.picked, int(rest)))
    return content.changed(sections=_sections_after(content.sections, act))


def _evenly(picked: tuple[Picked, ...]) -> tuple[Picked, ...]:
    """Return the questions with 100 marks shared out in halves; what is left over goes to the last ones."""
    if not picked or len(picked) * _STEP > _WHOLE:
        return picked
    each, over = divmod(int(_WHOLE / _STEP), len(picked))
    few = len(picked) - over
    return tuple(
        one.model_copy(update={"marks": (each + (place >= few)) * _STEP}) for place, one in enumerate(picked)
    )


def _sections_after(sections: tuple[DraftSection, ...], act: str) -> tuple[DraftSection, ...]:
    words = act.split("-")
    at, place = (int(word) if word.isdecimal() and len(word) < 4 else -1 for word in [*words[2:], "", ""][:2])
    if act == "add-section" and len(sections) < MOST_SECTIONS:
        return (*sections, DraftSection(cells=(DraftCell(),)))
    if not 0 <= at < len(sections):
        return sections
    if act.startswith("remove-section-"):
        return _without(sections, at)
    cells = sections[at].cells
    if act.startswith("add-cell-") and len(cells) < MOST_CELLS:
        cells = (*cells, DraftCell())
    elif act.startswith("remove-cell-"):
        cells = _without(cells, place)
    changed = sections[at].model_copy(update={"cells": cells})
    return (*sections[:at], changed, *sections[at + 1 :])


def _without(rows: tuple[T, ...], at: int) -> tuple[T, ...]:
    return tuple(row for place, row in enumerate(rows) if place != at)
