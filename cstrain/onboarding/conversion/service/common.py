"""What all acts of conversion share: nobody acts on themself, closed cases stay, people hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cstrain.extensions import local_date
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.models import ConversionCase
from cstrain.people import queries as people


def not_self(actor: PersonId | None, subject: int) -> None:
    """Refuse an act on one's own case (docs/rules.md 4)."""
    if actor is not None and actor == subject:
        raise ForbiddenError("不能办理自己的转正。请由另一位有权限的同事办理。")


def open_row(case_id: int, actor: PersonId | None = None) -> ConversionCase:
    """Return an open case, locked; refuses a closed one and an act on oneself."""
    row = store.get_case(case_id, lock=True)
    not_self(actor, row.person_id)
    if row.closed_at is not None:
        raise ConflictError("这件转正已经办结，不能再改。请刷新后再看。")
    return row


def name_of(person: int, now: datetime) -> str:
    """Return a person's name."""
    return people.get_person(PersonId(person), local_date(now)).name


def hr_people(now: datetime, without: Iterable[int] = ()) -> list[PersonId]:
    """Return HR's people of today, without some."""
    on = local_date(now)
    found = {one for role in ("hr", "hr_manager") for one in people.persons_with_role(role, on)}
    return sorted(found - set(without))


def tell(
    persons: Iterable[PersonId | None],
    message: str,
    now: datetime,
    *,
    url: str,
    key: str = "",
    **values: object,
) -> None:
    """Notify each of ``persons`` once (``None`` and doubles left out)."""
    for person in sorted({one for one in persons if one is not None}):
        notify(
            person,
            message,
            now=now,
            values=values,
            url=url,
            key=f"{key}:{person}" if key else None,
            kind="conversion",
        )


def arrange_url(enrolment_id: int, case_id: int | None) -> str:
    """Return where the conversion papers of an enrolment are arranged: once there is a case, on its page."""
    return f"/conversions/enrolments/{enrolment_id}/papers" if case_id is None else case_url(case_id)


def arrange_key(enrolment_id: int, day: date, step: str, person: int) -> str:
    """Return the key of a reminder to arrange the papers of a planned day."""
    return f"arrange-conversion:{enrolment_id}:{day.isoformat()}:{step}:{person}"


def case_url(case_id: int) -> str:
    """Return the address of a case's page."""
    return f"/conversions/{case_id}"
