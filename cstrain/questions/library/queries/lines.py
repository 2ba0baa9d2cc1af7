"""Questions as the list shows them, with their tags, drafts and use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions.authoring.queries import open_drafts
from cstrain.questions.facts import PoolQuestion, QuestionLine
from cstrain.questions.library.facts import LibraryLine
from cstrain.questions.models import Bank, Question, QuestionTag, QuestionVersion, Topic
from cstrain.questions.slots import PaperUse, paper_desk

MOST_TAGS = 300


def lines_of(ids: Sequence[int]) -> tuple[LibraryLine, ...]:
    """Return questions in this order; four statements for all."""
    if not ids:
        return ()
    rows = session().execute(
        sa.select(Question, QuestionVersion, Topic, Bank)
        .outerjoin(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Question.id.in_(ids))
    )
    drafts, tags, asked = _drafts(ids), tags_of(ids), _asked(ids)
    nothing: tuple[int, datetime | None] = (0, None)
    found = {
        row[0].id: _line(*row, drafts.get(row[0].id), tags.get(row[0].id, ()), asked.get(row[0].id, nothing))
        for row in rows
    }
    return tuple(found[each] for each in ids if each in found)


def _line(
    question: Question,
    version: QuestionVersion | None,
    topic: Topic,
    bank: Bank,
    draft: Any,
    tags: Sequence[str],
    asked: tuple[int, datetime | None],
) -> LibraryLine:
    return LibraryLine(
        id=question.id,
        bank=bank.name,
        bank_title=bank.title,
        ref=question.ref,
        topic=topic.ref,
        topic_title=topic.title,
        version_id=version.id if version else None,
        number=version.number if version else 0,
        type=version.type if version else _of_draft(draft, "type"),
        difficulty=version.difficulty if version else _level(_of_draft(draft, "difficulty")),
        situation=bool(version and version.situation),
        stem=version.content["stem"] if version else _of_draft(draft, "stem"),
        retired=question.retired_at is not None,
        origin=question.origin,
        draft_id=draft.draft_id if draft else None,
        draft_state=draft.state if draft else "",
        tags=tuple(tags),
        asked=asked[0],
        last=asked[1],
    )


def _of_draft(draft: Any, name: str) -> str:
    return str(getattr(draft, name) or "") if draft else ""


def _level(said: str) -> int | None:
    """Return the difficulty a draft says; a draft may say anything."""
    return int(said) if said in {"1", "2", "3"} else None


def _drafts(ids: Collection[int]) -> dict[int, Any]:
    drafts = open_drafts().subquery()
    rows = session().execute(sa.select(drafts).where(drafts.c.question_id.in_(ids)))
    return {row.question_id: row for row in rows}


def tags_of(ids: Collection[int]) -> dict[int, list[str]]:
    """Return the tags of questions, in order; those without any are left out."""
    rows = session().execute(
        sa.select(QuestionTag.question_id, QuestionTag.tag)
        .where(QuestionTag.question_id.in_(ids))
        .order_by(QuestionTag.tag)
    )
    found: dict[int, list[str]] = {}
    for question, tag in rows:
        found.setdefault(question, []).append(tag)
    return found


def _asked(ids: Collection[int]) -> dict[int, tuple[int, datetime | None]]:
    desk = paper_desk.filling
    if desk is None:
        return {}
    return {row[0]: (row[1], row[2]) for row in session().execute(desk.asked(ids))}


def known_tags() -> list[str]:
    """Return the tags in use, in order, at most ``MOST_TAGS``."""
    asked = sa.select(QuestionTag.tag).distinct().order_by(QuestionTag.tag).limit(MOST_TAGS)
    return list(session().scalars(asked))


def papers_drawing(lines: Iterable[LibraryLine | QuestionLine], at: datetime) -> dict[int, list[PaperUse]]:
    """Return the papers in force that can draw each question, with the cells it fits, by question id.

    Questions that are retired or have no version yet are drawn by none.
    """
    desk = paper_desk.filling
    papers = desk.cells(at) if desk else ()
    return {each.id: _fitting(papers, each) for each in lines}


def _fitting(papers: Sequence[PaperUse], line: LibraryLine | QuestionLine) -> list[PaperUse]:
    if line.retired or line.version_id is None or line.difficulty is None:
        return []
    drawable = PoolQuestion(
        line.id, line.version_id, line.topic, line.type, line.difficulty, line.bank, line.ref
    )
    found = [
        PaperUse(each.ref, each.title, [cell for cell in each.cells if cell.matches(drawable)])
        for each in papers
    ]
    return [each for each in found if each.cells]


def last_asked(question_id: int) -> datetime | None:
    """Return when a question stood in an attempt last."""
    return _asked([question_id]).get(question_id, (0, None))[1]
