"""Counts the statements a request sends to the database, so that lists are pinned against one query a row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def counted(app) -> Iterator[list[str]]:
    """Collect the SELECTs (and other statements) that reach the application's engine meanwhile."""
    from cstrain.extensions import db

    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
