"""Criteria through the real YAML door: met, not met, unknown, with numbers in the sentence."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel

from cstrain.judgement.assess import assess
from cstrain.judgement.catalogue import AnyCriterion
from cstrain.judgement.facts import Dossier, Endorsement, PaperMark, SignedDays, Violation
from cstrain.kernel.finding import State
from cstrain.policies.yaml_source import SourceError, parse, validate


class Chapter(BaseModel):
    criteria: tuple[AnyCriterion, ...]


def criteria(text):
    return validate(Chapter, parse(text, "test.yaml")).criteria


def one(text, dossier):
    return criteria(f"criteria:\n  - {text}")[0].check(dossier)


def paper(ref, raw, *, resit=False):
    return PaperMark(ref, "7", ref.upper(), Decimal(raw), Decimal(80), date(2026, 11, 20), resit)


PAPERS = "{kind: papers_passed, text: 三卷, clause: 第三条, papers: [product, oa]}"


@pytest.mark.parametrize(
    ("papers", "state", "words"),
    [
        (None, State.UNKNOWN, "暂时不能判断"),
        ((), State.UNKNOWN, "2卷还没有发布成绩"),
        ((paper("product", 85),), State.UNKNOWN, "1卷还没有发布成绩"),
        ((paper("product", 85), paper("oa", 80)), State.MET, "OA80.0分"),
        ((paper("product", 85), paper("oa", "79.96")), State.NOT_MET, "79.9分"),
        ((paper("oa", 60),), State.NOT_MET, "未及格"),
        ((paper("product", 85), paper("oa", 60), paper("oa", 90, resit=True)), State.MET, "OA补考90.0分"),
        ((paper("product", 85), paper("oa", 60), paper("oa", 70, resit=True)), State.NOT_MET, "OA补考70.0分"),
        ((paper("product", 85), paper("oa", 81), paper("oa", 20, resit=True)), State.MET, "OA81.0分"),
    ],
)
def test_papers_count_at_their_first_passing_attempt(papers, state, words):
    finding = one(PAPERS, Dossier(papers=papers))
    assert finding.state is state
    assert words in finding.says
    assert finding.clause == "第三条"


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (None, State.UNKNOWN, "没有签核记录"),
        (SignedDays(20, 2, 23), State.NOT_MET, "还差1天"),
        (SignedDays(21, 0, 23), State.MET, "已签核21天"),
        (SignedDays(0, 0, 23), State.NOT_MET, "已签核0天"),
    ],
)
def test_signed_days_are_counted_and_unknown_is_not_zero(days, state, words):
    finding = one("{kind: days_signed, text: 签核, least: 21}", Dossier(days=days))
    assert (finding.state, words in finding.says) == (state, True)
    assert finding.needs == "要求≥21天"


@pytest.mark.parametrize(
    ("violations", "state"),
    [(None, State.UNKNOWN), ((), State.MET), ((Violation("1", "11月3日迟到40分钟"),), State.NOT_MET)],
)
def test_an_unstated_violation_is_unknown_not_none(violations, state):
    assert one("{kind: no_violation, text: 无违纪}", Dossier(violations=violations)).state is state


def rated(rating, topic="conduct"):
    return Endorsement(topic, "1", "主管", rating)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (None, State.UNKNOWN),
        ((), State.UNKNOWN),
        ((rated(4),), State.UNKNOWN),
        ((rated(3),), State.NOT_MET),
        ((rated(4), rated(5)), State.MET),
        ((rated(4), rated(3)), State.NOT_MET),
        ((rated(5, "other"), rated(5, "other")), State.UNKNOWN),
    ],
)
def test_endorsements_need_their_number_and_their_rating(given, state):
    text = "{kind: endorsement, text: 认可, topic: conduct, least: 4, count: 2}"
    assert one(text, Dossier(endorsements=given)).state is state


ALTERNATIVES = """
criteria:
  - kind: {kind}
    text: 任一
    of:
      - {{kind: days_signed, text: 签核, least: 21}}
      - {{kind: no_violation, text: 无违纪}}
"""
MET, NOT, UNKNOWN = State.MET, State.NOT_MET, State.UNKNOWN
DAYS = {MET: SignedDays(21, 0, 23), NOT: SignedDays(1, 0, 23), UNKNOWN: None}
HELD = {MET: (), NOT: (Violation("1", "x"),), UNKNOWN: None}


@pytest.mark.parametrize("first", list(State))
@pytest.mark.parametrize("second", list(State))
def test_any_of_and_all_of_treat_unknown_as_unknown(first, second):
    dossier = Dossier(days=DAYS[first], violations=HELD[second])
    states = {first, second}
    any_of = criteria(ALTERNATIVES.format(kind="any_of"))[0].check(dossier)
    all_of = criteria(ALTERNATIVES.format(kind="all_of"))[0].check(dossier)
    assert any_of.state is (MET if MET in states else UNKNOWN if UNKNOWN in states else NOT)
    assert all_of.state is (NOT if NOT in states else UNKNOWN if UNKNOWN in states else MET)


def test_an_assessment_answers_every_criterion_and_lists_the_open_ones_first():
    chapter = criteria(
        "criteria:\n  - {kind: days_signed, text: a, least: 1}\n  - {kind: no_violation, text: b}\n"
        "  - {kind: papers_passed, text: c, papers: [oa]}"
    )
    found = assess(chapter, Dossier(days=SignedDays(3, 0, 23), papers=(paper("oa", 10),)))
    assert [finding.text for finding in found.findings] == ["a", "b", "c"]
    assert [finding.text for finding in found.by_urgency] == ["c", "b", "a"]
    assert found.state is State.NOT_MET
    assert (found.count(State.MET), found.count(State.UNKNOWN)) == (1, 1)


def test_nothing_to_judge_is_unknown():
    assert assess((), Dossier()).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{kind: nope, text: a}", "不认识“nope”"),
        ("{kind: days_signed, text: a, least: 0}", "“least”不能小于1"),
        ("{kind: days_signed, text: a, most: 3, least: 1}", "不认识“most”"),
        ("{kind: any_of, text: a, of: [{kind: no_violation, text: b}]}", "至少要有2项"),
    ],
)
def test_a_wrong_criterion_is_named_with_its_line(line, words):
    with pytest.raises(SourceError) as error:
        criteria(f"criteria:\n  - {line}")
    assert words in str(error.value)
    assert error.value.faults[0].line == 2
