"""PDF from a package's own Typst template and plain data.

The data travels as JSON text through Typst's inputs and is read there with ``json.decode``: it is never
parsed as markup, so no entered text can become code. Fonts come with the product; the system's are not asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path


class PdfError(RuntimeError):
    """A template and its data do not fit together."""


def font_folder() -> Path:
    """Return the folder of the Chinese fonts that come with the product (Noto Sans SC, Noto Serif SC)."""
    return sans_path().parent


def render_pdf(template: Path, data: Mapping[str, Any], at: datetime | None = None) -> bytes:
    """Return the PDF that ``template`` makes of ``data``.

    The template reads ``#let data = json(bytes(sys.inputs.data))`` and may include files of its own folder
    only. Dates become ISO text, decimals text, bytes (of a picture) lists of numbers. Raises ``PdfError``
    with Typst's words.
    """
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    try:
        made = typst.compile(
            str(template),
            root=str(template.parent),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": text},
            timestamp=at,
        )
    except (RuntimeError, typst.TypstError) as error:
        raise PdfError(f"{template.name}: {error}") from error
    if not isinstance(made, bytes):
        raise PdfError(f"{template.name} did not make one file")
    return made


def _plain(value: object) -> str | list[int]:
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot go into a document")
