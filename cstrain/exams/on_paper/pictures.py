"""The pictures of questions that are printed: fetched by their digests, once each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cstrain.media.queries import printable_picture


def with_pictures(data: Any, known: dict[str, bytes | None] | None = None) -> Any:
    """Return a document's data with the bytes of each picture that questions name, instead of its digest.

    A picture that is not there any more has no bytes (``None``); its words are printed alone.
    """
    found = {} if known is None else known
    if isinstance(data, Mapping):
        return {
            name: [_fetched(each, found) for each in value]
            if name == "pictures"
            else with_pictures(value, found)
            for name, value in data.items()
        }
    return [with_pictures(each, found) for each in data] if isinstance(data, list | tuple) else data


def _fetched(picture: Mapping[str, Any], known: dict[str, bytes | None]) -> dict[str, Any]:
    digest = picture["file"]
    if digest not in known:
        known[digest] = printable_picture(digest)
    return {"data": known[digest], "alt": picture["alt"]}
