"""Shapes of input for discipline. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import NumberRange, Optional

from cstrain.performance.discipline.policy import KIND_WORDS, SEVERITY_WORDS, RuleSet
from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed

_MOST_WORDS = 1000
_MOST_POINTS = 1000
_BETWEEN = re.compile(r"[\s,，、;；]+")


class _Whole(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(gettext("请填整数。")) from None


class BookingForm(CleanForm):
    """A deduction: for whom, when, by which rule, how many points, and on what evidence."""

    staff_no = StringField(lazy_gettext("工号"), validators=[needed(), at_most(200)])
    day = DayField(lazy_gettext("发生日期"), validators=[needed()])
    rule = SelectField(lazy_gettext("规定"), validators=[needed()])
    points = _Whole(
        lazy_gettext("扣分（加倍前）"),
        validators=[needed(), NumberRange(1, _MOST_POINTS, lazy_gettext("请填1到1000之间的整数。"))],
    )
    times = SelectField(lazy_gettext("加倍"), validators=[Optional()])
    aside = SelectMultipleField(
        lazy_gettext("更具体的规定不符合"),
        validators=[Optional()],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    evidence = TextAreaField(lazy_gettext("依据"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self, sets: Iterable[RuleSet]) -> None:
        """Fill the lists of rules (``set:code``), multipliers (``set:code:times``) and specific rules."""
        found = [(one, rule) for one in sets for rule in one.rules]
        self.rule.choices = [("", gettext("请选择"))] + [
            (
                f"{one.ref}:{rule.code}",
                gettext("%(text)s（%(span)s分）", text=rule.text, span=_span(rule.least, rule.most)),
            )
            for one, rule in found
        ]
        self.times.choices = [("", gettext("不加倍"))] + [
            (
                f"{one.ref}:{rule.code}:{times.code}",
                gettext("%(text)s（%(n)s倍）", text=times.text, n=times.factor),
            )
            for one, rule in found
            for times in rule.times
        ]
        self.aside.choices = [
            (f"{one.ref}:{rule.code}", rule.text) for one, rule in found if rule.specific_to is not None
        ]

    def numbers(self) -> list[str]:
        """Return the staff numbers typed, each once, in their order."""
        typed = [one for one in _BETWEEN.split(self.staff_no.data or "") if one]
        return list(dict.fromkeys(one.upper() for one in typed))


def _span(least: int, most: int) -> str:
    return str(least) if least == most else f"{least}–{most}"


class OpeningForm(CleanForm):
    """A file of opening sums, and where they come from."""

    file = FileField(
        lazy_gettext("期初扣分表"),
        description=lazy_gettext(
            "xlsx或csv，最多5MB、5000行（表头不算）。更多的分成几个文件，每个都带表头，分次上传。"
        ),
    )
    source = StringField(lazy_gettext("来源"), validators=[needed(), at_most(200)])


class ContestForm(CleanForm):
    """The person's word against a deduction."""

    says = TextAreaField(lazy_gettext("申诉理由"), validators=[needed(), at_most(_MOST_WORDS)])


class DecisionForm(CleanForm):
    """The decision of a contest."""

    upheld = RadioField(lazy_gettext("决定"), validators=[chosen()])
    answer = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self) -> None:
        """Fill the two outcomes."""
        self.upheld.choices = [("no", gettext("撤销扣分")), ("yes", gettext("维持扣分"))]


class ReasonForm(CleanForm):
    """A reason for taking something back."""

    reason = TextAreaField(lazy_gettext("原因"), validators=[needed(), at_most(_MOST_WORDS)])


class EntryForm(CleanForm):
    """An entry of a register."""

    kind = SelectField(lazy_gettext("登记什么"), validators=[needed()])
    staff_no = StringField(lazy_gettext("工号"), validators=[needed(), at_most(40)])
    day = DayField(lazy_gettext("发生日期"), validators=[needed()])
    other_no = StringField(lazy_gettext("另一人的工号"), validators=[at_most(40)])
    severity = SelectField(lazy_gettext("投诉轻重"), validators=[Optional()])
    vip = BooleanField(lazy_gettext("贵宾客户的投诉"))
    major = BooleanField(lazy_gettext("重大投诉"))
    text = TextAreaField(lazy_gettext("事情经过"), validators=[needed(), at_most(_MOST_WORDS)])
    evidence = TextAreaField(lazy_gettext("依据"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self) -> None:
        """Fill the lists of registers and severities."""
        self.kind.choices = [("", gettext("请选择")), *words(KIND_WORDS)]
        self.severity.choices = [("", gettext("不是投诉")), *words(SEVERITY_WORDS)]


def words(known: dict[str, str]) -> list[tuple[str, str]]:
    """Return choices of a closed set in the reader's language."""
    return [(key, gettext(word)) for key, word in known.items()]
