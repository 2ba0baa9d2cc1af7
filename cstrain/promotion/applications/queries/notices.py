"""Public notices and the objections to them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.applications import store
from cstrain.promotion.applications.facts import NoticeFacts, ObjectionFacts
from cstrain.promotion.applications.models import NoticeObjection, PublicNotice


def notice(notice_id: int) -> NoticeFacts:
    """Return a notice; raises ``NotFoundError``."""
    row = session().get(PublicNotice, notice_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return store.notice_facts(row)


def notices_up(today: date) -> list[NoticeFacts]:
    """Return the notices that are up on a day, the one that ends first before the others."""
    rows = session().scalars(
        sa.select(PublicNotice)
        .where(PublicNotice.first_day <= today, PublicNotice.last_day >= today)
        .order_by(PublicNotice.last_day, PublicNotice.id)
    )
    return [store.notice_facts(row) for row in rows]


def open_notices() -> list[NoticeFacts]:
    """Return the notices that nobody has closed yet, oldest first."""
    rows = session().scalars(
        sa.select(PublicNotice).where(PublicNotice.closed_at.is_(None)).order_by(PublicNotice.id)
    )
    return [store.notice_facts(row) for row in rows]


def notice_of_application(application_id: int) -> NoticeFacts | None:
    """Return the latest notice of an application, or ``None``."""
    row = session().scalar(
        sa.select(PublicNotice)
        .where(PublicNotice.application_id == application_id)
        .order_by(PublicNotice.id.desc())
        .limit(1)
    )
    return store.notice_facts(row) if row is not None else None


def objections(notice_id: int) -> list[ObjectionFacts]:
    """Return the objections to a notice, oldest first."""
    rows = session().scalars(
        sa.select(NoticeObjection).where(NoticeObjection.notice_id == notice_id).order_by(NoticeObjection.id)
    )
    return [store.objection_facts(row) for row in rows]


def objection(objection_id: int) -> ObjectionFacts:
    """Return an objection; raises ``NotFoundError``."""
    row = session().get(NoticeObjection, objection_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return store.objection_facts(row)


def waiting_objections() -> list[ObjectionFacts]:
    """Return every objection without an answer, oldest first."""
    rows = session().scalars(
        sa.select(NoticeObjection).where(NoticeObjection.answered_at.is_(None)).order_by(NoticeObjection.id)
    )
    return [store.objection_facts(row) for row in rows]
