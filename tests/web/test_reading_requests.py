"""A request that only reads takes one connection, and one transaction whether it asks for objects or not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cstrain.extensions import columns, connection, db, session
from cstrain.people.models import Person
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person

pytestmark = pytest.mark.both_databases

_NAMES = sa.select(Person.name)


@pytest.fixture
def person(app):
    with app.app_context():
        return make_person("林晓雯")


@pytest.fixture
def reading(app):
    """Run something as a GET request does, from its first hook to its last; return what it returns."""

    def run(act):
        with app.test_request_context("/healthz"):
            app.preprocess_request()
            found = act()
            app.process_response(app.make_response("done"))
        return found

    return run


@pytest.fixture
def begun(app):
    """How often a transaction was begun on the application's engine."""
    with app.app_context():
        engine = db.engine
    said: list[int] = []

    def note(_connection) -> None:
        said.append(1)

    sa.event.listen(engine, "begin", note)
    yield said
    sa.event.remove(engine, "begin", note)


def checked_out(app) -> int:
    with app.app_context():
        return db.engine.pool.checkedout()


def test_reading_columns_needs_no_session(app, person, reading) -> None:
    def act():
        columns(_NAMES, {}).all()
        return db.session.registry.has()

    assert reading(act) is False
    assert checked_out(app) == 0


def test_objects_asked_for_later_are_read_in_the_same_transaction(app, person, reading, begun) -> None:
    def act():
        first = connection()
        columns(_NAMES, {}).all()
        assert session().get(Person, person).name == "林晓雯"
        assert session().connection() is first
        columns(_NAMES, {}).all()

    begun.clear()
    reading(act)
    assert sum(begun) == 1
    assert checked_out(app) == 0


def test_a_short_unit_of_its_own_commits_while_the_request_reads(app, person, reading) -> None:
    def act():
        columns(_NAMES, {}).all()
        with unit_of_work() as current:
            current.get(Person, person).name = "林小雯"
        return columns(_NAMES, {}).scalars().all()

    assert reading(act) == ["林小雯"]
    with app.app_context():
        assert session().get(Person, person).name == "林小雯"
    assert checked_out(app) == 0


def test_what_a_reading_request_changes_is_taken_back(app, person, reading) -> None:
    def act():
        columns(_NAMES, {}).all()
        session().get(Person, person).name = "别人"
        session().flush()

    reading(act)
    with app.app_context():
        assert session().get(Person, person).name == "林晓雯"


def test_a_request_that_breaks_gives_its_connection_back(app, person, reading) -> None:
    def act():
        columns(_NAMES, {}).all()
        session().get(Person, person)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reading(act)
    assert checked_out(app) == 0
