"""Shapes of input for Eaglet plans. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.ui.forms import CleanForm, DayField, MarkField, at_most, chosen, needed

_YES, _NO = "yes", "no"
_MOST_TEXT = 2000

F = TypeVar("F", bound=CleanForm)


class _Checks(SelectMultipleField):
    """A list of check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def one_of_several(form: F, prefix: str) -> F:
    """Give a form's controls ids of their own, for a page with several forms; their names stay."""
    for field in form:
        if field.name != "csrf_token":
            field.id = field.label.field_id = f"{prefix}-{field.name}"
    return form


def yes(field: RadioField) -> bool:
    """Tell whether the first of two answers was chosen."""
    return bool(field.data == _YES)


def _two(yes_word: Any, no_word: Any) -> list[SelectChoice]:
    return [SelectChoice(_YES, yes_word), SelectChoice(_NO, no_word)]


class ProposeForm(CleanForm):
    """A new plan."""

    title = StringField(lazy_gettext("计划名称"), validators=[needed(), at_most(60)])
    reason = TextAreaField(lazy_gettext("提出的理由"), validators=[needed(), at_most(_MOST_TEXT)])


class ApproveForm(CleanForm):
    """An office's word on a proposal."""

    office = SelectField(lazy_gettext("以什么职务审批"), validators=[chosen()])
    agrees = RadioField(
        lazy_gettext("审批意见"),
        choices=_two(lazy_gettext("批准"), lazy_gettext("不批准")),
        validators=[chosen()],
    )
    text = TextAreaField(lazy_gettext("说明"), validators=[at_most(_MOST_TEXT)])

    def offer(self, offices: Iterable[tuple[str, str]]) -> None:
        """Fill the list of offices."""
        self.office.choices = list(offices)


class PlaceForm(CleanForm):
    """The department of a place."""

    place = SelectField(lazy_gettext("名额"), validators=[chosen()])
    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    platform = SelectField(
        lazy_gettext("平台"),
        choices=[SelectChoice("soso", "SOSO"), SelectChoice("google", "Google")],
        validators=[chosen()],
    )

    def offer(self, places: Iterable[tuple[str, str]], departments: Iterable[tuple[int, str]]) -> None:
        """Fill the lists."""
        self.place.choices = list(places)
        self.department.choices = list(departments)


class NoticeForm(CleanForm):
    """A notice with its window."""

    opens_on = DayField(lazy_gettext("报名开始"), validators=[needed()])
    closes_on = DayField(lazy_gettext("报名截止"), validators=[needed()])
    text = TextAreaField(lazy_gettext("通知正文"), validators=[needed(), at_most(5000)])


class ApplyForm(CleanForm):
    """What an applicant writes."""

    results = TextAreaField(lazy_gettext("工作成绩"), validators=[needed(), at_most(_MOST_TEXT)])
    progress = TextAreaField(lazy_gettext("计划进度"), validators=[needed(), at_most(_MOST_TEXT)])
    methods = TextAreaField(lazy_gettext("学习方法"), validators=[needed(), at_most(_MOST_TEXT)])
    exam_times = TextAreaField(lazy_gettext("计划考试时间"), validators=[needed(), at_most(_MOST_TEXT)])
    months = MarkField(lazy_gettext("计划时长（月）"), validators=[needed()])
    promise = BooleanField(
        lazy_gettext("我承诺以上内容真实"), validators=[DataRequired(lazy_gettext("请先勾选承诺。"))]
    )


class CommentForm(CleanForm):
    """The superior's comment."""

    rating = RadioField(
        lazy_gettext("评价"),
        choices=[SelectChoice(str(n), str(n)) for n in range(1, 6)],
        validators=[chosen()],
    )
    text = TextAreaField(lazy_gettext("评语"), validators=[needed(), at_most(1000)])


class StateForm(CleanForm):
    """HR's word on what the system does not know: met or not, a mark, a level, or never held."""

    about = SelectField(lazy_gettext("哪一项"), validators=[chosen()])
    word = SelectField(
        lazy_gettext("查证结果"),
        choices=[
            SelectChoice("met", lazy_gettext("满足")),
            SelectChoice("not_met", lazy_gettext("不满足")),
            SelectChoice("mark", lazy_gettext("成绩，填在下面")),
            SelectChoice("none", lazy_gettext("当年没有转正考试")),
            SelectChoice("junior", lazy_gettext("初级")),
            SelectChoice("intermediate", lazy_gettext("中级")),
            SelectChoice("senior", lazy_gettext("高级")),
            SelectChoice("principal", lazy_gettext("资深")),
        ],
        validators=[chosen()],
    )
    mark = MarkField(lazy_gettext("转正考试成绩"), validators=[Optional()])
    text = TextAreaField(lazy_gettext("看了什么材料"), validators=[needed(), at_most(1000)])

    def offer(self, items: Iterable[tuple[str, str]]) -> None:
        """Fill the list of items."""
        self.about.choices = list(items)

    def value(self) -> str:
        """Return what is stated: the mark where there is one, else the word."""
        if self.word.data == "mark":
            return f"{self.mark.data:f}" if self.mark.data is not None else ""
        return str(self.word.data)


class ReasonForm(CleanForm):
    """A reason, and nothing else."""

    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(1000)])


class TextForm(CleanForm):
    """A text, and nothing else."""

    text = TextAreaField(lazy_gettext("内容"), validators=[needed(), at_most(_MOST_TEXT)])


class LeaderForm(ReasonForm):
    """Who leads the study, and why."""

    person = SelectField(lazy_gettext("学习组长"), coerce=int, validators=[chosen()])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of members."""
        self.person.choices = list(people)


class RemoveForm(ReasonForm):
    """Whom the leader asks to take out, and why."""

    person = SelectField(lazy_gettext("组员"), coerce=int, validators=[chosen()])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of members."""
        self.person.choices = list(people)


class SessionForm(CleanForm):
    """A study meeting, and what is asked of HR for it."""

    day = DayField(lazy_gettext("日期"), validators=[needed()])
    hours = StringField(lazy_gettext("时间"), validators=[needed(), at_most(40)])
    place = StringField(lazy_gettext("地点"), validators=[needed(), at_most(100)])
    content = TextAreaField(lazy_gettext("学习内容"), validators=[needed(), at_most(_MOST_TEXT)])
    things = _Checks(lazy_gettext("向人力资源部申请"))

    def offer(self, things: Iterable[tuple[str, str]]) -> None:
        """Fill the list of rooms and equipment."""
        self.things.choices = list(things)


class AnswerForm(CleanForm):
    """Yes or no to what somebody else asked or proposed, with the reason of a no."""

    agreed = RadioField(
        lazy_gettext("你的决定"),
        choices=_two(lazy_gettext("同意"), lazy_gettext("不同意")),
        validators=[chosen()],
    )
    text = TextAreaField(lazy_gettext("说明"), validators=[Optional(), at_most(1000)])


class CheckForm(CleanForm):
    """A knowledge check."""

    person = SelectField(lazy_gettext("组员"), coerce=int, validators=[chosen()])
    day = DayField(lazy_gettext("日期"), validators=[needed()])
    topic = StringField(lazy_gettext("抽查内容"), validators=[needed(), at_most(200)])
    mark = MarkField(lazy_gettext("成绩（百分制）"), validators=[needed()])
    note = TextAreaField(lazy_gettext("备注"), validators=[at_most(1000)])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of the other members."""
        self.person.choices = list(people)


class ExamForm(CleanForm):
    """The unified sitting of a paper."""

    sitting = SelectField(lazy_gettext("统一考试场次"), coerce=int, validators=[chosen()])

    def offer(self, sittings: Iterable[tuple[int, str]]) -> None:
        """Fill the list of sittings."""
        self.sitting.choices = list(sittings)


class ClosingForm(CleanForm):
    """The end of a plan."""

    effective_on = DayField(lazy_gettext("调入贵宾部的日期"), validators=[needed()])
    text = TextAreaField(lazy_gettext("结束公告正文"), validators=[needed(), at_most(5000)])


def group_form(unfilled: Mapping[str, str]) -> CleanForm:
    """Return the form that publishes the result; ``unfilled``: title by place that nobody fills."""
    answers = [
        SelectChoice("again", gettext("再次通知")),
        SelectChoice("open", gettext("这一期空缺")),
    ]
    fields: dict[str, Any] = {
        f"place_{place}": RadioField(
            gettext("%(place)s没有人的名额", place=gettext(title)), choices=answers, validators=[chosen()]
        )
        for place, title in unfilled.items()
    }
    fields["text"] = TextAreaField(gettext("结果公告正文"), validators=[needed(), at_most(5000)])
    made: CleanForm = type("GroupForm", (CleanForm,), fields)()
    return made


def unfilled_of(form: CleanForm) -> dict[str, str]:
    """Return the director's word by place."""
    return {
        field.short_name.removeprefix("place_"): str(field.data or "")
        for field in form
        if field.short_name.startswith("place_")
    }
