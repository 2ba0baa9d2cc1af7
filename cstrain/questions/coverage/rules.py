"""The coverage map of a bank, and what to write next so that papers allow one more form. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cstrain.questions.cells import Drawable
from cstrain.questions.coverage.facts import (
    AskingPaper,
    CoverageMap,
    LessonMap,
    Place,
    SourceCount,
    Wanting,
    Wish,
)


def coverage(
    topics: Sequence[str], counts: Sequence[SourceCount], headings: Mapping[str, Sequence[str]]
) -> CoverageMap:
    """Return the map of a bank; ``headings`` are those of each lesson, in order.

    Lessons of which the bank asks nothing at all are left out: they belong to other banks.
    """
    split = [(each, *_page_and_heading(each.source)) for each in counts]
    asked = [page for page in headings if any(found == page for _each, found, _heading in split)]
    lessons = [
        _lesson(page, headings[page], [(each, heading) for each, found, heading in split if found == page])
        for page in asked
    ]
    return CoverageMap(
        topics=tuple(_place(ref, (each for each in counts if each.topic == ref)) for ref in topics),
        lessons=tuple(lessons),
        untold=_place("", (each for each in counts if not each.source)),
        lost=_lost(split, headings),
    )


def _page_and_heading(source: str) -> tuple[str, str]:
    page, _, heading = source.partition("#")
    return page, heading


def _lesson(page: str, headings: Sequence[str], found: Sequence[tuple[SourceCount, str]]) -> LessonMap:
    known = tuple(dict.fromkeys(headings))
    by_heading: dict[str, list[SourceCount]] = {}
    for each, heading in found:
        by_heading.setdefault(heading if heading in known else "", []).append(each)
    places = tuple(_place(heading, by_heading.get(heading, ())) for heading in known)
    return LessonMap(page, places, _place("", by_heading.get("", ())))


def _lost(
    split: Iterable[tuple[SourceCount, str, str]], headings: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    lost: Counter[str] = Counter()
    for each, page, heading in split:
        if each.source and heading not in headings.get(page, ()):
            lost[each.source] += each.questions
    return dict(sorted(lost.items()))


def _place(name: str, counts: Iterable[SourceCount]) -> Place:
    found: Counter[int] = Counter()
    for each in counts:
        found[each.difficulty] += each.questions
    return Place(name, (found[1], found[2], found[3]))


def wishes(papers: Iterable[AskingPaper], pool: Sequence[Drawable]) -> list[Wish]:
    """Return what to write next, the most pressing first.

    Papers that cannot be drawn at all come first, then those whose forms must be new, by how few forms they
    still allow; among equals what needs the fewest questions. Cells that name their questions cannot get
    more, and a paper that has one is left out once it can be drawn.
    """
    found = [_wish(paper, pool) for paper in papers]
    return sorted((each for each in found if each is not None), key=_rank)


def _rank(wish: Wish) -> tuple[bool, bool, int, int, str]:
    return wish.forms > 0, not wish.paper.disjoint, wish.forms, wish.questions, wish.paper.ref


def _wish(paper: AskingPaper, pool: Sequence[Drawable]) -> Wish | None:
    holds = [sum(cell.matches(question) for question in pool) for cell in paper.cells]
    forms = min(have // cell.count for have, cell in zip(holds, paper.cells, strict=True))
    if any(cell.refs and (forms + 1) * cell.count > len(cell.refs) for cell in paper.cells):
        return None
    wanting = tuple(
        Wanting(cell, have, (forms + 1) * cell.count - have)
        for have, cell in zip(holds, paper.cells, strict=True)
        if have < (forms + 1) * cell.count
    )
    return Wish(paper, forms, wanting)
