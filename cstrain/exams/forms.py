"""Shapes of input for arranging and watching. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import NumberRange, Optional

from cstrain.exams.facts import PaperFacts
from cstrain.ui.forms import CleanForm, InstantField, at_most, needed

_MOST_REASON = 500
_TYPED = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
"""How instants are typed; the first is how browsers' own pickers want what is filled in."""


class _Minutes(IntegerField):
    """Whole minutes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("请填整数分钟。")) from None


class SittingForm(CleanForm):
    """A paper set for some people in a window."""

    paper = SelectField(lazy_gettext("试卷"), validators=[needed()])
    title = StringField(lazy_gettext("场次名称"), validators=[at_most(80)])
    opens_at = InstantField(lazy_gettext("开始时间"), validators=[needed()])
    closes_at = InstantField(lazy_gettext("结束时间"), validators=[needed()])
    place = StringField(lazy_gettext("地点"), validators=[at_most(80)])
    late_minutes = _Minutes(
        lazy_gettext("迟到时限（分钟）"),
        validators=[Optional(), NumberRange(0, 240, lazy_gettext("请填0到240。"))],
    )
    needs_code = BooleanField(lazy_gettext("开考要输入考场码"))
    people = SelectMultipleField(
        lazy_gettext("考生"),
        coerce=int,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        validate_choice=False,
    )
    whole = BooleanField()
    staff_numbers = TextAreaField(lazy_gettext("其他考生的工号"), validators=[at_most(4000)])

    def offer_papers(self, papers: Iterable[PaperFacts]) -> None:
        """Fill the list of papers."""
        choices = [("", gettext("请选择"))]
        self.paper.choices = choices + [(paper.ref, f"{paper.title}（{paper.ref}）") for paper in papers]

    def offer_whole(self, words: str | None) -> None:
        """Offer to choose a group as a whole, by these words; nothing to offer without a group."""
        if words is None:
            del self.whole
        else:
            self.whole.label.text = words

    def numbers(self) -> list[str]:
        """Return the staff numbers that were typed, in order."""
        text = (self.staff_numbers.data or "").replace("，", " ").replace(",", " ").replace("、", " ")
        return text.split()

    def window(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the window as instants; what was typed is the company's time."""
        return _instant(self.opens_at.data, zone), _instant(self.closes_at.data, zone)


def _instant(typed: Any, zone: ZoneInfo) -> datetime:
    found: datetime = typed.replace(tzinfo=zone)
    return found


class CandidateForm(CleanForm):
    """One more candidate, with extra minutes and their reason if there are any."""

    staff_no = StringField(lazy_gettext("工号"), validators=[needed(), at_most(40)])
    extra_minutes = _Minutes(
        lazy_gettext("额外时间（分钟）"),
        default=0,
        validators=[
            needed(),
            NumberRange(0, 240, lazy_gettext("请填0到240。")),
        ],
    )
    reason = StringField(lazy_gettext("原因"), validators=[at_most(_MOST_REASON)])


class AccommodationForm(CleanForm):
    """What one candidate is granted: empty times are those of everybody."""

    opens_at = InstantField(lazy_gettext("本人开始时间"), format=_TYPED, validators=[Optional()])
    closes_at = InstantField(lazy_gettext("本人结束时间"), format=_TYPED, validators=[Optional()])
    extra_minutes = _Minutes(
        lazy_gettext("额外时间（分钟）"),
        default=0,
        validators=[needed(), NumberRange(0, 240, lazy_gettext("请填0到240。"))],
    )
    late = BooleanField(lazy_gettext("过了迟到时限也可以开始"))
    reason = TextAreaField(lazy_gettext("原因"), validators=[needed(), at_most(_MOST_REASON)])

    def times(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Return the times as instants, where they were typed."""
        opens, closes = self.opens_at.data, self.closes_at.data
        return (_instant(opens, zone) if opens else None, _instant(closes, zone) if closes else None)


class StartForm(CleanForm):
    """What is asked before an exam starts: the code of the room."""

    code = StringField(lazy_gettext("考场码"), validators=[at_most(40)])


class ExtendForm(CleanForm):
    """More minutes for a running attempt."""

    minutes = _Minutes(
        lazy_gettext("加时（分钟）"),
        validators=[needed(), NumberRange(1, 120, lazy_gettext("请填1到120。"))],
    )
    reason = StringField(lazy_gettext("原因"), validators=[needed(), at_most(_MOST_REASON)])


class ReasonForm(CleanForm):
    """An act that needs a reason."""

    reason = StringField(lazy_gettext("原因"), validators=[needed(), at_most(_MOST_REASON)])
