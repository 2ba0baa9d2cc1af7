"""Rows of editions as facts and as ladders, and the chapter; for this room's services and queries only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from weakref import ref

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.judgement.ladder import Approval, Ladder
from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.policies.loader import OwnEdition, load
from cstrain.promotion.editions import texts
from cstrain.promotion.editions.facts import EditionFacts, Look, Signed, Stage, is_chapter
from cstrain.promotion.editions.models import LadderEdition, LadderLook
from cstrain.promotion.editions.policy import ACTS, CHAPTER, EditionRules
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
_MOST_KEPT = 200
_HELD = "cstrain.editions"
_ID = tuple[str, int, int, datetime | None, int | None, datetime | None, int | None, datetime | None]
_read: dict[_ID, Ladder] = {}
"""Ladders read from approved rows: by text and by who acted when."""


def chapter() -> EditionRules:
    """Return the chapter in force."""
    return load(EditionRules, CHAPTER)


def row(edition_id: int, *, lock: bool = False) -> LadderEdition:
    """Return an edition's row, locked if asked; raises ``NotFoundError``."""
    statement = sa.select(LadderEdition).where(LadderEdition.id == edition_id)
    found = session().scalar(locked(statement) if lock else statement)
    if found is None:
        raise NotFoundError(MISSING)
    return found


@dataclass(frozen=True, slots=True)
class _Approved:
    """The heads of all approved editions: of ladders (key and id), and of chapters by reference."""

    ladders: tuple[tuple[_ID, int], ...]
    chapters: Mapping[str, tuple[OwnEdition, ...]]


def _approved() -> _Approved:
    """Return the heads of what is approved: one short statement in a transaction, whoever asks.

    Another process sees an approval with its next transaction; this one forgets at once (``forget``).
    """
    current = session()
    of, held = current.info.get(_HELD, (lambda: None, None))
    running = current.get_transaction()
    if running is not None and of() is running:
        return cast(_Approved, held)
    every = LadderEdition
    heads = sa.select(
        every.ladder_ref,
        every.effective_from,
        every.id,
        every.sha256,
        every.number,
        every.drafted_by,
        every.drafted_at,
        every.checked_by,
        every.checked_at,
        every.approved_by,
        every.approved_at,
    )
    with current.no_autoflush:  # whoever asks may be in the middle of a row
        rows = current.execute(heads.where(every.approved_at.is_not(None)).order_by(every.id)).all()
    found = _sorted_out(rows)
    current.info[_HELD] = (ref(current.get_transaction()), found)
    return found


def _sorted_out(rows: Iterable[Sequence[Any]]) -> _Approved:
    ladders: list[tuple[_ID, int]] = []
    chapters: dict[str, tuple[OwnEdition, ...]] = {}
    for name, start, edition_id, *key in rows:
        if is_chapter(name):
            own = OwnEdition(edition_id, key[1], start, key[0])
            chapters[name] = (*chapters.get(name, ()), own)
        else:
            ladders.append((tuple(key), edition_id))
    return _Approved(tuple(ladders), chapters)


def forget() -> None:
    """Forget what was read of approved editions: one was approved, or a lock has just been waited for."""
    session().info.pop(_HELD, None)


def approved_ladders() -> list[Ladder]:
    """Return the company's own editions of ladders; a text is read once in a process."""
    found = []
    for name, edition_id in _approved().ladders:
        if name not in _read:
            if len(_read) >= _MOST_KEPT:
                _read.clear()
            _read[name] = _with_approvals(facts(row(edition_id)))
        found.append(_read[name])
    return found


def approved_chapter(name: str) -> tuple[OwnEdition, ...]:
    """Return the company's own editions of a chapter, by its reference."""
    return _approved().chapters.get(name, ())


def approved_texts(name: str, number: int) -> tuple[str, str] | None:
    """Return the text and the cases of an approved edition made here; ``None`` when there is none."""
    wanted = sa.select(LadderEdition.text, LadderEdition.scenarios).where(
        LadderEdition.ladder_ref == name,
        LadderEdition.number == number,
        LadderEdition.approved_at.is_not(None),
    )
    found = session().execute(wanted).one_or_none()
    return None if found is None else (found[0], found[1])


def _with_approvals(one: EditionFacts) -> Ladder:
    """Return an approved edition as a ladder that names who drafted, checked and approved it."""
    signed = [each for each in (one.drafted, one.checked, one.approved) if each is not None]
    names = people.people({each.by for each in signed}, local_date(signed[-1].at))
    approvals = tuple(
        Approval(
            act=act,
            office=each.office,
            by=names[each.by].name if each.by in names else f"#{each.by}",
            on=local_date(each.at),
        )
        for act, each in zip(ACTS, signed, strict=False)
    )
    return ladder_of(one).model_copy(update={"approvals": approvals})


def ladder_of(one: EditionFacts) -> Ladder:
    """Return an edition as a ladder, without approvals; its text was checked before it was kept."""
    return texts.read(one.text, one.ref, one.number)[0]


def _signed(by: int | None, office: str | None, at: datetime | None) -> Signed | None:
    return None if by is None or office is None or at is None else Signed(PersonId(by), office, at)


def stage_of(found: LadderEdition) -> Stage:
    """Return how far an edition is."""
    if found.closing is not None:
        return Stage(found.closing)
    if found.approved_at is not None:
        return Stage.APPROVED
    return Stage.CHECKED if found.checked_at is not None else Stage.DRAFTED


def facts(found: LadderEdition) -> EditionFacts:
    """Return an edition's facts."""
    return EditionFacts(
        id=found.id,
        ref=found.ladder_ref,
        number=found.number,
        based_on=found.based_on,
        effective_from=found.effective_from,
        text=found.text,
        scenarios=found.scenarios,
        sha256=found.sha256,
        reason=found.reason,
        stage=stage_of(found),
        drafted=Signed(PersonId(found.drafted_by), found.drafted_office, found.drafted_at),
        checked=_signed(found.checked_by, found.checked_office, found.checked_at),
        approved=_signed(found.approved_by, found.approved_office, found.approved_at),
        approved_on=found.approved_on,
        closed_by=PersonId(found.closed_by) if found.closed_by is not None else None,
        closed_at=found.closed_at,
        closing_reason=found.closing_reason,
    )


def many(rows: Iterable[LadderEdition]) -> list[EditionFacts]:
    """Return the facts of several."""
    return [facts(each) for each in rows]


def looks_of(edition_id: int) -> Sequence[Look]:
    """Return the looks at an edition, oldest first."""
    rows = session().scalars(
        sa.select(LadderLook).where(LadderLook.edition_id == edition_id).order_by(LadderLook.id)
    )
    return [
        Look(PersonId(each.person_id), each.at, json.loads(each.content), intact(each.content, each.sha256))
        for each in rows
    ]
