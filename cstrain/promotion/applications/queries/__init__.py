"""Reading applications, defences and notices; scores only once every sheet is sealed."""

from cstrain.promotion.applications.queries.applications import (
    acted,
    appeal_of,
    application,
    applications,
    confirmations,
    endorsements,
    evidence,
    findings_of,
    latest_of,
    open_application_of,
    rated,
    ratings,
)
from cstrain.promotion.applications.queries.defence import (
    entry,
    entry_of_application,
    in_panel_of,
    own_sheet,
    possible_jurors,
    round_facts,
    rounds,
    scores,
)
from cstrain.promotion.applications.queries.notices import (
    notice,
    notice_of_application,
    notices_up,
    objections,
    waiting_objections,
)
from cstrain.promotion.applications.queries.waiting import Todo, waiting_for

__all__ = [
    "Todo",
    "acted",
    "appeal_of",
    "application",
    "applications",
    "confirmations",
    "endorsements",
    "entry",
    "entry_of_application",
    "evidence",
    "findings_of",
    "in_panel_of",
    "latest_of",
    "notice",
    "notice_of_application",
    "notices_up",
    "objections",
    "open_application_of",
    "own_sheet",
    "possible_jurors",
    "rated",
    "ratings",
    "round_facts",
    "rounds",
    "scores",
    "waiting_for",
    "waiting_objections",
]
