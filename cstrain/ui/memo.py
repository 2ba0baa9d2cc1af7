"""Macros that remember what they said."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import has_request_context, request
from markupsafe import Markup

_REMEMBERED = 512


def memo(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Return a macro that remembers what it said; its words follow from what it is given.

    Icons, states and menus are said dozens of times a page, always the same. A template and its macros belong
    to one language; the place the application is mounted at is in their addresses.
    """

    @lru_cache(maxsize=_REMEMBERED, typed=True)  # typed: mark-up and the same plain text are two things
    def kept(_root: str, *values: Any, **named: Any) -> Markup:
        return macro(*values, **named)

    def said(*values: Any, **named: Any) -> Markup:
        try:
            return kept(request.script_root if has_request_context() else "", *values, **named)
        except TypeError:  # lists cannot be remembered
            return macro(*values, **named)

    return said
