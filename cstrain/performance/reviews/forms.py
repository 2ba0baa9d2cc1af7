"""Shapes of input for monthly reviews. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.performance.reviews.policy import UNSURE, ReviewRules, Way
from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed

_MOST = 10_000_000


class _Checks(SelectMultipleField):
    """A list of check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NewForm(CleanForm):
    """Reviews of a department's month to be opened."""

    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    month = SelectField(lazy_gettext("评价哪个月"), validators=[chosen()])
    opens_on = DayField(lazy_gettext("开始日"), validators=[needed()])
    closes_on = DayField(lazy_gettext("截止日"), validators=[needed()])
    way = RadioField(lazy_gettext("怎样请同事"), validators=[chosen()])
    without_customers = BooleanField(lazy_gettext("这个部门不直接服务客户，不用客户评价"))

    def offer(
        self, departments: Iterable[tuple[int, str]], months: Iterable[tuple[str, str]], ways: Sequence[Way]
    ) -> None:
        """Fill the lists of departments, months and ways to ask colleagues."""
        words = {"drawn": gettext("系统抽签"), "named": gettext("由上级指定")}
        self.department.choices = list(departments)
        self.month.choices = list(months)
        self.way.choices = [SelectChoice(way, words[way]) for way in ways]


class ExtendForm(CleanForm):
    """A later last day."""

    closes_on = DayField(lazy_gettext("新的截止日"), validators=[needed()])


class CloseForm(CleanForm):
    """The end of a cycle: nothing but the press of a button."""


class NameForm(CleanForm):
    """Which colleagues are asked."""

    peers = _Checks(lazy_gettext("请哪些同事"), coerce=int)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of colleagues."""
        self.peers.choices = list(people)

    def ids(self) -> Sequence[int]:
        """Return the ids that were ticked."""
        return [int(each) for each in self.peers.data or ()]


def _count(label: Any, least: int) -> IntegerField:
    words = lazy_gettext("请填%(least)s到%(most)s之间的整数。", least=least, most=_MOST)
    return IntegerField(label, validators=[needed(), NumberRange(least, _MOST, words)])


class CustomersForm(CleanForm):
    """What customers said in the month, counted, with its source."""

    answers = _count(lazy_gettext("客户评价次数"), 1)
    satisfied = _count(lazy_gettext("其中满意的次数"), 0)
    complaints = _count(lazy_gettext("投诉件数"), 0)
    major = _count(lazy_gettext("其中重大投诉"), 0)
    source = StringField(lazy_gettext("数据来源"), validators=[needed(), at_most(200)])


class ReviewForm(CleanForm):
    """A form of factors; they are added by ``review_form``."""

    note = TextAreaField(lazy_gettext("补充说明"), validators=[at_most(1000)])


class PeerForm(CleanForm):
    """A peer's form of factors."""

    note = TextAreaField(lazy_gettext("想对这位同事说的话"), validators=[at_most(500)])


def review_form(rules: ReviewRules, *, peer: bool) -> CleanForm:
    """Return the form of a view: every factor with its answers; a peer may be unsure."""
    answers = [SelectChoice(each.id, gettext(each.title)) for each in rules.answers]
    if peer:
        answers.append(SelectChoice(UNSURE, gettext(rules.peers.unsure)))
    fields = {
        f"factor_{each.id}": RadioField(gettext(each.title), choices=answers, validators=[chosen()])
        for each in rules.factors
    }
    made: CleanForm = type("FormOfFactors", (PeerForm if peer else ReviewForm,), fields)()
    return made


def answers_of(form: CleanForm, rules: ReviewRules) -> Mapping[str, str]:
    """Return the chosen answers by factor."""
    return {each.id: str(form[f"factor_{each.id}"].data or "") for each in rules.factors}
