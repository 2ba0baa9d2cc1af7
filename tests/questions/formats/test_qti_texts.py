"""QTI of other authors: what of texts, feedback and marking stays, and what is noted."""

from __future__ import annotations

import pytest

from tests.questions.formats.qti_makers import MAP, MATCH, choice, declared, item, one

# texts


def stem(prompt: str, **own: str) -> str:
    return str(
        one(item(choice("甲", "乙", "丙", prompt=f"<prompt>{prompt}</prompt>"), declared("A"), **own)).fields[
            "stem"
        ]
    )


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("<p>一</p><p>二  <b>三</b></p>", "一\n二 三"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("面积3m<sup>2</sup>、10<sup>-3</sup>、x<sup>ab</sup>、H<sub>2</sub>O", "面积3m²、10⁻³、x^(ab)、H₂O"),
        ("一<script>alert(1)</script>二<style>p{}</style>", "一二"),
        ("<feedbackInline identifier='A'>对了</feedbackInline>问", "问"),
        ("<ul><li>一</li><li>二</li></ul>", "一\n二"),
        ("a\ue000b", "ab"),
    ],
)
def test_markup_reads_as_a_reader_would_see_it(prompt: str, text: str) -> None:
    assert stem(prompt) == text


def test_pictures_sounds_and_films_are_noted() -> None:
    media = '<img src="a.png" alt="标志"/><object type="image/png" data="b"/>'
    media += '<object type="video/mp4" data="c">看</object>'
    draft = one(item(f"<p>看图{media}</p>" + choice("甲", "乙", "丙"), declared("A")))
    assert draft.notes == ("没有保留：图片", "没有保留：视频")
    assert "标志" in draft.fields["stem"]


def test_markup_that_was_put_in_as_text_is_read_as_markup_and_noted() -> None:
    draft = one(item(choice("<![CDATA[<p>甲<b>一</b></p>]]>", "乙", "a < p"[:1]), declared("A")))
    assert (draft.fields["options"], draft.notes) == (["甲一", "乙", "a"], ("没有保留：文字里的HTML标记",))


def test_the_title_stands_in_for_a_missing_stem() -> None:
    draft = one(item(choice("甲", "乙", "丙", prompt=""), declared("A")))
    assert (draft.fields["stem"], draft.notes) == ("标题", ("没有题干，用了标题",))


# feedback, marking


def shown(text: str, name: str = "FEEDBACK") -> str:
    said = f'outcomeIdentifier="{name}" identifier="x" showHide="show"'
    return f"<modalFeedback {said}><p>{text}</p></modalFeedback>"


def test_feedback_is_the_explanation() -> None:
    draft = one(item(choice("甲", "乙", "丙"), declared("A"), more=shown("因为甲。")))
    assert (draft.fields["explanation"], draft.notes) == ("因为甲。", ())
    draft = one(item(choice("甲", "乙", "丙"), declared("A"), more=shown("对") + shown("错") + shown("对")))
    assert (draft.fields["explanation"], draft.notes) == ("对\n错", ("有几条反馈，合并成了解析",))


def test_feedback_of_single_options_is_no_part_of_them() -> None:
    told = '乙<feedbackInline outcomeIdentifier="F" identifier="B" showHide="show">不对</feedbackInline>'
    draft = one(item(choice("甲", told, "丙"), declared("A")))
    assert (draft.fields["options"][1], draft.fields["explanation"]) == ("乙", "不对")
    draft = one(item(choice("甲", told, "丙"), declared("A"), more=shown("因为")))
    assert (draft.fields["explanation"], draft.notes) == ("因为", ("没有保留：选项的单独反馈",))


USUAL = """<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/>
<correct identifier="RESPONSE"/></match><setOutcomeValue identifier="SCORE">
<baseValue baseType="float">1</baseValue>
</setOutcomeValue></responseIf></responseCondition></responseProcessing>"""


@pytest.mark.parametrize(
    ("processing", "custom"),
    [
        (MATCH, False),
        (MAP, False),
        ("", False),
        ("<responseProcessing/>", False),
        (USUAL, False),
        (USUAL.replace("match>", "not>"), True),
        (
            USUAL.replace(
                '<correct identifier="RESPONSE"/>', '<baseValue baseType="identifier">B</baseValue>'
            ),
            True,
        ),
        ('<responseProcessing template="http://example.org/mine"/>', True),
    ],
)
def test_marking_of_its_own_is_noted(processing: str, custom: bool) -> None:
    notes = one(item(choice("甲", "乙", "丙"), declared("A"), processing)).notes
    assert notes == (("没有保留：自定义的评分过程，只取了标准答案",) if custom else ())
