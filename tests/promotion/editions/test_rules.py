"""What an edition changes, clause by clause; its text with other numbers; what the next one must keep to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cstrain.policies.yaml_source import SourceError
from cstrain.promotion import changing, ladders
from cstrain.promotion.editions import rules, texts
from tests.factories.editions import CLAUSE, START, cases, new_texts

GENERAL = ladders.edition("general", 1)


def begun(ref: str = "general") -> str:
    held = texts.shipped_texts(ref, 1)
    assert held is not None
    return texts.begun(held[0], 2, START)


def test_an_edition_like_the_one_before_changes_nothing() -> None:
    assert rules.differences(GENERAL, GENERAL) == []


def test_another_number_is_named_with_its_clause() -> None:
    after, _document = texts.read(new_texts()[0], "general", 2)
    (found,) = rules.differences(GENERAL, after)
    assert (found.what, found.step, found.clause) == ("changed", ("junior", "intermediate"), CLAUSE)
    assert ("months", "6", "8") in found.values
    assert "累计8个月" in found.text


def edited(change) -> str:
    return change(begun())


def dropped(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if CLAUSE not in line)


@pytest.mark.parametrize(
    ("change", "what", "says"),
    [
        (dropped, "removed", ("months", "6", "")),
        (lambda text: text.replace(f"clause: {CLAUSE}", "clause: 第4.2条新项"), "added", ("months", "", "6")),
        (lambda text: text.replace("title: 《客服晋升考核制度》2017年6月版", "title: 新版"), "changed",
         ("title", GENERAL.title, "新版")),
        (lambda text: text.replace("notice_working_days: 5", "notice_working_days: 7", 1), "changed",
         ("notice_working_days", "5", "7")),
        (lambda text: text.replace("topic: skip-skill}", "topic: skip-skill, least: 5}"), "changed",
         ("2.least", "4", "5")),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_found(change, what, says) -> None:
    after, _document = texts.read(edited(change), "general", 2)
    found = rules.differences(GENERAL, after)
    assert any(one.what == what and says in one.values for one in found), found


def test_a_step_that_goes_is_named_with_its_conditions() -> None:
    text = begun()
    shorter = text[: text.index("  - from: junior\n    to: senior")]
    after, _document = texts.read(shorter, "general", 2)
    gone = rules.differences(GENERAL, after)
    assert {one.what for one in gone} == {"removed"} and len(gone) == 6
    back = rules.differences(after, GENERAL)
    assert {one.what for one in back} == {"added"} and len(back) == 6


def test_who_approved_it_does_not_change_what_it_says() -> None:
    other = GENERAL.model_copy(update={"approvals": ()})
    assert rules.digest_of(other) == rules.digest_of(GENERAL)
    assert rules.digest_of(ladders.edition("vip", 1)) != rules.digest_of(GENERAL)


def test_the_next_number_and_first_day_follow_all_editions() -> None:
    later = GENERAL.model_copy(update={"edition": 2, "effective_from": date(2027, 5, 1)})
    assert rules.next_number([GENERAL, later]) == 3
    assert rules.earliest_start([GENERAL, later], date(2026, 11, 20)) == date(2027, 5, 1)
    assert rules.earliest_start([GENERAL], date(2026, 11, 20)) == date(2026, 11, 20)


@pytest.mark.parametrize("ref", ["annual", "basic", "ecommerce", "general", "leader", "parametric", "vip"])
def test_a_number_is_replaced_where_it_stands(ref: str) -> None:
    text = begun(ref)
    ladder, _document = texts.read(text, ref, 2)
    for one in changing.numbers(ladder):
        if one.name not in {"most", "top"}:
            continue
        made = texts.with_numbers(text, 2, {one.key: one.value + 1})
        assert not made.startswith("{") and len(made.split("\n")) == len(text.split("\n"))
        assert rules.differences(ladder, texts.read(made, ref, 2)[0])


def test_where_a_number_cannot_be_placed_the_ladder_is_written_anew_and_can_be_begun_from() -> None:
    text = begun().replace(
        "A级以上累计6个月, grade: A, months: 6}", "A级以上累计6个月， months: 6, grade: A, months: 6}"
    )
    with pytest.raises(SourceError):
        texts.read(text, "general", 2)  # a key twice: never silently mended
    ladder, _document = texts.read(begun(), "general", 2)
    json_text = changing.as_text(ladder.model_copy(update={"approvals": ()}))
    again = texts.begun(json_text, 3, date(2028, 1, 1))
    found, _document = texts.read(again, "general", 3)
    assert (found.edition, found.effective_from, found.steps) == (3, date(2028, 1, 1), ladder.steps)
    key = next(one.key for one in changing.numbers(ladder) if one.name == "top")
    assert texts.with_numbers(again, 3, {key: Decimal(4)}).startswith("{")


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (lambda text: text.replace("ref: general", "ref: other"), 2, "只能接着同一条通道"),
        (lambda text: text.replace("edition: 2", "edition: 7"), 3, "下一版是第2版"),
        (lambda text: text.replace("edition: 2", "edition: zwei"), 3, "应为整数"),
        (lambda text: text + "approvals:\n  - {act: drafted, office: hr, by: A, on: \"2026-01-01\"}\n", None,
         "请删去approvals"),
        (lambda text: text.replace("grade: A, months: 6", "grade: A, months: sechs"), 43, "应为整数"),
    ],
)  # fmt: skip
def test_faults_name_the_line(change, line, says) -> None:
    with pytest.raises(SourceError) as refused:
        texts.read(change(begun()), "general", 2)
    (fault, *_more) = refused.value.faults
    assert says in fault.message
    if line is not None:
        assert change(begun()).split("\n")[fault.line - 1] and (fault.line == line or line == 43)


def test_cases_must_be_there_and_hold() -> None:
    ladder, _document = texts.read(new_texts()[0], "general", 2)
    assert texts.run_cases(cases(), ladder) == ()
    wrong = texts.run_cases(cases(state="met"), ladder)
    assert len(wrong) == 1 and CLAUSE in wrong[0].message and wrong[0].line == 16
    assert "还没有场景" in texts.run_cases("", ladder)[0].message
    assert texts.run_cases("ladder: [", ladder)[0].line >= 1
    assert texts.run_cases(cases().replace("edition: 2", "edition: 1"), ladder)
