"""What people puts into the application: its filters, its checks before each request, the ports it fills."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask, url_for
from flask_babel import gettext

from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Address
from cstrain.notifications.service import use_address_book
from cstrain.people import policy, queries, service
from cstrain.people.accounts import demand_second_factor


def _filter_of(words: dict[str, str]) -> Callable[[object], str]:
    def word(value: object) -> str:
        return str(gettext(words[str(value)])) if value else ""

    return word


def address_of(person: PersonId) -> Address | None:
    """Return name, mail address and language of a person (the outbox's port)."""
    facts = queries.people([person], local_date(now())).get(person)
    return Address(facts.name, facts.email, queries.locale_of(person)) if facts is not None else None


def names_of(persons: Iterable[int]) -> dict[int, str]:
    """Return names with staff numbers by id (the audit page's port: the log itself keeps ids)."""
    found = queries.people([PersonId(one) for one in persons], local_date(now()))
    return {int(one): f"{facts.name} {facts.staff_no}" for one, facts in found.items()}


def note_view(viewer: PersonId, what: str) -> None:
    """Note that somebody read something that is about no single person (the audit page's port)."""
    service.log_view(viewer, None, what, now())


def init_app(app: Flask) -> None:
    """Register filters (``level_word`` …), ports, and the demand for a second factor."""
    for name, words in {
        "role_word": policy.ROLE_WORDS,
        "status_word": policy.STATUS_WORDS,
        "level_word": policy.LEVEL_WORDS,
        "track_word": policy.TRACK_WORDS,
        "week_word": policy.WEEK_WORDS,
        "contract_word": policy.CONTRACT_WORDS,
        "leave_word": policy.LEAVE_WORDS,
    }.items():
        app.add_template_filter(_filter_of(words), name)
    app.extensions["cstrain.names"] = names_of
    app.extensions["cstrain.view_log"] = note_view
    with app.app_context():
        use_address_book(address_of)
    app.context_processor(lambda: {"account_url": url_for("people.account")})
    app.before_request(demand_second_factor)
