"""Reads of editions, of what waits, of acknowledgements and of sealed decisions; never writes."""

from cstrain.promotion.editions.queries.acknowledging import (
    acknowledged,
    acknowledgements,
    due_for,
    waiting_people,
)
from cstrain.promotion.editions.queries.calculations import recount_all, recounted_numbers, recounted_page
from cstrain.promotion.editions.queries.decisions import verified, verified_page, verify_all
from cstrain.promotion.editions.queries.drafts import (
    approved_ladders,
    cases,
    draft,
    edition_rules,
    ladder_text,
    look_of,
    looks,
    made,
    own_chapter,
    start_texts,
    text_of,
    title_of,
    waiting_for,
)
from cstrain.promotion.editions.queries.upgrading import inapplicable

__all__ = [
    "acknowledged",
    "acknowledgements",
    "approved_ladders",
    "cases",
    "draft",
    "due_for",
    "edition_rules",
    "inapplicable",
    "ladder_text",
    "look_of",
    "looks",
    "made",
    "own_chapter",
    "recount_all",
    "recounted_numbers",
    "recounted_page",
    "start_texts",
    "text_of",
    "title_of",
    "verified",
    "verified_page",
    "verify_all",
    "waiting_for",
    "waiting_people",
]
