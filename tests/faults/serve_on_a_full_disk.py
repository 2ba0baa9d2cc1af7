"""``cstrain serve`` on a SQLite file that may grow by a few pages only, as on a disk that is nearly full.

``python -m tests.faults.serve_on_a_full_disk PORT``
"""

from __future__ import annotations

import sys
from typing import Any

import sqlalchemy as sa

from cstrain.cli import main

SPARE_PAGES = 40


def limit(connection: Any, _record: Any) -> None:
    """Let the file grow by a few pages from where it was when the server began."""
    pages = LIMIT or connection.execute("PRAGMA page_count").fetchone()[0] + SPARE_PAGES
    globals()["LIMIT"] = pages
    connection.execute(f"PRAGMA max_page_count = {pages}")


LIMIT = 0

if __name__ == "__main__":
    sa.event.listen(sa.Engine, "connect", limit)
    sys.argv = ["cstrain", "serve", "--port", sys.argv[1]]
    main()
