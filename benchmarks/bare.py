"""A bare Flask application to measure beside: one view that says hello, one that inserts a row, durably.

``python -m benchmarks.bare PORT FILE_OR_URL`` serves it with the product's server and thread count. The
insert is a prepared statement on a connection that stays open, committed to disk (``synchronous=FULL``).
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Callable

import psycopg
import waitress
from flask import Flask

_THREADS = 8


def make_app(insert: Callable[[], None]) -> Flask:
    """Return the application; ``insert`` writes one row and commits."""
    app = Flask(__name__)

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.post("/insert")
    def one_insert() -> str:
        insert()
        return "saved"

    return app


def _sqlite(file: str) -> Callable[[], None]:
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, slot INT, value TEXT)")
    lock = threading.Lock()

    def insert() -> None:
        with lock:
            connection.execute("INSERT INTO answer (slot, value) VALUES (?, ?)", (1, "x"))

    return insert


def _postgresql(url: str) -> Callable[[], None]:
    with psycopg.connect(url, autocommit=True) as first:
        first.execute("CREATE TABLE IF NOT EXISTS bare_answer (id serial PRIMARY KEY, slot int, value text)")
    local = threading.local()

    def insert() -> None:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(url, autocommit=True)
        local.connection.execute(
            "INSERT INTO bare_answer (slot, value) VALUES (%s, %s)", (1, "x"), prepare=True
        )

    return insert


def main() -> None:
    """Serve until killed."""
    port, where = int(sys.argv[1]), sys.argv[2]
    insert = _postgresql(where) if where.startswith("postgresql:") else _sqlite(where)
    waitress.serve(make_app(insert), host="127.0.0.1", port=port, threads=_THREADS)


if __name__ == "__main__":
    main()
