"""Question sheets: what is written comes back, and the layouts of other systems are read or refused aloud."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given, settings

from cstrain.documents.tables import Sheet, write_xlsx
from cstrain.questions.exchange.contract import (
    Draft,
    ItemFault,
    Reading,
    UnreadableError,
    formats,
    guessed,
    item,
    row,
)
from cstrain.questions.exchange.drafts import check
from cstrain.questions.exchange.sheets.layout import read_rows
from cstrain.questions.exchange.sheets.refused_rows import failed_rows
from cstrain.questions.exchange.sheets.template import GUIDE, template
from cstrain.questions.exchange.sheets.written import COLUMNS
from cstrain.questions.formats.csv_table import Csv
from cstrain.questions.formats.xlsx import Xlsx
from tests.questions.formats.drafts import drafts as any_drafts
from tests.questions.makers import MORE, OWN

PAYLOADS = (
    "=1+1",
    "+1+1",
    "-1",
    "@SUM(1)",
    "＝1+1",
    "'=1+1",
    '=HYPERLINK("http://x","y")',
    "-5",
    "+86 138",
    "@张三",
)


def sheet(*rows, name=""):
    width = max(len(each) for each in rows)
    return Sheet(name, [tuple(str(cell) for cell in each) + ("",) * (width - len(each)) for each in rows])


def read(*rows):
    return read_rows([sheet(*rows)])


def only(*rows):
    reading = read(*rows)
    assert not reading.faults, [str(fault.message) for fault in reading.faults]
    (draft,) = reading.drafts
    return draft


def why(*rows):
    reading = read(*rows)
    assert not reading.drafts
    (fault,) = reading.faults
    return fault.message


def questions(drafts):
    checked = check(Reading(tuple(drafts)), "bank")
    assert not checked.faults, checked.faults
    return checked.questions


# ---------------------------------------------------------------- what is written comes back


@settings(deadline=None, max_examples=150)
@given(any_drafts())
def test_every_type_comes_back_from_a_workbook_as_it_was(drafts):
    assert_same(Xlsx, drafts)


@settings(deadline=None, max_examples=150)
@given(any_drafts())
def test_every_type_comes_back_from_a_csv_as_it_was(drafts):
    assert_same(Csv, drafts)


def assert_same(kind, drafts):
    written = kind.write("题库", drafts)
    assert not written.lost
    reading = kind.read(written.data, f"bank{kind.endings[0]}")
    assert not reading.faults, [fault.message for fault in reading.faults]
    for before, after in zip(drafts, reading.drafts, strict=True):
        assert comparable(after.fields) == comparable(before.fields)
        assert after.topic == before.topic


def comparable(fields):
    if fields["type"] != "number":
        return dict(fields)
    numbers = {name: Decimal(str(fields.get(name, 0))) for name in ("answer", "tolerance")}
    return {**fields, **numbers}


@pytest.mark.parametrize("kind", [Xlsx, Csv])
@pytest.mark.parametrize("text", PAYLOADS)
def test_texts_like_formulas_stay_text_and_come_back(kind, text):
    fields = {"id": "a", "type": "single_choice", "stem": text, "difficulty": 1, "explanation": text}
    draft = Draft(item(1), {**fields, "options": [text, "别的"], "answer": ["A"]}, text)
    written = kind.write("题库", [draft])
    if kind is Xlsx:
        with zipfile.ZipFile(io.BytesIO(written.data)) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    (back,) = kind.read(written.data, f"x{kind.endings[0]}").drafts
    assert (back.fields, back.topic) == (draft.fields, text)


def test_tags_and_the_mark_of_a_situation_come_back():
    fields = {
        "id": "a",
        "type": "true_false",
        "stem": "可以。",
        "difficulty": 2,
        "answer": True,
        "situation": True,
    }
    draft = Draft(item(1), fields, "t", ("新人", "a、b", "c\\"))
    (back,) = Xlsx.read(Xlsx.write("x", [draft]).data, "x.xlsx").drafts
    assert (back.fields, back.tags) == (fields, draft.tags)


def test_types_that_no_row_holds_are_named():
    draft = Draft(item(3), {"id": "a", "type": "typing", "stem": "打字"}, "t")
    (lost,) = Xlsx.write("x", [draft]).lost
    assert str(lost.place) == "第3题"
    assert "打字题" in lost.message


def test_our_own_examples_of_every_type_are_whole_after_the_trip():
    bases = {**OWN, **{name: MORE[name] for name in ("matching", "ordering", "short_answer", "essay")}}
    drafts = [
        Draft(item(at), {"id": f"q{at}", "type": name, "stem": "怎么做？", "difficulty": 2, **fields}, "t")
        for at, (name, fields) in enumerate(bases.items(), start=1)
    ]
    back = Xlsx.read(Xlsx.write("x", drafts).data, "x.xlsx").drafts
    assert [(each.content, each.key) for each in questions(back)] == [
        (each.content, each.key) for each in questions(drafts)
    ]


# ---------------------------------------------------------------- layouts of others


def test_title_and_guide_rows_above_the_head_are_skipped_and_columns_may_stand_anywhere():
    draft = only(
        ["试题导入模板"],
        ["填写前请看说明：题型写单选题、多选题"],
        [],
        ["答案", "*题目内容", "选项B", "选项A", "题型（必填）", "试题难度", "试题讲解", "出处"],
        ["b", "哪个？", "乙", "甲", "单项选择题", "较难", "因为", "手册"],
    )
    assert draft.place == row(5)
    assert draft.fields == {
        "type": "single_choice",
        "stem": "哪个？",
        "options": ["甲", "乙"],
        "answer": ["B"],
        "explanation": "因为",
        "source": "手册",
        "difficulty": 3,
    }


def test_several_columns_of_knowledge_make_a_topic_and_tags():
    head = [
        "题目",
        "类型",
        "答案",
        "解析",
        "选项A",
        "选项B",
        "分值",
        "所属知识点",
        "知识类",
        "知识点",
        "试题解析",
    ]
    draft = only(head, ["问？", "单选", "A", "一", "x", "y", "2", "售后", "规则", "退货", "二"])
    assert (draft.topic, draft.tags) == ("售后", ("规则", "退货"))
    assert draft.fields["explanation"] == "一\n二"
    assert draft.notes == ("没有保留：分值（每题几分由试卷规定）。",)


def test_marks_are_noted_once_a_file():
    reading = read(["题型", "题干", "答案", "分值"], ["判断", "一", "对", "2"], ["判断", "二", "错", "2"])
    assert [bool(draft.notes) for draft in reading.drafts] == [True, False]


def test_a_sheet_a_type_is_read_with_the_type_from_its_name():
    head = ["ID", "题干", "专业", "课程", "章节", "难度"]
    reading = read_rows(
        [
            sheet(
                [*head, "答案选项1", "答案选项2", "答案选项3", "正确答案"],
                [1, "一", "客服", "基础", "一", 5, "a", "b", "c", 3],
                name="单选题",
            ),
            sheet(
                [*head, "答案选项1", "答案选项2", "答案选项3", "正确答案"],
                [1, "二", "", "", "", 2, "a", "b", "c", "1,3"],
                name="多选题",
            ),
            sheet([*head, "答案"], [1, "三", "", "", "", "", "错误"], name="判断题"),
            sheet(
                [*head, "答案选项1", "答案选项2"],
                [1, "先（ ）后( )", "", "", "", "", "甲,乙", "丙"],
                name="三、填空题",
            ),
            sheet([*head, "答案"], [1, "五", "", "", "", "", "模板"], name="简答题"),
            sheet(["说明", "随便"], name="填写说明"),
            sheet(["名单"], ["张三"], name="人员"),
        ]
    )
    assert [draft.fields["type"] for draft in reading.drafts] == [
        "single_choice", "multiple_choice", "true_false", "fill_in", "short_answer",
    ]  # fmt: skip
    assert [draft.fields.get("difficulty") for draft in reading.drafts] == [3, 1, None, None, None]
    assert reading.drafts[0].topic == "客服/基础/一"
    assert reading.drafts[3].fields["stem"] == "先____后____"
    assert reading.drafts[3].fields["blanks"] == [["甲", "乙"], ["丙"]]
    assert [str(fault.place) for fault in reading.faults] == ["工作表“人员”"]
    assert str(reading.drafts[1].place) == "工作表“多选题”第2行"
    assert reading.head[0] == "题型"
    assert reading.rows[reading.drafts[2].place][0] == "判断题"


def test_one_row_an_option_is_put_together():
    head = [
        "题目序号",
        "题目类型",
        "题目内容",
        "整体解析",
        "题目图片",
        "所属题库",
        "是否正确项",
        "选项内容",
        "选项解析",
    ]
    reading = read(
        head,
        [1, 1, "颜色？", "", "", "常识", 0, "红", "不是"],
        [1, 1, "", "", "", "", 1, "蓝", "是的"],
        [2, 2, "水果？", "", "a.png", "常识", "是", "梨", ""],
        [2, "", "", "", "", "", "是", "桃", ""],
        [2, "", "", "", "", "", "否", "石", ""],
        [3, 3, "圆的。", "解析", "", "常识", 1, "正确", "甲"],
        ["", "", "", "", "", "", 0, "错误", ""],
        [4, 1, "坏的", "", "", "", "也许", "x", ""],
        [4, 1, "", "", "", "", 0, "y", ""],
    )
    kinds = [(draft.fields["type"], draft.fields["answer"]) for draft in reading.drafts]
    assert kinds == [("single_choice", ["B"]), ("multiple_choice", ["A", "B"]), ("true_false", True)]
    assert reading.drafts[0].fields["explanation"] == "A：不是\nB：是的"
    assert reading.drafts[1].notes == ("没有保留：图片或附件“a.png”。",)
    assert "单独解析" in reading.drafts[2].notes[0]
    (fault,) = reading.faults
    assert fault.place == row(9)
    assert len(fault.row) == len(reading.head)


def test_options_with_their_own_column_of_right_and_wrong_are_read():
    head = [
        "试题类型",
        "题干",
        "选项一内容",
        "选项一是否正确",
        "选项二内容",
        "选项二是否正确",
        "选项三内容",
        "选项三是否正确",
    ]
    reading = read(
        head,
        [1, "甲", "x", 0, "y", 1, "z", 0],
        [2, "乙", "x", 1, "y", 1, "z", ""],
        [3, "丙", "对", 0, "错", 1],
        [4, "丁", "就这样", 1],
        [1, "戊", "x", 1, "y", 1, "z", 0],
        [1, "己", "x", "大概", "y", 1],
    )
    assert [draft.fields["answer"] for draft in reading.drafts] == [["B"], ["A", "B"], False]
    assert ["数字“4”" in reading.faults[0].message, "数字“1”" in reading.faults[1].message] == [True, True]
    assert "请写1或0" in reading.faults[2].message


def test_the_heading_of_types_may_say_what_its_numbers_mean():
    head = ["问题", "题型（0单选，1判断，2多选）", "选项A", "选项B", "选项C", "答案（多选用逗号分隔）"]
    reading = read(
        head, ["一", 1, "", "", "", "对"], ["二", 0, "a", "b", "c", "B"], ["三", 2, "a", "b", "c", "A,B"]
    )
    assert [draft.fields["type"] for draft in reading.drafts] == [
        "true_false",
        "single_choice",
        "multiple_choice",
    ]


def test_columns_by_position_are_read_where_the_first_row_leaves_no_doubt():
    reading = read(
        ["单选题", "<p>题干<br>二行</p>", "A、甲 B、乙 C、丙", 3, "B", "", 7, 2, 0],
        ["多选题", "几个？", "甲\n乙\n丙", 3, "AC", "", "", 1, 0],
        ["单选题", "少了", "A、甲 B、乙", 3, "B", "", "", 1, 0],
        ["材料", "共用", "", "", "", "", "", "", 1],
    )
    assert reading.drafts[0].fields["stem"] == "题干\n二行"
    assert [draft.fields["options"] for draft in reading.drafts] == [["甲", "乙", "丙"], ["甲", "乙", "丙"]]
    assert "选项数" in reading.faults[0].message
    assert "题帽" in reading.faults[1].message


def test_english_heads_are_read():
    head = ["question", "type", "A", "B", "C", "correct_answer", "explanation", "tags", "difficulty"]
    draft = only(head, ["Q?", "multiple_choice", "x", "y", "z", "a,c", "why", "t1,t2", "hard"])
    assert draft.fields["answer"] == ["A", "C"]
    assert (draft.fields["difficulty"], draft.tags) == (3, ("t1", "t2"))


# ---------------------------------------------------------------- answers


OPTIONS = ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize(
    "answer",
    [
        "AC",
        "A,C",
        "A，C",
        "a、c",
        "A C",
        "ＡＣ",
        "Ａ；Ｃ",
        "1,3",
        "1、3",
        "甲；丙",
        "甲、丙",
        "选项A、选项C",
        "答案：AC",
        "CA",
    ],
)
def test_the_right_options_may_be_named_in_many_ways(answer):
    draft = only(["题型", "题干", "A", "B", "C", "D", "答案"], ["多选", "问", *OPTIONS, answer])
    assert draft.fields["answer"] == ["A", "C"]


@pytest.mark.parametrize(
    ("kind", "options", "answer", "said"),
    [
        ("单选", OPTIONS, "", "没有写答案"),
        ("单选", OPTIONS, "AB", "却有2个"),
        ("多选", OPTIONS, "A", "只有1个"),
        ("单选", OPTIONS, "E", "不存在"),
        ("单选", OPTIONS, "5", "不存在"),
        ("多选", OPTIONS, "AA", "写了两次"),
        ("单选", OPTIONS, "戊", "不是选项的字母"),
        ("单选", ["3", "1", "4", "2"], "3", "可以指"),
        ("单选", ["B", "A", "D", "C"], "A", "可以指"),
        ("单选", ["甲", "", "丙", ""], "A", "选项B空着"),
        ("单选", ["甲", "", "", ""], "A", "至少要有两个选项"),
        ("判断", [""], "也许", "看不出对错"),
        ("判断", [""], "", "没有写答案"),
        ("题", [""], "A", "不认识题型"),
        ("打字题", [""], "A", "YAML"),
        ("", [""], "A", "没有写题型"),
        ("7", OPTIONS, "A", "数字“7”"),
        ("配对", ["a", "b=c", "", ""], "", "不是一对"),
        ("配对", ["a=b=c", "", "", ""], "", "不是一对"),
        ("配对", ["a=b", "b=c", "", ""], "A", "多余："),
        ("排序", OPTIONS, "AB", "不是全部选项的顺序"),
        ("数字题", [""], "三天", "不是数字"),
        ("数字题", [""], "3-5天", "不是数字"),
    ],
)
def test_what_could_be_misread_is_refused_with_the_reason(kind, options, answer, said):
    room = [""] * (4 - len(options))
    head = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案"]
    assert said in why(head, [kind, "问？", *options, *room, answer])


def test_options_that_begin_with_their_own_letters_lose_them():
    draft = only(["题型", "题干", "选项A", "选项B", "答案"], ["单选", "问", "A. 甲", "Ｂ、乙", "乙"])
    assert (draft.fields["options"], draft.fields["answer"]) == (["甲", "乙"], ["B"])


@pytest.mark.parametrize("word", ["对", "正确", "√", "T", "true", "TRUE", "是", "1", "Y", "对。"])
def test_right_is_said_in_many_words(word):
    assert only(["题型", "题干", "答案"], ["判断题", "一句话", word]).fields["answer"] is True


@pytest.mark.parametrize("word", ["错", "错误", "×", "F", "False", "否", "0", "N", "X", "不对"])
def test_wrong_is_said_in_many_words(word):
    assert only(["题型", "题干", "答案"], ["是非", "一句话", word]).fields["answer"] is False


def test_a_true_false_question_may_have_its_words_as_options():
    head = ["题型", "题干", "选项A", "选项B", "答案"]
    assert only(head, ["判断", "一句话", "错误", "正确", "A"]).fields["answer"] is False


@pytest.mark.parametrize(
    ("stem", "answer", "blanks"),
    [
        ("____", "七", [["七"]]),
        ("先__后_______", "七|八", [["七"], ["八"]]),
        ("先（　）后( )", "七；八", [["七"], ["八"]]),
        ("____、____", "七/7天|八", [["七", "7天"], ["八"]]),
        ("____、____", "七 八", [["七"], ["八"]]),
        ("____、____", "七、八", [["七"], ["八"]]),
        ("____", "七、八", [["七、八"]]),
        ("____", "1 / 2", [["1", "2"]]),
        ("____", "元\\/月", [["元/月"]]),
        ("____", "a\\|b", [["a|b"]]),
        ("调用 f() 得____", "1", [["1"]]),
    ],
)
def test_blanks_are_apart_by_bars_and_spellings_by_slashes(stem, answer, blanks):
    assert only(["题型", "题干", "答案"], ["填空", stem, answer]).fields["blanks"] == blanks


@pytest.mark.parametrize(
    ("stem", "answer", "said"),
    [
        ("没有空", "七", "没有空"),
        ("____", "", "没有写答案"),
        ("____", "七|八", "有1个空"),
        ("____", "七；八", "有1个空"),
        ("____和____", "七", "有2个空"),
        ("____和____", "1,000、2", "有2个空"),
        ("____", "1/2", "斜杠"),
        ("____", "5元/月", "斜杠"),
        ("____", "http://x", "斜杠"),
        ("____和____", "七|", "没有答案"),
    ],
)
def test_blanks_in_doubt_are_refused(stem, answer, said):
    assert said in why(["题型", "题干", "答案"], ["填空", stem, answer])


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ("12.5±0.5 元", {"answer": "12.5", "tolerance": "0.5", "unit": "元"}),
        ("1,200", {"answer": "1200"}),
        ("96%", {"answer": "96", "unit": "%"}),
        ("－５", {"answer": "-5"}),
        ("12元±1元", {"answer": "12", "tolerance": "1", "unit": "元"}),
        ("3+/-1㎡", {"answer": "3", "tolerance": "1", "unit": "㎡"}),
    ],
)
def test_numbers_carry_tolerance_and_unit(answer, fields):
    assert only(["题型", "题干", "答案"], ["数字题", "多少？", answer]).fields == {
        "type": "number",
        "stem": "多少？",
        **fields,
    }


def test_a_type_is_inferred_only_where_it_is_certain():
    reading = read(
        ["题干", "选项A", "选项B", "选项C", "答案"],
        ["单", "x", "y", "z", "A"],
        ["多", "x", "y", "z", "AB"],
        ["判", "", "", "", "√"],
        ["填____", "", "", "", "空"],
        ["判二", "对", "错", "", "B"],
        ["不知", "", "", "", "A"],
        ["不知", "", "", "", "一段话"],
        ["不知（ ）", "", "", "", "一段话"],
    )
    assert [draft.fields["type"] for draft in reading.drafts] == [
        "single_choice", "multiple_choice", "true_false", "fill_in", "true_false",
    ]  # fmt: skip
    assert len(reading.faults) == 3


@pytest.mark.parametrize(
    ("said", "levels"),
    [
        (["易", "中等", "困难", "无"], [1, 2, 3, None]),
        (["1", "2", "3"], [1, 2, 3]),
        (["1", "2", "3", "4", "5"], [1, 1, 2, 3, 3]),
        (["0.9", "0.5", "0.2", "80%"], [1, 2, 3, 1]),
        (["★", "★★★★★", "★★★☆☆"], [1, 3, 2]),
        (["1", "50"], [None, None]),
    ],
)
def test_difficulty_is_read_by_the_scale_of_its_column(said, levels):
    reading = read(
        ["题型", "题干", "答案", "难度"], *(["判断", f"第{at}", "对", one] for at, one in enumerate(said))
    )
    assert [draft.fields.get("difficulty") for draft in reading.drafts] == levels


def test_a_rubric_is_a_line_a_criterion():
    draft = only(
        ["题型", "题干", "答案", "评分标准", "字数"],
        ["论述", "写", "模板", "写对时限|3\n语气|2|不推责|差/好|tone", "100-900"],
    )
    assert draft.fields["rubric"] == [
        {"id": "c1", "title": "写对时限", "of": 3},
        {"id": "tone", "title": "语气", "of": 2, "hint": "不推责", "levels": ["差", "好"]},
    ]
    assert (draft.fields["least"], draft.fields["most"]) == (100, 900)


@pytest.mark.parametrize(("rubric", "length"), [("写对时限", ""), ("a|x", ""), ("|3", ""), ("a|3", "很多")])
def test_a_rubric_or_length_nobody_can_read_is_refused(rubric, length):
    why(["题型", "题干", "答案", "评分标准", "字数"], ["简答", "写", "模板", rubric, length])


def test_a_model_answer_longer_than_usual_widens_the_limit():
    draft = only(["题型", "题干", "答案"], ["简答", "写", "字" * 350])
    assert draft.fields["most"] == 400


# ---------------------------------------------------------------- heads and files


def test_unknown_columns_are_named_with_the_nearest_word_and_the_rows_are_read():
    reading = read(["题型", "题干", "答案", "审核人", "解析说"], ["判断", "一", "对", "我", "因为"])
    (fault,) = reading.faults
    assert fault.place == row(1)
    assert "“审核人”" in fault.message
    assert "“解析说”（最像“解析”）" in fault.message
    assert len(reading.drafts) == 1


def test_a_head_without_stem_is_refused_with_what_is_missing_and_what_was_found():
    with pytest.raises(UnreadableError, match=r"缺少“题干”。第1行有：题型、姓名、答案"):
        read(["题型", "姓名", "答案"], ["单选", "张三", "A"])
    with pytest.raises(UnreadableError, match="没有找到表头"):
        read(["姓名", "工号"], ["张三", "1"])


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (["题干", "题目", "答案"], "都可以当作“题干”"),
        (["题干", "答案", "正确答案"], "都可以当作“答案”"),
        (["题干", "选项0", "选项1", "答案"], "从0开始"),
        (["题干", "选项A", "选项A", "答案"], "写了两次"),
        (["题干", "选项A", "选项甲", "答案"], "看不出是第几个选项"),
    ],
)
def test_a_head_with_two_meanings_is_refused(head, said):
    with pytest.raises(UnreadableError, match=said):
        read(head, ["x", "y", "z"])


def test_empty_rows_and_repeated_heads_are_passed_over():
    head = ["题型", "题干", "答案"]
    reading = read(head, ["判断", "一", "对"], [], head, ["判断", "二", "错"])
    assert [draft.place for draft in reading.drafts] == [row(2), row(5)]
    assert not reading.faults


def test_refused_rows_come_back_as_a_workbook_that_can_be_mended_and_read():
    reading = read(["题型", "题干", "答案", "备注"], ["判断", "一", "对", ""], ["判断", "=二", "也许", "x"])
    checked = ItemFault(reading.drafts[0].place, "不好")
    data = failed_rows(reading, [*reading.faults, checked])
    again = Xlsx.read(data, "x.xlsx")
    assert again.head == ("原因", "题型", "题干", "答案", "备注")
    rows = [*again.rows.values(), *(fault.row for fault in again.faults if fault.row)]
    assert [each[1:] for each in rows] == [("判断", "一", "对", ""), ("判断", "=二", "也许", "x")]
    assert all(each[0].startswith("第") for each in rows)
    assert failed_rows(again, []) == failed_rows(reading, [])


def test_the_template_is_empty_and_explains_every_column():
    reading = Xlsx.read(template(), "模板.xlsx")
    assert (reading.head, reading.drafts, reading.faults) == (COLUMNS, (), ())
    explained = "".join(line[0] for line in GUIDE)
    others = {"解析", "出处", "题干"}
    assert all(name in explained for name in COLUMNS if not name.startswith("选项") and name not in others)
    with zipfile.ZipFile(io.BytesIO(template())) as book:
        assert book.read("xl/worksheets/sheet1.xml").count(b"<dataValidation ") == 3


def test_files_are_told_by_name_and_content():
    data = write_xlsx([["题干", "答案", "题型"], ["一", "对", "判断"]])
    assert guessed(data, "题库.xlsx") is Xlsx
    assert {"csv", "xlsx"} <= set(formats().names())
    assert Csv.looks_right(b"", "a.CSV")


def test_several_sheets_of_a_real_workbook_are_read_with_their_percent_cells():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    for name in ("判断题", "数字题"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, ["题干", "答案"])
    page.write(1, 0, "多少？")
    page.write_number(1, 1, 0.962, book.add_format({"num_format": "0.0%"}))
    book.worksheets()[0].write_row(1, 0, ["天是蓝的。", True])
    book.close()
    first, second = Xlsx.read(buffer.getvalue(), "x.xlsx").drafts
    assert first.fields["answer"] is True
    assert (second.fields["answer"], second.fields["unit"]) == ("96.2", "%")


@pytest.mark.parametrize("data", [b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0", b"", b"junk"])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(UnreadableError, match="没有读取"):
        Xlsx.read(data, "x.xlsx")


def test_html_that_is_text_survives_and_is_pointed_out():
    draft = only(["题型", "题干", "答案"], ["判断", "<script>alert(1)</script><p>", "对"])
    assert draft.fields["stem"] == "<script>alert(1)</script><p>"
    assert "HTML" in draft.notes[0]


@pytest.mark.parametrize("text", ["a\ud800b", "a\uffffb", " a", "a\x00b", "a\r\nb"])
def test_signs_that_no_cell_holds_are_named_and_the_rest_is_written(text):
    draft = Draft(item(1), {"id": "a", "type": "true_false", "stem": text, "answer": True})
    for kind in (Xlsx, Csv):
        written = kind.write("x", [draft])
        assert "没有导出" in written.lost[0].message
        assert len(kind.read(written.data, f"x{kind.endings[0]}").drafts) == 1


def test_a_text_too_long_for_a_cell_is_named_and_does_not_spoil_the_file():
    long = {"id": "a", "type": "essay", "stem": "长", "model": "字" * 30_000}
    other = {"id": "b", "type": "true_false", "stem": "短", "answer": True}
    written = Xlsx.write("x", [Draft(item(1), long), Draft(item(2), other)])
    assert [str(fault.place) for fault in written.lost] == ["第1题"]
    assert [draft.fields for draft in Xlsx.read(written.data, "x.xlsx").drafts] == [other]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("A. 甲  B. 乙  C. 丙", ["甲", "乙", "丙"]),
        ("A、甲\nB、乙", ["甲", "乙"]),
        ("甲|乙|丙|", ["甲", "乙", "丙"]),
        ("甲；乙", ["甲", "乙"]),
        ("<p>A. 甲</p><p>B. 乙</p>", ["甲", "乙"]),
    ],
)
def test_options_in_one_cell_are_told_apart(text, options):
    assert only(["题型", "题干", "选项", "答案"], ["单选", "问", text, "B"]).fields["options"] == options


@pytest.mark.parametrize("text", ["甲乙丙", "甲||丙"])
def test_options_in_one_cell_without_clear_borders_are_refused(text):
    assert "选项" in why(["题型", "题干", "选项", "答案"], ["单选", "问", text, "A"])


def test_what_no_question_holds_is_noted():
    head = ["题型", "题干", "选项A", "选项B", "答案", "编号", "题库ID", "状态", "规则版本", "题干图片"]
    draft = only(head, ["简答", "问", "x", "", "答", "Q-001", "7", "启用", "v2", "a.png"])
    said = "".join(draft.notes)
    assert all(word in said for word in ("选项", "Q-001", "状态", "规则版本", "题库的编号", "a.png"))


def test_an_indefinite_question_is_read_by_its_answer_with_a_note():
    draft = only(["题型", "题干", "A", "B", "C", "答案"], ["不定项选择题", "问", "x", "y", "z", "B"])
    assert draft.fields["type"] == "single_choice"
    assert "不定项" in draft.notes[0]


def test_an_order_may_be_written_as_letters():
    head = ["题型", "题干", "A", "B", "C", "答案"]
    assert only(head, ["排序", "问", "一", "二", "三", "CAB"]).fields["steps"] == ["三", "一", "二"]
