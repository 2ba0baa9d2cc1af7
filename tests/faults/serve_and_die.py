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
from sqlalchemy.orm import Session

from cstrain import unit_of_work
from cstrain.cli import main


def die_at(when: str, number: int) -> None:
    """Kill this process around the commit of its n-th answer event."""
    seen = threading.local()  # other threads commit too

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("INSERT INTO ANSWER_EVENT"):
            seen.saved = getattr(seen, "saved", 0) + 1

    def die(_session: Session) -> None:
        if getattr(seen, "saved", 0) >= number:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    if when == "before":
        unit_of_work.before_commit_hooks.append(die)
    else:
        sa.event.listen(Session, "after_commit", die)


if __name__ == "__main__":
    when, number, port = sys.argv[1:]
    die_at(when, int(number))
    sys.argv = ["cstrain", "serve", "--port", port]
    main()
