"""Who may do what with a draft, and when. Pure."""

from __future__ import annotations

from collections.abc import Collection

from cstrain.kernel.ids import PersonId

WRITABLE = frozenset({"draft", "returned"})
MOST_TAGS = 20
MOST_TAG = 30
MOST_FIELDS_BYTES = 200_000


def may_write(state: str) -> bool:
    """Tell whether a draft may be written in: not while somebody reviews it, nor once it is decided."""
    return state in WRITABLE


def may_decide(state: str, writers: Collection[PersonId], person: PersonId) -> bool:
    """Tell whether a person may accept a draft or send it back: it waits for that, and they wrote none of it.

    Source: docs/rules.md 4, nobody decides on what they wrote.
    """
    return state == "review" and person not in writers


def clean_tags(tags: Collection[str]) -> tuple[str, ...]:
    """Return the first ``MOST_TAGS`` of the tags, without outer spaces, doubles, empty and overlong ones."""
    kept = dict.fromkeys(" ".join(each.split()) for each in tags)
    return tuple(each for each in kept if 0 < len(each) <= MOST_TAG)[:MOST_TAGS]
