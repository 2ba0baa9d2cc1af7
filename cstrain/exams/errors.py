"""What exams refuse in a way of their own."""

from __future__ import annotations

from cstrain.kernel.errors import DomainError


class TooManyEventsError(DomainError):
    """An attempt has sent more answer events than any person could; nothing of the batch was stored."""

    status = 429


class AssemblyError(DomainError):
    """Parallel forms could not be chosen; the sentence says why and what to do."""


class TooManyCodesError(DomainError):
    """Too many wrong room codes in a short time; the sentence says how long to wait."""

    status = 429
