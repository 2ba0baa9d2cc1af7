"""What the readers refuse."""

from __future__ import annotations

from cstrain.kernel.errors import DomainError


class TableError(DomainError):
    """A table file cannot be read; nothing of it was used."""
