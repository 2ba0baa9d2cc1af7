"""What the pages of writing show: drafts, versions, the desk's list, reading progress. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cstrain.kernel.ids import PersonId
from cstrain.lessons.facts import Attachment, Reader


@dataclass(frozen=True, slots=True)
class Content:
    """Everything an author writes of a page; ``kind`` is ``daily`` (with ``day``) or ``handbook``."""

    title: str
    kind: str
    day: int | None
    handbook: str | None
    body: str
    video: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def parts(self) -> tuple[object, ...]:
        """Return what the digest of a version is made of; like the product's where nothing is beside it."""
        beside = (self.video, [list(each) for each in self.attachments])
        return (self.title, self.kind, self.day, self.handbook, self.body, *(beside if any(beside) else ()))


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft: ``revision`` counts its savings; ``based_on`` is the version in force then (0: none)."""

    content: Content
    revision: int
    based_on: int
    saved_by: PersonId
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version in the list; ``author`` is ``None`` for the product's."""

    number: int
    title: str
    author: PersonId | None
    note: str | None
    characters: int
    at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class ProductNews:
    """What the product ships now for a page that is the company's own."""

    title: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """A page on its author's desk: its versions (newest first), its draft, whether it is retired."""

    ref: str
    title: str
    current: int
    is_own: bool
    retired_at: datetime | None
    versions: tuple[VersionFacts, ...]
    draft: DraftFacts | None
    product: ProductNews | None


class State(StrEnum):
    """What a page on the desk is: its first draft, in force, in force with a newer draft, retired."""

    NEW = "new"
    IN_FORCE = "in_force"
    CHANGING = "changing"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A page in the desk's list; ``at`` is when its present version or its first draft came."""

    ref: str
    title: str
    kind: str
    day: int | None
    handbook: str | None
    number: int
    is_own: bool
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of some people confirmed the present version of a page, an older one, only opened one."""

    current: int = 0
    older: int = 0
    opened: int = 0


class Reading(StrEnum):
    """How far somebody is with a page."""

    CURRENT = "current"
    OLDER = "older"
    OPENED = "opened"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Progress:
    """Somebody's reading of a page: the latest confirmed version (``None``: none) and when."""

    person: Reader
    reading: Reading
    number: int | None = None
    at: datetime | None = None
