"""What every road of the demo shares: the stage, the people by staff number, their days, and chance."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cstrain.demo.company import BEGAN_DAYS_AGO
from cstrain.demo.stage import Stage
from cstrain.kernel.calendar import WorkCalendar
from cstrain.kernel.ids import DepartmentId, PersonId


@dataclass(slots=True)
class World:
    """The company while it is played. ``today`` is the last day; nothing happens after its early morning."""

    stage: Stage
    today: date
    password_hash: str
    people: dict[str, PersonId] = field(default_factory=dict)
    departments: dict[str, DepartmentId] = field(default_factory=dict)
    calendars: dict[str, WorkCalendar] = field(default_factory=dict)

    @property
    def founded(self) -> date:
        """The day the company began to use the system."""
        return self.today - timedelta(days=BEGAN_DAYS_AGO)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return the instant of a time of day of the company."""
        return self.stage.at(day, hour, minute)

    def chance(self, *of: object) -> random.Random:
        """Return chance that is the same for the same date and ``of``."""
        return random.Random("/".join(str(each) for each in (self.today, *of)))  # noqa: S311  # a story, no secret

    def one(self, staff_no: str) -> PersonId:
        """Return a person by staff number."""
        return self.people[staff_no]

    def some(self, staff_nos: Iterable[str]) -> list[PersonId]:
        """Return people by staff number."""
        return [self.people[each] for each in staff_nos]

    def last_working_day(self, place: str) -> date:
        """Return today, or the last working day of a department before it."""
        day = self.today
        while not self.calendars[place].is_working(day):
            day -= timedelta(days=1)
        return day

    def working_day(self, place: str, before: date, back: int) -> date:
        """Return the working day of a department that lies ``back`` working days before ``before``."""
        day = before
        while back:
            day -= timedelta(days=1)
            back -= self.calendars[place].is_working(day)
        return day
