"""Lessons written in the browser, for tests: by the product's own services (commit)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.conftest import START

TEXT = "## 交接\n\n夜班在22:00前写好交接单。\n"


def content(**changes: Any):
    """What an author typed: a daily page of the third day, unless said otherwise."""
    from cstrain.lessons.authoring.facts import Content

    values = {"title": "夜班交接", "kind": "daily", "day": 3, "handbook": None, "body": TEXT, **changes}
    return Content(**values)


def begin(author: int, at: datetime = START, **changes: Any) -> str:
    """Begin a page; return its reference."""
    from cstrain.lessons.authoring import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        return service.begin(author, at, content(**changes))


def keep(author: int, ref: str, revision: int, at: datetime = START, **changes: Any) -> None:
    """Keep a draft of a page."""
    from cstrain.lessons.authoring import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.keep_draft(author, at, ref, content(**changes), revision)


def publish(author: int, ref: str, revision: int = 1, at: datetime = START, note: str = "改了") -> int:
    """Publish a page's draft; return the version's number."""
    from cstrain.lessons.authoring import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        return service.publish(author, at, ref, revision, note)
