"""Shapes of input for competitions. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

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
from wtforms.validators import AnyOf, DataRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.promotion.competition.policy import Colleagues
from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed

_YES, _NO = "yes", "no"
_MOST_TEXT = 2000


class _Checks(SelectMultipleField):
    """A list of check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NewForm(CleanForm):
    """A post to compete for."""

    post = StringField(lazy_gettext("竞聘岗位"), validators=[needed(), at_most(60)])
    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    seats = IntegerField(
        lazy_gettext("人数"),
        default=1,
        validators=[needed(), NumberRange(1, 20, lazy_gettext("请填1到20之间的整数。"))],
    )
    opens_on = DayField(lazy_gettext("报名开始"), validators=[needed()])
    closes_on = DayField(lazy_gettext("报名截止"), validators=[needed()])
    notice = TextAreaField(lazy_gettext("公告正文"), validators=[needed(), at_most(5000)])

    def offer(self, departments: Iterable[tuple[int, str]]) -> None:
        """Fill the list of departments."""
        self.department.choices = list(departments)


class ApplyForm(CleanForm):
    """What an applicant writes."""

    experience = TextAreaField(lazy_gettext("教育与工作经历"), validators=[needed(), at_most(_MOST_TEXT)])
    achievements = TextAreaField(lazy_gettext("主要业绩"), validators=[needed(), at_most(_MOST_TEXT)])
    reasons = TextAreaField(lazy_gettext("报名理由"), validators=[needed(), at_most(_MOST_TEXT)])
    strengths = TextAreaField(lazy_gettext("自我优势"), validators=[needed(), at_most(_MOST_TEXT)])
    plans = TextAreaField(lazy_gettext("对岗位的认识与工作设想"), validators=[needed(), at_most(_MOST_TEXT)])
    career = TextAreaField(lazy_gettext("职业规划"), validators=[needed(), at_most(_MOST_TEXT)])
    promise = BooleanField(
        lazy_gettext("我承诺以上内容真实"), validators=[DataRequired(lazy_gettext("请先勾选承诺。"))]
    )


def _two(yes: Any, no: Any) -> list[SelectChoice]:
    return [SelectChoice(_YES, yes), SelectChoice(_NO, no)]


class OpinionForm(CleanForm):
    """The present department's opinion."""

    agrees = RadioField(
        lazy_gettext("部门意见"),
        choices=_two(lazy_gettext("同意"), lazy_gettext("不同意")),
        validators=[chosen()],
    )
    text = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(1000)])


class CheckForm(CleanForm):
    """HR's check."""

    passes = RadioField(
        lazy_gettext("资格审查"),
        choices=_two(lazy_gettext("资格合格"), lazy_gettext("不符，退回")),
        validators=[chosen()],
    )
    clause = StringField(lazy_gettext("不符合的条款"), validators=[at_most(200)])
    note = TextAreaField(lazy_gettext("说明"), validators=[at_most(1000)])


class StartForm(CleanForm):
    """The panel."""

    interviewers = _Checks(lazy_gettext("面试官"), coerce=int)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of people who may interview."""
        self.interviewers.choices = list(people)


class ReasonForm(CleanForm):
    """A reason, and nothing else."""

    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(1000)])


class RecuseForm(ReasonForm):
    """Who is taken off the panel and why, and who takes over (``0``: nobody)."""

    person = SelectField(lazy_gettext("面试官"), coerce=int, validators=[chosen()])
    successor = SelectField(
        lazy_gettext("接替的人"),
        coerce=int,
        default=0,
        description=lazy_gettext("人数够的时候可以不选。导师、直接上级和已经参加打分的人不能接替。"),
    )

    def offer(self, sitting: Iterable[tuple[int, str]], able: Iterable[tuple[int, str]]) -> None:
        """Fill the list of interviewers and of those who may take over."""
        self.person.choices = list(sitting)
        self.successor.choices = [(0, gettext("不接替")), *able]


class ChoiceForm(ReasonForm):
    """Who goes on trial, and from when on."""

    chosen = _Checks(lazy_gettext("入选的人"), coerce=int)
    starts_on = DayField(lazy_gettext("试岗开始"), validators=[needed()])

    def offer(self, candidates: Iterable[tuple[int, str]]) -> None:
        """Fill the list of candidates in the order of the ranking."""
        self.chosen.choices = list(candidates)


class TrialForm(ReasonForm):
    """How a trial ended."""

    confirmed = RadioField(
        lazy_gettext("试岗结果"),
        choices=_two(lazy_gettext("确认"), lazy_gettext("不确认")),
        validators=[chosen()],
    )


class AnswerForm(CleanForm):
    """The second person's word on a proposal."""

    agreed = RadioField(
        lazy_gettext("你的决定"),
        choices=_two(lazy_gettext("确认，生效"), lazy_gettext("退回")),
        validators=[chosen(), AnyOf([_YES, _NO])],
    )
    text = TextAreaField(lazy_gettext("退回的理由"), validators=[Optional(), at_most(1000)])


F = TypeVar("F", bound=CleanForm)


def one_of_several(form: F, prefix: str) -> F:
    """Give a form's controls ids of their own, for a page with several forms; their names stay."""
    for field in form:
        if field.name != "csrf_token":
            field.id = field.label.field_id = f"{prefix}-{field.name}"
    return form


def yes(field: RadioField) -> bool:
    """Tell whether the first of two answers was chosen."""
    return bool(field.data == _YES)


def colleague_form(sheet: Colleagues) -> CleanForm:
    """Return the colleagues' sheet: every item with its answers."""
    answers = [SelectChoice(answer.id, gettext(answer.title)) for answer in sheet.answers]
    fields = {
        f"item_{item.id}": RadioField(gettext(item.title), choices=answers, validators=[chosen()])
        for item in sheet.items
    }
    made: CleanForm = type("ColleagueForm", (CleanForm,), fields)()
    return made


def answers_of(form: CleanForm, sheet: Colleagues) -> Mapping[str, str]:
    """Return the chosen answers by item."""
    return {item.id: str(form[f"item_{item.id}"].data or "") for item in sheet.items}


def ids_of(field: SelectMultipleField) -> Sequence[int]:
    """Return the ids that were ticked."""
    return [int(each) for each in field.data or ()]
