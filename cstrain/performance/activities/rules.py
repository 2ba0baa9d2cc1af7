"""Rules of reports, contests and titles: pure (docs/rules.md 7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import WorkPlan
from cstrain.performance.activities.facts import (
    Announcement,
    ContestFacts,
    Draft,
    Kind,
    Leading,
    Measure,
    Phase,
    Span,
    Standing,
    TitleFacts,
)
from cstrain.performance.activities.policy import Contests, ReportForm, Reports, TitleKind, Titles
from cstrain.performance.rules import is_grade_at_least, last_of, ranks

_PLACES = Decimal("0.0001")
_FAR = 31


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Return the first days of the months from one to another, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(add_months(first, ahead) for ahead in range(max(count, 0)))


# --- reports


def is_expected(leading: Leading, span: Span, plan: WorkPlan) -> bool:
    """Tell whether a report is owed: its leader led the group and was rostered on a day of the span."""
    days = [span.first_day + timedelta(days=n) for n in range((span.last_day - span.first_day).days + 1)]
    return any(plan.is_rostered(day) for day in days if leading.covers(Span(Kind.DAY, day)))


def spans(reports: Reports, today: date) -> Iterator[Span]:
    """Yield the days (today included) and the weeks that are over, of the days looked back, oldest first."""
    first = today - timedelta(days=reports.look_back_days)
    for back in range(reports.look_back_days, -1, -1):
        yield Span(Kind.DAY, today - timedelta(days=back))
    monday = week_of(first)
    while monday + timedelta(days=6) <= today:
        if monday + timedelta(days=6) >= first:
            yield Span(Kind.WEEK, monday)
        monday += timedelta(days=7)


def due_at(span: Span, form: ReportForm, plan: WorkPlan, zone: tzinfo) -> datetime:
    """Return until when a report is in time: the form's hour on the leader's next rostered day.

    Who is away for more than a month has until the 31st day after.
    """
    later = (span.last_day + timedelta(days=n) for n in range(1, _FAR + 1))
    day = next((one for one in later if plan.is_rostered(one)), span.last_day + timedelta(days=_FAR))
    return datetime.combine(day, time(form.due_hour), tzinfo=zone)


def check_span(span: Span, reports: Reports, today: date) -> None:
    """Refuse a week that does not begin on a Monday, a day ahead, a week not begun, and one too far back."""
    if span.kind is Kind.WEEK and span.first_day.weekday() != 0:
        raise DomainError("没有保存：周报从星期一算起，请选星期一。")
    if span.first_day > today:
        raise DomainError("没有保存：还没有到这一天，不能先写报告。")
    if (today - span.last_day).days > reports.look_back_days:
        raise DomainError("没有保存：超过%(n)s天的报告不再补。", n=reports.look_back_days)


def check_leads(leadings: Iterable[Leading], department_id: int, span: Span) -> None:
    """Refuse a report of a department that the writer did not lead in the span."""
    if not any(one.department_id == department_id and one.covers(span) for one in leadings):
        raise DomainError("没有保存：这段时间你不是这个部门的组长，不能写它的报告。")


def check_whole(draft: Draft, form: ReportForm) -> None:
    """Refuse to hand in a report that lacks a section the form requires; each is named."""
    empty = {one.code for one in form.sections if not draft.said.get(one.code, "").strip()}
    lacking = [one.title for one in form.sections if one.required and one.code in empty]
    if lacking:
        raise DomainError("没有交：还缺%(missing)s。请补齐后再交。", missing="、".join(lacking))


# --- contests


def check_announcement(one: Announcement, chapter: Contests, titles: Titles, today: date) -> None:
    """Refuse a contest that has begun, is too long, or whose metric, title, months or seats do not fit."""
    months = months_between(one.first_month, one.last_month)
    if one.metric not in chapter.metrics:
        raise DomainError("没有发布：这个指标不能用来评比，请另选一个。")
    kind = titles.kind(one.award)
    if kind is None or "contest" not in kind.by:
        raise DomainError("没有发布：这个称号不由评比产生，请另选一个。")
    if today >= one.first_month:
        raise DomainError("没有发布：办法要在开始以前公布，请把开始月份改到下个月或更晚。")
    if not 1 <= len(months) <= chapter.most_months:
        raise DomainError("没有发布：评比要有1到%(n)s个月，请改月份。", n=chapter.most_months)
    if one.measure is Measure.GAIN and len(months) < 2:
        raise DomainError("没有发布：比进步至少要两个月，请改月份。")
    if not chapter.least_months <= one.least_months <= len(months):
        raise DomainError(
            "没有发布：最少月数要在%(least)s到%(most)s之间。", least=chapter.least_months, most=len(months)
        )
    if not 1 <= one.seats <= chapter.most_seats:
        raise DomainError("没有发布：名额要在1到%(n)s之间。", n=chapter.most_seats)


def contest_value(
    values: Mapping[date, Decimal | None], months: Sequence[date], measure: Measure, least: int
) -> tuple[Decimal | None, str]:
    """Return what somebody reached over a contest's months, and why there is nothing where it is unknown.

    Mean: over the known months, at least ``least`` of them. Total: every month must be known, for a missing
    one is not nought. Gain: last month less first month. Rounded half up to four decimals.
    """
    known = [value for month in months if (value := values.get(month)) is not None]
    if measure is Measure.GAIN:
        first, last = values.get(months[0]), values.get(months[-1])
        return (None, "gap") if first is None or last is None else (_round(last - first), "")
    if measure is Measure.TOTAL and len(known) < len(months):
        return None, "gap"
    if len(known) < least:
        return None, "few"
    total = sum(known, Decimal(0))
    return _round(total if measure is Measure.TOTAL else total / len(known)), ""


def _round(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, rounding=ROUND_HALF_UP)


def standings(
    contest: ContestFacts,
    values: Mapping[PersonId, Mapping[date, Decimal | None]],
    left: Collection[PersonId],
) -> tuple[Standing, ...]:
    """Return everybody's place, the best first, then who has none with the reason; by id among equals.

    Ties share the better place, and whoever shares a place within the seats wins. Who announced the contest
    and who has left take no part.
    """
    said = contest.announced
    months = months_between(said.first_month, said.last_month)
    found: dict[PersonId, tuple[Decimal | None, str]] = {}
    for who, each in values.items():
        if who == contest.announced_by:
            found[who] = (None, "runs")
        elif who in left:
            found[who] = (None, "left")
        else:
            found[who] = contest_value(each, months, said.measure, said.least_months)
    sign = 1 if contest.more else -1
    place = ranks({who: None if value is None else sign * value for who, (value, _why) in found.items()})
    rows = [
        Standing(
            person=who,
            value=value,
            months=sum(values[who].get(month) is not None for month in months),
            rank=place.get(who),
            winner=place.get(who, said.seats + 1) <= said.seats,
            why=why,
        )
        for who, (value, why) in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.person)))


def plain(rows: Iterable[Standing]) -> list[dict[str, object]]:
    """Return standings as they are kept: numbers as text."""
    return [
        {
            "person": row.person,
            "value": None if row.value is None else str(row.value),
            "months": row.months,
            "rank": row.rank,
            "winner": row.winner,
            "why": row.why,
        }
        for row in rows
    ]


def digest(rows: Iterable[Standing]) -> str:
    """Return the SHA-256 of standings, so that a change of the records behind them is seen."""
    text = json.dumps(plain(rows), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def phase(contest: ContestFacts, today: date, *, closed: bool) -> Phase:
    """Return where a contest stands; ``closed``: each of its months is closed."""
    if contest.result is not None:
        return Phase.ENDED if contest.result.agreed else Phase.PROPOSED
    if today < contest.announced.first_month:
        return Phase.ANNOUNCED
    if today <= last_of(contest.announced.last_month):
        return Phase.RUNNING
    return Phase.READY if closed else Phase.COUNTING


def check_close(actor: PersonId, rows: Iterable[Standing], now: Phase) -> None:
    """Refuse to close what is not over and closed, a result nobody reached, and whoever stands in it."""
    if now is Phase.PROPOSED:
        raise ConflictError("没有提出：结果已经有人提出，等另一人确认。请刷新后再看。")
    if now is Phase.ENDED:
        raise ConflictError("没有提出：这次评比已经结束。请刷新后再看。")
    if now is not Phase.READY:
        raise DomainError("没有提出：评比的每个月都关账以后才能公布结果。")
    every = list(rows)
    check_outside(actor, every)
    if not any(row.winner for row in every):
        raise DomainError("没有提出：没有人有名次，缺的数据请先补上。")


def check_outside(actor: PersonId, rows: Iterable[Standing]) -> None:
    """Refuse whoever has a place in the standings."""
    if any(row.person == actor and row.rank is not None for row in rows):
        raise DomainError("没有保存：你参加了这次评比，结果要由不参加的人办。")


# --- titles


def check_title(kind: TitleKind | None, month: date, titles: Titles, today: date) -> TitleKind:
    """Return the title a proposal names; refuses another way, a month ahead or too far back."""
    if kind is None or "proposal" not in kind.by:
        raise DomainError("没有提名：这个称号不由提名产生，请另选一个。")
    if last_of(month) >= today:
        raise DomainError("没有提名：这个月还没有过完，过完再评。")
    if month < add_months(today.replace(day=1), -titles.months_back):
        raise DomainError("没有提名：最多评%(n)s个月以前的。", n=titles.months_back)
    return kind


def check_grade(kind: TitleKind, grade: str | None) -> None:
    """Refuse a title whose grade the month does not reach, or that nobody knows."""
    if kind.least_grade is None:
        return
    if grade is None:
        raise DomainError("没有提名：这个月的绩效等级还不知道，登记以后再提。")
    if not is_grade_at_least(grade, kind.least_grade):
        raise DomainError(
            "没有提名：%(title)s要绩效%(least)s级以上，这个月是%(grade)s级。",
            title=kind.title,
            least=kind.least_grade,
            grade=grade,
        )


def check_room(kind: TitleKind, held: int) -> None:
    """Refuse one more than a department has of a title in a month."""
    if kind.most is not None and held >= kind.most:
        raise DomainError(
            "没有提名：%(title)s一个部门一个月最多%(n)s人，已经够了。", title=kind.title, n=kind.most
        )


def check_answer(title: TitleFacts, actor: PersonId) -> None:
    """Refuse an answer by the person, by who proposed it, and a second one."""
    if actor == title.person:
        raise DomainError("没有保存：不能确认自己的称号，请交给别人。")
    if actor == title.proposed_by:
        raise DomainError("没有保存：这是你提的名，要由另一人确认。")
    if title.agreed is not None:
        raise ConflictError("没有保存：这个提名已经有答复。请刷新后再看。")
