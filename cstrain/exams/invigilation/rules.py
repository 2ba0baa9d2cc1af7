"""Pure rules of invigilation: spans of time, silence, lost time and credit, speed.

Sources: docs/rules.md 3 and 4.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from cstrain.exams.invigilation.facts import Span, Touch

_SECOND = timedelta(seconds=1)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time as spans that neither overlap nor touch, in order; empty spans vanish."""
    found: list[Span] = []
    for span in sorted(one for one in spans if one.ended > one.began):
        if found and span.began <= found[-1].ended:
            found[-1] = Span(found[-1].began, max(found[-1].ended, span.ended))
        else:
            found.append(span)
    return tuple(found)


def minus(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of some spans without the time of others."""
    left = list(union(spans))
    for hole in union(taken):
        left = [
            piece
            for one in left
            for piece in (
                Span(one.began, min(one.ended, hole.began)),
                Span(max(one.began, hole.ended), one.ended),
            )
            if piece.ended > piece.began
        ]
    return tuple(left)


def common(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return the time that lies in both."""
    others = union(others)
    return union(
        Span(max(one.began, other.began), min(one.ended, other.ended))
        for one in union(spans)
        for other in others
    )


def seconds_of(spans: Iterable[Span]) -> int:
    """Return the time of spans in whole seconds, rounded up; what overlaps counts once."""
    total = sum((span.length for span in union(spans)), timedelta(0))
    return math.ceil(total / _SECOND)


def silences(
    began: datetime, ended: datetime, heard: Iterable[datetime], least: timedelta
) -> tuple[Span, ...]:
    """Return the gaps of at least ``least`` between two beats in which no answer was taken in either."""
    points = [began, *sorted(at for at in heard if began < at < ended), ended]
    gaps = (Span(earlier, later) for earlier, later in pairwise(points))
    return tuple(gap for gap in gaps if gap.length >= least)


def outages(silent: Iterable[Span], sat: Collection[Span], least: timedelta) -> tuple[Span, ...]:
    """Return the silences in which somebody sat for at least ``least``, from when the first of them did."""
    found = []
    for gap in silent:
        missed = common([gap], sat)
        if sum((one.length for one in missed), timedelta(0)) >= least:
            found.append(Span(missed[0].began, gap.ended))
    return tuple(found)


def lost(silence: Span, sat: Span, paused: Iterable[Span]) -> tuple[Span, ...]:
    """Return the part of a silence in which a candidate's time ran: while it is paused none is lost."""
    return minus(common([silence], [sat]), paused)


def still_owed(lost_time: Iterable[Span], credited: Iterable[Span]) -> tuple[Span, ...]:
    """Return lost time that no credit has covered yet: the same second is never given back twice."""
    return minus(lost_time, credited)


def is_held(deadline: datetime, silent: Collection[Span]) -> bool:
    """Tell whether an attempt's time ran out while the server was silent.

    Such an attempt is held at its very end instead of being closed: people decide about its time.
    """
    return any(span.began < deadline <= span.ended for span in silent)


def may_give_alone(given_seconds: int, more_seconds: int, alone_minutes: int) -> bool:
    """Tell whether one person may give so much more time; given so far counts, whoever gave it."""
    return given_seconds + more_seconds <= alone_minutes * 60


def rushes(touches: Sequence[Touch], closer_ms: int, run: int) -> int:
    """Return how often at least ``run`` different questions were answered closer than ``closer_ms`` apart.

    ``touches`` are accepted answers in the order they were given. A page that was loaded anew begins its
    clock anew: no two answers are compared across that.
    """
    met: set[int] = set()
    length = found = 0
    before: int | None = None
    for touch in touches:
        if touch.slot in met or touch.mono_ms is None:
            continue
        met.add(touch.slot)
        near = before is not None and 0 <= touch.mono_ms - before < closer_ms
        length = length + 1 if near else 1
        found += length == run
        before = touch.mono_ms
    return found
