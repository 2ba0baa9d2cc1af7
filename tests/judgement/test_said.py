"""What rules say: a Chinese text to everything that keeps it, an English sentence to who reads English."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from flask import session

from cstrain.judgement.assess import assess
from cstrain.judgement.scenario import ScenarioFile, dossier_of
from cstrain.judgement.sealing import canonical
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import read, validate
from cstrain.promotion import ladders
from cstrain.ui import filters
from cstrain.web.i18n import catalogue, worded
from cstrain.wording.said import Said, SaidRow, Tongue, said_day, said_month, said_row, say

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
FILES = sorted((SHIPPED / "scenarios").glob("*.yaml"))


def english(key: str, values: Mapping[str, object]) -> str:
    """Return the English twin with its values; a key in Chinese without one fails."""
    text = worded(catalogue("en"), key, values) if key else ""
    assert text != key or not CHINESE.search(key), f"no English: {key}"
    return text % values if values else text


ENGLISH = Tongue(english, lambda day: f"{day:%d %b %Y}", lambda month: f"{month:%b %Y}")


def data(value: object) -> Iterator[str]:
    """Yield the texts in a sentence that are not ours: titles, offices, names, labels of records."""
    if isinstance(value, SaidRow):
        for part in value.parts:
            yield from data(part)
    elif isinstance(value, Said):
        for each in value.values.values():
            yield from data(each)
    elif isinstance(value, str) and CHINESE.search(value):
        yield value


def findings() -> Iterator[Finding]:
    every = {(one.ref, one.edition): one for one in ladders.read_all()}
    for path in FILES:
        cases = validate(ScenarioFile, read(path))
        for scenario in cases.scenarios:
            step = every[cases.ladder, cases.edition].step_to(scenario.start, scenario.goal)
            yield from assess(step.criteria, dossier_of(scenario, step)).findings


def test_every_finding_of_the_scenarios_can_be_said_in_english():
    number = 0
    for one in findings():
        for text in (one.says, one.value, one.needs, *(each.label for each in one.records)):
            rest = text.told(ENGLISH) if isinstance(text, Said) else text
            if isinstance(text, Said):
                number += 1
            for part in data(text):
                rest = rest.replace(part, "")
            ours = isinstance(text, Said) or not any(text == each.label for each in one.records)
            assert not (ours and CHINESE.search(rest)), (text, rest)
    assert number > 200


def test_a_sentence_is_its_text_when_it_is_kept_compared_or_sealed():
    text = say("%(day)s%(what)s", day=said_day(date(2026, 11, 5)), what=say("入职"))
    plain = "2026年11月5日入职"
    assert text == plain and hash(text) == hash(plain) and json.dumps(text) == json.dumps(plain)
    ours, theirs = (
        Finding("tenure", State.MET, one, "一", (Evidence("a", "1", one),)) for one in (text, plain)
    )
    assert ours == theirs and canonical(ours) == canonical(theirs)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_still_knows_its_other_language(again):
    months = said_row("、", [said_month(date(2026, 9, 1)), said_month(date(2026, 10, 1))])
    text = again(say("%(months)s的品牌分没有记录，暂时不能排名。", months=months))
    assert text == "2026年9月、2026年10月的品牌分没有记录，暂时不能排名。"
    assert text.told(ENGLISH) == "No brand points on record for Sep 2026, Oct 2026; no rank yet."


@pytest.mark.parametrize(("locale", "wanted"), [("zh", "要求≥3个月"), ("en", "≥ 3 months required")])
def test_a_page_says_a_finding_in_the_readers_language(app, locale, wanted):
    with app.test_request_context():
        session["locale"] = locale
        assert filters.nb(say("要求≥%(n)s个月", n=3)).striptags() == wanted
        assert filters.told("要求≥3个月") == "要求≥3个月"
