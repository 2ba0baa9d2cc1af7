"""Models and migrations say the same, on each kind of database; triggers included."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cstrain.operations import migrations
from cstrain.operations.errors import OperationError
from cstrain.unit_of_work import prepare_engine

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT t.tgname, pg_get_triggerdef(t.oid) || pg_get_functiondef(t.tgfoid) "
        "FROM pg_trigger t WHERE NOT t.tgisinternal"
    ),
}


@pytest.fixture
def engine(empty_url):
    made = sa.create_engine(empty_url)
    prepare_engine(made)
    yield made
    made.dispose()


def triggers(engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(TRIGGERS[engine.dialect.name]).all()
    return {name: " ".join(text.split()) for name, text in rows}


def test_the_migrations_make_what_the_models_declare(engine):
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []


def test_the_migrations_make_the_triggers_the_models_make(engine, request):
    migrations.upgrade(engine)
    with request.getfixturevalue(f"{engine.dialect.name}_templates").fresh() as url:
        by_models = sa.create_engine(url)
        assert triggers(engine) == triggers(by_models) != {}
        by_models.dispose()


def test_the_steps_form_one_line_and_are_numbered(engine):
    steps = [step.revision for step in migrations.steps()]
    assert steps == [f"{number:04d}" for number in range(len(steps), 0, -1)]


def test_every_step_can_be_taken_back_and_again(engine):
    migrations.upgrade(engine)
    migrations.downgrade(engine, "base")
    assert migrations.current(engine) is None
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []


def test_upgrade_again_does_nothing(engine):
    migrations.upgrade(engine)
    assert migrations.upgrade(engine) == (migrations.head(), migrations.head())


def test_a_database_that_was_never_set_up_is_named_as_such(engine):
    with pytest.raises(OperationError, match="cstrain init"):
        migrations.demand_current(engine)


def test_a_database_of_a_later_release_is_refused(engine):
    migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OperationError, match="does not know"):
        migrations.upgrade(engine)


def test_a_step_that_breaks_a_reference_on_sqlite_is_taken_back(tmp_path, monkeypatch):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'broken.db'}")
    prepare_engine(engine)
    monkeypatch.setattr(
        migrations.command,
        "upgrade",
        lambda config, _to: (
            config.attributes["connection"].exec_driver_sql(
                "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES a (id))"
            )
            and config.attributes["connection"].exec_driver_sql("INSERT INTO a VALUES (1, 2)")
        ),
    )
    with pytest.raises(OperationError, match="taken back"):
        migrations.upgrade(engine)
    assert sa.inspect(engine).get_table_names() == []
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def test_an_interrupt_in_a_step_stays_an_interrupt(engine, monkeypatch):
    def interrupted(config, _to: str) -> None:  # Ctrl-C in a call of the driver closes its connection
        config.attributes["connection"].invalidate()
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations.command, "upgrade", interrupted)
    with pytest.raises(KeyboardInterrupt):
        migrations.upgrade(engine)
