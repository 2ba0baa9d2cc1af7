"""Shapes of input for monthly records. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from cstrain.performance.facts import METRICS, Metric
from cstrain.performance.policy import GRADES
from cstrain.ui.forms import CleanForm, at_most, chosen, needed

METRIC_WORDS = {name: lazy_gettext(metric.word) for name, metric in METRICS.items()}


class _Number(DecimalField):
    """A number read exactly; empty is unknown."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError(gettext("请填数字，没有数据就留空。")) from None
        if not value.is_finite():
            raise ValueError(gettext("请填数字，没有数据就留空。"))
        self.data = value


def _field(name: str, metric: Metric) -> Any:
    most = f"{metric.most:f}"
    within = NumberRange(0, metric.most, lazy_gettext("请填0到%(most)s之间的数字。", most=most))
    return _Number(METRIC_WORDS[name], [Optional(), within], places=None)


class _MonthBase(CleanForm):
    """What stands below the numbers of a month."""

    grade = SelectField(lazy_gettext("绩效等级"), default="")
    reason = TextAreaField(lazy_gettext("原因和依据"), [at_most(500)])
    base = HiddenField()

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.grade.choices = [
            SelectChoice("", gettext("按考核分")),
            *(SelectChoice(one, one) for one in GRADES),
        ]

    def numbers(self) -> dict[str, Decimal]:
        """Return the numbers that were filled in, by name."""
        return {name: self[name].data for name in METRICS if self[name].data is not None}


MonthForm: type[_MonthBase] = type(
    "MonthForm", (_MonthBase,), {name: _field(name, metric) for name, metric in METRICS.items()}
)
"""A person's month: a field for each metric, the grade, a reason."""


def month_form(values: Mapping[str, Decimal], grade: str | None, revision: int) -> _MonthBase:
    """Return the form with what is on record; a grade that follows from the score is not filled in.

    ``revision`` travels with the page, so that who was overtaken is told.
    """
    shown = {name: Decimal(f"{value.normalize():f}") for name, value in values.items()}
    given = grade if "score" not in values else ""
    return MonthForm(data={**shown, "grade": given, "base": str(revision)})


class ImportForm(CleanForm):
    """A file of one month."""

    month = SelectField(lazy_gettext("月份"), [chosen()])
    file = FileField(
        lazy_gettext("绩效表格"),
        description=lazy_gettext(
            "xlsx或csv，最多5MB、5000行（表头不算）。更多的分成几个文件，每个都带表头，分次上传。"
        ),
    )
    reason = StringField(
        lazy_gettext("修改原因"),
        [at_most(200)],
        description=lazy_gettext("要改已经登记的数据时填写；只补空缺不用填。"),
    )

    def offer(self, months: Iterable[date], words: Iterable[str]) -> None:
        """Fill the list of months."""
        self.month.choices = [
            SelectChoice(f"{month:%Y-%m}", word) for month, word in zip(months, words, strict=True)
        ]


class OpeningForm(CleanForm):
    """A file of several past months, with its source."""

    source_note = StringField(
        lazy_gettext("数据来源"),
        [needed(), at_most(200)],
        description=lazy_gettext("例如：旧系统导出，2026年11月。会和每条记录一起保存。"),
    )
    file = FileField(
        lazy_gettext("期初数据表格"),
        description=lazy_gettext(
            "xlsx或csv，最多5MB、5000行（表头不算）。更多的按月份分成几个文件："
            "同一部门同一个月的人要在一个文件里，导入后这个月就关账。"
        ),
    )
    reason = StringField(
        lazy_gettext("修改原因"),
        [at_most(200)],
        description=lazy_gettext("要改已经登记的数据时填写；只补空缺不用填。"),
    )


class CloseForm(CleanForm):
    """Closing a month; ``accept_gaps``: people without a record are known."""

    accept_gaps = BooleanField(lazy_gettext("我知道有人缺数据，仍然关账"))


class ReasonForm(CleanForm):
    """A reason."""

    reason = TextAreaField(lazy_gettext("原因"), [needed(), at_most(500)])


class DecisionForm(CleanForm):
    """Agreeing or not, with a note."""

    agreed = RadioField(lazy_gettext("意见"), [chosen()])
    note = TextAreaField(lazy_gettext("说明"), [at_most(500)])

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.agreed.choices = [SelectChoice("1", gettext("同意")), SelectChoice("0", gettext("不同意"))]
