"""Language, health, static files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, request, send_from_directory, url_for
from flask import session as cookie

from cstrain.access import public
from cstrain.unit_of_work import own_transaction
from cstrain.web.i18n import LOCALES

blueprint = Blueprint("web", __name__)
blueprints = [blueprint]

_STATIC = Path(__file__).parent / "static"


@blueprint.get("/static/<path:filename>", endpoint="static")
@public
def static_file(filename: str) -> Response:
    """Serve the product's own style sheets, scripts and icons."""
    return send_from_directory(_STATIC, filename, max_age=3600)


@blueprint.get("/health")
@public
def health() -> dict[str, str]:
    """Answer that the server is up."""
    return {"status": "ok"}


@blueprint.post("/language")
@public
@own_transaction
def set_language() -> Any:
    """Remember a visitor's language in the session; a signed-in person's choice is kept with the account."""
    chosen = request.form.get("locale", "zh")
    cookie["locale"] = chosen if chosen in LOCALES else "zh"
    return redirect(url_for("people.log_in"))
