"""Announcing a contest before it begins; closing it by two persons who take no part."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance.activities import queries, rules, store
from cstrain.performance.activities.facts import Announcement, ContestFacts
from cstrain.performance.activities.models import ContestResult, DepartmentContest
from cstrain.performance.activities.service.titles import give
from cstrain.unit_of_work import flush_unique


def announce(actor: PersonId, now: datetime, one: Announcement) -> int:
    """Publish a contest with its rules before its first month; returns its id. Its people are told.

    The chapter's edition, the direction of the metric and the title stay with it. Whoever announces takes no
    part.
    """
    chapter, today = store.chapter(), local_date(now)
    rules.check_announcement(one, chapter.contests, chapter.titles, today)
    kind = chapter.titles.kind(one.award)
    row = DepartmentContest(
        department_id=one.department_id,
        title=one.title.strip(),
        notice=one.notice.strip(),
        metric=one.metric,
        measure=one.measure,
        more=chapter.contests.metrics[one.metric] == "more",
        first_month=one.first_month,
        last_month=one.last_month,
        least_months=one.least_months,
        seats=one.seats,
        award=one.award,
        award_title=kind.title if kind is not None else "",
        edition=chapter.edition,
        announced_by=actor,
        announced_on=today,
        announced_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "contest.announce", f"contest:{row.id}", department=one.department_id, metric=one.metric)
    staff, below = people.staff_by_department(today), people.subtree(one.department_id)
    for person in sorted({who for place in below for who in staff.get(place, [])} - {actor}):
        message = "部门评比“%(title)s”已公布，%(day)s开始。"
        values = {"title": row.title, "day": row.first_month}
        notify(person, message, values=values, url=_page(row.id), now=now)
    return row.id


def propose_result(actor: PersonId, now: datetime, contest_id: int, note: str) -> int:
    """Freeze the standings once every month is closed; returns the result's id. Another person answers.

    Refuses whoever has a place in them.
    """
    store.locked_contest(contest_id)
    contest, today = queries.contest(contest_id), local_date(now)
    rows = queries.standings(contest, today)
    rules.check_close(actor, rows, queries.phase_of(contest, today))
    result = ContestResult(
        contest_id=contest_id,
        standings=rules.plain(rows),
        digest=rules.digest(rows),
        note=note.strip(),
        proposed_by=actor,
        proposed_at=now,
        answered_by=None,
        answered_at=None,
        agreed=None,
    )
    session().add(result)
    flush_unique("没有提出：结果已经有人提出，等另一人确认。请刷新后再看。")
    winners = [one.person for one in rows if one.winner]
    record(actor, "contest.propose", f"contest:{contest_id}", result=result.id, winners=winners)
    return result.id


def answer_result(actor: PersonId, now: datetime, contest_id: int, *, agreed: bool, note: str) -> None:
    """Agree to a result, or send it back with a reason; never who proposed it nor who has a place in it.

    On agreement the winners get the title, and an entry in the register of awards. When the records have
    changed since the proposal it can only be sent back.
    """
    store.locked_contest(contest_id)
    row = store.locked_proposal(contest_id)
    contest = queries.contest(contest_id)
    result = contest.result
    if row is None or result is None:
        raise ConflictError("没有保存：没有等待确认的结果。请刷新后再看。")
    if row.proposed_by == actor:
        raise DomainError("没有保存：结果是你提出的，要由另一人确认。")
    rules.check_outside(actor, result.standings)
    if not agreed and not note.strip():
        raise DomainError("没有保存：退回要写明原因。")
    if agreed:
        _check_unchanged(contest, result.digest, now)
    row.answered_by, row.answered_at, row.agreed, row.answer = actor, now, agreed, note.strip()
    session().flush()
    record(actor, "contest.answer", f"contest:{contest_id}", result=row.id, agreed=agreed)
    if agreed:
        for one in (each for each in result.standings if each.winner):
            give(actor, now, queries.contest(contest_id), one.person)
    message = (
        "评比“%(title)s”的结果已确认。" if agreed else "评比“%(title)s”的结果被退回，请看原因后重新提出。"
    )
    values = {"title": contest.announced.title}
    notify(result.proposed_by, message, values=values, url=_page(contest_id), now=now)


def _check_unchanged(contest: ContestFacts, digest: str, now: datetime) -> None:
    today = local_date(now)
    same = rules.digest(queries.standings(contest, today)) == digest
    if not same or queries.unclosed(contest):
        raise DomainError("没有确认：提出以后数据变了，名次可能不同。请退回，重新提出结果。")


def _page(contest_id: int) -> str:
    return f"/activities/contests/{contest_id}"
