"""``cstrain promotion verify-decisions``: sealed decisions looked at again. Reads only."""

from __future__ import annotations

import json
from typing import Any

import click

from cstrain.cli_context import with_app_to_read
from cstrain.promotion.editions import queries
from cstrain.promotion.editions.facts import Verified


@click.command("verify-decisions")
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
@with_app_to_read
def verify_decisions(as_json: bool) -> None:
    """逐份核验封存的晋升决定：内容有没有被改动；按封存的条件和事实再判断一次，结论是否一样。

    有对不上的以1结束，并写明是哪一份、哪一条。

    \b
    示例（example）：
      cstrain promotion verify-decisions --json
    """
    total, wrong = 0, []
    for one in queries.verify_all():
        total += 1
        if not one.same:
            wrong.append(one)
    if as_json:
        found = {"decisions": total, "same": total - len(wrong), "wrong": [_told(one) for one in wrong]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    else:
        for one in wrong:
            _say(one)
        click.echo(f"核验{total}份，{len(wrong)}份对不上。" if wrong else f"核验{total}份，都对得上。")
    raise SystemExit(1 if wrong else 0)


def _say(one: Verified) -> None:
    head = f"封存{one.id}（申请{one.application_id}，{one.stage}，{one.ladder}第{one.edition}版）"
    if not one.whole:
        click.echo(f"{head}：内容已被改动。")
    if not one.readable:
        click.echo(f"{head}：读不出来，不能重新判断。")
    for each in one.differences:
        was = each.was[1] if each.was is not None else "没有这一条"
        now = each.now[1] if each.now is not None else "没有这一条"
        click.echo(f"{head}：{each.clause}封存时“{was}”，现在“{now}”")


def _told(one: Verified) -> dict[str, Any]:
    return {
        "record": one.id,
        "application": one.application_id,
        "stage": one.stage,
        "ladder": one.ladder,
        "edition": one.edition,
        "on": one.on,
        "sha256": one.sha256,
        "whole": one.whole,
        "readable": one.readable,
        "differences": [
            {"clause": each.clause, "was": _pair(each.was), "now": _pair(each.now)}
            for each in one.differences
        ],
    }


def _pair(found: tuple[str, str] | None) -> dict[str, str] | None:
    return None if found is None else {"state": found[0], "says": found[1]}
