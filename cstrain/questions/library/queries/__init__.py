"""Reading the question library."""

from cstrain.questions.library.queries.acts import banks_of, bulk_acts, bulk_sheet, standings
from cstrain.questions.library.queries.lines import known_tags, last_asked, lines_of, papers_drawing
from cstrain.questions.library.queries.narrowing import topics_of
from cstrain.questions.library.queries.searching import all_ids, search
from cstrain.questions.library.queries.views import view_by_name, views_for

__all__ = [
    "all_ids",
    "banks_of",
    "bulk_acts",
    "bulk_sheet",
    "known_tags",
    "last_asked",
    "lines_of",
    "papers_drawing",
    "search",
    "standings",
    "topics_of",
    "view_by_name",
    "views_for",
]
