"""Reading acts on many questions: what they would meet, and what they did."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.queries import open_drafts
from cstrain.questions.library.facts import BulkLine, BulkQuestion, BulkSheet, Standing
from cstrain.questions.library.queries.lines import tags_of
from cstrain.questions.models import Bank, Question, QuestionBulk, QuestionEvent, Topic
from cstrain.unit_of_work import locked

PAGE_SIZE = 30
NO_BULK = "没有找到这次批量操作。请回到批量操作记录里选一个。"


def standings(ids: Collection[int], *, lock: bool = False) -> list[Standing]:
    """Return how questions stand, by bank and ref; unknown ids are left out."""
    asked = sa.select(Question).where(Question.id.in_(ids)).order_by(Question.id)
    rows = session().scalars(locked(asked) if lock else asked).all()
    drafts = open_drafts().subquery()
    drafted = set(session().scalars(sa.select(drafts.c.question_id).where(drafts.c.question_id.in_(ids))))
    tags = tags_of(ids)
    found = [
        Standing(
            each.id,
            each.ref,
            each.bank_id,
            each.topic_id,
            each.placed_by,
            each.retired_at,
            each.retired_by,
            each.current_version_id is not None,
            each.id in drafted,
            frozenset(tags.get(each.id, ())),
        )
        for each in rows
    ]
    return sorted(found, key=lambda each: (each.bank_id, each.ref))


def bulk_acts(page: int) -> tuple[list[BulkLine], int, int]:
    """Return one page of the acts on many questions, newest first, which page it is, and of how many."""
    total = session().scalar(sa.select(sa.func.count()).select_from(QuestionBulk)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    here = min(max(1, page), pages)
    rows = session().scalars(
        sa.select(QuestionBulk)
        .order_by(QuestionBulk.id.desc())
        .limit(PAGE_SIZE)
        .offset((here - 1) * PAGE_SIZE)
    )
    return [_bulk(each) for each in rows], here, pages


def bulk_sheet(bulk_id: int, page: int) -> BulkSheet:
    """Return an act on many questions with one page of them; raises ``NotFoundError``."""
    row = session().get(QuestionBulk, bulk_id)
    if row is None:
        raise NotFoundError(NO_BULK)
    events = _events(bulk_id).subquery()
    done = sa.select(events).where(events.c.undoes.is_(False)).subquery()
    undone = sa.select(events.c.question_id).where(events.c.undoes.is_(True))
    put_back = done.c.question_id.in_(undone)
    pages = max(1, -(-row.questions // PAGE_SIZE))
    here = min(max(1, page), pages)
    rows = session().execute(
        sa.select(Bank.name, Question.ref, Topic.title, Question.retired_at, put_back.label("back"), done)
        .join(Question, Question.id == done.c.question_id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Bank, Bank.id == Question.bank_id)
        .order_by(put_back, Bank.name, Question.ref)
        .limit(PAGE_SIZE)
        .offset((here - 1) * PAGE_SIZE)
    )
    questions = tuple(
        BulkQuestion(
            each.name, each.ref, each.title, each.retired_at is not None, bool(each.back), each.detail
        )
        for each in rows
    )
    reached = sa.select(sa.func.count()).select_from(undone.subquery())
    left = row.questions - (session().scalar(reached) or 0) if row.undone_at else 0
    return BulkSheet(_bulk(row), questions, left, here, pages)


def _events(bulk_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Select what an act did to each question, and what undoing it did (``undoes``)."""
    undoes = QuestionEvent.detail["undoes"].as_string().is_not(None)
    return sa.select(QuestionEvent.question_id, QuestionEvent.detail, undoes.label("undoes")).where(
        QuestionEvent.bulk_id == bulk_id
    )


def _bulk(row: QuestionBulk) -> BulkLine:
    undone_by = None if row.undone_by is None else PersonId(row.undone_by)
    return BulkLine(
        row.id, row.kind, PersonId(row.person_id), row.at, row.questions, row.note, row.undone_at, undone_by
    )


def banks_of(ids: Collection[int]) -> list[str]:
    """Return the names of the banks that questions lie in."""
    asked = sa.select(Bank.name).where(Bank.id.in_(sa.select(Question.bank_id).where(Question.id.in_(ids))))
    return list(session().scalars(asked.order_by(Bank.name)))
