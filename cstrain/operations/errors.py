"""What an operation refuses, in words for the person at the shell."""

from __future__ import annotations


class OperationError(Exception):
    """An operation cannot be done; the message says what happened and what to do."""
