"""Passwords, one-time tokens and second factors: hashing and checking. No database.

Argon2id with the OWASP minimum (19 MiB, two passes, one lane); TOTP by RFC 6238 (30 s, six digits).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cstrain.kernel.errors import DomainError
from cstrain.people.policy import PASSWORD_MAXIMUM, PASSWORD_MINIMUM

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_COMMON = Path(__file__).with_name("common_passwords.txt")
_STEP_SECONDS = 30
_OWN_CHARACTERS = 6
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LEET = str.maketrans("@4310$5!7", "aaeiossit")
_WORDS = (
    "password",
    "passw",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "admin",
    "welcome",
    "iloveyou",
    "woaini",
    "mima",
    "kefu",
    "letmein",
    "changeme",
    "cstrain",
)
_SEQUENCES = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password; takes tens of milliseconds: never inside a transaction."""
    return _HASHER.hash(password)


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether the password fits; without a stored hash the same work is done and the answer is no."""
    try:
        fits = _HASHER.verify(stored or _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def needs_rehash(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def token_hash(token: str) -> str:
    """Return the hash under which a one-time token or recovery code is kept (the token itself has 256
    bits)."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _common_hashes() -> frozenset[str]:
    lines = _COMMON.read_text("ascii").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def check_password(password: str, personal: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, common, a pattern, or made of the person's own data.

    No composition rules (NIST SP 800-63B, ASVS 6.2.5). ``personal``: staff number, pinyin, telephone, mail
    name.
    """
    if len(password) < PASSWORD_MINIMUM:
        raise DomainError(
            "密码没有保存：至少要%(least)s个字符。可以用几个不相干的词连成一句。", least=PASSWORD_MINIMUM
        )
    if len(password) > PASSWORD_MAXIMUM:
        raise DomainError("密码没有保存：最多%(most)s个字符。", most=PASSWORD_MAXIMUM)
    if is_common(password):
        raise DomainError("密码没有保存：这个密码太常见，容易被猜到。请换一个，例如几个不相干的词连成一句。")
    lowered = rest = password.lower()
    for piece in sorted(personal, key=len, reverse=True):
        rest = rest.replace(piece.lower(), "") if len(piece) > 1 else rest
    if rest != lowered and len(rest) < _OWN_CHARACTERS:
        raise DomainError("密码没有保存：它主要由你的工号、姓名、电话或邮箱组成，容易被猜到。请换一个。")


def is_common(password: str) -> bool:
    """Tell whether a password is on the list of the most used ones or follows their patterns."""
    lowered = password.lower()
    if hashlib.sha256(lowered.encode()).hexdigest()[:16] in _common_hashes():
        return True
    bare = lowered.strip("0123456789!@#$%^&*()_+-=.,?~ ")
    if (
        bare in _WORDS
        or bare.translate(_LEET) in _WORDS
        or lowered.translate(_LEET).strip("0123456789!.") in _WORDS
    ):
        return True
    return _is_run(lowered) or _is_repeated(lowered) or len(set(lowered)) <= 3


def _is_run(text: str) -> bool:
    for line in _SEQUENCES:
        for run in (line, line[::-1]):
            if text in run or (text.rstrip("0123456789!.") in run and len(text.rstrip("0123456789!.")) >= 5):
                return True
    return False


def _is_repeated(text: str) -> bool:
    return any(
        text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, len(text) // 2 + 1)
    )


def new_totp_secret() -> str:
    """Return a fresh TOTP secret (160 bits, base 32)."""
    return pyotp.random_base32()


def totp_uri(secret: str, username: str, issuer: str) -> str:
    """Return the ``otpauth://`` address that an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def totp_step(secret: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """Return the time step a code belongs to (one step of drift allowed), ``None`` for a wrong or used
    one."""
    digits = "".join(char for char in unicodedata.normalize("NFKC", code) if char.isdecimal())
    now_step = int(at.timestamp()) // _STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (now_step, now_step - 1, now_step + 1):
        fits = hmac.compare_digest(totp.at(step * _STEP_SECONDS).encode(), digits.encode())
        if fits and (last_step is None or step > last_step):
            return step
    return None


def new_recovery_codes(count: int) -> list[str]:
    """Return ``count`` recovery codes of 50 bits, written as ``ABCDE-FGHJK``."""
    pick = secrets.choice
    return [
        "".join(pick(_CODE_LETTERS) for _ in range(5)) + "-" + "".join(pick(_CODE_LETTERS) for _ in range(5))
        for _ in range(count)
    ]


def normal_recovery_code(code: str) -> str:
    """Return a typed recovery code in its one spelling."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return f"{plain[:5]}-{plain[5:]}"
