"""A role's part of the home page, and the registry of roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext

from cstrain.kernel.ids import PersonId
from cstrain.kernel.registry import Registry, load_modules


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the checklist: ``state`` is is-done, is-next or is-later; ``meta`` short facts beside it."""

    state: str
    what: str
    meta: tuple[str, ...] = ()
    action_url: str = ""
    action_label: str = ""
    method: str = "get"
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one role sees: the checklist, and a page of its own.

    ``template`` is drawn under the checklist with ``values``; ``listed``: so many things to do stand in it
    instead of in ``tasks``. Without tasks ``empty`` says what will come, and ``quiet`` is the page's heading
    when nobody asks for anything; ``day``: which day of the programme today is, for the heading.
    """

    lead: str
    title: str
    tasks: tuple[Task, ...]
    empty: str
    quiet: str = ""
    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    listed: int | None = None
    day: int | None = None

    @property
    def asks(self) -> bool:
        """Something is to be done, or the template is a list of it; such parts come first."""
        return bool(self.tasks) or self.listed is not None

    @property
    def open(self) -> int:
        """The number of things that this part asks for."""
        return sum(task.state != "is-done" for task in self.tasks) + (self.listed or 0)


Builder = Callable[[PersonId, frozenset[str], datetime], Part | None]

PARTS: Registry[Builder] = Registry("home")
"""Builders by a name that sorts in the order of the page."""


def parts_for(person: PersonId, roles: frozenset[str], now: datetime) -> list[Part]:
    """Return the parts for a person's roles, in order; never empty."""
    load_modules("cstrain.web.homes")
    found = (build(person, roles, now) for build in PARTS)
    parts = [part for part in found if part is not None] or [_quiet()]
    return _one_main(sorted(parts, key=lambda part: not part.asks))


def headline(parts: Sequence[Part]) -> str:
    """Return the page's heading: the number of all things to do on it, else what its first part says."""
    number = sum(part.open for part in parts)
    if not number:
        return parts[0].quiet
    day = next((part.day for part in parts if part.day is not None), None)
    if day is not None:
        return str(gettext("今天是第%(number)s天，还有%(n)s项要做", number=day, n=number))
    return str(gettext("今天有%(n)s件事要做", n=number))


def _one_main(parts: list[Part]) -> list[Part]:
    """Leave the main button to the first part: one a screen."""
    first, *others = parts
    return [first, *(replace(part, tasks=tuple(_later(task) for task in part.tasks)) for part in others)]


def _later(task: Task) -> Task:
    return replace(task, state="is-later") if task.state == "is-next" else task


def _quiet() -> Part:
    return Part(
        quiet=gettext("今天没有要做的事"),
        lead="",
        title=gettext("给我的事"),
        tasks=(),
        empty=gettext("考试、制度确认和通知会出现在这里。"),
    )


def with_next(tasks: list[Task]) -> tuple[Task, ...]:
    """Mark the first open task as the next one: one main button a page."""
    marked: list[Task] = []
    seen = False
    for task in tasks:
        if task.state != "is-done" and not seen:
            marked.append(replace(task, state="is-next"))
            seen = True
        else:
            marked.append(task)
    return tuple(marked)
