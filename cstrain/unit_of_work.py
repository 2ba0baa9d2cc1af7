"""One request, one transaction; and short units of their own for exam saves, log-ins, commands and jobs.

On SQLite every writing unit begins with ``BEGIN IMMEDIATE`` under one lock per process: with a deferred
begin, two writers that read first fail with "database is locked" whatever the timeout. ``synchronous=FULL``
makes a commit survive power loss; the application refuses to start with less.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from cstrain import extensions
from cstrain.extensions import db, let_go, now, read_without_session, session, stop_reading
from cstrain.kernel.errors import ConflictError
from cstrain.prepared import run_plain

Statement = TypeVar("Statement", bound=sa.Select[*tuple[Any, ...]])

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_write_lock = threading.Lock()
_BEGIN_OPTION = "cstrain_write"
_LOCKED = "cstrain_locked"
_BARE = "bare_connection"
_DOUBLE = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
_CROSSED = _DOUBLE | {"40P01", "40001"}  # deadlock, serialization failure

before_commit_hooks: list[Callable[[Session], None]] = []
"""Called with the session right before a commit (the audit chain and the outbox register here)."""


class WeakDurabilityError(RuntimeError):
    """The database would acknowledge writes that a power cut can take back."""


def prepare_engine(engine: Engine) -> None:
    """Set up durable, serialised writing for the engine's dialect."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connect)
        sa.event.listen(engine, "begin", _sqlite_begin)
        sa.event.listen(engine, "checkin", _sqlite_release)
        sa.event.listen(engine, "invalidate", _sqlite_release)


def check_durability(connection: Connection) -> None:
    """Raise ``WeakDurabilityError`` unless acknowledged commits survive a power cut."""
    if connection.dialect.name == "sqlite":
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        if level < 2 or mode not in {"wal", "delete"}:
            raise WeakDurabilityError(
                f"SQLite runs with synchronous={level}, journal_mode={mode}; FULL is needed"
            )
        return
    for name in ("fsync", "synchronous_commit"):
        value = str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())
        if value not in {"on", "remote_apply", "remote_write"}:
            raise WeakDurabilityError(f"PostgreSQL runs with {name}={value}; on is needed")


def _sqlite_connect(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # SQLAlchemy emits BEGIN itself, see _sqlite_begin
    cursor = dbapi_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    if connection.get_execution_options().get(_BEGIN_OPTION):
        _write_lock.acquire()
        connection.info[_LOCKED] = True  # given back when the connection returns to the pool
        run_plain(connection, "BEGIN IMMEDIATE")
    else:
        run_plain(connection, "BEGIN DEFERRED")


def _sqlite_release(_dbapi_connection: Any, record: Any, *_why: Any) -> None:
    if record.info.pop(_LOCKED, False):
        _write_lock.release()


def begin_write() -> None:
    """Make the session's next transaction a writing one; must come before its first statement."""
    current = session()
    if not current.in_transaction():
        current.connection(execution_options={_BEGIN_OPTION: True})


def locked(statement: Statement, of: Any = None) -> Statement:
    """Lock the rows a statement finds until the unit ends (PostgreSQL; SQLite has one writer anyway).

    ``of``: only those of this table, where the statement joins several.

    They are read as they are now: what the session had loaded before it got the lock may be stale.
    """
    return statement.with_for_update(of=of).execution_options(populate_existing=True)


def one_at_a_time(what: str) -> None:
    """Let units that do the same queue up until each has ended (SQLite's writers do so anyway)."""
    if session().get_bind().dialect.name == "postgresql":
        session().execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})


def side_by_side(what: str) -> None:
    """Let units that do the same go on together, but none while one holds ``one_at_a_time`` of the same."""
    if session().get_bind().dialect.name == "postgresql":
        share = sa.text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:what, 0))")
        session().execute(share, {"what": what})


def flush_unique(message: str, **values: object) -> None:
    """Flush; a broken uniqueness (somebody was faster) becomes ``ConflictError`` with ``message``.

    The refusal ends the unit of work, so it is rolled back here: the page that says so reads afresh.
    """
    try:
        session().flush()
    except IntegrityError as error:
        session().rollback()
        if _code(error) not in _DOUBLE:
            raise
        raise ConflictError(message, **values) from None


def is_crossed(error: DBAPIError) -> bool:
    """Tell whether two units got into each other's way: one of them has done nothing and may be repeated."""
    return _code(error) in _CROSSED


def _code(error: DBAPIError) -> str:
    """Return the database's own name of an error; its words depend on the server's language."""
    found = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return str(found or "")


def commit() -> None:
    """Flush, run the hooks (audit chain last), commit."""
    current = session()
    current.flush()
    for hook in before_commit_hooks:
        hook(current)
    current.commit()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """A writing unit of its own: commits at the end, rolls back on any error.

    Used by commands and jobs (one unit per person or batch), exam saves and log-ins.
    """
    current = session()
    current.rollback()
    begin_write()
    try:
        yield current
        commit()
    except BaseException:
        current.rollback()
        raise


def own_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that opens its own short units of work instead of the request's."""
    view.__own_transaction__ = True  # type: ignore[attr-defined]
    return view


def keeps_what_it_refuses(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that stores what it refuses: the request's unit commits whatever status it returns.

    Only an error takes everything back.
    """

    @wraps(view)
    def kept(*values: Any, **named: Any) -> Any:
        answer = view(*values, **named)
        g.keep = True
        return answer

    kept.__keeps_refusals__ = True  # type: ignore[attr-defined]
    return kept


def lean(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view whose unit holds a bare connection: most of the time it needs no objects (``widen``)."""
    view.__lean__ = True  # type: ignore[attr-defined]
    return view


def connection() -> Connection:
    """Return the connection of the running unit, for statements that need no objects."""
    bare: Connection | None = g.get(_BARE)
    return extensions.connection() if bare is None else bare


def widen() -> bool:
    """Go on with the session in place of the bare connection; tell whether there was one.

    What was read has to be read again: its lock was given back. The bare unit must not have written yet.
    """
    bare: Connection | None = g.pop(_BARE, None)
    if bare is None:
        return False
    bare.close()
    begin_write()
    return True


def only_reads() -> bool:
    """Tell whether the running unit is a request that only reads: nothing it sees can be taken back."""
    return has_request_context() and request.method in _SAFE_METHODS and not _manages_itself()


def received() -> datetime:
    """Return when the running request was received: read before it waits for anything."""
    return cast(datetime, g.received)


def _is_marked(mark: str) -> bool:
    return getattr(current_app.view_functions.get(request.endpoint or ""), mark, False)


def _manages_itself() -> bool:
    return _is_marked("__own_transaction__")


def _begin_request() -> None:
    g.must_roll_back = False
    g.received = now()
    if request.method in _SAFE_METHODS:
        read_without_session()
        return
    if _manages_itself():
        return
    if _is_marked("__lean__"):
        bare = db.engine.connect()
        setattr(g, _BARE, bare)
        bare.execution_options(**{_BEGIN_OPTION: True}).begin()
    else:
        begin_write()


def _end_request(response: Response) -> Response:
    """Commit what an unsafe request wrote, unless a refusal or an error ended it."""
    if _BARE in g:
        return _end_bare(response)
    if request.method in _SAFE_METHODS:
        stop_reading()
        return response
    if _manages_itself() or g.get("must_roll_back", True):
        session().rollback()
        return response
    if response.status_code >= 400 and not g.get("keep"):
        session().rollback()
        return response
    try:
        commit()
    except BaseException:
        session().rollback()
        g.must_roll_back = True
        raise
    return response


def _end_bare(response: Response) -> Response:
    bare: Connection = g.pop(_BARE)
    with closing(bare):
        if not g.get("must_roll_back", True) and (response.status_code < 400 or g.get("keep")):
            g.must_roll_back = True  # until it is in: the answer to a failed commit must not commit again
            bare.commit()
            g.must_roll_back = False
    return response


def _leave_nothing(_error: BaseException | None) -> None:
    """Give back the connections of a request that no answer ended."""
    let_go()
    bare: Connection | None = g.pop(_BARE, None)
    if bare is not None:
        bare.close()


def init_app(app: Flask) -> None:
    """Bind the engine events and the request's transaction to the application."""
    with app.app_context():
        prepare_engine(db.engine)
    app.before_request(_begin_request)
    app.after_request(_end_request)
    app.teardown_appcontext(_leave_nothing)
