"""Reads of the conversion part; never writes."""

from cstrain.onboarding.conversion.queries.board import board_notes, notes_for_reader
from cstrain.onboarding.conversion.queries.dossier import CaseView, case_view, case_views
from cstrain.onboarding.conversion.queries.records import (
    archived,
    case,
    case_for_enrolment,
    cases,
    decisions_of,
    documents_of,
    elimination,
    elimination_of_enrolment,
    eliminations,
    open_cases,
    verify,
)
from cstrain.onboarding.conversion.queries.todo import papers_to_arrange, waiting_decisions

__all__ = [
    "CaseView",
    "archived",
    "board_notes",
    "case",
    "case_for_enrolment",
    "case_view",
    "case_views",
    "cases",
    "decisions_of",
    "documents_of",
    "elimination",
    "elimination_of_enrolment",
    "eliminations",
    "notes_for_reader",
    "open_cases",
    "papers_to_arrange",
    "verify",
    "waiting_decisions",
]
