"""``cstrain bank import`` and ``bank export``: files of questions in the shell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cstrain.access import may
from cstrain.cli_context import application, with_app_to_read
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId, new_token
from cstrain.people.queries import find_person_by_staff_no
from cstrain.questions.exchange.contract import UnreadableError, formats
from cstrain.questions.exchange.importing import Looked, look, read_file
from cstrain.questions.intake import queries
from cstrain.questions.intake.facts import ImportSheet, Upload
from cstrain.questions.intake.rules import BANK_NAME
from cstrain.questions.intake.service import Choice, Work, cancel, confirm, export, upload, work_on
from cstrain.questions.queries import banks
from cstrain.unit_of_work import unit_of_work

_MOST = 100_000


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line says."""

    file: Path
    bank: str
    format: str | None
    title: str
    by: str


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--bank", "name", default="import", show_default=True, help="题库名；没有这个题库就新建。")
@click.option("--format", "wanted", help="文件格式；不写就按文件名和内容判断。")
@click.option("--check", "only_check", is_flag=True, help="只检查，不写入。不需要数据库。")
@click.option(
    "--json", "as_json", is_flag=True, help="输出 JSON：format、read、imported、duplicates、faults、notes。"
)
@click.option("--by", default="", help="谁导入的（工号）：他自己不能审核这些题。")
@click.option("--new-title", "title", default="", help="新题库的名称；不写就用题库名。")
def import_file(
    file: Path, name: str, wanted: str | None, only_check: bool, as_json: bool, by: str, title: str
) -> None:
    """把一个试题文件导入题库：读出的题等待另一位同事审核；有错的、重复的不写入，逐处写明。

    FILE 可以是 xlsx、csv、文本、docx、GIFT、Aiken、Moodle XML、QTI 包或我们的 YAML。
    加 --check 只检查。文件读不了时以 1 结束，并说明原因，什么也不写入。

    \b
    示例（example）：
      cstrain bank import questions.xlsx --check
      cstrain bank import questions.xlsx --bank after_sales --new-title 售后题库 --by HM009
      cstrain bank import old.gift.txt --check --json
    """
    try:
        report = (
            _checked(file, name, wanted) if only_check else _imported(_Wanted(file, name, wanted, title, by))
        )
    except (UnreadableError, DomainError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    print_json(report, wanted=as_json)
    for fault in report["faults"]:
        click.echo(f"{fault['position']}：{fault['message']}", err=True)
    if not as_json:
        _print_report(report, only_check=only_check)
    raise SystemExit(0 if report["read"] else 1)


def _checked(file: Path, name: str, wanted: str | None) -> dict[str, Any]:
    found = look(read_file(file), file.name, name, wanted)
    return {**found.as_json(imported=0), "again": _again(found)}


def _again(found: Looked) -> list[tuple[str, str]]:
    return [(str(one.place), one.of) for one in found.checked.duplicates]


def _imported(wanted: _Wanted) -> dict[str, Any]:
    raw = read_file(wanted.file)
    if not re.fullmatch(BANK_NAME, wanted.bank):
        raise UnreadableError("没有导入：题库名用2到40个小写字母、数字、_或-，以字母开头。")
    with application():
        by = _person(wanted.by)
        there = {each.name for each in banks()}
        title = "" if wanted.bank in there else wanted.title or wanted.bank
        new = Upload(wanted.bank, title, wanted.file.name, raw, wanted.format or "", asks=False)
        worker = new_token()
        with unit_of_work():
            batch_id = upload(new, by, worker, now()).id
        work_on(Work(batch_id, worker, now), tell=False)
        return _written(batch_id, by)


def _person(staff_no: str) -> PersonId | None:
    if not staff_no:
        return None
    person = find_person_by_staff_no(staff_no, local_date(now()))
    if person is None:
        raise UnreadableError(f"没有导入：没有工号“{staff_no}”。")
    if not may(person.id, "bank.import"):
        raise UnreadableError(f"没有导入：工号“{staff_no}”没有导入题目的权限。")
    return person.id


def _written(batch_id: int, by: PersonId | None) -> dict[str, Any]:
    sheet = queries.import_to_review(batch_id)
    if sheet.line.state == "refused":
        raise UnreadableError(sheet.why)
    if sheet.line.state != "checked" or not sheet.counts["new"]:
        report = _report(sheet) if sheet.line.state == "checked" else None
        with unit_of_work():
            cancel(batch_id, by, now())
        if report is None:
            raise UnreadableError(sheet.why)
        return report
    report = _report(sheet)
    worker = new_token()
    with unit_of_work():
        confirm(batch_id, Choice("file", ""), by, worker, now())
    work_on(Work(batch_id, worker, now), tell=False)
    done = queries.import_to_review(batch_id)
    if done.line.state != "done":
        raise UnreadableError(done.why)
    return {**report, "imported": done.line.imported}


def _report(sheet: ImportSheet) -> dict[str, Any]:
    batch_id, counts = sheet.line.id, sheet.counts
    again = queries.items(batch_id, "duplicate", size=_MOST)
    return {
        "format": sheet.format,
        "read": counts["read"],
        "imported": 0,
        "duplicates": {"in_file": counts["in_file"], "in_bank": counts["in_bank"]},
        "faults": _said(queries.items(batch_id, "fault", size=_MOST)),
        "notes": _said(queries.items(batch_id, "note", size=_MOST)),
        "again": [(each.place, str(each.data["of"])) for each in again],
    }


def _said(items: Iterable[Any]) -> list[dict[str, str]]:
    return [{"position": each.place, "message": each.text} for each in items]


@click.command("export")
@click.argument("name")
@click.option("--format", "wanted", required=True, help="文件格式，例如xlsx、gift、moodle_xml、qti21、yaml。")
@click.option("-o", "--output", "path", required=True, type=click.Path(path_type=Path), help="写到哪个文件。")
@click.option("--active", is_flag=True, help="只要在用的题，不要等待首次审核的题。")
@with_app_to_read
def export_bank(name: str, wanted: str, path: Path, active: bool) -> None:
    """把数据库里一个题库的题连同答案写成一个文件；格式放不下的逐题写明。

    等待首次审核的题也写进去（刚导入的题可以马上导出核对），写明有几题；不要它们就加 --active。
    文件里有答案，请只交给能看答案的人。已经有的文件不会被覆盖。

    \b
    示例（example）：
      cstrain bank export product --format xlsx -o product.xlsx
    """
    known = formats()
    if wanted not in known or not known.get(wanted).writes:
        able = "、".join(each.name for each in known if each.writes)
        raise click.UsageError(f"不能导出成“{wanted}”，可以写的有：{able}。")
    held = {each.name: each.title for each in banks()}
    if name not in held:
        click.echo(f"没有题库“{name}”，数据库里有：{'、'.join(held) or '没有题库'}。", err=True)
        raise SystemExit(1)
    made = export(name, held[name], known.get(wanted), active_only=active)
    try:
        with path.open("xb") as stream:
            stream.write(made.file.data)
    except OSError as error:
        click.echo(f"没有写：{path}（{error.strerror}）。请换一个文件名，或检查文件夹。", err=True)
        raise SystemExit(1) from None
    for fault in made.lost:
        click.echo(f"{fault.place}：{fault.message}", err=True)
    waiting = f"，其中{made.waiting}题等待首次审核" if made.waiting else ""
    label = known.get(wanted).label
    click.echo(f"写好{path}：{label}，{made.questions}题{waiting}；{len(made.lost)}处放不下。")


def _print_report(report: dict[str, Any], *, only_check: bool) -> None:
    for note in report["notes"]:
        click.echo(f"{note['position']}：{note['message']}")
    for place, of in report["again"]:
        click.echo(f"{place}：与{of}重复。")
    label = formats().get(report["format"]).label
    again, faults = len(report["again"]), len(report["faults"])
    click.echo(f"{label}：读出{report['read']}题，其中重复{again}题；{faults}处没有读出。")
    if not only_check:
        click.echo(f"写入{report['imported']}题，等待另一位同事在“待审稿件”里审核后才能用。")


def print_json(report: dict[str, Any], *, wanted: bool) -> None:
    """Print JSON as UTF-8, whatever the terminal's own encoding."""
    if wanted:
        said = {name: value for name, value in report.items() if name != "again"}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
