"""The group: members, study leader, meetings, checks, complaints, removals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.promotion.eaglet import models, rules
from cstrain.promotion.eaglet.facts import (
    Complaint,
    KnowledgeCheck,
    Leader,
    Member,
    Removal,
    RemovalState,
    Request,
    Session,
)
from cstrain.promotion.eaglet.queries.plans import events_of


def members_of(plan_id: int, today: date) -> list[Member]:
    """Return everybody who is or was in the group, by place."""
    member, application = models.EagletMember, models.EagletApplication
    rows = session().execute(
        sa.select(member, application.place, application.platform)
        .join(application, application.id == member.application_id)
        .where(member.plan_id == plan_id)
        .order_by(application.place, member.id)
    )
    found = list(rows)
    facts = people.people([PersonId(row.person_id) for row, _place, _platform in found], today)
    out = {one.about for one in removals_of(plan_id, today) if one.state is RemovalState.REMOVED}
    return [
        Member(
            PersonId(row.person_id),
            row.application_id,
            place,
            platform,
            row.joined_at,
            row.person_id not in out and facts[PersonId(row.person_id)].status is not Status.LEFT,
        )
        for row, place, platform in found
    ]


def active_members(plan_id: int, today: date) -> list[Member]:
    """Return who is in the group on a day."""
    return [one for one in members_of(plan_id, today) if one.active]


def memberships(person: PersonId) -> list[int]:
    """Return the plans somebody is or was a member of, the newest first."""
    table = models.EagletMember
    statement = sa.select(table.plan_id).where(table.person_id == person).order_by(table.id.desc())
    return list(session().scalars(statement))


def leaders_of(plan_id: int, members: Sequence[Member]) -> list[Leader]:
    """Return who has led, in order; the last one leads unless ended."""
    table = models.EagletLeader
    rows = list(session().scalars(sa.select(table).where(table.plan_id == plan_id).order_by(table.id)))
    active = {one.person for one in members if one.active}
    complaints = complaints_of(plan_id)
    found = []
    for row in rows:
        proper = {one.by for one in complaints if one.leader == row.id and one.proper and one.by in active}
        others = len(active - {row.person_id})
        ended = row is not rows[-1] or row.person_id not in active or rules.must_change(proper, others)
        found.append(
            Leader(row.id, PersonId(row.person_id), row.reason, PersonId(row.named_by), row.named_at, ended)
        )
    return found


def leader_of(plan_id: int, members: Sequence[Member]) -> Leader | None:
    """Return who leads now; ``None`` while one is to be named."""
    found = leaders_of(plan_id, members)
    return found[-1] if found and not found[-1].ended else None


def complaints_of(plan_id: int) -> list[Complaint]:
    """Return the complaints about the leaders of a plan. Never for a leader's eyes."""
    table, leader = models.EagletComplaint, models.EagletLeader
    rows = session().scalars(
        sa.select(table)
        .join(leader, leader.id == table.leader_id)
        .where(leader.plan_id == plan_id)
        .order_by(table.id)
    )
    return [
        Complaint(
            row.id,
            row.leader_id,
            PersonId(row.by_id),
            PersonId(row.about_id),
            row.reason,
            row.at,
            PersonId(row.answered_by) if row.answered_by is not None else None,
            row.proper,
            row.answer,
        )
        for row in rows
    ]


def sessions_of(plan_id: int) -> list[Session]:
    """Return the study meetings as last reported, the latest first, each with what it took the place of.

    The request last made counts for all that follow; one that asks for nothing takes it back.
    """
    table, request = models.EagletSession, models.EagletRequest
    rows = list(session().scalars(sa.select(table).where(table.plan_id == plan_id).order_by(table.id)))
    asked = {
        one.session_id: one
        for one in session().scalars(
            sa.select(request).where(request.session_id.in_([row.id for row in rows]))
        )
    }
    events = events_of(plan_id, "agreed", "returned")
    back = {one.detail["request"] for one in events if one.kind == "returned"}
    found: dict[int, Session] = {}
    for row in rows:
        before = found.pop(row.replaces_id, None) if row.replaces_id is not None else None
        wanted = before.request if before is not None else None
        if row.id in asked:
            wanted = _request(asked[row.id], asked[row.id].id in back)
        found[row.id] = Session(
            row.id,
            row.held_on,
            row.hours,
            row.place,
            row.content,
            PersonId(row.reported_by),
            row.reported_at,
            row.called_off,
            wanted,
            tuple(one.by for one in events if one.kind == "agreed" and one.detail["session"] == row.id),
            (replace(before, earlier=()), *before.earlier) if before is not None else (),
        )
    return sorted(found.values(), key=lambda one: (one.on, one.id), reverse=True)


def _request(row: models.EagletRequest, returned: bool) -> Request | None:
    if not row.things:
        return None
    by = PersonId(row.answered_by) if row.answered_by is not None else None
    return Request(row.id, tuple(row.things), PersonId(row.asked_by), row.granted, row.answer, by, returned)


def checks_of(plan_id: int) -> list[KnowledgeCheck]:
    """Return the knowledge checks, the latest first."""
    table = models.EagletCheck
    rows = session().scalars(
        sa.select(table).where(table.plan_id == plan_id).order_by(table.held_on.desc(), table.id.desc())
    )
    return [
        KnowledgeCheck(
            PersonId(row.person_id), row.held_on, row.topic, Decimal(row.mark), row.note, PersonId(row.by_id)
        )
        for row in rows
    ]


def removals_of(plan_id: int, today: date) -> list[Removal]:
    """Return the removals asked for, and where each stands on a day."""
    table = models.EagletRemoval
    rows = session().scalars(sa.select(table).where(table.plan_id == plan_id).order_by(table.id))
    return [_removal(row, today) for row in rows]


def _removal(row: models.EagletRemoval, today: date) -> Removal:
    return Removal(
        row.id,
        PersonId(row.about_id),
        row.reason,
        PersonId(row.asked_by),
        row.asked_at,
        PersonId(row.answered_by) if row.answered_by is not None else None,
        row.answer,
        row.appeal_by,
        row.appeal,
        PersonId(row.heard_by) if row.heard_by is not None else None,
        row.ruling,
        rules.removal_state(row.removed, row.appealed_at is not None, row.upheld, row.appeal_by, today),
    )


@dataclass(frozen=True, slots=True)
class Study:
    """Everything of the study that a page of the group shows."""

    members: tuple[Member, ...]
    leader: Leader | None
    leaders: tuple[Leader, ...]
    sessions: tuple[Session, ...]
    checks: tuple[KnowledgeCheck, ...]
    removals: tuple[Removal, ...]

    @property
    def active(self) -> tuple[Member, ...]:
        """Who is in the group."""
        return tuple(one for one in self.members if one.active)

    def is_member(self, person: PersonId) -> bool:
        """Tell whether somebody is in the group."""
        return any(one.person == person for one in self.active)

    def leads(self, person: PersonId) -> bool:
        """Tell whether somebody leads it."""
        return self.leader is not None and self.leader.person == person


def study(plan_id: int, today: date) -> Study:
    """Return the study of a plan as it stands on a day."""
    members = members_of(plan_id, today)
    leaders = leaders_of(plan_id, members)
    leader = leaders[-1] if leaders and not leaders[-1].ended else None
    return Study(
        tuple(members),
        leader,
        tuple(leaders),
        tuple(sessions_of(plan_id)),
        tuple(checks_of(plan_id)),
        tuple(removals_of(plan_id, today)),
    )
