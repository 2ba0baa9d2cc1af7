"""The chapter in force, and rows of this room by key, locked where an act needs it."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.assessment.models import (
    AssessmentDraft,
    AssessmentHand,
    JointAssessment,
    PostPlan,
)
from cstrain.performance.assessment.policy import CHAPTER, AssessmentRules
from cstrain.policies.loader import load
from cstrain.unit_of_work import flush_unique, locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
_CROWDED = "没有保存：这一步刚刚由别人办过。请刷新后再看。"


def chapter() -> AssessmentRules:
    """Return the chapter in force."""
    return load(AssessmentRules, CHAPTER)


def lock_sheet(sheet_id: int) -> None:
    """Lock a sheet until the unit ends; raises ``NotFoundError``."""
    wanted = sa.select(JointAssessment).where(JointAssessment.id == sheet_id)
    if session().scalar(locked(wanted)) is None:
        raise NotFoundError(MISSING)


def locked_plan(plan_id: int) -> PostPlan:
    """Return a plan's row, locked; raises ``NotFoundError``."""
    row = session().scalar(locked(sa.select(PostPlan).where(PostPlan.id == plan_id)))
    if row is None:
        raise NotFoundError(MISSING)
    return row


def lend_hand(sheet_id: int, person: PersonId, holder: PersonId, part: str) -> None:
    """Note who has a hand in a sheet; the database refuses a second, other one. What they began is over."""
    drop_draft(sheet_id, holder)
    wanted = sa.select(AssessmentHand.id).where(
        AssessmentHand.assessment_id == sheet_id,
        AssessmentHand.holder_id == holder,
        AssessmentHand.part == part,
    )
    if session().scalar(wanted) is None:
        session().add(AssessmentHand(assessment_id=sheet_id, person_id=person, holder_id=holder, part=part))
        flush_unique(_CROWDED)


def draft_row(sheet_id: int, rater: PersonId) -> AssessmentDraft | None:
    """Return a rater's unfinished sheet; ``None`` when there is none."""
    wanted = sa.select(AssessmentDraft).where(
        AssessmentDraft.assessment_id == sheet_id, AssessmentDraft.rater_id == rater
    )
    return session().scalar(wanted)


def drop_draft(sheet_id: int, rater: PersonId) -> None:
    """Take a rater's unfinished sheet away."""
    found = draft_row(sheet_id, rater)
    if found is not None:
        session().delete(found)
        session().flush()
