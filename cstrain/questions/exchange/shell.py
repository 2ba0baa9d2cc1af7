"""``cstrain bank import`` and ``bank export``: files of questions in the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cstrain.cli_context import with_app_to_read
from cstrain.questions.exchange.contract import UnreadableError, formats
from cstrain.questions.exchange.drafts import notes
from cstrain.questions.exchange.importing import Looked, look, read_file
from cstrain.questions.exchange.stored_drafts import stored_drafts
from cstrain.questions.queries import banks


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--bank", "name", default="import", show_default=True, help="题库名。")
@click.option("--format", "wanted", help="文件格式；不写就按文件名和内容判断。")
@click.option("--check", "only_check", is_flag=True, required=True, help="只检查，不写入。不需要数据库。")
@click.option(
    "--json", "as_json", is_flag=True, help="输出 JSON：format、read、imported、duplicates、faults、notes。"
)
def import_file(file: Path, name: str, wanted: str | None, only_check: bool, as_json: bool) -> None:
    """检查一个试题文件：能读出几道题，哪些有错、错在哪里，哪些重复，哪些内容放不下。

    FILE 可以是 xlsx、csv、文本、docx、GIFT、Aiken、Moodle XML、QTI 包或我们的 YAML。
    文件读不了时以 1 结束，并说明原因。

    \b
    示例（example）：
      cstrain bank import questions.xlsx --check
      cstrain bank import old.gift.txt --check --json
    """
    try:
        found = look(read_file(file), file.name, name, wanted)
    except UnreadableError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    print_json(found.as_json(imported=0), wanted=as_json)
    for fault in found.checked.faults:
        click.echo(f"{fault.place}：{fault.message}", err=True)
    if not as_json:
        _print_look(found)
    raise SystemExit(0 if found.read else 1)


@click.command("export")
@click.argument("name")
@click.option("--format", "wanted", required=True, help="文件格式，例如xlsx、gift、moodle_xml、qti21、yaml。")
@click.option("-o", "--output", "path", required=True, type=click.Path(path_type=Path), help="写到哪个文件。")
@with_app_to_read
def export_bank(name: str, wanted: str, path: Path) -> None:
    """把数据库里一个题库现行的题连同答案写成一个文件；格式放不下的逐题写明。

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
    found = stored_drafts(name)
    written = known.get(wanted).write(held[name], found.drafts)
    try:
        with path.open("xb") as stream:
            stream.write(written.data)
    except OSError as error:
        click.echo(f"没有写：{path}（{error.strerror}）。请换一个文件名，或检查文件夹。", err=True)
        raise SystemExit(1) from None
    left = (*found.left_out, *written.lost)
    for fault in left:
        click.echo(f"{fault.place}：{fault.message}", err=True)
    click.echo(f"写好{path}：{known.get(wanted).label}，{len(found.drafts)}题；{len(left)}处放不下。")


def _print_look(found: Looked) -> None:
    for place, note in notes(found.checked.drafts):
        click.echo(f"{place}：{note}")
    for one in found.checked.duplicates:
        click.echo(f"{one.place}：与{one.of}重复。")
    again, faults = len(found.checked.duplicates), len(found.checked.faults)
    click.echo(f"{found.format.label}：读出{found.read}题，其中重复{again}题；{faults}处没有读出。")


def print_json(report: dict[str, Any], *, wanted: bool) -> None:
    """Print JSON as UTF-8, whatever the terminal's own encoding."""
    if wanted:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
