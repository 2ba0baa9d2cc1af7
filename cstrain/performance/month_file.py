"""A file of monthly results: its head, its rows, the check of all of them. Pure.

Only the staff number is needed (and the month, in opening data). An empty cell is unknown, never zero. What
is known already and not changed is left alone; a known value that differs needs a reason for the whole file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cstrain.people.queries import staff_no_meant
from cstrain.performance.month_columns import (
    COLUMNS,
    DEDUCTIONS,
    MONTH,
    POINTS,
    STAFF_NO,
    column_of,
    is_sum,
    read_month,
)
from cstrain.performance.month_rows import Fault, Key, Known, MonthRow, RowReader

_HEAD_ROWS = 5
_SECRET = frozenset({"密码", "初始密码", "身份证号", "身份证号码", "身份证"})


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: rows that may be entered, faults, and what is worth knowing."""

    rows: tuple[MonthRow, ...]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its head found: columns by index, rows by number; ``faults``: what is wrong with it."""

    columns: Mapping[int, str]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]

    def months(self) -> set[date]:
        """Return every month the file names."""
        found = (read_month(cells.get(MONTH, "")) for _row, cells in self.rows)
        return {month for month in found if month is not None}

    def numbers(self) -> set[str]:
        """Return every staff number the file names, in capitals."""
        return {staff_no_meant(cells.get(STAFF_NO, "")) for _row, cells in self.rows}


def open_sheet(table: Sequence[Sequence[str]], *, opening: bool) -> Sheet:
    """Find the head in the first five rows and name the cells of each row by their columns."""
    for number, cells in enumerate(table[:_HEAD_ROWS]):
        named = {index: column_of(title) for index, title in enumerate(cells) if title}
        if STAFF_NO in named.values():
            return _sheet(table, number, named, opening=opening)
    missing = Fault(1, "", "没有找到表头。", "第一张表的前五行里要有列名，至少有“工号”。")
    return Sheet({}, (), (missing,), ())


def _sheet(
    table: Sequence[Sequence[str]], head: int, named: Mapping[int, str | None], *, opening: bool
) -> Sheet:
    columns: dict[int, str] = {}
    faults: list[Fault] = []
    notices: list[Fault] = []
    for index, name in named.items():
        title = table[head][index]
        if title.strip() in _SECRET:
            faults.append(Fault(head + 1, title, "这一列不需要。", "请删除这一列，以保护个人信息。"))
        elif name is None:
            notices.append(Fault(head + 1, title[:40], "这一列不导入。"))
        elif name in {DEDUCTIONS, POINTS} and not opening:
            notices.append(Fault(head + 1, name, "这一列不导入：扣分从扣分记录里来。"))
        elif name in columns.values():
            faults.append(Fault(head + 1, name, "这一列出现了两次。", "请只保留一列。"))
        else:
            columns[index] = name
    if opening and MONTH not in columns.values():
        faults.append(Fault(head + 1, MONTH, "缺少这一列。", "期初数据每行都要写月份，例如2026-09。"))
    rows, sums = _rows(table, head, columns)
    notices += sums
    if not rows:
        faults.append(Fault(head + 2, "", "表头下面没有内容。", "请填写后再上传。"))
    return Sheet(columns, tuple(rows), tuple(faults), tuple(notices))


def _rows(
    table: Sequence[Sequence[str]], head: int, columns: Mapping[int, str]
) -> tuple[list[tuple[int, Mapping[str, str]]], list[Fault]]:
    """Return the rows below the head, and a notice for each that only adds up others."""
    rows: list[tuple[int, Mapping[str, str]]] = []
    notices = []
    for number, cells in enumerate(table[head + 1 :], start=head + 2):
        row = {name: cells[index].strip() for index, name in columns.items() if index < len(cells)}
        if is_sum(row.get(STAFF_NO, "")) or (not row.get(STAFF_NO) and any(map(is_sum, cells))):
            notices.append(Fault(number, "", "这一行是合计，不导入。"))
        elif any(cells):
            rows.append((number, row))
    return rows, notices


def check(sheet: Sheet, known: Known) -> Checked:
    """Check every row; with one fault nothing may be entered."""
    faults, notices = list(sheet.faults), list(sheet.notices)
    rows: list[MonthRow] = []
    seen: dict[Key, int] = {}
    for number, cells in sheet.rows:
        reader = RowReader(number, cells, known)
        row = reader.read(seen)
        faults += reader.faults
        if row is not None:
            rows.append(row)
    faults.sort(key=_place)
    return Checked(() if faults else tuple(rows), tuple(faults), tuple(notices))


def _place(fault: Fault) -> tuple[int, int]:
    names = list(COLUMNS)
    return fault.row, names.index(fault.column) if fault.column in names else len(names)
