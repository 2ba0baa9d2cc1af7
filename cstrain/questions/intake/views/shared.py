"""What the pages of imports share: the blueprint, words for states, pagers, working at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import lazy_gettext as _l

from cstrain.access import actor, may
from cstrain.extensions import now
from cstrain.kernel.errors import ForbiddenError
from cstrain.kernel.ids import new_token
from cstrain.questions.forms import DIFFICULTY_LABELS, TYPE_LABELS
from cstrain.questions.intake.service import Work, work_on
from cstrain.unit_of_work import unit_of_work

blueprint = Blueprint("intake", __name__)
MOST_BODY = 11_000_000
"""A file of 10 MB and the form around it."""

STATE_WORDS = {
    "checking": ("now", _l("正在检查")),
    "asking": ("warn", _l("要说明各列的含义")),
    "checked": ("warn", _l("检查完，等你确认")),
    "writing": ("now", _l("正在写入")),
    "done": ("ok", _l("已导入")),
    "accepting": ("now", _l("正在采用")),
    "cancelled": ("skip", _l("已取消")),
    "refused": ("bad", _l("没有读取")),
}


@blueprint.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let bigger bodies in where files are uploaded; before anything reads the form."""
    if endpoint == "intake.upload":
        request.max_content_length = MOST_BODY


@blueprint.context_processor
def _helpers() -> dict[str, Any]:
    return {
        "type_labels": TYPE_LABELS,
        "difficulty_labels": DIFFICULTY_LABELS,
        "state_words": STATE_WORDS,
        "can": lambda permission: may(actor(), permission),
    }


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a list, and the addresses of its other pages."""

    page: int
    pages: int

    @classmethod
    def of(cls, page: int, total: int, size: int) -> Pager:
        """Return the pager of a list of ``total``."""
        return cls(max(1, page), max(1, -(-total // size)))

    def url(self, page: int) -> str:
        """Return the address of another page."""
        return url_for(request.endpoint or "", **{**(request.view_args or {}), "page": page})


def in_two_units(act: Callable[[str, datetime], int], *, at_once: bool) -> int:
    """Do the first part of an act in a unit of its own; then, ``at_once``, the work it asks for.

    ``act`` is given who works on it ("": somebody in the background) and the time; it returns the import.
    """
    worker = new_token() if at_once else ""
    with unit_of_work():
        batch_id = act(worker, now())
    if at_once:
        work_on(Work(batch_id, worker, now), tell=False)
    return batch_id


def must_not_be_on_trial() -> None:
    """Refuse somebody in probation: they sit the exams whose answers these are."""
    if may(actor(), "programme.follow"):
        raise ForbiddenError("你还在试用期，要考这些题，不能看答案。请让另一位培训师来办。")
