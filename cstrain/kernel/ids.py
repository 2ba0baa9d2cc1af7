"""Typed identifiers and random tokens."""

from __future__ import annotations

import secrets
from typing import NewType

PersonId = NewType("PersonId", int)
DepartmentId = NewType("DepartmentId", int)
EnrolmentId = NewType("EnrolmentId", int)
CaseId = NewType("CaseId", int)
SittingId = NewType("SittingId", int)
AttemptId = NewType("AttemptId", int)


def new_token() -> str:
    """Return a URL-safe random token of 256 bits, for one-time links."""
    return secrets.token_urlsafe(32)
