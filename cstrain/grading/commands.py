"""``cstrain analyse``: item analysis of a paper held elsewhere, without a database; ``cstrain grading``."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import click

from cstrain.cli_context import with_app_to_read
from cstrain.documents.tables import Limits, read_table
from cstrain.extensions import now
from cstrain.grading.errors import ResponsesError
from cstrain.grading.rekeying.replay import mismatches, stored_results
from cstrain.grading.report import as_json, as_text
from cstrain.grading.responses import read_key, read_responses, sheet_of_letters, sheet_of_marks
from cstrain.grading.statistics.analysis import analyse as analyse_sheet
from cstrain.grading.statistics.sheet import Sheet

_LIMITS = Limits(bytes=50_000_000, rows=50_001, columns=1_001, characters=200)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("responses", type=_FILE)
@click.option("--key", type=_FILE, help="答案：一行字母，或每行一对“题名,答案”，表头可有可无。")
@click.option("--cut", help="过线分（卷面分）：加算过线处的误差、判定的准确度和一致度。")
@click.option("--json", "as_machine", is_flag=True, help="输出 JSON：test 和 questions。")
def analyse(responses: Path, key: Path | None, cut: str | None, as_machine: bool) -> None:
    """分析在别处考的卷：每题的得分率、区分度、选项表，全卷的信度和误差。

    RESPONSES 是 CSV（UTF-8 或 GB18030）或 xlsx。第一行是表头；第一列如果叫 candidate、id、工号或姓名，就是
    考生，其余每列一道题。格子里是得分；用 --key 时是选项字母（多选写在一起，如 AC），全对得1分。

    \b
    没有作答的格子：有 --key 时算0分；没有 --key 时算缺分（不是0分），按两两都有分的人计算。
    每题满分是见到的最高分，除非有一行叫 max 或满分（须有考生列）。
    人数太少的数字不给出（JSON 里是 null）：题目要10人，信度要30人。不需要数据库。

    \b
    示例（example）：
      cstrain analyse marks.csv
      cstrain analyse letters.csv --key key.csv --cut 12
      cstrain analyse letters.csv --key key.csv --cut 12 --json
    """
    sheet = _sheet(responses, key)
    found = analyse_sheet(sheet, None if cut is None else _cut(cut, sheet))
    if as_machine:
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2).encode("utf-8", "replace"))
        return
    for line in as_text(found):
        click.echo(line)


def _sheet(responses: Path, key: Path | None) -> Sheet:
    """Read the files; a name without csv is taken for one, what is a workbook shows itself."""
    found = read_responses(read_table(responses.read_bytes(), "responses.csv", _LIMITS))
    if key is None:
        return sheet_of_marks(found)
    rows = read_table(key.read_bytes(), "key.csv", _LIMITS)
    return sheet_of_letters(found, read_key(rows, found.questions))


def _cut(text: str, sheet: Sheet) -> Fraction:
    """Return the cut in marks; raises ``ResponsesError`` unless it lies within what the paper can earn."""
    try:
        cut = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ResponsesError("没有分析：--cut的“%(cut)s”不是分数。", cut=text[:40]) from None
    if cut <= 0 or (sheet.most is not None and cut > sheet.most):
        raise ResponsesError(
            "没有分析：--cut的%(cut)s要大于0、不超过满分%(most)s。",
            cut=text[:40],
            most="—" if sheet.most is None else f"{float(sheet.most):g}",
        )
    return cut


@click.group()
def grading() -> None:
    """成绩的命令。

    \b
    示例（example）：
      cstrain grading rescore --check
    """


@grading.command()
@click.option("--check", is_flag=True, required=True, help="只核对，不改任何成绩。")
@click.option("--json", "as_machine", is_flag=True, help="输出 JSON。")
@with_app_to_read
def rescore(check: bool, as_machine: bool) -> None:
    """把存下的每一次阅卷结果重新算一遍，逐字节比较；有一个不同就以1结束。

    第一次结果由答案日志、当时的答案和人给的分算出，以后的结果由前一次和那次改分或答案更正算出。
    命令不写数据库：要改成绩，只有两个人改分和两个人更正答案这两条路。

    \b
    示例（example）：
      cstrain grading rescore --check
      cstrain grading rescore --check --json
    """
    wrong = list(mismatches(now()))
    if as_machine:
        rows = [asdict(each) for each in wrong]
        click.echo(json.dumps({"results": stored_results(), "different": rows}, indent=2))
    else:
        for each in wrong:
            click.echo(
                f"答卷{each.attempt_id}第{each.number}次阅卷：存的是{each.stored}，算出来是{each.found}"
            )
        click.echo(f"核对了{stored_results()}个结果，{len(wrong)}个不同。")
    raise SystemExit(1 if wrong else 0)
