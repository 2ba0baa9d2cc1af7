"""What printed papers share: the PDF of a template, and days as Chinese forms write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.extensions import local_date

_LONG = re.compile(r"[!-~\u00a1-\u0eff]{24}(?=\S)")
_BREAK = "\u200b"


def breakable(value: Any) -> Any:
    """Return data whose long words (an address, many digits) may be broken: none runs off the page."""
    if isinstance(value, str):
        return _LONG.sub(lambda found: found[0] + _BREAK, value)
    if isinstance(value, Mapping):
        return {key: breakable(each) for key, each in value.items()}
    return [breakable(each) for each in value] if isinstance(value, list | tuple) else value


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a template of ``templates/pdf`` with its data."""
    return render_pdf(Path(bundled("templates")) / "pdf" / f"{template}.typ", data)


def zh_day(day: date | str | None) -> str:
    """Say a day (a date, or as ISO text) as Chinese forms do: 2026年11月21日; nothing for none."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return f"{day.year}年{day.month}月{day.day}日" if day is not None else ""


def zh_day_of(at: datetime | None) -> str:
    """Say the company's day of an instant; nothing for none."""
    return zh_day(local_date(at)) if at is not None else ""
