"""Reads of post plans, joint assessments and interviews; never writes."""

from cstrain.performance.assessment.queries.duties import (
    Duty,
    duties,
    may_hold,
    rate_duties,
    sheet_duties,
    without_interview,
)
from cstrain.performance.assessment.queries.interviews import (
    interview,
    interviews_about,
    interviews_page,
    open_actions,
    unsigned_of,
)
from cstrain.performance.assessment.queries.numbers import MonthNumbers, numbers_of
from cstrain.performance.assessment.queries.plans import (
    bound_people,
    plan,
    plan_for,
    plans_for,
    plans_page,
    posts_of,
    reach,
    waiting_plans,
    within,
)
from cstrain.performance.assessment.queries.sheets import (
    Progress,
    own_draft,
    round_by_id,
    rounds_page,
    seats_of,
    sheet,
    sheets_of_person,
    sheets_of_round,
    unfinished_sheets,
)

__all__ = [
    "Duty",
    "MonthNumbers",
    "Progress",
    "bound_people",
    "duties",
    "interview",
    "interviews_about",
    "interviews_page",
    "may_hold",
    "numbers_of",
    "open_actions",
    "own_draft",
    "plan",
    "plan_for",
    "plans_for",
    "plans_page",
    "posts_of",
    "rate_duties",
    "reach",
    "round_by_id",
    "rounds_page",
    "seats_of",
    "sheet",
    "sheet_duties",
    "sheets_of_person",
    "sheets_of_round",
    "unfinished_sheets",
    "unsigned_of",
    "waiting_plans",
    "within",
    "without_interview",
]
