"""The relation ``my_case``: an opinion about the person is due from the actor, or was given by them."""

from __future__ import annotations

from cstrain.access import relations
from cstrain.approvals.queries import involved
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId


def my_case(actor: PersonId, subject: PersonId) -> bool:
    """Tell whether ``actor`` has a say about ``subject``."""
    return involved(actor, subject, now())


relations.add("my_case", my_case)
