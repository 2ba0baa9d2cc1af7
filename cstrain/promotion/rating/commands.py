"""``cstrain promotion rate``: what a quarter's rating would give; writes nothing."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import click

from cstrain.cli_context import with_app_to_read
from cstrain.extensions import local_date, now
from cstrain.judgement.ladder import Ladder
from cstrain.promotion import telling
from cstrain.promotion.rating import queries, rules
from cstrain.promotion.rating.facts import Outcome, Quarter
from cstrain.promotion.rating.queries import Judgement

_WORDS = {
    Outcome.UP: "升一级",
    Outcome.STAY: "级别不变",
    Outcome.DOWN: "降一级",
    Outcome.UNKNOWN: "待确认",
    Outcome.OUTSIDE: "不参加",
}


@click.command("rate")
@click.argument("quarter")
@click.option("--ladder", "ref", required=True, help="按季度评级的通道：basic或vip。")
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
@with_app_to_read
def rate(quarter: str, ref: str, as_json: bool) -> None:
    """预览一个季度的评级：谁升、谁不变、谁降，依据是什么。不写入任何内容。

    \b
    示例（example）：
      cstrain promotion rate 2026Q3 --ladder basic --json
    """
    wanted = rules.read_quarter(quarter)
    if wanted is None:
        raise click.ClickException(f"“{quarter}”不是季度，请写成2026Q3这样。")
    ladder = queries.rated_ladder(ref, wanted)
    waiting = queries.open_departments(ref, wanted)
    found = [one for each in queries.judge(ladder, wanted, local_date(now())) for one in each.people]
    if as_json:
        data = _data(ladder, wanted, waiting, found)
        click.echo(json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "replace"))
        return
    click.echo(f"{ladder.title}第{ladder.edition}版，{wanted.code}：{len(found)}人。只是预览。")
    if waiting:
        click.echo(f"还没有关账：{'、'.join(waiting)}")
    for one in found:
        reasons = "".join(each.says for each in rules.reasons(one.rated))
        click.echo(f"  {one.person.staff_no} {one.person.name} {_WORDS[one.rated.outcome]} {reasons}")


def _data(
    ladder: Ladder, quarter: Quarter, waiting: tuple[str, ...], found: list[Judgement]
) -> dict[str, Any]:
    counted = Counter(str(one.rated.outcome) for one in found)
    return {
        "quarter": quarter.code,
        "ladder": ladder.ref,
        "edition": ladder.edition,
        "not_closed": list(waiting),
        "people": len(found),
        "outcomes": {str(each): counted[str(each)] for each in Outcome},
        "lines": [_line(one) for one in found],
    }


def _line(one: Judgement) -> dict[str, Any]:
    rated = one.rated
    return {
        "person": one.person.staff_no,
        "from_level": rated.level,
        "to_level": rated.goal,
        "outcome": str(rated.outcome),
        "why": str(rated.why) or None,
        "below_standard": rated.below,
        "keep": [telling.finding(each) for each in rated.keep],
        "rise": [telling.finding(each) for each in rated.rise],
        "entry": [telling.finding(each) for each in rated.entry],
    }
