"""Sealed facts come back as they were, and are judged again as on their day."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.judgement import facts, unsealing
from cstrain.judgement.assess import assess
from cstrain.judgement.catalogue import AnyCriterion
from cstrain.judgement.facts import Dossier
from cstrain.judgement.scenario import ScenarioFile, dossier_of
from cstrain.judgement.sealing import canonical, seal
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import read, validate
from cstrain.promotion import ladders

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
st.register_type_strategy(Decimal, st.decimals(-1000, 1000, places=2))
st.register_type_strategy(date, DAYS)
st.register_type_strategy(facts.Comparison, st.builds(facts.Comparison, kept=st.just({})))
DOSSIERS = st.builds(Dossier)


@given(DOSSIERS)
def test_facts_come_back_as_they_were_sealed(dossier: Dossier) -> None:
    text, _digest = seal(dossier)
    again = unsealing.dossier_of(json.loads(text))
    assert canonical(again) == text
    for each in fields(Dossier):
        if each.name != "comparison":
            assert getattr(again, each.name) == getattr(dossier, each.name)


@pytest.mark.parametrize("path", sorted((SHIPPED / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_case_is_judged_again_alike(path) -> None:
    cases = validate(ScenarioFile, read(path))
    ladder = ladders.edition(cases.ladder, cases.edition)
    for scenario in cases.scenarios:
        step = ladder.step_to(scenario.start, scenario.goal)
        assert step is not None
        dossier = dossier_of(scenario, step)
        found = assess(step.criteria, dossier).findings
        kept = json.loads(
            canonical(
                {
                    "facts": dossier,
                    "findings": list(found),
                    "criteria": [one.model_dump(mode="json", by_alias=True) for one in step.criteria],
                }
            )
        )
        criteria = unsealing.criteria_of(kept["criteria"])
        assert criteria == step.criteria
        assert unsealing.differences(kept["findings"], unsealing.judge_again(kept["facts"], criteria)) == ()


def test_what_comes_out_otherwise_is_named() -> None:
    criteria: tuple[AnyCriterion, ...] = unsealing.criteria_of(
        [{"kind": "no_violation", "text": "没有违纪", "clause": "1"}]
    )
    clean = assess(criteria, Dossier(violations=())).findings
    kept = json.loads(canonical(list(clean)))
    again = unsealing.judge_again({"violations": [{"ref": "1", "label": "迟到", "on": None}]}, criteria)
    (found,) = unsealing.differences(kept, again)
    assert found.clause == "1" and found.was[0] == "met" and found.now[0] == "not_met"
    assert unsealing.differences(kept, ())[0].now is None
    assert unsealing.differences((), clean)[0].was is None


@pytest.mark.parametrize("wrong", [{"papers": "x"}, {"nothing": 1}, {"person": "1"}, {"on": "gestern"}])
def test_what_is_no_dossier_is_refused(wrong) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        unsealing.dossier_of(wrong)
