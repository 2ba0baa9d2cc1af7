"""Shapes of input for reports that a question is wrong, and answers to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, RadioField, SelectMultipleField, TextAreaField, ValidationError, widgets

from cstrain.questions.reports.facts import MOST_SIGNS, Report
from cstrain.ui.forms import CleanForm, at_most, chosen, needed

KIND_WORDS = {
    "key": lazy_gettext("答案错了"),
    "unclear": lazy_gettext("说得不清楚"),
    "outdated": lazy_gettext("规定已经变了"),
    "typo": lazy_gettext("有错字"),
    "other": lazy_gettext("别的问题"),
}
ANSWER_WORDS = {
    "change": lazy_gettext("说得对，会改"),
    "right": lazy_gettext("题目没有错"),
    "known": lazy_gettext("已经知道了"),
}
_ANSWERED = lazy_gettext("有的纠错刚刚已由别人答复，什么也没有发出。请看过现在的情况再答复。")


class ReportForm(CleanForm):
    """What is wrong with a question."""

    kind = RadioField(lazy_gettext("哪里有问题"), validators=[chosen()])
    text = TextAreaField(lazy_gettext("说明"), validators=[needed(), at_most(MOST_SIGNS)])

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.kind.choices = list(KIND_WORDS.items())


class AnswerForm(CleanForm):
    """One answer to some reports about a question."""

    reports = SelectMultipleField(
        lazy_gettext("纠错"),
        coerce=int,
        validate_choice=False,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    answer = RadioField(lazy_gettext("答复"), validators=[chosen()])
    text = TextAreaField(lazy_gettext("说明"), validators=[at_most(MOST_SIGNS)])

    def offer(self, reports: Iterable[Report]) -> None:
        """Offer these reports, and the answers there are."""
        self.answer.choices = list(ANSWER_WORDS.items())
        self.reports.choices = [(each.id, str(each.id)) for each in reports]

    def validate_reports(self, field: Field) -> None:
        """Refuse nothing ticked, and what is not open any more."""
        if not field.data:
            raise ValidationError(gettext("请至少勾选一个纠错。"))
        if not set(field.data) <= {each[0] for each in self.reports.choices or ()}:
            raise ValidationError(_ANSWERED)

    def validate_text(self, field: Field) -> None:
        """Ask for the reason where the question is said to be right."""
        if self.answer.data == "right" and not field.data:
            raise ValidationError(gettext("题目没有错的话，请写一句为什么。"))
