"""Reading reports that a question is wrong."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.reports.facts import Report, Reported, ReportedPage, ReportPage
from cstrain.questions.reports.models import QuestionReport
from cstrain.questions.version_lines import version_lines

PAGE_SIZE = 30
MOST_SHOWN = 300
MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"

_OPEN = QuestionReport.answer.is_(None)


def report_of(row: QuestionReport) -> Report:
    """Return a stored report as others may see it."""
    return Report(
        row.id,
        row.question_id,
        row.version_id,
        PersonId(row.person_id),
        row.kind,
        row.text,
        row.reported_at,
        row.answer,
        row.answer_text,
        PersonId(row.answered_by) if row.answered_by else None,
        row.answered_at,
    )


def _place(page: int, total: int) -> tuple[int, int]:
    pages = max(1, -(-total // PAGE_SIZE))
    return min(max(1, page), pages), pages


def reports_by(person: PersonId, page: int = 1) -> ReportPage:
    """Return one page of somebody's own reports, the newest first (at most the last page)."""
    mine = QuestionReport.person_id == person
    total = session().scalar(sa.select(sa.func.count()).select_from(QuestionReport).where(mine)) or 0
    here, pages = _place(page, total)
    rows = session().scalars(
        sa.select(QuestionReport)
        .where(mine)
        .order_by(QuestionReport.id.desc())
        .limit(PAGE_SIZE)
        .offset((here - 1) * PAGE_SIZE)
    )
    found = [report_of(row) for row in rows]
    return ReportPage(found, version_lines({each.version_id for each in found}), here, pages, total)


def reported(page: int = 1) -> ReportedPage:
    """Return one page of the questions with open reports, those with the most reporters first."""
    total = (
        session().scalar(sa.select(sa.func.count(QuestionReport.question_id.distinct())).where(_OPEN)) or 0
    )
    here, pages = _place(page, total)
    people = sa.func.count(QuestionReport.person_id.distinct())
    rows = session().execute(
        sa.select(
            QuestionReport.question_id,
            sa.func.max(QuestionReport.version_id),
            sa.func.count(),
            people,
            sa.func.max(QuestionReport.reported_at, type_=QuestionReport.reported_at.type),
        )
        .where(_OPEN)
        .group_by(QuestionReport.question_id)
        .order_by(people.desc(), QuestionReport.question_id)
        .limit(PAGE_SIZE)
        .offset((here - 1) * PAGE_SIZE)
    )
    found = [Reported(*row) for row in rows]
    return ReportedPage(found, version_lines({each.version_id for each in found}), here, pages, total)


def reports_about(question_id: int) -> list[Report]:
    """Return the reports about a question: open ones first, then the latest; ``NotFoundError`` for none.

    Of very many answered ones the oldest are left out.
    """
    rows = session().scalars(
        sa.select(QuestionReport)
        .where(QuestionReport.question_id == question_id)
        .order_by(QuestionReport.answer.is_not(None), QuestionReport.id.desc())
        .limit(MOST_SHOWN)
    )
    found = [report_of(row) for row in rows]
    if not found:
        raise NotFoundError(MISSING)
    return found


def waiting_count(answerer: PersonId) -> int:
    """Return how many questions have an open report that is not somebody's own."""
    others = QuestionReport.person_id != answerer
    questions = sa.func.count(QuestionReport.question_id.distinct())
    return session().scalar(sa.select(questions).where(_OPEN, others)) or 0
