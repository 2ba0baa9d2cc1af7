"""Relations between two people that access rules may name."""

from __future__ import annotations

from cstrain.access import relations
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.queries.mentors import is_guide_of, is_mentor_of


def my_trainee(actor: PersonId, subject: PersonId) -> bool:
    """Tell whether ``actor`` is today's mentor of ``subject``, or a substitute named for today."""
    return is_mentor_of(actor, subject, local_date(now()))


def my_guided(actor: PersonId, subject: PersonId) -> bool:
    """Tell whether ``actor`` guides some day of ``subject``'s open enrolment."""
    return is_guide_of(actor, subject)


relations.add("my_trainee", my_trainee)
relations.add("my_guided", my_guided)
