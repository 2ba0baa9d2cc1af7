"""What every act of a competition checks first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Competition, Phase


def held(competition_id: int, now: datetime, phases: Collection[Phase]) -> Competition:
    """Lock a competition and return it; ``ConflictError`` unless it is in one of ``phases``."""
    store.row(competition_id, lock=True)
    found = queries.competition(competition_id, local_date(now))
    if found.phase not in phases:
        raise ConflictError("这次竞聘已经不在这一步了，没有办。请刷新后再看。")
    return found


def not_a_candidate(actor: PersonId, competition: Competition) -> None:
    """Refuse whoever applied for this post, also who withdrew: nobody acts where they applied."""
    if any(one.person == actor for one in queries.candidates_of([competition.id])):
        raise ForbiddenError("你报名了这次竞聘，不能办这次竞聘的事。请由别人来办。")


def demand_permission(actor: PersonId, permission: str, about: PersonId | None = None) -> None:
    """Refuse who does not hold a permission (for somebody)."""
    if not may(actor, permission, about):
        raise ForbiddenError("你没有办这件事的权限，没有办。")


def needed(text: str, most: int = 1000) -> str:
    """Return a text that must be there; ``DomainError`` for an empty or a very long one."""
    found = text.strip()
    if not found:
        raise DomainError("没有保存：请写明理由。")
    if len(found) > most:
        raise DomainError("没有保存：文字太长，最多%(most)s个字。", most=most)
    return found


def tell(person: PersonId, message: str, competition: Competition, now: datetime) -> None:
    """Tell somebody something about a competition, with a link to it."""
    notify(person, message, values={"post": competition.post}, url=f"/competitions/{competition.id}", now=now)
