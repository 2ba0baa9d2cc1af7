"""The application's routes, for tests that go over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from flask import Flask
from werkzeug.routing import Rule

from tests.conftest import SECRET

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


@cache
def house_app() -> Flask:
    """An application without a database, to look at its routes."""
    from cstrain.app import create_app
    from cstrain.config import Settings

    return create_app(Settings(database_url="sqlite:///:memory:", secret_key=SECRET, secure_cookies=False))


def rules(app: Flask) -> list[Rule]:
    """Every route, in order of its address."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def permission(app: Flask, rule: Rule) -> str | None:
    """What the route's view names."""
    return getattr(app.view_functions[rule.endpoint], "__permission__", None)


def writing_endpoints(app: Flask) -> Iterator[str]:
    """Endpoints that write in the request's own transaction, and nothing when they refuse."""
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        special = hasattr(view, "__own_transaction__") or hasattr(view, "__keeps_refusals__")
        if not special and (rule.methods or set()) & WRITING:
            yield rule.endpoint
