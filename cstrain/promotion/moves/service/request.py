"""Opening cases: to skip a level, to be transferred, to be given the first level."""

from __future__ import annotations

from datetime import datetime

from cstrain.access import may
from cstrain.audit.service import record
from cstrain.extensions import local_date
from cstrain.judgement.assess import assess
from cstrain.kernel.errors import DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion import queries as promotion
from cstrain.promotion.moves import queries, rules, store
from cstrain.promotion.moves.facts import Kind
from cstrain.promotion.moves.service.common import add_case, demand, employed, needed, tell, tell_next


def ask_skip(actor: PersonId, now: datetime, person: PersonId, reason: str) -> int:
    """Ask that somebody may skip a level: they themself, or who is above them; return the case's id.

    The ladder must name the step and who may authorise it. The findings of that day are sealed with it.
    """
    if actor == person:
        demand(actor, "move.request", person)
    else:
        demand(actor, "move.propose", person)
    today, facts = local_date(now), employed(person, now)
    ladder = promotion.ladders_by_department(today).get(facts.department_id)
    level = str(facts.level) if facts.level else None
    found = rules.skip_step(ladder, level) if ladder is not None else None
    why = queries.skip_barred(person, today)
    if why is not None:
        raise why
    if ladder is None or found is None:
        raise NotFoundError(store.MISSING)
    step, asked = found
    dossier = promotion.gather([person], today)[person]
    content = {
        "on": today,
        "ladder": {"ref": ladder.ref, "edition": ladder.edition, "title": ladder.title},
        "step": {"from": step.start, "to": step.goal, "clause": step.clause},
        "titles": [ladder.titles[step.start or ""], ladder.titles[step.goal]],
        "offices": list(getattr(asked, "offices", ())),
        "named": str(getattr(asked, "titles", "")),
        "findings": list(assess(step.criteria, dossier).findings),
        "facts": dossier,
    }
    row = add_case(actor, now, Kind.SKIP, person, reason, content)
    store.add_event(row, 1, "request" if actor == person else "propose", actor, now, text=row.reason)
    record(actor, "move.ask_skip", f"move:{row.id}", person=person, to=step.goal)
    if actor != person:
        tell([person], "你的上级为你提出了越级申请。", now, f"/moves/{row.id}")
    tell_next(row.id, now)
    return row.id


def ask_transfer(
    actor: PersonId,
    now: datetime,
    reason: str,
    *,
    post_id: int | None = None,
    department: int | None = None,
    post: str = "",
) -> int:
    """Ask for a transfer, to an announced post or to another department or post; return the case's id.

    Everybody converted may ask. Raises ``ConflictError`` for a post whose window is over or that is full.
    """
    demand(actor, "move.request", actor)
    today, facts = local_date(now), employed(actor, now)
    announced = queries.post(post_id) if post_id is not None else None
    why = queries.transfer_barred(actor, today, announced)
    if why is not None:
        raise why
    if announced is not None:
        department, post = announced.department, announced.title
    if department is None:
        raise DomainError("没有提交：请选择要去的部门。")
    wanted, post = people.department(department), needed(post, 60)
    if (wanted.id, post) == (facts.department_id, facts.post):
        raise DomainError("没有提交：这就是现在的部门和岗位。")
    chapter = store.chapter()
    content = {
        "on": today,
        "rules": {"title": chapter.title, "edition": chapter.edition, "clause": chapter.transfer_clause},
        "from": {"department": facts.department_id, "post": facts.post, "level": facts.level},
    }
    row = add_case(
        actor, now, Kind.TRANSFER, actor, reason, content, post_id=post_id, department=wanted.id, post=post
    )
    store.add_event(row, 1, "request", actor, now, text=row.reason)
    record(actor, "move.ask_transfer", f"move:{row.id}", department=wanted.id, post=post_id or 0)
    tell_next(row.id, now)
    return row.id


def open_initial(actor: PersonId, now: datetime, person: PersonId, reason: str) -> int:
    """Open the assessment of somebody's first level; return the case's id.

    For people without a level whose department's ladder has first steps by appointment.
    """
    if actor == person:
        raise ForbiddenError("不能办理关于自己的事项。请由别人来办。")
    if not may(actor, "move.rate", person):
        demand(actor, "move.arrange", person)
    today, facts = local_date(now), employed(person, now)
    ladder = promotion.ladders_by_department(today).get(facts.department_id)
    if ladder is None or rules.first_level(ladder, promotion.gather([person], today)[person])[1] is None:
        raise DomainError("没有提交：这个部门的晋升通道没有初始级别的评定。")
    if facts.level is not None:
        raise DomainError("没有提交：这位员工已经有级别，不用再评初始级别。")
    content = {
        "on": today,
        "ladder": {"ref": ladder.ref, "edition": ladder.edition, "title": ladder.title},
    }
    row = add_case(actor, now, Kind.INITIAL, person, reason, content)
    record(actor, "move.open_initial", f"move:{row.id}", person=person)
    tell([person], "你的初始级别开始评定，由主管和人力资源部各评一份。", now, f"/moves/{row.id}")
    tell_next(row.id, now)
    return row.id
