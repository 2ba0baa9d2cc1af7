"""Where the topics of a file go in a bank, and which files are looked at at once. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from cstrain.questions.facts import MOST_DEPTH, TopicPath
from cstrain.questions.intake.facts import Placed

PLACINGS = ("file", "known", "default")
"""Topics as the file names them, new ones made; only those there are; all questions under one topic."""
BANK_NAME = r"[a-z][a-z0-9_-]{1,39}"
"""What a bank may be called in addresses and files."""
MOST_TITLE = 60
SILENT_SECONDS = 60
"""After so long without a sign of life, an import is taken up again by somebody else."""
_AT_ONCE, _PACKED_AT_ONCE = 200_000, 50_000


def is_small(data: bytes) -> bool:
    """Tell whether a file is looked at while its sender waits; packed files unfold tenfold and more."""
    return len(data) <= (_PACKED_AT_ONCE if data.startswith(b"PK") else _AT_ONCE)


def headings_digest(headings: Iterable[str]) -> str:
    """Return what a set of headings is remembered by, whatever their order."""
    text = json.dumps(sorted(headings), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def placed(
    named: Iterable[str], topics: Sequence[TopicPath], placing: str, default: str
) -> dict[str, Placed]:
    """Return where each topic that a file names goes; ``default`` is the ref of the topic for the others.

    A topic is known by its ref, by its whole path, or by a title that only one topic has. Levels beyond
    ``MOST_DEPTH`` are put into the last one.
    """
    known = _known(topics)
    return {name: _placed(name, known, placing, default) for name in dict.fromkeys(named)}


def _known(topics: Sequence[TopicPath]) -> dict[str, str]:
    titles: dict[str, list[str]] = {}
    for each in topics:
        titles.setdefault(each.path.rpartition("/")[2], []).append(each.ref)
    return {
        **{title: refs[0] for title, refs in titles.items() if len(refs) == 1},
        **{each.ref: each.ref for each in topics},
        **{each.path: each.ref for each in topics},
    }


def _placed(name: str, known: Mapping[str, str], placing: str, default: str) -> Placed:
    levels = _levels(name)
    if placing == "default" or not levels:
        return Placed(default)
    for whole in (name.strip(), "/".join(levels)):
        if whole in known:
            return Placed(known[whole])
    if placing == "known":
        return Placed(default)
    for depth in range(len(levels) - 1, 0, -1):
        above = "/".join(levels[:depth])
        if above in known:
            return Placed(known[above], levels[depth:])
    return Placed("", levels)


def _levels(name: str) -> tuple[str, ...]:
    levels = [" ".join(each.split())[:MOST_TITLE] for each in name.split("/")]
    kept = [each for each in levels if each]
    return (*kept[: MOST_DEPTH - 1], *kept[MOST_DEPTH - 1 : MOST_DEPTH])
