"""Shapes of input: binding a department, a changed ladder. Choices are handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import DecimalField, SelectField, StringField, TextAreaField

from cstrain.promotion.changing import Number
from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed

_MOST_TEXT = 100_000


class BindingForm(CleanForm):
    """A department follows a ladder or a pay scheme from a day on."""

    department = SelectField(lazy_gettext("部门"), coerce=int, validators=[chosen()])
    ref = SelectField(lazy_gettext("采用"), validators=[])
    effective_from = DayField(lazy_gettext("从哪天起"), validators=[needed()])
    note = StringField(lazy_gettext("依据"), validators=[needed(), at_most(200)])

    def offer(self, departments: Iterable[tuple[int, str]], refs: Iterable[tuple[str, str]]) -> None:
        """Fill the lists of departments and of what they may follow."""
        self.department.choices = list(departments)
        self.ref.choices = [("", gettext("跟随上级部门")), *refs]


class ChangedForm(CleanForm):
    """A changed ladder as a file or pasted text."""

    file = FileField(lazy_gettext("制度文件"), description=lazy_gettext("YAML文件，最多500KB。"))
    text = TextAreaField(lazy_gettext("或者粘贴内容"), validators=[at_most(_MOST_TEXT)])
    on = DayField(lazy_gettext("按哪一天试算"), validators=[needed()])


class _Exact(DecimalField):
    """A number of a condition, read exactly."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else is said to be none."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("请填数字。")) from None
        if self.data is not None and not (self.data.is_finite() and 0 <= self.data < 10**9):
            self.data = None
            raise ValueError(gettext("请填数字。"))


def numbers_form(
    numbers: Sequence[Number],
    words: Mapping[str, Any],
    today: Any,
    more: Mapping[str, Any] | None = None,
) -> CleanForm:
    """Return the form with one field for each number of a ladder, filled with the present ones.

    ``more``: fields that stand beside them in the place of the day of a trial.
    """
    fields: dict[str, Any] = {
        one.key: _Exact(str(words.get(one.name, one.name)), places=None, validators=[needed()])
        for one in numbers
    }
    fields |= more or {"on": DayField(lazy_gettext("按哪一天试算"), validators=[needed()])}
    form_class = type("NumbersForm", (CleanForm,), fields)
    held: dict[str, Any] = {
        one.key: one.value.normalize() if not one.whole else int(one.value) for one in numbers
    }
    return form_class(data={**held, "on": today})  # type: ignore[no-any-return]


def given(form: CleanForm, numbers: Sequence[Number]) -> dict[str, Decimal]:
    """Return the numbers as filled in, by key."""
    return {one.key: Decimal(form[one.key].data) for one in numbers}
