"""What every act on an edition checks first."""

from __future__ import annotations

from datetime import datetime

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.editions import store
from cstrain.promotion.editions.facts import Stage
from cstrain.promotion.editions.models import LadderEdition
from cstrain.promotion.editions.policy import Act

PERMISSIONS: dict[Act, str] = {
    "drafted": "edition.draft",
    "checked": "edition.check",
    "approved": "edition.approve",
}


def office_for(actor: PersonId, act: Act, now: datetime) -> str:
    """Return the office in which somebody does an act; refuses who may not."""
    office = store.chapter().office(act, people.roles_of(actor, local_date(now)))
    if office is None or not may(actor, PERMISSIONS[act]):
        raise ForbiddenError("这一步由制度规定的职务办理，你现在没有这个职务。")
    return office


def open_row(edition_id: int, *stages: Stage) -> LadderEdition:
    """Return an edition's row, locked; refuses one that is in none of these stages any more."""
    found = store.row(edition_id, lock=True)
    if store.stage_of(found) not in stages:
        raise ConflictError("没有办理：这一版已经不在这一步了。请刷新后再看。")
    return found


def another(actor: PersonId, found: LadderEdition) -> None:
    """Refuse whoever has acted on this edition already: drafting, checking, approving take three people."""
    if actor in {found.drafted_by, found.checked_by}:
        raise ForbiddenError("拟制、审核和批准要由三位不同的人办理，你已经办过其中一步。")


def written(text: str, most: int = 1000) -> str:
    """Return a text that must be there; refuses an empty and a very long one."""
    kept = text.strip()
    if not kept:
        raise DomainError("没有保存：请写明理由。")
    if len(kept) > most:
        raise DomainError("没有保存：超过%(most)s个字。请写短一些。", most=most)
    return kept


def subject_of(edition_id: int) -> str:
    """Return how the audit log names an edition."""
    return f"ladder_edition:{edition_id}"


def url_of(edition_id: int) -> str:
    """Return the address of an edition's page."""
    return f"/promotion/editions/drafts/{edition_id}"
