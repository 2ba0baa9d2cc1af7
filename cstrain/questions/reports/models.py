"""What candidates say is wrong with a question, and what they were answered."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class QuestionReport(Row):
    """A person's report about one version of a question; it stays, with its answer, for ever.

    ``answer``: ``change``, it is right and will be changed; ``right``, the question is; ``known`` already.
    """

    __tablename__ = "question_report"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('key', 'unclear', 'outdated', 'typo', 'other')", name="kind"),
        sa.CheckConstraint("answer IS NULL OR answer IN ('change', 'right', 'known')", name="answer"),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> person_id", name="others"),
        sa.CheckConstraint("(answer IS NULL) = (answered_by IS NULL)", name="answered"),
        sa.Index(
            "uq_question_report_open_person_id_version_id",
            "person_id",
            "version_id",
            unique=True,
            sqlite_where=sa.text("answer IS NULL"),
            postgresql_where=sa.text("answer IS NULL"),
        ),
    )

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("question_version.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    reported_at: Mapped[datetime]
    answer: Mapped[str | None]
    answer_text: Mapped[str]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
