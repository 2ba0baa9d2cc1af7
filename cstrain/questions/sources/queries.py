"""Reading which questions name a section that changed since. A fixed number of statements each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import Line, session
from cstrain.kernel.ids import PersonId
from cstrain.lessons.queries import LessonChange, Revised, lesson_changes, pages_over_time, section_texts
from cstrain.questions.models import Bank, Question, QuestionVersion
from cstrain.questions.sources.facts import FLAGGED, Basis, LinePage, Page, SourceLine, Standing
from cstrain.questions.sources.models import SourceCheck
from cstrain.questions.sources.rules import flag, standing

PAGE_SIZE = 50
CHANGES_A_PAGE = 20
_MOST_NAMED = 40
"""With more changed lessons than this, all sources are read, and the others left out here."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of a lesson in a list: how many questions in use it touched, how many are flagged by it."""

    change: LessonChange
    questions: int
    flagged: int


_LAST = (
    sa.select(sa.func.max(SourceCheck.id))
    .where(SourceCheck.question_version_id == QuestionVersion.id)
    .correlate(QuestionVersion)
    .scalar_subquery()
)
_BASIS = (
    QuestionVersion.source,
    SourceCheck.lesson_number,
    SourceCheck.verdict,
    sa.func.coalesce(SourceCheck.checked_at, QuestionVersion.created_at).label("at"),
)
_LINE = (
    Question.id.label("question_id"),
    QuestionVersion.id.label("version_id"),
    Bank.name.label("bank"),
    Question.ref,
    QuestionVersion.content["stem"].as_string().label("stem"),
    SourceCheck.checked_by,
    SourceCheck.note,
    *_BASIS,
)


def _in_use(*wanted: Any) -> sa.Select[Any]:
    """Return a statement about the current versions of questions in use, each with its last check."""
    return (
        sa.select(*wanted)
        .select_from(QuestionVersion)
        .join(Question, Question.current_version_id == QuestionVersion.id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(SourceCheck, SourceCheck.id == _LAST)
        .where(Question.retired_at.is_(None), QuestionVersion.source != "")
    )


class _Held:
    """Questions with what each was last held against, and whether that changed. Two statements at most.

    Questions whose source names no lesson there is are left out.
    """

    def __init__(self, rows: Sequence[Line], pages: Mapping[str, Revised] | None = None) -> None:
        refs = {_ref(row) for row in rows}
        self.pages = pages_over_time(refs) if pages is None else pages
        self.pairs = [(row, self._basis(row)) for row in rows if _ref(row) in self.pages]
        old = {(basis.ref, basis.number) for _row, basis in self.pairs}
        old = {(ref, number) for ref, number in old if number != self.pages[ref].current}
        self._texts = section_texts(old | {(ref, self.pages[ref].current) for ref, _number in old})

    def _basis(self, row: Line) -> Basis:
        """Return what a question was held against; before that was kept, the lesson as it was then."""
        number = row.lesson_number
        if number is None:
            number = self.pages[_ref(row)].number_at(row.at)
        return Basis(row.source, number, row.at, row.verdict == "fits")

    def flag(self, basis: Basis) -> Standing | None:
        """Return why a question is flagged, if it is."""
        page = self.pages[basis.ref]
        if basis.number == page.current and page.retired_at is None:
            return None
        then = self._texts.get((basis.ref, basis.number), {}).get(basis.heading)
        present = self._texts.get((basis.ref, page.current), {}).get(basis.heading)
        return flag(basis, then, present, page.retired_at)


def _ref(row: Line) -> str:
    return str(row.source.partition("#")[0])


def _counted(condition: sa.ColumnElement[bool]) -> Sequence[Line]:
    """Return how many questions in use rest on the same thing: one row for all that came in together."""
    rows = _in_use(*_BASIS, sa.func.count().label("n")).where(condition)
    return session().execute(rows.group_by(*_BASIS)).all()


def _flagged_sources() -> dict[str, int]:
    """Return the sources that changed, with the number of flagged questions. Three statements at most."""
    every = pages_over_time()
    pages = {ref: one for ref, one in every.items() if len(one.editions) > 1 or one.retired_at is not None}
    if not pages:
        return {}
    named = [QuestionVersion.source.startswith(f"{ref}#", autoescape=True) for ref in sorted(pages)]
    held = _Held(_counted(sa.or_(*named) if len(named) <= _MOST_NAMED else sa.true()), pages)
    found: Counter[str] = Counter()
    for row, basis in held.pairs:
        if held.flag(basis) is not None:
            found[basis.source] += row.n
    return found


def flagged_count() -> int:
    """Return how many questions in use are flagged."""
    return sum(_flagged_sources().values())


def flagged(question_ids: Collection[int]) -> dict[int, SourceLine]:
    """Return those of these questions (in use) whose section changed since they were held against it."""
    return {line.question_id: line for line in _lines(Question.id.in_(question_ids)) if line.flagged}


def flagged_page(page: int) -> LinePage:
    """Return one page of all flagged questions, by source (at most the last page)."""
    sources = _flagged_sources()
    found = _lines(QuestionVersion.source.in_(sources)) if sources else []
    return _page([line for line in found if line.flagged], page)


def depending(change: LessonChange, page: int) -> LinePage:
    """Return one page of the questions in use whose section a change touched: flagged ones first."""
    found = _lines(QuestionVersion.source.in_(sources_of(change)), change.number)
    return _page(sorted(found, key=lambda line: not line.flagged), page)


def sources_of(change: LessonChange) -> list[str]:
    """Return the sources that questions may name of the sections a change touched."""
    return sorted(f"{change.ref}#{heading}" for heading in change.touched)


def versions_naming(change: LessonChange) -> dict[int, int]:
    """Return the question of every version, old ones too, that rests on a section a change touched."""
    rows = session().execute(
        sa.select(QuestionVersion.id, QuestionVersion.question_id).where(
            QuestionVersion.source.in_(sources_of(change))
        )
    )
    return dict(rows.all())


def change_lines(page: int) -> tuple[list[ChangeLine], Page]:
    """Return one page of the changes of lessons, the latest first, with the questions each touched."""
    first, total = lesson_changes(CHANGES_A_PAGE, (max(1, page) - 1) * CHANGES_A_PAGE)
    at = _place(page, total, CHANGES_A_PAGE)
    changes = first if at.page == page else lesson_changes(CHANGES_A_PAGE, (at.page - 1) * CHANGES_A_PAGE)[0]
    touched = {source for change in changes for source in sources_of(change)}
    held = _Held(_counted(QuestionVersion.source.in_(touched)) if touched else ())
    return [_change_line(change, held) for change in changes], at


def _change_line(change: LessonChange, held: _Held) -> ChangeLine:
    mine = set(sources_of(change))
    found: Counter[bool] = Counter()
    for row, basis in held.pairs:
        if basis.source in mine:
            found[standing(basis, change.number, held.flag(basis)) in FLAGGED] += row.n
    return ChangeLine(change, found.total(), found[True])


def _lines(condition: sa.ColumnElement[bool], number: int | None = None) -> list[SourceLine]:
    """Return questions in use by source and ref; ``number``: how they stand to that version of the lesson."""
    statement = _in_use(*_LINE).where(condition).order_by(QuestionVersion.source, Question.ref, Question.id)
    held = _Held(session().execute(statement).all())
    return [_line(row, basis, held, number) for row, basis in held.pairs]


def _line(row: Line, basis: Basis, held: _Held, number: int | None) -> SourceLine:
    current = held.pages[basis.ref].current
    return SourceLine(
        row.question_id,
        row.version_id,
        row.bank,
        row.ref,
        row.stem,
        basis,
        current,
        standing(basis, current + 1 if number is None else number, held.flag(basis)),
        None if row.checked_by is None else PersonId(row.checked_by),
        row.note or "",
    )


def _place(page: int, total: int, size: int) -> Page:
    pages = max(1, -(-total // size))
    return Page(min(max(1, page), pages), pages, total)


def _page(lines: Sequence[SourceLine], page: int) -> LinePage:
    at = _place(page, len(lines), PAGE_SIZE)
    shown = lines[(at.page - 1) * PAGE_SIZE : at.page * PAGE_SIZE]
    return LinePage(shown, at, sum(line.flagged for line in lines))


def lines_of(version_ids: Collection[int]) -> dict[int, SourceLine]:
    """Return questions in use by the id of their current version, as far as it is one of these."""
    return {line.version_id: line for line in _lines(QuestionVersion.id.in_(version_ids))}
