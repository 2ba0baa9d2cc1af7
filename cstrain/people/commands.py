"""``cstrain people``: the staff import in the shell."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from cstrain.audit.service import record
from cstrain.cli_context import application, shell
from cstrain.config import ConfigError
from cstrain.documents.tables import read_table
from cstrain.extensions import local_date, now
from cstrain.kernel.clock import SystemClock
from cstrain.people import service, staff_file
from cstrain.people.staff_file import CellFault, Checked, Known
from cstrain.unit_of_work import unit_of_work

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def people() -> None:
    """人员的命令。

    \b
    示例（example）：
      cstrain people import staff.xlsx --check
    """


@people.command("import")
@click.argument("file", type=_FILE)
@click.option("--check", "check_only", is_flag=True, help="只检查，一行也不写入；没有数据库也能用。")
@click.option("--add-departments", is_flag=True, help="表里有、系统里没有的部门一并新增。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 输出检查结果。")
def import_(file: Path, check_only: bool, add_departments: bool, as_json: bool) -> None:
    """检查员工表格（xlsx 或 csv）；没有错误才整份写入，有一处错误就一行也不写，并以 1 结束。

    首次密码由一次性链接设置，表里不要放密码。

    \b
    示例（example）：
      cstrain people import staff.xlsx --check
      cstrain people import staff.csv --add-departments
    """
    data = file.read_bytes()
    if check_only:
        checked = _check_only(data, file.name, add_departments=add_departments)
    else:
        checked = _import(data, file.name, add_departments=add_departments)
    _say(checked, as_json=as_json, check_only=check_only)
    if checked.faults:
        raise SystemExit(1)


def _check_only(data: bytes, name: str, *, add_departments: bool) -> Checked:
    """Check against the database where there is one; otherwise the file alone."""
    try:
        with application():
            today = local_date(now())
            return service.check_file(data, name, today, may_add_departments=add_departments)
    except (ConfigError, DBAPIError):
        click.echo("没有可用的数据库：只检查表格本身，不核对已有的工号和部门。", err=True)
        today = SystemClock().now().astimezone(_zone()).date()
        return staff_file.check(read_table(data, name), Known({}, lambda text: text, today))


def _zone() -> tzinfo:
    """Return the company's time zone as far as the environment says it."""
    try:
        return shell().settings().zone
    except ConfigError:
        return UTC


def _import(data: bytes, name: str, *, add_departments: bool) -> Checked:
    with application():
        checked = service.check_file(data, name, local_date(now()), may_add_departments=add_departments)
        if not checked.faults:
            with unit_of_work():
                new = service.enter_rows(None, now(), list(checked.rows))
                digest = hashlib.sha256(data).hexdigest()
                record(None, "people.import", "import:command", added=len(new), digest=digest)
        return checked


def _plain(fault: CellFault) -> dict[str, Any]:
    return {"row": fault.row, "column": fault.column, "message": fault.text}


def _say(checked: Checked, *, as_json: bool, check_only: bool) -> None:
    if as_json:
        report = {
            "added": checked.added,
            "known": checked.known,
            "new_departments": list(checked.new_departments),
            "faults": [_plain(fault) for fault in checked.faults],
            "notices": [_plain(notice) for notice in checked.notices],
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
        return
    for fault in checked.faults:
        click.echo(f"第{fault.row}行 {fault.column}：{fault.text}", err=True)
    for notice in checked.notices:
        click.echo(f"注意 第{notice.row}行 {notice.column}：{notice.text}", err=True)
    if checked.faults:
        click.echo(f"error: {len(checked.faults)}处错误，一行也没写入。请改好后再导入。", err=True)
        return
    done = "可以导入" if check_only else "已导入"
    click.echo(f"{done}{checked.added}人，{checked.known}人已在名录里。")
    if checked.new_departments:
        click.echo(f"新增部门：{'、'.join(checked.new_departments)}")
