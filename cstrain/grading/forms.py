"""Shapes of input for appeals and changes of marks. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectField, TextAreaField

from cstrain.ui.forms import CleanForm, MarkField, at_most, chosen, needed

_MOST_WORDS = 2000


class AppealForm(CleanForm):
    """An objection to a result, about one question or the whole."""

    slot = SelectField(lazy_gettext("哪道题"))
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self, slots: Iterable[int]) -> None:
        """Fill the list of questions."""
        each = [(str(slot), gettext("第%(n)s题", n=slot)) for slot in slots]
        self.slot.choices = [("", gettext("整份答卷")), *each]

    def chosen(self) -> int | None:
        """Return the question objected to; ``None``: the whole."""
        return int(self.slot.data) if self.slot.data else None


class DecisionForm(CleanForm):
    """The answer to an appeal."""

    upheld = RadioField(lazy_gettext("决定"), validators=[chosen()])
    decision = TextAreaField(lazy_gettext("答复"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self) -> None:
        """Fill the two outcomes."""
        self.upheld.choices = [("yes", gettext("申诉成立")), ("no", gettext("维持原成绩"))]


class ChangeForm(CleanForm):
    """A proposal of what one question should earn."""

    slot = SelectField(lazy_gettext("哪道题"), validators=[needed()])
    earned = MarkField(lazy_gettext("改为多少分"), places=None, validators=[needed()])
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self, slots: Iterable[tuple[int, Decimal]]) -> None:
        """Fill the list of questions with the most each can earn."""
        self.slot.choices = [
            (str(slot), gettext("第%(n)s题，满分%(of)s分", n=slot, of=f"{of.normalize():f}"))
            for slot, of in slots
        ]
