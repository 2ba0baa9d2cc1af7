"""The blueprint of the exam pages, and how a refusal is said on a page that keeps its form."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext

from cstrain.kernel.errors import DomainError

blueprint = Blueprint("exams", __name__)


def says(error: DomainError) -> str:
    """Return a refusal in the reader's language."""
    text = str(gettext(error.message))
    return text % error.values if error.values else text
