"""Tables of invigilation. Rows are added; only an open pause, an open proposal and a beat are completed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_OPEN_PAUSE = sa.text("ended IS NULL")
_NOT_REFUSED = sa.text("given IS NULL OR given")


class Uptime(Row):
    """A time in which the server noted every two seconds that it lives, while somebody sat an exam."""

    __tablename__ = "uptime"

    run: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class Outage(Row):
    """A silence of the server while somebody sat an exam, noticed when it spoke again."""

    __tablename__ = "outage"
    __table_args__ = (sa.UniqueConstraint("began"), sa.CheckConstraint("ended > began", name="span"))

    began: Mapped[datetime]
    ended: Mapped[datetime] = mapped_column(index=True)
    noticed_at: Mapped[datetime]


class AttemptPause(Row):
    """A time in which an attempt's time stood still. ``paused_by`` is empty when the system held it."""

    __tablename__ = "attempt_pause"
    __table_args__ = (
        sa.CheckConstraint("seconded_by IS NULL OR seconded_by <> paused_by", name="two"),
        sa.Index(
            "uq_attempt_pause_open",
            "attempt_id",
            unique=True,
            sqlite_where=_OPEN_PAUSE,
            postgresql_where=_OPEN_PAUSE,
        ),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    began: Mapped[datetime]
    reason: Mapped[str]
    paused_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    seconded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    seconded_at: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class TimeCredit(Row):
    """Lost time given back, or proposed to be. One row for each source (``outage:5``, ``offline:7``)."""

    __tablename__ = "time_credit"
    __table_args__ = (
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two"),
        sa.CheckConstraint("seconds > 0", name="seconds"),
        sa.Index(
            "uq_time_credit_source",
            "attempt_id",
            "source",
            unique=True,
            sqlite_where=_NOT_REFUSED,
            postgresql_where=_NOT_REFUSED,
        ),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    source: Mapped[str]
    began: Mapped[datetime]
    ended: Mapped[datetime]
    seconds: Mapped[int]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    given: Mapped[bool | None]


class Incident(Row):
    """An entry of the incident log. Never changed: what was wrong is said in another entry."""

    __tablename__ = "incident"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    noted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime]


class Contact(Row):
    """When an attempt's page last showed that it is there (its saves are in the answer log)."""

    __tablename__ = "contact"
    __table_args__ = (sa.UniqueConstraint("attempt_id"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    last_at: Mapped[datetime]


class Silence(Row):
    """A time in which the server heard nothing of an attempt's page, noted when it heard again."""

    __tablename__ = "silence"
    __table_args__ = (sa.UniqueConstraint("attempt_id", "began"),)

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    began: Mapped[datetime]
    ended: Mapped[datetime]


class IntegritySignal(Row):
    """A sign the candidate's page sent: it was left, something was pasted, the network was away."""

    __tablename__ = "integrity_signal"
    __table_args__ = (
        sa.UniqueConstraint("attempt_id", "signal_id"),
        sa.CheckConstraint("kind IN ('leave', 'paste', 'offline')", name="kind"),
    )

    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"))
    signal_id: Mapped[str]
    kind: Mapped[str]
    began: Mapped[datetime]
    ended: Mapped[datetime]
    slot: Mapped[int | None]
    received_at: Mapped[datetime]
