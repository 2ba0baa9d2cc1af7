"""QTI of other authors: each interaction becomes the question it is, or is refused with a reason."""

from __future__ import annotations

import pytest

from tests.questions.formats.qti_makers import (
    MAP,
    MATCH,
    SINGLE,
    asked,
    choice,
    choices,
    declared,
    fault,
    item,
    one,
)

# choices


def test_a_single_choice() -> None:
    draft = one(SINGLE)
    assert draft.fields == {
        "type": "single_choice",
        "stem": "问什么？",
        "options": ["甲", "乙", "丙"],
        "answer": ["B"],
    }
    assert (draft.notes, str(draft.place)) == ((), "第1题")


def test_a_multiple_choice_by_its_right_answers() -> None:
    draft = one(item(choice("甲", "乙", "丙", maxChoices="0"), declared("C", "A", cardinality="multiple")))
    assert (draft.fields["type"], draft.fields["answer"]) == ("multiple_choice", ["A", "C"])


def test_what_earns_something_is_right_where_only_the_mapping_says_so() -> None:
    mapped = declared(cardinality="multiple", A="1", B="1", C="-1")
    draft = one(item(choice("甲", "乙", "丙"), mapped, MAP))
    assert (draft.fields["answer"], draft.notes) == (["A", "B"], ("没有保留：各个答案的分值",))
    assert one(item(choice("甲", "乙", "丙"), declared(A="0", B="1"), MAP)).fields["answer"] == ["B"]


def test_several_right_answers_of_which_one_is_chosen_are_refused() -> None:
    assert "任选一个都算对" in fault(item(choice("甲", "乙", "丙"), declared("A", "B")))
    assert "任选一个都算对" in fault(item(choice("甲", "乙", "丙"), declared(A="1", B="1"), MAP))


def test_a_mapping_against_the_right_answer_is_refused() -> None:
    assert "对不上" in fault(item(choice("甲", "乙", "丙"), declared("A", B="1"), MAP))


def test_a_choice_of_many_with_one_right_answer_says_that_it_became_single_choice() -> None:
    draft = one(item(choice("甲", "乙", "丙", maxChoices="3"), declared("A", cardinality="multiple")))
    assert draft.fields["type"] == "single_choice"
    assert draft.notes == ("原为多选题，只有一个正确答案，改成了单选题",)


@pytest.mark.parametrize("words", [("True", "False"), ("对", "错"), ("正确", "错误"), ("√", "×")])
def test_right_and_wrong_make_a_true_false_question(words: tuple[str, str]) -> None:
    assert one(item(choice(*words), declared("B"))).fields == {
        "type": "true_false",
        "stem": "问什么？",
        "answer": False,
    }
    assert one(item(choice(*words[::-1]), declared("B"))).fields["answer"] is True


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(declared(), "没有写正确答案"), ("", "没有对应的答案声明"), (declared("Z"), "不在选项里")],
)
def test_a_choice_without_a_right_answer_among_its_options_is_refused(answer: str, reason: str) -> None:
    assert reason in fault(item(choice("甲", "乙", "丙"), answer))


def test_choices_without_own_identifiers_are_refused() -> None:
    twice = choice("甲", "乙").replace('identifier="B"', 'identifier="A"')
    assert "编号重复" in fault(item(twice, declared("A")))


def test_a_choice_inside_a_line_becomes_a_single_choice_with_a_gap() -> None:
    inline = asked("inlineChoiceInteraction", choices("甲", "乙", "丙", tag="inlineChoice"))
    draft = one(item(f"<p>前{inline}后</p>", declared("C")))
    assert (draft.fields["stem"], draft.fields["answer"]) == ("前____后", ["C"])
    assert "有2处文中下拉选择" in fault(item(f"<p>{inline}{inline}</p>", declared("C")))


def test_words_to_pick_in_a_text_become_options() -> None:
    text = (
        '我<hottext identifier="A">吃</hottext>了<hottext identifier="B">两个</hottext>'
        '<hottext identifier="C">苹果</hottext>'
    )
    draft = one(item(asked("hottextInteraction", f"<p>{text}</p>"), declared("B")))
    assert (draft.fields["stem"], draft.fields["options"]) == ("我吃了两个苹果", ["吃", "两个", "苹果"])
    assert draft.notes == ("文中选词改成了单选题",)
    both = declared("A", "B", cardinality="multiple")
    several = one(item(asked("hottextInteraction", f"<p>{text}</p>", maxChoices="0"), both))
    assert (several.fields["answer"], several.notes) == (["A", "B"], ("文中选词改成了多选题",))


# what is written


def test_a_blank_accepts_what_earns_all() -> None:
    entry = asked("textEntryInteraction")
    draft = one(
        item(f"<p>首都是{entry}。</p>", declared("北京", base="string", 北京="1", 北平="0.5", 京="1"), MAP)
    )
    assert (draft.fields["stem"], draft.fields["blanks"]) == ("首都是____。", [["北京", "京"]])
    assert "没有保留：得一部分分的答案" in draft.notes


def test_several_blanks_stand_in_the_order_of_the_text() -> None:
    body = f"<p>{asked('textEntryInteraction', name='R2')}和{asked('textEntryInteraction', name='R1')}</p>"
    answers = declared("甲", base="string", name="R1") + declared("乙", base="string", name="R2")
    assert one(item(body, answers)).fields["blanks"] == [["乙"], ["甲"]]


def test_a_blank_for_a_number_accepts_it_as_a_candidate_writes_it() -> None:
    body = f"<p>{asked('textEntryInteraction', name='R1')}和{asked('textEntryInteraction', name='R2')}</p>"
    answers = declared("4.0", base="float", name="R1") + declared("1200", base="integer", name="R2")
    draft = one(item(body, answers))
    assert draft.fields["blanks"] == [["4", "4.0"], ["1200"]]
    assert "填数字的空按文字判分" in draft.notes


def equal(**said: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in said.items())
    return (
        f"<responseProcessing><responseCondition><responseIf><equal{more}>"
        '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal>'
        "</responseIf></responseCondition></responseProcessing>"
    )


def within(low: str, high: str) -> str:
    value = '<variable identifier="RESPONSE"/><baseValue baseType="float">{}</baseValue>'
    return (
        "<responseProcessing><responseCondition><responseIf><and>"
        f"<gte>{value.format(low)}</gte><lte>{value.format(high)}</lte>"
        "</and></responseIf></responseCondition></responseProcessing>"
    )


@pytest.mark.parametrize(
    ("processing", "tolerance"),
    [
        (MATCH, None),
        ("", None),
        (equal(toleranceMode="exact"), None),
        (equal(toleranceMode="absolute", tolerance="0.5 0.5"), 0.5),
        (equal(toleranceMode="absolute", tolerance="2"), 2),
        (equal(toleranceMode="relative", tolerance="10 10"), 2.0),
        (equal(toleranceMode="relative", tolerance="1 1"), 0.2),
        (within("18", "22"), 2),
        (equal(figures="2", roundingMode="decimalPlaces").replace("equal", "equalRounded"), 0.005),
    ],
)
def test_a_number_with_its_tolerance(processing: str, tolerance: object) -> None:
    body = f"<p>多少？</p><p>{asked('textEntryInteraction')}</p>"
    fields = one(item(body, declared("20", base="float"), processing)).fields
    assert (fields["type"], fields["stem"], fields["answer"]) == ("number", "多少？", 20)
    assert str(fields.get("tolerance")) == str(tolerance)


@pytest.mark.parametrize(
    "processing",
    [
        equal(toleranceMode="absolute", tolerance="1 2"),
        equal(toleranceMode="absolute", tolerance="{VAR}"),
        equal(toleranceMode="strange", tolerance="1"),
        within("10", "25"),
        within("30", "40"),
    ],
)
def test_a_tolerance_that_ours_cannot_say_is_refused(processing: str) -> None:
    body = f"<p>多少？{asked('textEntryInteraction')}</p>"
    assert "允许误差" in fault(item(body, declared("20", base="float"), processing))


@pytest.mark.parametrize("answer", ["二十", "1e999", "NaN", "inf", "9" * 60, ""])
def test_a_number_that_is_none_is_refused(answer: str) -> None:
    body = f"<p>多少？{asked('textEntryInteraction')}</p>"
    assert "不是一个数" in fault(item(body, declared(answer, base="float")))


def test_a_long_text_is_an_essay_and_one_of_few_words_a_short_answer() -> None:
    essay = one(item("<p>谈谈。</p>" + asked("extendedTextInteraction"), declared(base="string")))
    assert essay.fields == {"type": "essay", "stem": "谈谈。"}
    short = one(
        item(
            "<p>谈谈。</p>" + asked("extendedTextInteraction", expectedLength="100"),
            declared("好", base="string"),
        )
    )
    assert short.fields == {"type": "short_answer", "stem": "谈谈。", "model": "好"}


def test_what_markers_are_told_is_noted_and_stays_out_of_the_stem() -> None:
    body = '<p>谈谈。</p><rubricBlock view="scorer"><p>看三点</p></rubricBlock>' + asked(
        "extendedTextInteraction"
    )
    draft = one(item(body))
    assert (draft.fields["stem"], draft.notes) == ("谈谈。", ("没有保留：给评分人的说明（看三点）",))


# pairs and orders


def pairs_of(
    left: tuple[str, ...], right: tuple[str, ...], *pairs: str, processing: str = MATCH, **mapped: str
) -> str:
    def column(texts: tuple[str, ...], before: str) -> str:
        things = choices(*texts, tag="simpleAssociableChoice", matchMax="9")
        named = things.replace('identifier="', 'identifier="' + before)
        return f"<simpleMatchSet>{named}</simpleMatchSet>"

    inside = "<prompt>配对</prompt>" + column(left, "L") + column(right, "R")
    answer = declared(*pairs, cardinality="multiple", base="directedPair", **mapped)
    return item(asked("matchInteraction", inside), answer, processing)


def test_pairs_of_two_columns() -> None:
    draft = one(pairs_of(("甲", "乙", "丙"), ("一", "二", "三"), "LA RB", "LB RA", "LC RB"))
    assert draft.fields["pairs"] == [["甲", "二"], ["乙", "一"], ["丙", "二"]]
    assert (draft.fields["extra"], draft.notes) == (["三"], ())


def test_columns_change_sides_where_only_that_pairs_one_with_one() -> None:
    draft = one(pairs_of(("水果", "蔬菜"), ("苹果", "梨", "白菜"), "LA RA", "LA RB", "LB RC"))
    assert draft.fields["pairs"] == [["苹果", "水果"], ["梨", "水果"], ["白菜", "蔬菜"]]
    assert draft.notes == ("左右两列对调了",)


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        (("LA RA", "LA RB", "LB RA", "LC RC"), "恰好配右边一项"),
        (("LA RA", "LB RB"), "恰好配右边一项"),
        (("LA RA", "LB RB", "LC RZ"), "不在题目里"),
        (("LA RA", "LB", "LC RC"), "不是一对一对"),
        ((), "没有写正确答案"),
    ],
)
def test_pairs_that_are_not_one_to_one_are_refused(pairs: tuple[str, ...], reason: str) -> None:
    assert reason in fault(pairs_of(("甲", "乙", "丙"), ("一", "二", "三"), *pairs))


def test_pairs_among_one_set_become_two_columns() -> None:
    things = choices("甲", "一", "乙", "二", "丙", "三", "四", tag="simpleAssociableChoice", matchMax="1")
    answer = declared("A B", "C D", "E F", cardinality="multiple", base="pair")
    draft = one(item(asked("associateInteraction", f"<prompt>连线</prompt>{things}"), answer))
    assert draft.fields["pairs"] == [["甲", "一"], ["乙", "二"], ["丙", "三"]]
    assert draft.fields["extra"] == ["四"]


def gaps(*pairs: str) -> str:
    words = choices("春", "夏", "秋", "冬", tag="gapText", matchMax="1")
    text = '<p><gap identifier="G1"/>、<gap identifier="G2"/>、<gap identifier="G3"/></p>'
    answer = declared(*pairs, cardinality="multiple", base="directedPair")
    return item(asked("gapMatchInteraction", f"<prompt>填空</prompt>{words}{text}"), answer)


def test_words_for_gaps_become_pairs_of_gap_and_word() -> None:
    fields = one(gaps("C G3", "A G1", "B G2")).fields
    assert fields["stem"] == "填空\n____（1）、____（2）、____（3）"
    assert fields["pairs"] == [["第1空", "春"], ["第2空", "夏"], ["第3空", "秋"]]
    assert fields["extra"] == ["冬"]
    assert "有的空没有词" in fault(gaps("A G1", "B G2"))


def test_an_order() -> None:
    order = asked("orderInteraction", "<prompt>排序</prompt>" + choices("甲", "乙", "丙"))
    draft = one(item(order, declared("C", "A", "B", cardinality="ordered")))
    assert draft.fields == {"type": "ordering", "stem": "排序", "steps": ["丙", "甲", "乙"]}
    assert "每一项一次" in fault(item(order, declared("C", "A", cardinality="ordered")))


# what is refused


REFUSED = ["hotspot", "upload", "graphicOrder", "slider", "drawing", "selectPoint", "media", "custom"]


@pytest.mark.parametrize("tag", [f"{name}Interaction" for name in REFUSED])
def test_other_interactions_are_refused_by_name(tag: str) -> None:
    assert tag in fault(item("<p>题</p>" + asked(tag), declared("A")))


def test_an_unknown_interaction_is_refused_by_its_own_name() -> None:
    assert "不支持strangeInteraction" in fault(item("<p>题</p>" + asked("strangeInteraction"), declared("A")))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (item("<p>只是材料</p>"), "没有作答的地方"),
        (item(choice("甲", "乙") + asked("extendedTextInteraction"), declared("A")), "几种作答"),
        (item(choice("甲", "乙") * 2, declared("A")), "有2处选择题"),
        (item(choice("甲", "乙"), declared("A"), adaptive="true"), "自适应题"),
        (item(choice("<printedVariable identifier='V'/>", "乙"), declared("A")), "随机变量"),
        (SINGLE.replace("itemBody", "div"), "没有题目正文"),
        (item(choice("甲", "乙", prompt=""), declared("A"), title=""), "没有题干"),
        (item(choice("甲", "乙", prompt=f"<prompt>{'长' * 200_000}</prompt>"), declared("A")), "文字太长"),
        (item(choice(*"甲" * 60), declared("A")), "超过50个"),
    ],
)  # fmt: skip
def test_what_could_be_misread_is_refused(text: str, reason: str) -> None:
    assert reason in fault(text)
