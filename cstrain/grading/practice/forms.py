"""Shapes of input for practice. Choices are handed in; no query, no rule."""

from __future__ import annotations

import json
from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.grading.practice.facts import OpenBank
from cstrain.ui.forms import CleanForm, chosen


class DrawForm(CleanForm):
    """What to practise: topics of a bank (none: all of them), and how many questions."""

    topics = SelectMultipleField(
        lazy_gettext("主题"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    count = RadioField(lazy_gettext("题数"), coerce=int, validators=[chosen()])

    def offer(self, bank: OpenBank, counts: Iterable[int]) -> None:
        """Fill the topics of a bank and the numbers of questions."""
        self.topics.choices = [
            (topic.ref, gettext("%(topic)s（%(n)s题）", topic=topic.title, n=topic.questions))
            for topic in bank.topics
        ]
        self.count.choices = [(count, gettext("%(n)s题", n=count)) for count in counts]


class AnswerForm(CleanForm):
    """An answer: what the page's control read, as JSON text."""

    value = HiddenField(lazy_gettext("作答"))
    most: int = 0

    def validate_value(self, field: HiddenField) -> None:
        """Refuse what is no JSON, or longer than an answer may be."""
        text = field.data or ""
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError(gettext("没有收到作答。请打开浏览器脚本，刷新这一页后再答。")) from None
        if len(text.encode()) > self.most:
            raise ValidationError(gettext("作答太长，没有提交。请写短一些。"))
