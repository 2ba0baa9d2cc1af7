"""Logging in, step by step: the attempt is counted before the password is looked at, so races gain nothing.

The caller verifies the password between the two steps, outside any transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.people.models import Account, LoginAttempt
from cstrain.people.passwords import normal_recovery_code, token_hash, totp_step
from cstrain.people.policy import LOG_IN_FAILURES, LOG_IN_FAILURES_PER_ADDRESS, LOG_IN_WINDOW_MINUTES
from cstrain.unit_of_work import one_at_a_time


@dataclass(frozen=True, slots=True)
class Attempt:
    """An opened attempt. ``password_hash`` is ``None`` for nobody, for a closed account and for one without
    password; ``blocked`` when there were too many failures."""

    id: int
    blocked: bool
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who logged in, and whether a second factor has to be shown."""

    person_id: PersonId
    epoch: int
    second_factor: bool


def begin_log_in(now: datetime, username: str, ip: str, device: str = "") -> Attempt:
    """Count the attempt and hand out what it is checked against.

    ``device`` names a browser this account has logged in from before: its failures are counted apart, so
    that a stranger who guesses cannot lock the person out of it.
    """
    one_at_a_time(f"log-in:{username}")  # so that counting guesses at one account is exact
    if _too_many(now, username, ip, device):
        return Attempt(0, True)
    row = LoginAttempt(username=username, ip=ip, at=now, succeeded=False, device=device)
    session().add(row)
    session().flush()
    account = session().scalar(sa.select(Account).where(Account.username == username))
    is_open = account is not None and (account.closed_at is None or account.closed_at > now)
    return Attempt(row.id, False, account.password_hash if account is not None and is_open else None)


def _too_many(now: datetime, username: str, ip: str, device: str) -> bool:
    since = now - timedelta(minutes=LOG_IN_WINDOW_MINUTES)
    failed = sa.select(sa.func.count(LoginAttempt.id)).where(
        LoginAttempt.at > since, LoginAttempt.succeeded.is_(False)
    )
    mine = failed.where(LoginAttempt.username == username, LoginAttempt.device == device)
    if (session().scalar(mine) or 0) >= LOG_IN_FAILURES:
        return True
    here = session().scalar(failed.where(LoginAttempt.ip == ip)) or 0
    return not device and here >= LOG_IN_FAILURES_PER_ADDRESS


def finish_log_in(now: datetime, attempt: Attempt, username: str, new_hash: str | None = None) -> LoggedIn:
    """Note that the password was right (``new_hash``: the same password hashed with today's parameters)."""
    account = _account(username)
    session().get_one(LoginAttempt, attempt.id).succeeded = True
    if new_hash is not None:
        account.password_hash = new_hash
    person = PersonId(account.person_id)
    second_factor = account.totp_confirmed_at is not None
    if not second_factor:
        _note(account, now)
    session().flush()
    return LoggedIn(person, account.session_epoch, second_factor)


def _account(username: str) -> Account:
    return session().scalars(sa.select(Account).where(Account.username == username)).one()


def _note(account: Account, now: datetime) -> None:
    account.last_login_at = now
    record(PersonId(account.person_id), "people.log_in", f"person:{account.person_id}")


def check_second_factor(now: datetime, person: PersonId, code: str, ip: str, device: str = "") -> bool | None:
    """Check a TOTP or recovery code of somebody whose password was right; each code counts once.

    Returns ``None`` when there were too many wrong ones.
    """
    account = session().scalars(sa.select(Account).where(Account.person_id == person)).one()
    attempt = begin_log_in(now, account.username, ip, device)
    if attempt.blocked:
        return None
    session().refresh(account)  # a code may have been used while this attempt queued
    if not _second_factor_fits(account, code, now):
        return False
    session().get_one(LoginAttempt, attempt.id).succeeded = True
    _note(account, now)
    session().flush()
    return True


def _second_factor_fits(account: Account, code: str, now: datetime) -> bool:
    if account.totp_secret is None:
        return False
    step = totp_step(account.totp_secret, code, now, account.totp_last_step)
    if step is not None:
        account.totp_last_step = step
        return True
    hashed = token_hash(normal_recovery_code(code))
    if hashed not in account.recovery_hashes:
        return False
    account.recovery_hashes = [one for one in account.recovery_hashes if one != hashed]
    record(PersonId(account.person_id), "people.recovery_code_used", f"person:{account.person_id}")
    return True


def succeed(attempt: Attempt) -> None:
    """Note that an attempt was no failure (a right password outside the log-in page)."""
    session().get_one(LoginAttempt, attempt.id).succeeded = True
    session().flush()
