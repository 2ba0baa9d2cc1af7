"""The shipped content is loaded once and copied with the schema for each test of onboarding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def content_database(template_database, tmp_path_factory) -> Path:
    """A SQLite file with lessons, the daily bank, papers and programmes."""
    from cstrain.app import create_app
    from cstrain.extensions import db
    from tests.conftest import _settings
    from tests.factories.onboarding import load_content

    path = tmp_path_factory.mktemp("content") / "content.db"
    shutil.copy(template_database, path)
    app = create_app(_settings(f"sqlite:///{path}"))
    with app.app_context():
        load_content()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return path


@pytest.fixture
def app(content_database, tmp_path, clock):
    """The application on a fresh copy of schema and content."""
    from cstrain.app import create_app
    from cstrain.extensions import db
    from tests.conftest import _settings

    path = tmp_path / "test.db"
    shutil.copy(content_database, path)
    application = create_app(_settings(f"sqlite:///{path}"), clock)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
