"""The blueprint of writing lessons, and what its pages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user

from cstrain.access import actor, may
from cstrain.kernel.ids import PersonId
from cstrain.lessons.authoring import queries
from cstrain.lessons.views import HANDBOOK_TITLES
from cstrain.ui.forms import whole

blueprint = Blueprint("lesson_writing", __name__)

PAGE = 50
_TAKES_FILES = frozenset({"lesson_writing.save", "lesson_writing.preview_page"})
MOST_AT_ONCE = 15 * 1024 * 1024
"""Bytes of a form with its files: the server takes 16 MiB. A bigger video comes in pieces before the form."""


@blueprint.url_value_preprocessor
def _take_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let authors, and nobody else, send more than a form: before anything of the request is read."""
    if endpoint in _TAKES_FILES and current_user.is_authenticated and may(actor(), "lesson.write"):
        request.max_content_length = MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class Pager:
    """A page of a list, for the pager: where one is, and where the others are."""

    page: int
    pages: int
    endpoint: str
    kept: dict[str, str]

    def url(self, number: int) -> str:
        """Return the address of another page with the same filter."""
        kept: dict[str, Any] = dict(self.kept)
        return url_for(self.endpoint, page=number, **kept)


def paged(found: list[Any], endpoint: str, *names: str) -> tuple[list[Any], Pager]:
    """Return the part of a list that the address asks for, and its pager, which keeps these filters."""
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, request.args.get("page", 1, whole)), pages)
    kept = {name: request.args[name] for name in names if request.args.get(name)}
    return found[(page - 1) * PAGE : page * PAGE], Pager(page, pages, endpoint, kept)


def names_of(people: Iterable[PersonId | None]) -> dict[int, str]:
    """Return the names of people by id, as far as the application knows them."""
    port = current_app.extensions.get("cstrain.names")
    return port({one for one in people if one is not None}) if port is not None else {}


def handbooks() -> list[tuple[str, str]]:
    """Return the handbooks there are by name and title, those of the product first."""
    names = dict.fromkeys([*HANDBOOK_TITLES, *queries.handbook_names()])
    return [(name, str(HANDBOOK_TITLES.get(name, name))) for name in names]
