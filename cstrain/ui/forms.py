"""What every form of the house shares: clean text, days that can be meant, numbers that fit a column,
and the sheet of criteria that people mark by."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    Field,
    Form,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from cstrain.judgement.rubric import Rubric

MOST_ID = 2**31 - 1
"""The largest number an id or a page can be: what a column of whole numbers holds in every database."""

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
"""Days a working life can touch; anything else is a slip of the year."""

_KEPT = "\n\t"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def whole(text: str) -> int:
    """Return a whole number from 0 to ``MOST_ID``; the argument ``type`` of a query's values.

    Raises ``ValueError`` for anything else, so that the caller's default stands.
    """
    if len(text) > len(str(MOST_ID)) or int(text) not in range(MOST_ID + 1):
        raise ValueError(text)
    return int(text)


def typed_day(text: str | None) -> date | None:
    """Return the day written as ``2026-11-20``; ``None`` for anything else and for a year out of reach."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def clean(text: Any) -> Any:
    """Return typed text without outer blanks and without signs nobody types; a line ends with one sign.

    Browsers send two for each end of a line and count one against a limit. Control characters break a
    database and a printed form; marks that turn the direction of writing make one name look like another.
    What is not text passes.
    """
    if not isinstance(text, str):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if _is_written(sign)).strip()


def _is_written(sign: str) -> bool:
    return sign in _KEPT or (unicodedata.category(sign) != "Cc" and sign not in _TURNING)


class _Cleans(DefaultMeta):
    """Binds fields; a text field cleans before its own filters, a password stays as it was typed.

    Boxes that a page never offered are refused in a sentence of ours: WTForms has none in Chinese.
    """

    def bind_field(self, form: BaseForm, unbound_field: Any, options: Any) -> Field:
        field = super().bind_field(form, unbound_field, options)
        if isinstance(field, StringField) and not isinstance(field, PasswordField):
            field.filters = [clean, *field.filters]
        if isinstance(field, SelectMultipleField) and field.invalid_choice_message is None:
            field.invalid_choice_message = lazy_gettext("请从列出的选项里选。")
        return field


class CleanForm(FlaskForm):
    """A form whose text arrives clean."""

    Meta = type("Meta", (_Cleans, FlaskForm.Meta), {})


class CleanPart(Form):
    """A part of a form, without a token of its own, whose text arrives clean."""

    Meta = _Cleans


class Filled(InputRequired):
    """Something must be there, and blanks are nothing."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Stop with the sentence of this validator when nothing but blanks was typed."""
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            field.errors = []
            raise StopValidation(self.message)


def needed() -> Filled:
    """Return the validator of a field that must be filled in."""
    return Filled(lazy_gettext("请填写这一项。"))


def chosen() -> InputRequired:
    """Return the validator of a choice that must be made."""
    return InputRequired(lazy_gettext("请选择一项。"))


def at_most(signs: int) -> Length:
    """Return the validator of a text of at most so many characters."""
    return Length(max=signs, message=lazy_gettext("最多%(n)s个字，请写短一些。", n=signs))


class DayField(DateField):
    """A day by the browser's own picker."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; a year out of reach is a slip and is said to be one."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("这不是日期，请写成2026-11-20这样。")) from None
        if self.data is not None and not FIRST_DAY <= self.data <= LAST_DAY:
            self.data = None
            raise ValueError(gettext("年份不对，请填1950年到2100年之间的日期。"))


class InstantField(DateTimeLocalField):
    """A time of day in the company's zone, by the browser's own picker."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; a year out of reach is a slip and is said to be one."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("这不是时间，请写成2026-11-20 14:00这样。")) from None
        if self.data is not None and not FIRST_DAY <= self.data.date() <= LAST_DAY:
            self.data = None
            raise ValueError(gettext("年份不对，请填1950年到2100年之间的日期。"))


def _is_exact(value: Decimal) -> bool:
    """Tell whether a number is finite, of at most twelve digits before the point and three after it."""
    # the size comes first: rounding a number such as 1e999 is itself an error
    return value.is_finite() and value.adjusted() < 12 and value == round(value, 3)


class MarkField(DecimalField):
    """A mark: at most three decimals, read exactly."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the mark."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("请填数字，最多三位小数。")) from None
        if self.data is not None and not _is_exact(self.data):
            self.data = None
            raise ValueError(gettext("请填数字，最多三位小数。"))


class PointsField(MarkField):
    """Points of a criterion; nothing when none were given yet."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the points; an empty field gives none."""
        self.data = None
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"


class LiveForm(CleanForm):
    """A sheet of criteria; their fields are added by ``live_form``."""

    note = TextAreaField(lazy_gettext("备注"), validators=[at_most(1000)])

    def points(self) -> dict[str, Decimal | None]:
        """Return the points by criterion; ``None`` where nothing was given."""
        return {
            field.short_name.removeprefix("points_"): field.data
            for field in self
            if field.short_name.startswith("points_")
        }

    def said(self) -> str:
        """Return the note."""
        return self.note.data or ""


def live_form(
    rubric: Rubric,
    points: Mapping[str, Decimal] | None = None,
    note: str = "",
    base: type[LiveForm] = LiveForm,
) -> LiveForm:
    """Return the sheet for a rubric, filled with what was given so far; ``base`` may have more fields."""
    fields = {
        f"points_{each.id}": PointsField(each.title, validators=[Optional()]) for each in rubric.criteria
    }
    given = {f"points_{name}": value for name, value in (points or {}).items()}
    made: LiveForm = type("LiveFormOfRubric", (base,), fields)(data={**given, "note": note})
    return made
