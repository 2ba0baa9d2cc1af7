"""What all acts on people share: nobody acts on themself; a broken constraint becomes a refusal."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.models import Person


def not_self(actor: PersonId | None, subject: PersonId) -> None:
    """Refuse an act on oneself (docs/rules.md 4)."""
    if actor is not None and actor == subject:
        raise DomainError("没有保存：不能处理自己的人事事项。请由另一位有权限的同事办理。")


def person_row(person: PersonId) -> Person:
    """Return a person's row; raises ``NotFoundError``."""
    row = session().get(Person, person)
    if row is None:
        raise NotFoundError("没有找到这个人。")
    return row


def flush_unique(message: str, **values: object) -> None:
    """Flush; a broken uniqueness turns into ``ConflictError`` with ``message``."""
    try:
        session().flush()
    except IntegrityError as error:
        text = str(error.orig).lower()
        if "unique" not in text:
            raise
        raise ConflictError(message, **values) from None
