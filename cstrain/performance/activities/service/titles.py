"""Giving titles: proposed by one, agreed to by another; each given one goes into the register of awards."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.performance import queries as months
from cstrain.performance.activities import queries, rules, store
from cstrain.performance.activities.facts import ContestFacts
from cstrain.performance.activities.models import TitleAward
from cstrain.performance.discipline import service as discipline
from cstrain.performance.discipline.facts import Entry, Kind
from cstrain.performance.rules import last_of
from cstrain.unit_of_work import flush_unique, one_at_a_time


def propose(actor: PersonId, now: datetime, person: PersonId, code: str, month: date, reason: str) -> int:
    """Propose somebody for a title of a month that is over; returns its id. Another person answers.

    The title counts for the department they were in on its last day. Refuses oneself, who was or is not
    employed, a grade below the title's or unknown, one too many of a department, and the same twice.
    """
    if actor == person:
        raise DomainError("没有提名：不能提名自己，请由别人来提。")
    chapter, today = store.chapter(), local_date(now)
    kind = rules.check_title(chapter.titles.kind(code), month, chapter.titles, today)
    then = _employed(person, last_of(month), today)
    held = months.records([person], [month])
    rules.check_grade(kind, held[0].grade if held else None)
    one_at_a_time(f"title:{then.department_id}:{code}:{month}")
    rules.check_room(kind, queries.held(then.department_id, code, month))
    row = TitleAward(
        person_id=person,
        department_id=then.department_id,
        code=code,
        title=kind.title,
        first_month=month,
        last_month=month,
        result_id=None,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=now,
        answered_by=None,
        answered_at=None,
        agreed=None,
        entry_id=None,
    )
    session().add(row)
    flush_unique("没有提名：这个人这个月的这个称号已经有人提名。请刷新后再看。")
    record(actor, "title.propose", f"title:{row.id}", person=person, title=code, month=month.isoformat())
    return row.id


def _employed(person: PersonId, then: date, today: date) -> PersonFacts:
    if people.status_of(person, today) in (None, Status.LEFT):
        raise DomainError("没有提名：这个人已经离职。")
    facts = people.get_person(person, then)
    if facts.hire_date > then:
        raise DomainError("没有提名：这个人那个月还没有入职。")
    return facts


def answer(actor: PersonId, now: datetime, title_id: int, *, agreed: bool, note: str) -> None:
    """Agree to a proposal or refuse it with a reason; never the person, nor who proposed it.

    A title given is entered in the register of awards and the person is told; the proposer hears the answer.
    """
    row = store.locked_title(title_id)
    facts = queries.title(title_id)
    rules.check_answer(facts, actor)
    if not agreed and not note.strip():
        raise DomainError("没有保存：不同意要写明原因。")
    if agreed:
        row.entry_id = _enter(actor, now, row)
    row.answered_by, row.answered_at, row.agreed, row.answer = actor, now, agreed, note.strip()
    session().flush()
    record(actor, "title.answer", f"title:{row.id}", agreed=agreed, entry=row.entry_id)
    message = "你提名的“%(title)s”已确认。" if agreed else "你提名的“%(title)s”没有通过，请看原因。"
    notify(
        facts.proposed_by, message, values={"title": row.title}, url=f"/activities/titles/{row.id}", now=now
    )
    if agreed:
        _congratulate(row, now)


def give(actor: PersonId, now: datetime, contest: ContestFacts, person: PersonId) -> int:
    """Give a winner the title of a contest whose result ``actor`` has just agreed to; returns its id."""
    result, said = contest.result, contest.announced
    if result is None or result.answered_by != actor or not result.agreed:
        raise DomainError("没有保存：评比的结果还没有确认。")
    row = TitleAward(
        person_id=person,
        department_id=people.get_person(person, local_date(now)).department_id,
        code=said.award,
        title=contest.award_title,
        first_month=said.first_month,
        last_month=said.last_month,
        result_id=result.id,
        reason=said.title,
        proposed_by=result.proposed_by,
        proposed_at=result.proposed_at,
        answered_by=actor,
        answered_at=now,
        agreed=True,
    )
    row.entry_id = _enter(actor, now, row)
    session().add(row)
    flush_unique("没有保存：这次评比的称号已经发过。请刷新后再看。")
    record(actor, "title.give", f"title:{row.id}", person=person, title=row.code, entry=row.entry_id)
    _congratulate(row, now)
    return row.id


def _enter(actor: PersonId, now: datetime, row: TitleAward) -> int:
    """Enter the award in the register on the day it is given, so that promotion sees it from then on."""
    span = f"{row.first_month:%Y-%m}"
    if row.last_month != row.first_month:
        span = f"{span}至{row.last_month:%Y-%m}"
    source = f"部门评比：{row.reason}" if row.result_id is not None else f"评优提名：{row.reason}"
    entry = Entry(Kind.AWARD, local_date(now), f"{row.title}（{span}）", source)
    return discipline.enter(actor, now, PersonId(row.person_id), entry)


def _congratulate(row: TitleAward, now: datetime) -> None:
    message = "你获得了“%(title)s”。"
    url = f"/activities?month={row.last_month:%Y-%m}"
    notify(PersonId(row.person_id), message, values={"title": row.title}, url=url, now=now)
