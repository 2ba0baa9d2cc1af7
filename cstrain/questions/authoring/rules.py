"""Who may do what with a draft, and when. Pure."""

from __future__ import annotations

from collections.abc import Collection

from cstrain.kernel.ids import PersonId

WRITABLE = frozenset({"draft", "returned"})
MOST_FIELDS_BYTES = 200_000
LONG_TAG = "没有保存：标签“%(tag)s…”太长，一个标签最多%(most)s个字。请写短一些。"


def may_write(state: str) -> bool:
    """Tell whether a draft may be written in: not while somebody reviews it, nor once it is decided."""
    return state in WRITABLE


def may_decide(state: str, writers: Collection[PersonId], person: PersonId) -> bool:
    """Tell whether a person may accept a draft or send it back: it waits for that, and they wrote none of it.

    Source: docs/rules.md 4, nobody decides on what they wrote.
    """
    return state == "review" and person not in writers
