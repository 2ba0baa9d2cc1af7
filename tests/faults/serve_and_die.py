"""``cstrain serve`` that kills itself at the n-th saved answer, right before or right after its commit.

``python -m tests.faults.serve_and_die before|after N PORT``
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from cstrain.cli import main


def die_at(when: str, number: int) -> None:
    """Kill this process around the commit of its n-th answer event."""
    seen = threading.local()  # other threads commit too

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("INSERT INTO ANSWER_EVENT"):
            seen.saved = getattr(seen, "saved", 0) + 1

    commit = DefaultDialect.do_commit

    def commit_and_die(dialect: DefaultDialect, connection: Any) -> None:
        dies = getattr(seen, "saved", 0) >= number
        if not dies or when == "after":
            commit(dialect, connection)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    DefaultDialect.do_commit = commit_and_die  # type: ignore[method-assign]


if __name__ == "__main__":
    when, number, port = sys.argv[1:]
    die_at(when, int(number))
    sys.argv = ["cstrain", "serve", "--port", port]
    main()
