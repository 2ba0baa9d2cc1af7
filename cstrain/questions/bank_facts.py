"""Banks as read from their files. Pure; they go no further than this package and what imports banks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a bank."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class SourceQuestion:
    """A question as read from a bank's file.

    ``content`` is all that a candidate may see before release, ``key`` what marking needs, ``script`` what
    the machine needs while it is answered (most have none), ``explanation`` what a result page adds.
    ``source`` is ``page#heading`` of a lesson, or empty; ``difficulty`` is 1 to 3.
    """

    id: str
    bank: str
    topic: str
    type: str
    difficulty: int
    situation: bool
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    explanation: str
    source: str
    file: str
    line: int
    script: Mapping[str, Any] | None = None

    @property
    def ref(self) -> str:
        """The id, as what draws questions calls it."""
        return self.id

    @property
    def stem(self) -> str:
        """The question's text."""
        return str(self.content["stem"])

    @property
    def parts(self) -> Sequence[Mapping[str, Any]]:
        """The parts of a case as its content holds them; any other question has none."""
        parts: Sequence[Mapping[str, Any]] = self.content["parts"] if self.type == "case" else ()
        return parts


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank as read from its folder or file; ``file`` is where a fault of the whole bank is reported."""

    name: str
    title: str
    description: str
    topics: tuple[Topic, ...]
    questions: tuple[SourceQuestion, ...]
    file: str
