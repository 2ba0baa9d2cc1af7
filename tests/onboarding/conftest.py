"""The shipped content is loaded once and copied with the schema for each test of onboarding."""

from __future__ import annotations

import pytest

from tests.databases import Content


@pytest.fixture
def content() -> Content:
    """Lessons, the daily bank, papers and programmes."""
    from tests.factories.onboarding import load_content

    return load_content


@pytest.fixture
def house(context):
    """Return a department with its mentor, guide, HR and cohort."""
    from tests.factories.onboarding import make_house

    return make_house()
