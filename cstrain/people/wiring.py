"""What people puts into the application: its filters, its checks before each request, the ports it fills."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext

from cstrain.people import policy
from cstrain.people.accounts import demand_second_factor


def _filter_of(words: dict[str, str]) -> object:
    def word(value: object) -> str:
        return gettext(words[str(value)]) if value else ""

    return word


def init_app(app: Flask) -> None:
    """Register filters (``level_word`` …) and the demand for a second factor."""
    for name, words in {
        "role_word": policy.ROLE_WORDS,
        "status_word": policy.STATUS_WORDS,
        "level_word": policy.LEVEL_WORDS,
        "track_word": policy.TRACK_WORDS,
        "week_word": policy.WEEK_WORDS,
        "contract_word": policy.CONTRACT_WORDS,
        "leave_word": policy.LEAVE_WORDS,
    }.items():
        app.add_template_filter(_filter_of(words), name)  # type: ignore[arg-type]
    app.before_request(demand_second_factor)
