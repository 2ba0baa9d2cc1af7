"""Screening, interviews, and who is in the group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.rubric import RubricError
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.people import queries as people
from cstrain.promotion import ladders
from cstrain.promotion.eaglet import models, queries, store
from cstrain.promotion.eaglet.facts import AGAIN, LEFT_OPEN, Application, Notice, Phase, Plan
from cstrain.promotion.eaglet.policy import EagletRules
from cstrain.promotion.eaglet.service.common import (
    apart,
    demand_permission,
    held,
    holders,
    needed,
    tell,
)
from cstrain.unit_of_work import flush_unique

_TAKEN = "这个职务的评分表已经交了，或者你已经给这位报名人打过分。没有保存。"
_MOST_NOTE = 1000


def screen(actor: PersonId, now: datetime, plan_id: int) -> None:
    """Close the screening sheet: facts, findings and ranks are sealed, and the first are invited.

    Refused while anything is unknown for somebody who could be ranked. After the last day it is marked late.
    """
    demand_permission(actor, "eaglet.manage")
    plan = held(plan_id, now, {Phase.SCREENING})
    apart(actor, plan)
    notice, today = _notice(plan), local_date(now)
    these = queries.standing_of(plan)
    sheet = queries.screening(plan, notice, these, today)
    waiting = [line for line in sheet.lines if line.unknown]
    if waiting:
        raise ConflictError("还不能完成筛选：有%(n)s份报名还有待确认的项目，列在筛选表里。", n=len(waiting))
    ladder = ladders.ladder(plan.rules.ladder, notice.opens_on)
    text, digest = seal(
        {
            "notice": notice.id,
            "rules": plan.rules.model_dump(mode="json"),
            "ladder": {"ref": ladder.ref, "edition": ladder.edition},
            "facts": [one.dossier for one in queries.grounds(plan, notice, these, today)],
            "sheet": [queries.line_record(line) for line in sheet.lines],
        }
    )
    detail = {"notice": notice.id, "sealed": text, "sha256": digest, "late": today > notice.screen_by}
    store.add_event(plan_id, "screened", actor, now, detail, once=f"screened:{notice.id}")
    record(actor, "eaglet.screen", f"eaglet:{plan_id}", notice=notice.id, sha256=digest)
    invited = {line.application for line in sheet.lines if line.invited}
    tell((one.person for one in these if one.id in invited), "你报名的“%(title)s”入围面试。", plan, now)
    tell(
        (one.person for one in these if one.id not in invited),
        "你报名的“%(title)s”没有入围面试，依据在报名表上。",
        plan,
        now,
    )
    tell(holders(plan.rules.interview.offices, now), "请在面试日期内为“%(title)s”面试打分。", plan, now)


def _notice(plan: Plan) -> Notice:
    if plan.notice is None:
        raise ConflictError("还没有发布通知。")
    return plan.notice


def office_of(
    actor: PersonId, plan: Plan, done: frozenset[tuple[int, str]], application: int, now: datetime
) -> str:
    """Return the office in which somebody interviews: the first they hold whose sheet is not in; else ''."""
    roles = people.roles_of(actor, local_date(now))
    mine = [one for one in plan.rules.interview.offices if one in roles]
    return next((one for one in mine if (application, one) not in done), "")


def ties_of(actor: PersonId, person: PersonId, now: datetime) -> list[str]:
    """Return what binds an interviewer to an applicant: having mentored them, being their superior."""
    found = ["mentor"] if person in onboarding.ever_mentored(actor, [person]) else []
    return found + (["superior"] if actor in people.superiors_of(person, local_date(now)) else [])


def hand_in(
    actor: PersonId,
    now: datetime,
    application_id: int,
    points: Mapping[str, Decimal | None],
    note: str = "",
) -> None:
    """Hand in an interview sheet for one's office; it is sealed at once and cannot be changed.

    From the first day of the interviews on; nobody about themself or a rival, one sheet a person. Ties are
    declared on the sheet: the rules name these offices (``conflict_clause``).
    """
    plan, person, office = _scoring(actor, now, application_id)
    session().add(
        models.EagletSheet(
            application_id=application_id,
            about_id=person,
            office=office,
            rater_id=actor,
            points=_points(plan.rules, points),
            note=note.strip()[:_MOST_NOTE],
            ties=ties_of(actor, person, now),
            sealed_at=now,
        )
    )
    flush_unique(_TAKEN)
    store.drop_draft(application_id, actor)
    record(actor, "eaglet.hand_in", f"eaglet:{plan.id}", application=application_id, office=office)


def keep_draft(
    actor: PersonId, now: datetime, application_id: int, points: Mapping[str, Decimal | None], note: str
) -> None:
    """Keep what one's own sheet says while it is being filled in; nobody else ever sees it.

    Gaps are allowed. Like saves of answers it is not logged; the draft goes when the sheet is handed in.
    """
    plan, person, _office = _scoring(actor, now, application_id)
    given = {name: value for name, value in points.items() if value is not None}
    for one in plan.rules.interview.rubric.criteria:
        if not 0 <= given.get(one.id, Decimal(0)) <= one.of:
            raise DomainError("没有保存：“%(item)s”要在0到%(of)s分之间。", item=one.title, of=one.of)
    points_so_far = {name: f"{value:f}" for name, value in given.items()}
    store.keep_draft(application_id, person, actor, now, points_so_far, note.strip()[:_MOST_NOTE])


def _scoring(actor: PersonId, now: datetime, application_id: int) -> tuple[Plan, PersonId, str]:
    """Return plan, applicant and office of a sheet that somebody may fill now; the plan is locked."""
    row = store.row(models.EagletApplication, application_id)
    if row.person_id == actor:
        raise ForbiddenError("不能给自己打分。")
    demand_permission(actor, "eaglet.interview", PersonId(row.person_id))
    plan = held(row.plan_id, now, {Phase.INTERVIEWS})
    apart(actor, plan)
    notice = _notice(plan)
    if local_date(now) < notice.interview_from:
        raise ConflictError("还没到面试日期：%(day)s开始。", day=notice.interview_from)
    return plan, PersonId(row.person_id), _sheet_of(actor, plan, application_id, now)


def _sheet_of(actor: PersonId, plan: Plan, application_id: int, now: datetime) -> str:
    """Return the office in which somebody hands in about an invited applicant; refuses a second sheet."""
    state = queries.progress(plan, queries.standing_of(plan), local_date(now))
    if application_id not in {one.id for one in state.invited}:
        raise ConflictError("这位员工没有入围面试，不用打分。")
    office = office_of(actor, plan, state.in_, application_id, now)
    if not office or (application_id, actor) in state.raters:
        raise ForbiddenError(_TAKEN)
    return office


def _points(chapter: EagletRules, points: Mapping[str, Decimal | None]) -> dict[str, str]:
    given = {name: value for name, value in points.items() if value is not None}
    try:
        chapter.interview.rubric.share(given)
    except RubricError as error:
        raise DomainError("没有交：“%(item)s”还没有打分，或者超出满分。", item=error.criterion) from None
    return {name: f"{value:f}" for name, value in given.items()}


def open_interviews(actor: PersonId, now: datetime, plan_id: int) -> None:
    """Open the seals once every sheet is in, and rank; inputs and ranks are sealed together."""
    demand_permission(actor, "eaglet.manage")
    plan = held(plan_id, now, {Phase.INTERVIEWS})
    apart(actor, plan)
    notice, today = _notice(plan), local_date(now)
    these = queries.standing_of(plan)
    sheets = queries.sheets_to_open(plan, these, today)
    sheet = queries.screening(plan, notice, these, today)
    found = queries.ranking(plan, notice, sheet, these, sheets)
    text, digest = seal(
        {
            "notice": notice.id,
            "rules": plan.rules.model_dump(mode="json"),
            "sheets": queries.sheets_record(sheets),
            "heard": queries.heard_record(found),
        }
    )
    detail = {"notice": notice.id, "sealed": text, "sha256": digest, "late": today > notice.interview_to}
    store.add_event(plan_id, "opened", actor, now, detail, once=f"opened:{notice.id}")
    record(actor, "eaglet.open_interviews", f"eaglet:{plan_id}", notice=notice.id, sha256=digest)
    tell(holders(("service_director",), now), "“%(title)s”面试评分已打开，请公布结果。", plan, now)


def form_group(actor: PersonId, now: datetime, plan_id: int, unfilled: Mapping[str, str], text: str) -> None:
    """Publish who is accepted: exactly those the ranks name. Never by who opened the interviews.

    ``unfilled``: by place that nobody fills, ``again`` (announce again) or ``open`` (leave open).
    """
    demand_permission(actor, "eaglet.direct")
    plan = held(plan_id, now, {Phase.DECIDING})
    apart(actor, plan)
    notice, these = _notice(plan), queries.standing_of(plan)
    result = queries.find_result(plan, notice, these, local_date(now))
    if result is None or not result.intact:
        raise ConflictError("面试结果对不上密封的记录，不能公布。请联系系统管理员。")
    if actor == result.by:
        raise ForbiddenError("面试评分是你打开的，结果要由另一个人公布。")
    words = {place: unfilled.get(place, "") for place in result.left}
    if not set(words.values()) <= {AGAIN, LEFT_OPEN}:
        raise DomainError("没有公布：没有人的名额，要选再次通知还是空缺。")
    accepted = {one.application for one in result.heard if one.accepted}
    for one in these:
        if one.id in accepted:
            session().add(
                models.EagletMember(
                    plan_id=plan_id, person_id=one.person, application_id=one.id, joined_at=now
                )
            )
    flush_unique(_TAKEN)
    detail = {"notice": notice.id, "unfilled": words, "left": dict(result.left), "text": needed(text, 5000)}
    store.add_event(plan_id, "grouped", actor, now, detail, once=f"grouped:{notice.id}")
    record(actor, "eaglet.form_group", f"eaglet:{plan_id}", accepted=len(accepted), unfilled=words)
    _tell_result(plan, these, accepted, now)
    if AGAIN not in words.values() and not queries.active_members(plan_id, local_date(now)):
        store.add_event(plan_id, "ended", actor, now, {"reason": detail["text"]}, once="ended")


def _tell_result(plan: Plan, these: list[Application], accepted: set[int], now: datetime) -> None:
    tell((one.person for one in these if one.id in accepted), "你已入选“%(title)s”小组。", plan, now)
    tell(
        (one.person for one in these if one.id not in accepted),
        "“%(title)s”的结果已公布，你这次没有入选，可以参加下一期。",
        plan,
        now,
    )
