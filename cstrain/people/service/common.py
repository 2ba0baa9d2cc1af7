"""What all acts on people share: nobody acts on themself."""

from __future__ import annotations

from cstrain.extensions import session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.models import Person


def not_self(actor: PersonId | None, subject: PersonId) -> None:
    """Refuse an act on oneself (docs/rules.md 4)."""
    if actor is not None and actor == subject:
        raise DomainError("没有保存：不能处理自己的人事事项。请由另一位有权限的同事办理。")


def person_row(person: PersonId) -> Person:
    """Return a person's row, locked against other acts on them; raises ``NotFoundError``.

    Rows of others that point at the person may still be written meanwhile.
    """
    row = session().get(Person, person, with_for_update={"key_share": True}, populate_existing=True)
    if row is None:
        raise NotFoundError("没有找到这个人。")
    return row
