"""Shapes of input for sittings on paper. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.exams.on_paper.facts import Difference
from cstrain.ui.forms import CleanForm, InstantField, at_most, chosen, needed

FIRST, SECOND, OTHER = "first", "second", "other"


class IssueForm(CleanForm):
    """Who gets a form on paper."""

    people = SelectMultipleField(
        lazy_gettext("给这些考生发纸卷"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the list of candidates."""
        self.people.choices = list(people)


class CollectForm(CleanForm):
    """The times noted on a sheet, in the company's time."""

    sat_from = InstantField(lazy_gettext("开始答题"), validators=[needed()])
    sat_until = InstantField(lazy_gettext("交卷"), validators=[needed()])

    def times(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return both times as instants."""
        return self.sat_from.data.replace(tzinfo=zone), self.sat_until.data.replace(tzinfo=zone)


class WithdrawForm(CleanForm):
    """Why a copy was not used."""

    reason = StringField(lazy_gettext("原因"), validators=[needed(), at_most(500)])


class AnswerField(HiddenField):
    """A hidden field that holds an answer as JSON text, filled in by the page's script."""

    def __init__(self, label: Any = None, most: int = 0, *, optional: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self._most, self._optional = most, optional

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no JSON, or longer than an answer may be."""
        text = self.data or ""
        if self._optional and not text:
            return
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError(gettext("没有收到作答。请打开浏览器脚本，刷新这一页后再录。")) from None
        if len(text.encode()) > self._most:
            raise ValidationError(gettext("作答太长，没有保存。请核对后再录。"))


def entry_form(slots: Iterable[int], most: int) -> FlaskForm:
    """Return the form of an entry: a hidden answer for each slot."""
    fields: dict[str, Any] = {
        f"slot{slot}": AnswerField(lazy_gettext("第%(n)s题", n=slot), most=most) for slot in slots
    }
    form_class = type("EntryForm", (CleanForm,), fields)
    return form_class()


def resolution_form(different: Iterable[Difference], most: int) -> FlaskForm:
    """Return the form of a resolution: for each difference which of the two, or an answer of its own."""
    fields: dict[str, Any] = {}
    for each in different:
        slot = each.slot.slot
        choices = [
            SelectChoice(FIRST, gettext("第一份对")),
            SelectChoice(SECOND, gettext("第二份对")),
            SelectChoice(OTHER, gettext("都不对，重新录")),
        ]
        fields[f"pick{slot}"] = RadioField(
            gettext("第%(n)s题", n=slot), choices=choices, validators=[chosen()]
        )
        fields[f"slot{slot}"] = AnswerField(gettext("第%(n)s题", n=slot), most=most, optional=True)
    form_class = type("ResolutionForm", (CleanForm,), fields)
    return form_class()


def entered(form: FlaskForm, slots: Iterable[int]) -> dict[int, str]:
    """Return what a form holds as JSON text by slot."""
    return {slot: form[f"slot{slot}"].data for slot in slots}


def resolved(form: FlaskForm, different: Iterable[Difference]) -> Mapping[int, str]:
    """Return what was chosen for each difference, as JSON text by slot; what was left open is left out."""
    found = {}
    for each in different:
        slot = each.slot.slot
        own = form[f"slot{slot}"].data
        given = {FIRST: each.first or "null", SECOND: each.second or "null", OTHER: own}
        text = given.get(form[f"pick{slot}"].data)
        if text:
            found[slot] = text
    return found
