"""Who needs something first: groups and reasons for the board. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cstrain.onboarding.policy import BoardLimits

ACT, WATCH, FINE = "act", "watch", "fine"
GROUPS = (ACT, WATCH, FINE)
Reason = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What the board knows of a trainee. ``failed_papers``: titles with shown marks, newest first."""

    paused: bool = False
    has_mentor: bool = True
    unsigned_days: int = 0
    late_days: int = 0
    mean_state: Decimal | None = None
    gate_waiting: str | None = None
    over_window: int = 0
    failed_papers: tuple[tuple[str, Decimal], ...] = ()
    mentor_load: int = 0
    mentor_cap: int = 0
    noted_group: str = FINE


def judge(facts: RiskFacts, limits: BoardLimits) -> tuple[str, tuple[Reason, ...]]:
    """Return the group (act, watch, fine) and the reasons, most urgent first, as message ids with values."""
    urgent = list(_urgent(facts, limits))
    notable = list(_notable(facts, limits))
    group = ACT if urgent else WATCH if notable else FINE
    worst = min(GROUPS.index(group), GROUPS.index(facts.noted_group))
    return GROUPS[worst], tuple(urgent + notable)


def _urgent(facts: RiskFacts, limits: BoardLimits) -> list[Reason]:
    found: list[Reason] = []
    if facts.gate_waiting is not None:
        found.append(("%(gate)s等人决定", {"gate": facts.gate_waiting}))
    if not facts.has_mentor:
        found.append(("没有导师", {}))
    if facts.unsigned_days >= limits.act_unsigned_days:
        found.append(("%(n)s天没有签核", {"n": facts.unsigned_days}))
    return found


def _notable(facts: RiskFacts, limits: BoardLimits) -> list[Reason]:
    found: list[Reason] = []
    if limits.watch_unsigned_days <= facts.unsigned_days < limits.act_unsigned_days:
        found.append(("%(n)s天没有签核", {"n": facts.unsigned_days}))
    for title, shown in facts.failed_papers[:2]:
        found.append(("%(title)s%(mark)s分，未及格", {"title": title, "mark": shown}))
    if facts.mean_state is not None and facts.mean_state < limits.watch_mean_state_below:
        found.append(("工作状态均%(mean)s", {"mean": facts.mean_state}))
    if facts.late_days >= limits.watch_late_days:
        found.append(("补签%(n)s天", {"n": facts.late_days}))
    if facts.over_window:
        found.append(("超出入职期限%(n)s天", {"n": facts.over_window}))
    if facts.mentor_cap and facts.mentor_load > facts.mentor_cap:
        over = facts.mentor_load - facts.mentor_cap
        found.append(("导师带%(n)s人，超上限%(over)s人", {"n": facts.mentor_load, "over": over}))
    if facts.paused:
        found.append(("培训暂停中", {}))
    return found
