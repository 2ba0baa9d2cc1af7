"""Keeping, sharing and removing searches under a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.library.models import SavedView
from cstrain.unit_of_work import flush_unique, locked, one_at_a_time

MOST_VIEWS = 50


def keep_view(
    name: str, wanted: Mapping[str, str], by: PersonId, now: datetime, *, shared: bool
) -> SavedView:
    """Keep a search under a name; one of the same name is replaced.

    Raises ``DomainError`` for a search that narrows nothing, and when there are too many.
    """
    if not wanted:
        raise DomainError("没有保存：现在没有任何筛选条件。请先筛选，再保存。")
    one_at_a_time(f"views:{by}")
    mine = session().scalars(sa.select(SavedView).where(SavedView.person_id == by)).all()
    row = next((each for each in mine if each.name == name), None)
    if row is None and len(mine) >= MOST_VIEWS:
        raise DomainError("每人最多保存%(most)s个筛选。请先删掉不用的。", most=MOST_VIEWS)
    row = row or SavedView(person_id=by, name=name, created_at=now)
    row.wanted, row.shared = dict(wanted), shared
    session().add(row)
    flush_unique("已经有同名的筛选。请刷新后再试。")
    record(by, "saved_view.kept", f"saved_view:{row.id}", shared=shared)
    session().flush()
    return row


def share_view(view_id: int, by: PersonId, *, shared: bool) -> None:
    """Offer one's search to all trainers, or no more; raises ``NotFoundError`` for somebody else's."""
    row = _mine(view_id, by)
    row.shared = shared
    record(by, "saved_view.shared", f"saved_view:{view_id}", shared=shared)
    session().flush()


def remove_view(view_id: int, by: PersonId) -> None:
    """Remove one's search; raises ``NotFoundError`` for somebody else's."""
    session().delete(_mine(view_id, by))
    record(by, "saved_view.removed", f"saved_view:{view_id}")
    session().flush()


def _mine(view_id: int, by: PersonId) -> SavedView:
    asked = sa.select(SavedView).where(SavedView.id == view_id, SavedView.person_id == by)
    row = session().scalar(locked(asked))
    if row is None:
        raise NotFoundError("没有找到这个筛选。它可能已经删掉，或者是别人的。")
    return row
