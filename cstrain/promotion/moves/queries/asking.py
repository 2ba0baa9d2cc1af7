"""Who may ask for a move now; who may not hears why and what to do before they write."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.promotion import queries as promotion
from cstrain.promotion.moves import rules
from cstrain.promotion.moves.facts import Kind, Post
from cstrain.promotion.moves.models import MoveCase


def with_open(kind: Kind, persons: Collection[PersonId]) -> frozenset[PersonId]:
    """Return who of these people has a case of a kind that goes on; one statement."""
    statement = sa.select(MoveCase.person_id).where(
        MoveCase.kind == str(kind), MoveCase.person_id.in_(persons), MoveCase.ended_at.is_(None)
    )
    return frozenset(PersonId(one) for one in session().scalars(statement))


def may_skip(facts: PersonFacts, ladders: Mapping[DepartmentId, Ladder]) -> bool:
    """Tell whether the ladder of somebody's department has a step that passes over a level from theirs."""
    ladder = ladders.get(facts.department_id) if facts.department_id is not None else None
    return ladder is not None and rules.skip_step(ladder, _level(facts)) is not None


def _level(facts: PersonFacts) -> str | None:
    return str(facts.level) if facts.level else None


def skip_barred(person: PersonId, today: date) -> DomainError | None:
    """Return why nobody can ask now that somebody skips a level, and what to do; ``None`` when they can."""
    facts = people.get_person(person, today)
    if with_open(Kind.SKIP, [person]):
        return ConflictError("不能申请越级：已经有一件越级申请没有办完。请先等它办完，或者撤回。")
    ladders = promotion.ladders_by_department(today)
    if facts.department_id not in ladders:
        return DomainError(
            "不能申请越级：%(place)s还没有绑定晋升通道。可以请人力资源部先定好晋升通道。",
            place=facts.department_name,
        )
    if facts.level is None:
        return DomainError("不能申请越级：还没有级别。请先由主管和人力资源部评定初始级别。")
    if not may_skip(facts, ladders):
        return DomainError("不能申请越级：从现在的级别没有越级的一步。可以在晋升通道里看有哪些步，逐级申请。")
    return None


def transfer_barred(person: PersonId, today: date, post: Post | None = None) -> DomainError | None:
    """Return why somebody cannot ask for a transfer now (to ``post``), and what to do; else ``None``."""
    if post is not None and not post.is_open(today):
        return ConflictError("不能申请：这个岗位的报名时间已过、还没开始，或者名额已满。可以看别的岗位。")
    if post is not None and post.posted_by == person:
        return ForbiddenError("不能申请：这个岗位是你发布的，不能自己申请。可以看别的岗位。")
    if people.get_person(person, today).status is not Status.CONVERTED:
        return ForbiddenError("不能申请：转正以后才可以申请调岗。请转正以后再来。")
    if with_open(Kind.TRANSFER, [person]):
        return ConflictError("不能申请：已经有一件调岗申请没有办完。请先等它办完，或者撤回。")
    return None
