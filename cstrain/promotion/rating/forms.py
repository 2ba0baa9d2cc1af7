"""Shapes of input for quarterly ratings; no query, no rule."""

from __future__ import annotations

from typing import Any, TypeVar

from flask_babel import lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed

_YES, _NO = "yes", "no"
F = TypeVar("F", bound=CleanForm)


def _two(yes: Any, no: Any) -> list[SelectChoice]:
    return [SelectChoice(_YES, yes), SelectChoice(_NO, no)]


class CommentForm(CleanForm):
    """What a superior, or HR, writes beside a result."""

    text = TextAreaField(lazy_gettext("评语"), validators=[needed(), at_most(1000)])


class ContestForm(CleanForm):
    """The person's own word."""

    text = TextAreaField(lazy_gettext("申诉的理由"), validators=[needed(), at_most(1000)])


class DecideForm(CleanForm):
    """The answer to a contest."""

    upheld = RadioField(
        lazy_gettext("答复"),
        choices=_two(lazy_gettext("成立"), lazy_gettext("不成立")),
        validators=[chosen()],
    )
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(1000)])


class LateForm(CleanForm):
    """Why somebody's quarter is judged again."""

    reason = TextAreaField(lazy_gettext("更正了什么"), validators=[needed(), at_most(1000)])


class ProposeForm(CleanForm):
    """From which day on results take effect."""

    effective_on = DayField(lazy_gettext("生效日"), validators=[needed()])
    note = TextAreaField(lazy_gettext("说明"), validators=[Optional(), at_most(1000)])


class AnswerForm(CleanForm):
    """The second person's word."""

    agreed = RadioField(
        lazy_gettext("你的决定"),
        choices=_two(lazy_gettext("确认"), lazy_gettext("退回")),
        validators=[chosen()],
    )
    text = TextAreaField(lazy_gettext("退回的理由"), validators=[Optional(), at_most(1000)])


def named(form: F, prefix: str) -> F:
    """Give a form's controls ids of their own, for a page with several forms; their names stay."""
    for field in form:
        if field.name != "csrf_token":
            field.id = field.label.field_id = f"{prefix}-{field.name}"
    return form


def yes(field: RadioField) -> bool:
    """Tell whether the first of two answers was chosen."""
    return bool(field.data == _YES)
