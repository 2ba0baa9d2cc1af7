"""Shapes of input for near-duplicates."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from cstrain.questions.duplicates.facts import LEAST, MOST
from cstrain.ui.forms import CleanForm, at_most, needed

USUAL = 85


class AlikeForm(CleanForm):
    """Which pairs to look at; sent with GET."""

    class Meta:
        csrf = False

    bank = SelectField(lazy_gettext("题库"), [Optional()])
    threshold = IntegerField(
        lazy_gettext("相似度不低于"),
        [Optional(), NumberRange(LEAST, MOST, lazy_gettext("请填70到100的整数。"))],
        default=USUAL,
    )

    def offer(self, banks: Mapping[str, str]) -> None:
        """Fill the list of banks."""
        self.bank.choices = [
            SelectChoice("", gettext("所有题库互相比")),
            *(SelectChoice(name, title) for name, title in banks.items()),
        ]

    def asked(self) -> tuple[str, int]:
        """Return the bank and the threshold; a value that cannot be is as if it had not been given."""
        self.validate()
        bank = "" if self.bank.errors else self.bank.data or ""
        return bank, USUAL if self.threshold.errors or not self.threshold.data else self.threshold.data


class AsideForm(CleanForm):
    """Why two questions are not the same."""

    first = HiddenField()
    second = HiddenField()
    reason = TextAreaField(lazy_gettext("为什么不是同一道题"), validators=[needed(), at_most(300)])

    def pair(self) -> tuple[int, int]:
        """Return the ids of both versions; 0 for what is none."""
        texts = (self.first.data or "", self.second.data or "")
        first, second = (int(text) if text.isdecimal() and len(text) < 10 else 0 for text in texts)
        return first, second
