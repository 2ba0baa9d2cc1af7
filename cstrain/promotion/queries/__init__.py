"""Reads of the core of promotion: whose ladder, what is known, who stands where; never writes."""

from cstrain.promotion.queries.bindings import bindings, ladders_by_department, ladders_for
from cstrain.promotion.queries.dossier import gather
from cstrain.promotion.queries.eligible import eligible, judged_on
from cstrain.promotion.queries.judging import Scope, evaluate, explain, simulate
from cstrain.promotion.queries.ranking import monthly_places

__all__ = [
    "Scope",
    "bindings",
    "eligible",
    "evaluate",
    "explain",
    "gather",
    "judged_on",
    "ladders_by_department",
    "ladders_for",
    "monthly_places",
    "simulate",
]
