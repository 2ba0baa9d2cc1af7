"""``cstrain bank``: checks of question banks in the shell. Needs no database, no key and no set-up."""

from __future__ import annotations

from pathlib import Path

import click

from cstrain.policies.yaml_source import SourceError
from cstrain.questions.bank_check import BankSummary, Report
from cstrain.questions.intake.shell import export_bank, import_file, print_json
from cstrain.questions.shipped_check import check_path


@click.group()
def bank() -> None:
    """题库的命令。

    \b
    示例（example）：
      cstrain bank check
    """


bank.add_command(import_file)
bank.add_command(export_bank)


@bank.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON：banks 和 faults 两个列表。")
def check(path: Path | None, as_json: bool) -> None:
    """检查题库：格式、重复、答案、自测、出处、答案位置和猜题策略。

    PATH 是一个题库文件夹、装着若干题库的文件夹，或一个试题 YAML 文件；不写就检查随产品发布的题库。
    不需要数据库。有问题时以 1 结束，问题写明文件和行号。

    \b
    示例（example）：
      cstrain bank check
      cstrain bank check question_banks/product
      cstrain bank check my_bank/returns.yaml --json
    """
    try:
        report = check_path(path)
    except SourceError as error:
        faults = [{"file": each.file, "line": each.line, "message": each.message} for each in error.faults]
        print_json({"banks": [], "faults": faults}, wanted=as_json)
        for fault in error.faults:
            click.echo(str(fault), err=True)
        raise SystemExit(1) from None
    print_json(report.as_json(), wanted=as_json)
    if not as_json:
        _print_text(report)
    raise SystemExit(1 if report.faults else 0)


def _print_text(report: Report) -> None:
    for summary in report.banks:
        click.echo(_line(summary))
    for fault in report.faults:
        click.echo(str(fault), err=True)
    click.echo(f"发现{len(report.faults)}个问题。" if report.faults else "没有发现问题。")


def _line(summary: BankSummary) -> str:
    types = "，".join(f"{name} {count}" for name, count in summary.by_type.items())
    return f"{summary.name}：{summary.questions}题" + (f"（{types}）" if types else "")
