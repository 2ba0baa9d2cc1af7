"""Shapes of input of who invigilates. Choices are handed in by the views."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cstrain.ui.forms import CleanForm, at_most, chosen, needed

_MOST_REASON = 500
_MOST_TEXT = 2000
INCIDENT_WORDS = {
    "technical": lazy_gettext("设备或网络"),
    "health": lazy_gettext("身体不适"),
    "conduct": lazy_gettext("考场纪律"),
    "question": lazy_gettext("对题目有疑问"),
    "other": lazy_gettext("其他"),
}


class IncidentForm(CleanForm):
    """An entry of the incident log."""

    kind = SelectField(
        lazy_gettext("类别"),
        choices=[SelectChoice(kind, words) for kind, words in INCIDENT_WORDS.items()],
        default="technical",
        validators=[chosen()],
    )
    text = TextAreaField(lazy_gettext("经过"), validators=[needed(), at_most(_MOST_TEXT)])


class CreditForm(CleanForm):
    """Lost time to give back: which, and why."""

    source = SelectField(lazy_gettext("补哪一段"), validators=[chosen()])
    reason = StringField(lazy_gettext("原因"), validators=[needed(), at_most(_MOST_REASON)])

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Fill the spans that can be given back."""
        self.source.choices = [SelectChoice(source, words) for source, words in choices]
