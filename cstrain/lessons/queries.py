"""Reading lessons: lists, pages, headings, and who has read what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

import sqlalchemy as sa

from cstrain.extensions import columns, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.lessons.change_queries import LessonChange as LessonChange  # what questions and re-tests ask
from cstrain.lessons.change_queries import Revised as Revised
from cstrain.lessons.change_queries import lesson_change as lesson_change
from cstrain.lessons.change_queries import lesson_changes as lesson_changes
from cstrain.lessons.change_queries import pages_over_time as pages_over_time
from cstrain.lessons.change_queries import section_texts as section_texts
from cstrain.lessons.facts import (
    Attachment,
    Confirmed,
    Handbook,
    LessonFacts,
    LessonPage,
    ReadState,
    SourceLink,
    TocEntry,
)
from cstrain.lessons.models import Lesson, LessonRead, LessonVersion
from cstrain.ui.prose import heading_id

_MISSING = "没有找到这一课。它可能已经换了地址，请从“资料”里重新打开。"
_HANDBOOK_ORDER = ("product", "rules", "oa")
_LISTED = (
    Lesson.ref,
    LessonVersion.title,
    LessonVersion.kind,
    LessonVersion.day,
    LessonVersion.handbook,
    LessonVersion.number,
    LessonVersion.characters,
)


def _list(*conditions: sa.ColumnElement[bool]) -> list[LessonFacts]:
    rows = session().execute(
        sa.select(*_LISTED)
        .join(LessonVersion, LessonVersion.id == Lesson.current_version_id)
        .where(*conditions)
        .order_by(LessonVersion.day, Lesson.ref)
    )
    return [LessonFacts(*row) for row in rows]


def lesson(ref: str) -> LessonFacts:
    """Return one page's facts (retired ones too); raises ``NotFoundError``."""
    found = _list(Lesson.ref == ref)
    if not found:
        raise NotFoundError(_MISSING)
    return found[0]


def lessons(refs: Collection[str]) -> dict[str, LessonFacts]:
    """Return the facts of several pages by ref; unknown refs are left out."""
    return {facts.ref: facts for facts in _list(Lesson.ref.in_(refs))}


def lessons_of_day(day: int) -> list[LessonFacts]:
    """Return the lessons of a programme day."""
    return _list(LessonVersion.kind == "daily", LessonVersion.day == day, Lesson.retired_at.is_(None))


def daily_lessons() -> list[LessonFacts]:
    """Return the lessons of all days, by day."""
    return _list(LessonVersion.kind == "daily", Lesson.retired_at.is_(None))


def handbooks() -> list[Handbook]:
    """Return the handbooks with their pages, the three of the conversion papers first."""
    pages = _list(LessonVersion.kind == "handbook", Lesson.retired_at.is_(None))
    order = {name: place for place, name in enumerate(_HANDBOOK_ORDER)}
    pages.sort(key=lambda page: (order.get(str(page.handbook), len(order)), str(page.handbook), page.ref))
    return [
        Handbook(name, tuple(found)) for name, found in groupby(pages, key=lambda page: str(page.handbook))
    ]


def lesson_page(ref: str) -> LessonPage:
    """Return a page with its text, headings and neighbours; raises ``NotFoundError``."""
    row = (
        session()
        .execute(
            sa.select(Lesson, LessonVersion)
            .join(LessonVersion, LessonVersion.id == Lesson.current_version_id)
            .where(Lesson.ref == ref)
        )
        .one_or_none()
    )
    if row is None:
        raise NotFoundError(_MISSING)
    found, version = row
    facts = LessonFacts(
        found.ref,
        version.title,
        version.kind,
        version.day,
        version.handbook,
        version.number,
        version.characters,
    )
    before, after = _neighbours(facts)
    toc = tuple(TocEntry(level, text, heading_id(text)) for level, text in version.headings)
    return LessonPage(
        facts,
        version.body,
        toc,
        version.created_at,
        found.retired_at is not None,
        before,
        after,
        version.video,
        tuple(Attachment(*each) for each in version.attachments or ()),
    )


def _neighbours(facts: LessonFacts) -> tuple[LessonFacts | None, LessonFacts | None]:
    row = _list(
        LessonVersion.kind == facts.kind,
        LessonVersion.handbook.is_not_distinct_from(facts.handbook),
        Lesson.retired_at.is_(None),
    )
    place = next((at for at, each in enumerate(row) if each.ref == facts.ref), None)
    if place is None:
        return None, None
    return row[place - 1] if place else None, row[place + 1] if place + 1 < len(row) else None


def headings() -> dict[str, frozenset[str]]:
    """Return the heading texts of every page that is not retired, by ref: what a source may name."""
    rows = session().execute(
        sa.select(Lesson.ref, LessonVersion.headings)
        .join(LessonVersion, LessonVersion.id == Lesson.current_version_id)
        .where(Lesson.retired_at.is_(None))
    )
    return {ref: frozenset(text for _level, text in found) for ref, found in rows}


def ordered_headings() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return title and heading texts, in order, of every page that is not retired, by ref."""
    rows = session().execute(
        sa.select(Lesson.ref, LessonVersion.title, LessonVersion.headings)
        .join(LessonVersion, LessonVersion.id == Lesson.current_version_id)
        .where(Lesson.retired_at.is_(None))
        .order_by(Lesson.ref)
    )
    return {ref: (title, tuple(text for _level, text in found)) for ref, title, found in rows}


def read_states(people: Collection[PersonId], refs: Collection[str]) -> dict[PersonId, dict[str, ReadState]]:
    """Return what each person has opened and confirmed of some pages, over all their versions.

    A page that changed after it was confirmed stays confirmed: a day that is done is not undone.
    """
    rows = session().execute(
        sa.select(
            LessonRead.person_id,
            Lesson.ref,
            sa.func.min(LessonRead.opened_at, type_=LessonRead.opened_at.type),
            sa.func.max(LessonRead.confirmed_at, type_=LessonRead.confirmed_at.type),
        )
        .join(LessonVersion, LessonVersion.id == LessonRead.lesson_version_id)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .where(LessonRead.person_id.in_(people), Lesson.ref.in_(refs))
        .group_by(LessonRead.person_id, Lesson.ref)
    )
    found: dict[PersonId, dict[str, ReadState]] = {person: {} for person in people}
    for person, ref, opened, confirmed in rows:
        found[PersonId(person)][ref] = ReadState(opened, confirmed)
    return found


def read_state(person: PersonId, refs: Collection[str]) -> dict[str, ReadState]:
    """Return what a person has opened and confirmed of some pages; pages never opened are left out."""
    return read_states([person], refs)[person]


def confirmed_versions(person: PersonId, refs: Collection[str]) -> dict[str, Confirmed]:
    """Return the latest version of each page that a person confirmed as read; pages without are left out."""
    rows = session().execute(
        sa.select(Lesson.ref, LessonVersion.number, LessonRead.confirmed_at)
        .join(LessonVersion, LessonVersion.id == LessonRead.lesson_version_id)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .where(LessonRead.person_id == person, Lesson.ref.in_(refs), LessonRead.confirmed_at.is_not(None))
        .order_by(LessonVersion.number)
    )
    return {ref: Confirmed(number, at) for ref, number, at in rows if at is not None}


def version_body(ref: str, number: int) -> str:
    """Return the text (Markdown) of one version of a page; raises ``NotFoundError``."""
    wanted = (
        sa.select(LessonVersion.body)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .where(Lesson.ref == ref, LessonVersion.number == number)
    )
    body = session().scalar(wanted)
    if body is None:
        raise NotFoundError("没有找到这一版。请从版本列表里重新打开。")
    return body


_HEADED = (
    sa.select(Lesson.ref, LessonVersion.title, LessonVersion.headings)
    .join(LessonVersion, LessonVersion.id == Lesson.current_version_id)
    .where(Lesson.ref.in_(sa.bindparam("refs", expanding=True)))
)


def source_links(sources: Sequence[str]) -> dict[str, SourceLink]:
    """Return where questions' sources (``page#heading``) lead; sources of unknown pages are left out."""
    split = {source: source.partition("#") for source in sources if source}
    rows = columns(_HEADED, {"refs": sorted({ref for ref, _, _ in split.values()})})
    pages = {ref: (title, {text for _level, text in found}) for ref, title, found in rows}
    links = {}
    for source, (ref, _, heading) in split.items():
        if ref in pages:
            title, known = pages[ref]
            links[source] = SourceLink(ref, title, heading, heading_id(heading) if heading in known else None)
    return links
