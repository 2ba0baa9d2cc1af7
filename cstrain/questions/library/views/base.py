"""What the pages of the library share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for

from cstrain.access import actor, may
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people.queries import people
from cstrain.questions.forms import DIFFICULTY_LABELS, TYPE_LABELS
from cstrain.questions.library.forms import KIND_LABELS
from cstrain.questions.slots import Statistics, statistics
from cstrain.ui.forms import whole

blueprint = Blueprint("library", __name__)


@blueprint.context_processor
def _helpers() -> dict[str, Any]:
    """Give this blueprint's templates the words for types, difficulties and acts, and what may be done."""
    return {
        "type_labels": TYPE_LABELS,
        "difficulty_labels": DIFFICULTY_LABELS,
        "kind_labels": KIND_LABELS,
        "can": lambda permission: may(actor(), permission),
    }


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a list, and the addresses of its other pages (filters kept)."""

    page: int
    pages: int

    def url(self, page: int) -> str:
        """Return the address of another page."""
        kept = {key: value for key, value in request.args.items() if key != "page" and value}
        return url_for(request.endpoint or "", **{**(request.view_args or {}), **kept, "page": page})


def asked_page() -> int:
    """Return the page that the address names, else the first."""
    return request.args.get("page", 1, type=whole)


def judge() -> Statistics | None:
    """Return who knows the statistics, for a reader who may see them."""
    return statistics.filling if may(actor(), "statistics.view") else None


def names_of(ids: Collection[PersonId | None]) -> dict[PersonId, str]:
    """Return people's names by id."""
    found = people({each for each in ids if each is not None}, local_date(now()))
    return {each: facts.name for each, facts in found.items()}
