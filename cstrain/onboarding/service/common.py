"""What all acts of onboarding share."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from cstrain.extensions import zone
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.facts import OPEN_STATES, EnrolmentState
from cstrain.onboarding.models import Enrolment


def not_self(actor: PersonId | None, trainee: int) -> None:
    """Refuse an act on one's own training (docs/rules.md 4)."""
    if actor is not None and actor == trainee:
        raise ForbiddenError("不能办理自己的培训。请由另一位有权限的同事办理。")


def need_reason(reason: str, most: int = 500) -> str:
    """Return the reason without spaces around; refuse a missing or overlong one."""
    text = reason.strip()
    if not text:
        raise DomainError("没有保存：没有写原因。请写明原因。")
    if len(text) > most:
        raise DomainError("没有保存：原因最多%(most)s个字。请写短一些。", most=most)
    return text


def need_open(enrolment: Enrolment) -> None:
    """Refuse an act on an enrolment that has ended."""
    if EnrolmentState(enrolment.state) not in OPEN_STATES:
        raise ConflictError("这次培训已经结束，不能再操作。")


def instant(day: date, at: time) -> datetime:
    """Return the instant of a company-local day and time."""
    return datetime.combine(day, at, tzinfo=zone()).astimezone(UTC)


def as_text(number: Decimal) -> str:
    """Write a decimal for JSON, without zeros at its end."""
    return f"{number.normalize():f}"
