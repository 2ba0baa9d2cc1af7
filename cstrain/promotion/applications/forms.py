"""Shapes of input for applications. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional as MayBeEmpty
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.promotion.applications.policy import Panel
from cstrain.ui.forms import CleanForm, DayField, InstantField, at_most, chosen, needed

RATING_WORDS = {1: "需帮助", 2: "偏弱", 3: "合格", 4: "良好", 5: "出色"}
"""Ratings in words (message ids)."""
TIE_ANSWER_WORDS = {"none": "没有", "recuse": "有，我要回避", "unsure": "不确定，请人力判断"}
"""What a juror declares, in words (message ids)."""


class _Checks(SelectMultipleField):
    """A list of check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NoteForm(CleanForm):
    """A reason or a text."""

    note = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(2000)])


class MayNoteForm(CleanForm):
    """A remark that may be left out."""

    note = TextAreaField(lazy_gettext("说明"), validators=[MayBeEmpty(), at_most(500)])


class ApplyForm(CleanForm):
    """Which step, and why oneself."""

    step = RadioField(lazy_gettext("申请哪一级"), validators=[chosen()])
    statement = TextAreaField(
        lazy_gettext("申请说明"),
        description=lazy_gettext("写业绩、优势和今后的打算；评审和答辩都会看。"),
        validators=[needed(), at_most(2000)],
    )

    def offer(self, steps: Iterable[tuple[str, str]]) -> None:
        """Fill the steps (name and words)."""
        self.step.choices = list(steps)


def review_form(topics: Mapping[str, str]) -> Any:
    """Return the form of a department's review: a rating and a note for each quality, then the word."""
    fields: dict[str, Any] = {}
    for number, text in enumerate(topics.values()):
        marks = [SelectChoice(str(mark), gettext(word)) for mark, word in RATING_WORDS.items()]
        fields[f"rating_{number}"] = RadioField(text, choices=marks, validators=[chosen()])
        fields[f"note_{number}"] = TextAreaField(lazy_gettext("依据"), validators=[needed(), at_most(500)])
    fields["recommends"] = RadioField(
        lazy_gettext("部门意见"),
        choices=[SelectChoice("yes", lazy_gettext("推荐")), SelectChoice("no", lazy_gettext("不推荐"))],
        validators=[chosen()],
    )
    fields["text"] = TextAreaField(lazy_gettext("评审意见"), validators=[needed(), at_most(1000)])
    return type("ReviewForm", (CleanForm,), fields)()


def ratings_of(form: Any, topics: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Return the ratings that a review form holds, by topic."""
    return {
        topic: (int(form[f"rating_{number}"].data), form[f"note_{number}"].data)
        for number, topic in enumerate(topics)
    }


def check_form(unknown: Mapping[int, str]) -> Any:
    """Return the form of the formal check: a word on each condition that is unknown."""
    fields: dict[str, Any] = {
        f"place_{place}": TextAreaField(
            text,
            description=lazy_gettext("看了什么记录，结果怎样。"),
            validators=[needed(), at_most(500)],
        )
        for place, text in unknown.items()
    }
    fields["note"] = TextAreaField(lazy_gettext("审核说明"), validators=[MayBeEmpty(), at_most(500)])
    return type("CheckForm", (CleanForm,), fields)()


class ReturnForm(CleanForm):
    """The clause that is not fulfilled, and why."""

    clause = SelectField(lazy_gettext("不符合哪一条"), validators=[chosen()])
    why = TextAreaField(lazy_gettext("原因"), validators=[needed(), at_most(1000)])

    def offer(self, clauses: Iterable[tuple[str, str]]) -> None:
        """Fill the clauses."""
        self.clause.choices = list(clauses)


class RoundForm(CleanForm):
    """A round of defences."""

    title = StringField(lazy_gettext("名称"), validators=[needed(), at_most(60)])
    panel = SelectField(lazy_gettext("评审规定"), validators=[chosen()])
    starts_at = InstantField(lazy_gettext("开始时间"), validators=[needed()])
    place = StringField(lazy_gettext("地点"), validators=[needed(), at_most(60)])
    plan = TextAreaField(lazy_gettext("答辩方案"), validators=[needed(), at_most(2000)])
    applications = _Checks(lazy_gettext("答辩的申请"), coerce=int, validators=[chosen()])
    jurors = _Checks(lazy_gettext("评委"), coerce=int, validators=[chosen()])

    def offer(
        self,
        panels: Iterable[tuple[str, str]],
        applications: Iterable[tuple[int, str]],
        jurors: Iterable[tuple[int, str]],
    ) -> None:
        """Fill panels, applications and people."""
        self.panel.choices = list(panels)
        self.applications.choices = list(applications)
        self.jurors.choices = list(jurors)


class JurorForm(CleanForm):
    """One more juror."""

    person = SelectField(lazy_gettext("补一位评委"), coerce=int, validators=[chosen()])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the people."""
        self.person.choices = list(people)


class DeclareForm(CleanForm):
    """A juror's word on ties."""

    answer = RadioField(
        lazy_gettext("你是否当过申请人的导师、是其直接主管、亲属，或有其他影响公正的关系？"),
        validators=[chosen()],
    )
    # Stands on the page of the sheet, which has a note of its own.
    note = StringField(lazy_gettext("说明"), validators=[MayBeEmpty(), at_most(200)], id="declare-note")

    def offer(self) -> None:
        """Fill the three answers."""
        self.answer.choices = [(key, gettext(word)) for key, word in TIE_ANSWER_WORDS.items()]


class JudgeForm(CleanForm):
    """HR's word on a juror's tie."""

    excluded = RadioField(lazy_gettext("要不要回避"), validators=[chosen()])
    why = StringField(lazy_gettext("理由"), validators=[needed(), at_most(500)])

    def offer(self, *, unsure: bool) -> None:
        """Fill the answers; only who is unsure can be cleared."""
        both = [("no", gettext("不用回避")), ("yes", gettext("要回避"))]
        self.excluded.choices = both if unsure else both[1:]


class _Points(StringField):
    """Points as they were typed; read exactly."""

    points: Decimal | None = None

    def pre_validate(self, form: Any) -> None:
        text = str(self.data or "").strip()
        try:
            self.points = Decimal(text) if text else None
        except InvalidOperation:
            raise ValidationError(gettext("请填数字，如86或86.5。")) from None


def sheet_form(panel: Panel, held: Mapping[str, Decimal], note: str) -> Any:
    """Return a juror's sheet with what is kept so far."""
    fields: dict[str, Any] = {f"points_{one.id}": _Points(one.title) for one in panel.elements}
    fields["note"] = TextAreaField(lazy_gettext("评语"), validators=[MayBeEmpty(), at_most(1000)])
    data = {f"points_{name}": f"{value:f}" for name, value in held.items()}
    return type("SheetForm", (CleanForm,), fields)(data={**data, "note": note})


def points_of(form: Any, panel: Panel) -> dict[str, Decimal]:
    """Return the points that were given; an element left empty has none."""
    given = {one.id: form[f"points_{one.id}"].points for one in panel.elements}
    return {name: value for name, value in given.items() if value is not None}


class ChoiceForm(CleanForm):
    """An outcome with its reasons."""

    outcome = RadioField(lazy_gettext("结论"), validators=[chosen()])
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(2000)])

    def offer(self, outcomes: Iterable[tuple[str, str]]) -> None:
        """Fill the outcomes."""
        self.outcome.choices = list(outcomes)


class NoticeForm(CleanForm):
    """The text of a notice."""

    record = TextAreaField(
        lazy_gettext("简要事迹"),
        description=lazy_gettext("所有员工都会看到；不写分数、电话和身份证号。"),
        validators=[needed(), at_most(500)],
    )


class AppointForm(CleanForm):
    """The day an appointment takes effect."""

    effective_on = DayField(lazy_gettext("生效日"), validators=[needed()])


class ObjectionForm(CleanForm):
    """An objection to a notice."""

    text = TextAreaField(
        lazy_gettext("异议内容"),
        description=lazy_gettext("写明时间、事情和依据，便于调查。"),
        validators=[needed(), at_most(2000)],
    )
    anonymous = BooleanField(
        lazy_gettext("匿名提出"),
        description=lazy_gettext("匿名时系统不保存你是谁，也不能把结果告诉你。"),
    )
