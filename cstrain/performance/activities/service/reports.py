"""Writing a report, handing it in, adding to it; reading it and commenting on it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session, zone
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance.activities import queries, rules, store
from cstrain.performance.activities.facts import Draft, Span
from cstrain.performance.activities.models import LeaderReport, LeaderReportNote
from cstrain.performance.activities.policy import ReportForm
from cstrain.unit_of_work import flush_unique, locked

_LIST = "/activities/reports"
_NEW = Bundle("leader_report", "有%(n)s份班组报告等你看。", _LIST)


def keep(actor: PersonId, now: datetime, department_id: int, span: Span, draft: Draft) -> int:
    """Keep what a leader has written so far; returns the report's id.

    Refuses a department they did not lead then, a span ahead or too far back, and a report handed in.
    """
    return _kept(actor, now, department_id, span, draft).id


def submit(actor: PersonId, now: datetime, department_id: int, span: Span, draft: Draft) -> int:
    """Hand a report in with the numbers of the records as they are now; returns its id.

    It is marked late after its time; nothing of it changes afterwards. The nearest superior is told.
    """
    row = _kept(actor, now, department_id, span, draft)
    form = store.report_form(span)
    rules.check_whole(draft, form)
    numbers = queries.pulled(department_id, actor, span)
    row.numbers = {code: None if value is None else str(value) for code, value in numbers.items()}
    row.due_at = rules.due_at(span, form, people.work_plan(actor), zone())
    row.submitted_at, row.late = now, now > row.due_at
    session().flush()
    record(
        actor,
        "report.submit",
        f"leader-report:{row.id}",
        report=str(span.kind),
        day=span.first_day.isoformat(),
        late=row.late,
    )
    above = people.supervisor_of(actor, local_date(now))
    if above is not None:
        notify(above, "有一份班组报告等你看。", url=_page(row), now=now, bundle=_NEW)
    return row.id


def _kept(actor: PersonId, now: datetime, department_id: int, span: Span, draft: Draft) -> LeaderReport:
    chapter = store.chapter()
    rules.check_leads(queries.leadings_of(actor), department_id, span)
    rules.check_span(span, chapter.reports, local_date(now))
    form, edition = store.report_form(span), store.chapter(span.first_day).edition
    row = _own(actor, department_id, span)
    if row is None:
        row = LeaderReport(
            kind=span.kind,
            leader_id=actor,
            department_id=department_id,
            first_day=span.first_day,
            edition=edition,
            numbers={},
        )
        session().add(row)
    elif row.submitted_at is not None:
        raise ConflictError("没有保存：这份报告已经交了，不能再改。要补充的请写在补充说明里。")
    row.said, row.entered = _said(draft, form), _entered(draft, form)
    row.edition, row.saved_at = edition, now
    flush_unique("没有保存：这份报告刚在另一页开始写。请刷新后再写。")
    return row


def _own(actor: PersonId, department_id: int, span: Span) -> LeaderReport | None:
    statement = sa.select(LeaderReport).where(
        LeaderReport.leader_id == actor,
        LeaderReport.department_id == department_id,
        LeaderReport.kind == span.kind,
        LeaderReport.first_day == span.first_day,
    )
    return session().scalar(locked(statement))


def _said(draft: Draft, form: ReportForm) -> dict[str, str]:
    return {one.code: draft.said.get(one.code, "").strip() for one in form.sections}


def _entered(draft: Draft, form: ReportForm) -> dict[str, str]:
    given: dict[str, Decimal | None] = {one.code: draft.entered.get(one.code) for one in form.entered}
    return {code: f"{value.normalize():f}" for code, value in given.items() if value is not None}


def mark_read(actor: PersonId, now: datetime, report_id: int) -> None:
    """Note that a superior has read a report; doing it twice is doing it once. Refuses its leader."""
    row = _submitted(report_id)
    _check_other(row, actor)
    if any(one.kind == "read" and one.by == actor for one in queries.report(report_id).notes):
        raise ConflictError("这份报告你已经标过已读。请刷新后再看。")
    _note(row, actor, now, "read", "")
    record(actor, "report.read", f"leader-report:{row.id}")


def comment(actor: PersonId, now: datetime, report_id: int, text: str) -> None:
    """Say something to a report as a superior; its leader is told. Refuses its leader.

    The same words sent again (a button pressed twice) are kept once.
    """
    row = _submitted(report_id)
    _check_other(row, actor)
    if _has_said(row, actor, "comment", text):
        return
    _note(row, actor, now, "comment", text)
    record(actor, "report.comment", f"leader-report:{row.id}")
    message = "你%(day)s的报告有新的批注。"
    notify(PersonId(row.leader_id), message, values={"day": row.first_day}, url=_page(row), now=now)


def add(actor: PersonId, now: datetime, report_id: int, text: str) -> None:
    """Add to a report that was handed in; it stays as it is. Whoever read it is told. Only its leader.

    The same words sent again (a button pressed twice) are kept once.
    """
    row = _submitted(report_id)
    if row.leader_id != actor:
        raise DomainError("没有保存：补充说明只能由写报告的人写。")
    if _has_said(row, actor, "addition", text):
        return
    readers = {one.by for one in queries.report(report_id).notes} - {actor}
    _note(row, actor, now, "addition", text)
    record(actor, "report.add", f"leader-report:{row.id}")
    for reader in sorted(readers):
        message = "你看过的一份报告（%(day)s）有补充说明。"
        notify(reader, message, values={"day": row.first_day}, url=_page(row), now=now)


def _submitted(report_id: int) -> LeaderReport:
    row = store.locked_report(report_id)
    queries.report(report_id)
    return row


def _check_other(row: LeaderReport, actor: PersonId) -> None:
    if row.leader_id == actor:
        raise DomainError("没有保存：自己的报告由上级来看，要补充请写补充说明。")


def _has_said(row: LeaderReport, actor: PersonId, kind: str, text: str) -> bool:
    """Tell whether somebody has said these words to a report already; the report is locked."""
    table = LeaderReportNote
    same = sa.select(table.id).where(
        table.report_id == row.id, table.by_id == actor, table.kind == kind, table.text == text.strip()
    )
    return session().scalar(same.limit(1)) is not None


def _note(row: LeaderReport, actor: PersonId, now: datetime, kind: str, text: str) -> None:
    session().add(
        LeaderReportNote(
            report_id=row.id, leader_id=row.leader_id, kind=kind, by_id=actor, text=text.strip(), at=now
        )
    )
    flush_unique("这份报告你已经标过已读。请刷新后再看。")


def _page(row: LeaderReport) -> str:
    return f"{_LIST}/{row.id}"
