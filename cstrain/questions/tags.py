"""Tags of questions: neat, short enough, not too many. Pure."""

from __future__ import annotations

from collections.abc import Collection

MOST_TAGS = 20
"""A question has at most so many tags."""
MOST_TAG = 30
"""A tag has at most so many characters."""


def neat_tags(tags: Collection[str]) -> tuple[str, ...]:
    """Return the tags without outer spaces, doubles and empty ones."""
    kept = dict.fromkeys(" ".join(each.split()) for each in tags)
    return tuple(each for each in kept if each)


def clean_tags(tags: Collection[str]) -> tuple[str, ...]:
    """Return the first ``MOST_TAGS`` of the neat tags, without overlong ones."""
    return tuple(each for each in neat_tags(tags) if len(each) <= MOST_TAG)[:MOST_TAGS]


def overlong_tag(tags: Collection[str]) -> str:
    """Return the first tag of more than ``MOST_TAG`` characters, nothing if all fit."""
    return next((each for each in tags if len(each) > MOST_TAG), "")
