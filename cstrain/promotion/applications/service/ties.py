"""What ties a juror to an applicant by the records of the day, and putting it on record."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.queries.mentors import ever_mentored
from cstrain.people import queries as people
from cstrain.promotion.applications.models import JurorDeclaration
from cstrain.promotion.applications.policy import Panel
from cstrain.promotion.applications.rules import panel as rules


def note_ties(entry_id: int, juror: PersonId, applicant: PersonId, panel: Panel, now: datetime) -> None:
    """Put a juror's ties to an applicant on record, each once: out, or declared if the policy allows it."""
    if juror == applicant:
        raise ForbiddenError("没有保存：申请人不能做自己的评委。")
    found, allowed = _ties(juror, applicant, panel, local_date(now))
    answer = "tied" if allowed else "excluded"
    known = session().scalars(
        sa.select(JurorDeclaration.note).where(
            JurorDeclaration.entry_id == entry_id,
            JurorDeclaration.juror_id == juror,
            JurorDeclaration.answer == answer,
            JurorDeclaration.by_id.is_(None),
        )
    )
    for tie in sorted(set(found).difference(known)):
        session().add(
            JurorDeclaration(entry_id=entry_id, juror_id=juror, answer=answer, note=tie, by_id=None, at=now)
        )
    session().flush()


def is_barred(juror: PersonId, applicant: PersonId, panel: Panel, on: date) -> bool:
    """Tell whether a tie of today keeps a juror out, whatever was on record when the panel was made."""
    found, allowed = _ties(juror, applicant, panel, on)
    return bool(found) and not allowed


def _ties(juror: PersonId, applicant: PersonId, panel: Panel, on: date) -> tuple[tuple[str, ...], bool]:
    mentors = {juror} if ever_mentored(juror, [applicant]) else set()
    found = rules.ties(juror, mentors=mentors, superiors=people.direct_superiors_of(applicant, on))
    return found, rules.stays(panel, people.roles_of(juror, on))
