"""A database with everything shipped in it, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import START, _settings


@pytest.fixture(scope="session")
def template_database(tmp_path_factory, template_database) -> Path:
    """The schema with the shipped lessons, banks, papers and programmes."""
    from cstrain.app import create_app
    from cstrain.extensions import db
    from cstrain.kernel.clock import SettableClock
    from cstrain.onboarding.service import load_programmes
    from cstrain.unit_of_work import unit_of_work
    from tests.factories.questions import load_shipped_banks

    path = tmp_path_factory.mktemp("shipped") / "shipped.db"
    shutil.copy(template_database, path)
    app = create_app(_settings(f"sqlite:///{path}"), SettableClock(START))
    with app.app_context():
        load_shipped_banks()
        with unit_of_work():
            load_programmes(START)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
    return path
