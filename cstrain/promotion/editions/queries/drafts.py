"""Editions made here: how far they are, what their cases say, who has looked at them, for whom they wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from cstrain.access import may
from cstrain.extensions import session
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.policies.loader import OwnEdition
from cstrain.policies.yaml_source import Fault
from cstrain.promotion import ladders
from cstrain.promotion.editions import kinds, store
from cstrain.promotion.editions.facts import EditionFacts, Look, Stage, chapter_ref
from cstrain.promotion.editions.models import LadderEdition
from cstrain.promotion.editions.policy import EditionRules


def approved_ladders() -> Sequence[Ladder]:
    """Return the editions that the company approved itself, in force or not."""
    return store.approved_ladders()


def own_chapter(name: str) -> Sequence[OwnEdition]:
    """Return the editions of a chapter that the company approved itself, in force or not."""
    return store.approved_chapter(chapter_ref(name))


def text_of(edition_id: int) -> str:
    """Return the text of an edition made here."""
    return store.row(edition_id).text


def title_of(ref: str) -> str:
    """Return what people call a ladder or a chapter (Chinese); its reference where there is none any more."""
    try:
        return kinds.of(ref).title
    except NotFoundError:
        return ref


def edition_rules() -> EditionRules:
    """Return the chapter in force."""
    return store.chapter()


def draft(edition_id: int) -> EditionFacts:
    """Return an edition made here; raises ``NotFoundError``."""
    return store.facts(store.row(edition_id))


def made(ref: str | None = None, *, open_only: bool = False) -> list[EditionFacts]:
    """Return the editions made here, the newest first; of one ladder, those still open."""
    statement = sa.select(LadderEdition).order_by(LadderEdition.id.desc())
    if ref is not None:
        statement = statement.where(LadderEdition.ladder_ref == ref)
    if open_only:
        statement = statement.where(LadderEdition.approved_at.is_(None), LadderEdition.closed_at.is_(None))
    return store.many(session().scalars(statement))


def ladder_text(one: EditionFacts) -> Ladder:
    """Return an edition made here as a ladder."""
    return store.ladder_of(one)


def cases(one: EditionFacts) -> tuple[Fault, ...]:
    """Run the scenario cases of an edition; returns what is wrong, with the line."""
    return tuple(kinds.of(one.ref).failing(one))


def looks(edition_id: int) -> Sequence[Look]:
    """Return the looks at an edition's simulation, oldest first."""
    return store.looks_of(edition_id)


def look_of(edition_id: int, person: PersonId) -> Look | None:
    """Return somebody's latest look at an edition."""
    return next((one for one in reversed(store.looks_of(edition_id)) if one.by == person), None)


def start_texts(base: Ladder, number: int, start: date) -> tuple[str, str]:
    """Return the texts with which a ladder's new edition begins: those of the newest before it."""
    return kinds.of(base.ref).begun(number, start)


def waiting_for(person: PersonId, on: date) -> list[EditionFacts]:
    """Return the editions that wait for somebody to check or approve them."""
    rules, roles = store.chapter(), people.roles_of(person, on)
    checks = may(person, "edition.check") and rules.office("checked", roles) is not None
    approves = may(person, "edition.approve") and rules.office("approved", roles) is not None
    if not checks and not approves:
        return []
    wanted = {Stage.DRAFTED: checks, Stage.CHECKED: approves}
    return [one for one in made(open_only=True) if wanted[one.stage] and person not in one.people]


def known(ref: str) -> tuple[Ladder, ...]:
    """Return every edition of a ladder, shipped and own; raises ``NotFoundError``."""
    return ladders.editions(ref)
