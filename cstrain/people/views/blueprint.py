"""The blueprint of people, and what its views share."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, request

blueprint = Blueprint("people", __name__)


def local_path(target: str | None) -> str:
    """Return a path of this site to go to, else the front page (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"


def address() -> str:
    """Return the network address of the request."""
    return request.remote_addr or ""
