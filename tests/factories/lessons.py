"""Lesson pages for tests: written as files, brought in by the product's own loader."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import START

BODY = """先看一眼昨天的问题。

## 查订单

用订单号查最准。

> **顾客**：我的单到哪了？
> **客服**：我查一下，请稍等。
> （查到运单后）
> **客服**：已经到松江，预计明天送到。

## 常见错误

- 没核对就回答。

### 一个例外

> 公司规定：这一句只是引用。

## 要点

- 先核对，后回答。
"""


def write_page(folder: Path, ref: str, *, body: str = BODY, **head: object) -> Path:
    """Write one page; ``day=5`` makes it daily, ``handbook='rules'`` a handbook page."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = "handbook" if "handbook" in head else "daily"
    lines = {"id": ref, "title": f"课文{ref}", "kind": kind, "version": 1, **head}
    front = "\n".join(f"{key}: {value}" for key, value in lines.items())
    path = folder / f"{ref}.md"
    path.write_text(f"---\n{front}\n---\n{body}", encoding="utf-8")
    return path


def load_pages(folder: Path, *, days: tuple[int, ...] = (1, 2), handbook: str | None = "rules") -> Path:
    """Write some daily pages and a handbook of two pages, and bring them in (commits)."""
    from cstrain.lessons.service import load_shipped
    from cstrain.unit_of_work import unit_of_work

    for day in days:
        write_page(folder, f"day-{day:02d}", day=day)
    for name in ("orders", "returns") if handbook else ():
        write_page(folder, f"{handbook}-{name}", handbook=handbook)
    with unit_of_work():
        load_shipped(START, folder)
    return folder
