"""Acts of onboarding, one module a verb."""

from cstrain.onboarding.service.cohorts import create_cohort, evaluate_cohort, rate
from cstrain.onboarding.service.day_exams import schedule_cohort_exam, schedule_day_exam, start_quiz
from cstrain.onboarding.service.days import confirm_day, tick_activity
from cstrain.onboarding.service.enrol import close_enrolment, enrol, pause, resume, transfer
from cstrain.onboarding.service.gates import decide_gate
from cstrain.onboarding.service.mentors import assign_guide, assign_mentor, assign_substitute, hand_over
from cstrain.onboarding.service.plan import (
    Plan,
    follow_plan_change,
    preview_enrolment,
    preview_replan,
    replan,
)
from cstrain.onboarding.service.programmes import load_programmes
from cstrain.onboarding.service.samples import confirm_sample
from cstrain.onboarding.service.sheets import enter_sheet
from cstrain.onboarding.service.signing import add_note, see_day, see_days, sign_day, sign_days

__all__ = [
    "Plan",
    "add_note",
    "assign_guide",
    "assign_mentor",
    "assign_substitute",
    "close_enrolment",
    "confirm_day",
    "confirm_sample",
    "create_cohort",
    "decide_gate",
    "enrol",
    "enter_sheet",
    "evaluate_cohort",
    "follow_plan_change",
    "hand_over",
    "load_programmes",
    "pause",
    "preview_enrolment",
    "preview_replan",
    "rate",
    "replan",
    "resume",
    "schedule_cohort_exam",
    "schedule_day_exam",
    "see_day",
    "see_days",
    "sign_day",
    "sign_days",
    "start_quiz",
    "tick_activity",
    "transfer",
]
