"""A refusal in the reader's language; days and instants in it are said in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from cstrain.extensions import session
from cstrain.kernel.errors import DomainError, Each
from cstrain.ui.filters import day, listing, moment
from cstrain.ui.filters import told as in_words


def told(error: DomainError) -> str:
    """Return the refusal's sentence with its values, as a page shows it."""
    return str(gettext(error.message, **{key: _said(value) for key, value in error.values.items()}))


def _said(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Each):
        rows = ({key: _said(each) for key, each in row.items()} for row in value.rows)
        return listing(gettext(value.phrase, **row) for row in rows)
    return day(value) if isinstance(value, date) else in_words(value)


def attempt(form: Any, act: Callable[[], object]) -> bool:
    """Do an act of a form; a refusal goes to the top of the form and what was begun is undone."""
    try:
        act()
    except DomainError as error:
        session().rollback()
        form.form_errors = [*form.form_errors, told(error)]
        return False
    return True
