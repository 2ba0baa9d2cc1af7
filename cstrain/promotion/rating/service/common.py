"""What the acts of a rating share: permission, sealing, telling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cstrain.access import may
from cstrain.extensions import local_date, session
from cstrain.judgement.facts import Comparison
from cstrain.judgement.ladder import Ladder
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.promotion.rating.facts import Quarter, Rated
from cstrain.promotion.rating.models import RatingBase
from cstrain.promotion.rating.policy import RatingRules
from cstrain.promotion.rating.queries import Judgement

_MOST = 1000


def demand_permission(actor: PersonId, permission: str, about: PersonId | None = None) -> None:
    """Refuse who does not hold a permission (for somebody)."""
    if not may(actor, permission, about):
        raise ForbiddenError("你没有办这件事的权限，没有办。")


def needed(text: str) -> str:
    """Return a text that must be there; ``DomainError`` for an empty or a very long one."""
    found = text.strip()
    if not found:
        raise DomainError("没有保存：请写明理由。")
    if len(found) > _MOST:
        raise DomainError("没有保存：文字太长，最多%(most)s个字。", most=_MOST)
    return found


def seal_base(run_id: int, department: DepartmentId, comparison: Comparison) -> RatingBase:
    """Keep the months that people of a department were compared with."""
    text, sha256 = seal(
        {"department": comparison.department, "months": comparison.months, "people": comparison.people}
    )
    row = RatingBase(run_id=run_id, department_id=department, content=text, sha256=sha256)
    session().add(row)
    session().flush()
    return row


def seal_line(
    one: Judgement, ladder: Ladder, quarter: Quarter, base: RatingBase, rules: RatingRules, on: date
) -> tuple[str, str]:
    """Return the sealed text of a result and its hash: edition, facts, findings, what was compared."""
    result, dossier = one.rated, one.dossier
    facts = {name: getattr(dossier, name) for name in dossier.__slots__ if name != "comparison"}
    return seal(
        {
            "on": on,
            "quarter": quarter.first,
            "ladder": {
                "ref": ladder.ref,
                "edition": ladder.edition,
                "title": ladder.title,
                "source": ladder.source,
            },
            "rules": {"ref": rules.ref, "edition": rules.edition},
            "person": {"id": one.person.id, "staff_no": one.person.staff_no, "post": one.person.post},
            "base": base.sha256,
            "facts": facts,
            "result": result,
        }
    )


def columns(rated: Rated) -> dict[str, Any]:
    """Return what a line repeats of a result beside its sealed text."""
    return {
        "outcome": rated.outcome,
        "level": rated.level,
        "goal": rated.goal,
        "why": rated.why,
        "below": rated.below,
    }


def contest_until(person: PersonId, now: datetime, rules: RatingRules) -> date:
    """Return the last working day on which somebody told now may contest."""
    return people.work_calendar(person).nth_working_day_after(local_date(now), rules.contest_within)


def tell(
    persons: Iterable[PersonId | None],
    message: str,
    quarter: Quarter,
    url: str,
    now: datetime,
    **more: object,
) -> None:
    """Tell people something about a quarter's rating, each once."""
    values = {"year": quarter.first.year, "n": quarter.number, **more}
    for one in sorted({one for one in persons if one is not None}):
        notify(one, message, values=values, url=url, now=now)


def holders(permission_roles: Iterable[str], now: datetime, without: Iterable[int] = ()) -> list[PersonId]:
    """Return who holds one of these roles today, without some."""
    on = local_date(now)
    found = {one for role in permission_roles for one in people.persons_with_role(role, on)}
    return sorted(found - set(without))
