"""Rounds, jurors and sheets. A score leaves this module only when every sheet of the entry is sealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.access import roles_granting
from cstrain.extensions import session
from cstrain.kernel.errors import ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.promotion.applications import store
from cstrain.promotion.applications.facts import (
    EntryFacts,
    JurorFacts,
    RoundFacts,
    ScoreFacts,
    Seat,
    SheetFacts,
)
from cstrain.promotion.applications.models import (
    DefenceEntry,
    DefenceJuror,
    DefenceRound,
    DefenceSheet,
    JurorDeclaration,
    MinutesSignature,
)
from cstrain.promotion.applications.policy import Panel
from cstrain.promotion.applications.rules import panel as rules


def rounds(*, juror: PersonId | None = None) -> list[RoundFacts]:
    """Return all rounds, the latest first; only those in which somebody sits if ``juror`` is given."""
    statement = sa.select(DefenceRound).order_by(DefenceRound.starts_at.desc(), DefenceRound.id.desc())
    if juror is not None:
        mine = sa.select(DefenceJuror.round_id).where(DefenceJuror.person_id == juror)
        statement = statement.where(DefenceRound.id.in_(mine))
    return _rounds(list(session().scalars(statement)))


def round_facts(round_id: int) -> RoundFacts:
    """Return a round; raises ``NotFoundError``."""
    row = session().get(DefenceRound, round_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return _rounds([row])[0]


def round_panel(round_id: int) -> Panel:
    """Return the panel of a round as it was when the round was issued; one statement."""
    wanted = sa.select(DefenceRound.panel_ref, DefenceRound.chapter_edition).where(
        DefenceRound.id == round_id
    )
    found = session().execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError(store.MISSING)
    return store.panel_of(*found)


def entry(entry_id: int) -> EntryFacts:
    """Return an applicant's place in a round; raises ``NotFoundError``."""
    row = session().get(DefenceEntry, entry_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return next(one for one in round_facts(row.round_id).entries if one.id == entry_id)


def entry_of_application(application_id: int) -> EntryFacts | None:
    """Return the place of an application in a round, or ``None``."""
    found = session().scalar(sa.select(DefenceEntry.id).where(DefenceEntry.application_id == application_id))
    return entry(found) if found is not None else None


def in_panel_of(person: PersonId, application_id: int) -> bool:
    """Tell whether somebody sits in the round of an application and has not stepped back."""
    found = entry_of_application(application_id)
    juror = found.juror(person) if found is not None else None
    return juror is not None and juror.seat is not Seat.OUT


def _rounds(rows: list[DefenceRound]) -> list[RoundFacts]:
    ids = [row.id for row in rows]
    jurors: dict[int, dict[PersonId, str]] = {one: {} for one in ids}
    seats = sa.select(DefenceJuror).where(DefenceJuror.round_id.in_(ids)).order_by(DefenceJuror.id)
    for each in session().scalars(seats) if ids else ():
        jurors[each.round_id][PersonId(each.person_id)] = each.office
    entries: dict[int, list[EntryFacts]] = {one: [] for one in ids}
    for found in _entries(ids, jurors):
        entries[found.round_id].append(found)
    return [
        RoundFacts(
            id=row.id,
            panel_ref=row.panel_ref,
            edition=row.chapter_edition,
            title=row.title,
            plan=row.plan,
            starts_at=row.starts_at,
            place=row.place,
            seed=row.seed,
            issued_by=PersonId(row.issued_by),
            issued_at=row.issued_at,
            jurors=jurors[row.id],
            entries=tuple(entries[row.id]),
        )
        for row in rows
    ]


def _entries(round_ids: Collection[int], jurors: dict[int, dict[PersonId, str]]) -> list[EntryFacts]:
    if not round_ids:
        return []
    statement = (
        sa.select(DefenceEntry)
        .where(DefenceEntry.round_id.in_(round_ids))
        .order_by(DefenceEntry.round_id, DefenceEntry.position)
    )
    rows = list(session().scalars(statement))
    known = _Known([row.id for row in rows])
    return [
        EntryFacts(
            id=row.id,
            round_id=row.round_id,
            application_id=row.application_id,
            person_id=PersonId(row.person_id),
            position=row.position,
            questions=tuple(row.questions),
            times=(row.speech_from, row.speech_to, row.answers_from, row.answers_to),
            opened_at=row.opened_at,
            minutes=row.minutes,
            minutes_by=store.person_or_none(row.minutes_by),
            minutes_at=row.minutes_at,
            jurors=tuple(known.juror(row.id, one, office) for one, office in jurors[row.round_id].items()),
        )
        for row in rows
    ]


class _Known:
    """What is on record about the jurors of entries: words, seals, signatures; never a point."""

    def __init__(self, entry_ids: Collection[int]) -> None:
        said = (
            sa.select(JurorDeclaration)
            .where(JurorDeclaration.entry_id.in_(entry_ids))
            .order_by(JurorDeclaration.id)
        )
        sheets = sa.select(DefenceSheet.entry_id, DefenceSheet.juror_id, DefenceSheet.sealed_at).where(
            DefenceSheet.entry_id.in_(entry_ids)
        )
        signed = sa.select(MinutesSignature.entry_id, MinutesSignature.juror_id).where(
            MinutesSignature.entry_id.in_(entry_ids)
        )
        self._said: dict[tuple[int, int], list[JurorDeclaration]] = {}
        for row in session().scalars(said):
            self._said.setdefault((row.entry_id, row.juror_id), []).append(row)
        self._sheets = {(row.entry_id, row.juror_id): row.sealed_at for row in session().execute(sheets)}
        self._signed = {(row.entry_id, row.juror_id) for row in session().execute(signed)}

    def juror(self, entry_id: int, person: PersonId, office: str) -> JurorFacts:
        key = (entry_id, person)
        said = self._said.get(key, [])
        own = [one for one in said if one.by_id == person]
        return JurorFacts(
            person_id=person,
            office=office,
            seat=rules.seat_of([one.answer for one in said]),
            sealed=self._sheets.get(key) is not None,
            started=key in self._sheets,
            signed=key in self._signed,
            tie=next((one.note for one in said if one.answer == "tied"), ""),
            declared_at=own[-1].at if own else None,
        )


def possible_jurors(panel: Panel, on: date, without: Collection[PersonId] = ()) -> list[PersonFacts]:
    """Return who may sit in a panel on a day: an office of the panel, converted, allowed to score."""
    able = roles_granting("defence.score") & set(panel.offices)
    ids = {one for role in able for one in people.persons_with_role(role, on)} - set(without)
    return [one for one in people.people(ids, on).values() if one.status is Status.CONVERTED]


def own_sheet(actor: PersonId, entry_id: int, juror: PersonId) -> SheetFacts | None:
    """Return a juror's own sheet while it is a draft; ``None`` without one.

    Sealed means sealed: after that nobody reads it here, its juror included, before all sheets are.
    Raises ``ForbiddenError`` for anybody else's.
    """
    if actor != juror:
        raise ForbiddenError("全部密封以前，谁也不能看别人的分数。")
    row = session().scalar(
        sa.select(DefenceSheet).where(DefenceSheet.entry_id == entry_id, DefenceSheet.juror_id == juror)
    )
    if row is None:
        return None
    points = {} if row.sealed_at is not None else _points(row.points)
    note = "" if row.sealed_at is not None else row.note
    return SheetFacts(juror, points, note, row.saved_at, row.sealed_at, None)


def scores(entry_id: int) -> ScoreFacts | None:
    """Return all sheets and the means of an entry, once every sheet is sealed; ``None`` before."""
    found = entry(entry_id)
    if found.opened_at is None:
        return None
    panel = round_panel(found.round_id)
    sitting = {one.person_id for one in found.sitting}
    rows = session().scalars(
        sa.select(DefenceSheet).where(DefenceSheet.entry_id == entry_id).order_by(DefenceSheet.juror_id)
    )
    sheets = [row for row in rows if row.juror_id in sitting]
    points = [_points(row.points) for row in sheets]
    totals = [rules.total(panel, each) for each in points]
    mean = rules.mean(totals, panel.trim_from)
    return ScoreFacts(
        sheets=tuple(
            SheetFacts(PersonId(row.juror_id), each, row.note, row.saved_at, row.sealed_at, rules.shown(of))
            for row, each, of in zip(sheets, points, totals, strict=True)
        ),
        means={
            one.id: rules.shown(rules.mean([_fraction(each[one.id]) for each in points], len(points) + 1))
            for one in panel.elements
        },
        mean=rules.shown(mean),
        trimmed=len(totals) >= panel.trim_from,
        reaches=mean >= _fraction(panel.pass_mark),
    )


def _fraction(value: Decimal) -> Fraction:
    return Fraction(value)


def _points(kept: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in kept.items()}


def sealed_at(entry_id: int) -> dict[PersonId, datetime]:
    """Return who has sealed when."""
    rows = session().execute(
        sa.select(DefenceSheet.juror_id, DefenceSheet.sealed_at).where(
            DefenceSheet.entry_id == entry_id, DefenceSheet.sealed_at.is_not(None)
        )
    )
    return {PersonId(row.juror_id): row.sealed_at for row in rows}
