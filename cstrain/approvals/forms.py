"""Shapes of input for opinions. No query, no rule."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from cstrain.approvals.facts import VERDICT_WORDS
from cstrain.ui.forms import CleanForm, chosen

RATING_WORDS = {1: "需帮助", 2: "偏弱", 3: "合格", 4: "良好", 5: "出色"}
"""Ratings in words (message ids)."""


class OpinionForm(CleanForm):
    """Agree or not, a rating where the office gives one, and words."""

    verdict = RadioField(lazy_gettext("意见"), validators=[chosen()])
    rating = RadioField(
        lazy_gettext("工作表现与职业素养"),
        coerce=int,
        validators=[chosen()],
    )
    text = TextAreaField(
        lazy_gettext("意见说明"),
        description=lazy_gettext("不同意时要写理由。"),
        validators=[Length(max=500, message=lazy_gettext("最多500个字。"))],
    )

    def offer(self, *, rates: bool) -> None:
        """Fill the choices; an office that gives no rating is not asked for one."""
        self.verdict.choices = [(key, gettext(word)) for key, word in VERDICT_WORDS.items()]
        if rates:
            self.rating.choices = [(mark, gettext(word)) for mark, word in RATING_WORDS.items()]
        else:
            del self.rating

    def given_rating(self) -> int | None:
        """Return the rating, if one was asked for."""
        rating: Any = self._fields.get("rating")
        return int(rating.data) if rating is not None and rating.data else None
