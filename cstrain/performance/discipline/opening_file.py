"""The file of opening sums: deductions of past months by person, checked cell by cell. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from cstrain.people.queries import staff_no_meant
from cstrain.performance.month_columns import read_word

COLUMNS: dict[str, tuple[str, ...]] = {
    "工号": ("员工编号", "员工号"),
    "姓名": ("员工姓名", "名字"),
    "月份": ("月", "统计月份"),
    "条数": ("扣分条数", "次数", "扣分次数"),
    "分数": ("扣分", "扣分合计", "总分"),
}
"""Columns with their synonyms; the name may be missing, and is compared where it is there."""

_NEEDED = ("工号", "月份", "条数", "分数")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*月|[-/.]\d{1,2})?")
_WHOLE = re.compile(r"\d{1,5}")
_HEAD_ROWS = 5


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in one cell: row of the sheet (from 1), column, sentence (message id) and its values."""

    row: int
    column: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the fault as JSON data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A month of a person, ready to be entered. ``month``: its first day in ISO form."""

    row: int
    staff_no: str
    month: str
    number: int
    points: int

    def plain(self) -> dict[str, Any]:
        """Return the row as JSON data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: what may be entered (nothing when there are faults), and what is wrong."""

    rows: tuple[OpeningRow, ...]
    faults: tuple[CellFault, ...]


def check(
    table: Sequence[Sequence[str]], staff: Mapping[str, str], today: date, own: str | None = None
) -> Checked:
    """Check a file against the names by staff number; ``own``: the number of whoever brings it in.

    Refuses unknown people, another name, a month that is not over, sums that contradict each other, the
    same month of a person twice, and one's own.
    """
    head, columns, faults = _head(table)
    if faults:
        return Checked((), faults)
    reader = _Reader(columns, staff, today, own)
    for number, cells in enumerate(table[head + 1 :], start=head + 2):
        if any(cells):
            reader.read(number, cells)
    if not reader.rows and not reader.faults:
        reader.faults.append(CellFault(head + 2, "", "表头下面没有数据。请填写后再上传。"))
    return Checked(() if reader.faults else tuple(reader.rows), tuple(reader.faults))


def _column_of(title: str) -> str | None:
    wanted = read_word(title).removesuffix("*")
    return next((name for name, others in COLUMNS.items() if wanted == name or wanted in others), None)


def _head(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int], tuple[CellFault, ...]]:
    for number, cells in enumerate(table[:_HEAD_ROWS]):
        named = {name: index for index, title in enumerate(cells) if (name := _column_of(title)) is not None}
        if "工号" in named:
            lacking = [name for name in _NEEDED if name not in named]
            message = "缺少这一列。请补上后再上传。"
            return number, named, tuple(CellFault(number + 1, name, message) for name in lacking)
    return 0, {}, (CellFault(1, "", "没有找到表头。第一行应写列名：工号、月份、条数、分数。"),)


class _Reader:
    """Reads row by row and collects faults."""

    def __init__(
        self, columns: Mapping[str, int], staff: Mapping[str, str], today: date, own: str | None
    ) -> None:
        self._columns, self._staff, self._today, self._own = columns, staff, today, own
        self._seen: dict[tuple[str, str], int] = {}
        self._row = 0
        self.rows: list[OpeningRow] = []
        self.faults: list[CellFault] = []

    def read(self, number: int, cells: Sequence[str]) -> None:
        """Read one row."""
        self._row = number
        values = {name: cells[index].strip() for name, index in self._columns.items() if index < len(cells)}
        staff_no = self._person(values)
        month = self._month(values.get("月份", ""))
        count, points = self._whole("条数", values), self._whole("分数", values)
        if staff_no is None or month is None or count is None or points is None:
            return
        if points < count or (count == 0) != (points == 0):
            self._fault("分数", "条数和分数对不上：每条至少1分，没有扣分的月份两项都填0。")
            return
        first = self._seen.setdefault((staff_no, month), number)
        if first != number:
            self._fault("月份", "这个人这个月在第%(row)s行已经有了。请只留一行。", row=first)
            return
        self.rows.append(OpeningRow(number, staff_no, month, count, points))

    def _fault(self, column: str, message: str, **values: Any) -> None:
        self.faults.append(CellFault(self._row, column, message, values))

    def _person(self, values: Mapping[str, str]) -> str | None:
        number = staff_no_meant(values.get("工号", ""))
        name = self._staff.get(number)
        if name is None:
            self._fault("工号", "没有这个工号，或者不能由你导入。请核对。")
        elif number == self._own:
            self._fault("工号", "不能导入自己的扣分，请交给别人。")
        elif values.get("姓名") and read_word(values["姓名"]) != read_word(name):
            self._fault("姓名", "姓名和工号对不上。请核对。")
        else:
            return number
        return None

    def _month(self, text: str) -> str | None:
        found = _MONTH.fullmatch(read_word(text))
        if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1950:
            self._fault("月份", "这不是月份，请写成2025-11这样。")
            return None
        month = date(int(found[1]), int(found[2]), 1)
        if month >= self._today.replace(day=1):
            self._fault("月份", "这个月还没有结束，不能导入。")
            return None
        return month.isoformat()

    def _whole(self, column: str, values: Mapping[str, str]) -> int | None:
        text = read_word(values.get(column, ""))
        if not _WHOLE.fullmatch(text):
            self._fault(column, "请填整数；没有扣分填0，不清楚就不要写这一行。")
            return None
        return int(text)


def template_rows() -> list[list[str | int]]:
    """Return the head of an empty file and one example."""
    return [list(COLUMNS), ["K0001", "张三", "2025-11", 2, 25]]
