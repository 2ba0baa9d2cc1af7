"""Reading imports: lists, what was found, how far one is; a bank's questions to be exported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.queries import waiting_questions
from cstrain.questions.exchange.contract import Draft, ItemFault, Reading, part, said_place
from cstrain.questions.exchange.drafts import completed
from cstrain.questions.exchange.exporting import Exported
from cstrain.questions.exchange.sheets.refused_rows import failed_rows
from cstrain.questions.exchange.stored_drafts import stored_drafts, topic_paths
from cstrain.questions.facts import TopicPath
from cstrain.questions.intake.facts import ImportLine, ImportSheet, Item
from cstrain.questions.intake.models import ImportBatch, ImportItem
from cstrain.questions.intake.store import NO_IMPORT, get_batch
from cstrain.questions.models import Bank, Question
from cstrain.wording.said_data import from_data

PAGE_SIZE = 20


def imports_of(person: PersonId, page: int = 1) -> tuple[list[ImportLine], int]:
    """Return one page of a person's imports, newest first, and how many there are."""
    asked = sa.select(ImportBatch).where(ImportBatch.person_id == person)
    total = session().scalar(sa.select(sa.func.count()).select_from(asked.subquery())) or 0
    rows = session().scalars(
        asked.order_by(ImportBatch.id.desc()).limit(PAGE_SIZE).offset((max(1, page) - 1) * PAGE_SIZE)
    )
    return [_line(row) for row in rows], total


def import_sheet(batch_id: int, person: PersonId) -> ImportSheet:
    """Return an import of a person; raises ``NotFoundError`` for one of somebody else."""
    found = import_to_review(batch_id)
    if found.line.person != person:
        raise NotFoundError(NO_IMPORT)
    return found


def import_to_review(batch_id: int) -> ImportSheet:
    """Return an import, whoever brought it; raises ``NotFoundError``."""
    batch = get_batch(batch_id)
    return ImportSheet(
        line=_line(batch),
        new_bank=batch.bank_id is None,
        format=batch.format,
        size=batch.size,
        mapping=batch.mapping,
        default_topic=batch.default_topic,
        placing=batch.placing,
        counts=batch.found.get("counts", {}),
        topics=batch.found.get("topics", {}),
        columns=tuple(batch.found.get("columns", ())),
        why=from_data(batch.why, batch.found.get("why")),
        accepted_by=None if batch.accepted_by is None else PersonId(batch.accepted_by),
        finished_at=batch.finished_at,
    )


def _line(batch: ImportBatch) -> ImportLine:
    return ImportLine(
        id=batch.id,
        bank=batch.bank_name,
        bank_title=batch.bank_title,
        person=None if batch.person_id is None else PersonId(batch.person_id),
        state=batch.state,
        file_name=batch.file_name,
        created_at=batch.created_at,
        done=batch.done,
        total=batch.total,
        imported=batch.imported,
    )


def has_columns(batch_id: int) -> bool:
    """Tell whether an import that was looked at is a table, whose columns can be named."""
    return bool(get_batch(batch_id).found.get("has_columns"))


def items(batch_id: int, kind: str, page: int = 1, size: int = PAGE_SIZE) -> list[Item]:
    """Return one page of what was found of a kind, in the file's order."""
    rows = session().scalars(
        sa.select(ImportItem)
        .where(ImportItem.batch_id == batch_id, ImportItem.kind == kind)
        .order_by(ImportItem.number)
        .limit(size)
        .offset((max(1, page) - 1) * size)
    )
    return [_item(row) for row in rows]


def _item(row: ImportItem) -> Item:
    """Return what was found, what is said of it so that a page can say it in the reader's language."""
    data = row.data
    if row.kind == "duplicate" and not data["in_bank"]:
        data = {**data, "of": said_place(data["of"])}
    text = from_data(row.text, data.get("said"))
    return Item(row.number, said_place(row.place), row.topic, text, data)


def bank_topics(name: str) -> list[TopicPath]:
    """Return the topics of a bank by path; none for a bank that is to be made."""
    bank = session().scalar(sa.select(Bank.id).where(Bank.name == name))
    return [] if bank is None else topic_paths(bank)


def in_use(bank: str, refs: Collection[str]) -> set[str]:
    """Return those of a bank's refs that have a page of their own: they are or were in use."""
    asked = sa.select(Question.ref).join(Bank, Bank.id == Question.bank_id)
    asked = asked.where(Bank.name == bank, Question.ref.in_(refs), Question.current_version_id.is_not(None))
    return set(session().scalars(asked)) if refs else set()


def failed_workbook(batch_id: int, told: Callable[[str], object] = str) -> bytes:
    """Return the rows that were not brought in as a workbook, why first; what has no row by its place.

    ``told`` says a sentence in the reader's language.
    """
    head: Sequence[Any] = get_batch(batch_id).found.get("head", ())
    found = session().execute(
        sa.select(ImportItem.place, ImportItem.text, ImportItem.data)
        .where(ImportItem.batch_id == batch_id, ImportItem.kind == "fault")
        .order_by(ImportItem.number)
    )
    faults = [(place, from_data(text, data.get("said")), data) for place, text, data in found]
    if head:
        rows = [ItemFault(part(place), text, tuple(data["row"])) for place, text, data in faults]
        return failed_rows(Reading(head=tuple(map(str, head))), rows, told)
    listed = [ItemFault(part(place), text, (place,)) for place, text, _data in faults]
    return failed_rows(Reading(head=("位置",)), listed, told)


def bank_drafts(name: str) -> tuple[Exported, tuple[Draft, ...]]:
    """Return a bank's active questions, and those that wait for their first review, as they are exported."""
    bank = session().scalar(sa.select(Bank).where(Bank.name == name))
    if bank is None:
        raise NotFoundError("没有找到这个题库。请回到题库列表里选一个。")
    paths = {each.id: each.path for each in topic_paths(bank.id)}
    waiting = tuple(
        Draft(part(each.ref), completed(each.fields), paths[each.topic_id], each.tags)
        for each in waiting_questions(bank.id)
    )
    return stored_drafts(name), waiting
