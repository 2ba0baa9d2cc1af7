"""Recording in the database: last before the commit, append-only by trigger, verified with commands."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from cstrain.audit import checkpoints, queries
from cstrain.audit.commands import audit
from cstrain.audit.models import AuditEntry
from cstrain.audit.service import record
from cstrain.cli_context import shell_of
from cstrain.extensions import db, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.unit_of_work import unit_of_work


def write(count, start=0):
    for number in range(start, start + count):
        with unit_of_work():
            record(PersonId(number % 5), "test.act", f"person:{number}", number=number)
            record(None, "test.more", "thing:1")


@pytest.fixture
def entries(context):
    write(10)


@pytest.mark.usefixtures("entries")
def test_entries_are_numbered_without_gaps_and_the_chain_is_whole():
    found = queries.verify()
    assert (found.entries, found.faults) == (20, ())
    assert [entry.seq for entry in queries.latest(None, None, None, 3)] == [20, 19, 18]


@pytest.mark.usefixtures("entries")
def test_a_unit_that_is_undone_leaves_no_entry():

    def broken():
        with unit_of_work():
            record(PersonId(1), "test.act", "person:1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with unit_of_work():
        pass
    assert queries.head().seq == 20


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET subject = 'person:9' WHERE seq = 3",
        "DELETE FROM audit_entry WHERE seq = 3",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_changes(statement):
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), unit_of_work():
        session().execute(sa.text(statement))
    assert queries.verify().faults == ()


@pytest.mark.usefixtures("entries")
def test_filters_narrow_the_log():
    assert {entry.action for entry in queries.latest(None, "test.m", None, 50)} == {"test.more"}
    assert [entry.seq for entry in queries.latest("person:3", None, None, 50)] == [7]
    assert all(entry.actor_id == 2 for entry in queries.latest(None, None, None, 50, actor_id=2))
    assert [entry.seq for entry in queries.latest(None, None, 3, 50)] == [2, 1]
    assert queries.actions() == ["test.act", "test.more"]


def tamper(statement):
    """Do what an operator of the database can do: put the triggers away, change, put them back."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            away = ["ALTER TABLE audit_entry DISABLE TRIGGER USER"]
            back = ["ALTER TABLE audit_entry ENABLE TRIGGER USER"]
        else:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            found = connection.exec_driver_sql(query).all()
            away, back = [f"DROP TRIGGER {name}" for name, _sql in found], [sql for _name, sql in found]
        for step in (*away, statement, *back):
            connection.exec_driver_sql(step)
        connection.commit()


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET detail = '{}' WHERE seq = 5",
        "UPDATE audit_entry SET at = '2026-01-01 00:00:00' WHERE seq = 5",
        "DELETE FROM audit_entry WHERE seq = 5",
        "UPDATE audit_entry SET seq = 99 WHERE seq = 5",
        "INSERT INTO audit_entry SELECT 21, at, actor_id, action, subject, detail, prev_hash, 'x' "
        "FROM audit_entry WHERE seq = 5",
    ],
)
def test_the_command_finds_what_was_changed_in_the_file(app, statement):
    tamper(statement)
    result = CliRunner().invoke(audit, ["verify"], obj=shell_of(app))
    assert result.exit_code == 1
    assert "NOT whole" in result.output
    assert "Traceback" not in result.output


def test_the_command_needs_a_checkpoint_to_see_a_cut_tail(app, context, tmp_path):
    write(5)
    file = tmp_path / "checkpoint.json"
    made = CliRunner().invoke(audit, ["checkpoint", str(file)], obj=shell_of(app))
    assert (made.exit_code, "entry 10" in made.output) == (0, True)
    write(1, start=5)
    good = CliRunner().invoke(audit, ["verify", "--checkpoint", str(file)], obj=shell_of(app))
    assert (good.exit_code, "continues the checkpoint at 10" in good.output) == (0, True)
    tamper("DELETE FROM audit_entry WHERE seq > 8")
    assert CliRunner().invoke(audit, ["verify"], obj=shell_of(app)).exit_code == 0
    cut = CliRunner().invoke(audit, ["verify", "--checkpoint", str(file)], obj=shell_of(app))
    assert (cut.exit_code, "tail was cut" in cut.output) == (1, True)


def test_the_checkpoint_is_printed_without_a_file_and_refused_for_a_broken_chain(app, context):
    write(3)
    printed = CliRunner().invoke(audit, ["checkpoint"], obj=shell_of(app))
    assert checkpoints.load(printed.output).seq == 6
    tamper("UPDATE audit_entry SET action = 'x' WHERE seq = 2")
    assert CliRunner().invoke(audit, ["checkpoint"], obj=shell_of(app)).exit_code == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind": "x", "seq": 1, "entry_hash": "0"}', "null", "1"])
def test_other_files_are_no_checkpoints(text):
    with pytest.raises(DomainError):
        checkpoints.load(text)


@pytest.mark.parametrize("command", [["--help"], ["verify", "--help"], ["checkpoint", "--help"]])
def test_help_has_an_example(command):
    result = CliRunner().invoke(audit, command)
    assert result.exit_code == 0
    assert "cstrain audit" in result.output


def test_details_hold_no_personal_words(app, context):
    """Acts of people are recorded with ids and codes; a planted name and number never reach the log."""
    from tests.factories.people import make_contract, make_department, make_person

    place = make_department("售前")
    person = make_person("独孤求败", phone="13912345678", email="dugu@example.com", department=place)
    make_contract(person)
    texts = [row.detail + row.subject for row in session().scalars(sa.select(AuditEntry))]
    assert texts
    assert not [text for text in texts if "独孤" in text or "139123" in text or "dugu" in text]


def test_random_order_of_units_keeps_one_chain(app, context):
    chance = random.Random(3)
    for _ in range(30):
        with unit_of_work():
            for _ in range(chance.randrange(0, 4)):
                record(None, "test.act", f"thing:{chance.randrange(9)}")
    assert queries.verify().faults == ()
