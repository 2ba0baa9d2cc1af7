"""``cstrain promotion verify-decisions``: sealed decisions looked at again. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeVar

import click

from cstrain.cli_context import with_app_to_read
from cstrain.judgement.recounting import Deviation, Recounted
from cstrain.judgement.unsealing import Difference
from cstrain.promotion.editions import queries
from cstrain.promotion.editions.facts import Verified
from cstrain.promotion.editions.wording import KIND_WORDS, value_of, what_of

_One = TypeVar("_One", Verified, Recounted)


@click.command("verify-decisions")
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
@with_app_to_read
def verify_decisions(as_json: bool) -> None:
    """逐份核验封存的晋升决定、竞聘统分、季度评级（含按更正数据重新提出的）和雏鹰计划的筛选、面试、结束。

    内容有没有被改动；按封存的条件和事实再判断、再计算一次，结果是否一样；评分表和封存的是否一致。
    有对不上的以1结束，并写明是哪一份、哪一条。

    \b
    示例（example）：
      cstrain promotion verify-decisions --json
    """
    decisions, wrong = _sorted_out(queries.verify_all())
    calculations, off = _sorted_out(queries.recount_all())
    total, bad = decisions + calculations, len(wrong) + len(off)
    if as_json:
        found = {
            "decisions": decisions,
            "calculations": calculations,
            "same": total - bad,
            "wrong": [_told(one) for one in wrong],
            "calculations_wrong": [_counted(one) for one in off],
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    else:
        for one in wrong:
            _say(one)
        for each in off:
            _say_counted(each)
        click.echo(f"核验{total}份，{bad}份对不上。" if bad else f"核验{total}份，都对得上。")
    raise SystemExit(1 if bad else 0)


def _sorted_out(every: Iterable[_One]) -> tuple[int, list[_One]]:
    """Return how many there are, and those that do not come out the same."""
    total, wrong = 0, []
    for one in every:
        total += 1
        if not one.same:
            wrong.append(one)
    return total, wrong


def _say(one: Verified) -> None:
    head = f"封存{one.id}（申请{one.application_id}，{one.stage}，{one.ladder}第{one.edition}版）"
    _say_faults(head, one.whole, one.readable, one.differences)


def _say_counted(one: Recounted) -> None:
    head = f"{KIND_WORDS[one.kind]}{one.id}（属于第{one.of}号）"
    _say_faults(head, one.whole, one.readable, one.found.differences)
    for each in one.found.deviations:
        whose = f"（{each.of}）" if each.of else ""
        was, now = _word(each, each.was), _word(each, each.now)
        click.echo(f"{head}：{what_of(each)}{whose}封存时“{was}”，现在“{now}”")


def _say_faults(head: str, whole: bool, readable: bool, differ: Iterable[Difference]) -> None:
    if not whole:
        click.echo(f"{head}：内容已被改动。")
    if not readable:
        click.echo(f"{head}：读不出来，不能重新判断。")
    for each in differ:
        was = each.was[1] if each.was is not None else "没有这一条"
        now = each.now[1] if each.now is not None else "没有这一条"
        click.echo(f"{head}：{each.clause}封存时“{was}”，现在“{now}”")


def _word(one: Deviation, value: str | None) -> str:
    return "没有" if value is None else value_of(one, value)


def _counted(one: Recounted) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "record": one.id,
        "of": one.of,
        "sha256": one.sha256,
        "whole": one.whole,
        "readable": one.readable,
        "values": [
            {"what": each.what, "of": each.of, "was": each.was, "now": each.now}
            for each in one.found.deviations
        ],
        "differences": _differences(one.found.differences),
    }


def _differences(found: Iterable[Difference]) -> list[dict[str, Any]]:
    return [{"clause": one.clause, "was": _pair(one.was), "now": _pair(one.now)} for one in found]


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
        "differences": _differences(one.differences),
    }


def _pair(found: tuple[str, str] | None) -> dict[str, str] | None:
    return None if found is None else {"state": found[0], "says": found[1]}
