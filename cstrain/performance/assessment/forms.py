"""Shapes of input for plans, joint assessments and interviews. Choices are handed in; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from cstrain.judgement.rubric import Rubric, RubricCriterion
from cstrain.performance.assessment.facts import Draft, Plan, Rating, Target
from cstrain.performance.assessment.policy import (
    MOST_ACTIONS,
    MOST_TARGETS,
    OUTCOME_WORDS,
    SENSE_WORDS,
    SOURCES,
    Office,
)
from cstrain.ui.forms import CleanForm, DayField, LiveForm, at_most, chosen, live_form, needed

_MOST_WORDS = 1000
_MOST_NUMBER = Decimal(1_000_000_000)


class _Whole(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = int(valuelist[0])
            except ValueError:
                raise ValueError(gettext("请填整数。")) from None


class _Number(DecimalField):
    """A number read exactly, or nothing."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = _exact(text) if text else None


def _exact(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(gettext("请填数字，最多两位小数。")) from None
    if not value.is_finite() or abs(value) > _MOST_NUMBER or value != round(value, 2):
        raise ValueError(gettext("请填数字，最多两位小数。"))
    return value


class PlanForm(CleanForm):
    """The head of a plan; its targets are added by ``plan_form``."""

    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    post = SelectField(lazy_gettext("岗位"), validators=[chosen()])
    month = SelectField(lazy_gettext("从哪个月起生效"), validators=[chosen()])

    def offer(
        self, departments: Iterable[tuple[int, str]], posts: Iterable[str], months: Iterable[tuple[str, str]]
    ) -> None:
        """Fill the lists."""
        self.department.choices = list(departments)
        self.post.choices = [(one, one) for one in posts]
        self.month.choices = list(months)

    def targets(self) -> list[Target]:
        """Return the targets that were begun; a line with nothing in it is none."""
        found = []
        for number in range(1, MOST_TARGETS + 1):
            text = self[f"text_{number}"].data or ""
            parts = ("text", "measure", "unit", "number", "weight", "source")
            if any(self[f"{part}_{number}"].data not in (None, "") for part in parts):
                found.append(
                    Target(
                        text,
                        self[f"measure_{number}"].data or "",
                        self[f"unit_{number}"].data or "",
                        self[f"sense_{number}"].data or "at_least",
                        self[f"number_{number}"].data,
                        self[f"weight_{number}"].data or 0,
                        self[f"source_{number}"].data or "",
                    )
                )
        return found


def plan_form(before: Plan | None = None) -> PlanForm:
    """Return the form with a line for each target, filled from the edition before."""
    fields: dict[str, Any] = {}
    for number in range(1, MOST_TARGETS + 1):
        fields |= _target_fields(number)
    made: type[PlanForm] = type("PlanFormOfTargets", (PlanForm,), fields)
    data: dict[str, Any] = {}
    for number, each in enumerate(before.targets if before is not None else (), start=1):
        data |= {f"{name}_{number}": getattr(each, name) for name in ("text", "measure", "unit", "sense")}
        data |= {f"{name}_{number}": getattr(each, name) for name in ("number", "weight", "source")}
    return made(data=data)


def _target_fields(number: int) -> dict[str, Any]:
    senses = [SelectChoice(name, lazy_gettext(word)) for name, word in SENSE_WORDS.items()]
    sources = [SelectChoice("", lazy_gettext("没有，由人评定"))]
    sources += [SelectChoice(name, lazy_gettext(word)) for name, (word, _unit) in SOURCES.items()]
    within = NumberRange(1, 100, lazy_gettext("请填1到100之间的整数。"))
    return {
        f"text_{number}": StringField(lazy_gettext("目标"), [at_most(100)]),
        f"measure_{number}": StringField(lazy_gettext("怎么衡量"), [at_most(200)]),
        f"sense_{number}": SelectField(lazy_gettext("要求"), choices=senses, default="at_least"),
        f"number_{number}": _Number(lazy_gettext("目标值"), [Optional()], places=None),
        f"unit_{number}": StringField(lazy_gettext("单位"), [at_most(10)]),
        f"weight_{number}": _Whole(lazy_gettext("权重"), [Optional(), within]),
        f"source_{number}": SelectField(lazy_gettext("数据来源"), choices=sources, default=""),
    }


class ReasonForm(CleanForm):
    """A reason."""

    reason = TextAreaField(lazy_gettext("理由"), [needed(), at_most(_MOST_WORDS)])


class OpenForm(CleanForm):
    """A department and a month."""

    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    month = SelectField(lazy_gettext("月份"), validators=[chosen()])

    def offer(self, departments: Iterable[tuple[int, str]], months: Iterable[tuple[str, str]]) -> None:
        """Fill the lists."""
        self.department.choices = list(departments)
        self.month.choices = list(months)


def rate_form(office: Office, before: Draft | Rating | None) -> LiveForm:
    """Return the sheet of an office, filled with what was kept or returned to it."""
    criteria = [RubricCriterion(id=one.id, title=gettext(one.title), of=one.of) for one in office.factors]
    points = before.points if before is not None else {}
    return live_form(Rubric(criteria=tuple(criteria)), points, before.note if before is not None else "")


class _Checks(SelectMultipleField):
    """A list of check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class FinishForm(CleanForm):
    """The final review: another score where it may be, and reasons."""

    score = _Number(lazy_gettext("另定的分数"), [Optional()], places=None)
    reason = TextAreaField(lazy_gettext("决定的理由"), [at_most(_MOST_WORDS)])


class ReturnForm(CleanForm):
    """Which offices are to rate again, and why."""

    offices = _Checks(lazy_gettext("退回给"))
    reason = TextAreaField(lazy_gettext("退回的理由"), [needed(), at_most(_MOST_WORDS)])

    def offer(self, offices: Iterable[tuple[str, str]]) -> None:
        """Fill the list of offices."""
        self.offices.choices = list(offices)


class ContestForm(CleanForm):
    """The person's reasons against a result."""

    says = TextAreaField(lazy_gettext("你不同意什么，为什么"), [needed(), at_most(_MOST_WORDS)])


class DecideForm(CleanForm):
    """The decision of a contest."""

    stands = RadioField(lazy_gettext("决定"), validators=[chosen()])
    score = _Number(lazy_gettext("新的分数"), [Optional()], places=None)
    reason = TextAreaField(lazy_gettext("理由"), [needed(), at_most(_MOST_WORDS)])

    def offer(self) -> None:
        """Fill the two outcomes."""
        self.stands.choices = [("yes", gettext("维持原结果")), ("no", gettext("改变结果"))]


class InterviewForm(CleanForm):
    """The head of an interview; its actions are added by ``interview_form``."""

    staff_no = StringField(lazy_gettext("工号"), [needed(), at_most(40)])
    month = SelectField(lazy_gettext("谈哪个月"), [chosen()])
    held_on = DayField(lazy_gettext("面谈日期"), validators=[needed()])
    discussed = TextAreaField(lazy_gettext("谈了什么"), [needed(), at_most(2000)])

    def offer(self, months: Iterable[tuple[str, str]]) -> None:
        """Fill the list of months."""
        self.month.choices = list(months)

    def actions(self) -> list[tuple[str, date | None]]:
        """Return what was agreed on (empty: forgotten), with its day (``None``: forgotten)."""
        lines = [(self[f"text_{n}"].data or "", self[f"due_{n}"].data) for n in range(1, MOST_ACTIONS + 1)]
        return [(text, due) for text, due in lines if text or due]


def interview_form(data: Mapping[str, Any] | None = None) -> InterviewForm:
    """Return the form with lines for what is agreed on."""
    fields: dict[str, Any] = {}
    for number in range(1, MOST_ACTIONS + 1):
        fields[f"text_{number}"] = StringField(lazy_gettext("约定的事"), [at_most(200)])
        fields[f"due_{number}"] = DayField(lazy_gettext("完成日期"), [Optional()])
    made: type[InterviewForm] = type("InterviewFormOfActions", (InterviewForm,), fields)
    return made(data=data)


class SignForm(CleanForm):
    """A signature with a remark."""

    remark = TextAreaField(lazy_gettext("你的意见"), [at_most(500)])


class FollowForm(CleanForm):
    """What became of an agreed action."""

    outcome = RadioField(lazy_gettext("结果"), validators=[chosen()])
    due_on = DayField(lazy_gettext("改到哪一天"), [Optional()])
    note = TextAreaField(lazy_gettext("说明"), [at_most(500)])

    def offer(self) -> None:
        """Fill the outcomes."""
        self.outcome.choices = [(name, gettext(word)) for name, word in OUTCOME_WORDS.items()]


def named_apart(form: CleanForm, prefix: str) -> None:
    """Give a form's controls ids of their own, for a page with several forms; their names stay."""
    for each in form:
        if each.name != "csrf_token":
            each.id = each.label.field_id = f"{prefix}-{each.name}"


def ticked(field: SelectMultipleField) -> Sequence[str]:
    """Return what was ticked."""
    return [str(each) for each in field.data or ()]
