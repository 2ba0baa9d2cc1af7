"""Shapes of input for marking from queues. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField, StringField
from wtforms.validators import AnyOf

from cstrain.grading.written.facts import QueueKey
from cstrain.ui.forms import CleanForm, chosen, needed, whole

WHY_WORDS = {
    "known": lazy_gettext("认出了是谁写的"),
    "unable": lazy_gettext("这道题我阅不了"),
    "other": lazy_gettext("其他原因"),
}
_MOST_REF = 80


class QueueForm(CleanForm):
    """Which queue to take an answer from; its fields are hidden."""

    paper = StringField(validators=[needed()])
    question = StringField(validators=[needed()])
    part = StringField(validators=[needed()])

    def key(self) -> QueueKey | None:
        """Return the queue; ``None`` for numbers that are none."""
        try:
            return QueueKey(self.paper.data[:_MOST_REF], whole(self.question.data), whole(self.part.data))
        except ValueError:
            return None


class BackForm(CleanForm):
    """Why a sheet is given back."""

    why = RadioField(lazy_gettext("为什么交回"), validators=[chosen(), AnyOf(list(WHY_WORDS))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why.choices = list(WHY_WORDS.items())
