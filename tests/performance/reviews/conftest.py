"""What the tests of reviews' services share."""

from __future__ import annotations

import pytest


@pytest.fixture
def clock_there(clock):
    """Roles are asked for by the application's clock: it stands on the first day of the window."""
    from tests.factories.reviews import at

    clock.set(at())
    return clock
