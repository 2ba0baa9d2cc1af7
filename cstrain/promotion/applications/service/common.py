"""What all acts on applications share: nobody acts on themself, each act is an event, people hear of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.facts import State
from cstrain.promotion.applications.grounds import Grounds, judge, sealed
from cstrain.promotion.applications.models import (
    ApplicationEvent,
    ApplicationEvidence,
    PromotionApplication,
)
from cstrain.promotion.applications.rules.states import CLOSED, move
from cstrain.unit_of_work import flush_unique

_AT_ONCE = "没有办理：有人同时办理了这份申请。请刷新后再看。"


def not_self(actor: PersonId | None, subject: int) -> None:
    """Refuse an act on one's own application (docs/rules.md 4)."""
    if actor is not None and actor == subject:
        raise ForbiddenError("不能办理自己的晋升。请由另一位有权限的同事办理。")


def without_part(actor: PersonId, parts: Collection[PersonId | None]) -> None:
    """Refuse an act by somebody who had another part in the same application."""
    if actor in parts:
        raise ForbiddenError("你在这份申请里已经办过别的一步，没有办理。请由另一位同事办理。")


def application_row(application_id: int, actor: PersonId | None) -> PromotionApplication:
    """Return an application's row, locked; refuses an act on oneself."""
    row = store.locked_row(PromotionApplication, application_id)
    not_self(actor, row.person_id)
    return row


def written(text: str, most: int = 2000) -> str:
    """Return a text without outer blanks; refuses an empty or overlong one."""
    kept = text.strip()
    if not kept:
        raise DomainError("没有保存：请写明理由或内容。")
    if len(kept) > most:
        raise DomainError("没有保存：超过%(most)s个字。请写短一些。", most=most)
    return kept


def happen(
    row: PromotionApplication,
    kind: str,
    actor: PersonId | None,
    now: datetime,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> State:
    """Record an event: the application moves on by it, forward only; return the new state."""
    before = State(row.state)
    after = move(before, kind)
    append(row, kind, before, after, actor, now, note, detail)
    row.state = after
    row.closed_at = now if after in CLOSED else None
    flush_unique(_AT_ONCE)
    record(actor, f"application.{kind}", store.subject_of(row.id), state=str(after))
    return after


def append(
    row: PromotionApplication,
    kind: str,
    before: State | None,
    after: State,
    actor: PersonId | None,
    now: datetime,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add an event's row; its number follows the last one's."""
    numbers = sa.select(sa.func.coalesce(sa.func.max(ApplicationEvent.number), 0))
    last = session().scalar(numbers.where(ApplicationEvent.application_id == row.id)) or 0
    session().add(
        ApplicationEvent(
            application_id=row.id,
            person_id=row.person_id,
            number=last + 1,
            kind=kind,
            before=before,
            after=after,
            by_id=actor,
            at=now,
            note=note,
            detail=dict(detail or {}),
        )
    )


def grounds_now(application_id: int, now: datetime) -> Grounds:
    """Judge an application today with the ratings given in it."""
    found = queries.application(application_id)
    return judge(found, queries.ratings(application_id), local_date(now))


def keep_evidence(
    application_id: int, grounds: Grounds, stage: str, now: datetime, more: Mapping[str, Any]
) -> str:
    """Seal what an act rests on, with who acted so far and the hashes of their papers; return the hash."""
    people = [
        {"act": one.kind, "by": one.by, "at": one.at}
        for one in store.events_of([application_id])[application_id]
    ]
    kept = {"application": application_id, "people": people, "files": store.papers_of(application_id), **more}
    text, digest = sealed(grounds, stage, kept)
    session().add(
        ApplicationEvidence(application_id=application_id, stage=stage, content=text, sha256=digest, at=now)
    )
    session().flush()
    return digest


def hr_people(now: datetime, without: Iterable[int] = ()) -> list[PersonId]:
    """Return HR's people of today, without some."""
    return holders(("hr", "hr_manager"), now, without)


def holders(roles: Iterable[str], now: datetime, without: Iterable[int] = ()) -> list[PersonId]:
    """Return who holds one of these offices today, without some."""
    on = local_date(now)
    return sorted({one for role in roles for one in people.persons_with_role(role, on)} - set(without))


def name_of(person: int, now: datetime) -> str:
    """Return a person's name."""
    return people.get_person(PersonId(person), local_date(now)).name


def url_of(application_id: int) -> str:
    """Return the address of an application's page."""
    return f"/applications/{application_id}"


def tell(
    persons: Iterable[PersonId | None], message: str, now: datetime, *, url: str, **values: object
) -> None:
    """Notify each of ``persons`` once (``None`` and doubles left out)."""
    for person in sorted({one for one in persons if one is not None}):
        notify(person, message, now=now, values=values, url=url, kind="application")
