"""What makes starting and handing in happen once: the row's lock and the tables' constraints, by removal.

On PostgreSQL, where writers run side by side; SQLite has one writer at a time (``cstrain.unit_of_work``).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cstrain.exams import service, store
from cstrain.exams.models import Attempt
from cstrain.exams.service import admission
from cstrain.extensions import db, session
from tests.conftest import START, settings_for
from tests.exams.at_once import make_hall, one_round
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import race

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
STARTS = 6


@pytest.fixture
def alone(postgres_databases, postgresql_templates, clock) -> Iterator:
    """An application on a database whose tables may be changed: nobody else gets it afterwards."""
    from cstrain.app import create_app

    url = postgres_databases.create(postgresql_templates.template())
    app = create_app(settings_for(url.render_as_string(hide_password=False)), clock)
    make_hall(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    postgres_databases.drop(url)


def unlock(monkeypatch) -> None:
    """Let attempts and invitations be read without a lock."""
    monkeypatch.setattr(store, "_LOCKED", store._FOUND)
    monkeypatch.setattr(admission, "_ENTRY", admission._INVITED)


def drop_uniqueness(table: str) -> None:
    """Take every UNIQUE constraint of a table away."""
    for constraint in sa.inspect(db.engine).get_unique_constraints(table):
        session().execute(sa.text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint["name"]}"'))
    session().commit()


def starts_at_once(app) -> tuple[int, str]:
    """Return how many attempts some starts at the same moment made, and what went wrong in them."""
    with app.app_context():
        person = make_person("林晓雯")
        sitting = make.make_sitting([person])
        acts = [lambda n=n: service.start(person, sitting, START, f"tab-{n}") for n in range(STARTS)]
        wrong = ""
        try:
            race(app, *acts)
        except AssertionError as error:
            wrong = str(error)
        return session().query(Attempt).filter_by(sitting_id=sitting).count(), wrong


def test_with_lock_and_constraint_all_get_the_one_attempt(alone) -> None:
    assert starts_at_once(alone) == (1, "")


def test_without_the_lock_the_constraint_alone_leaves_one_attempt(alone, monkeypatch) -> None:
    unlock(monkeypatch)
    made, wrong = starts_at_once(alone)
    assert made == 1 and "UniqueViolation" in wrong


def test_without_either_the_same_test_fails(alone, monkeypatch) -> None:
    with alone.app_context():
        drop_uniqueness("attempt")
    unlock(monkeypatch)
    assert starts_at_once(alone)[0] > 1


def test_a_round_without_lock_and_constraints_is_not_right(alone, monkeypatch) -> None:
    assert one_round(alone, 10).right
    with alone.app_context():
        for table in ("attempt", "result"):
            drop_uniqueness(table)
    unlock(monkeypatch)
    assert not all(one_round(alone, 20).right for _ in range(3))
