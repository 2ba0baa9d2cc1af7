"""One row of a file of monthly results: its cells against what is on record. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from cstrain.kernel.errors import DomainError
from cstrain.people.queries import staff_no_meant
from cstrain.performance import rules
from cstrain.performance.facts import METRICS, Standing
from cstrain.performance.month_columns import (
    DEDUCTIONS,
    GRADE,
    MONTH,
    NAME,
    NAME_OF_WORD,
    NEVER_SHARES,
    POINTS,
    STAFF_NO,
    is_nothing,
    read_month,
    read_number,
    read_word,
)
from cstrain.performance.policy import GRADES, PerformanceRules

Key = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, or worth knowing: row of the sheet (from 1), column, sentence, suggestion.

    ``message`` and ``hint`` are message ids with ``values``.
    """

    row: int
    column: str
    message: str
    hint: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Sentence and suggestion in Chinese."""
        return "".join(part % self.values if self.values else part for part in (self.message, self.hint))


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A row ready to be entered: metrics as text by name. ``state``: new, same, added or changed."""

    row: int
    staff_no: str
    name: str
    person_id: int
    month: str
    values: dict[str, str]
    grade: str | None
    deductions: int | None
    points: int | None
    state: str

    def plain(self) -> dict[str, Any]:
        """Return the row as JSON data."""
        return asdict(self)

    @property
    def on(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.month)


@dataclass(frozen=True, slots=True)
class Held:
    """What is on record of a month: metrics, grade and opening deductions."""

    values: Mapping[str, Decimal]
    grade: str | None
    deductions: int | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is checked against.

    ``staff``: id and name by number; ``standings``: by person and month, ``None`` where somebody was not
    employed on its last day; ``closed``: departments and months; ``held``: what counts now. ``rules``: the
    chapter of a month.
    """

    staff: Mapping[str, tuple[int, str]]
    standings: Mapping[Key, Standing | None]
    closed: frozenset[Key]
    held: Mapping[Key, Held]
    uploader: int
    today: date
    rules: Callable[[date | None], PerformanceRules]
    month: date | None
    reason: str = ""

    @property
    def opening(self) -> bool:
        """Whether the file holds several past months."""
        return self.month is None


class RowReader:
    """Reads one row and collects what is wrong in it."""

    def __init__(self, number: int, cells: Mapping[str, str], known: Known) -> None:
        self.number, self.cells, self.known = number, cells, known
        self.faults: list[Fault] = []

    def read(self, seen: dict[Key, int]) -> MonthRow | None:
        """Return the row, or ``None`` when something is wrong; ``seen`` notes rows by person and month."""
        person, month = self._person(), self._month()
        values = self._values()
        grade = self._grade(values, month)
        number, points = self._whole(DEDUCTIONS), self._whole(POINTS)
        self._paired(number, points)
        if person is None or month is None:
            return None
        key = (person[0], month)
        if key in seen:
            self._fault(STAFF_NO, "与第%(first)s行重复。", "同一个人同一个月只留一行。", first=seen[key])
        seen.setdefault(key, self.number)
        self._place_of(key)
        state = self._state(key, Held(values, grade, number, points))
        if self.faults:
            return None
        return MonthRow(
            self.number,
            staff_no_meant(self.cells.get(STAFF_NO, "")),
            person[1],
            person[0],
            month.isoformat(),
            {name: str(value) for name, value in values.items()},
            grade,
            number,
            points,
            state,
        )

    def _fault(self, column: str, message: str, hint: str = "", **values: Any) -> None:
        self.faults.append(Fault(self.number, column, message, hint, values))

    def _person(self) -> tuple[int, str] | None:
        staff_no, name = staff_no_meant(self.cells.get(STAFF_NO, "")), self.cells.get(NAME, "").strip()
        if not staff_no:
            self._fault(STAFF_NO, "没有填写。")
            return None
        found = self.known.staff.get(staff_no)
        if found is None:
            self._unknown(staff_no, name)
            return None
        if name and read_word(name) != read_word(found[1]):
            self._fault(NAME, "这个工号是另一位员工的。", "请核对工号和姓名。")
        if found[0] == self.known.uploader:
            self._fault(STAFF_NO, "不能录自己的绩效。", "请删去这一行，由别人导入。")
        return found

    def _unknown(self, staff_no: str, name: str) -> None:
        same = [number for number, (_id, known) in self.known.staff.items() if _same_name(known, name)]
        if len(same) == 1:
            hint = "名录里叫这个名字的人工号是%(guess)s。"
            self._fault(STAFF_NO, "名录里没有工号%(value)s。", hint, value=staff_no[:20], guess=same[0])
        else:
            self._fault(
                STAFF_NO, "名录里没有工号%(value)s。", "请核对，或先在人员里添加。", value=staff_no[:20]
            )

    def _month(self) -> date | None:
        text, wanted = self.cells.get(MONTH, ""), self.known.month
        if is_nothing(text):
            if wanted is None:
                self._fault(MONTH, "没有填写。", "请写成2026-09这样。")
            return wanted
        month = read_month(text)
        if month is None:
            self._fault(MONTH, "“%(value)s”不是月份。", "请写成2026-09这样。", value=text[:20])
            return None
        if wanted is not None and month != wanted:
            self._fault(MONTH, "与上传时选的月份不同。", "一次只导入一个月，请分开上传。")
            return None
        try:
            rules.check_month(month, self.known.today)
        except DomainError:
            self._fault(MONTH, "%(month)s还没有过完，或者太早。", "", month=text[:20])
            return None
        return month

    def _values(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for word, name in NAME_OF_WORD.items():
            value = self._number(word, name)
            if value is not None:
                found[name] = value
        try:
            return rules.checked_values(dict(found))
        except DomainError as error:
            self._fault("", error.message, "", **error.values)
            return found

    def _number(self, word: str, name: str) -> Decimal | None:
        text = self.cells.get(word, "")
        if is_nothing(text):
            return None
        value = read_number(text, METRICS[name].unit)
        if value is None:
            self._fault(word, "“%(value)s”不是数字。", "没有数据请留空。", value=text[:20])
            return None
        if name in NEVER_SHARES and "%" not in text and 0 < value <= 1:
            hint = "如果是%(guess)s%%，请写成%(guess)s。"
            guess = f"{(value * 100).normalize():f}"
            self._fault(word, "“%(value)s”太小，像是写成了小数。", hint, value=text[:20], guess=guess)
            return None
        try:
            return rules.checked_value(name, value)
        except DomainError as error:
            self._fault(word, error.message, "没有数据请留空。", **error.values)
            return None

    def _grade(self, values: Mapping[str, Decimal], month: date | None) -> str | None:
        text, chapter = self.cells.get(GRADE, ""), self.known.rules(month)
        given = None if is_nothing(text) else read_word(text).upper()
        if given is not None and given not in GRADES:
            earned = rules.grade_of(values["score"], chapter) if "score" in values else ""
            hint = "按考核分应填%(guess)s。" if earned else ""
            message = "写的是“%(value)s”，只能填S、A、B、C、D。"
            self._fault(GRADE, message, hint, value=text[:20], guess=earned)
            return None
        try:
            return rules.settled_grade(values.get("score"), given, chapter)
        except DomainError as error:
            self._fault(GRADE, error.message, "", **error.values)
            return None

    def _whole(self, column: str) -> int | None:
        text = self.cells.get(column, "")
        if not self.known.opening or is_nothing(text):
            return None
        value = read_number(text)
        if value is None or value != int(value) or not 0 <= value <= 100_000:
            self._fault(column, "“%(value)s”不是整数。", "没有数据请留空，没有扣分请写0。", value=text[:20])
            return None
        return int(value)

    def _paired(self, number: int | None, points: int | None) -> None:
        if (number is None) != (points is None):
            self._fault(POINTS, "扣分次数和扣分合计要一起填。", "没有扣分两格都写0。")
        elif (
            number is not None and points is not None and ((number == 0) != (points == 0) or points < number)
        ):
            self._fault(POINTS, "扣分次数和扣分合计对不上。", "每次至少扣1分，没有扣分两格都写0。")

    def _place_of(self, key: Key) -> None:
        standing = self.known.standings.get(key)
        if standing is None:
            self._fault(STAFF_NO, "这个月的最后一天不在职。", "请核对入职、离职日期，或删去这一行。")
        elif (standing.department_id, key[1]) in self.known.closed:
            self._fault(MONTH, "所在部门这个月已经关账。", "关账后的变动要提更正，由两个人完成。")

    def _state(self, key: Key, new: Held) -> str:
        if not self.faults and not new.values and new.grade is None and new.deductions is None:
            self._fault("", "这一行没有任何数据。", "请填写，或删去这一行。")
            return "new"
        had = self.known.held.get(key)
        if had is None:
            return "new"
        changed = changes(had, new)
        if changed and not self.known.reason:
            column = METRICS[changed[0]].word if changed[0] in METRICS else GRADE
            hint = "如果要改，请在上传时写明原因。"
            self._fault(column, "这个月已经登记过，和文件里的不同。", hint)
        whole = merged(had, new)
        if any(fault.column == GRADE for fault in self.faults):
            return "changed"  # said already: the grade on record beside the file's score is no second fault
        try:
            rules.settled_grade(whole.values.get("score"), whole.grade, self.known.rules(key[1]))
            rules.checked_values(dict(whole.values))
        except DomainError as error:
            self._fault(GRADE, error.message, "", **error.values)
        return "changed" if changed else "same" if whole == had else "added"


def _same_name(known: str, name: str) -> bool:
    return bool(name) and read_word(known) == read_word(name)


def changes(had: Held, new: Held) -> list[str]:
    """Return which known values a row would change, by name (``grade``: the grade; it follows the score)."""
    found = [name for name, value in new.values.items() if had.values.get(name, value) != value]
    if not found and new.grade is not None and had.grade is not None and new.grade != had.grade:
        found.append("grade")
    if not found and None not in (new.deductions, had.deductions):
        differs = (new.deductions, new.points) != (had.deductions, had.points)
        found += ["deductions"] if differs else []
    return found


def merged(had: Held, new: Held) -> Held:
    """Return what is on record with the row laid over it; empty cells take nothing away."""
    return Held(
        {**had.values, **new.values},
        new.grade or had.grade,
        new.deductions if new.deductions is not None else had.deductions,
        new.points if new.points is not None else had.points,
    )
