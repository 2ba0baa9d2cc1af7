"""Plain text: the spellings of Chinese exam texts, what is refused, and that what is written comes back."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings

from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import MOST_QUESTIONS, Draft, Reading, UnreadableError, guessed, part
from cstrain.questions.exchange.text.source import ESCAPES
from cstrain.questions.exchange.text.written import canonical
from cstrain.questions.formats.text import Text
from tests.questions.formats.drafts import drafts
from tests.questions.formats.round_trip import BANKS, drafts_of, trip

EXAM = """客户服务部业务考试
姓名：________

一、单选题（每题2分，共20分）
1. 来电几声内要接听？
A. 三声
B. 五声
C. 七声
D. 不限
答案：A
解析：三声内接听。
电话多时请同事帮忙。
2、顾客情绪激动时，首先（ B ）。
A、讲道理  B、倾听  C、转接
难度：易
3．退货要看什么？  A.心情  B.规则  C.天气  答案：B  解析：看规则 难度：中
（4）保价期是几天？
(A) 七天	(B) 十五天
(C) 三十天	(D) 没有
【答案】A
【考点】售后/保价
第5题 谁可以改价？
Ａ．客服
Ｂ．主管
[答案]Ｂ
出处：员工手册

二、多项选择题
6. 下列哪些要记入工单？（2分）
A．问题
B．承诺
C．闲聊
正确答案: A、B
7. 回访时要做到
A. 报姓名
B. 说目的
与来意
C. 推销
D. 致谢
参考答案：ABD

三、判断题
8. 微笑能被听见。（√）
9. 可以替顾客决定。
答案：错
10. 备注要写清楚。
Answer: T

四、填空题
11. 先查____再办。
答案：订单
12. 客服三心：______、______、______。
答案：耐心；细心/仔细；热心
13. 热线是（　　）。
【答案】10086

五、简答题
14. 怎样处理投诉？
答：
1. 倾听并道歉；
2. 给出办法；
3. 回访。
解析：按顺序作答。
15. 什么是首问负责？
参考答案：第一个接待的人负责到底。

六、排序题
16. 接待的顺序是？
A. 记录
B. 问候
C. 核实
答案：BCA

七、连线题
17. 把问题和部门连起来。
退款 = 财务部
发货 = 仓储部
差评＝质检部
干扰项：人事部

八、数字题
18. 首重运费是多少？
答案：12.5±0.5 元

九、论述题
19. 论述服务与销售。
参考答案：服务是基础。

销售是结果。
评分标准：
[view] 观点清楚（6分）：有自己的看法
等级：没有|模糊|清楚
例子（4分）
字数：100-800
编号：essay-01
标签：服务、销售
情景题：是

十、不定项选择题
20. 可以承诺的是（ A、C ）
A. 规则内的补偿 B. 领导的电话 C. 回复时间
"""


def read(text: str) -> Reading:
    return Text.read(text.encode(), "a.txt")


def fields(text: str) -> list[dict[str, Any]]:
    reading = read(text)
    assert reading.faults == ()
    return [dict(draft.fields) for draft in reading.drafts]


def why(text: str) -> str:
    return "".join(f"{fault.place}{fault.message}" for fault in read(text).faults)


def test_an_exam_in_mixed_spellings_reads_as_a_person_reads_it() -> None:
    reading = read(EXAM)
    by_line = {draft.place.number: draft for draft in reading.drafts}
    kinds = [draft.fields["type"] for draft in reading.drafts]
    assert len(kinds) == 20
    assert reading.faults == ()
    first = by_line[5].fields
    assert first["explanation"] == "三声内接听。\n电话多时请同事帮忙。"
    answers = [draft.fields["answer"] for draft in reading.drafts[:7]]
    assert answers == [["A"], ["B"], ["B"], ["A"], ["B"], ["A", "B"], ["A", "B", "D"]]
    assert reading.drafts[1].fields["stem"] == "顾客情绪激动时，首先（　）。"
    assert reading.drafts[2].fields["options"] == ["心情", "规则", "天气"]
    assert reading.drafts[2].fields["difficulty"] == 2
    assert reading.drafts[3].topic == "售后/保价"
    assert reading.drafts[4].fields["source"] == "员工手册"
    assert reading.drafts[5].notes == ("没有保留：分值2分",)
    assert reading.drafts[6].fields["options"][1] == "说目的\n与来意"
    assert [draft.fields["answer"] for draft in reading.drafts[7:10]] == [True, False, True]
    assert reading.drafts[10].fields["blanks"] == [["订单"]]
    assert reading.drafts[11].fields["blanks"] == [["耐心"], ["细心", "仔细"], ["热心"]]
    assert reading.drafts[12].fields["stem"] == "热线是____。"
    assert reading.drafts[13].fields["model"] == "1. 倾听并道歉；\n2. 给出办法；\n3. 回访。"
    assert reading.drafts[15].fields["steps"] == ["问候", "核实", "记录"]
    assert reading.drafts[16].fields["pairs"][2] == ["差评", "质检部"]
    assert reading.drafts[17].fields | {"stem": ""} == {
        "type": "number", "stem": "", "answer": 12.5, "tolerance": 0.5, "unit": "元",
    }  # fmt: skip
    essay = reading.drafts[18]
    assert essay.fields["model"] == "服务是基础。\n\n销售是结果。"
    assert essay.fields["rubric"] == [
        {
            "id": "view",
            "title": "观点清楚",
            "of": 6,
            "hint": "有自己的看法",
            "levels": ["没有", "模糊", "清楚"],
        },
        {"id": "c2", "title": "例子", "of": 4},
    ]
    assert (essay.fields["least"], essay.fields["most"], essay.fields["id"]) == (100, 800, "essay-01")
    assert (essay.tags, essay.fields["situation"]) == (("服务", "销售"), True)
    assert reading.drafts[19].fields["type"] == "multiple_choice"


KEYED = "1. 甲（　）\nA. 一\nB. 二\nC. 三\n2. 乙\nA. 一  B. 二  C. 三\n3. 丙。（　）\n"


@pytest.mark.parametrize(
    "key",
    [
        "参考答案：1.B 2.AC 3.√",
        "参考答案\n1. B\n2. AC\n3. √",
        "答案：\n1、B；2、AC；3、对",
        "参考答案：1-3 B AC √",
        "答案与解析\n1.【答案】B\n2.【答案】AC\n3.【答案】正确",
    ],
)
def test_answers_in_a_list_at_the_end_belong_to_their_questions(key: str) -> None:
    said = fields(f"{KEYED}\n{key}\n")
    assert [each["answer"] for each in said] == [["B"], ["A", "C"], True]


def test_a_range_of_answers_gives_one_letter_to_each() -> None:
    text = "".join(f"{n}. 题{n}\nA. 一\nB. 二\n" for n in range(1, 6)) + "1-5 ABBAB\n"
    said = fields(text.replace("1-5", "参考答案\n1-5"))
    assert [each["answer"][0] for each in said] == list("ABBAB")


def test_numbers_that_begin_again_find_their_section_in_the_list() -> None:
    text = "一、单选题\n1. 甲\nA. 一\nB. 二\n二、判断题\n1. 乙。\n2. 丙。\n"
    text += "参考答案\n一、单选题\n1.B\n二、判断题\n1.√ 2.×\n"
    assert [each["answer"] for each in fields(text)] == [["B"], True, False]


LEVELS = {"levels": ["没有", "模糊", "清楚"]}
CHOICE = "1. 题\nA. 一\nB. 二\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CHOICE, "第1题没有答案"),
        (CHOICE + "答案：C\n", "答案是C，选项却只到B"),
        ("1. 题\nA. 一\nC. 二\n答案：A\n", "第3行的选项是C，应为B"),
        (CHOICE + "答案：A\n没有题号的题？\nA. 三\nB. 四\n答案：B\n", "可能两道题连在了一起"),
        (CHOICE + "A. 三\nB. 四\n答案：B\n", "又从A开始"),
        (CHOICE + "答案：A\n答案：B\n", "又有一个“答案”"),
        (CHOICE + "答案：A\n3. 对。（√）\n", "题号从1跳到3"),
        ("1. 甲。（√）\n解析：也许是第2题的。\n3. 丙。（√）\n", "缺的题可能混在这一题里"),
        (CHOICE + "答案：A\n1. 乙（√）\n2. 丙（√）\n2. 丁（×）\n", "题号2"),
        ("1. 甲（ A ）\nA. 一\nB. 二\n答案：B\n", "题干括号里是“A”，答案却是“B”"),
        ("一、单选题\n" + CHOICE + "答案：AB\n", "单选题却有2个答案"),
        ("二、多选题\n" + CHOICE + "答案：A\n", "多选题却只有一个答案"),
        ("1. 题\n答案：B\n", "题目却没有选项"),
        ("1. 题____\n答案：1/2\n", "看不出来"),
        ("1. 题____和____\n答案：甲\n", "题干有2个空"),
        ("1. 甲（√） 2. 乙（×）\n", "里面还有“2.”"),
        ("1. 甲 A.一 B.二 答案：A 2. 乙 A.一 B.二 答案：B\n", "可能两道题"),
        ("1. 题\nA. 一\nB. 二\nC. 三\n答案：BCA\n", "多选题还是排序题"),
        ("一、操作题\n1. 题\n答案：略\n", "不能用文本导入"),
        (KEYED + "参考答案：1.B 2.AC 3.√ 4.A\n", "有第4题，题目里却没有"),
        ("A. 一\nB. 二\n1. 甲（√）\n", "前面却没有题号"),
    ],
)
def test_what_is_unclear_is_refused_with_its_line_and_the_reason(text: str, reason: str) -> None:
    assert reason in why(text)
    assert "请" in why(text)


def test_a_number_that_is_an_answer_is_no_list_of_answers() -> None:
    assert fields("1. 几小时？\n答案：7.5 小时\n")[0]["model"] == "7.5 小时"


def test_one_wrong_question_stops_no_other() -> None:
    reading = read(CHOICE + "2. 乙。（√）\n")
    assert (len(reading.drafts), len(reading.faults)) == (1, 1)


@pytest.mark.parametrize(
    "raw",
    [
        EXAM.encode("gb18030"),
        EXAM.encode("utf-8-sig"),
        EXAM.encode("utf-16"),
        EXAM.replace("\n", "\r\n").encode(),
    ],
)
def test_every_usual_encoding_reads_the_same(raw: bytes) -> None:
    assert Text.read(raw, "a.txt") == read(EXAM)


def test_texts_are_told_from_gift_aiken_yaml_and_packages() -> None:
    assert Text.looks_right(EXAM.encode(), "a.txt")
    assert Text.looks_right(EXAM.encode(), "")
    assert guessed(EXAM.encode(), "a.txt") is Text
    for other in (
        "::1:: 1. 题 {=甲 ~乙}",
        "1. What?\nA. x\nB. y\nANSWER: A\n",
        "topic: a\nquestions:\n",
        "<a>1. x</a>",
    ):
        assert not Text.looks_right(other.encode(), "a.txt")
    assert not Text.looks_right(b"PK\x03\x04", "a.txt")
    assert not Text.looks_right(EXAM.encode(), "a.csv")


def test_a_text_without_questions_is_unreadable() -> None:
    for raw in ("只有文字".encode(), b"\0\1\2", b"\xff\x00\xff", b""):
        with pytest.raises(UnreadableError):
            Text.read(raw, "a.txt")


def test_ordinary_questions_are_written_without_backslashes() -> None:
    text = Text.write("题库", read(EXAM).drafts).data.decode("utf-8-sig")
    assert ESCAPES not in text
    assert "\\" not in text


@given(drafts())
@settings(deadline=None, max_examples=150)
def test_what_is_written_reads_back_the_same(some: list[Draft]) -> None:
    written = Text.write("题库", some)
    lost = {str(fault.place) for fault in written.lost}
    kept = [draft for draft in some if str(draft.place) not in lost]
    reading = Text.read(written.data, "a.txt") if kept else Reading()
    assert reading.faults == ()
    assert [canonical(each.fields) for each in reading.drafts] == [canonical(each.fields) for each in kept]
    assert [each.topic for each in reading.drafts] == [each.topic for each in kept]
    assert all("model" not in each.fields and each.fields["type"] in {"short_answer", "essay"}
               for each in some if str(each.place) in lost)  # fmt: skip


def test_every_shipped_bank_comes_back_or_is_named() -> None:
    for bank in read_banks(BANKS).banks:
        found = trip(Text, bank.title, drafts_of(bank))
        assert not found.missing
        assert not found.changed
        assert set(found.lost) <= {"typing", "oral", "operation", "chat", "case"}


def test_types_without_a_place_are_named() -> None:
    draft = Draft(part("x"), {"id": "x", "type": "typing", "stem": "打字", "difficulty": 1})
    assert "打字题" in Text.write("题库", [draft]).lost[0].message


@pytest.mark.parametrize(
    "text",
    [
        "1.\n" * 140_000,
        "1. 题\n" + "A. 选项\n" * 140_000,
        "1. 题\n" + "答案：A\n" * 140_000,
        ("1. " + "（ " * 9_000 + "\n") * 60,
        "1. " + "A. x " * 500_000,
        "1. x（ ）\n2. y（ ）\n参考答案：\n" + "1. √\n" * 140_000,
        "1. 题____\n答案：" + " a" * 9_000 + "\n",
    ],
)
def test_hostile_texts_are_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableError):
        assert len(Text.read(text.encode(), "a.txt").drafts) <= MOST_QUESTIONS


@pytest.mark.parametrize(
    ("text", "line"), [("1. 题\n" + "答案：A\n" * 10_200, 10_082), ("没有题号的话\n" * 10_001, 10_001)]
)
def test_a_text_with_ten_thousand_lines_outside_of_questions_is_refused_at_that_line(text, line) -> None:
    with pytest.raises(UnreadableError, match=f"到第{line}行为止，有10000多行不属于任何题目"):
        Text.read(text.encode(), "a.txt")


@pytest.mark.parametrize(
    "key",
    ["".join(f"{n}-{n + 4} ABABA\n" for n in range(1, 601, 5)), "".join(f"{n}. A\n" for n in range(1, 601))],
)
def test_a_list_of_answers_at_the_end_answers_hundreds_of_questions(key) -> None:
    some = "".join(f"{n}. 第{n}个？\nA. 甲\nB. 乙\n" for n in range(1, 601))
    found = Text.read(f"{some}参考答案：\n{key}".encode(), "a.txt")
    assert len(found.drafts) == 600 and not found.faults
    assert [each.fields["answer"] for each in found.drafts[595:]] in [[["A"]] * 5, [[c] for c in "ABABA"]]


def test_as_many_questions_as_a_file_may_hold_are_read_and_one_more_is_told() -> None:
    def text(count: int) -> bytes:
        some = "".join(f"{n}. 第{n}个？\nA. 甲\nB. 乙\n" for n in range(1, count + 1))
        return (f"{some}参考答案：\n" + "".join(f"{n}.A\n" for n in range(1, count + 1))).encode()

    full = Text.read(text(MOST_QUESTIONS), "a.txt")
    assert len(full.drafts) == MOST_QUESTIONS and not full.faults
    with pytest.raises(UnreadableError, match="超过10000道题"):
        Text.read(text(MOST_QUESTIONS + 1), "a.txt")


def test_more_than_a_thousand_sections_keep_their_kinds() -> None:
    some = [
        Draft(part(f"q-{number}"), {"id": f"q-{number}", "difficulty": 2, "stem": f"第{number}个？", **asked})
        for number in range(1, 1_103)
        for asked in [
            {"type": "single_choice", "options": ["甲", "乙"], "answer": ["A"]}
            if number % 2
            else {"type": "true_false", "answer": True}
        ]
    ]
    found = trip(Text, "题库", some)
    assert found.same == len(some) and not found.missing


def test_very_many_labels_in_a_line_are_refused_and_not_compared_with_each_other() -> None:
    assert "太长" in why("1. 题" + "【答案】" * 4_000)
