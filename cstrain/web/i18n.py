"""Two languages: Chinese is the source, English comes from the catalogues in ``translations/en``.

Catalogues are plain ``.po`` files, one a package, read at start-up; there is no compiled twin to forget.

Chinese counts without a plural, so pages and code say ``_('%(n)s件', n=…)`` and no more. Where English reads
otherwise for one, the catalogue gives the message gettext's plural form: ``msgid_plural`` with the same
Chinese, and two ``msgstr``. Which of them is said goes by the place ``n``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
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

COUNT = "n"
"""The place of a message that its plural goes by."""


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


def worded(translations: Any, message: str, values: Mapping[str, object] | None = None) -> str:
    """Return what a catalogue says for a message, its places not yet filled in.

    A ``1`` in the place ``n`` takes the form for one; whatever else (``0``, ``1.0``, no count) the form for
    several. A message without plural forms, as nearly all are, has the one translation for every count.
    """
    number = 1 if values and str(values.get(COUNT)) == "1" else 2
    form = str(translations.ngettext(message, message, number))
    return str(translations.gettext(message)) if form == message else form


class CatalogueDomain(Domain):  # type: ignore[misc]  # flask_babel carries no types
    """Hands Flask-Babel our catalogues instead of compiled files."""

    def get_translations(self) -> Any:
        """Return the catalogue of the request's locale."""
        locale = get_locale()
        return catalogue(locale.language if locale else "zh")

    def gettext(self, message: str, /, **values: Any) -> str:
        """Say a message with its values in the request's language."""
        words = worded(self.get_translations(), message, values)
        return words % values if values else words


def select_locale() -> str:
    """Return the signed-in person's language, else the session's, else Chinese."""
    if not request:
        return "zh"
    if current_user.is_authenticated:
        return str(current_user.locale)
    chosen = session.get("locale")
    return chosen if chosen in LOCALES else "zh"
