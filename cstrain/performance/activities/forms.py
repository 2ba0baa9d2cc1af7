"""Shapes of input for reports, contests and titles. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from cstrain.performance.activities.facts import Draft
from cstrain.performance.activities.policy import MEASURE_WORDS, MOST_WORDS, ReportForm
from cstrain.ui.forms import CleanForm, MarkField, at_most, chosen, needed

_MOST = 10_000_000


class _Number(MarkField):
    """A number by hand; nothing when none was given."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; an empty field gives none."""
        self.data = None
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"


class _Whole(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(gettext("请填整数。")) from None


class ReportSheet(CleanForm):
    """A report; its fields are added by ``report_sheet``."""

    def draft(self) -> Draft:
        """Return what was written, by section, and the numbers by hand."""
        said = {one.short_name[4:]: one.data or "" for one in self if one.short_name.startswith("say_")}
        entered = {one.short_name[4:]: one.data for one in self if one.short_name.startswith("num_")}
        return Draft(said, entered)


def report_sheet(
    form: ReportForm, said: Mapping[str, str] | None = None, entered: Mapping[str, Decimal] | None = None
) -> ReportSheet:
    """Return the sheet of a report's form, filled with what was written so far."""
    fields: dict[str, Any] = {}
    for one in form.entered:
        label = gettext("%(title)s（%(unit)s）", title=one.title, unit=one.unit) if one.unit else one.title
        limits = NumberRange(0, _MOST, lazy_gettext("请填0以上的数。"))
        fields[f"num_{one.code}"] = _Number(label, validators=[Optional(), limits])
    for section in form.sections:
        fields[f"say_{section.code}"] = TextAreaField(
            section.title, description=section.hint, validators=[at_most(MOST_WORDS)]
        )
    held: dict[str, Any] = {f"say_{code}": text for code, text in (said or {}).items()}
    held |= {f"num_{code}": value for code, value in (entered or {}).items()}
    made: ReportSheet = type("ReportSheetOfForm", (ReportSheet,), fields)(data=held)
    for section in form.sections:  # said on the page; a draft may still lack it
        made[f"say_{section.code}"].flags.required = section.required
    return made


class CommentForm(CleanForm):
    """A superior's word, or the leader's addition."""

    text = TextAreaField(lazy_gettext("内容"), validators=[needed(), at_most(1000)])


class ContestForm(CleanForm):
    """A contest as it is announced."""

    title = StringField(lazy_gettext("名称"), validators=[needed(), at_most(60)])
    department = SelectField(lazy_gettext("部门"), validators=[needed()])
    metric = SelectField(lazy_gettext("比什么"), validators=[needed()])
    measure = RadioField(lazy_gettext("怎么算"), validators=[chosen()])
    first_month = SelectField(lazy_gettext("从哪个月"), validators=[needed()])
    last_month = SelectField(lazy_gettext("到哪个月"), validators=[needed()])
    least_months = _Whole(
        lazy_gettext("至少几个月有数据才排名"),
        validators=[needed(), NumberRange(1, 24, lazy_gettext("请填1到24之间的整数。"))],
    )
    seats = _Whole(
        lazy_gettext("前几名获奖"),
        validators=[needed(), NumberRange(1, 100, lazy_gettext("请填1到100之间的整数。"))],
    )
    award = SelectField(lazy_gettext("获得的称号"), validators=[needed()])
    notice = TextAreaField(lazy_gettext("说明"), validators=[needed(), at_most(MOST_WORDS)])

    def offer(
        self,
        departments: Iterable[tuple[int, str]],
        metrics: Iterable[tuple[str, str]],
        months: Iterable[tuple[str, str]],
        awards: Iterable[tuple[str, str]],
    ) -> None:
        """Fill the lists."""
        first = ("", gettext("请选择"))
        each_month = [first, *months]
        self.department.choices = [first, *((str(one), name) for one, name in departments)]
        self.metric.choices = [first, *metrics]
        self.measure.choices = [(key, gettext(word)) for key, word in MEASURE_WORDS.items()]
        self.first_month.choices, self.last_month.choices = each_month, list(each_month)
        self.award.choices = [first, *awards]


class ResultForm(CleanForm):
    """A word to the result that is proposed."""

    note = TextAreaField(lazy_gettext("说明"), validators=[at_most(1000)])


class AnswerForm(CleanForm):
    """The second person's answer."""

    agreed = RadioField(lazy_gettext("意见"), validators=[chosen()])
    note = TextAreaField(lazy_gettext("说明"), validators=[at_most(1000)])

    def offer(self) -> None:
        """Fill the two answers."""
        self.agreed.choices = [("yes", gettext("同意")), ("no", gettext("不同意"))]


class TitleForm(CleanForm):
    """A proposal for a title."""

    staff_no = StringField(lazy_gettext("工号"), validators=[needed(), at_most(40)])
    code = SelectField(lazy_gettext("称号"), validators=[needed()])
    month = SelectField(lazy_gettext("月份"), validators=[needed()])
    reason = TextAreaField(lazy_gettext("事迹"), validators=[needed(), at_most(1000)])

    def offer(self, titles: Iterable[tuple[str, str]], months: Iterable[tuple[str, str]]) -> None:
        """Fill the lists."""
        self.code.choices = [("", gettext("请选择")), *titles]
        self.month.choices = [("", gettext("请选择")), *months]


def month_key(month: date) -> str:
    """Return a month as the address and the lists name it."""
    return f"{month:%Y-%m}"
