"""What a page waits for: a mark of how its attempt stands, and the request that is held back meanwhile.

The mark is signed for its attempt, so that only who was given it by the application can have anything held.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from itsdangerous import BadSignature, Signer

_PATH = re.compile(r"/attempts/([0-9]{1,18})/news")
_SALT = "cstrain.news"


@dataclass(frozen=True, slots=True)
class Wish:
    """A page asks to hear when the mark of its attempt is another than this."""

    attempt_id: int
    mark: str


def mark_of(row: Any) -> str:
    """Return the mark of an attempt's row: a take-over, a pause, another end and handing in change it."""
    closed = row.submitted_at is not None or row.voided_at is not None
    return f"{row.lease_epoch}-{row.deadline:%Y%m%d%H%M%S%f}-{int(row.paused_at is not None)}-{int(closed)}"


def signed(secret: str, attempt_id: int, mark: str) -> str:
    """Return a mark as a page is given it."""
    return _signer(secret, attempt_id).sign(mark).decode()


def read_wish(secret: str, method: str, path: str, query: str) -> Wish | None:
    """Return what a request waits for; ``None`` when it is another one, or was not given its mark here."""
    found = _PATH.fullmatch(path) if method == "GET" else None
    if found is None:
        return None
    attempt_id = int(found[1])
    try:
        mark = _signer(secret, attempt_id).unsign(parse_qs(query).get("than", [""])[0])
    except (BadSignature, ValueError):
        return None
    return Wish(attempt_id, mark.decode())


def _signer(secret: str, attempt_id: int) -> Signer:
    return Signer(secret, salt=f"{_SALT}.{attempt_id}")
