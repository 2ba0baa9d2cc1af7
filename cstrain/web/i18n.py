"""Two languages: Chinese is the source, English comes from the catalogues in ``translations/en``.

Catalogues are plain ``.po`` files, one a package, read at start-up; there is no compiled twin to forget.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import request, session
from flask_babel import Domain, get_locale
from flask_login import current_user

LOCALES = ("zh", "en")
FOLDER = Path(__file__).parent / "translations"


@cache
def catalogue(locale: str) -> NullTranslations:
    """Return the merged catalogue of a locale; Chinese needs none."""
    if locale != "en":
        return NullTranslations()
    merged = Catalog(locale="en")
    for path in sorted((FOLDER / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    merged.add(message.id, message.string, context=message.context)
    buffer = io.BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return Translations(buffer)


class CatalogueDomain(Domain):  # type: ignore[misc]  # flask_babel carries no types
    """Hands Flask-Babel our catalogues instead of compiled files."""

    def get_translations(self) -> Any:
        """Return the catalogue of the request's locale."""
        locale = get_locale()
        return catalogue(locale.language if locale else "zh")


def select_locale() -> str:
    """Return the signed-in person's language, else the session's, else Chinese."""
    if not request:
        return "zh"
    if current_user.is_authenticated:
        return str(current_user.locale)
    chosen = session.get("locale")
    return chosen if chosen in LOCALES else "zh"
