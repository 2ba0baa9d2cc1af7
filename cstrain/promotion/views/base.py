"""What the pages of the core of promotion share."""

from __future__ import annotations

from flask import Blueprint

from cstrain.extensions import local_date, now
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion import ladders

blueprint = Blueprint("promotion", __name__)

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def ladders_by_ref() -> dict[str, Ladder]:
    """Return the ladders in force today, by ref."""
    return {one.ref: one for one in ladders.ladders(local_date(now()))}


def get_ladder(ref: str) -> Ladder:
    """Return a ladder in force today; raises ``NotFoundError``."""
    found = ladders_by_ref().get(ref)
    if found is None:
        raise NotFoundError(MISSING)
    return found
