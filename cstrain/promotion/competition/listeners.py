"""Puts the notices of competitions up on the board of public notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import url_for

from cstrain.promotion.applications.boards import BoardLine, boards
from cstrain.promotion.competition import queries


@boards.register("competition")
def notices_up(today: date) -> Sequence[BoardLine]:
    """Return the notices about who was chosen that are up."""
    return [
        BoardLine(
            name=one.content["name"],
            department=one.content["department"],
            post=one.content["to"],
            last_day=one.last_day,
            url=url_for("competitions.notice", notice_id=one.id),
        )
        for one in queries.notices_up(today)
    ]
