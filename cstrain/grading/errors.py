"""What grading refuses."""

from __future__ import annotations

from cstrain.kernel.errors import DomainError


class ResponsesError(DomainError):
    """A file of responses or keys cannot be analysed; the sentence says where it went wrong."""
