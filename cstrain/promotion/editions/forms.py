"""Shapes of input for editions. Choices are handed in; no query, no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from cstrain.promotion.changing import Number
from cstrain.promotion.forms import numbers_form
from cstrain.ui.forms import CleanForm, DayField, at_most, needed

_MOST_TEXT = 200_000
_FROM = lazy_gettext("从哪天起生效")
_WHY = lazy_gettext("为什么改")


class ChapterForm(CleanForm):
    """An edition of a chapter as text."""

    effective_from = DayField(_FROM, validators=[needed()])
    reason = StringField(_WHY, validators=[needed(), at_most(1000)])
    text = TextAreaField(lazy_gettext("制度文本"), validators=[needed(), at_most(_MOST_TEXT)])


class TextForm(ChapterForm):
    """An edition of a ladder as text with its scenario cases."""

    scenarios = TextAreaField(lazy_gettext("场景"), validators=[needed(), at_most(_MOST_TEXT)])


class ReasonForm(CleanForm):
    """Why an edition is sent back or taken back."""

    reason = TextAreaField(lazy_gettext("原因"), validators=[needed(), at_most(1000)])


class AcknowledgeForm(CleanForm):
    """That somebody read and understood the text with this digest."""

    digest = HiddenField()
    understood = BooleanField(
        lazy_gettext("我已读完并理解"), validators=[InputRequired(lazy_gettext("请先勾选这一项。"))]
    )


def new_numbers_form(numbers: Sequence[Number], words: Mapping[str, Any], start: date) -> CleanForm:
    """Return the form of a new edition with other numbers: one field each, the first day, the reason."""
    more = {
        "effective_from": DayField(_FROM, validators=[needed()], default=start),
        "reason": StringField(_WHY, validators=[needed(), at_most(1000)]),
    }
    return numbers_form(numbers, words, start, more)
