"""The port of ladders and dossiers filled with made-up ones, and the people of the road."""

from __future__ import annotations

import pytest


@pytest.fixture
def book(app, monkeypatch):
    from cstrain.promotion.applications.grounds import port
    from tests.factories.applications import Book

    made = Book()
    monkeypatch.setattr(port, "source", made)
    return made


@pytest.fixture
def cast(app, book):
    from tests.factories.applications import make_cast

    with app.app_context():
        return make_cast(book)
