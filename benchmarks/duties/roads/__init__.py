"""The roads: every file here with a ``ROAD`` is one."""

from __future__ import annotations

import importlib
import pkgutil

from benchmarks.duties.road import Road


def every_road() -> list[Road]:
    """Return all roads by the name of their file."""
    found = sorted(one.name for one in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in found)
    return [one.ROAD for one in modules if hasattr(one, "ROAD")]
