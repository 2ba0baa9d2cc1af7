"""The database's schema by numbered steps: where it stands, bringing it to the head, writing the next step.

``python -m cstrain.operations.migrations "add cohort evaluation"`` writes ``migrations/versions/NNNN_….py``
from the difference between the models and an empty database brought to the head.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata, renderers
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations.base import Operations
from alembic.operations.ops import MigrateOperation
from alembic.script import Script, ScriptDirectory
from sqlalchemy.engine import Connection, Engine

import cstrain
from cstrain.bundled import bundled
from cstrain.extensions import Base
from cstrain.operations.errors import OperationError
from cstrain.unit_of_work import prepare_engine


@Operations.register_operation("on_dialect")
class OnDialectOp(MigrateOperation):
    """``op.on_dialect("sqlite", "CREATE TRIGGER …")``: a statement for one kind of database only."""

    def __init__(self, dialect: str, statement: str) -> None:
        self.dialect, self.statement = dialect, statement

    @classmethod
    def on_dialect(cls, operations: Operations, dialect: str, statement: str) -> Any:
        """Run ``statement`` as it is where the database is a ``dialect``."""
        return operations.invoke(cls(dialect, statement))


@Operations.implementation_for(OnDialectOp)
def _run_on_dialect(operations: Operations, operation: OnDialectOp) -> None:
    connection = operations.get_bind()
    if connection.dialect.name == operation.dialect:
        connection.exec_driver_sql(operation.statement)


@renderers.dispatch_for(OnDialectOp)
def _render_on_dialect(_context: AutogenContext, operation: OnDialectOp) -> str:
    return f"op.on_dialect({operation.dialect!r}, {operation.statement!r})"


def load_models() -> sa.MetaData:
    """Import every package's tables, of packages within packages too, and return what they declare."""
    root = Path(cstrain.__file__).parent
    for path in sorted(root.rglob("models.py")):
        importlib.import_module(".".join(("cstrain", *path.relative_to(root).with_suffix("").parts)))
    return Base.metadata


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings for our ``migrations`` folder, on a connection if one is given."""
    config = Config()
    config.set_main_option("script_location", str(bundled("migrations")).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """Return the number of the newest step (``None`` when there is none yet)."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def steps() -> list[Script]:
    """Return the steps this release knows, newest first."""
    return list(ScriptDirectory.from_config(alembic_config()).walk_revisions())


def known_steps() -> frozenset[str]:
    """Return the numbers of all steps this release knows."""
    return frozenset(step.revision for step in steps())


def current(engine: Engine) -> str | None:
    """Return the number of the step the database stands at (``None``: nothing was ever set up)."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Tell whether the database stands at the newest step."""
    return current(engine) == head()


def demand_current(engine: Engine) -> None:
    """Raise ``OperationError`` with the command to run unless the database stands at the newest step."""
    at, newest = current(engine), head()
    if at == newest:
        return
    if at is None:
        raise OperationError("the database is not set up yet; run: cstrain init")
    if at not in known_steps():
        raise OperationError(
            f"the database stands at step {at}, which this release ({newest}) does not know; "
            "install the newer release again, or restore a backup"
        )
    raise OperationError(
        f"the database stands at step {at}, this release needs {newest}; run: cstrain upgrade"
    )


def upgrade(engine: Engine) -> tuple[str | None, str | None]:
    """Bring the database to the newest step in one transaction; return where it stood and stands.

    Raises ``OperationError`` when the database is newer than this release, or when a step on SQLite would
    leave a foreign key that points nowhere.
    """
    before = current(engine)
    if before is not None and before not in known_steps():
        demand_current(engine)
    with _migrating(engine) as connection:
        command.upgrade(alembic_config(connection), "head")
        _check_references(connection)
    return before, head()


def downgrade(engine: Engine, to: str) -> None:
    """Take steps back to the one numbered ``to`` (``base``: all); for development and its tests."""
    with _migrating(engine) as connection:
        command.downgrade(alembic_config(connection), to)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A writing transaction in which SQLite may rebuild a table others point at."""
    with engine.connect() as plain:
        connection = plain.execution_options(cstrain_write=True)
        driver = connection.connection.driver_connection
        sqlite = engine.dialect.name == "sqlite"
        if sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys=OFF")  # has no effect once a transaction is open
        try:
            with connection.begin():
                yield connection
        finally:
            if sqlite and driver is not None and not connection.invalidated:  # an interrupt has closed it
                driver.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise OperationError(
            f"the upgrade was taken back: table {broken[0]} would point at a missing row of {broken[2]}"
        )


def differences(engine: Engine) -> list[Any]:
    """Return what differs between the models and the database (empty: they agree)."""
    metadata = load_models()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))


def write_step(words: str) -> Path:
    """Write the next numbered step from what the models have and the migrations do not; return the file."""
    newest = head()
    number = f"{int(newest) + 1 if newest else 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/empty.db")
        prepare_engine(engine)
        if newest:
            upgrade(engine)
        with engine.connect() as connection:
            script = command.revision(
                alembic_config(connection), message=words, autogenerate=True, rev_id=number
            )
        engine.dispose()
    if script is None or isinstance(script, list):
        raise OperationError("the step was not written")
    return Path(script.path)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        raise SystemExit('usage: python -m cstrain.operations.migrations "what this step does"')
    sys.stdout.write(f"{write_step(sys.argv[1])}\n")
