"""Accounts, one-time links and the view log, as far as pages may know them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import AccountFacts, Viewing
from cstrain.people.models import Account, OneTimeLink, ViewLog
from cstrain.people.passwords import token_hash


def facts_of(row: Account) -> AccountFacts:
    """Return the facts of an account row."""
    return AccountFacts(
        person_id=PersonId(row.person_id),
        username=row.username,
        has_password=row.password_hash is not None,
        has_second_factor=row.totp_confirmed_at is not None,
        closed_at=row.closed_at,
        locale=row.locale,
        last_login_at=row.last_login_at,
    )


def account_of(person: PersonId) -> AccountFacts:
    """Return the facts of a person's account; raises ``NotFoundError``."""
    row = session().scalar(sa.select(Account).where(Account.person_id == person))
    if row is None:
        raise NotFoundError("没有找到这个账号。")
    return facts_of(row)


def locale_of(person: PersonId) -> str:
    """Return the language a person reads (``zh`` when there is no account)."""
    return session().scalar(sa.select(Account.locale).where(Account.person_id == person)) or "zh"


def without_password(persons: Iterable[PersonId]) -> list[PersonId]:
    """Return those of ``persons`` whose open account has no password yet."""
    statement = sa.select(Account.person_id).where(
        Account.person_id.in_(list(persons)), Account.password_hash.is_(None), Account.closed_at.is_(None)
    )
    return sorted(PersonId(one) for one in session().scalars(statement))


def find_link(token: str, now: datetime) -> AccountFacts | None:
    """Return whose password an unused, unexpired link sets; ``None`` for any other token."""
    row = session().scalar(
        sa.select(Account)
        .join(OneTimeLink, OneTimeLink.account_id == Account.id)
        .where(
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
    )
    return facts_of(row) if row is not None and (row.closed_at is None or row.closed_at > now) else None


def view_log_of(subject: PersonId, limit: int = 50) -> list[Viewing]:
    """Return who looked at a person's record, newest first."""
    statement = (
        sa.select(ViewLog)
        .where(ViewLog.subject_id == subject, ViewLog.viewer_id != subject)
        .order_by(ViewLog.id.desc())
        .limit(limit)
    )
    return [Viewing(PersonId(row.viewer_id), row.what, row.at) for row in session().scalars(statement)]
