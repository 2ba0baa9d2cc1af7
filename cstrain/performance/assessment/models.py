"""Tables of post plans, joint assessments and interviews. Rows are added; a plan is answered once a step."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row

_Points = sa.Numeric(6, 2)


class PostPlan(Row):
    """An edition of a post's plan: drafted, checked and approved by three people, or returned with a reason.

    ``effective_from`` is the first day of a month. ``targets``: text, measure, unit, number, weight, source.
    """

    __tablename__ = "post_plan"
    __table_args__ = (
        sa.UniqueConstraint("department_id", "post", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("checked_by IS NULL OR checked_by <> drafted_by", name="checked_by_another"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> drafted_by", name="approved_by_another"),
        sa.CheckConstraint(
            "approved_by IS NULL OR (checked_by IS NOT NULL AND approved_by <> checked_by)",
            name="three_persons",
        ),
        sa.CheckConstraint("(checked_by IS NULL) = (checked_at IS NULL)", name="checked"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
        sa.CheckConstraint(
            "(returned_by IS NULL) = (returned_at IS NULL)"
            " AND (returned_by IS NULL) = (returned_why IS NULL)",
            name="returned",
        ),
        sa.CheckConstraint("returned_by IS NULL OR approved_by IS NULL", name="one_end"),
    )

    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    post: Mapped[str]
    number: Mapped[int]
    effective_from: Mapped[date]
    targets: Mapped[list[Any]]
    drafted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    checked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    returned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    returned_why: Mapped[str | None]


class AssessmentRound(Row):
    """A department's month under joint assessment. ``rules``: the chapter in force when it was opened."""

    __tablename__ = "assessment_round"
    __table_args__ = (sa.UniqueConstraint("department_id", "month"),)

    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    month: Mapped[date] = mapped_column(index=True)
    rules: Mapped[dict[str, Any]]
    due_on: Mapped[date]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]


class JointAssessment(Row):
    """A person's joint sheet of a month; nobody opens their own."""

    __tablename__ = "joint_assessment"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "month"),
        sa.UniqueConstraint("id", "person_id", name="uq_joint_assessment_whose"),
        sa.CheckConstraint("opened_by <> person_id", name="not_self"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_round.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    month: Mapped[date]
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post_plan.id"))
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime]


class AssessmentHand(Row):
    """Who has a hand in a sheet, and which: nobody both rates and reviews it, and never the person."""

    __tablename__ = "assessment_hand"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["assessment_id", "person_id"],
            ["joint_assessment.id", "joint_assessment.person_id"],
            name="fk_assessment_hand_whose",
        ),
        sa.UniqueConstraint("assessment_id", "holder_id"),
        sa.UniqueConstraint("assessment_id", "holder_id", "part", name="uq_assessment_hand_part"),
        sa.CheckConstraint("holder_id <> person_id", name="not_self"),
        sa.CheckConstraint("part IN ('rate','review')", name="part"),
    )

    assessment_id: Mapped[int]
    person_id: Mapped[int]
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    part: Mapped[str]


class AssessmentRating(Row):
    """An office's points. Returned to it, the office rates again: ``revision`` counts."""

    __tablename__ = "assessment_rating"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["assessment_id", "rated_by", "part"],
            ["assessment_hand.assessment_id", "assessment_hand.holder_id", "assessment_hand.part"],
            name="fk_assessment_rating_hand",
        ),
        sa.UniqueConstraint("assessment_id", "office", "revision"),
        sa.UniqueConstraint("assessment_id", "rated_by", "revision", name="uq_assessment_rating_one_office"),
        sa.CheckConstraint("part = 'rate'", name="part"),
        sa.CheckConstraint("score >= 0 AND score <= 100", name="score"),
    )

    assessment_id: Mapped[int]
    office: Mapped[str]
    revision: Mapped[int]
    part: Mapped[str]
    points: Mapped[dict[str, Any]]
    score: Mapped[Decimal] = mapped_column(_Points)
    note: Mapped[str]
    rated_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    rated_at: Mapped[datetime]


class AssessmentDraft(Row):
    """What a rater's unfinished sheet says, for nobody but them: written over, gone when they hand in."""

    __tablename__ = "assessment_draft"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["assessment_id", "person_id"],
            ["joint_assessment.id", "joint_assessment.person_id"],
            name="fk_assessment_draft_whose",
        ),
        sa.UniqueConstraint("assessment_id", "rater_id"),
        sa.CheckConstraint("rater_id <> person_id", name="not_self"),
    )

    assessment_id: Mapped[int]
    person_id: Mapped[int]
    rater_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    office: Mapped[str]
    points: Mapped[dict[str, Any]]
    note: Mapped[str]
    saved_at: Mapped[datetime]


class AssessmentReview(Row):
    """The director's word: a return to offices, the final review, or the decision of a contest.

    ``once`` lets the last two happen but once. ``content`` holds what was decided on, sealed by ``digest``.
    """

    __tablename__ = "assessment_review"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["assessment_id", "reviewed_by", "part"],
            ["assessment_hand.assessment_id", "assessment_hand.holder_id", "assessment_hand.part"],
            name="fk_assessment_review_hand",
        ),
        sa.UniqueConstraint("assessment_id", "once"),
        sa.CheckConstraint("part = 'review'", name="part"),
        sa.CheckConstraint("kind IN ('returned','final','contest')", name="kind"),
        sa.CheckConstraint("(kind = 'returned') = (once IS NULL)", name="once"),
        sa.CheckConstraint("once IS NULL OR once = kind", name="once_kind"),
        sa.CheckConstraint(
            "(kind = 'returned') = (score IS NULL) AND (score IS NULL) = (digest IS NULL)", name="scored"
        ),
        sa.CheckConstraint("kind = 'final' OR reason <> ''", name="reasoned"),
    )

    assessment_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    once: Mapped[str | None]
    part: Mapped[str]
    offices: Mapped[list[Any]]
    score: Mapped[Decimal | None] = mapped_column(_Points)
    grade: Mapped[str | None]
    stands: Mapped[bool | None]
    reason: Mapped[str]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str | None]
    contest_until: Mapped[date | None]
    record_id: Mapped[int | None] = mapped_column(sa.ForeignKey("performance_month.id"))
    correction_id: Mapped[int | None] = mapped_column(sa.ForeignKey("performance_correction.id"))
    reviewed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    reviewed_at: Mapped[datetime]


class AssessmentAnswer(Row):
    """The person's own word after the final review, once: acknowledged or contested."""

    __tablename__ = "assessment_answer"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["assessment_id", "person_id"],
            ["joint_assessment.id", "joint_assessment.person_id"],
            name="fk_assessment_answer_whose",
        ),
        sa.UniqueConstraint("assessment_id"),
        sa.CheckConstraint("kind IN ('acknowledged','contested')", name="kind"),
        sa.CheckConstraint("kind = 'acknowledged' OR says <> ''", name="reasoned"),
        sa.CheckConstraint("(kind = 'contested') = (decide_by IS NOT NULL)", name="clock"),
    )

    assessment_id: Mapped[int]
    person_id: Mapped[int]
    kind: Mapped[str]
    says: Mapped[str]
    decide_by: Mapped[date | None]
    answered_at: Mapped[datetime]


class PerformanceInterview(Row):
    """A talk with a person about a month: what was discussed; signed by who held it when it is entered."""

    __tablename__ = "performance_interview"
    __table_args__ = (
        sa.UniqueConstraint("id", "person_id", name="uq_performance_interview_whose"),
        sa.CheckConstraint("held_by <> person_id", name="not_self"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    month: Mapped[date]
    held_on: Mapped[date]
    discussed: Mapped[str]
    held_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    entered_at: Mapped[datetime]


class InterviewSignature(Row):
    """The person's signature under an interview, with a remark if they want."""

    __tablename__ = "interview_signature"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["interview_id", "person_id"],
            ["performance_interview.id", "performance_interview.person_id"],
            name="fk_interview_signature_whose",
        ),
        sa.UniqueConstraint("interview_id"),
    )

    interview_id: Mapped[int]
    person_id: Mapped[int]
    remark: Mapped[str]
    signed_at: Mapped[datetime]


class InterviewAction(Row):
    """Something agreed on in an interview, with its day."""

    __tablename__ = "interview_action"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["interview_id", "person_id"],
            ["performance_interview.id", "performance_interview.person_id"],
            name="fk_interview_action_whose",
        ),
        sa.UniqueConstraint("interview_id", "number"),
        sa.UniqueConstraint("id", "person_id", name="uq_interview_action_whose"),
    )

    interview_id: Mapped[int]
    person_id: Mapped[int]
    number: Mapped[int]
    text: Mapped[str]
    due_on: Mapped[date] = mapped_column(index=True)


class InterviewFollowUp(Row):
    """What became of an agreed action, as a superior saw it: done, not done, or moved to another day."""

    __tablename__ = "interview_follow_up"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["action_id", "person_id"],
            ["interview_action.id", "interview_action.person_id"],
            name="fk_interview_follow_up_whose",
        ),
        sa.UniqueConstraint("action_id", "number"),
        sa.CheckConstraint("noted_by <> person_id", name="not_self"),
        sa.CheckConstraint("outcome IN ('done','not_done','moved')", name="outcome"),
        sa.CheckConstraint("(outcome = 'moved') = (due_on IS NOT NULL)", name="moved"),
    )

    action_id: Mapped[int]
    person_id: Mapped[int]
    number: Mapped[int]
    outcome: Mapped[str]
    due_on: Mapped[date | None]
    note: Mapped[str]
    noted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime]
