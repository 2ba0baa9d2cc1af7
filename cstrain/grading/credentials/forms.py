"""Shapes of input for credentials. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from cstrain.grading.credentials.facts import ELSEWHERE, FORMER
from cstrain.ui.forms import CleanForm, DayField, MarkField, at_most, chosen, needed

_MOST_WORDS = 500
SOURCE_WORDS = {FORMER: lazy_gettext("原部门"), ELSEWHERE: lazy_gettext("其他来源")}


class OutsideForm(CleanForm):
    """A result from outside, as it is written somewhere."""

    staff_no = StringField(lazy_gettext("工号"), validators=[needed(), at_most(40)])
    paper = SelectField(lazy_gettext("试卷"), validators=[needed()])
    mark = MarkField(
        lazy_gettext("分数"),
        places=None,
        validators=[needed(), NumberRange(0, 100, lazy_gettext("请填0到100之间的数字。"))],
    )
    exam_on = DayField(lazy_gettext("考试日期"), validators=[needed()])
    source = RadioField(lazy_gettext("成绩来源"), validators=[chosen()])
    department = StringField(lazy_gettext("出具成绩的部门"), validators=[needed(), at_most(80)])
    evidence = TextAreaField(lazy_gettext("依据"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self, papers: Iterable[tuple[str, str]]) -> None:
        """Fill the lists of papers (ref and title) and sources."""
        self.paper.choices = [("", gettext("请选择")), *papers]
        self.source.choices = list(SOURCE_WORDS.items())


class WhyForm(CleanForm):
    """A reason for turning something down or taking it back."""

    reason = TextAreaField(lazy_gettext("原因"), validators=[needed(), at_most(_MOST_WORDS)])


class WishForm(CleanForm):
    """An application not to sit a paper; what is said besides is up to the person."""

    wish = TextAreaField(lazy_gettext("说明（可以不填）"), validators=[at_most(_MOST_WORDS)])


class DecisionForm(CleanForm):
    """The decision about an application."""

    granted = RadioField(lazy_gettext("决定"), validators=[chosen()])
    reason = TextAreaField(lazy_gettext("理由"), validators=[at_most(_MOST_WORDS)])

    def offer(self) -> None:
        """Fill the two outcomes."""
        self.granted.choices = [("yes", gettext("同意免试")), ("no", gettext("不同意"))]
