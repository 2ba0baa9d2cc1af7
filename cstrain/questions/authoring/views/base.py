"""What the pages of writing questions share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import lazy_gettext as _l

from cstrain.access import actor, may
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.media.queries import stored_files
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.questions.authoring.editing.fields import Field
from cstrain.questions.forms import DIFFICULTY_LABELS, TYPE_LABELS
from cstrain.questions.slots import guarded, paper_desk

blueprint = Blueprint("authoring", __name__)

STATE_WORDS = {
    "draft": _l("在写"),
    "review": _l("待审核"),
    "returned": _l("退回修改"),
    "accepted": _l("已通过"),
    "dropped": _l("已作废"),
}
STATE_GLYPHS = {"draft": "now", "review": "wait", "returned": "warn", "accepted": "ok", "dropped": "skip"}


@blueprint.context_processor
def _helpers() -> dict[str, Any]:
    """Give the templates words for types, difficulties and states, and what their macros ask."""
    return {
        "type_labels": TYPE_LABELS,
        "difficulty_labels": DIFFICULTY_LABELS,
        "state_words": STATE_WORDS,
        "state_glyphs": STATE_GLYPHS,
        "can": lambda permission: may(actor(), permission),
        "blank_row": lambda field: field.new_row(),
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


def names_of(ids: Iterable[PersonId | None]) -> dict[PersonId, PersonFacts]:
    """Return people by id, for a page."""
    return people.people({each for each in ids if each is not None}, local_date(now()))


def must_not_sit(bank: str) -> None:
    """Refuse somebody who may have to sit a paper of this bank: its keys are not for them."""
    desk = paper_desk.filling
    if may(actor(), "programme.follow") and guarded(bank, desk.lines(now()) if desk else ()):
        raise ForbiddenError(
            "你还在试用期，要考这份题库的卷，不能看答案，也不能写这里的题。请让另一位培训师来办。"
        )


def lost_of(digests: Iterable[str]) -> frozenset[str]:
    """Return which pictures are not kept (any more)."""
    wanted = set(digests)
    kept = stored_files(wanted)
    return frozenset(each for each in wanted if each not in kept or not kept[each].is_picture)


def shape_of(field: Field) -> str:
    """Return the name of the macro that draws a field."""
    return field.shape
