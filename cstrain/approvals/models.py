"""Tables of opinions and of acts by two persons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class Chain(Row):
    """A chain of opinions on one matter (``subject``) about one person."""

    __tablename__ = "chain"

    subject: Mapped[str] = mapped_column(unique=True)
    ref: Mapped[str]
    about_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str]
    values: Mapped[dict[str, Any]]
    url: Mapped[str]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_why: Mapped[str | None]


class Opinion(Row):
    """A place in a chain and, once given, the opinion. Given opinions are never changed."""

    __tablename__ = "opinion"

    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    position: Mapped[int]
    office: Mapped[str]
    title: Mapped[str]
    mark: Mapped[str]
    rates: Mapped[bool]
    roles: Mapped[list[Any]]
    named_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_since: Mapped[datetime | None]
    verdict: Mapped[str | None]
    rating: Mapped[int | None]
    text: Mapped[str | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("chain_id", "position"),
        UniqueConstraint("chain_id", "given_by"),
        CheckConstraint("verdict IN ('agree','disagree')", name="verdict"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("(verdict IS NULL) = (given_at IS NULL)", name="given"),
    )


class PairedAct(Row):
    """Something one person proposes and another confirms or refuses."""

    __tablename__ = "paired_act"

    kind: Mapped[str]
    subject: Mapped[str]
    about_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    payload: Mapped[dict[str, Any]]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    refused_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_at: Mapped[datetime | None]
    refused_why: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_persons"),
        CheckConstraint("proposed_by <> about_id", name="not_self"),
        CheckConstraint("confirmed_at IS NULL OR refused_at IS NULL", name="one_end"),
        Index("ix_paired_act_kind_subject", "kind", "subject"),
    )
