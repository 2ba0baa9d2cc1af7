"""Shapes of input for moves. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp

from cstrain.promotion.moves.wording import COURSE_WORDS, ROAD_WORDS
from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed

_YES, _NO = "yes", "no"
_TEXT = 1000
_POINTS = ("1", "2", "3", "4", "5")


def _two(yes: Any, no: Any) -> list[SelectChoice]:
    return [SelectChoice(_YES, yes), SelectChoice(_NO, no)]


class ReasonForm(CleanForm):
    """A reason, and nothing else."""

    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_TEXT)])


class PersonForm(ReasonForm):
    """Somebody whom a request is about."""

    person = SelectField(lazy_gettext("员工"), coerce=int, validators=[chosen()])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of people."""
        self.person.choices = list(people)


class TransferForm(ReasonForm):
    """Where somebody wants to go."""

    department = SelectField(lazy_gettext("要去的部门"), coerce=int, validators=[chosen()])
    post = StringField(lazy_gettext("岗位"), validators=[needed(), at_most(60)])

    def offer(self, departments: Iterable[tuple[int, str]]) -> None:
        """Fill the list of departments."""
        self.department.choices = list(departments)


class WordForm(CleanForm):
    """Yes or no, with reasons."""

    agreed = RadioField(
        lazy_gettext("你的意见"),
        choices=_two(lazy_gettext("同意"), lazy_gettext("不同意")),
        validators=[chosen(), AnyOf([_YES, _NO])],
    )
    text = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_TEXT)])


class EffectForm(WordForm):
    """Yes or no, and from when on."""

    effective_on = DayField(lazy_gettext("生效日"), validators=[Optional()])


class SecondForm(CleanForm):
    """The second person's word on a choice."""

    agreed = RadioField(
        lazy_gettext("你的决定"),
        choices=_two(lazy_gettext("确认，开始公示"), lazy_gettext("退回")),
        validators=[chosen(), AnyOf([_YES, _NO])],
    )
    text = TextAreaField(lazy_gettext("退回的理由"), validators=[at_most(_TEXT)])


class AnswerForm(CleanForm):
    """An appeal or an objection holds, or not."""

    agreed = RadioField(
        lazy_gettext("答复"),
        choices=_two(lazy_gettext("成立"), lazy_gettext("不成立")),
        validators=[chosen(), AnyOf([_YES, _NO])],
    )
    text = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_TEXT)])


class PostForm(CleanForm):
    """A post to announce."""

    title = StringField(lazy_gettext("岗位"), validators=[needed(), at_most(60)])
    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    road = RadioField(
        lazy_gettext("类别"),
        choices=[SelectChoice(key, lazy_gettext(word)) for key, word in ROAD_WORDS.items()],
        validators=[chosen(), AnyOf(list(ROAD_WORDS))],
    )
    seats = IntegerField(
        lazy_gettext("名额"),
        default=1,
        validators=[needed(), NumberRange(1, 50, lazy_gettext("请填1到50之间的整数。"))],
    )
    opens_on = DayField(lazy_gettext("报名开始"), validators=[needed()])
    closes_on = DayField(lazy_gettext("报名截止"), validators=[needed()])
    notice = TextAreaField(lazy_gettext("公告正文"), validators=[needed(), at_most(5000)])

    def offer(self, departments: Iterable[tuple[int, str]]) -> None:
        """Fill the list of departments."""
        self.department.choices = list(departments)


class CourseForm(CleanForm):
    """A certificate or a training delivered."""

    person = SelectField(lazy_gettext("员工"), coerce=int, validators=[chosen()])
    kind = RadioField(
        lazy_gettext("类别"),
        choices=[SelectChoice(key, lazy_gettext(word)) for key, word in COURSE_WORDS.items()],
        validators=[chosen(), AnyOf(list(COURSE_WORDS))],
    )
    course = StringField(
        lazy_gettext("课程代号"),
        validators=[
            needed(),
            at_most(40),
            Regexp(r"^[a-z][a-z0-9-]*$", message=lazy_gettext("请用小写字母、数字和连字符。")),
        ],
    )
    title = StringField(lazy_gettext("课程名称"), validators=[needed(), at_most(60)])
    held_on = DayField(lazy_gettext("取得或讲授的日期"), validators=[needed()])
    until = DayField(lazy_gettext("有效期至"), validators=[Optional()])
    file_ref = StringField(lazy_gettext("材料存放处"), validators=[needed(), at_most(120)])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of people."""
        self.person.choices = list(people)


class SeatForm(CleanForm):
    """How many places a department has at a level."""

    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    level = SelectField(lazy_gettext("级别或职务"), validators=[chosen()])
    seats = IntegerField(
        lazy_gettext("名额"),
        validators=[needed(), NumberRange(0, 10000, lazy_gettext("请填0到10000之间的整数。"))],
    )
    effective_from = DayField(lazy_gettext("生效日"), validators=[needed()])
    note = StringField(lazy_gettext("备注"), validators=[at_most(200)])

    def offer(self, departments: Iterable[tuple[int, str]], levels: Iterable[tuple[str, str]]) -> None:
        """Fill both lists."""
        self.department.choices = list(departments)
        self.level.choices = list(levels)


class OpenForm(CleanForm):
    """A supervisor's post that is, or falls, vacant."""

    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    vacant_from = DayField(lazy_gettext("空缺起始日"), validators=[needed()])
    note = StringField(lazy_gettext("备注"), validators=[at_most(200)])

    def offer(self, departments: Iterable[tuple[int, str]]) -> None:
        """Fill the list of departments."""
        self.department.choices = list(departments)


class ChooseForm(ReasonForm):
    """Who is to succeed, and from when on."""

    person = RadioField(lazy_gettext("接任的人"), coerce=int, validators=[chosen()])
    starts_on = DayField(lazy_gettext("接任日"), validators=[needed()])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of candidates in the order of the ranking."""
        self.person.choices = list(people)


class ObjectForm(CleanForm):
    """An objection to a notice."""

    text = TextAreaField(lazy_gettext("异议内容"), validators=[needed(), at_most(_TEXT)])
    anonymous = BooleanField(lazy_gettext("匿名提出，不记我的名字"))


F = TypeVar("F", bound=CleanForm)


def named(form: F, prefix: str) -> F:
    """Give a form's controls ids of their own, for a page with several forms; their names stay."""
    for field in form:
        if field.name != "csrf_token":
            field.id = field.label.field_id = f"{prefix}-{field.name}"
    return form


def yes(field: RadioField) -> bool:
    """Tell whether the first of two answers was chosen."""
    return bool(field.data == _YES)


def rating_form(topics: Mapping[str, str]) -> CleanForm:
    """Return the form of a rating: every topic from 1 to 5, and the grounds."""
    fields: dict[str, Any] = {
        f"points_{topic}": RadioField(gettext(title), choices=list(_POINTS), validators=[chosen()])
        for topic, title in topics.items()
    }
    fields["text"] = TextAreaField(lazy_gettext("依据"), validators=[needed(), at_most(_TEXT)])
    made: CleanForm = type("RatingForm", (CleanForm,), fields)()
    return made


def points_of(form: CleanForm) -> dict[str, int]:
    """Return the ratings by topic."""
    return {
        field.short_name.removeprefix("points_"): int(field.data)
        for field in form
        if field.short_name.startswith("points_") and field.data in _POINTS
    }
