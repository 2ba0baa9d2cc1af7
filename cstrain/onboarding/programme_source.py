"""Reads the shipped programmes; what is wrong is named with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cstrain.exams.service.papers import shipped_papers
from cstrain.lessons import page_source
from cstrain.lessons.page_source import read_pages
from cstrain.onboarding.policy import Check, DaySpec, Programme
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import Document, Fault, SourceError, Where, read, validate

FOLDER = "programmes"


@dataclass(frozen=True, slots=True)
class Known:
    """What a programme may name: lesson pages, papers with their kinds, and the sections of papers."""

    lessons: frozenset[str]
    papers: Mapping[str, str]
    sections: Mapping[str, frozenset[str]] = field(default_factory=dict)


def shipped_known() -> Known:
    """Return the lessons and papers that travel with the product."""
    shelf = read_pages(Path(page_source.__file__).parent / "shipped", prefix="lessons/")
    papers = shipped_papers()
    return Known(
        frozenset(page.id for page in shelf.pages),
        {paper.ref: paper.kind for paper in papers},
        {paper.ref: frozenset(section.title for section in paper.sections) for paper in papers},
    )


def shipped_programmes(folder: Path | None = None) -> tuple[Programme, ...]:
    """Return every shipped programme, checked; raises ``SourceError`` with all faults of all files."""
    known = shipped_known()
    found: list[Programme] = []
    faults: list[Fault] = []
    for path in sorted((folder or SHIPPED / FOLDER).glob("*.yaml")):
        try:
            found.append(read_programme(path, known, f"{FOLDER}/{path.name}"))
        except SourceError as error:
            faults.extend(error.faults)
    if faults:
        raise SourceError(tuple(faults))
    return tuple(found)


def read_programme(path: Path, known: Known, file: str | None = None) -> Programme:
    """Read one programme; raises ``SourceError``."""
    document = read(path, file=file)
    programme = validate(Programme, document)
    faults = sorted({*_days(programme, document, known), *_gates(programme, document, known)})
    faults += sorted(set(_conversion(programme, document, known)))
    if faults:
        raise SourceError(tuple(faults))
    return programme


def _days(programme: Programme, document: Document, known: Known) -> Iterator[Fault]:
    for index, day in enumerate(programme.days):
        here: Where = ("days", index)
        if day.day != index + 1:
            yield document.fault(
                (*here, "day"), f"这里应为第{index + 1}天，写成了第{day.day}天；天数要从1连续排。"
            )
        if (day.signed_by == "guide") != bool(day.place):
            yield document.fault(here, "由带教人签核的天要写明地点（place），其他天不写。")
        yield from _parts(day, document, here, known)
    yield from _activities(programme, document)


def _parts(day: DaySpec, document: Document, here: Where, known: Known) -> Iterator[Fault]:
    for at, lesson in enumerate(day.lessons):
        if lesson not in known.lessons:
            yield document.fault((*here, "lessons", at), f"没有课程“{lesson}”，请检查拼写或先加这一页。")
    if day.quiz is not None:
        yield from _paper(document, (*here, "quiz"), day.quiz, ("quiz",), known)
    for at, paper in enumerate(day.exams):
        yield from _paper(document, (*here, "exams", at), paper, ("exam", "conversion"), known)
    for at, sheet in enumerate(day.sheets):
        if sheet in day.sheets[:at]:
            yield document.fault((*here, "sheets", at), f"同一天写了两张“{sheet}”，请删掉一张。")


def _activities(programme: Programme, document: Document) -> Iterator[Fault]:
    places: list[tuple[Where, str]] = [
        (("days", index, "activities", at, "id"), activity.id)
        for index, day in enumerate(programme.days)
        for at, activity in enumerate(day.activities)
    ]
    if programme.pre_start is not None:
        places += [
            (("pre_start", "activities", at, "id"), activity.id)
            for at, activity in enumerate(programme.pre_start.activities)
        ]
    seen: dict[str, Where] = {}
    for where, name in places:
        if name in seen:
            line = document.line(seen[name])
            yield document.fault(where, f"活动编号“{name}”在第{line}行已经用过，请换一个。")
        seen.setdefault(name, where)


def _paper(
    document: Document, where: Where, ref: str, kinds: tuple[str, ...], known: Known
) -> Iterator[Fault]:
    if ref not in known.papers:
        yield document.fault(where, f"没有试卷“{ref}”，请检查拼写或先加这张卷。")
    elif known.papers[ref] not in kinds:
        yield document.fault(where, f"试卷“{ref}”的类型是{known.papers[ref]}，这里只能用{'、'.join(kinds)}。")


def _gates(programme: Programme, document: Document, known: Known) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, gate in enumerate(programme.gates):
        here: Where = ("gates", index)
        if gate.id in seen:
            yield document.fault((*here, "id"), f"关口编号“{gate.id}”已经用过，请换一个。")
        seen.add(gate.id)
        day = gate.day
        if day is not None and programme.day(day) is None:
            yield document.fault((*here, "day"), f"培训计划只有{programme.length}天，没有第{day}天。")
            continue
        for at, check in enumerate(gate.checks):
            yield from _check(programme, document, (*here, "checks", at), check, day)
            yield from _section(document, (*here, "checks", at), check, known)
        if day is None and gate.decided_in != "conversion":
            yield document.fault(here, "不在某一天的关口只能由转正流程决定（decided_in: conversion）。")


def _check(
    programme: Programme, document: Document, where: Where, check: Check, day: int | None
) -> Iterator[Fault]:
    if check.section is None and (check.sheet is None) == (check.paper is None):
        yield document.fault(where, "每一条只能写成绩单（sheet）或试卷（paper）中的一样。")
        return
    spec = programme.day(day) if day is not None else None
    by_hand = check.sheet is not None and check.section is None
    if by_hand and (spec is None or check.sheet not in spec.sheets):
        yield document.fault(where, f"这一天没有“{check.sheet}”成绩单，关口看不到它。")
    if check.paper is not None and check.paper not in (spec.exams if spec else programme.papers()):
        yield document.fault(where, f"这一天不考“{check.paper}”，关口看不到它。")


def _section(document: Document, where: Where, check: Check, known: Known) -> Iterator[Fault]:
    """Yield what is wrong with a check of a section: it names a paper's section and whose threshold holds."""
    if check.section is None:
        return
    if check.sheet is None or check.paper is None:
        yield document.fault(
            where, "写了试卷的一部分（section），就要同时写试卷（paper）和按谁的合格线（sheet）。"
        )
    elif check.section not in known.sections.get(check.paper, frozenset()):
        yield document.fault(where, f"试卷“{check.paper}”没有“{check.section}”这一部分，请检查拼写。")


def _conversion(programme: Programme, document: Document, known: Known) -> Iterator[Fault]:
    conversion = programme.conversion
    in_conversion = any(gate.decided_in == "conversion" for gate in programme.gates)
    if conversion is None:
        if in_conversion:
            yield document.fault(("gates",), "有关口由转正流程决定，但没有写转正考试（conversion）。")
        return
    spec = programme.day(conversion.day)
    for at, paper in enumerate(conversion.papers):
        where: Where = ("conversion", "papers", at)
        yield from _paper(document, where, paper.ref, ("conversion",), known)
        if spec is None or paper.ref not in spec.exams:
            yield document.fault(where, f"第{conversion.day}天没有安排“{paper.ref}”，请补进那天的exams。")
