"""Language, health, static files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_from_directory
from flask import session as cookie
from flask_login import current_user

from cstrain.access import actor, public, signed_in
from cstrain.extensions import local_date, now
from cstrain.people import service as people
from cstrain.web.homes import headline, parts_for
from cstrain.web.i18n import LOCALES

blueprint = Blueprint("web", __name__)
blueprints = [blueprint]

_STATIC = Path(__file__).parent / "static"


@blueprint.get("/static/<path:filename>", endpoint="static")
@public
def static_file(filename: str) -> Response:
    """Serve the product's own style sheets, scripts and icons."""
    return send_from_directory(_STATIC, filename, max_age=3600)


@blueprint.get("/")
@signed_in
def home() -> str:
    """Show what the signed-in person has to do now, role by role."""
    at = now()
    parts = parts_for(actor(), current_user.roles, at)
    return render_template("web/home.html", heading=headline(parts), parts=parts, today=local_date(at))


@blueprint.get("/health")
@public
def health() -> dict[str, str]:
    """Answer that the server is up."""
    return {"status": "ok"}


@blueprint.post("/language")
@public
def set_language() -> Any:
    """Remember the language: with the account of a signed-in person, else in the visitor's session."""
    chosen = request.form.get("locale", "zh")
    locale = chosen if chosen in LOCALES else "zh"
    cookie["locale"] = locale
    if current_user.is_authenticated:
        people.set_locale(actor(), locale)
    return redirect(_own_path(request.form.get("next", "")))


def _own_path(path: str) -> str:
    """Return a path of this site, never an address elsewhere."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and "\n" not in path
    return path if own else "/"
