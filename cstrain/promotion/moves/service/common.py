"""What every act of this room checks first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cstrain.access import may, roles_granting
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.promotion.moves import queries, rules, store
from cstrain.promotion.moves.facts import Case, Kind, State
from cstrain.promotion.moves.models import MoveCase
from cstrain.promotion.moves.queries import Eyes
from cstrain.unit_of_work import flush_unique

NO_PERMISSION = "你没有办这件事的权限，没有办。"
_OPEN = "没有提交：已经有一件同类的申请没有办完。请先等它办完，或者撤回。"
MOST = 1000


def needed(text: str, most: int = MOST) -> str:
    """Return a text that must be there; ``DomainError`` for an empty or a very long one."""
    found = text.strip()
    if not found:
        raise DomainError("没有保存：请写明理由。")
    if len(found) > most:
        raise DomainError("没有保存：文字太长，最多%(most)s个字。", most=most)
    return found


def demand(actor: PersonId, permission: str, about: PersonId | None = None) -> None:
    """Refuse who does not hold a permission (for somebody)."""
    if not may(actor, permission, about):
        raise ForbiddenError(NO_PERMISSION)


def employed(person: PersonId, now: datetime) -> PersonFacts:
    """Return somebody who works here; raises ``NotFoundError`` for others and for nobody."""
    facts = people.people([person], local_date(now)).get(person)
    if facts is None or facts.status is Status.LEFT:
        raise NotFoundError(store.MISSING)
    return facts


def add_case(
    actor: PersonId,
    now: datetime,
    kind: Kind,
    person: PersonId,
    reason: str,
    content: Mapping[str, Any],
    *,
    post_id: int | None = None,
    department: int | None = None,
    post: str = "",
) -> MoveCase:
    """Add a case with what it rests on, sealed; one of a kind is open for somebody at a time."""
    text, digest = seal(content)
    row = MoveCase(
        kind=str(kind),
        person_id=person,
        post_id=post_id,
        department_id=department,
        post=post,
        reason=needed(reason),
        content=text,
        sha256=digest,
        opened_by=actor,
        opened_at=now,
    )
    session().add(row)
    flush_unique(_OPEN)
    return row


def end(row: MoveCase, state: State, now: datetime) -> None:
    """Note how a case ended."""
    row.outcome, row.ended_at = str(state), now
    session().flush()


def tell(whom: Iterable[PersonId], message: str, now: datetime, url: str, **values: object) -> None:
    """Tell people something, once each, with a link."""
    for person in dict.fromkeys(whom):
        notify(person, message, values=values, url=url, now=now)


def tell_next(case_id: int, now: datetime) -> None:
    """Tell who may take the next step of a case that it waits for them."""
    case = queries.case(case_id)
    move = rules.next_move(case)
    if move is None:
        return
    today = local_date(now)
    home = queries.homes([case], today)[case.person]
    roles = roles_granting(move.permission)
    every = {one for role in roles for one in people.persons_with_role(role, today)}
    able = [one for one in sorted(every) if Eyes(one, today).can_take(case, move, home)]
    tell(able[:3], "有一件调动事项等你办理。", now, f"/moves/{case_id}")


def without_part(actor: PersonId, case: Case) -> None:
    """Refuse who has any part in a case."""
    if actor in rules.acted(case):
        raise ForbiddenError("你参与过这件事，不能答复。请由别人来办。")
