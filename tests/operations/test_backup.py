"""A copy of the database: whole, verified, never over something else; and its way back."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from cstrain.operations import lock
from tests.operations.conftest import runner


def department_names(url: str) -> set[str]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        names = set(connection.scalars(sa.text("SELECT name FROM department")))
    engine.dispose()
    return names


def rename_department(url: str, name: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE department SET name = :name"), {"name": name})
    engine.dispose()


def test_a_backup_says_what_it_holds_and_is_for_its_owner_only(set_up, tmp_path):
    said = set_up("backup", str(tmp_path / "copy.bak")).stdout
    assert "audit entries" in said
    assert stat.S_IMODE((tmp_path / "copy.bak").stat().st_mode) == 0o600


def test_a_backup_replaces_nothing_unless_told(set_up, tmp_path):
    target = tmp_path / "copy.bak"
    target.write_text("mine")
    refused = set_up("backup", str(target), code=1)
    assert "exists already" in refused.stderr
    assert target.read_text() == "mine"
    set_up("backup", "--force", str(target))
    assert target.stat().st_size > 10_000


def test_a_refused_backup_leaves_no_file(cstrain, tmp_path):
    cstrain("backup", str(tmp_path / "copy.bak"), code=1)
    assert not (tmp_path / "copy.bak").exists()
    assert not list(tmp_path.glob(".*partial"))


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(set_up, ready_url, tmp_path):
    before = department_names(ready_url)
    set_up("backup", str(tmp_path / "copy.bak"))
    rename_department(ready_url, "后来的名字")
    said = set_up("restore", str(tmp_path / "copy.bak")).stdout
    assert department_names(ready_url) == before
    kept = said.strip().rsplit(" ", 1)[1]
    url = sa.make_url(ready_url).set(database=kept).render_as_string(hide_password=False)
    assert department_names(url) == {"后来的名字"}
    set_up("backup", "--force", str(tmp_path / "again.bak"))


def test_a_damaged_backup_is_refused_and_the_database_stays(set_up, ready_url, tmp_path):
    before = department_names(ready_url)
    copy = tmp_path / "copy.bak"
    set_up("backup", str(copy))
    data = bytearray(copy.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 64] = os.urandom(64)
    copy.write_bytes(data)
    refused = set_up("restore", str(copy), code=1)
    assert "Traceback" not in refused.output
    assert department_names(ready_url) == before


def test_something_else_is_no_backup(set_up, tmp_path):
    (tmp_path / "letter.txt").write_text("您好")
    assert "error:" in set_up("restore", str(tmp_path / "letter.txt"), code=1).stderr
    assert "there is no file" in set_up("restore", str(tmp_path / "nothing"), code=1).stderr


def test_restore_is_refused_while_a_server_runs(set_up, ready_url, tmp_path):
    set_up("backup", str(tmp_path / "copy.bak"))
    engine = sa.create_engine(ready_url)
    with lock.serving(engine, "http://127.0.0.1:8000"):
        refused = set_up("restore", str(tmp_path / "copy.bak"), code=1)
        assert "a server is running" in refused.stderr
        set_up("backup", str(tmp_path / "meanwhile.bak"))
    engine.dispose()
    set_up("restore", str(tmp_path / "copy.bak"))


def test_a_backup_whose_audit_log_was_edited_is_refused(set_up, ready_url, tmp_path):
    if not ready_url.startswith("sqlite"):
        pytest.skip("a dump is binary; the check behind it is the same")
    copy = tmp_path / "copy.bak"
    set_up("backup", str(copy))
    with sqlite3.connect(copy) as connection:
        connection.execute("DROP TRIGGER audit_entry_no_update")
        connection.execute("UPDATE audit_entry SET action = 'people.fire' WHERE seq = 2")
    connection.close()
    refused = set_up("restore", str(copy), code=1)
    assert "entry 2 was changed" in refused.stderr


def test_a_backup_taken_during_a_write_holds_the_state_before_it(set_up, ready_url, tmp_path):
    before = department_names(ready_url)
    engine = sa.create_engine(ready_url)
    with engine.connect() as connection:
        connection.execute(sa.text("UPDATE department SET name = '还没提交'"))
        set_up("backup", str(tmp_path / "copy.bak"))
        connection.rollback()
    engine.dispose()
    rename_department(ready_url, "后来的名字")
    set_up("restore", str(tmp_path / "copy.bak"))
    assert department_names(ready_url) == before


def test_a_backup_needs_no_key(set_up, ready_url, tmp_path):
    runner(ready_url, tmp_path, secret="")("backup", str(tmp_path / "copy.bak"))


def test_a_backup_goes_to_and_comes_from_where_the_command_is_run(set_up, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    set_up("backup", "here/copy.bak")
    assert (tmp_path / "here" / "copy.bak").stat().st_size > 10_000
    set_up("restore", "here/copy.bak")


def test_the_audit_log_is_verified_without_the_key(set_up, ready_url, tmp_path):
    keyless = runner(ready_url, tmp_path, secret="")
    assert "is whole" in keyless("audit", "verify").stdout
    assert json.loads(keyless("audit", "checkpoint").stdout)


def test_a_second_server_on_the_embedded_database_is_refused(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'one.db'}")
    with (
        lock.serving(engine, "http://127.0.0.1:8000"),
        pytest.raises(lock.OperationError, match=r"serves http://127\.0\.0\.1:8000"),
        lock.serving(engine, "http://127.0.0.1:8001"),
    ):
        pass
    with lock.serving(engine, "http://127.0.0.1:8002"):
        assert "8002" in Path(tmp_path / "one.db.lock").read_text()
