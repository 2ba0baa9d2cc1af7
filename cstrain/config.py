"""Settings: environment variables ``CSTRAIN_…``, read once by the application factory.

All are listed in ``docs/operators.md``; a test keeps that list complete.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINIMUM_SECRET_LENGTH = 32
_WEAK_SECRETS = ("secret", "changeme", "password", "dev", "test", "default")


class ConfigError(Exception):
    """A setting is missing or unusable; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment may say.

    ``database_url``: SQLAlchemy URL (SQLite file by default, ``postgresql+psycopg://…`` for PostgreSQL).
    ``secret_key``: signs sessions and audit pseudonyms. ``timezone``: IANA name of the company's zone.
    ``mail_url``: ``smtp://user:password@host:port`` or empty (no mail is sent). ``data_dir``: where the
    embedded database and the lock file live. ``secure_cookies``: off only for plain-HTTP use on one machine.
    ``trusted_proxy``: address of the proxy whose X-Forwarded headers are believed. ``threads``: requests
    answered at the same time.
    ``second_factor``: off only where nobody's work is at stake, as in the demo company.
    """

    database_url: str
    secret_key: str
    timezone: str = "Asia/Shanghai"
    data_dir: str = "var"
    mail_url: str = ""
    mail_from: str = ""
    public_url: str = ""
    secure_cookies: bool = True
    trusted_proxy: str = ""
    threads: int = 8
    second_factor: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)


def variable_names() -> list[str]:
    """Return the names of all environment variables the product reads."""
    return [f"CSTRAIN_{field.name.upper()}" for field in fields(Settings)]


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raises ``ConfigError`` that names the variable."""
    env = os.environ if environ is None else environ
    data_dir = env.get("CSTRAIN_DATA_DIR", "var")
    settings = Settings(
        database_url=_database_url(env.get("CSTRAIN_DATABASE_URL", ""), data_dir),
        secret_key=env.get("CSTRAIN_SECRET_KEY", ""),
        timezone=env.get("CSTRAIN_TIMEZONE", "Asia/Shanghai"),
        data_dir=data_dir,
        mail_url=env.get("CSTRAIN_MAIL_URL", ""),
        mail_from=env.get("CSTRAIN_MAIL_FROM", ""),
        public_url=env.get("CSTRAIN_PUBLIC_URL", "").rstrip("/"),
        secure_cookies=_flag(env, "CSTRAIN_SECURE_COOKIES", default=True),
        trusted_proxy=env.get("CSTRAIN_TRUSTED_PROXY", ""),
        threads=_number(env, "CSTRAIN_THREADS", 8, 1, 64),
        second_factor=_flag(env, "CSTRAIN_SECOND_FACTOR", default=True),
    )
    check_timezone(settings.timezone)
    return settings


def check_secret(secret: str) -> None:
    """Refuse a missing or weak secret, with the command that makes a good one."""
    advice = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not secret:
        raise ConfigError(f"CSTRAIN_SECRET_KEY is not set; {advice}")
    weak = len(secret) < MINIMUM_SECRET_LENGTH or len(set(secret)) < 10
    if weak or secret.lower().startswith(_WEAK_SECRETS):
        raise ConfigError(
            f"CSTRAIN_SECRET_KEY is too weak (at least {MINIMUM_SECRET_LENGTH} random characters); {advice}"
        )


def check_timezone(name: str) -> None:
    """Refuse a time zone that does not exist."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"CSTRAIN_TIMEZONE: {name!r} is not a time zone; use a name such as Asia/Shanghai"
        ) from None


def _database_url(url: str, data_dir: str) -> str:
    if not url:
        return f"sqlite:///{Path(data_dir).resolve() / 'cstrain.db'}"
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("CSTRAIN_DATABASE_URL must begin with sqlite:/// or postgresql://")
    if url.startswith("sqlite:///"):  # a relative path is meant from where the command is run
        return f"sqlite:///{Path(url.removeprefix('sqlite:///')).resolve()}"
    return url


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ConfigError(f"{name} must be true or false, not {text!r}")


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {text!r}")
    return int(text)
