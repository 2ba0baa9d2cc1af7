"""Cases with their acts, and the announced posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.assess import Assessment
from cstrain.judgement.facts import Dossier
from cstrain.judgement.ladder import Ladder, Step
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.promotion import ladders
from cstrain.promotion.moves import rules, store
from cstrain.promotion.moves.facts import Case, Post
from cstrain.promotion.moves.models import MoveAppeal, MoveCase, MoveEvent, MovePost

PAGE = 25


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of cases, newest first."""

    rows: tuple[Case, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def case(case_id: int) -> Case:
    """Return a case; raises ``NotFoundError``."""
    row = session().get(MoveCase, case_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return _built([row])[0]


def cases(*, people: Collection[PersonId] | None = None, undecided: bool = False) -> list[Case]:
    """Return cases, newest first, in three statements: of these people (``None``: all); ``undecided``: open,
    or with an appeal that waits."""
    statement = sa.select(MoveCase).order_by(MoveCase.id.desc())
    if people is not None:
        statement = statement.where(MoveCase.person_id.in_(people))
    if undecided:
        waits = sa.select(MoveAppeal.case_id).where(MoveAppeal.decided_at.is_(None))
        statement = statement.where(MoveCase.ended_at.is_(None) | MoveCase.id.in_(waits))
    return _built(session().scalars(statement))


def case_page(page: int, people: Collection[PersonId] | None) -> CasePage:
    """Return a page of the cases of these people (``None``: all), newest first; four statements."""
    wanted = sa.true() if people is None else MoveCase.person_id.in_(people)
    total = session().scalar(sa.select(sa.func.count()).select_from(MoveCase).where(wanted)) or 0
    here = min(max(page, 1), max(1, -(-total // PAGE)))
    rows = session().scalars(
        sa.select(MoveCase).where(wanted).order_by(MoveCase.id.desc()).limit(PAGE).offset((here - 1) * PAGE)
    )
    return CasePage(tuple(_built(rows)), total, here)


def _built(rows: Iterable[MoveCase]) -> list[Case]:
    every = list(rows)
    ids = [one.id for one in every]
    events: dict[int, list[MoveEvent]] = {}
    for event in session().scalars(
        sa.select(MoveEvent).where(MoveEvent.case_id.in_(ids)).order_by(MoveEvent.id)
    ):
        events.setdefault(event.case_id, []).append(event)
    appeals = {
        one.case_id: one
        for one in session().scalars(sa.select(MoveAppeal).where(MoveAppeal.case_id.in_(ids)))
    }
    return [store.case_facts(row, events.get(row.id, []), appeals.get(row.id)) for row in every]


def first_level_of(one: Case, on: date) -> tuple[Ladder, Step | None, Assessment | None]:
    """Return what the ratings of a case come to by the edition it was opened under, with the findings.

    Raises ``NotFoundError`` when that edition is gone.
    """
    named = one.content["ladder"]
    ladder = next((each for each in ladders.editions(named["ref"]) if each.edition == named["edition"]), None)
    if ladder is None:
        raise NotFoundError(store.MISSING)
    points = {act.kind: act.detail["points"] for act in one.acts if act.kind in rules.RATED}
    roles = {str(kind): office for kind, office in store.rules_of(one).initial.raters.items()}
    dossier = Dossier(on=on, person=one.person, endorsements=rules.ratings(points, roles))
    return ladder, *rules.first_level(ladder, dossier)


def posts(*, closing_from: date | None = None) -> list[Post]:
    """Return announced posts, newest first, with the places given so far; three statements.

    ``closing_from``: only those whose window ends on this day or later.
    """
    statement = sa.select(MovePost).order_by(MovePost.id.desc())
    if closing_from is not None:
        statement = statement.where(MovePost.closes_on >= closing_from)
    return _posts(session().scalars(statement))


def post(post_id: int) -> Post:
    """Return an announced post; raises ``NotFoundError``."""
    row = session().get(MovePost, post_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return _posts([row])[0]


def _posts(rows: Iterable[MovePost]) -> list[Post]:
    counted = session().execute(
        sa.select(MoveCase.post_id, sa.func.count())
        .where(MoveCase.outcome == "granted", MoveCase.post_id.is_not(None))
        .group_by(MoveCase.post_id)
    )
    taken = {row[0]: row[1] for row in counted}
    names = {one.id: one.name for one in people.departments()}
    return [
        Post(
            row.id,
            row.title,
            DepartmentId(row.department_id),
            names[DepartmentId(row.department_id)],
            row.road,
            row.seats,
            taken.get(row.id, 0),
            row.notice,
            row.opens_on,
            row.closes_on,
            PersonId(row.posted_by),
        )
        for row in rows
    ]
