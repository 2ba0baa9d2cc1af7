"""Rules about persons, their history, roles and absences. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pypinyin import Style, lazy_pinyin

from cstrain.kernel.calendar import WorkCalendar, add_months
from cstrain.kernel.errors import DomainError
from cstrain.people.facts import Level, Status, Track
from cstrain.people.policy import EXCLUSIVE_ROLES, HEAD_ROLES, IMPLIED_ROLES, ROLE_WORDS, STATUS_WORDS

_STAFF_NO = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,31}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,23}")
_EMAIL = re.compile(r"[^@\s,;:<>()\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_NAME_LENGTH = 60
_SEEN = frozenset(" \u1680\u200c\u200d")
"""The blank, the line of Ogham, and what parts and joins letters."""


@dataclass(frozen=True, slots=True)
class State:
    """What of a person changes with time."""

    status: Status
    level: Level | None
    track: Track | None
    department_id: int
    post: str


@dataclass(frozen=True, slots=True)
class DatedState:
    """A state and the day from which it holds."""

    effective_from: date
    state: State


def staff_no_meant(text: str) -> str:
    """Return the staff number that somebody typed or a cell holds, in its one spelling.

    Half width (an input method types it full width), upper case, no blanks; whether there can be such a
    number is not asked (``normal_staff_no``).
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def normal_staff_no(text: str) -> str:
    """Return a staff number in its one spelling: half width, upper case, no spaces around; refuse others."""
    value = unicodedata.normalize("NFKC", text).strip().upper()
    if not _STAFF_NO.fullmatch(value):
        raise DomainError(
            "工号“%(value)s”不能用：只能由字母、数字、点、横线组成，最多32位。请改正后再试。",
            value=text.strip()[:40],
        )
    return value


def normal_name(text: str) -> str:
    """Return a name without spaces around and signs that nobody sees; refuse an empty or overlong one.

    Wide blanks go: sheets pad names of two characters with them. What joins letters stays, and so do
    characters that are private or too new to be known: rare surnames are written with them.
    """
    value = "".join(filter(_is_seen, unicodedata.normalize("NFC", text))).strip()
    if not value or len(value) > _NAME_LENGTH:
        raise DomainError("姓名没有填好：需要1至%(most)s个字。请补上后再试。", most=_NAME_LENGTH)
    return value


def _is_seen(sign: str) -> bool:
    return sign in _SEEN or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}


def normal_phone(text: str | None) -> str | None:
    """Return a telephone number in half width; ``None`` when empty; refuse letters."""
    value = unicodedata.normalize("NFKC", text or "").strip()
    if value and not _PHONE.fullmatch(value):
        raise DomainError(
            "电话“%(value)s”不能用：只能写数字，可以加国家代码和横线。请改正后再试。", value=value[:40]
        )
    return value or None


def normal_email(text: str | None) -> str | None:
    """Return a mail address; ``None`` when empty; refuse what is not one."""
    value = unicodedata.normalize("NFKC", text or "").strip()
    if value and (len(value) > 254 or not _EMAIL.fullmatch(value)):
        raise DomainError("邮箱“%(value)s”不完整，应像 name@example.com。请改正后再试。", value=value[:60])
    return value or None


def normal_extension(text: str | None) -> str | None:
    """Return an internal extension (two to eight digits); ``None`` when empty."""
    value = unicodedata.normalize("NFKC", text or "").strip()
    if value and not re.fullmatch(r"[0-9]{2,8}", value):
        raise DomainError("分机“%(value)s”不能用：只能是2至8位数字。请改正后再试。", value=value[:20])
    return value or None


def pinyin_of(name: str) -> tuple[str, str]:
    """Return the pinyin of a name and its initials, lower case, for searching."""
    full = "".join(lazy_pinyin(name)).lower().replace(" ", "")
    initials = "".join(part[:1] for part in lazy_pinyin(name, style=Style.NORMAL)).lower()
    return full, initials


def check_transition(before: Status, after: Status) -> None:
    """Refuse a change of employment status that cannot be (one probation per person: Labour Contract Law
    art. 19)."""
    allowed = {
        Status.PROBATION: {Status.PROBATION, Status.CONVERTED, Status.LEFT},
        Status.CONVERTED: {Status.CONVERTED, Status.LEFT},
        Status.LEFT: {Status.LEFT, Status.CONVERTED},
    }
    if after not in allowed[before]:
        raise DomainError(
            "没有保存：现在是“%(before)s”，不能改为“%(after)s”。同一员工只能有一次试用期，请改选其他状态。",
            before=STATUS_WORDS[before],
            after=STATUS_WORDS[after],
        )


def changed_fields(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return only the fields that a change names."""
    return {key: value for key, value in change.items() if value is not ...}


def ripple(history: Sequence[DatedState], on: date, change: Mapping[str, Any]) -> list[DatedState]:
    """Return the rows to add when ``change`` takes effect on ``on``.

    ``history`` holds the standing state of each day of change, oldest first. A later row keeps what it
    changed itself and takes over the rest, so that a transfer today is not undone by a conversion that was
    recorded for tomorrow. Raises ``LookupError`` when there is no state on ``on``.
    """
    earlier = [row for row in history if row.effective_from <= on]
    if not earlier:
        raise LookupError("no state on that day")
    before = earlier[-1].state
    added = [DatedState(on, replace(before, **change))]
    for later in (row for row in history if row.effective_from > on):
        own = {key for key in change if getattr(later.state, key) != getattr(before, key)}
        carried = {key: value for key, value in change.items() if key not in own}
        merged = replace(later.state, **carried)
        if own == set(change):
            break
        if merged != later.state:
            added.append(DatedState(later.effective_from, merged))
        before = later.state
        change = carried
    return added


def check_role(role: str, department_id: int | None, held: Iterable[str]) -> None:
    """Refuse a role that cannot be granted: implied, unknown, without its department, or not beside
    others."""
    others = set(held) - IMPLIED_ROLES - {role}
    if role not in ROLE_WORDS or role in IMPLIED_ROLES:
        raise DomainError("没有授予：“%(role)s”不是可以授予的角色。请从列表中选择。", role=role)
    if role in HEAD_ROLES and department_id is None:
        raise DomainError("没有授予：“%(role)s”要写明负责哪个部门。请选择部门后再试。", role=ROLE_WORDS[role])
    clash = others if role in EXCLUSIVE_ROLES else others & EXCLUSIVE_ROLES
    if clash:
        raise DomainError(
            "没有授予：“%(role)s”不能与“%(other)s”由同一个人担任（审计只读，不参与业务）。请先结束其中一个。",
            role=ROLE_WORDS[role],
            other=ROLE_WORDS.get(sorted(clash)[0], sorted(clash)[0]),
        )


def check_span(first: date, last: date, most_days: int) -> None:
    """Refuse an empty or overlong span of days, both ends included."""
    if last < first:
        raise DomainError("没有保存：结束日%(last)s早于开始日%(first)s。请改正日期。", first=first, last=last)
    if (last - first).days >= most_days:
        raise DomainError("没有保存：这一段超过%(most)s天。请分开登记。", most=most_days)


def check_contract(starts_on: date, ends_on: date | None, probation_end: date | None, fixed: bool) -> None:
    """Refuse contract dates that contradict each other. The longest probation is the labour-law chapter's
    matter."""
    if fixed and ends_on is None:
        raise DomainError("没有保存：固定期限合同要写明到期日。请补上。")
    if ends_on is not None and ends_on < starts_on:
        raise DomainError(
            "没有保存：合同到期日%(last)s早于开始日%(first)s。请改正日期。", first=starts_on, last=ends_on
        )
    if probation_end is None:
        return
    if probation_end < starts_on or (ends_on is not None and probation_end > ends_on):
        raise DomainError("没有保存：试用期截止日%(day)s不在合同期内。请改正日期。", day=probation_end)


def term_months(starts_on: date, ends_on: date | None) -> int | None:
    """Return the contract's term in whole months (last day included); ``None`` when it has no agreed end."""
    if ends_on is None:
        return None
    after = ends_on + timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return months if add_months(starts_on, months) <= after else months - 1


def month_days(month: date) -> list[date]:
    """Return the days of the month in which ``month`` lies."""
    first = month.replace(day=1)
    return [first + timedelta(days=offset) for offset in range((add_months(first, 1) - first).days)]


def differs(calendar: WorkCalendar, days: Iterable[date], wanted: Callable[[date], bool]) -> list[date]:
    """Return the days on which ``wanted`` says something else than the calendar."""
    return [day for day in days if calendar.is_working(day) != wanted(day)]
