"""Accounts: one-time links, passwords, second factors, language, closing.

Hashing takes tens of milliseconds, so the caller hashes first and hands in the hash.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session, zone
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId, new_token
from cstrain.notifications.service import notify
from cstrain.people.models import Account, OneTimeLink
from cstrain.people.passwords import token_hash
from cstrain.people.policy import FIRST_PASSWORD_HOURS, LOST_PASSWORD_PER_HOUR, RESET_HOURS
from cstrain.people.service.common import not_self
from cstrain.unit_of_work import locked

_APART_HOURS = 72


def account_row(person: PersonId) -> Account:
    """Return a person's account row; raises ``NotFoundError``."""
    row = session().scalar(sa.select(Account).where(Account.person_id == person))
    if row is None:
        raise NotFoundError("没有找到这个账号。")
    return row


def issue_link(actor: PersonId | None, now: datetime, person: PersonId) -> str:
    """Issue a link that sets the password once, and return its token (kept only as a hash).

    A first password may be set for three days, a new one for two hours; earlier links end. HR starts a reset
    but never chooses the password (ASVS 6.4.6). Raises ``DomainError`` for a closed account.
    """
    not_self(actor, person)
    account = account_row(person)
    if account.closed_at is not None and account.closed_at <= now:
        raise DomainError("没有发放链接：这个账号已经关闭。需要恢复使用时，请先办理重新入职。")
    _not_both(account.totp_removed_by, account.totp_removed_at, actor, now)
    first = account.password_hash is None
    purpose = "first_password" if first else "reset"
    hours = FIRST_PASSWORD_HOURS if first or actor is None else RESET_HOURS
    _end_links(account, now)
    token = new_token()
    session().add(
        OneTimeLink(
            account_id=account.id,
            purpose=purpose,
            token_hash=token_hash(token),
            expires_at=now + timedelta(hours=hours),
            issued_by=actor,
            issued_at=now,
        )
    )
    session().flush()
    record(actor, "people.issue_link", f"person:{person}", purpose=purpose)
    if not first:
        notify(person, "有人为你的账号发放了重设密码的链接。如果你没有要求，请马上联系系统管理员。", now=now)
    return token


def _not_both(by: int | None, at: datetime | None, actor: PersonId | None, now: datetime) -> None:
    """Refuse that one person both resets a password and removes the second factor: together they would open
    somebody's account."""
    if actor is not None and by == actor and at is not None and now - at < timedelta(hours=_APART_HOURS):
        raise DomainError(
            "没有办理：同一个人不能在%(hours)s小时内既重设密码又解绑第二重验证。请由另一位同事办理其中一项。",
            hours=_APART_HOURS,
        )


def request_reset(now: datetime, username: str) -> tuple[PersonId, str] | None:
    """Issue a reset link that the person asked for by mail; ``None`` when there is nobody to send it to.

    At most three an hour for one account; the caller answers the same in every case.
    """
    account = session().scalar(sa.select(Account).where(Account.username == username))
    if account is None or (account.closed_at is not None and account.closed_at <= now):
        return None
    recent = session().scalar(
        sa.select(sa.func.count(OneTimeLink.id)).where(
            OneTimeLink.account_id == account.id,
            OneTimeLink.issued_by.is_(None),
            OneTimeLink.issued_at > now - timedelta(hours=1),
        )
    )
    if (recent or 0) >= LOST_PASSWORD_PER_HOUR:
        return None
    _end_links(account, now)
    token = new_token()
    session().add(
        OneTimeLink(
            account_id=account.id,
            purpose="reset" if account.password_hash else "first_password",
            token_hash=token_hash(token),
            expires_at=now + timedelta(hours=RESET_HOURS),
            issued_at=now,
        )
    )
    session().flush()
    record(None, "people.request_reset", f"person:{account.person_id}")
    return PersonId(account.person_id), token


def _end_links(account: Account, now: datetime) -> None:
    open_links = sa.select(OneTimeLink).where(
        OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None)
    )
    for link in session().scalars(open_links):
        link.used_at = now


def redeem_link(now: datetime, token: str, password_hash: str) -> PersonId:
    """Set the password a link is for, use the link up and end all sessions; return whose it was.

    Raises ``NotFoundError`` for a used, expired or unknown token (all answer the same).
    """
    found = locked(sa.select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token)))
    link = session().scalar(found)
    account = session().get(Account, link.account_id) if link is not None else None
    if link is None or account is None or link.used_at is not None or link.expires_at <= now:
        raise NotFoundError("这个链接已经用过或已过期。请联系人力资源部重新发放。")
    if account.closed_at is not None and account.closed_at <= now:
        raise NotFoundError("这个链接已经用过或已过期。请联系人力资源部重新发放。")
    _end_links(account, now)
    _replace_password(account, password_hash)
    person = PersonId(account.person_id)
    record(person, "people.set_password", f"person:{person}", purpose=link.purpose)
    return person


def _replace_password(account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    account.session_epoch += 1
    session().flush()


def change_password(actor: PersonId, now: datetime, password_hash: str) -> int:
    """Set one's own new password, end all other sessions and open links; return the new session epoch."""
    account = account_row(actor)
    _end_links(account, now)
    _replace_password(account, password_hash)
    record(actor, "people.change_password", f"person:{actor}")
    return account.session_epoch


def store_password(person: PersonId, password_hash: str) -> None:
    """Store a password hash for an account set up by the system (demo company); leaves an audit entry."""
    _replace_password(account_row(person), password_hash)
    record(None, "people.set_password", f"person:{person}", purpose="system")


def store_second_factor(person: PersonId, secret: str, now: datetime) -> None:
    """Store a confirmed second factor for an account set up by the system (demo company)."""
    account = account_row(person)
    account.totp_secret, account.totp_confirmed_at, account.totp_last_step = secret, now, None
    session().flush()
    record(None, "people.second_factor", f"person:{person}", purpose="system")


def confirm_second_factor(
    actor: PersonId, now: datetime, secret: str, step: int, recovery_hashes: list[str]
) -> None:
    """Switch one's own second factor on, after its first code was checked."""
    account = account_row(actor)
    account.totp_secret, account.totp_confirmed_at, account.totp_last_step = secret, now, step
    account.recovery_hashes = list(recovery_hashes)
    session().flush()
    record(actor, "people.second_factor", f"person:{actor}")


def renew_recovery_codes(actor: PersonId, recovery_hashes: list[str]) -> None:
    """Replace one's own recovery codes; the old ones end."""
    account_row(actor).recovery_hashes = list(recovery_hashes)
    session().flush()
    record(actor, "people.recovery_codes", f"person:{actor}")


def remove_second_factor(actor: PersonId, now: datetime, person: PersonId) -> None:
    """Remove a second factor: one's own, or (HR, administrator) that of somebody who lost the device.

    All sessions of the account end; roles that need one enrol again at the next log-in. Who issued a password
    link for the account lately may not also remove its second factor.
    """
    account = account_row(person)
    issued = (
        sa.select(OneTimeLink).where(OneTimeLink.account_id == account.id).order_by(OneTimeLink.id.desc())
    )
    link = session().scalars(issued.limit(1)).first()
    if link is not None and actor != person and account.password_hash is not None:
        _not_both(link.issued_by, link.issued_at, actor, now)
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    account.recovery_hashes = []
    account.totp_removed_by, account.totp_removed_at = actor, now
    account.session_epoch += 1
    session().flush()
    record(actor, "people.second_factor_removed", f"person:{person}")
    if actor != person:
        notify(person, "有人解绑了你账号的第二重验证。如果你没有要求，请马上联系系统管理员。", now=now)


def set_locale(actor: PersonId, locale: str) -> None:
    """Keep the language one reads."""
    if locale not in {"zh", "en"}:
        raise DomainError("没有保存：只能选择中文或英文。")
    account_row(actor).locale = locale
    session().flush()
    record(actor, "people.language", f"person:{actor}", locale=locale)


def close_account(actor: PersonId | None, now: datetime, person: PersonId, last_day: date | None) -> None:
    """Close an account at once, or at the end of ``last_day``; sessions die at their next request."""
    account = account_row(person)
    at = now
    if last_day is not None and last_day >= local_date(now):
        at = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), tzinfo=zone())
    account.closed_at = at
    _end_links(account, now)
    session().flush()
    record(actor, "people.close_account", f"person:{person}", at_once=at == now)


def reopen_account(actor: PersonId | None, person: PersonId) -> None:
    """Open the account of somebody who was hired again; the old password does not come back."""
    account = account_row(person)
    account.closed_at = None
    account.password_hash = None
    account.session_epoch += 1
    session().flush()
    record(actor, "people.reopen_account", f"person:{person}")
