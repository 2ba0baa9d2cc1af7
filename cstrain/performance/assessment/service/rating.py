"""Opening a department's month for joint assessment, and the offices' points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance import queries as performance
from cstrain.performance import rules as performance_rules
from cstrain.performance.assessment import queries, rules
from cstrain.performance.assessment.facts import Sheet
from cstrain.performance.assessment.models import (
    AssessmentDraft,
    AssessmentRating,
    AssessmentRound,
    JointAssessment,
)
from cstrain.performance.assessment.policy import AssessmentRules
from cstrain.performance.assessment.service.common import held_sheet, tell_directors
from cstrain.performance.assessment.store import chapter, draft_row, lend_hand
from cstrain.performance.facts import Standing
from cstrain.unit_of_work import flush_unique

_OPENED = "没有开始：这个月刚刚由别人开始过。请刷新后再看。"


def open_round(actor: PersonId, now: datetime, department_id: int, month: date) -> int:
    """Give everybody of a department a joint sheet of a month that is over; returns the round's id.

    Done again it adds who has none yet. Heads named by the chapter get none. Nobody opens their own.
    """
    performance_rules.check_month(month, local_date(now))
    held = _held(department_id, month)
    book = AssessmentRules.model_validate(held.rules) if held is not None else chapter()
    wanted = _standings(department_id, month, book)
    if actor in wanted:
        raise ForbiddenError("不能开始自己部门的月度考核。请由不在表上的人办理。")
    row = held if held is not None else _round(actor, now, department_id, month, book)
    have = set(session().scalars(sa.select(JointAssessment.person_id).where(JointAssessment.month == month)))
    added = {who: one for who, one in wanted.items() if who not in have}
    if not added:
        raise ConflictError("没有开始：这个部门这个月没有还缺考核表的人。")
    plans = queries.plans_for({(int(one.department_id), one.post) for one in added.values()}, month)
    for who, one in sorted(added.items()):
        found = plans.get((int(one.department_id), one.post))
        session().add(
            JointAssessment(
                round_id=row.id,
                person_id=who,
                month=month,
                plan_id=found.id if found is not None else None,
                opened_by=actor,
                opened_at=now,
            )
        )
    flush_unique(_OPENED)
    record(actor, "assessment.open", f"assessment_round:{row.id}", people=len(added))
    _tell_raters(row.id, now)
    return row.id


def _standings(department_id: int, month: date, book: AssessmentRules) -> dict[PersonId, Standing]:
    last = performance_rules.last_of(month)
    without = {one for role in book.not_for for one in people.persons_with_role(role, last)}
    members = [one for one in performance.members(department_id, month) if one not in without]
    found = performance.standings(members, month)
    return {who: one for who, one in found.items() if one is not None}


def _held(department_id: int, month: date) -> AssessmentRound | None:
    return session().scalar(
        sa.select(AssessmentRound).where(
            AssessmentRound.department_id == department_id, AssessmentRound.month == month
        )
    )


def _round(
    actor: PersonId, now: datetime, department_id: int, month: date, book: AssessmentRules
) -> AssessmentRound:
    row = AssessmentRound(
        department_id=department_id,
        month=month,
        rules=book.model_dump(mode="json"),
        due_on=people.work_calendar(actor).nth_working_day_after(local_date(now), book.rate_days),
        opened_by=actor,
        opened_at=now,
    )
    session().add(row)
    flush_unique(_OPENED)
    return row


def _tell_raters(round_id: int, now: datetime) -> None:
    every = queries.sheets_of_round(round_id)
    held = queries.seats_of(every, local_date(now))
    raters: dict[PersonId, list[Sheet]] = {}
    for one in every:
        for office in rules.waiting(one, held[one.id]):
            for person in held[one.id].offices[office.id]:
                raters.setdefault(person, []).append(one)
    message = "%(month)s的月度联合考核有%(n)s张表等你评分，%(day)s前评完。"
    for person, some in sorted(raters.items()):
        values = {"month": f"{some[0].month:%Y-%m}", "n": len(some), "day": some[0].round.due_on}
        notify(person, message, values=values, url=f"/assessment/rounds/{round_id}", now=now)


def rate(
    actor: PersonId,
    now: datetime,
    sheet_id: int,
    office: str,
    points: Mapping[str, Decimal | None],
    note: str,
) -> None:
    """Hand in an office's points about a person; once, unless the director returns them.

    Refuses oneself, who does not hold the office, and who rated for another one.
    """
    one, held = held_sheet(sheet_id, now)
    found = rules.check_rater(one, held, actor, office)
    score = rules.score_of(found, points, one.round.rules.step)
    lend_hand(one.id, one.person_id, actor, "rate")
    session().add(
        AssessmentRating(
            assessment_id=one.id,
            office=found.id,
            revision=one.needed(found.id),
            part="rate",
            points={each.id: str(points[each.id]) for each in found.factors},
            score=score,
            note=note.strip(),
            rated_by=actor,
            rated_at=now,
        )
    )
    flush_unique("没有保存：这个岗位刚刚由别人评过分。请刷新后再看。")
    record(actor, "assessment.rate", f"assessment:{one.id}", office=found.id, revision=one.needed(found.id))
    if not [each for each in rules.waiting(one, held) if each.id != found.id]:
        tell_directors(one, held, now)


def keep_points(
    actor: PersonId,
    now: datetime,
    sheet_id: int,
    office: str,
    points: Mapping[str, Decimal | None],
    note: str,
) -> None:
    """Keep what one's own unfinished sheet says while it is being filled in; nobody else ever sees it.

    Gaps are allowed. Like saves of answers it is not logged; it goes when the sheet is handed in.
    """
    one, held = held_sheet(sheet_id, now)
    found = rules.check_rater(one, held, actor, office)
    given = {name: value for name, value in points.items() if value is not None}
    rules.check_so_far(found, given, one.round.rules.step)
    row = draft_row(one.id, actor)
    if row is None:
        row = AssessmentDraft(assessment_id=one.id, person_id=one.person_id, rater_id=actor)
        session().add(row)
    row.office, row.note, row.saved_at = found.id, note.strip(), now
    row.points = {each.id: str(given[each.id]) for each in found.factors if each.id in given}
    flush_unique("没有保存：评分表在别处打开着。请刷新后再打分。")
