"""A minimal application for templates alone: no database, no packages, the real filters."""

from __future__ import annotations

from functools import cache, partial
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from types import SimpleNamespace

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Blueprint, Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from cstrain import ui
from cstrain.web.i18n import worded
from tests.ui import samples

TEMPLATES = samples.ROOT / "templates"


CATALOGUE = samples.ROOT / "cstrain" / "web" / "translations" / "en" / "ui.po"


@cache
def english() -> GNUTranslations:
    """The layer's own English, and nobody else's."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return GNUTranslations(buffer)


def translations(locale: str) -> NullTranslations:
    """Chinese as it is written, English from the layer's catalogue."""
    return english() if locale == "en" else NullTranslations()


def make_app(locale: str = "zh") -> Flask:
    """An application that has the layouts' endpoints and common values, in one language."""
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.config.update(SECRET_KEY="only-for-tests", TIMEZONE="Asia/Shanghai", TESTING=True)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=lambda: locale)
    words = translations(locale)
    app.jinja_env.install_gettext_callables(partial(worded, words), words.ngettext, newstyle=True)
    CSRFProtect(app)
    ui.init_app(app)
    web = Blueprint("web", __name__)
    web.add_url_rule("/static/<path:filename>", "static", samples.static_file)
    web.add_url_rule("/language", "set_language", lambda: "", methods=["POST"])
    people = Blueprint("people", __name__)
    people.add_url_rule("/log-out", "log_out", lambda: "", methods=["POST"])
    app.register_blueprint(web)
    app.register_blueprint(people)
    app.context_processor(lambda: common(locale))
    return app


def common(locale: str) -> dict[str, object]:
    """What the front of the house gives every template."""
    me = SimpleNamespace(name="林晓雯", role_words="新员工", unread=3)
    return {
        "locale": locale,
        "nav": samples.navigation(9),
        "me": me,
        "inbox_url": "/inbox",
        "account_url": "/me",
    }
