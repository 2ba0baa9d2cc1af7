"""Reading saved searches."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.questions.library.facts import View
from cstrain.questions.library.models import SavedView

MOST_SHARED = 100


def views_for(person: PersonId) -> list[View]:
    """Return a person's saved searches, then those that others share (at most ``MOST_SHARED``), by name."""
    mine = SavedView.person_id == person
    rows = session().scalars(
        sa.select(SavedView)
        .where(mine | SavedView.shared)
        .order_by(sa.case((mine, 0), else_=1), SavedView.name, SavedView.id)
        .limit(2 * MOST_SHARED)
    )
    return [_view(each) for each in rows]


def view_by_name(person: PersonId, name: str) -> View | None:
    """Return a person's own saved search of this name, if there is one."""
    row = session().scalar(sa.select(SavedView).where(SavedView.person_id == person, SavedView.name == name))
    return None if row is None else _view(row)


def _view(row: SavedView) -> View:
    return View(row.id, PersonId(row.person_id), row.name, row.wanted, row.shared)
