"""The editions of the ladders: shipped files, read once, and those the company approved itself; by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from cstrain.judgement.criterion import Criterion
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.dated import in_force
from cstrain.kernel.errors import NotFoundError
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import Document, Fault, SourceError, Where, parse, read, validate
from cstrain.promotion.ports import approved_editions

FOLDER = "ladders"
_ACTS = ("drafted", "checked", "approved")


def ladders(on: date) -> list[Ladder]:
    """Return the edition in force on a day of every ladder that has one, by ``ref``."""
    found = []
    for _ref, every in sorted(_all().items()):
        started = [edition for edition in every if edition.effective_from <= on]
        if started:
            found.append(in_force(started, on))
    return found


def ladder(ref: str, on: date) -> Ladder:
    """Return the edition of a ladder in force on a day; raises ``NotFoundError`` when there is none."""
    started = [edition for edition in editions(ref) if edition.effective_from <= on]
    if not started:
        raise NotFoundError(
            "“%(ref)s”这个晋升通道在%(on)s还没有生效的版本，请检查名称和日期。", ref=ref, on=on.isoformat()
        )
    return in_force(started, on)


def editions(ref: str) -> tuple[Ladder, ...]:
    """Return all editions of a ladder, oldest first; raises ``NotFoundError`` for an unknown one."""
    every = _all()
    held = every.get(ref)
    if held is None:
        known = "、".join(sorted(every))
        raise NotFoundError("没有“%(ref)s”这个晋升通道，现有：%(known)s。", ref=ref, known=known)
    return held


def edition(ref: str, number: int) -> Ladder:
    """Return one edition of a ladder by its number; raises ``NotFoundError`` when there is none."""
    for each in editions(ref):
        if each.edition == number:
            return each
    raise NotFoundError("“%(ref)s”这个晋升通道没有第%(number)s版，请检查版本号。", ref=ref, number=number)


def read_ladder(path: Path) -> Ladder:
    """Read an edition from any file, checked as the shipped ones are; raises ``SourceError``."""
    return checked(read(path))


def parse_ladder(text: str, file: str) -> Ladder:
    """Read an edition from text, for instance an upload; raises ``SourceError`` with the lines."""
    return checked(parse(text, file))


def checked(document: Document, *, draft: bool = False) -> Ladder:
    """Build an edition and check what the model alone cannot see; raises ``SourceError`` with the lines.

    A ``draft`` must not name approvals: they are recorded as they are given.
    """
    found = validate(Ladder, document)
    faults = (*_faults(found, document), *_approval_faults(found, document, draft=draft))
    if faults:
        raise SourceError(faults)
    return found


def read_all() -> tuple[Ladder, ...]:
    """Read every shipped edition; raises ``SourceError`` with the faults of all files."""
    found: list[tuple[Ladder, Document]] = []
    faults: list[Fault] = []
    for path in sorted((SHIPPED / FOLDER).glob("*.yaml")):
        try:
            document = read(path, file=f"{FOLDER}/{path.name}")
            found.append((checked(document), document))
        except SourceError as error:
            faults.extend(error.faults)
    faults.extend(_series_faults(found))
    if faults:
        raise SourceError(tuple(faults))
    return tuple(one for one, _ in found)


def _all() -> Mapping[str, tuple[Ladder, ...]]:
    """Return every edition by ``ref``.

    Where a file and the company have the same number, the company's counts: decisions were made by it.
    """
    own: dict[str, dict[int, Ladder]] = defaultdict(dict)
    for one in approved_editions():
        own[one.ref][one.edition] = one
    if not own:
        return _shipped()
    merged = dict(_shipped())
    for ref, by_number in own.items():
        each = {one.edition: one for one in merged.get(ref, ())} | by_number
        merged[ref] = tuple(each[number] for number in sorted(each))
    return merged


@cache
def _shipped() -> dict[str, tuple[Ladder, ...]]:
    by_ref: dict[str, list[Ladder]] = defaultdict(list)
    for one in read_all():
        by_ref[one.ref].append(one)
    return {ref: tuple(sorted(each, key=lambda one: one.edition)) for ref, each in by_ref.items()}


def _faults(found: Ladder, document: Document) -> Iterator[Fault]:
    papers = {path.stem for path in (SHIPPED / "papers").glob("*.yaml")}
    for number, step in enumerate(found.steps):
        seen: set[str] = set()
        for place, one in enumerate(step.criteria):
            where: Where = ("steps", number, "criteria", place)
            if not one.clause:
                yield document.fault(where, f"“{one.text}”没有写明条款（clause），请补上。")
            elif one.clause in seen:
                yield document.fault(where, f"同一步里条款“{one.clause}”写了两次，请区分开。")
            seen.add(one.clause)
            for paper in sorted(_papers_of(one) - papers):
                yield document.fault(where, f"没有“{paper}”这份试卷，请检查拼写。")


def _approval_faults(found: Ladder, document: Document, *, draft: bool) -> Iterator[Fault]:
    if draft:
        if found.approvals:
            yield document.fault(("approvals",), "批准记录由系统在审核和批准时填写，请删去approvals这一段。")
        return
    acts = [approval.act for approval in found.approvals]
    for act in _ACTS:
        if act not in acts:
            yield document.fault(("approvals",), f"缺少“{act}”的批准记录；每一版都要有拟制、审核和批准。")


def _papers_of(one: Criterion) -> set[str]:
    """Return the papers that a criterion or its parts name."""
    parts: tuple[Criterion, ...] = getattr(one, "of", ()) if one.kind in ("all_of", "any_of") else ()
    inner = {paper for part in parts for paper in _papers_of(part)}
    return inner | (set(getattr(one, "papers", ())) if one.kind == "papers_passed" else set())


def _series_faults(found: list[tuple[Ladder, Document]]) -> Iterator[Fault]:
    held: dict[tuple[str, int], Ladder] = {}
    for one, document in sorted(found, key=lambda pair: (pair[0].ref, pair[0].edition)):
        if (one.ref, one.edition) in held:
            yield document.fault(("edition",), f"“{one.ref}”第{one.edition}版写了两次，请改版本号。")
        before = held.get((one.ref, one.edition - 1))
        if before is None and one.edition > 1:
            yield document.fault(("edition",), f"“{one.ref}”缺少第{one.edition - 1}版，版本号要连续。")
        elif before is not None and before.effective_from >= one.effective_from:
            yield document.fault(("effective_from",), "新版的生效日期要晚于上一版。")
        held[one.ref, one.edition] = one
