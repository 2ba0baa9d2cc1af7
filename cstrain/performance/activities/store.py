"""The chapter in force, and rows of this room by key, locked where an act needs it."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from cstrain.extensions import Row, session
from cstrain.kernel.errors import NotFoundError
from cstrain.performance.activities.facts import Span
from cstrain.performance.activities.models import ContestResult, DepartmentContest, LeaderReport, TitleAward
from cstrain.performance.activities.policy import CHAPTER, ActivityRules, ReportForm
from cstrain.policies.loader import load, load_edition
from cstrain.unit_of_work import locked

R = TypeVar("R", bound=Row)

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def chapter(on: date | None = None) -> ActivityRules:
    """Return the chapter in force on a day, without one today."""
    return load(ActivityRules, CHAPTER, on)


def report_form(span: Span, edition: int | None = None) -> ReportForm:
    """Return what a report asks: of the edition it was written by, else of the one on its first day."""
    book = chapter(span.first_day) if edition is None else load_edition(ActivityRules, CHAPTER, edition)
    return book.reports.form(span.kind)


def _locked(table: type[R], row_id: int) -> R:
    row = session().scalar(locked(sa.select(table).where(table.id == row_id)))
    if row is None:
        raise NotFoundError(MISSING)
    return row


def locked_report(report_id: int) -> LeaderReport:
    """Return a report, locked; raises ``NotFoundError``."""
    return _locked(LeaderReport, report_id)


def locked_contest(contest_id: int) -> DepartmentContest:
    """Return a contest, locked; raises ``NotFoundError``."""
    return _locked(DepartmentContest, contest_id)


def locked_title(title_id: int) -> TitleAward:
    """Return a title, locked; raises ``NotFoundError``."""
    return _locked(TitleAward, title_id)


def locked_proposal(contest_id: int) -> ContestResult | None:
    """Return the result of a contest that waits for its answer, locked, if there is one."""
    wanted = sa.select(ContestResult).where(
        ContestResult.contest_id == contest_id, ContestResult.agreed.is_(None)
    )
    return session().scalar(locked(wanted))
