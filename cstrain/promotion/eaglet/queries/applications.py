"""Applications: what the system knows for the form, the screening sheet, the interviews behind their seal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.assess import assess
from cstrain.judgement.facts import Dossier, Endorsement
from cstrain.kernel.finding import Finding, State
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion import ladders
from cstrain.promotion.eaglet import models, store
from cstrain.promotion.eaglet.facts import NOT_HELD, Application, Entry, Event, Notice, Plan
from cstrain.promotion.eaglet.policy import EagletRules
from cstrain.promotion.eaglet.queries.plans import event_facts
from cstrain.promotion.queries import gather

_SHOWN = ("award", "complaint", "proposal", "violation")


def application(application_id: int) -> Application:
    """Return an application; raises ``NotFoundError``."""
    return _applications([store.row(models.EagletApplication, application_id)])[0]


def applications_of(plan_id: int, notice_id: int | None = None) -> list[Application]:
    """Return all applications to a plan (or to one of its rounds), in the order in which they came."""
    table = models.EagletApplication
    statement = sa.select(table).where(table.plan_id == plan_id).order_by(table.id)
    if notice_id is not None:
        statement = statement.where(table.notice_id == notice_id)
    return _applications(list(session().scalars(statement)))


def applications_by(person: PersonId) -> list[Application]:
    """Return somebody's own applications, the newest first."""
    table = models.EagletApplication
    rows = session().scalars(sa.select(table).where(table.person_id == person).order_by(table.id.desc()))
    return _applications(list(rows))


def standing_of(plan: Plan) -> list[Application]:
    """Return the applications to the latest round that were not withdrawn."""
    if plan.notice is None:
        return []
    return [one for one in applications_of(plan.id, plan.notice.id) if not one.withdrawn]


def _applications(rows: Sequence[models.EagletApplication]) -> list[Application]:
    event = models.EagletEvent
    happened: dict[int, list[Event]] = {}
    found = session().scalars(
        sa.select(event).where(event.application_id.in_([row.id for row in rows])).order_by(event.id)
    )
    for each in found:
        happened.setdefault(each.application_id or 0, []).append(event_facts(each))
    return [_application(row, happened.get(row.id, [])) for row in rows]


def _application(row: models.EagletApplication, events: Sequence[Event]) -> Application:
    return Application(
        row.id,
        row.plan_id,
        row.notice_id,
        PersonId(row.person_id),
        row.place,
        row.platform,
        Decimal(row.months),
        row.known,
        row.said,
        row.applied_at,
        next((one for one in events if one.kind == "comment"), None),
        {str(one.detail["about"]): one for one in events if one.kind == "stated"},
        any(one.kind == "withdrawn" for one in events),
    )


# what is known of people


def known_of(person: PersonId, chapter: EagletRules, today: date) -> dict[str, Any]:
    """Return the form's filled-in part as plain data: post, dates, conversion exam, register, months."""
    facts = people.get_person(person, today)
    dossier = gather([person], today).get(person, Dossier())
    since = dossier.standing.service_since if dossier.standing is not None else None
    mean = conversion_of(dossier, chapter)
    return {
        "name": facts.name,
        "staff_no": facts.staff_no,
        "department": facts.department_name,
        "post": facts.post,
        "level": facts.level,
        "hired_on": facts.hire_date.isoformat(),
        "service_since": since.isoformat() if since else None,
        "conversion": f"{float(mean):.1f}" if mean is not None else None,
        "registers": [
            [one.kind, one.on.isoformat(), one.label] for one in dossier.registers or () if one.kind in _SHOWN
        ],
        "months": [
            [one.month.isoformat(), f"{one.values['score']:f}" if "score" in one.values else None, one.grade]
            for one in (dossier.months or ())[-6:]
        ],
    }


def conversion_of(dossier: Dossier, chapter: EagletRules) -> Fraction | None:
    """Return the mean of the conversion papers, the latest mark of each; ``None`` unless all are known."""
    latest = {mark.paper_ref: mark.raw for mark in dossier.papers or ()}
    wanted = chapter.screening.conversion_papers
    if not all(paper in latest for paper in wanted):
        return None
    return sum((Fraction(latest[paper]) for paper in wanted), Fraction(0)) / len(wanted)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the screening of an application rests on: the facts, and the entry of the sheet."""

    dossier: Dossier
    entry: Entry


def conditions(plan: Plan, today: date) -> list[tuple[str, str]]:
    """Return what the screening asks of everybody, text and clause, by the ladder that it goes by."""
    opens = plan.notice.opens_on if plan.notice is not None else today
    step = ladders.ladder(plan.rules.ladder, opens).step_from(None)
    return [(one.text, one.clause) for one in step.criteria] if step is not None else []


def grounds(plan: Plan, notice: Notice, these: Sequence[Application], today: date) -> list[Ground]:
    """Return what the sheet reads of applications, by the ladder in force on the notice's first day.

    A fixed number of statements for any number of applications.
    """
    step = ladders.ladder(plan.rules.ladder, notice.opens_on).step_from(None)
    dossiers = gather([one.person for one in these], min(today, notice.closes_on))
    found = []
    for one in these:
        dossier = replace(
            dossiers.get(one.person, Dossier()),
            endorsements=_endorsed(one, plan.rules.topic),
            seats=notice.places.get(one.place, 0),
        )
        gates = assess(step.criteria, dossier).findings if step is not None else ()
        found.append(Ground(dossier, entry_of(one, dossier, gates, plan.rules)))
    return found


def _endorsed(one: Application, topic: str) -> tuple[Endorsement, ...]:
    said = one.comment
    if said is None:
        return ()
    given = Endorsement(topic, str(one.id), "上级", int(said.detail["rating"]), str(said.detail["text"]))
    return (given,)


def entry_of(one: Application, dossier: Dossier, gates: Collection[Finding], chapter: EagletRules) -> Entry:
    """Return what the screening sheet reads of an application: facts, and what HR stated of the unknown."""
    conversion, held = conversion_of(dossier, chapter), True
    said = one.stated.get("conversion")
    if conversion is None and said is not None:
        held = said.detail["value"] != NOT_HELD
        conversion = Fraction(str(said.detail["value"])) if held else None
    standing = dossier.standing
    level = standing.level if standing is not None else None
    if level is None and "level" in one.stated:
        level = str(one.stated["level"].detail["value"])
    registers = dossier.registers
    awards = sum(each.kind == "award" for each in registers) if registers is not None else None
    return Entry(
        one.id,
        one.place,
        tuple(_stated(gate, one.stated) for gate in gates),
        awards,
        conversion,
        one.months,
        level,
        standing.service_since if standing is not None else None,
        held,
    )


def _stated(gate: Finding, stated: Mapping[str, Event]) -> Finding:
    """Return a finding with HR's word where the system does not know; what it knows is never overruled."""
    said = stated.get(gate.kind)
    if gate.state is not State.UNKNOWN or said is None:
        return gate
    state = State.MET if said.detail["value"] == "met" else State.NOT_MET
    return replace(gate, state=state, says=f"人力资源部查证：{said.detail['text']}")


# interviews


@dataclass(frozen=True, slots=True)
class HandedIn:
    """That somebody handed a sheet in: neither points nor note."""

    application: int
    office: str
    rater: PersonId


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet as it was handed in; read after the seals were opened only."""

    application: int
    office: str
    rater: PersonId
    points: Mapping[str, Decimal]
    total: Fraction
    note: str
    ties: tuple[str, ...]
    sealed_at: datetime


def handed_in(ids: Collection[int]) -> list[HandedIn]:
    """Return who has handed in about these applications."""
    table = models.EagletSheet
    rows = session().execute(
        sa.select(table.application_id, table.office, table.rater_id)
        .where(table.application_id.in_(ids))
        .order_by(table.id)
    )
    return [HandedIn(one, office, PersonId(rater)) for one, office, rater in rows]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody's own sheet says that they have not handed in."""

    points: Mapping[str, Decimal]
    note: str
    saved_at: datetime


def own_draft(application_id: int, rater: PersonId) -> Draft | None:
    """Return a rater's unfinished sheet, for nobody but them; ``None`` when there is none."""
    row = store.draft_row(application_id, rater)
    if row is None:
        return None
    points = {name: Decimal(value) for name, value in row.points.items()}
    return Draft(points, row.note, row.saved_at)


def sheets_behind_seal(ids: Collection[int], chapter: EagletRules) -> list[OpenSheet]:
    """Return the sheets about these applications. The caller has made sure that the seals are open."""
    table = models.EagletSheet
    rows = session().scalars(sa.select(table).where(table.application_id.in_(ids)).order_by(table.id))
    found = []
    for row in rows:
        points = {name: Decimal(value) for name, value in row.points.items()}
        total = chapter.interview.rubric.share(points) * 100
        found.append(
            OpenSheet(
                row.application_id,
                row.office,
                PersonId(row.rater_id),
                points,
                total,
                row.note,
                tuple(row.ties),
                row.sealed_at,
            )
        )
    return found
