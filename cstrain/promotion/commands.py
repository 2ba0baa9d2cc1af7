"""``cstrain promotion``: explain one person, evaluate the staff, simulate a changed ladder. Reads only."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from cstrain.cli_context import with_app_to_read
from cstrain.extensions import local_date, now
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.finding import State
from cstrain.people import queries as people
from cstrain.people.facts import StandingFacts
from cstrain.promotion import changing, ladders, presenting, queries, telling
from cstrain.promotion.editions.commands import verify_decisions
from cstrain.promotion.facts import Explanation, Group, NoStep, Simulation
from cstrain.promotion.queries import Scope
from cstrain.promotion.rating.commands import rate
from cstrain.ui.forms import typed_day

_STATES = {State.MET: "满足", State.NOT_MET: "未满足", State.UNKNOWN: "待确认"}
_GROUPS = {
    Group.ELIGIBLE: "条件都满足",
    Group.OPEN: "有待确认的条件",
    Group.NEAR: "差1项",
    Group.FAR: "差2项以上",
    Group.NONE: "没有下一级",
}
_NO_STEP = {
    NoStep.TOP: "已经是这条通道的最高一级。",
    NoStep.UNPLACED: "没有从现在的状态出发的一步：要先转正或初定级别。",
    NoStep.ELSEWHERE: "现在的级别不在这条通道里。",
}


class _Day(click.ParamType):  # type: ignore[type-arg]
    """A day written as 2026-11-20."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        found = value if isinstance(value, date) else typed_day(str(value))
        if found is None:
            self.fail(f"“{value}”不是日期，请写成2026-11-20这样。", param, ctx)
        return found


_ON = click.option("--on", type=_Day(), help="按哪一天判断；默认今天。")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出JSON。")


@click.group()
def promotion() -> None:
    """晋升的命令；都只读取，不写入任何内容。

    \b
    示例（example）：
      cstrain promotion explain HM026 --ladder general
    """


promotion.add_command(verify_decisions)


promotion.add_command(rate)


@promotion.command("explain")
@click.argument("staff_no")
@click.option("--ladder", "ref", required=True, help="晋升通道的编号，例如general。")
@_ON
@_JSON
@with_app_to_read
def explain_(staff_no: str, ref: str, on: date | None, as_json: bool) -> None:
    """说明一个人按一条晋升通道的下一步满足哪些条件、差哪些、依据是什么、最早哪一天可以申请。

    \b
    示例（example）：
      cstrain promotion explain HM026 --ladder general --json
      cstrain promotion explain HM026 --ladder general --on 2027-01-01
    """
    day = on or local_date(now())
    found = queries.explain(_person(staff_no, day), _ladder(ref, day), day)
    if as_json:
        _print(telling.explanation(found))
    else:
        _say_explanation(found)


@promotion.command()
@click.option("--ladder", "ref", help="只看一条晋升通道；不写则每人按所在部门绑定的通道。")
@click.option("--every", is_flag=True, help="每人按所有生效的通道各判断一次。")
@_ON
@_JSON
@with_app_to_read
def evaluate(ref: str | None, every: bool, on: date | None, as_json: bool) -> None:
    """逐人判断全体员工：谁可以申请，谁差哪几项。

    \b
    示例（example）：
      cstrain promotion evaluate --ladder general --json
    """
    day = on or local_date(now())
    if ref is not None:
        _ladder(ref, day)
    found = queries.evaluate(day, Scope(ladder=ref, every=every and ref is None))
    if as_json:
        lines = [telling.judgement(one) for one in found]
        _print(
            {
                "on": day.isoformat(),
                "ladder": ref,
                "people": len({one["person"] for one in lines}),
                "staff": lines,
            }
        )
        return
    counted = telling.counts(found)
    for group, number in counted.items():
        click.echo(f"{_GROUPS[Group(group)]}：{number}人")


@promotion.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_ON
@_JSON
@with_app_to_read
def simulate(file: Path, on: date | None, as_json: bool) -> None:
    """用改过的晋升通道文件（YAML）试算：谁因此可以申请，谁因此不能，底薪相差多少。不写入任何内容。

    \b
    示例（example）：
      cstrain promotion simulate general-new.yaml --json
    """
    day = on or local_date(now())
    changed = changing.read_ladder(file.read_bytes(), file.name)
    found = queries.simulate(changed, day, _present(changed.ref, day))
    if as_json:
        _print(telling.simulation(found))
    else:
        _say_simulation(found)


def _person(staff_no: str, on: date) -> StandingFacts:
    facts = people.find_person_by_staff_no(staff_no, on)
    if facts is None:
        raise click.ClickException(f"没有工号是{staff_no}的人。请核对工号。")
    return people.standings([facts.id], on)[facts.id]


def _present(ref: str, on: date) -> Ladder | None:
    return next((one for one in ladders.ladders(on) if one.ref == ref), None)


def _ladder(ref: str, on: date) -> Ladder:
    found = _present(ref, on)
    if found is None:
        known = "、".join(one.ref for one in ladders.ladders(on))
        there = f"有：{known}" if known else "那天还没有任何通道生效"
        raise click.ClickException(f"{on.isoformat()}没有编号是{ref}的晋升通道。{there}。")
    return found


def _print(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "replace"))


def _say_explanation(found: Explanation) -> None:
    judged = found.judged
    ladder = judged.ladder
    click.echo(f"{judged.person.staff_no} 按{ladder.title}第{ladder.edition}版，{found.on.isoformat()}")
    if judged.step is None:
        click.echo(_NO_STEP[judged.why or NoStep.TOP])
        return
    standing = "可以申请" if presenting.may_apply(judged) else _GROUPS[judged.group]
    click.echo(f"目标：{ladder.titles[judged.step.goal]}。{standing}。")
    for one in judged.findings:
        click.echo(f"[{_STATES[one.state]}] {one.clause} {one.text}：{one.says}")
    if not judged.eligible:
        day = found.earliest.isoformat() if found.earliest is not None else "按现有依据还不能确定"
        click.echo(f"最早可以申请：{day}")


def _say_simulation(found: Simulation) -> None:
    click.echo(f"{found.ladder.title}，{found.on.isoformat()}：涉及{found.people}人。")
    for word, changes in (("因此可以申请", found.gains), ("因此不能申请", found.loses)):
        click.echo(f"{word}：{len(changes)}人")
        for one in changes:
            effect = "底薪差额未知" if one.effect is None else f"底薪每月{one.effect:+.2f}元"
            says = "".join(each.says for each in one.findings)
            click.echo(f"  {one.person.staff_no} {one.person.name} {effect} {says}")
    unknown = f"，另有{found.unknown_effects}人未知" if found.unknown_effects else ""
    click.echo(f"没有变化：{found.unchanged}人。底薪合计每月{found.effect:+.2f}元{unknown}。")
