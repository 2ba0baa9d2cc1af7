"""A supervisor's succession: the vacancy, the choice by two persons, the public notice, the appointment."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.access import roles_granting
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.moves import queries, rules, store
from cstrain.promotion.moves.facts import Choice, SuccessionFacts
from cstrain.promotion.moves.models import Succession, SuccessionAct, SuccessionObjection
from cstrain.promotion.moves.queries import Eyes
from cstrain.promotion.moves.service.common import NO_PERMISSION, demand, needed, tell
from cstrain.unit_of_work import flush_unique

_ONCE = "这个部门的主管接任已经在办。请在列表中查看。"


def open_succession(
    actor: PersonId | None,
    now: datetime,
    department: int,
    vacant_from: date,
    note: str,
    *,
    cause: str = "opened",
    predecessor: PersonId | None = None,
) -> int:
    """Open the succession in a department whose supervisor's post is, or falls, vacant; return its id.

    Without an actor it follows from a leaver or a move. Raises ``ConflictError`` where one is open.
    """
    if actor is not None:
        demand(actor, "move.announce")
    people.department(department)
    row = Succession(
        department_id=department,
        cause=cause,
        predecessor_id=predecessor,
        vacant_from=vacant_from,
        note=note.strip()[:1000],
        end_reason="",
        opened_by=actor,
        opened_at=now,
    )
    session().add(row)
    flush_unique(_ONCE)
    record(actor, "succession.open", f"succession:{row.id}", department=department, cause=cause)
    today = local_date(now)
    every = {one for role in roles_granting("move.choose") for one in people.persons_with_role(role, today)}
    place = DepartmentId(department)
    able = [one for one in sorted(every) if queries.reach(one, "move.choose", today).covers(place)]
    tell(able[:3], "一个部门的主管岗位空缺，请选接任的人。", now, f"/successions/{row.id}")
    return row.id


def vacate(now: datetime, person: PersonId, vacant_from: date, cause: str) -> None:
    """Open the succession in each department that a supervisor heads and now leaves, where none is open."""
    role = store.chapter().succession.role
    for one in people.role_holders(role, local_date(now)):
        place = one.department_id
        if one.person_id == person and place is not None and not queries.open_in(place):
            open_succession(None, now, place, vacant_from, "", cause=cause, predecessor=person)


def _held(succession_id: int) -> tuple[Succession, SuccessionFacts]:
    row = store.locked_row(Succession, succession_id)
    if row.ended_at is not None:
        raise ConflictError("这次接任已经办完。请刷新后再看。")
    return row, queries.succession(succession_id)


def choose(
    actor: PersonId, now: datetime, succession_id: int, person: PersonId, starts_on: date | None, reason: str
) -> int:
    """Propose who is to succeed; the ranking of all candidates that day is sealed with it. Returns its id."""
    row, found = _held(succession_id)
    today, chapter = local_date(now), store.succession_rules(found)
    if not Eyes(actor, today).reach("move.choose").covers(found.department):
        raise ForbiddenError(NO_PERMISSION)
    if actor == person:
        raise ForbiddenError("不能选自己接任。请由别人来办。")
    if found.current is not None:
        raise ConflictError("已经选了一个人，正在办理。请刷新后再看。")
    ranking = queries.ranking(found.department, today, chapter)
    if person not in {one.senior.person for one in ranking}:
        raise DomainError("没有保存：这个人不在可以接任的名单里。")
    if starts_on is None or starts_on <= today:
        raise DomainError("没有保存：接任日要在今天以后。")
    text, digest = seal({"on": today, "clause": chapter.clause, "ranking": list(ranking)})
    act = SuccessionAct(
        succession_id=row.id,
        person_id=person,
        content=text,
        sha256=digest,
        reason=needed(reason),
        proposed_by=actor,
        proposed_at=now,
        answer="",
        starts_on=starts_on,
    )
    session().add(act)
    flush_unique(store.TWICE)
    record(actor, "succession.choose", f"succession:{row.id}", person=person, act=act.id)
    return act.id


def second(actor: PersonId, now: datetime, succession_id: int, text: str, *, agreed: bool) -> None:
    """HR's word on the choice. Agreed, the notice is published at once; sent back, another is chosen."""
    _row, found = _held(succession_id)
    choice = _choice(found)
    demand(actor, "move.arrange", choice.person)
    if choice.agreed is not None:
        raise ConflictError("这件事已经有人确认或退回。请刷新后再看。")
    if actor in {choice.proposed_by, choice.person}:
        raise ForbiddenError("这是你提出的，没有生效。请由另一个人确认。")
    act = store.locked_row(SuccessionAct, choice.id)
    act.answered_by, act.answered_at, act.agreed = actor, now, agreed
    act.answer = text.strip()[:1000] if agreed else needed(text)
    if agreed:
        calendar, today = people.work_calendar(choice.person), local_date(now)
        last = calendar.nth_working_day_after(today, store.succession_rules(found).notice_working_days)
        act.first_day, act.last_day = today, last
        if act.starts_on <= last:
            raise DomainError("没有确认：接任日不能早于公示结束（%(day)s）的次日。请退回改日期。", day=last)
        tell([choice.person], "你将接任主管，开始公示，到%(day)s。", now, _url(found.id), day=last)
    session().flush()
    record(actor, "succession.second", f"succession:{found.id}", act=act.id, agreed=agreed)


def _url(succession_id: int) -> str:
    return f"/successions/{succession_id}"


def _choice(found: SuccessionFacts) -> Choice:
    if found.current is None:
        raise ConflictError("现在没有等着办的人选。请刷新后再看。")
    return found.current


def object_to(actor: PersonId, now: datetime, succession_id: int, text: str, *, anonymous: bool) -> None:
    """Object to a successor while the notice is up. Of an anonymous objection no person is kept anywhere."""
    _row, found = _held(succession_id)
    choice, today = _choice(found), local_date(now)
    if actor == choice.person:
        raise ForbiddenError("不能对自己的公示提异议。")
    if not choice.is_shown or choice.last_day is None or today > choice.last_day:
        raise ConflictError("公示已经结束，不能再提异议。")
    by = None if anonymous else actor
    session().add(
        SuccessionObjection(
            act_id=choice.id, about_id=choice.person, by_id=by, text=needed(text), filed_on=today, answer=""
        )
    )
    session().flush()
    record(by, "succession.object", f"succession:{found.id}")


def answer_objection(
    actor: PersonId, now: datetime, succession_id: int, objection_id: int, text: str, *, upheld: bool
) -> None:
    """Answer an objection: by somebody without a part in the choice, never the objector."""
    _row, found = _held(succession_id)
    choice = _choice(found)
    one = next((each for each in choice.objections if each.id == objection_id), None)
    if one is None or one.upheld is not None:
        raise ConflictError("这个异议已经答复，不能再改。请刷新后再看。")
    if not queries.can_look_into(Eyes(actor, local_date(now)), choice, one.by):
        raise ForbiddenError("你参与过这件事，不能答复。请由别人来办。")
    row = store.locked_row(SuccessionObjection, objection_id)
    row.answered_by, row.answered_at, row.upheld, row.answer = actor, now, upheld, needed(text)
    session().flush()
    record(actor, "succession.answer", f"succession:{found.id}", objection=objection_id, upheld=upheld)
    if one.by is not None:
        tell([one.by], "你提的异议已经答复。", now, _url(found.id))


def close_notice(actor: PersonId, now: datetime, succession_id: int) -> bool:
    """Close the notice after its window and appoint; with an objection upheld the choice is stopped.

    The successor holds the office for the department and the post from the day named, or from today where
    that has passed. Tells whether somebody was appointed.
    """
    row, found = _held(succession_id)
    choice = _choice(found)
    demand(actor, "move.arrange", choice.person)
    if actor == choice.person or not choice.is_shown:
        raise ConflictError("还不能结束公示：人选没有公示。请刷新后再看。")
    today = local_date(now)
    waiting = sum(1 for one in choice.objections if one.upheld is None)
    rules.check_close(choice.last_day, today, waiting)
    stopped = any(one.upheld for one in choice.objections)
    act = store.locked_row(SuccessionAct, choice.id)
    act.closed_by, act.closed_at, act.outcome = actor, now, "stopped" if stopped else "appointed"
    session().flush()
    record(actor, "succession.close", f"succession:{found.id}", outcome=act.outcome)
    if stopped:
        tell([choice.person], "公示期间有异议成立，接任停止。", now, _url(found.id))
        return False
    _appoint(actor, now, found, choice, max(choice.starts_on, today))
    row.outcome, row.ended_at = "filled", now
    session().flush()
    tell([choice.person], "公示结束，你的接任生效日是%(day)s。", now, _url(found.id), day=choice.starts_on)
    return True


def _appoint(actor: PersonId, now: datetime, found: SuccessionFacts, choice: Choice, on: date) -> None:
    chapter = store.succession_rules(found)
    place, person = found.department, choice.person
    people_service.grant_role(actor, now, person, chapter.role, valid_from=on, department_id=place)
    facts = people.get_person(person, on)
    if (facts.post, facts.department_id) != (chapter.post, place):
        people_service.change_state(
            actor,
            now,
            person,
            on,
            reason=choice.reason,
            source=f"succession:{found.id}",
            post=chapter.post,
            department_id=place,
        )


def cancel_succession(actor: PersonId, now: datetime, succession_id: int, reason: str) -> None:
    """End a succession without a successor, while nobody has been chosen; with the reason."""
    row, found = _held(succession_id)
    demand(actor, "move.announce")
    if found.current is not None:
        raise ConflictError("已经选了一个人，正在办理。请刷新后再看。")
    row.outcome, row.ended_at = "cancelled", now
    row.end_reason = needed(reason)
    session().flush()
    record(actor, "succession.cancel", f"succession:{succession_id}")
