"""Shape of input for questions that are still right."""

from __future__ import annotations

import re

from flask_babel import gettext, lazy_gettext
from wtforms import Field, SelectMultipleField, TextAreaField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.questions.sources.rules import MOST_AT_ONCE
from cstrain.ui.forms import MOST_ID, CleanForm, at_most, needed

_VALUE = re.compile(r"([0-9]{1,10})-([0-9]{1,10})")


class StillRightForm(CleanForm):
    """Questions ticked as right, each with the lesson's version that was on the page, and why."""

    questions = SelectMultipleField(
        lazy_gettext("试题"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    note = TextAreaField(lazy_gettext("怎样核对的"), validators=[needed(), at_most(300)])

    def validate_questions(self, field: Field) -> None:
        """Refuse nothing ticked, too many, and what the page never offered."""
        ticked = field.data or []
        if not ticked:
            raise ValidationError(gettext("请至少勾选一道题。"))
        if len(ticked) > MOST_AT_ONCE or any(_pair(each) is None for each in ticked):
            raise ValidationError(gettext("请从列出的选项里选。"))

    def seen(self) -> dict[int, int]:
        """Return by question version the lesson's version that was seen, once the form is valid."""
        return dict(pair for each in self.questions.data or () if (pair := _pair(each)))


def _pair(value: str) -> tuple[int, int] | None:
    found = _VALUE.fullmatch(value)
    pair = (int(found[1]), int(found[2])) if found else None
    return pair if pair and max(pair) <= MOST_ID else None
