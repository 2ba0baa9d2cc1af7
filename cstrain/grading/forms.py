"""Shapes of input for appeals and changes of marks. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from flask_babel import gettext, lazy_gettext
from wtforms import DecimalField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from cstrain.judgement.rubric import Rubric
from cstrain.ui.forms import CleanForm, at_most, chosen, needed

_MOST_WORDS = 2000


class _Mark(DecimalField):
    """A mark: at most three decimals, read exactly."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("请填数字，最多三位小数。")) from None
        if self.data is not None and not (self.data.is_finite() and self.data == round(self.data, 3)):
            self.data = None
            raise ValueError(gettext("请填数字，最多三位小数。"))


class AppealForm(CleanForm):
    """An objection to a result, about one question or the whole."""

    slot = SelectField(lazy_gettext("哪道题"))
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self, slots: Iterable[int]) -> None:
        """Fill the list of questions."""
        each = [(str(slot), gettext("第%(n)s题", n=slot)) for slot in slots]
        self.slot.choices = [("", gettext("整份答卷")), *each]

    def chosen(self) -> int | None:
        """Return the question objected to; ``None``: the whole."""
        return int(self.slot.data) if self.slot.data else None


class DecisionForm(CleanForm):
    """The answer to an appeal."""

    upheld = RadioField(lazy_gettext("决定"), validators=[chosen()])
    decision = TextAreaField(lazy_gettext("答复"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self) -> None:
        """Fill the two outcomes."""
        self.upheld.choices = [("yes", gettext("申诉成立")), ("no", gettext("维持原成绩"))]


class ChangeForm(CleanForm):
    """A proposal of what one question should earn."""

    slot = SelectField(lazy_gettext("哪道题"), validators=[needed()])
    earned = _Mark(lazy_gettext("改为多少分"), places=None, validators=[needed()])
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self, slots: Iterable[tuple[int, Decimal]]) -> None:
        """Fill the list of questions with the most each can earn."""
        self.slot.choices = [
            (str(slot), gettext("第%(n)s题，满分%(of)s分", n=slot, of=f"{of.normalize():f}"))
            for slot, of in slots
        ]


class _Points(_Mark):
    """Points of a criterion; nothing when none were given yet."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"


class LiveForm(CleanForm):
    """An examiner's sheet; the fields of its criteria are added by ``live_form``."""

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


def live_form(rubric: Rubric, points: Mapping[str, Decimal] | None = None, note: str = "") -> LiveForm:
    """Return the sheet for a rubric, filled with what was given so far."""
    fields = {f"points_{each.id}": _Points(each.title, validators=[Optional()]) for each in rubric.criteria}
    given = {f"points_{name}": value for name, value in (points or {}).items()}
    made: LiveForm = type("LiveFormOfRubric", (LiveForm,), fields)(data={**given, "note": note})
    return made
