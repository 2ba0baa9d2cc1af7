"""Addresses of static files that change with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import request, url_for

FOLDER = Path(__file__).parents[1] / "web" / "static"


def asset(path: str) -> str:
    """Return the address of a static file with a short fingerprint of its content.

    A file is read once, as templates are: to see a change, start the server again. Raises
    ``FileNotFoundError`` when there is no such file: a page must not ship a dead link.
    """
    return _address(request.script_root if request else "", path)


@lru_cache(maxsize=1024)
def _address(_root: str, path: str) -> str:
    """Work an address out once for each place the application is mounted at."""
    mark = hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:10]
    return url_for("web.static", filename=path, v=mark)
