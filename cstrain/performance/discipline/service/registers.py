"""Entering what happened into a register, and taking a wrong entry back by another one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.performance.discipline import queries, rules, store
from cstrain.performance.discipline.facts import Entry
from cstrain.performance.discipline.models import RegisterEntry
from cstrain.performance.discipline.service.booking import employed
from cstrain.unit_of_work import flush_unique, one_at_a_time

_MINE = "/discipline"


def enter(actor: PersonId, now: datetime, person: PersonId, entry: Entry) -> int:
    """Enter something about a person; returns its id. The person (of a conflict both sides) is told.

    Refuses what concerns oneself, a day ahead, whoever was not employed on it, the same entry twice, and
    parts that the register does not have (severity, VIP and major belong to complaints; a second person to
    conflict and cover).
    """
    rules.check_entry(entry, actor, person, local_date(now))
    sides = [person] if entry.other is None else [person, entry.other]
    employed(sides, entry.day)
    _check_once(person, entry)
    row = RegisterEntry(
        person_id=person,
        other_id=entry.other,
        kind=entry.kind,
        day=entry.day,
        text=entry.text.strip(),
        evidence=entry.evidence.strip(),
        severity=entry.severity,
        vip=entry.vip,
        major=entry.major,
        entered_by=actor,
        entered_at=now,
    )
    session().add(row)
    session().flush()
    record(
        actor,
        "register.enter",
        f"register:{row.id}",
        person=person,
        other=entry.other,
        kind=str(entry.kind),
        major=entry.major,
    )
    for side in sides:
        message = "有一条关于你的登记，发生在%(day)s。请去看内容。"
        notify(side, message, values={"day": entry.day}, url=_MINE, now=now)
    return row.id


def _check_once(person: PersonId, entry: Entry) -> None:
    """Refuse what stands in the register already: sent twice it would count twice."""
    one_at_a_time(f"register:{person}")
    back = aliased(RegisterEntry)
    same = sa.select(RegisterEntry.id).where(
        RegisterEntry.person_id == person,
        RegisterEntry.day == entry.day,
        RegisterEntry.kind == entry.kind,
        RegisterEntry.text == entry.text.strip(),
        RegisterEntry.evidence == entry.evidence.strip(),
        RegisterEntry.withdraws_id.is_(None),
        ~sa.select(back.id).where(back.withdraws_id == RegisterEntry.id).exists(),
    )
    if session().scalar(same.limit(1)) is not None:
        raise ConflictError("没有再登记：同一天、同样内容和依据的登记已经有了。")


def withdraw(actor: PersonId, now: datetime, entry_id: int, reason: str) -> None:
    """Take a wrong entry back: it stays to be seen and counts nowhere. Refuses what concerns oneself."""
    row = store.locked_entry(entry_id)
    facts = queries.register_entry(entry_id)
    rules.check_withdrawal(facts, actor)
    back = RegisterEntry(
        person_id=row.person_id,
        other_id=row.other_id,
        kind=row.kind,
        day=row.day,
        text=row.text,
        evidence=reason.strip(),
        severity=row.severity,
        vip=row.vip,
        major=row.major,
        entered_by=actor,
        entered_at=now,
        withdraws_id=row.id,
    )
    session().add(back)
    flush_unique("没有撤回：这条登记已经撤回。请刷新后再看。")
    record(actor, "register.withdraw", f"register:{row.id}", by=back.id)
    for side in [facts.person] if facts.other is None else [facts.person, facts.other]:
        notify(side, "一条关于你的登记已撤回，不再计算。", url=_MINE, now=now)
