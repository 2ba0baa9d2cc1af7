"""Shapes of input for panels. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DecimalField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.grading.standards.facts import BOUND_NAMES, Given, StudyFacts

METHOD_WORDS = {
    "angoff": lazy_gettext("逐题估计（Angoff）：100个刚好够格的人里有几个答对"),
    "yes_no": lazy_gettext("逐题判断（Angoff对错法）：刚好够格的人答不答得对"),
    "hofstee": lazy_gettext("四个数（Hofstee）：及格线和不过线人数各自的上下限"),
}
_BOUND_LABELS = {
    "cut_low": lazy_gettext("及格线最低可以定在"),
    "cut_high": lazy_gettext("及格线最高可以定在"),
    "fail_low": lazy_gettext("不过线的人至少应有"),
    "fail_high": lazy_gettext("不过线的人最多可以有"),
}
_YES, _NO = "100", "0"


class _Checks(SelectMultipleField):
    """A list of check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class StudyForm(FlaskForm):
    """A new panel: a paper, a method, judges."""

    paper = SelectField(lazy_gettext("试卷"), validators=[InputRequired(lazy_gettext("请选择一项。"))])
    method = RadioField(lazy_gettext("方法"), validators=[InputRequired(lazy_gettext("请选择一项。"))])
    judges = _Checks(lazy_gettext("评委"), coerce=int)

    def offer(self, papers: Iterable[tuple[str, str]], judges: Iterable[tuple[int, str]]) -> None:
        """Fill the lists of papers (ref and title) and judges (id and name)."""
        self.paper.choices = list(papers)
        self.method.choices = list(METHOD_WORDS.items())
        self.judges.choices = list(judges)


class _Percent(DecimalField):
    """A number from 0 to 100, read exactly."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("请填0到100之间的数字。")) from None
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(gettext("请填0到100之间的数字。"))


def rating_form(study: StudyFacts, held: Given | None) -> FlaskForm:
    """Return the form of a judge: a field for each question, or for each of the four numbers.

    ``held`` is what the judge said before.
    """
    names = [f"q{item.slot}" for item in study.items] if study.by_question else list(BOUND_NAMES)
    fields: dict[str, Any] = {name: _field(study, name) for name in names}
    form_class = type("RatingForm", (FlaskForm,), fields)
    shown = {name: _shown(study, value) for name, value in (held or {}).items()}
    data = {name: shown[name.removeprefix("q")] for name in names if name.removeprefix("q") in shown}
    return form_class(data=data)


def _field(study: StudyFacts, name: str) -> Any:
    needed = InputRequired(lazy_gettext("请填写这一项。"))
    if study.method == "yes_no":
        choices = [SelectChoice(_YES, lazy_gettext("答得对")), SelectChoice(_NO, lazy_gettext("答不对"))]
        label = gettext("第%(n)s题", n=name.removeprefix("q"))
        return RadioField(label, choices=choices, validators=[needed])
    within = NumberRange(0, 100, lazy_gettext("请填0到100之间的数字。"))
    label = gettext("第%(n)s题", n=name.removeprefix("q")) if study.by_question else _BOUND_LABELS[name]
    return _Percent(label, places=None, validators=[needed, within])


def _shown(study: StudyFacts, value: Decimal) -> Any:
    return f"{value:f}" if study.method == "yes_no" else value


def given(form: FlaskForm, study: StudyFacts) -> Mapping[str, Decimal]:
    """Return what a judge filled in: by slot, or by name of the four numbers; empty fields are left out."""
    names: Sequence[str] = [f"q{item.slot}" for item in study.items] if study.by_question else BOUND_NAMES
    return {
        name.removeprefix("q"): Decimal(form[name].data)
        for name in names
        if form[name].data not in (None, "")
    }
