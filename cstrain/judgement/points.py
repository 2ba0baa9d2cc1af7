"""Points of a sheet by criterion: how people give them and how a row keeps them. Pure; shared by exams and
quality sampling."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cstrain.judgement.rubric import Rubric, RubricError
from cstrain.kernel.errors import DomainError

MOST_NOTE = 1000
STEP = Decimal("0.5")
"""Points are given in halves."""
Points = Mapping[str, Decimal | None]


def given_points(rubric: Rubric, points: Points, note: str) -> dict[str, Decimal]:
    """Return the points that were given; criteria without any are left out.

    Refuses points that are not of this rubric or outside what a criterion gives, and a note that is too long.
    """
    if len(note) > MOST_NOTE:
        raise DomainError("没有保存：备注最多%(most)s个字。请写短一些。", most=MOST_NOTE)
    given = {name: value for name, value in points.items() if value is not None}
    full = {each.id: given.get(each.id, Decimal(0)) for each in rubric.criteria}
    try:
        rubric.share({**full, **given})
    except RubricError as error:
        if error.problem == "unknown":
            raise DomainError(
                "没有保存：评分标准里没有“%(title)s”这一项。请刷新后再打分。", title=error.criterion
            ) from None
        most = {each.title: each.of for each in rubric.criteria}.get(error.criterion, 0)
        raise DomainError(
            "没有保存：%(title)s只能打0到%(most)s分。请改正。", title=error.criterion, most=most
        ) from None
    return given


def kept_points(given: Mapping[str, Decimal]) -> dict[str, str]:
    """Return points as a row keeps them: decimal text."""
    return {name: f"{value.normalize():f}" for name, value in given.items()}


def check_halves(rubric: Rubric, given: Mapping[str, Decimal]) -> None:
    """Refuse points finer than halves."""
    for each in rubric.criteria:
        if given.get(each.id, Decimal(0)) % STEP:
            raise DomainError("没有保存：%(title)s只能打整分或半分。请改正。", title=each.title)
