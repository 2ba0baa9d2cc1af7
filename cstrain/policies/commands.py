"""``cstrain policy``: checks of the shipped rule-books in the shell. Needs no database and no key."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from pathlib import Path

import click

import cstrain
from cstrain.policies.access_chapter import load_chapter
from cstrain.policies.chapters import Chapter, chapters
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import Fault, SourceError, read


@dataclass(frozen=True, slots=True)
class Report:
    """What was read (chapter name -> number of files) and what is wrong, in the order of file and line."""

    chapters: dict[str, int]
    faults: tuple[Fault, ...]


def collect_chapters() -> None:
    """Import the ``chapters`` room of every package and sub-package, so that each registers its files."""
    for room in sorted(Path(cstrain.__path__[0]).rglob("chapters.py")):
        parts = room.relative_to(cstrain.__path__[0]).with_suffix("").parts
        if parts != ("policies", "chapters"):
            importlib.import_module(".".join(("cstrain", *parts)))


def check_all() -> Report:
    """Read every shipped policy file the way the product does; collect all faults."""
    collect_chapters()
    counted: dict[str, int] = {}
    faults: list[Fault] = []
    claimed = {SHIPPED / "access.yaml"}
    for name, chapter in [("access", _access()), *((name, chapters.get(name)) for name in chapters.names())]:
        claimed |= set(SHIPPED.glob(chapter.pattern))
        try:
            counted[name] = chapter.read_all()
        except SourceError as error:
            faults.extend(error.faults)
    for path in sorted(set(SHIPPED.rglob("*.yaml")) - claimed):
        faults.extend(_syntax(path.relative_to(SHIPPED).as_posix()))
    return Report(counted, tuple(sorted(set(faults))))


def _access() -> Chapter:
    return Chapter("access.yaml", lambda: len([load_chapter()]))


def _syntax(file: str) -> tuple[Fault, ...]:
    """Check a file that no package has claimed: at least its YAML must be right."""
    try:
        read(SHIPPED / file, file=file)
    except SourceError as error:
        return error.faults
    return ()


@click.group()
def policy() -> None:
    """制度文件的命令。

    \b
    示例（example）：
      cstrain policy check
    """


@policy.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON：chapters 和 faults。")
def check(as_json: bool) -> None:
    """检查随产品发布的制度文件：格式、编号、课程和试卷是否存在、各处是否对得上。

    不需要数据库。有问题时以 1 结束，问题写明文件和行号。

    \b
    示例（example）：
      cstrain policy check
      cstrain policy check --json
    """
    report = check_all()
    for fault in report.faults:
        click.echo(str(fault), err=True)
    if as_json:
        click.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    else:
        for name, number in report.chapters.items():
            click.echo(f"{name}：{number}份")
        click.echo(f"发现{len(report.faults)}个问题。" if report.faults else "没有发现问题。")
    raise SystemExit(1 if report.faults else 0)


def _as_json(report: Report) -> dict[str, object]:
    faults = [{"file": each.file, "line": each.line, "message": each.message} for each in report.faults]
    return {"chapters": [{"name": name, "files": n} for name, n in report.chapters.items()], "faults": faults}
