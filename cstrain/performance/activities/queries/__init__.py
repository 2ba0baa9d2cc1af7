"""Reads of reports, contests and titles; never writes."""

from cstrain.performance.activities.queries.contests import (
    ContestPage,
    contest,
    contest_page,
    open_contests,
    phase_of,
    phases,
    standings,
    unclosed,
)
from cstrain.performance.activities.queries.places import leadings, leadings_of, places
from cstrain.performance.activities.queries.reports import (
    ReportPage,
    Wanted,
    find_report,
    gaps,
    pulled,
    report,
    report_page,
    unread_count,
)
from cstrain.performance.activities.queries.titles import (
    TitlePage,
    held,
    latest_month,
    of_contest,
    title,
    title_page,
    waiting_titles,
    wall,
)

__all__ = [
    "ContestPage",
    "ReportPage",
    "TitlePage",
    "Wanted",
    "contest",
    "contest_page",
    "find_report",
    "gaps",
    "held",
    "latest_month",
    "leadings",
    "leadings_of",
    "of_contest",
    "open_contests",
    "phase_of",
    "phases",
    "places",
    "pulled",
    "report",
    "report_page",
    "standings",
    "title",
    "title_page",
    "unclosed",
    "unread_count",
    "waiting_titles",
    "wall",
]
