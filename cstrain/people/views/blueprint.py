"""The blueprint of people, and what its views share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, request
from flask_babel import gettext

from cstrain.extensions import session
from cstrain.kernel.errors import DomainError

blueprint = Blueprint("people", __name__)


def told(error: DomainError) -> str:
    """Return a refusal in the reader's language."""
    text = str(gettext(error.message))
    return text % error.values if error.values else text


def attempt(form: Any, act: Callable[[], object]) -> bool:
    """Do an act of a form; a refusal goes to the top of the form, what was begun is undone."""
    try:
        act()
    except DomainError as error:
        session().rollback()
        form.form_errors = [*form.form_errors, told(error)]
        return False
    return True


def local_path(target: str | None) -> str:
    """Return a path of this site to go to, else the front page (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"


def address() -> str:
    """Return the network address of the request."""
    return request.remote_addr or ""
