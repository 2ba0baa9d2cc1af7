"""Topics in the order of their tree. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cstrain.questions.authoring.facts import TopicLine


class Node(NamedTuple):
    """A topic as it is kept."""

    id: int
    ref: str
    title: str
    parent_id: int | None
    questions: int


def in_order(nodes: Iterable[Node]) -> tuple[TopicLine, ...]:
    """Return topics, given by position, each followed by those below it; those of lost parents at the top."""
    known = list(nodes)
    ids = {each.id for each in known}
    below: dict[int | None, list[Node]] = {}
    for each in known:
        below.setdefault(each.parent_id if each.parent_id in ids else None, []).append(each)
    return tuple(_under(None, "", below, 0))


def _under(
    at: int | None, parent: str, below: dict[int | None, list[Node]], depth: int
) -> Iterator[TopicLine]:
    for each in below.pop(at, ()):
        yield TopicLine(each.ref, each.title, depth, parent, each.questions)
        yield from _under(each.id, each.ref, below, depth + 1)
