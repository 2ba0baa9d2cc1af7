"""The printed list of acknowledgements of an edition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.extensions import local_date
from cstrain.promotion.editions.facts import Acknowledged

_ACTS = {"drafted": "拟制", "checked": "审核", "approved": "批准"}


def acknowledgements(found: Acknowledged, on: date) -> bytes:
    """Return the list of who acknowledged an edition and who has not, as PDF."""
    ladder = found.ladder
    data = {
        "number": f"ZD-{ladder.ref}-{ladder.edition}",
        "draft": False,
        "title": ladder.title,
        "edition": str(ladder.edition),
        "from": _zh(ladder.effective_from),
        "approvals": [[_ACTS[one.act], f"{one.by} {_zh(one.on)}"] for one in ladder.approvals],
        "digest": found.digest,
        "on": _zh(on),
        "done": str(len(found.lines) - found.waiting),
        "waiting": str(found.waiting),
        "lines": [
            [
                line.person.staff_no,
                line.person.name,
                line.person.department_name,
                _zh(local_date(line.at)) if line.at is not None else "未确认",
            ]
            for line in found.lines
        ],
    }
    return render_pdf(Path(bundled("templates")) / "pdf" / "edition_acknowledgements.typ", data)


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
