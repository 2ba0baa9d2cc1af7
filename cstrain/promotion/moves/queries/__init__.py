"""Reads of moves; never writes."""

from cstrain.promotion.moves.queries.asking import may_skip, skip_barred, transfer_barred, with_open
from cstrain.promotion.moves.queries.cases import (
    CasePage,
    case,
    case_page,
    cases,
    first_level_of,
    post,
    posts,
)
from cstrain.promotion.moves.queries.duties import (
    DUTY_WORDS,
    Duty,
    Eyes,
    can_look_into,
    duties,
    homes,
    in_succession,
)
from cstrain.promotion.moves.queries.reach import Reach, reach
from cstrain.promotion.moves.queries.registers import (
    CoursePage,
    authorised_of,
    course,
    course_page,
    courses_of,
    seats,
    vacancies,
)
from cstrain.promotion.moves.queries.successions import open_in, ranking, succession, successions

__all__ = [
    "DUTY_WORDS",
    "CasePage",
    "CoursePage",
    "Duty",
    "Eyes",
    "Reach",
    "authorised_of",
    "can_look_into",
    "case",
    "case_page",
    "cases",
    "course",
    "course_page",
    "courses_of",
    "duties",
    "first_level_of",
    "homes",
    "in_succession",
    "may_skip",
    "open_in",
    "post",
    "posts",
    "ranking",
    "reach",
    "seats",
    "skip_barred",
    "succession",
    "successions",
    "transfer_barred",
    "vacancies",
    "with_open",
]
