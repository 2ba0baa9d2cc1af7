"""A person's year as data of charts and tables, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext

from cstrain.kernel.ids import PersonId
from cstrain.performance import rules
from cstrain.performance.facts import METRICS, MonthFacts
from cstrain.performance.forms import METRIC_WORDS
from cstrain.performance.policy import GRADES, PerformanceRules
from cstrain.ui.charts import Line, Point
from cstrain.ui.filters import NOTHING, decimals, mark, short_month
from cstrain.ui.lanes import LaneMonth, Lanes

_WANTED_ZONE = 3
_WANTED_GRADE = "A"
_AMOUNT_WORDS = {
    "分": "%(n)s分",
    "%": "%(n)s%%",
    "次": "%(n)s次",
    "件": "%(n)s件",
    "分钟": "%(n)s分钟",
    "秒": "%(n)s秒",
    "元": "%(n)s元",
    "张": "%(n)s张",
    "个": "%(n)s个",
    "天": "%(n)s天",
    "条": "%(n)s条",
}
"""How a number is said with a metric's unit: points, tickets, ¥ before it or a word after it."""


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month of the year: its record, where one counts, and the person's brand rank among how many."""

    month: date
    record: MonthFacts | None
    rank: int | None = None
    of: int | None = None

    @property
    def label(self) -> str:
        """The month's short name."""
        return short_month(self.month)


@dataclass(frozen=True, slots=True)
class Year:
    """What the person page shows: months (oldest first), charts and the finding in words."""

    months: tuple[YearMonth, ...]
    lanes: Lanes
    lane_months: tuple[LaneMonth, ...]
    points: tuple[Point, ...]
    says: str

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return any(one.record is not None for one in self.months)

    @property
    def metrics(self) -> list[str]:
        """The metrics of which at least one month is known."""
        held = [one.record for one in self.months if one.record is not None]
        return [name for name in METRICS if any(name in record.values for record in held)]


def year(
    months: Sequence[date],
    records: Collection[MonthFacts],
    ranks: Mapping[tuple[int, date], Mapping[PersonId, int]],
    chapter: PerformanceRules,
    of_month: Callable[[date], PerformanceRules],
) -> Year:
    """Return a year from the records that count; months nobody entered stay empty.

    Each month is measured by the edition of its own last day, the line drawn is that of ``chapter``.
    """
    by_month = {one.month: one for one in records}
    rows = tuple(_month(month, by_month.get(month), ranks) for month in months)
    lanes = Lanes(
        gettext("绩效等级"), gettext("品牌分名次"), gettext("扣分"), GRADES, chapter.qualified, _WANTED_ZONE
    )
    return Year(
        rows,
        lanes,
        tuple(_lane(one, of_month(one.month)) for one in rows),
        _score_points(rows, of_month),
        _finding(rows),
    )


def qualified_line(chapter: PerformanceRules) -> Line:
    """Return the line of scores that are enough."""
    return Line(chapter.grades[chapter.qualified], gettext("合格线"))


def _month(
    month: date, record: MonthFacts | None, ranks: Mapping[tuple[int, date], Mapping[PersonId, int]]
) -> YearMonth:
    if record is None:
        return YearMonth(month, None)
    found = ranks.get((record.standing.department_id, month), {})
    return YearMonth(month, record, found.get(record.person_id), len(found) or None)


def _lane(one: YearMonth, chapter: PerformanceRules) -> LaneMonth:
    record = one.record
    if record is None:
        return LaneMonth(one.label, void=True)
    return LaneMonth(
        one.label,
        record.grade,
        one.rank,
        record.deductions,
        grade_met=record.grade is not None and rules.is_grade_at_least(record.grade, chapter.qualified),
        rank_met=one.rank is not None and one.rank <= _WANTED_ZONE,
        bad=bool(record.deductions and record.deductions > 1),
        void=record.standing.away,
    )


def _score_points(
    rows: Sequence[YearMonth], of_month: Callable[[date], PerformanceRules]
) -> tuple[Point, ...]:
    scores = [one.record.values.get("score") if one.record is not None else None for one in rows]
    points = []
    for one, score in zip(rows, scores, strict=True):
        chapter = of_month(one.month)
        words = mark(score, among=scores) if score is not None else ""
        points.append(Point(one.label, score, words, _meets(score, chapter.grades[chapter.qualified])))
    return tuple(points)


def _meets(score: Decimal | None, least: Decimal) -> bool:
    return score is not None and score >= least


def _finding(rows: Sequence[YearMonth]) -> str:
    held = [one.record for one in rows if one.record is not None]
    good = sum(
        1
        for record in held
        if record.grade is not None and rules.is_grade_at_least(record.grade, _WANTED_GRADE)
    )
    counts = [record.deductions for record in held if record.deductions is not None]
    places = [one.rank for one in rows if one.rank is not None]
    words = [gettext("%(of)s个月有记录，A级以上%(n)s个月。", of=len(held), n=good)]
    if places:
        words.append(gettext("品牌分最好第%(best)s名，最近第%(last)s名。", best=min(places), last=places[-1]))
    if counts:
        words.append(gettext("扣分共%(n)s次。", n=sum(counts)))
    return "".join(str(word) for word in words)


def number(value: Decimal) -> str:
    """Write a number without useless zeros."""
    return f"{value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize():,f}"


def plain(value: Decimal | None) -> Decimal | int | None:
    """Return a number for a table: whole ones without decimals."""
    return int(value) if value is not None and value == value.to_integral_value() else value


def amount(value: str, measure: str) -> str:
    """Write a number with a unit of :data:`METRICS` in the reader's language."""
    return str(gettext(_AMOUNT_WORDS[measure], n=value))


def unit(name: str) -> str:
    """Return the unit of a metric in the reader's language; nothing where the metric's word says it."""
    return amount("", METRICS[name].unit).strip()


def shown(name: str, value: Decimal | None, among: Iterable[Decimal | None] = ()) -> str:
    """Write a metric with its unit; unknown is a dash.

    ``among``: the other figures of its list, all with the same number of decimals.
    """
    if value is None:
        return NOTHING
    return amount(mark(value, among=among), METRICS[name].unit)


def lined_up(records: Iterable[MonthFacts | None]) -> Callable[[str, Decimal | None], str]:
    """Return the writer of metrics for a list of records: figures of one kind have the same decimals."""
    held = [one.values for one in records if one is not None]

    def write(name: str, value: Decimal | None) -> str:
        return shown(name, value, [values.get(name) for values in held])

    return write


def mean(value: Decimal | None) -> str:
    """Write a mean with one decimal; unknown is a dash."""
    return NOTHING if value is None else decimals(value, 1)


def change(name: str, text: str | None) -> str:
    """Write the new value of a correction."""
    if text is None:
        return str(gettext("删去"))
    return text if name == "grade" else shown(name, Decimal(text))


def word(name: str) -> str:
    """Return the word of a metric, or of the grade, in the reader's language."""
    return str(METRIC_WORDS[name] if name in METRIC_WORDS else gettext("绩效等级"))
