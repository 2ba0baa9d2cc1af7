"""Scenario cases: the shipped ones hold; one that does not is named with file, line and clause."""

from collections import Counter

import pytest

from cstrain.policies.commands import check_all
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import SourceError, parse, read
from cstrain.promotion import ladders, scenarios

FILES = sorted((SHIPPED / "scenarios").glob("*.yaml"))
VIP = (SHIPPED / "scenarios" / "vip.yaml").read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_shipped_scenarios_hold(path):
    assert scenarios.run(read(path), ladders.read_all()) == ()


def test_every_ladder_has_its_scenarios():
    counted = Counter({path.stem: len(read(path).at(("scenarios",))) for path in FILES})
    assert set(counted) == {one.ref for one in ladders.read_all()}
    assert all(counted[ref] >= 6 for ref in ("general", "basic", "vip", "ecommerce"))
    assert min(counted.values()) >= 3


def test_the_policy_check_reads_ladders_and_runs_scenarios():
    report = check_all()
    assert (report.chapters["ladders"], report.chapters["scenarios"]) == (9, 9)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (
            "六（二）2（转正）: not_met",
            "六（二）2（转正）: met",
            28,
            "条款“六（二）2（转正）”应为满足，算出来是未满足（还在试用期",
        ),
        ("六（二）2（转正）: not_met", "六（九）: not_met", 28, "这一步没有条款“六（九）”"),
        ("    state: met\n", "    state: unknown\n", 14, "总的结论应为待确认，算出来是满足"),
        ("    to: junior", "    to: senior", 5, "没有这一步"),
    ],
)
def test_a_scenario_that_fails_is_named_with_line_and_clause(old, new, line, words):
    faults = scenarios.run(parse(VIP.replace(old, new, 1), "scenarios/vip.yaml"), ladders.read_all())
    assert any(fault.line == line and words in fault.message for fault in faults), faults


def test_scenarios_of_an_edition_that_does_not_exist_are_refused():
    with pytest.raises(SourceError, match="第7版"):
        scenarios.run(parse(VIP.replace("edition: 1", "edition: 7"), "x.yaml"), ladders.read_all())


def test_a_scenario_with_a_wrong_key_is_refused_with_its_line():
    with pytest.raises(SourceError, match="不认识“hired”"):
        scenarios.run(parse(VIP.replace("hired_on", "hired", 1), "x.yaml"), ladders.read_all())
    with pytest.raises(SourceError, match="last"):
        scenarios.run(parse(VIP.replace('"2026-10"', '"2026-13"', 1), "x.yaml"), ladders.read_all())
