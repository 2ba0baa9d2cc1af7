"""Imports for tests: sheets of questions, uploaded and worked off as the server does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cstrain.documents.tables import write_xlsx
from cstrain.kernel.ids import PersonId

HEAD = ("题型", "题干", "选项A", "选项B", "选项C", "答案", "知识点", "标签")
ODD = ("类别名", "问法", "甲", "乙", "丙", "标答", "归属", "备忘")
"""Headings that no system uses."""


def good(count: int, topic: str = "售后/退货", start: int = 0) -> list[tuple[str, ...]]:
    """Return rows of single choice questions, each another one."""
    return [
        (
            "单选题",
            f"第{n}号商品几天内可以退？",
            f"{n}天",
            f"{n + 1}天",
            "不能退",
            "ABC"[n % 3],
            topic,
            "新人",
        )
        for n in range(start + 1, start + count + 1)
    ]


def bad(count: int) -> list[tuple[str, ...]]:
    """Return rows with an answer that is no option."""
    return [
        ("单选题", f"哪一项是第{n}步？", "复述", "道歉", "查单", "D", "", "") for n in range(1, count + 1)
    ]


def sheet(rows: list[tuple[str, ...]], head: tuple[str, ...] = HEAD) -> bytes:
    """Return a workbook of these rows."""
    return write_xlsx([head, *rows], sheet="试题")


def uploaded(
    data: bytes, by: PersonId | None, clock: Callable[[], datetime], bank: str = "own", **more: str
) -> int:
    """Upload a file and let the background look at it; return the import's id."""
    from cstrain.questions.intake import service
    from cstrain.questions.intake.facts import Upload
    from cstrain.unit_of_work import unit_of_work

    new = Upload(bank, more.get("title", ""), more.get("name", "a.xlsx"), data, more.get("wanted", ""))
    with unit_of_work():
        batch = service.upload(new, by, "", clock()).id
    service.work_through(clock)
    return batch


def confirmed(
    batch: int, by: PersonId | None, clock: Callable[[], datetime], placing: str = "file", topic: str = ""
) -> None:
    """Confirm an import and let the background write it."""
    from cstrain.questions.intake import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.confirm(batch, service.Choice(placing, topic), by, "", clock())
    service.work_through(clock)
