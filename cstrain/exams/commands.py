"""``cstrain paper``: proposals of parallel forms in the shell; ``cstrain exam``: verifying a receipt.

Importing this also lets ``cstrain bank check`` know what the papers draw: it registers their cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from cstrain.cli_context import with_app_to_read
from cstrain.exams.assembly import PoolTooSmallError, draw
from cstrain.exams.paper_cells import cells_of_papers
from cstrain.exams.parallel_forms import ParallelForms, propose
from cstrain.exams.policy import PaperSpec
from cstrain.exams.receipt_check import NoReceiptError, check_receipt
from cstrain.exams.store import paper_in_force, spec_of
from cstrain.extensions import local_date, now
from cstrain.questions.facts import PoolQuestion
from cstrain.questions.queries import pool, version_lines
from cstrain.questions.slots import statistics

__all__ = ["cells_of_papers", "exam", "paper"]


@click.group()
def paper() -> None:
    """试卷的命令。

    \b
    示例（example）：
      cstrain paper assemble product --forms 3
    """


@paper.command()
@click.argument("ref")
@click.option("--forms", default=2, show_default=True, type=click.IntRange(1, 20), help="要几份平行卷。")
@click.option(
    "--tolerance",
    default=0.02,
    show_default=True,
    type=click.FloatRange(0.001, 1),
    help="任意两份最多相差多少。",
)
@click.option(
    "--uses", default=1, show_default=True, type=click.IntRange(1, 20), help="一道题最多用在几份里。"
)
@click.option("--seed", default=1, show_default=True, help="同样好的卷里选哪一组；同一个数总是同一组。")
@click.option("--seconds", default=30, show_default=True, type=click.IntRange(1, 600), help="最多算多少秒。")
@click.option("--json", "as_machine", is_flag=True, help="输出 JSON。")
@with_app_to_read
def assemble(
    ref: str, forms: int, tolerance: float, uses: int, seed: int, seconds: int, as_machine: bool
) -> None:
    """为一份试卷提出几份平行卷：每格题数不变，平均难度、预计得分率和预计信度相差不超过允许值。

    用整数规划（HiGHS）在题库里选题，只提出，不保存，也不改考试怎样抽题；抽题做不到的难度平衡，可以先在这里
    看题库够不够。作答够10人的题用实际的得分率和区分度，其余用作者标的难度（1–3）。要先装：
    pip install 'cstrain[assembly]'。做不到允许值时给出找到的最好一组，并以1结束。

    \b
    示例（example）：
      cstrain paper assemble product --forms 3
      cstrain paper assemble product --forms 4 --uses 2 --json
    """
    spec = spec_of(paper_in_force(ref, local_date(now())))
    available = pool(*spec.banks)
    filling = statistics.filling
    known = filling.of_versions([each.version_id for each in available]) if filling else {}
    found = propose(
        spec, available, known, forms=forms, tolerance=tolerance, uses=uses, seed=seed, seconds=seconds
    )
    names = {
        version: f"{line.bank}/{line.ref}"
        for version, line in version_lines(
            [each.version_id for form in found.forms for each in form.questions]
        ).items()
    }
    if as_machine:
        report = _as_json(spec, found, names) | {"simple_draw": _drawable(spec, available)}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    else:
        for line in _as_text(spec, found, names, simple=_drawable(spec, available)):
            click.echo(line)
    raise SystemExit(0 if found.met else 1)


def _drawable(spec: PaperSpec, available: list[PoolQuestion]) -> bool:
    """Tell whether drawing alone gives forms of this paper."""
    try:
        draw(spec, available, 1)
    except PoolTooSmallError:
        return False
    return True


def _as_json(spec: PaperSpec, found: ParallelForms, names: dict[int, str]) -> dict[str, Any]:
    return {
        "paper": spec.ref,
        "edition": spec.edition,
        "tolerance": found.tolerance,
        "met": found.met,
        "optimal": found.optimal,
        "apart": found.apart,
        "forms": [
            {
                "difficulty": form.difficulty,
                "facility": form.facility,
                "alpha": form.alpha,
                "known": form.known,
                "questions": [names[each.version_id] for each in form.questions],
            }
            for form in found.forms
        ],
    }


def _as_text(spec: PaperSpec, found: ParallelForms, names: dict[int, str], *, simple: bool) -> Iterator[str]:
    yield f"《{spec.title}》第{spec.edition}版：{len(found.forms)}份平行卷，每份{spec.count}题"
    yield "考试时的抽题" + ("抽得出这份卷。" if simple else "抽不出这份卷：题不够，或难度平衡不了。")
    for number, form in enumerate(found.forms, start=1):
        parts = [f"平均难度{form.difficulty:.3f}"]
        parts += [f"预计得分率{form.facility:.3f}"] if form.facility is not None else []
        parts += [f"预计信度{form.alpha:.3f}"] if form.alpha is not None else []
        yield ""
        yield f"第{number}份：{'，'.join(parts)}（{form.known}题有作答数据）"
        yield "  " + " ".join(names[each.version_id] for each in form.questions)
    words = {"difficulty": "平均难度", "facility": "预计得分率", "alpha": "预计信度"}
    yield ""
    yield "最多相差：" + "，".join(f"{words[name]}{apart:.4f}" for name, apart in found.apart.items())
    yield (
        f"都在允许的{found.tolerance:g}以内。"
        if found.met
        else f"超过允许的{found.tolerance:g}。请少要几份，或者补题。"
    )


@click.group()
def exam() -> None:
    """考试的命令。

    \b
    示例（example）：
      cstrain exam verify-receipt receipt-12.json
    """


@exam.command("verify-receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_receipt(file: Path) -> None:
    """核对考生下载的回执文件或答卷证据文件：回执编号是不是由里面的答案算出来的。

    不需要数据库，也不用联网。证据文件里有答案日志，还会核对最后的答案是不是日志的结果。一致时以0结束，
    不一致时以1结束。

    \b
    示例（example）：
      cstrain exam verify-receipt receipt-12.json
      cstrain exam verify-receipt evidence-12.json
    """
    try:
        found = check_receipt(file.read_text(encoding="utf-8"))
    except (NoReceiptError, UnicodeDecodeError):
        raise click.ClickException("这不是回执文件：里面要有答案、答卷编号、交卷时间和回执编号。") from None
    click.echo(f"文件里的回执编号：{found.stated}")
    click.echo(f"由答案算出的编号：{found.found}")
    if found.log_agrees is not None:
        click.echo("答案日志：" + ("最后的答案一致" if found.log_agrees else "最后的答案不一致"))
    click.echo("一致。" if found.good else "不一致。")
    raise SystemExit(0 if found.good else 1)
