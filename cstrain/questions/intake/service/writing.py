"""Writing a confirmed import to its bank: everything is made ready first, then written in one unit.

So nothing half-written can be seen or left behind, whenever the process dies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.policies.yaml_source import SourceError
from cstrain.questions.authoring.service import Arrival, NewBank, add_topic, bring_in, make_bank
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.exchange.drafts import Held, meaning, question_of
from cstrain.questions.exchange.stored_drafts import topic_paths
from cstrain.questions.intake.facts import Placed
from cstrain.questions.intake.models import ImportBatch, ImportItem
from cstrain.questions.intake.rules import placed
from cstrain.questions.intake.service.working import Work
from cstrain.questions.intake.store import forget, get_batch, held_by
from cstrain.questions.models import Bank
from cstrain.questions.store import Findable, findable
from cstrain.unit_of_work import one_at_a_time, unit_of_work
from cstrain.wording.said import say
from cstrain.wording.said_data import to_data

_DONE = "试题文件“%(file)s”导入完了：%(n)s题等待另一位同事审核。"
_FAILED = "试题文件“%(file)s”没有导入，什么也没有写入：%(why)s"
_TOLD_EVERY = 200
_AT_ONCE = 500


@dataclass(slots=True)
class _Ready:
    """What is to be written, and what turned out to be there since the file was looked at."""

    arrivals: list[tuple[SourceQuestion, dict[str, Any], str, tuple[str, ...], Findable]] = field(
        default_factory=list
    )
    again: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[dict[str, Any]] = field(default_factory=list)


def write(work: Work, *, tell: bool) -> None:
    """Write the questions of a confirmed import as drafts that wait for review; all of them or none.

    A refusal (the bank's name was taken meanwhile, too many topics) ends the import with the reason.
    """
    bank_id, bank_name, rows = _confirmed(work.batch_id)
    ready = _made_ready(work, rows, bank_name, held_by(bank_id))
    session().rollback()
    try:
        with unit_of_work():
            batch = work.held()
            _write(batch, ready, work.clock())
            if tell:
                _notify(batch, _DONE, n=batch.imported)
    except DomainError as error:
        with unit_of_work():
            batch = work.held()
            batch.state, batch.why, batch.worker = "checked", str(error), ""
            batch.found = {**batch.found, "why": to_data(say(error.message, **error.values))}
            _notify(batch, _FAILED, why=str(error))


def _notify(batch: ImportBatch, message: str, **values: object) -> None:
    if batch.person_id is not None:
        said = {"file": batch.file_name, **values}
        url = f"/question-imports/{batch.id}"
        notify(PersonId(batch.person_id), message, now=batch.seen_at, values=said, url=url)


def _confirmed(batch_id: int) -> tuple[int | None, str, Sequence[Any]]:
    batch = get_batch(batch_id)
    rows = session().execute(
        sa.select(ImportItem.place, ImportItem.topic, ImportItem.data)
        .where(ImportItem.batch_id == batch_id, ImportItem.kind == "question")
        .order_by(ImportItem.number)
    )
    return batch.bank_id, batch.bank_name, rows.all()


def _made_ready(work: Work, rows: Sequence[Any], bank: str, held: Held) -> _Ready:
    ready = _Ready()
    session().rollback()
    for number, row in enumerate(rows):
        if number % _TOLD_EVERY == 0:
            work.tell(number, len(rows))
        fields, tags = row.data["fields"], tuple(row.data["tags"])
        try:
            question = question_of(Draft(part(row.place), fields, row.topic, tags), bank)
        except SourceError as error:
            ready.wrong.append({"place": row.place, "text": error.faults[0].message})
            continue
        same = held.meanings.get(meaning(question)) if held.meanings else None
        if same is not None or question.id in held.ids:
            ready.again.append({"place": row.place, "of": same or question.id})
        else:
            ready.arrivals.append((question, fields, row.topic, tags, findable(question)))
    work.tell(len(rows), len(rows))
    return ready


def _write(batch: ImportBatch, ready: _Ready, now: datetime) -> None:
    by = None if batch.person_id is None else PersonId(batch.person_id)
    bank = _bank(batch, by)
    one_at_a_time(f"bank:{bank.id}")
    topics = _topics(batch, bank, {topic for _q, _f, topic, _t, _x in ready.arrivals}, by)
    written = 0
    for start in range(0, len(ready.arrivals), _AT_ONCE):
        some = [
            Arrival(question, fields, topics[topic], found_by, tags)
            for question, fields, topic, tags, found_by in ready.arrivals[start : start + _AT_ONCE]
        ]
        written += bring_in(bank.id, some, by, batch.id, now)
    _keep_late(batch, ready)
    batch.bank_id, batch.imported, batch.state, batch.worker = bank.id, written, "done", ""
    batch.why, batch.seen_at, batch.finished_at = "", now, now
    forget(batch.id, everything=False)
    record(by, "question.imported", f"bank:{bank.name}", file=batch.id, questions=written)
    session().flush()


def _bank(batch: ImportBatch, by: PersonId | None) -> Bank:
    if batch.bank_id is not None:
        return session().get_one(Bank, batch.bank_id)
    return make_bank(NewBank(batch.bank_name, batch.bank_title, ""), by)


def _topics(batch: ImportBatch, bank: Bank, named: set[str], by: PersonId | None) -> dict[str, int]:
    """Return the topic's id by what the file calls it; makes those that are new."""
    known = topic_paths(bank.id)
    default = next((each.ref for each in known if each.ref == batch.default_topic), known[0].ref)
    places = placed(sorted(named), known, batch.placing, default)
    made: dict[tuple[str, tuple[str, ...]], str] = {}
    refs = {name: _made(bank.name, place, made, by) for name, place in places.items()}
    ids = {each.ref: each.id for each in topic_paths(bank.id)}
    return {name: ids[ref] for name, ref in refs.items()}


def _made(bank: str, place: Placed, made: dict[tuple[str, tuple[str, ...]], str], by: PersonId | None) -> str:
    ref = place.ref
    for depth in range(1, len(place.new) + 1):
        step = (place.ref, place.new[:depth])
        if step not in made:
            made[step] = add_topic(bank, place.new[depth - 1], ref, by).ref
        ref = made[step]
    return ref


def _keep_late(batch: ImportBatch, ready: _Ready) -> None:
    """Keep what came to be there or proved wrong since the file was looked at, behind what was found then."""
    late = [("duplicate", each["place"], "", {"of": each["of"], "in_bank": True}) for each in ready.again]
    late += [
        ("fault", each["place"], str(each["text"]), {"row": [], "said": to_data(each["text"])})
        for each in ready.wrong
    ]
    if not late:
        return
    last = session().scalar(sa.select(sa.func.max(ImportItem.number)).where(ImportItem.batch_id == batch.id))
    rows = [
        {
            "batch_id": batch.id,
            "kind": kind,
            "number": number,
            "place": place,
            "topic": "",
            "text": text,
            "data": data,
        }
        for number, (kind, place, text, data) in enumerate(late, start=(last or 0) + 1)
    ]
    session().execute(sa.insert(ImportItem), rows)
    counts = dict(batch.found["counts"])
    counts["in_bank"] += len(ready.again)
    counts["fault"] += len(ready.wrong)
    batch.found = {**batch.found, "counts": counts}
