"""The people of an edition's road."""

from __future__ import annotations

import pytest

from tests.factories.editions import make_offices


@pytest.fixture
def offices(app):
    with app.app_context():
        return make_offices()
