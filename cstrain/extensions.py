"""What the whole house shares: the database handle, its column types, the clock, the signed-in person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeAlias, TypeVarTuple, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app, g
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cstrain.kernel.clock import Clock

Columns = TypeVarTuple("Columns")
Line: TypeAlias = sa.Row[*tuple[Any, ...]]
"""What a statement found of which only the names of its columns matter."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: stored as UTC, handed out timezone-aware; a naive datetime is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps no zone, so it is dropped there after the shift."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        shifted = value.astimezone(UTC)
        return shifted.replace(tzinfo=None) if dialect.name == "sqlite" else shifted

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand out an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of every table: typed columns and constraint names that services can rely on."""

    # An explicit registry: Flask-SQLAlchemy copies the class and cannot copy a type_annotation_map.
    registry = orm.registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime(),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
            str: sa.Text(),
        },
    )


class Row(Base):
    """A table with the usual integer key."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": True})
login_manager = LoginManager()
babel = Babel()


_READS, _READER, _JOINED = "only_reads", "reading_connection", "joined_connection"


def read_without_session() -> None:
    """Let the running request, which only reads, do so without a session until it asks for one."""
    if not db.session.registry.has():
        setattr(g, _READS, True)


def stop_reading() -> None:
    """End what a request read, with a session or without."""
    if db.session.registry.has():
        db.session.rollback()
    let_go()


def let_go() -> None:
    """Give back the connections that a request took beside its session."""
    here = g._get_current_object()  # once: each look through the proxy costs as much as the look itself
    here.pop(_READS, None)
    for name in (_READER, _JOINED):
        held: Connection | None = here.pop(name, None)
        if held is not None:
            held.close()


def connection() -> Connection:
    """Return the connection of the running unit, for statements that need no objects."""
    reader: Connection | None = g.get(_READER)
    if reader is None and g.pop(_READS, False):
        reader = db.engine.connect()
        setattr(g, _READER, reader)
    return session().connection() if reader is None else reader


def session() -> Session:
    """Return the session of the running request, command or test.

    A request that has read without one goes on in the same transaction.
    """
    current = cast(Session, db.session())
    g.pop(_READS, None)
    reader: Connection | None = g.pop(_READER, None)
    if reader is not None:
        setattr(g, _JOINED, reader)
        current.connection(bind_arguments={"bind": reader})
    return current


def columns(statement: sa.Select[*Columns], values: Mapping[str, Any]) -> sa.CursorResult[*Columns]:
    """Run a statement that asks for columns, after what waits to be written; objects are not its business.

    On the connection itself: the ORM's way to the same rows costs twice as much.
    """
    running = connection()
    if db.session.registry.has():
        db.session.flush()
    return running.execute(statement, values)


def insert_into(table: sa.Table) -> postgresql.Insert:
    """Return an insert that can meet a row that is there (``ON CONFLICT``), for the session's database."""
    name = session().get_bind().dialect.name
    return cast(postgresql.Insert, (postgresql.insert if name == "postgresql" else sqlite.insert)(table))


def clock() -> Clock:
    """Return the clock the application factory was given."""
    return cast(Clock, current_app.extensions["cstrain.clock"])


def now() -> datetime:
    """Return the present instant (UTC) by the application's clock."""
    return clock().now()


def zone() -> ZoneInfo:
    """Return the company's time zone."""
    return cast(ZoneInfo, current_app.extensions["cstrain.zone"])


def local_date(at: datetime) -> date:
    """Return the company's calendar day of an instant."""
    return at.astimezone(zone()).date()
