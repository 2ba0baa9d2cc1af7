"""Shapes of input for sitting a paper again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import (
    Field,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.form import BaseForm
from wtforms.validators import NumberRange, Optional

from cstrain.grading.retests.facts import Arrangement, Draft, Reliance
from cstrain.kernel.ids import PersonId
from cstrain.ui.forms import MOST_ID, CleanForm, InstantField, at_most, needed

_TYPED = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
"""How instants are typed; the first is how browsers' own pickers want what is filled in."""
_OUTDATED = lazy_gettext("有人的情况刚刚变了，名单已经更新，请重新勾选。")


class _Checks(SelectMultipleField):
    """Check boxes for people; what is not offered any more is said in words that fit a page grown old."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the numbers of the ticked boxes; what is no number never was offered."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_OUTDATED) from None

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is not offered."""
        if not set(self.data or ()) <= {each[0] for each in self.choices or ()}:
            raise ValidationError(_OUTDATED)


class _Minutes(IntegerField):
    """Whole minutes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the minutes; what is no number is said in our words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(lazy_gettext("请填整数分钟。")) from None


class RetestForm(CleanForm):
    """A sitting for some of those whose pass relied on what changed."""

    title = StringField(lazy_gettext("场次名称"), validators=[needed(), at_most(80)])
    opens_at = InstantField(lazy_gettext("开始时间"), format=_TYPED, validators=[needed()])
    closes_at = InstantField(lazy_gettext("结束时间"), format=_TYPED, validators=[needed()])
    place = StringField(lazy_gettext("地点"), validators=[at_most(80)])
    late_minutes = _Minutes(
        lazy_gettext("迟到时限（分钟）"),
        validators=[Optional(), NumberRange(0, 240, lazy_gettext("请填0到240。"))],
    )
    people = _Checks(lazy_gettext("考生"), coerce=int)

    def offer(self, lines: Iterable[Reliance]) -> None:
        """Offer these people."""
        self.people.choices = [
            (line.person.id, f"{line.person.name} {line.person.staff_no}") for line in lines
        ]

    @staticmethod
    def values(found: Draft, people: Iterable[PersonId]) -> dict[str, Any]:
        """Return what the form is filled with; times are shown in the zone they are in."""
        return {
            "title": found.title,
            "opens_at": found.opens_at.replace(tzinfo=None),
            "closes_at": found.closes_at.replace(tzinfo=None),
            "place": found.place,
            "people": list(people),
        }

    def wanted(self, paper_ref: str, zone: ZoneInfo) -> Arrangement:
        """Return what was filled in, once the form is valid; what was typed is the company's time."""
        return Arrangement(
            paper_ref,
            tuple(PersonId(each) for each in self.people.data or ()),
            _instant(self.opens_at.data, zone),
            _instant(self.closes_at.data, zone),
            self.place.data or "",
            self.title.data or "",
            self.late_minutes.data,
        )


def _instant(typed: datetime, zone: ZoneInfo) -> datetime:
    return typed.replace(tzinfo=zone)


class WaiveForm(CleanForm):
    """Passes that stay as they are, and why."""

    attempts = _Checks(lazy_gettext("不用重考的人"), coerce=int)
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(300)])

    def offer(self, lines: Iterable[Reliance]) -> None:
        """Offer these passes."""
        self.attempts.choices = [(int(line.attempt_id), line.person.name) for line in lines]

    def validate_attempts(self, field: Field) -> None:
        """Refuse nobody ticked."""
        if not field.data:
            raise ValidationError(gettext("请至少勾选一个不用重考的人。"))

    def chosen(self) -> list[int]:
        """Return the attempts that were ticked."""
        return [each for each in self.attempts.data or () if 0 < each <= MOST_ID]
