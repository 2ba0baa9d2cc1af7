"""Looking at an uploaded file: what it holds, what is wrong, which columns must be named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.questions.exchange.contract import Column, HeadError, UnreadableError, formats
from cstrain.questions.exchange.drafts import Held, notes
from cstrain.questions.exchange.importing import How, Looked, format_of, look
from cstrain.questions.intake.models import HeaderMapping, ImportBatch, ImportItem
from cstrain.questions.intake.rules import headings_digest
from cstrain.questions.intake.service.working import Work
from cstrain.questions.intake.store import data_of, forget, get_batch, held_by
from cstrain.unit_of_work import unit_of_work
from cstrain.wording.said import reason
from cstrain.wording.said_data import to_data

_CHECKED = "试题文件“%(file)s”检查完了，请看结果。"
_INSERTED_AT_ONCE = 1000


class _Outcome(NamedTuple):
    """What came of looking: the file's questions, or the columns to be named, or neither; and why."""

    looked: Looked | None
    columns: tuple[Column, ...]
    mapping: Mapping[str, str]
    why: str


class _Task(NamedTuple):
    name: str
    bank: str
    wanted: str
    mapping: Mapping[str, str]
    raw: bytes
    held: Held
    ask: bool
    named: bool


def check(work: Work, *, tell: bool) -> None:
    """Look at the file of an import and keep what was found; ``tell``: the person is told when it is done."""
    task = _task(work.batch_id)
    work.tell(0, 0)
    outcome = _looked(task, work)
    rows = list(_items(work.batch_id, outcome.looked)) if outcome.looked else []
    with unit_of_work():
        batch = work.held()
        _settle(batch, outcome)
        batch.worker, batch.seen_at = "", work.clock()
        forget_items(batch.id)
        for start in range(0, len(rows), _INSERTED_AT_ONCE):
            session().execute(sa.insert(ImportItem), rows[start : start + _INSERTED_AT_ONCE])
        if batch.state == "refused":
            forget(batch.id, everything=True)
            batch.finished_at = batch.seen_at
        if tell and batch.person_id is not None:
            values = {"file": batch.file_name}
            url = f"/question-imports/{batch.id}"
            notify(PersonId(batch.person_id), _CHECKED, now=batch.seen_at, values=values, url=url)


def forget_items(batch_id: int) -> None:
    """Take away what an earlier look found."""
    session().execute(sa.delete(ImportItem).where(ImportItem.batch_id == batch_id))


def _task(batch_id: int) -> _Task:
    """Read all that is needed, and give the connection back: looking takes a while."""
    batch = get_batch(batch_id)
    try:
        held = held_by(batch.bank_id)
        return _Task(
            batch.file_name,
            batch.bank_name,
            batch.wanted,
            dict(batch.mapping),
            data_of(batch_id),
            held,
            ask=bool(batch.found.get("ask")),
            named=bool(batch.found.get("named")),
        )
    finally:
        session().rollback()


def _looked(task: _Task, work: Work) -> _Outcome:
    try:
        if task.ask:
            return _Outcome(None, _columns(task), task.mapping, "")
        found, why = _tried(task, work)
        if found is not None and (task.named or not found.reading.unknown):
            return _Outcome(found, (), task.mapping, "")
        return _with_columns(task, work, why)
    except UnreadableError as error:
        return _Outcome(None, (), task.mapping, reason(error))


def _columns(task: _Task) -> tuple[Column, ...]:
    return format_of(task.raw, task.name, task.wanted or None).columns(task.raw, task.name)


def _tried(task: _Task, work: Work) -> tuple[Looked | None, str]:
    """Look at the file; a table whose headings do not say enough gives nothing, and why."""
    try:
        return _look(task, work), ""
    except HeadError as error:
        return None, error.first


def _look(task: _Task, work: Work) -> Looked:
    how = How(task.mapping, work.tell)
    return look(task.raw, task.name, task.bank, task.wanted or None, task.held, how)


def _with_columns(task: _Task, work: Work, why: str) -> _Outcome:
    """Read the table by what was once said of the same headings, or ask what they mean."""
    columns = _columns(task)
    said = {} if task.named else _remembered(columns)
    if said:
        found, why = _tried(task._replace(mapping=said), work)
        if found is not None:
            return _Outcome(found, (), said, "")
    return _Outcome(None, columns, task.mapping or said, why if task.named else "")


def _remembered(columns: Iterable[Column]) -> dict[str, str]:
    digest = headings_digest(each.heading for each in columns)
    asked = sa.select(HeaderMapping.mapping).where(HeaderMapping.digest == digest)
    found = session().scalar(asked.order_by(HeaderMapping.id.desc()).limit(1))
    session().rollback()
    return {str(heading): str(word) for heading, word in (found or {}).items()}


def _settle(batch: ImportBatch, outcome: _Outcome) -> None:
    found = outcome.looked
    batch.mapping = dict(outcome.mapping)
    batch.why = _kept(outcome.why)
    batch.found = {"why": to_data(outcome.why, _kept)}
    if found is not None:
        batch.state, batch.format = "checked", found.format.name
        batch.found = _counted(found)
        batch.done = batch.total = found.read
        batch.why = ""
    elif outcome.columns:
        batch.state = "asking"
        batch.found = {**batch.found, "columns": [asdict(each) for each in outcome.columns]}
    else:
        batch.state = "refused"


def _counted(found: Looked) -> dict[str, Any]:
    topics: dict[str, int] = {}
    for draft in found.checked.drafts:
        topics[draft.topic] = topics.get(draft.topic, 0) + 1
    again = found.checked.duplicates
    return {
        "counts": {
            "read": found.read,
            "new": len(found.checked.questions),
            "fault": len(found.checked.faults),
            "in_bank": sum(each.in_bank for each in again),
            "in_file": sum(not each.in_bank for each in again),
            "note": len(notes(found.checked.drafts)),
        },
        "topics": topics,
        "head": list(found.reading.head),
        "has_columns": formats().get(found.format.name).has_columns,
    }


def _items(batch_id: int, found: Looked) -> Iterable[dict[str, Any]]:
    checked = found.checked
    by_kind: dict[str, list[tuple[str, str, str, dict[str, Any]]]] = {
        "question": [
            (str(one.place), one.topic, "", {"fields": dict(one.fields), "tags": list(one.tags)})
            for one in checked.drafts
        ],
        "fault": [
            (str(one.place), "", one.message, {"row": list(one.row), "said": to_data(one.message, _kept)})
            for one in checked.faults
        ],
        "duplicate": [
            (str(one.place), "", "", {"of": one.of, "in_bank": one.in_bank}) for one in checked.duplicates
        ],
        "note": [
            (str(place), "", said, {"said": to_data(said, _kept)}) for place, said in notes(checked.drafts)
        ],
    }
    for kind, rows in by_kind.items():
        for number, (place, topic, text, data) in enumerate(rows, start=1):
            yield {
                "batch_id": batch_id,
                "kind": kind,
                "number": number,
                "place": _kept(place),
                "topic": _kept(topic),
                "text": _kept(text),
                "data": _kept_data(data),
            }


def _kept(text: str) -> str:
    """Return a text as databases keep it: what a refused row says may hold anything."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _kept_data(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "row": [_kept(cell) for cell in data["row"]]} if "row" in data else data
