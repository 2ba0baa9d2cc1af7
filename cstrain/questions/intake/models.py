"""Imports of files of questions: what was uploaded, how far it is, what was found and done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

STATES = ("checking", "asking", "checked", "writing", "done", "accepting", "cancelled", "refused")


class ImportBatch(Row):
    """A file that somebody brought; written to the bank only after they confirmed what was found in it.

    ``state``: ``checking``, ``asking`` (headings must be named), ``checked``, ``writing``, ``done``,
    ``accepting`` (another person takes all over), ``cancelled``, ``refused`` (unreadable; ``why``).
    ``bank_id`` is empty while the bank is to be made, by ``bank_name`` and ``bank_title``. ``wanted``: the
    format asked for, "" to guess; ``format``: what it was read as. ``mapping``: what headings are read as.
    ``placing``: where topics go (``rules.PLACINGS``); ``default_topic``: the ref for what has none.
    ``done`` of ``total``: progress in questions. ``found``: counts, and the head of the table.
    ``imported``: how many were written. ``person_id`` is empty for the shell. ``worker`` and ``seen_at``: who
    works on it ("": nobody yet) and their last sign of life. ``accepted_by``: who takes all over.
    """

    __tablename__ = "question_import"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({', '.join(repr(each) for each in STATES)})", name="state"),
        sa.CheckConstraint("accepted_by <> person_id", name="two"),
    )

    bank_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    bank_name: Mapped[str]
    bank_title: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str]
    wanted: Mapped[str]
    format: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int]
    mapping: Mapped[dict[str, Any]]
    default_topic: Mapped[str]
    placing: Mapped[str]
    done: Mapped[int]
    total: Mapped[int]
    imported: Mapped[int]
    found: Mapped[dict[str, Any]]
    why: Mapped[str]
    worker: Mapped[str]
    accepted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportFile(Row):
    """The bytes of an uploaded file; taken away when its import has ended."""

    __tablename__ = "question_import_file"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("question_import.id"), unique=True)
    data: Mapped[bytes]


class ImportItem(Row):
    """What was found in a file, in its order: ``question``, ``fault``, ``duplicate`` or ``note``.

    ``data`` of a question: ``fields`` and ``tags``; it is taken away when the import has ended. Of a fault
    ``row``, its cells as they stood; of a duplicate ``of`` and ``in_bank``. ``text``: what is said of it.
    """

    __tablename__ = "question_import_item"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('question', 'fault', 'duplicate', 'note')", name="kind"),
        sa.UniqueConstraint("batch_id", "kind", "number"),
    )

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("question_import.id"))
    kind: Mapped[str]
    number: Mapped[int]
    place: Mapped[str]
    topic: Mapped[str]
    text: Mapped[str]
    data: Mapped[dict[str, Any]]


class HeaderMapping(Row):
    """What headings of a table mean, as somebody said once; the newest for the same headings counts."""

    __tablename__ = "header_mapping"

    digest: Mapped[str] = mapped_column(index=True)
    headers: Mapped[list[Any]]
    mapping: Mapped[dict[str, Any]]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
