"""Reading panels, and what judges said once their round is over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from cstrain.access import roles_granting
from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.grading.standards.facts import Given, StudyFacts, StudyItem
from cstrain.grading.standards.models import StandardJudge, StandardRating, StandardStudy
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status


def studies() -> list[StudyFacts]:
    """Return all panels, those still open first, then the newest."""
    rows = list(session().scalars(sa.select(StandardStudy).order_by(StandardStudy.id.desc())))
    return sorted(_facts(rows), key=lambda study: study.closed_at is not None)


def study(study_id: int) -> StudyFacts:
    """Return one panel; raises ``NotFoundError``."""
    row = session().get(StandardStudy, study_id)
    if row is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return _facts([row])[0]


def waiting_for(person: PersonId) -> list[StudyFacts]:
    """Return the open panels in which somebody has to judge now."""
    mine = sa.select(StandardJudge.study_id).where(StandardJudge.person_id == person)
    rows = session().scalars(
        sa.select(StandardStudy)
        .where(StandardStudy.id.in_(mine), StandardStudy.closed_at.is_(None))
        .order_by(StandardStudy.id)
    )
    return [found for found in _facts(list(rows)) if found.waits_for(person)]


def _facts(rows: Sequence[StandardStudy]) -> list[StudyFacts]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    papers = {paper.id: paper for paper in exams.papers()}
    judges: dict[int, list[PersonId]] = {}
    for judge in session().scalars(
        sa.select(StandardJudge).where(StandardJudge.study_id.in_(ids)).order_by(StandardJudge.id)
    ):
        judges.setdefault(judge.study_id, []).append(PersonId(judge.person_id))
    given = _given_by(ids)
    return [
        StudyFacts(
            row.id,
            papers[row.paper_id],
            row.method,
            tuple(StudyItem(item["slot"], item["version_id"], Decimal(item["marks"])) for item in row.items),
            row.round,
            PersonId(row.opened_by),
            row.opened_at,
            row.closed_at,
            tuple(judges.get(row.id, ())),
            given.get(row.id, {}),
            row.result,
        )
        for row in rows
    ]


def _given_by(ids: Collection[int]) -> dict[int, dict[int, frozenset[PersonId]]]:
    rows = session().execute(
        sa.select(StandardRating.study_id, StandardRating.round, StandardRating.person_id).where(
            StandardRating.study_id.in_(ids)
        )
    )
    found: dict[int, dict[int, frozenset[PersonId]]] = {}
    for study_id, number, person in rows:
        rounds = found.setdefault(study_id, {})
        rounds[number] = rounds.get(number, frozenset()) | {PersonId(person)}
    return found


def given(study_id: int, number: int) -> dict[PersonId, Given]:
    """Return what each judge said in a round; who gave nothing in round two stands by round one."""
    rows = session().scalars(
        sa.select(StandardRating)
        .where(StandardRating.study_id == study_id, StandardRating.round <= number)
        .order_by(StandardRating.round, StandardRating.person_id)
    )
    return {
        PersonId(row.person_id): {name: Decimal(value) for name, value in row.given.items()} for row in rows
    }


def possible_judges(on: date) -> list[PersonFacts]:
    """Return who may judge: by office, and not on probation, for who is may sit the paper yet."""
    ids = {
        person for role in roles_granting("standard.judge") for person in people.persons_with_role(role, on)
    }
    found = people.people(ids, on).values()
    judges = (one for one in found if one.status is not Status.PROBATION)
    return sorted(judges, key=lambda one: one.staff_no)
