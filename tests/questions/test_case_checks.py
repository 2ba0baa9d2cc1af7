"""The bank check looks into cases: samples, options and near duplicates of their parts."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from cstrain.questions import question_checks
from cstrain.questions.bank_check import check_banks
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.bank_source import read_banks
from cstrain.questions.policy import ShippedBank
from tests.questions.makers import MORE, fields, unlike, write_bank

TEXTS = [
    "顾客昨天下单一只收纳箱，今天上午打开发现箱盖裂了一道缝，拍了照片发来，要求马上换一只新的，不然就给差评。",
    "一位老客户打来电话，说上个月买的电饭锅煮饭总是夹生，已经按说明书加水，问是不是坏了，能不能上门来修一修。",
]


def case(number: int, text: str, **changes: Any) -> dict[str, Any]:
    return fields("case", id=f"c-{number}", stem="读案例，回答下面的小题。", text=text, **changes)


def faults(folder, questions: list[dict[str, Any]]) -> list[str]:
    report = check_banks([write_bank(folder, [deepcopy(each) for each in questions])], {})
    return [fault.message for fault in report.faults]


def one(folder, question: dict[str, Any]) -> SourceQuestion:
    return read_banks(write_bank(folder, [question])).banks[0].questions[0]


def test_a_bank_of_the_new_types_is_proven(tmp_path) -> None:
    questions = [fields(kind, stem=unlike(at)) for at, kind in enumerate(MORE)]
    report = check_banks([write_bank(tmp_path / "b", questions)], {})
    assert report.faults == ()
    assert report.banks[0].by_type == dict.fromkeys(sorted(MORE), 1)
    assert report.banks[0].guessing.single_choice == 0, "parts of a case count for no guessing strategy"


def test_an_option_for_all_is_found_inside_a_part(tmp_path) -> None:
    question = case(1, TEXTS[0])
    question["parts"][0]["options"][2] = "以上都对"
    assert faults(tmp_path / "b", [question]) == [
        "c-1：第1小题选项“以上都对”属于“以上都对”一类，请换成具体的说法。"
    ]


def test_a_part_whose_key_is_broken_fails_the_self_test(tmp_path) -> None:
    question = one(tmp_path / "b", case(1, TEXTS[0]))
    key = deepcopy(dict(question.key))
    key["parts"][0]["key"]["options"] = ["0"]
    (fault,) = question_checks.samples_earn_their_marks(replace(question, key=key))
    assert "自测不通过" in fault.message


def test_a_part_must_have_as_many_options_as_its_type_in_a_shipped_bank(tmp_path) -> None:
    standard = ShippedBank(
        questions=1, true_false_share=1, situation_word="顾客", types=(), options={"single_choice": (4, 4)}
    )
    situation = one(tmp_path / "a", case(1, TEXTS[0], situation=True))
    told = [fault.message for fault in question_checks.fits_shipped_bank(situation, standard)]
    assert told == ["c-1：第1小题有3个选项，应为4到4个。"], "the text names the customer"
    without = one(tmp_path / "b", case(1, TEXTS[1], situation=True))
    assert any("标为情景题" in each.message for each in question_checks.fits_shipped_bank(without, standard))


def test_cases_are_near_duplicates_by_text_and_parts_not_by_a_common_stem(tmp_path) -> None:
    parts = [
        {"type": "true_false", "stem": "电饭锅夹生一定是质量问题。", "answer": False, "of": 1},
        {"type": "number", "stem": "保修期是几个月？", "answer": 12, "unit": "个月", "of": 1},
    ]
    assert faults(tmp_path / "a", [case(1, TEXTS[0]), case(2, TEXTS[1], parts=parts)]) == []
    (twice,) = faults(tmp_path / "b", [case(1, TEXTS[0]), case(2, TEXTS[0] + "请回复。")])
    assert "与 c-1" in twice and "相似度" in twice
