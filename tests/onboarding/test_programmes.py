from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cstrain.bundled import bundled
from cstrain.exams.assembly import depth, draw
from cstrain.exams.policy import PaperSpec
from cstrain.exams.service.papers import shipped_papers
from cstrain.onboarding.policy import OnboardingRules, Programme
from cstrain.onboarding.programme_source import (
    Known,
    read_programme,
    shipped_known,
    shipped_programmes,
)
from cstrain.policies import commands
from cstrain.policies.commands import check_all, policy
from cstrain.policies.loader import load
from cstrain.policies.yaml_source import SourceError
from cstrain.questions.bank_source import read_banks
from cstrain.questions.facts import PoolQuestion

PAPERS = {"quiz-day-1": "quiz", "exam-day-3": "exam", "conversion-oa": "conversion"}
KNOWN = Known(frozenset({"day-01"}), PAPERS)
HEAD = """ref: tiny
edition: 1
effective_from: 2026-01-01
source: 测试
title: 两天计划
post: 测试岗
window_days: 14
"""
DAYS = """days:
  - day: 1
    title: 第一天
    lessons: [day-01]
    activities:
      - {id: a-one, kind: talk, title: 介绍}
    quiz: quiz-day-1
    sheets: [typing]
  - day: 2
    title: 第二天
    exams: [exam-day-3]
"""
GATES = """gates:
  - id: day-1
    day: 1
    title: 关口
    consequences: true
    clause: 条款
    checks: [{sheet: typing}]
    proposals: {passed: continue, weak: improve, far_below: eliminate}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tiny.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(SourceError) as error:
        read_programme(written(tmp_path, text), KNOWN)
    return [(fault.line, fault.message) for fault in error.value.faults]


def shipped(ref: str, edition: int = 1) -> Programme:
    return next(each for each in shipped_programmes() if (each.ref, each.edition) == (ref, edition))


def test_a_small_programme_is_read(tmp_path):
    programme = read_programme(written(tmp_path, HEAD + DAYS + GATES), KNOWN)
    assert programme.length == 2
    assert programme.gates_of(1)[0].id == "day-1"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  - day: 2", "  - day: 3", 16, "天数要从1连续排"),
        ("lessons: [day-01]", "lessons: [day-99]", 11, "没有课程“day-99”"),
        ("quiz: quiz-day-1", "quiz: quiz-day-9", 14, "没有试卷“quiz-day-9”"),
        ("quiz: quiz-day-1", "quiz: exam-day-3", 14, "类型是exam"),
        ("exams: [exam-day-3]", "exams: [quiz-day-1]", 18, "类型是quiz"),
        ("sheets: [typing]", "sheets: [typing, typing]", 15, "两张“typing”"),
        ("title: 第二天", "title: 第二天\n    signed_by: guide", 16, "要写明地点"),
        ("checks: [{sheet: typing}]", "checks: [{sheet: oral}]", 25, "没有“oral”成绩单"),
        ("checks: [{sheet: typing}]", "checks: [{paper: exam-day-3}]", 25, "不考“exam-day-3”"),
        ("checks: [{sheet: typing}]", "checks: [{}]", 25, "中的一样"),
        ("checks: [{sheet: typing}]", "checks: [{sheet: typing, section: 打字}]", 25, "同时写试卷"),
        (
            "checks: [{sheet: typing}]",
            "checks: [{sheet: typing, paper: exam-day-3, section: 打字}]",
            25,
            "没有“打字”这一部分",
        ),
        ("    day: 1\n    title: 关口", "    day: 9\n    title: 关口", 21, "没有第9天"),
        ("    title: 关口", "    title: 关口\n    decided_in: conversion", 19, "没有写转正考试"),
        ("window_days: 14", "window_days: 14\nextra: 1", 8, "不认识“extra”"),
        ("title: 第一天", "titel: 第一天", 10, "不认识“titel”"),
    ],
)
def test_a_fault_names_its_line_and_what_is_known(tmp_path, old, new, line, words):
    text = HEAD + DAYS + GATES
    assert old in text
    found = faults_of(tmp_path, text.replace(old, new))
    assert any(at == line and words in message for at, message in found), found


def test_an_activity_id_is_used_once(tmp_path):
    again = DAYS + "    activities:\n      - {id: a-one, kind: talk, title: 再来}\n"
    assert any("第13行已经用过" in message for _line, message in faults_of(tmp_path, HEAD + again + GATES))


def test_gates_have_one_id_each(tmp_path):
    twice = GATES + GATES.removeprefix("gates:\n")
    assert any("关口编号“day-1”" in message for _line, message in faults_of(tmp_path, HEAD + DAYS + twice))


def test_conversion_papers_lie_on_their_day(tmp_path):
    papers = "papers: [{ref: conversion-oa, short: OA}]"
    text = HEAD + DAYS + GATES + f"conversion: {{day: 2, resit_after_days: 2, {papers}}}\n"
    assert any("第2天没有安排“conversion-oa”" in message for _line, message in faults_of(tmp_path, text))


def test_every_fault_of_every_file_is_told(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(HEAD + DAYS.replace("day-01", "day-77"), encoding="utf-8")
    with pytest.raises(SourceError) as error:
        shipped_programmes(tmp_path)
    assert {fault.file for fault in error.value.faults} == {"programmes/a.yaml", "programmes/b.yaml"}


def test_the_shipped_programme_is_that_of_the_domain():
    programme = shipped("new-agent")
    days = programme.days
    assert programme.length == 23 and programme.window_days == 30
    taught = (1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17, 19, 20)
    assert tuple(day.day for day in days if day.lessons) == taught
    assert tuple(day.day for day in days if day.quiz) == taught
    assert all(day.quiz in {None, f"quiz-day-{day.day}"} for day in days)
    assert {day.day: day.exams for day in days if day.exams} == {
        **{number: (f"exam-day-{number}",) for number in (3, 5, 6, 8, 18)},
        22: ("conversion-product", "conversion-rules", "conversion-oa"),
    }
    assert tuple(day.day for day in days if day.signed_by == "guide") == (4, 15, 20)
    observed = tuple(day.day for day in days if "observation" in day.sheets)
    assert observed == (4, 7, 9, 12, 14, 15, 16, 21)
    assert [day.day for day in days if "mystery_customer" in day.sheets] == [10]
    assert set(days[0].sheets) == {"typing", "telephone"}
    assert set(days[2].sheets) == {"typing", "telephone", "quick_phrase"}
    assert "quick_phrase" in days[5].sheets and "oral" in days[7].sheets
    assert {gate.day: gate.consequences for gate in programme.gates} == {
        1: True,
        3: True,
        8: False,
        18: False,
        22: True,
        None: True,
    }
    assert programme.conversion.resit_after_days == 2


def test_the_second_programme_is_another_kind_of_post():
    programme = shipped("warehouse-support")
    assert programme.length == 7
    assert programme.conversion is None
    assert {gate.id for gate in programme.gates} == {"day-1", "day-7"}
    assert sum(day.signed_by == "guide" for day in programme.days) == 3


def test_the_numbers_are_those_of_the_domain():
    rules = load(OnboardingRules, "onboarding.yaml")
    assert (rules.mentor_cap, str(rules.sample_share)) == (3, "0.1")
    typing, telephone = rules.threshold("typing"), rules.threshold("telephone")
    assert (typing.weak_below, typing.far_below, typing.needs["accuracy"]) == (40, 25, 95)
    assert (telephone.weak_below, telephone.far_below) == (60, 40)


def test_every_gate_of_a_sheet_has_a_threshold():
    rules = load(OnboardingRules, "onboarding.yaml")
    for programme in shipped_programmes():
        for gate in programme.gates:
            for check in gate.checks:
                assert check.sheet is None or rules.threshold(check.sheet) is not None


def daily_pool() -> list[PoolQuestion]:
    source = read_banks(bundled("question_banks") / "daily").banks[0]
    return [
        PoolQuestion(number, number, question.topic, question.type, question.difficulty, question.bank)
        for number, question in enumerate(source.questions, start=1)
    ]


DAILY = [paper for paper in shipped_papers() if paper.bank == "daily"]


@pytest.mark.parametrize("paper", DAILY, ids=lambda paper: paper.ref)
def test_every_daily_paper_can_be_drawn_three_times_over(paper: PaperSpec):
    pool = daily_pool()
    assert depth(paper, pool).forms_left >= 3
    for seed in range(40):
        form = draw(paper, pool, seed)
        assert sum(slot.marks for slot in form) == 100
        assert len({slot.question.question_id for slot in form}) == paper.count


def test_day_exams_draw_from_the_days_they_cover():
    covered = {paper.ref: {t for cell in paper.cells for t in cell.topics} for paper in DAILY}
    assert covered["exam-day-3"] == {"day-2"}
    assert covered["exam-day-5"] == {f"day-{number}" for number in (1, 2, 3, 4)}
    assert covered["exam-day-6"] == {"day-5"}
    assert covered["exam-day-8"] == {f"day-{number}" for number in range(1, 8)}
    assert covered["exam-day-18"] == {f"day-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17)}
    assert all(not paper.consequences and paper.release == "auto" for paper in DAILY)


def test_the_shipped_policies_are_free_of_faults():
    report = check_all()
    assert report.faults == ()
    assert report.chapters["programmes"] == 3
    assert set(report.chapters) >= {"access", "exams", "onboarding", "papers"}


def test_policy_check_prints_and_ends_with_0():
    result = CliRunner().invoke(policy, ["check"])
    assert result.exit_code == 0 and "没有发现问题" in result.output
    told = json.loads(CliRunner().invoke(policy, ["check", "--json"]).stdout)
    assert told["faults"] == [] and {"name": "programmes", "files": 3} in told["chapters"]


def test_policy_check_tells_faults_on_stderr_and_ends_with_1(monkeypatch):
    from cstrain.policies.yaml_source import Fault

    report = commands.Report({"programmes": 1}, (Fault("programmes/x.yaml", 7, "天数要从1连续排。"),))
    monkeypatch.setattr(commands, "check_all", lambda: report)
    result = CliRunner().invoke(policy, ["check", "--json"])
    assert result.exit_code == 1
    assert "programmes/x.yaml:7: 天数要从1连续排。" in result.stderr
    assert json.loads(result.stdout)["faults"][0]["line"] == 7


def test_what_a_programme_may_name_is_what_travels_with_the_product():
    known = shipped_known()
    assert {"day-01", "day-20"} <= known.lessons
    assert known.papers["conversion-oa"] == "conversion"
