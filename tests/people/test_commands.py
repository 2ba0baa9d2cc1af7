"""``cstrain people import`` in the shell."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from cstrain.cli_context import shell_of
from cstrain.documents.tables import write_csv, write_xlsx
from cstrain.people.commands import people
from cstrain.people.queries import find_person_by_staff_no

ROWS = [["工号", "姓名", "部门"], ["K101", "赵一", "直播部"]]


@pytest.fixture
def run(app):
    def invoke(*arguments):
        return CliRunner().invoke(people, ["import", *map(str, arguments)], obj=shell_of(app))

    return invoke


def test_a_check_writes_nothing_and_an_import_writes_all(run, app, tmp_path):
    file = tmp_path / "staff.xlsx"
    file.write_bytes(write_xlsx(ROWS))
    refused = run(file, "--check")
    assert refused.exit_code == 1
    assert "第2行 部门" in refused.stderr
    checked = run(file, "--check", "--add-departments", "--json")
    assert json.loads(checked.stdout)["new_departments"] == ["直播部"]
    done = run(file, "--add-departments")
    assert (done.exit_code, "已导入1人" in done.stdout) == (0, True)
    with app.app_context():
        assert find_person_by_staff_no("K101", date(2026, 11, 20)).department_name == "直播部"
    again = run(file)
    assert "已导入0人，1人已在名录里" in again.stdout


def test_a_file_with_faults_is_refused_with_exit_code_one(run, app, tmp_path):
    file = tmp_path / "staff.csv"
    file.write_bytes(write_csv([*ROWS, ["K101", "钱二", "直播部"]]))
    result = run(file, "--add-departments", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["faults"] == [{"row": 3, "column": "工号", "message": "与第2行重复。"}]
    with app.app_context():
        assert find_person_by_staff_no("K101", date(2026, 11, 20)) is None


def test_a_check_works_without_a_database(tmp_path):
    from cstrain.cli_context import Shell
    from cstrain.config import ConfigError

    def broken():
        raise ConfigError("CSTRAIN_SECRET_KEY is not set")

    file = tmp_path / "staff.csv"
    file.write_bytes("工号,姓名\nK1,赵一\n".encode("gb18030"))
    result = CliRunner().invoke(people, ["import", str(file), "--check"], obj=Shell(broken, lambda _s: None))
    assert (result.exit_code, "可以导入1人" in result.stdout) == (0, True)


def test_help_has_an_example():
    result = CliRunner().invoke(people, ["import", "--help"])
    assert "cstrain people import staff.xlsx --check" in result.output
