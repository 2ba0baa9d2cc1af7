"""Reads of competitions; never writes. What stands on sheets is in ``sealed``, behind the seal."""

from cstrain.promotion.competition.queries.knowing import known_of
from cstrain.promotion.competition.queries.people_of import able_to_interview, ties_of, voters
from cstrain.promotion.competition.queries.progress import HandedIn, Progress, progress, scores_of
from cstrain.promotion.competition.queries.records import (
    CompetitionPage,
    act_facts,
    acts_of,
    applications_of,
    candidate,
    candidates_of,
    colleagues_of,
    competition,
    competitions,
    events_of,
    panel_of,
    passed,
    trials_of,
    unfinished,
)
from cstrain.promotion.competition.queries.sealed import (
    Calculation,
    OpenSheet,
    calculation,
    find_calculation,
    inputs_when_complete,
    sheets_of,
)
from cstrain.promotion.competition.queries.todo import Duty, concerned, duties, may_apply

__all__ = [
    "Calculation",
    "CompetitionPage",
    "Duty",
    "HandedIn",
    "OpenSheet",
    "Progress",
    "able_to_interview",
    "act_facts",
    "acts_of",
    "applications_of",
    "calculation",
    "candidate",
    "candidates_of",
    "colleagues_of",
    "competition",
    "competitions",
    "concerned",
    "duties",
    "events_of",
    "find_calculation",
    "inputs_when_complete",
    "known_of",
    "may_apply",
    "panel_of",
    "passed",
    "progress",
    "scores_of",
    "sheets_of",
    "ties_of",
    "trials_of",
    "unfinished",
    "voters",
]
