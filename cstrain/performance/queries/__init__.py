"""Reads of monthly performance; never writes."""

from cstrain.performance.queries.batches import BatchFacts, batch
from cstrain.performance.queries.closes import (
    MonthState,
    close,
    closes,
    correction,
    corrections_of,
    gaps,
    month_states,
    to_close,
    waiting_corrections,
    waiting_reopenings,
)
from cstrain.performance.queries.evidence import closed_months, comparison, months_of
from cstrain.performance.queries.records import (
    Ranking,
    RankRow,
    brand_ranks,
    closed_pairs,
    department_month,
    members,
    ranking,
    record,
    records,
    revisions,
    standings,
)

__all__ = [
    "BatchFacts",
    "MonthState",
    "RankRow",
    "Ranking",
    "batch",
    "brand_ranks",
    "close",
    "closed_months",
    "closed_pairs",
    "closes",
    "comparison",
    "correction",
    "corrections_of",
    "department_month",
    "gaps",
    "members",
    "month_states",
    "months_of",
    "ranking",
    "record",
    "records",
    "revisions",
    "standings",
    "to_close",
    "waiting_corrections",
    "waiting_reopenings",
]
