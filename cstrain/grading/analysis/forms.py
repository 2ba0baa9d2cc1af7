"""What an analysis can be narrowed to. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from cstrain.grading.analysis.facts import Wanted


class NarrowForm(FlaskForm):
    """An edition, days of handing in, a group of people; sent with GET, so it needs no token."""

    class Meta:
        csrf = False

    edition = SelectField(lazy_gettext("版本"), validators=[Optional()])
    since = DateField(lazy_gettext("交卷不早于"), validators=[Optional()])
    until = DateField(lazy_gettext("交卷不晚于"), validators=[Optional()])
    group = SelectField(lazy_gettext("考生"), validators=[Optional()])

    def offer(self, editions: Iterable[int], groups: Iterable[tuple[str, str]]) -> None:
        """Fill the lists of editions and of groups (key and title)."""
        self.edition.choices = [(str(number), gettext("第%(n)s版", n=number)) for number in editions]
        self.group.choices = [("", gettext("全部")), *groups]

    def wanted(self) -> Wanted:
        """Return what was chosen; what cannot be read narrows nothing."""
        edition = self.edition.data or ""
        return Wanted(
            edition=int(edition) if edition.isdecimal() else None,
            since=self.since.data,
            until=self.until.data,
            group=self.group.data or "",
        )
