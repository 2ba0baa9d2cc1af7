"""Everything shipped is loaded once and copied with the schema for each test of conversion."""

from __future__ import annotations

import pytest

from tests.databases import Content


@pytest.fixture
def content() -> Content:
    """The shipped lessons, banks, papers and programmes."""
    from tests.factories.conversion import load_content

    return load_content
