"""Results as pages show them: every number beside its name, a year of months as a chart with its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext

from cstrain.performance.reviews.facts import Outcome, ResultFacts, State, ViewLine
from cstrain.performance.reviews.policy import CUSTOMERS, MANAGER, PEERS, SELF, ReviewRules, ViewId
from cstrain.performance.reviews.rules import shown
from cstrain.ui.charts import Point
from cstrain.ui.filters import listing
from cstrain.ui.filters import month as month_word

STATE_WORDS = {"known": "已计入", "missing": "缺，未知", "withheld": "人数不够，不显示", "unused": "本次不用"}
STATE_KINDS = {"known": "ok", "missing": "ask", "withheld": "lock", "unused": "skip"}


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor of the table: its words, and its value in each view that has factors (``None``: none)."""

    group: str
    title: str
    hint: str
    cells: tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view of the table; weights and points with two decimals, and a sentence on where it comes from."""

    id: str
    title: str
    clause: str
    state: str
    mean: Decimal | None
    weight: Decimal
    counted: Decimal
    points: Decimal | None
    says: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as a page shows it."""

    total: Decimal | None
    low: Decimal
    high: Decimal
    views: tuple[ViewRow, ...]
    factors: tuple[FactorRow, ...]
    missing: str


def present(found: ResultFacts) -> Shown:
    """Return a result for its page."""
    outcome, rules = found.outcome, found.cycle.rules
    rows = tuple(_view(line, found) for line in outcome.lines)
    missing = listing(gettext(rules.view(view).title) for view in outcome.missing)
    total = None if outcome.total is None else shown(outcome.total)
    return Shown(total, shown(outcome.low), shown(outcome.high), rows, _factors(outcome, rules), missing)


def _view(line: ViewLine, found: ResultFacts) -> ViewRow:
    rules = found.cycle.rules
    view = rules.view(line.view)
    return ViewRow(
        line.view,
        gettext(view.title),
        gettext(view.clause),
        line.state.value,
        None if line.mean is None else shown(line.mean),
        shown(line.weight),
        shown(line.counted),
        None if line.points is None else shown(line.points),
        _says(line, found),
    )


def _says(line: ViewLine, found: ResultFacts) -> str:
    if line.view == PEERS:
        return _peers_say(line, found.cycle.rules)
    if line.view == CUSTOMERS:
        return _customers_say(line, found)
    if line.state is State.KNOWN:
        return ""
    words = {SELF: gettext("本人没有交自评表。"), MANAGER: gettext("上级没有交评价表。")}
    return str(words[line.view])


def _peers_say(line: ViewLine, rules: ReviewRules) -> str:
    if line.state is State.WITHHELD:
        return str(
            gettext(
                "请了%(asked)s位，答了%(n)s位，不到%(least)s位：不显示、不计分，权重按比例分给其他角度。",
                asked=line.asked,
                n=line.n,
                least=rules.peers.least,
            )
        )
    return str(gettext("请了%(asked)s位，答了%(n)s位，取平均。", asked=line.asked, n=line.n))


def _customers_say(line: ViewLine, found: ResultFacts) -> str:
    said, chapter = found.inputs.customers, found.cycle.rules.customers
    if said is None:
        return str(gettext("发起时选了不用客户评价，权重按比例分给其他角度。"))
    if said.csat is None:
        return str(gettext("这个月没有满意度，也没有人登记客户评价。"))
    source = said.source or gettext("月度记录和投诉登记")
    return str(
        gettext(
            "满意度%(csat)s；投诉%(n)s件（每件扣%(each)s分），重大投诉%(major)s件（每件扣%(grave)s分）。来源：%(source)s",
            csat=shown(said.csat),
            n=said.complaints - said.major,
            each=f"{chapter.complaint:f}",
            major=said.major,
            grave=f"{chapter.major:f}",
            source=source,
        )
    )


def _factors(outcome: Outcome, rules: ReviewRules) -> tuple[FactorRow, ...]:
    lines = [outcome.line(view) for view in (SELF, MANAGER, PEERS)]
    values = {line.view: {each.factor: each.mean for each in line.factors} for line in lines}
    return tuple(
        FactorRow(
            gettext(each.group),
            gettext(each.title),
            gettext(each.hint) if each.hint else "",
            tuple(_cells(each.id, values)),
        )
        for each in rules.factors
    )


def _cells(
    factor: str, values: Mapping[ViewId, Mapping[str, Fraction | None]]
) -> Iterator[tuple[str, Decimal | None]]:
    for view, means in values.items():
        mean = means.get(factor)
        yield view, None if mean is None else shown(mean)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of somebody's results."""

    month: date
    label: str
    place: str
    subject: int
    total: Decimal | None
    missing: str
    views: tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Year:
    """Somebody's latest results: rows of the table (newest last), points of the chart, and its sentence."""

    rows: tuple[MonthRow, ...]
    points: tuple[Point, ...]
    says: str


def year(results: Sequence[ResultFacts]) -> Year:
    """Return somebody's results over the months, oldest first."""
    rows = tuple(_month(each) for each in results)
    points = tuple(Point(row.label, row.total, "" if row.total is None else f"{row.total:f}") for row in rows)
    known = [row for row in rows if row.total is not None]
    if not known:
        return Year(rows, points, gettext("还没有总分：每个月都缺一个角度。") if rows else "")
    last = known[-1]
    says = gettext("最近一次有总分的是%(month)s，%(total)s分。", month=last.label, total=last.total)
    return Year(rows, points, str(says))


def _month(each: ResultFacts) -> MonthRow:
    found = present(each)
    return MonthRow(
        each.cycle.month,
        month_word(each.cycle.month),
        each.cycle.department_name,
        each.subject,
        found.total,
        found.missing,
        tuple((view.title, view.mean) for view in found.views),
    )
