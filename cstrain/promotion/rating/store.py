"""Rows of quarterly ratings, and the chapter; used by this room's services and queries only."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.policies.loader import load, load_edition
from cstrain.promotion.rating.facts import Run
from cstrain.promotion.rating.models import RatingRun
from cstrain.promotion.rating.policy import CHAPTER, RatingRules
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
AT_ONCE = "这一步已经有人办过。请刷新后再看。"


def chapter() -> RatingRules:
    """Return the chapter in force."""
    return load(RatingRules, CHAPTER)


def rules_of(run: Run) -> RatingRules:
    """Return the chapter a run was started under; all that belongs to it goes by that edition."""
    return load_edition(RatingRules, CHAPTER, run.rules)


def lock_run(run_id: int) -> RatingRun:
    """Lock a run: everything that changes one of its lines queues up here; raises ``NotFoundError``."""
    found = session().scalar(locked(sa.select(RatingRun).where(RatingRun.id == run_id)))
    if found is None:
        raise NotFoundError(MISSING)
    return found


def subject_of(run_id: int) -> str:
    """Return how the audit log names a run."""
    return f"rating:{run_id}"
