"""What some tests need of the machine. Where it is missing they are skipped, and one line says so.

``CSTRAIN_REQUIRE_POSTGRES=1``, ``CSTRAIN_REQUIRE_BROWSER=1`` and ``CSTRAIN_REQUIRE_PDFTOTEXT=1`` turn a
missing thing into a failure.
"""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

missing: dict[str, str] = {}
"""What was missing in this run, and why: shown at its end."""


def skip_without(what: str, why: str) -> NoReturn:
    """Skip the test for want of ``what`` (postgres, browser, pdftotext), or fail where it is required."""
    if os.environ.get(f"CSTRAIN_REQUIRE_{what.upper()}") == "1":
        pytest.fail(f"{what} is required here, but {why}")
    missing[what] = why
    pytest.skip(f"{what}: {why}")


def chromium_path() -> str:
    """Return the path of a Chromium; skips (or fails) where there is none."""
    given = os.environ.get("CSTRAIN_CHROMIUM", "")
    for name in (given, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name) if name else None
        if found:
            return found
    skip_without("browser", "no Chromium was found (install it, or set CSTRAIN_CHROMIUM)")
