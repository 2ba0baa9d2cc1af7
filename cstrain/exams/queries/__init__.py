"""Reading sittings and attempts. Nothing here loads a key."""

from cstrain.exams.queries.asked import first_asked, times_asked
from cstrain.exams.queries.attempts import (
    attempt,
    attempts,
    attempts_at,
    attempts_of,
    markable_slots,
    shared_questions,
    taking_view,
)
from cstrain.exams.queries.evidence import (
    events_by_disposition,
    intervention,
    last_saves,
    minutes_given,
    open_interventions,
    reconciliation,
    timeline,
)
from cstrain.exams.queries.groups import GroupSource, PeopleGroup, group_sources, people_groups
from cstrain.exams.queries.sittings import (
    arranged_sittings,
    candidates_of,
    depth_for,
    exam_rules,
    paper,
    papers,
    sitting,
    sittings_for,
    sittings_of,
    spec,
)

__all__ = [
    "GroupSource",
    "PeopleGroup",
    "arranged_sittings",
    "attempt",
    "attempts",
    "attempts_at",
    "attempts_of",
    "candidates_of",
    "depth_for",
    "events_by_disposition",
    "exam_rules",
    "first_asked",
    "group_sources",
    "intervention",
    "last_saves",
    "markable_slots",
    "minutes_given",
    "open_interventions",
    "paper",
    "papers",
    "people_groups",
    "reconciliation",
    "shared_questions",
    "sitting",
    "sittings_for",
    "sittings_of",
    "spec",
    "taking_view",
    "timeline",
    "times_asked",
]
