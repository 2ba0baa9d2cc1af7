"""What other packages may see of lessons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cstrain.kernel.ids import DepartmentId, PersonId


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """A page in a list. ``kind`` is ``daily`` (then ``day`` is set) or ``handbook`` (then ``handbook`` is).

    ``number`` counts its versions from 1; ``characters`` is its length without spaces and mark-up.
    """

    ref: str
    title: str
    kind: str
    day: int | None
    handbook: str | None
    number: int
    characters: int


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading of a page: its level (2 or 3), its text, the id it has on the page."""

    level: int
    text: str
    anchor: str


class Attachment(NamedTuple):
    """A file beside a page: the digest it is stored under, its name, its length in bytes."""

    digest: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A page with its text (Markdown), its headings, and its neighbours in the same handbook or course.

    ``video`` is the address of a stored file (``/files/…``) or one outside (``https://…``).
    """

    facts: LessonFacts
    body: str
    toc: tuple[TocEntry, ...]
    changed_at: datetime
    retired: bool
    previous: LessonFacts | None
    next: LessonFacts | None
    video: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Handbook:
    """A handbook: its name (``product``, ``rules``, ``oa`` …) and its pages in order."""

    name: str
    pages: tuple[LessonFacts, ...]


class ReadState(NamedTuple):
    """When a person first opened a page, and when they last confirmed a version of it as read."""

    opened_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceLink:
    """Where a question's source leads: page, its title, heading, and the heading's id (``None``: gone)."""

    ref: str
    title: str
    heading: str
    anchor: str | None


class Confirmed(NamedTuple):
    """The latest version of a page that a person confirmed as read, and when."""

    number: int
    at: datetime


class Reader(NamedTuple):
    """A person who reads, as they stand on a day."""

    id: PersonId
    staff_no: str
    name: str
    department_id: DepartmentId
    department_name: str
