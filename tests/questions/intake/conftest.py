"""Who brings files, who reviews, and a bank."""

from __future__ import annotations

import pytest

from tests.factories.people import make_person


@pytest.fixture
def trainer(app):
    with app.app_context():
        return make_person("马丽", roles=["trainer"])


@pytest.fixture
def other(app):
    with app.app_context():
        return make_person("孙悦", roles=["trainer"])


@pytest.fixture
def bank(app, clock, tmp_path):
    from cstrain.questions import service
    from cstrain.unit_of_work import unit_of_work
    from tests.questions.makers import choices, write_bank

    write_bank(tmp_path / "own", choices(3))
    with app.app_context(), unit_of_work():
        service.load_banks(clock.now(), tmp_path)
