"""Who has met which question with its answer: what a report of a wrong question is checked against."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.grading.models import Release
from cstrain.grading.practice.models import PracticeAnswer, PracticeQuestion
from cstrain.grading.practice.queries import is_in_book
from cstrain.kernel.ids import PersonId


class SeenAnswers:
    """Fills the slot of wrong-question reports."""

    def has_met(self, person: int, version_id: int, at: datetime) -> bool:
        """Tell whether a version stood in a released attempt, a practice or the book of wrong questions.

        The book shows the present wording, which may be newer than the one that was answered.
        """
        who = PersonId(person)
        return (
            _practised(person, version_id) or _asked(who, version_id, at) or is_in_book(who, version_id, at)
        )


def _practised(person: int, version_id: int) -> bool:
    here = (PracticeQuestion.run_id == PracticeAnswer.run_id) & (
        PracticeQuestion.place == PracticeAnswer.place
    )
    found = (
        sa.select(PracticeAnswer.id)
        .join(PracticeQuestion, here)
        .where(PracticeAnswer.person_id == person, PracticeQuestion.version_id == version_id)
    )
    return session().scalar(found.limit(1)) is not None


def _asked(person: PersonId, version_id: int, at: datetime) -> bool:
    mine = {each.id for each in exams.attempts_of([person], at)}
    released = session().scalars(
        sa.select(Release.attempt_id).where(Release.attempt_id.in_(mine), Release.released_at.is_not(None))
    )
    return any(place.version_id == version_id for place in exams.places(list(released)))
