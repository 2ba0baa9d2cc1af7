"""The chat file: columns with their synonyms, and the check of each line. Pure.

A row is a line of a transcript; rows with the same channel and number are one chat. What identifies a
customer is masked here, before anything is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cstrain.kernel.errors import DomainError
from cstrain.people.queries import staff_no_meant
from cstrain.performance.quality import rules
from cstrain.performance.quality.facts import CellFault, Line, Who
from cstrain.performance.quality.policy import MOST_TEXT

COLUMNS: dict[str, tuple[str, ...]] = {
    "会话编号": ("会话id", "会话号", "会话序号", "聊天编号"),
    "客服工号": ("工号", "坐席工号", "员工工号"),
    "渠道": ("平台", "店铺", "来源"),
    "顾客": ("客户", "买家", "顾客昵称", "客户昵称", "买家昵称"),
    "贵宾": ("vip", "是否贵宾", "是否vip"),
    "说话人": ("发言人", "发送人", "角色", "发送方"),
    "时间": ("发送时间", "消息时间", "发言时间"),
    "内容": ("消息", "消息内容", "发言内容", "文字"),
}
NEEDED = ("会话编号", "客服工号", "说话人", "时间", "内容")
SPEAKERS = {
    Who.AGENT: ("客服", "坐席", "卖家", "商家", "agent"),
    Who.CUSTOMER: ("顾客", "客户", "买家", "用户", "customer"),
    Who.SYSTEM: ("系统", "机器人", "system"),
}
SPEAKER_WORDS = "、".join(words[0] for words in SPEAKERS.values())
EXAMPLE = "09:01:05 顾客 你好"
"""A line of a chat as it is typed by hand."""
_TOO_LONG = "没有内容，或超过%(most)s个字。图片请写成%(picture)s。"
_YES = frozenset({"是", "贵宾", "vip", "1", "true", "y", "yes"})
_NO = frozenset({"", "否", "普通", "0", "false", "n", "no"})
_HEAD_ROWS = 5
_MOST_FAULTS = 200
_MOST_WORD = 80
_MOMENT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T ]+"
    r"(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?(?:\.\d+)?)?分?"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""What a table holds of a moment that is exactly midnight."""
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a day of Excel's calendar, in no zone
_SERIAL = re.compile(r"[2-5]\d{4}\.\d+")


@dataclass(frozen=True, slots=True)
class Known:
    """What a check needs of what is on record: people by staff number, who uploads, the hour, the zone."""

    staff: Mapping[str, int]
    uploader: int
    now: datetime
    zone: ZoneInfo


@dataclass(slots=True)
class Checked:
    """The chats of a file as plain data, ready to be kept, and what is wrong."""

    chats: list[dict[str, Any]] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    lines: int = 0


def column_of(title: str) -> str | None:
    """Return the column that a title means: case, width, spaces, stars and brackets do not matter."""
    plain = unicodedata.normalize("NFKC", title)
    plain = re.sub(r"[（(].*?[)）]|[\s*:：]", "", plain).lower()
    return next((name for name, more in COLUMNS.items() if plain in {name, *more}), None)


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant a cell means (2026-11-20 09:01:05, 2026/11/20 9:01, Excel's number), or ``None``.

    What the cell says is the company's time; seconds may be missing.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.fullmatch(plain):
        days, rest = plain.split(".")
        seconds = round(float(f"0.{rest}") * 86_400)
        return (_EPOCH + timedelta(days=int(days), seconds=seconds)).replace(tzinfo=zone).astimezone(UTC)
    match = _MOMENT.fullmatch(plain)
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        found = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return found.astimezone(UTC) if 2000 <= found.year <= 2100 else None


def speaker_of(text: str) -> Who | None:
    """Return who a word means, or ``None``."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return next((who for who, words in SPEAKERS.items() if plain in words), None)


def finished(chat: dict[str, Any]) -> dict[str, Any]:
    """Return a chat whose lines stand in the order of time, with its span and a digest of what it says."""
    lines = sorted(chat["lines"], key=lambda line: line[1])
    whole = {**chat, "lines": lines, "started_at": lines[0][1], "ended_at": lines[-1][1]}
    said = {name: whole[name] for name in ("agent_id", "channel", "code", "customer", "vip", "lines")}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return {**whole, "digest": hashlib.sha256(text.encode()).hexdigest()}


def company_day(at: str, zone: ZoneInfo) -> date:
    """Return the company's day of an instant in ISO text."""
    return datetime.fromisoformat(at).astimezone(zone).date()


def check(rows: Sequence[Sequence[str]], known: Known) -> Checked:
    """Check the rows of a chat file (row 1 first). Faults name row and column; nothing is kept then."""
    reader = _Reader(known)
    head = next((n for n, row in enumerate(rows[:_HEAD_ROWS]) if _is_head(row)), None)
    if head is None:
        reader.fault(1, "", "没有找到表头。表头要有%(columns)s。", columns="、".join(NEEDED))
        return reader.found
    columns = {name: n for n, title in enumerate(rows[head]) if (name := column_of(title)) is not None}
    lacking = [name for name in NEEDED if name not in columns]
    if lacking:
        reader.fault(head + 1, "", "缺少这些列：%(columns)s。请补上表头。", columns="、".join(lacking))
        return reader.found
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if any(row):
            reader.read(number, {name: row[n].strip() for name, n in columns.items()})
        if len(reader.found.faults) >= _MOST_FAULTS:
            break
    return reader.close()


def _is_head(row: Sequence[str]) -> bool:
    return sum(column_of(title) is not None for title in row) >= 3


class _Reader:
    """Reads line after line; a chat's agent, customer and rank may stand in its first row only."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.found = Checked()
        self._chats: dict[tuple[str, str], dict[str, Any]] = {}
        self._row, self._cells = 0, dict[str, str]()

    def fault(self, row: int, column: str, message: str, **values: Any) -> None:
        self.found.faults.append(CellFault(row, column, message, values))

    def _wrong(self, column: str, message: str, **values: Any) -> None:
        self.fault(self._row, column, message, value=self._cells.get(column, "")[:20], **values)

    def read(self, row: int, cells: dict[str, str]) -> None:
        self._row, self._cells = row, cells
        self.found.lines += 1
        code = cells["会话编号"]
        if not code or len(code) > _MOST_WORD:
            self._wrong("会话编号", "没有会话编号，或超过80个字。请补上，同一通会话的每一行都要写。")
            return
        key = (cells.get("渠道", "")[:_MOST_WORD], code)
        chat = self._chats.get(key) or self._begin(key)
        if chat is None:
            return
        self._same_agent(chat)
        if (line := self._line()) is not None:
            chat["lines"].append(line)
            chat["timed"] = chat["timed"] or _DAY.fullmatch(cells["时间"]) is None

    def _begin(self, key: tuple[str, str]) -> dict[str, Any] | None:
        agent = self.known.staff.get(staff_no_meant(self._cells["客服工号"]))
        if agent is None:
            self._wrong("客服工号", "没有工号为“%(value)s”的员工。请核对。")
            return None
        if agent == self.known.uploader:
            self._wrong("客服工号", "这是你自己的会话，不能由你导入。请由别人导入。")
            return None
        self._chats[key] = {
            "row": self._row,
            "channel": key[0],
            "code": key[1],
            "agent_id": agent,
            "customer": rules.mask_customer(self._cells.get("顾客", "")),
            "vip": self._vip(),
            "lines": [],
            "timed": False,
        }
        return self._chats[key]

    def _vip(self) -> bool:
        word = unicodedata.normalize("NFKC", self._cells.get("贵宾", "")).lower()
        if word not in _YES | _NO:
            self._wrong("贵宾", "写的是“%(value)s”，只能填%(allowed)s。", allowed="是、否")
        return word in _YES

    def _same_agent(self, chat: Mapping[str, Any]) -> None:
        number = self._cells["客服工号"]
        if number and self.known.staff.get(staff_no_meant(number)) != chat["agent_id"]:
            self._wrong("客服工号", "同一通会话写了两个客服工号。转接的会话请分别编号。")

    def _line(self) -> list[str] | None:
        who = speaker_of(self._cells["说话人"])
        at = self._moment()
        text = self._cells["内容"]
        if who is None:
            self._wrong("说话人", "写的是“%(value)s”，只能填%(allowed)s。", allowed=SPEAKER_WORDS)
        if at is None:
            self._wrong("时间", "“%(value)s”不是时间。请写成2026-11-20 09:01:05这样。")
        elif at > self.known.now:
            self._wrong("时间", "“%(value)s”还没有到。请核对日期。")
            at = None
        if not text or len(text) > MOST_TEXT:
            self._wrong("内容", _TOO_LONG, most=MOST_TEXT, picture="[图片]")
            text = ""
        return [who.value, at.isoformat(), rules.mask_text(text)] if who and at and text else None

    def _moment(self) -> datetime | None:
        text = self._cells["时间"]
        return read_moment(f"{text} 00:00" if _DAY.fullmatch(text) else text, self.known.zone)

    def close(self) -> Checked:
        """Finish every chat; one of which every line is at midnight only has days, and is wrong."""
        if not self._chats and not self.found.faults:
            self.fault(1, "", "表里只有表头，没有会话。请检查是不是选错了文件。")
        for chat in self._chats.values():
            if chat["lines"] and not chat.pop("timed"):
                message = "“%(value)s”不是时间。请写成2026-11-20 09:01:05这样。"
                self.fault(chat["row"], "时间", message, value=_day_of(chat, self.known.zone))
            elif chat["lines"]:
                self.found.chats.append(finished(chat))
        return self.found


def _day_of(chat: Mapping[str, Any], zone: ZoneInfo) -> str:
    return company_day(chat["lines"][0][1], zone).isoformat()


def typed_lines(text: str, day: date, zone: ZoneInfo) -> tuple[Line, ...]:
    """Return the lines of a chat typed by hand, each ``09:01:05 顾客 你好`` of a company day.

    Raises ``DomainError`` that names the first line which is not.
    """
    found = []
    for number, row in enumerate(filter(str.strip, text.splitlines()), start=1):
        parts = row.split(maxsplit=2)
        at = read_moment(f"{day.isoformat()} {parts[0]}", zone)
        who = speaker_of(parts[1]) if len(parts) > 2 else None
        if at is None or who is None or len(parts[2]) > MOST_TEXT:
            raise DomainError(
                "没有保存：第%(n)s句读不懂。每句写成“%(example)s”，说话人写%(words)s。",
                n=number,
                example=EXAMPLE,
                words=SPEAKER_WORDS,
            )
        found.append(Line(who, at, parts[2].strip()))
    return tuple(found)


def template_rows() -> list[list[str]]:
    """Return the rows of an empty chat file with one example, for download."""
    head = [f"{name}*" if name in NEEDED else name for name in COLUMNS]
    said = (
        ("顾客", "2026-11-20 09:01:05", "你好，这款沙发有货吗"),
        ("客服", "2026-11-20 09:01:19", "您好，有货的，今天下单明天发出"),
    )
    return [head, *(["A0001", "HM022", "旺旺", "小河", "否", *line] for line in said)]
