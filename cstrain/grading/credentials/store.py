"""The chapter in force, and rows of this room by key, locked where an act needs it."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.grading.credentials.models import Exemption, OutsideResult
from cstrain.grading.credentials.policy import CredentialRules
from cstrain.kernel.errors import NotFoundError
from cstrain.policies.loader import load
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def credential_rules() -> CredentialRules:
    """Return the chapter of credentials."""
    return load(CredentialRules, "credentials.yaml")


def locked_outside(outside_id: int) -> OutsideResult:
    """Return an entered result, locked; raises ``NotFoundError``."""
    row = session().scalar(locked(sa.select(OutsideResult).where(OutsideResult.id == outside_id)))
    if row is None:
        raise NotFoundError(MISSING)
    return row


def locked_exemption(exemption_id: int) -> Exemption:
    """Return an application, locked; raises ``NotFoundError``."""
    row = session().scalar(locked(sa.select(Exemption).where(Exemption.id == exemption_id)))
    if row is None:
        raise NotFoundError(MISSING)
    return row
