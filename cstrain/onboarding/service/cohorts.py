"""Cohorts, their evaluation, and what trainees say at the end."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.models import Cohort, Enrolment, MentorRating
from cstrain.onboarding.queries.enrolments import planned_days
from cstrain.onboarding.queries.mentors import mentor_history
from cstrain.onboarding.service.common import need_reason
from cstrain.onboarding.store import MISSING, edition_in_force, get_cohort, get_enrolment
from cstrain.unit_of_work import flush_unique

_MOST_NAME = 40
_MOST_TEXT = 1000


def create_cohort(
    actor: PersonId | None, now: datetime, name: str, programme_ref: str, starts_on: date
) -> int:
    """Open a cohort on the edition of a programme in force on its first day; return its id."""
    text = name.strip()
    if not text or len(text) > _MOST_NAME:
        raise DomainError("没有保存：期的名称需要1至%(most)s个字。", most=_MOST_NAME)
    row = Cohort(
        name=text,
        programme_edition_id=edition_in_force(programme_ref, starts_on).id,
        starts_on=starts_on,
        created_by=actor,
        created_at=now,
    )
    session().add(row)
    flush_unique("没有保存：已经有一期叫“%(name)s”。请换个名称。", name=text)
    record(actor, "cohort.create", f"cohort:{row.id}", programme=programme_ref)
    return row.id


def evaluate_cohort(actor: PersonId, now: datetime, cohort_id: int, text: str) -> None:
    """Close a cohort with its evaluation and summary, which feed the next edition.

    Refuses while somebody of the cohort is still training. Written again, the later text stands (the log
    keeps that it changed).
    """
    row = get_cohort(cohort_id)
    still = session().scalar(
        sa.select(sa.func.count(Enrolment.id)).where(
            Enrolment.cohort_id == cohort_id, Enrolment.state.in_(("active", "paused"))
        )
    )
    if still:
        raise ConflictError("没有保存：这一期还有%(n)s人在训。都结束后再写评估。", n=still)
    row.evaluation = need_reason(text, most=5000)
    row.closed_at = now
    row.evaluated_by = actor
    session().flush()
    record(actor, "cohort.evaluate", f"cohort:{cohort_id}")


def rate(
    person: PersonId,
    now: datetime,
    enrolment_id: EnrolmentId,
    mentor_stars: int,
    programme_stars: int,
    text: str,
) -> None:
    """Record a trainee's rating of mentor and programme, once, from the last day on."""
    row = get_enrolment(enrolment_id)
    if row.person_id != person:
        raise NotFoundError(MISSING)
    last = max(planned_days(enrolment_id).values())
    if row.state in {"active", "paused"} and local_date(now) < last:
        raise ConflictError("还没到评价的时候。最后一天（%(day)s）起可以评价。", day=last)
    if not (1 <= mentor_stars <= 5 and 1 <= programme_stars <= 5):
        raise DomainError("没有保存：两项都要打1到5分。请补上。")
    if len(text) > _MOST_TEXT:
        raise DomainError("没有保存：最多写%(most)s个字。请写短一些。", most=_MOST_TEXT)
    mentors = [one.mentor for one in mentor_history(enrolment_id) if one.kind == "mentor"]
    session().add(
        MentorRating(
            enrolment_id=enrolment_id,
            mentor_id=mentors[0] if mentors else None,
            mentor_stars=mentor_stars,
            programme_stars=programme_stars,
            text=text.strip(),
            at=now,
        )
    )
    flush_unique("你已经评价过了，谢谢。")
    record(person, "mentor.rate", f"enrolment:{enrolment_id}")
