"""The staff file: columns with their synonyms, and the check of each cell. Pure.

Columns follow what Chinese companies use; all but name and staff number may be missing. A column with
passwords or identity numbers is refused: first passwords come by one-time link, identity numbers are not
needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from cstrain.kernel.errors import DomainError
from cstrain.people import rules
from cstrain.people.facts import ContractKind, Status
from cstrain.people.staff_columns import (
    COLUMNS,
    CONTRACTS,
    LEVELS,
    REFUSED_COLUMNS,
    STATUS,
    TRACKS,
    UNASSIGNED,
    column_of,
    read_date,
)

_HEAD_ROWS = 5


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in one cell: row of the sheet (from 1), column, sentence (message id) and its values."""

    row: int
    column: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in Chinese."""
        return self.message % self.values if self.values else self.message


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person of the file, ready to be entered; ``exists`` tells that the staff number is known."""

    row: int
    staff_no: str
    name: str
    department: str
    hire_date: str
    post: str = ""
    phone: str | None = None
    extension: str | None = None
    email: str | None = None
    level: str | None = None
    track: str | None = None
    status: str = "probation"
    mentor: str | None = None
    contract: dict[str, str | None] | None = None
    exists: bool = False

    def plain(self) -> dict[str, Any]:
        """Return the row as JSON data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Known:
    """What the file is checked against: staff numbers with names, a department finder, the default day."""

    staff: Mapping[str, str]
    find_department: Callable[[str], str | None]
    today: date
    may_add_departments: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: rows that may be entered, faults, notices, and departments that would be new."""

    rows: tuple[StaffRow, ...]
    faults: tuple[CellFault, ...]
    notices: tuple[CellFault, ...]
    new_departments: tuple[str, ...]

    @property
    def added(self) -> int:
        """How many people would be entered."""
        return sum(not row.exists for row in self.rows)

    @property
    def known(self) -> int:
        """How many rows name somebody who is on record."""
        return sum(row.exists for row in self.rows)


def check(table: Sequence[Sequence[str]], known: Known) -> Checked:
    """Check a staff file; the first of the top five rows that names a staff-number column is its head."""
    reader = _Reader(known)
    reader.read(table)
    rows = () if reader.faults else tuple(reader.rows)
    return Checked(rows, tuple(sorted(reader.faults, key=_place)), tuple(reader.notices), tuple(reader.new))


def _place(fault: CellFault) -> tuple[int, int]:
    names = list(COLUMNS)
    return fault.row, names.index(fault.column) if fault.column in names else len(names)


class _Reader:
    """Reads row by row and collects faults; nothing is used when there is one."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.rows: list[StaffRow] = []
        self.faults: list[CellFault] = []
        self.notices: list[CellFault] = []
        self.new: list[str] = []
        self._seen: dict[str, int] = {}
        self._row = 0
        self._cells: dict[str, str] = {}

    def read(self, table: Sequence[Sequence[str]]) -> None:
        """Read the whole table."""
        head, columns = self._head(table)
        if not columns:
            return
        for number, cells in enumerate(table[head + 1 :], start=head + 2):
            if any(cells):
                self._row = number
                self._cells = {
                    name: cells[index].strip() for index, name in columns.items() if index < len(cells)
                }
                self._person()
        if not self.rows and not self.faults:
            self._fault("", "表头下面没有员工。请填写后再上传。", row=head + 2)
        self._check_mentors()

    def _head(self, table: Sequence[Sequence[str]]) -> tuple[int, dict[int, str]]:
        for number, cells in enumerate(table[:_HEAD_ROWS]):
            named = {index: column_of(title) for index, title in enumerate(cells) if title}
            if "工号" in named.values() or "姓名" in named.values():
                return number, self._columns(number, cells, named)
        self._fault("", "没有找到表头。第一行应写列名，至少有“姓名”和“工号”。", row=1)
        return 0, {}

    def _columns(self, number: int, cells: Sequence[str], named: Mapping[int, str | None]) -> dict[int, str]:
        columns: dict[int, str] = {}
        for index, name in named.items():
            if name is None:
                self._note(cells[index], "这一列不导入。", row=number + 1)
            elif name in REFUSED_COLUMNS:
                self._fault(name, REFUSED_COLUMNS[name], row=number + 1)
            elif name in columns.values():
                self._fault(name, "这一列出现了两次。请只保留一列。", row=number + 1)
            else:
                columns[index] = name
        for name in ("姓名", "工号"):
            if name not in columns.values():
                self._fault(name, "缺少这一列。请补上后再上传。", row=number + 1)
        return columns

    def _fault(self, column: str, message: str, row: int | None = None, **values: Any) -> None:
        fault = CellFault(self._row if row is None else row, column, message, values)
        if fault not in self.faults[-9:]:  # a cell may be read twice; it is wrong once
            self.faults.append(fault)

    def _note(self, column: str, message: str, row: int | None = None, **values: Any) -> None:
        self.notices.append(CellFault(self._row if row is None else row, column, message, values))

    def _refused(self, column: str, error: DomainError) -> None:
        self.faults.append(CellFault(self._row, column, error.message, dict(error.values)))

    def _cell(self, column: str) -> str:
        return self._cells.get(column, "")

    def _person(self) -> None:
        staff_no = self._by_rule("工号", rules.normal_staff_no) if self._needed("工号") else None
        name = self._by_rule("姓名", rules.normal_name) if self._needed("姓名") else None
        exists = self._exists(staff_no, name)
        before = len(self.faults)
        contract = self._contract()
        row = StaffRow(
            row=self._row,
            staff_no=staff_no or "",
            name=name or "",
            department=self._department(exists=exists),
            hire_date=self._hire_date(exists=exists).isoformat(),
            post=self._cell("岗位")[:40],
            phone=self._by_rule("手机", rules.normal_phone),
            extension=self._by_rule("分机", rules.normal_extension),
            email=self._by_rule("邮箱", rules.normal_email),
            level=self._word("职级", LEVELS, trim="客服"),
            track=self._word("序列", TRACKS),
            status=self._status(),
            mentor=self._by_rule("导师工号", rules.normal_staff_no) if self._cell("导师工号") else None,
            contract=contract,
            exists=exists,
        )
        if staff_no and name and len(self.faults) == before:
            self.rows.append(row)

    def _needed(self, column: str) -> bool:
        if not self._cell(column):
            self._fault(column, "没有填写。")
        return bool(self._cell(column))

    def _by_rule(self, column: str, rule: Callable[[str], str | None]) -> str | None:
        try:
            return rule(self._cell(column))
        except DomainError as error:
            self._refused(column, error)
            return None

    def _exists(self, staff_no: str | None, name: str | None) -> bool:
        if staff_no is None:
            return False
        if staff_no in self._seen:
            self._fault("工号", "与第%(first)s行重复。", first=self._seen[staff_no])
            return False
        self._seen[staff_no] = self._row
        if staff_no not in self.known.staff:
            return False
        if name is not None and self.known.staff[staff_no] != name:
            self._fault("工号", "这个工号已经属于另一位员工。请核对工号和姓名。")
        return True

    def _department(self, *, exists: bool) -> str:
        wanted = [part.strip() for part in re.split(r"[|｜]", self._cell("部门")) if part.strip()]
        if len(wanted) > 1:
            self._note("部门", "写了几个部门，只记录第一个“%(name)s”。", name=wanted[0])
        if not wanted:
            if not exists:
                self._note("部门", "没有写部门，归入“%(name)s”。", name=UNASSIGNED)
            return UNASSIGNED
        path = f"{wanted[0]}-{self._cell('品牌/组')}" if self._cell("品牌/组") else wanted[0]
        for text in (path, wanted[0]):
            if (found := self.known.find_department(text)) is not None:
                return found
        return self._new_department(path)

    def _new_department(self, path: str) -> str:
        if not self.known.may_add_departments:
            self._fault(
                "部门", "没有“%(name)s”这个部门。请先由系统管理员新增，或改成已有的部门。", name=path[:60]
            )
        elif path not in self.new:
            self.new.append(path)
        return path

    def _hire_date(self, *, exists: bool) -> date:
        if not self._cell("入职日期"):
            if not exists:
                self._note(
                    "入职日期", "没有写入职日期，按今天%(day)s记录。", day=self.known.today.isoformat()
                )
            return self.known.today
        return self._day("入职日期") or self.known.today

    def _day(self, column: str) -> date | None:
        if not self._cell(column):
            return None
        day = read_date(self._cell(column))
        if day is None or not 1970 <= day.year <= 2100:
            self._fault(column, "“%(value)s”不是日期。请写成2026-11-20这样。", value=self._cell(column)[:20])
            return None
        return day

    def _word(self, column: str, words: Mapping[str, str], trim: str = "") -> str | None:
        text = (
            unicodedata.normalize("NFKC", self._cell(column)).upper().removesuffix(trim)
            if self._cell(column)
            else ""
        )
        if not text:
            return None
        if text not in words:
            allowed = "、".join(words)
            self._fault(column, "写的是“%(value)s”，只能填%(allowed)s。", value=text[:20], allowed=allowed)
            return None
        return str(words[text])

    def _status(self) -> str:
        text = self._cell("状态")
        if text not in STATUS:
            self._fault(
                "状态", "写的是“%(value)s”，只能填试用期、已转正（离职人员不导入）。", value=text[:20]
            )
        return str(STATUS.get(text, Status.PROBATION))

    def _contract(self) -> dict[str, str | None] | None:
        named = [name for name in ("合同类型", "合同开始", "合同到期", "试用期截止") if self._cell(name)]
        if not named:
            return None
        ends = self._day("合同到期")
        default = "固定期限" if ends else "无固定期限"
        if not self._cell("合同类型"):
            self._cells["合同类型"] = default
        kind = self._word("合同类型", CONTRACTS)
        starts = self._day("合同开始") or self._day("入职日期") or self.known.today
        probation_end = self._day("试用期截止")
        try:
            rules.check_contract(starts, ends, probation_end, kind == ContractKind.FIXED_TERM)
        except DomainError as error:
            self._refused(named[0], error)
        return {
            "kind": kind,
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat() if ends else None,
            "probation_end": probation_end.isoformat() if probation_end else None,
        }

    def _check_mentors(self) -> None:
        for row in self.rows:
            if row.mentor is None:
                continue
            if row.mentor == row.staff_no:
                self._fault("导师工号", "导师不能是本人。", row=row.row)
            elif row.mentor not in self.known.staff and row.mentor not in self._seen:
                self._fault("导师工号", "没有工号为%(staff_no)s的员工。", row=row.row, staff_no=row.mentor)
