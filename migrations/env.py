"""Runs the steps of ``versions/`` on the connection that ``cstrain.operations.migrations`` hands in."""

from __future__ import annotations

from alembic import context
from alembic.operations import ops

from cstrain.extensions import UtcDateTime
from cstrain.operations.migrations import OnDialectOp, load_models


def add_triggers(_context, _revision, directives):
    """After each new table, add what its model creates beside it: triggers and their functions."""
    for script in directives:
        script.upgrade_ops.ops = [each for op in script.upgrade_ops.ops for each in with_triggers(op)]


def with_triggers(operation):
    """Yield an operation and, for a new table, the statements its model attaches to it."""
    yield operation
    if not isinstance(operation, ops.CreateTableOp):
        return
    for listener in metadata.tables[operation.table_name].dispatch.after_create:
        statement = getattr(listener, "statement", None)
        if statement is not None:
            yield OnDialectOp(listener._ddl_if.dialect, statement.replace("%%", "%"))


def render_item(kind, item, _autogen_context):
    """Write our instants as what the database holds, so that a step never depends on later code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


metadata = load_models()
connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("use: cstrain upgrade, or python -m cstrain.operations.migrations")
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    process_revision_directives=add_triggers,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
