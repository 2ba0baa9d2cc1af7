"""Where the top-level folders (question banks, templates, migrations) are: in a wheel, or in the checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Return the folder ``name``: inside an installed wheel, else beside the package in the checkout.

    Raises ``FileNotFoundError`` when neither has it.
    """
    for folder in (_PACKAGE / "_bundled" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name!r} came with neither the package nor the checkout")
