"""Addresses of static files that change with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import g, request, url_for

FOLDER = Path(__file__).parents[1] / "web" / "static"


def asset(path: str) -> str:
    """Return the address of a static file with a short fingerprint of its content.

    Raises ``FileNotFoundError`` when there is no such file: a page must not ship a dead link.
    """
    known: dict[str, str] = g.setdefault("assets", {})
    if path not in known:  # a page names the sheet of icons a hundred times
        file = FOLDER / path
        mark = _fingerprint(file, file.stat().st_mtime_ns)
        known[path] = _address(request.script_root if request else "", path, mark)
    return known[path]


@lru_cache(maxsize=1024)
def _address(_root: str, path: str, mark: str) -> str:
    """Work an address out once for each place the application is mounted at."""
    return url_for("web.static", filename=path, v=mark)


@lru_cache(maxsize=256)
def _fingerprint(file: Path, changed: int) -> str:
    """Hash a file once for each time it was changed."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
