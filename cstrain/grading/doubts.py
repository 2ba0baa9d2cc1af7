"""What people should look at before they release a typing result. It never takes marks away by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cstrain.exams import queries as exams
from cstrain.extensions import Line

FASTEST = 300
"""Characters a minute (gross) beyond which people are asked to look: no published level asks for more."""
CLOCK_SLACK_MS = 10_000
"""What the page's clock may fall short of the server's before people are asked to look."""


def doubts(gross: Fraction, ms: int, server_ms: int | None) -> list[str]:
    """Return why people should look at a typing result: ``speed``, ``clock``.

    ``server_ms`` is the time between the first and the last saving that the server's own log shows. A network
    that was away makes it shorter or longer, so it proves nothing by itself.
    """
    found = ["speed"] if gross > FASTEST else []
    late = server_ms is not None and server_ms - ms > CLOCK_SLACK_MS
    return [*found, "clock"] if late else found


def typing_doubts(results: Iterable[Line]) -> dict[int, tuple[str, ...]]:
    """Return why to look at each attempt that gives reason to: ``speed``, ``clock``, ``paste``."""
    measured = {
        (row.attempt_id, mark["slot"]): mark["measures"]
        for row in results
        for mark in row.marks
        if "gross" in mark.get("measures", {})
    }
    spans = exams.slot_spans({attempt_id for attempt_id, _slot in measured}) if measured else {}
    found: dict[int, set[str]] = {}
    for place, measures in measured.items():
        span = spans.get(place)
        server_ms = int(span.total_seconds() * 1000) if span is not None else None
        found.setdefault(place[0], set()).update(_of(measures, server_ms))
    return {attempt_id: tuple(sorted(reasons)) for attempt_id, reasons in found.items() if reasons}


def _of(measures: Mapping[str, str], server_ms: int | None) -> list[str]:
    ms = int(Fraction(measures["seconds"]) * 1000)
    pasted = ["paste"] if "pastes" in measures else []
    return [*doubts(Fraction(measures["gross"]), ms, server_ms), *pasted]
