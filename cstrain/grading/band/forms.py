"""The shape of a look at a result near the pass mark."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import TextAreaField

from cstrain.grading.band.service import MOST_NOTE
from cstrain.ui.forms import CleanForm, at_most, needed


class LookForm(CleanForm):
    """What was looked at and found."""

    note = TextAreaField(lazy_gettext("复核说明"), validators=[needed(), at_most(MOST_NOTE)])
