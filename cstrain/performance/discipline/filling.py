"""What other rooms and packages show of discipline: counts of a month, the panel on the person page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask_babel import gettext

from cstrain.access import actor, may
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.people.slots import Section
from cstrain.performance.discipline.queries import counts, deductions_about, entries_about
from cstrain.performance.slots import Counts

_MONTHS = 12


class BookedDeductions:
    """Fills the place of performance for deductions."""

    def counts(self, people: Collection[PersonId], months: Collection[date]) -> Counts:
        """Return number and points by person and month."""
        return counts(people, months)


def sections(person: PersonFacts) -> list[Section]:
    """Return the panel on a person's page: for oneself, and for who may see their deductions."""
    own = actor() == person.id
    if not own and not may(actor(), "deduction.view", person.id):
        return []
    since = add_months(local_date(now()).replace(day=1), 1 - _MONTHS)
    totals = [one.total for one in deductions_about(person.id, since) if one.reversal is None]
    entries = [one for one in entries_about(person.id, since) if one.withdrawal is None]
    data = {"own": own, "staff_no": person.staff_no, "number": len(totals), "points": sum(totals)}
    registers = own or may(actor(), "register.view", person.id)
    data |= {"entries": len(entries) if registers else None}
    return [Section(gettext("扣分与登记"), "discipline/_person.html", data)]
