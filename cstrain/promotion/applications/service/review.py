"""The department's review: the direct superior rates what no number shows and says whether to go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.criterion import Criterion
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.policy import SUPERIOR_ROLES
from cstrain.promotion.applications import grounds, queries, store
from cstrain.promotion.applications.facts import State
from cstrain.promotion.applications.models import ApplicationEndorsement, PromotionApplication
from cstrain.promotion.applications.service.common import (
    application_row,
    happen,
    hr_people,
    name_of,
    tell,
    url_of,
    written,
)
from cstrain.unit_of_work import flush_unique

_RATINGS = range(1, 6)


def _reviewing(
    actor: PersonId, now: datetime, application_id: int
) -> tuple[PromotionApplication, frozenset[str]]:
    """Return an application that the actor may review now, and the superior's roles."""
    row = application_row(application_id, actor)
    superior = people.superior_acting(actor, PersonId(row.person_id), local_date(now))
    if superior is None:
        raise ForbiddenError("没有保存：部门评审由申请人的直接上级（或当日的代理人）填写。")
    if row.state != State.SUBMITTED:
        raise ConflictError("部门评审已经提交，不能再改。请刷新后再看。")
    return row, people.roles_of(superior, local_date(now))


def endorse(
    actor: PersonId, now: datetime, application_id: int, ratings: Mapping[str, tuple[int, str]]
) -> None:
    """Rate qualities of the step (1–5 with a note each), once each; a rating given is never changed."""
    row, roles = _reviewing(actor, now, application_id)
    _ladder, step = grounds.step_of(queries.application(application_id))
    asked = grounds.askable(step, roles)
    for topic, (rating, note) in ratings.items():
        if topic not in asked:
            raise DomainError("没有保存：这一级没有这一项评价。请刷新后再填。")
        if rating not in _RATINGS or not note.strip():
            raise DomainError("没有保存：每一项都要按1至5分评价，并写一句依据。")
        session().add(
            ApplicationEndorsement(
                application_id=row.id,
                person_id=row.person_id,
                topic=topic,
                office=_office(asked[topic], roles),
                rating=rating,
                note=written(note, 500),
                by_id=actor,
                at=now,
            )
        )
    flush_unique("没有保存：这一项已经评过，不能再改。请刷新后再看。")
    record(actor, "application.endorse", store.subject_of(row.id), topics=len(ratings))


def _office(criterion: Criterion, roles: frozenset[str]) -> str:
    """Return the office in which a superior rates: one the policy names, else the one they head by."""
    wanted = (*grounds.offices_of(criterion), *SUPERIOR_ROLES)
    return next((role for role in wanted if role in roles), "")


def review(actor: PersonId, now: datetime, application_id: int, *, recommends: bool, text: str) -> None:
    """Say whether the department recommends the applicant; every quality must be rated first."""
    row, roles = _reviewing(actor, now, application_id)
    _ladder, step = grounds.step_of(queries.application(application_id))
    given = {one.topic for one in queries.endorsements(application_id)}
    missing = [one for topic, one in grounds.askable(step, roles).items() if topic not in given]
    if missing:
        raise DomainError(
            "没有提交：还有%(n)s项没有评价，如“%(text)s”。", n=len(missing), text=missing[0].text
        )
    happen(row, "review", actor, now, written(text, 1000), {"recommends": recommends})
    name = name_of(row.person_id, now)
    told = hr_people(now, [row.person_id, actor])
    tell(told, "%(name)s的晋升申请等资格审核。", now, url=url_of(row.id), name=name)
