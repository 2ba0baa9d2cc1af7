"""Reading reports with what was said to them, and which are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from cstrain.extensions import local_date, session, zone
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.performance.activities import rules, store
from cstrain.performance.activities.facts import Gap, Kind, Leading, Note, ReportFacts, Span
from cstrain.performance.activities.models import LeaderReport, LeaderReportNote
from cstrain.performance.activities.policy import PAGE_SIZE
from cstrain.performance.activities.queries.numbers import numbers_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows. ``leaders`` ``None``: everybody's. ``unread_by``: only what they did not read."""

    leaders: Collection[PersonId] | None = None
    kind: Kind | None = None
    departments: Collection[int] | None = None
    late: bool = False
    unread_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of a list: what is on it, how many there are, which page of how many."""

    rows: tuple[ReportFacts, ...]
    total: int
    page: int
    pages: int


def report(report_id: int) -> ReportFacts:
    """Return one report that was handed in; raises ``NotFoundError`` (also for a draft)."""
    row = session().get(LeaderReport, report_id)
    if row is None or row.submitted_at is None:
        raise NotFoundError(store.MISSING)
    return _facts([row])[0]


def find_report(leader: PersonId, department_id: int, span: Span) -> ReportFacts | None:
    """Return a leader's report or draft of a span, if there is one."""
    statement = sa.select(LeaderReport).where(
        LeaderReport.leader_id == leader,
        LeaderReport.department_id == department_id,
        LeaderReport.kind == span.kind,
        LeaderReport.first_day == span.first_day,
    )
    row = session().scalar(statement)
    return _facts([row])[0] if row is not None else None


def report_page(wanted: Wanted, page: int, size: int = PAGE_SIZE) -> ReportPage:
    """Return a page of the reports handed in, newest days first; three statements."""
    conditions = _conditions(wanted)
    total = session().scalar(sa.select(sa.func.count(LeaderReport.id)).where(*conditions)) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    ordered = sa.select(LeaderReport).where(*conditions)
    ordered = ordered.order_by(LeaderReport.first_day.desc(), LeaderReport.id.desc())
    rows = list(session().scalars(ordered.limit(size).offset((page - 1) * size)))
    return ReportPage(tuple(_facts(rows)), total, page, pages)


def unread_count(person: PersonId, leaders: Collection[PersonId] | None) -> int:
    """Return how many of these leaders' reports of the days looked back somebody has not read."""
    conditions = _conditions(Wanted(leaders, unread_by=person))
    return session().scalar(sa.select(sa.func.count(LeaderReport.id)).where(*conditions)) or 0


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [LeaderReport.submitted_at.is_not(None)]
    if wanted.leaders is not None:
        found.append(LeaderReport.leader_id.in_(wanted.leaders))
    if wanted.kind is not None:
        found.append(LeaderReport.kind == wanted.kind)
    if wanted.departments is not None:
        found.append(LeaderReport.department_id.in_(wanted.departments))
    if wanted.late:
        found.append(LeaderReport.late.is_(True))
    if wanted.unread_by is not None:
        said = sa.select(LeaderReportNote.id).where(
            LeaderReportNote.report_id == LeaderReport.id, LeaderReportNote.by_id == wanted.unread_by
        )
        found += [~said.exists(), LeaderReport.leader_id != wanted.unread_by]
    return found


def _facts(rows: Sequence[LeaderReport]) -> list[ReportFacts]:
    statement = (
        sa.select(LeaderReportNote)
        .where(LeaderReportNote.report_id.in_([row.id for row in rows]))
        .order_by(LeaderReportNote.id)
    )
    notes: dict[int, list[Note]] = {}
    for row in session().scalars(statement):
        one = Note(row.id, row.kind, PersonId(row.by_id), row.at, row.text)
        notes.setdefault(row.report_id, []).append(one)
    return [_report(row, tuple(notes.get(row.id, ()))) for row in rows]


def _report(row: LeaderReport, notes: tuple[Note, ...]) -> ReportFacts:
    return ReportFacts(
        id=row.id,
        span=Span(Kind(row.kind), row.first_day),
        leader=PersonId(row.leader_id),
        department_id=DepartmentId(row.department_id),
        edition=row.edition,
        said=dict(row.said),
        entered={code: Decimal(text) for code, text in row.entered.items()},
        numbers={code: _number(text) for code, text in row.numbers.items()},
        saved_at=row.saved_at,
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        late=bool(row.late),
        notes=notes,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def gaps(leading: Iterable[Leading], now: datetime) -> list[Gap]:
    """Return the reports that are owed and not handed in, the oldest first, of the days looked back.

    A fixed number of statements for any number of leaders. No report is owed before the chapter's first day.
    """
    every, chapter, today = list(leading), store.chapter(), local_date(now)
    plans = people.work_plans({one.leader for one in every})
    held = _held({one.leader for one in every}, today - timedelta(days=chapter.reports.look_back_days + 6))
    found: list[Gap] = []
    for span in rules.spans(chapter.reports, today):
        if span.first_day < store.chapter(span.first_day).effective_from:
            continue
        for one in every:
            key = (one.leader, one.department_id, span)
            if held.get(key) or not rules.is_expected(one, span, plans[one.leader]):
                continue
            due = rules.due_at(span, store.report_form(span), plans[one.leader], zone())
            found.append(Gap(one, span, due, now > due, key in held))
    return found


def _held(leaders: Collection[PersonId], since: date) -> dict[tuple[PersonId, int, Span], bool]:
    """Return which reports there are from a day on, and whether each was handed in."""
    statement = sa.select(LeaderReport).where(
        LeaderReport.leader_id.in_(leaders), LeaderReport.first_day >= since
    )
    return {
        (PersonId(row.leader_id), row.department_id, Span(Kind(row.kind), row.first_day)): (
            row.submitted_at is not None
        )
        for row in session().scalars(statement)
    }


def pulled(department_id: int, leader: PersonId, span: Span) -> dict[str, Decimal | None]:
    """Return the numbers the records give for a report now, by code in the form's order."""
    form = store.report_form(span)
    found = numbers_of(department_id, leader, span, form.numbers)
    return {name.value: found[name] for name in form.numbers}
