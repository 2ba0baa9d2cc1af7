"""Words of pages in the reader's language."""

from __future__ import annotations

from flask_babel import gettext


def _(message: str, **values: object) -> str:
    """Return a message in the reader's language, with its values."""
    return str(gettext(message, **values))
