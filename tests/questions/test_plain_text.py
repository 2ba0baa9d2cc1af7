"""HTML to plain text and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.questions.exchange.plain_text import MOST_CHARACTERS, from_html, to_html

PIECES = (
    "<",
    "<b>",
    "<p>",
    "<a",
    "<a ",
    "<!--",
    "<!",
    "&",
    "&#1",
    '<a "',
    "<a '\"",
    "</a",
    "<svg>",
    "<sup>2",
)


@settings(max_examples=500)
@given(text=st.text() | st.text(" \u00a0\u3000\t\r\n<>&;#a/!-\"'pre"))
def test_any_text_comes_back_from_html_as_it_was(text: str) -> None:
    assert from_html(to_html(text)) == (text, ())


@given(html=st.text("<>/&;#=\"'! -abprestylimgx1\n\t"))
def test_no_html_breaks_the_reading(html: str) -> None:
    from_html(html)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a < b && c > d", "&amp;lt;", "&#60;", "<!-- x"]
)
def test_markup_that_is_text_stays_text_and_is_written_without_markup(text: str) -> None:
    assert "<" not in to_html(text)
    assert from_html(to_html(text)).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>甲</p>\n<p>乙</p>", "甲\n乙"),
        ("甲<br>乙<br/><br />丙", "甲\n乙\n\n丙"),
        ("<p>甲<br></p><p>乙</p>", "甲\n乙"),
        ("<p>甲</p><p>&nbsp;</p><p>乙&nbsp;</p>", "甲\n\n乙"),
        ("一行\n  还是  同一行", "一行 还是 同一行"),
        ("甲&nbsp;&nbsp;乙", "甲  乙"),
        ("　全角空格　不动", "　全角空格　不动"),
        ("<pre>\n  甲\n    乙\n</pre>丙", "甲\n    乙\n丙"),
        ("<b>粗</b><span style='color:red'>红</span>", "粗红"),
        ("a < b，c<d", "a < b，c<d"),
        ("<客户>说", "<客户>说"),
        ("没有结束 <b", "没有结束 <b"),
        ("<!-- 注 -->甲<!doctype html><?php x ?>乙", "甲乙"),
        ("<!-- 没有结束", "<!-- 没有结束"),
        ("10<sup>2</sup>，H<sub>2</sub>O，x<sup>ab</sup>，m<sup> 2 </sup>", "10²，H₂O，x^ab，m²"),
        ('<b title="a>b">甲</b>', "甲"),
        ('<b title="a>甲', "甲"),
        ("<o:p></o:p>甲", "甲"),
        ("&lt;b&gt;&quot;&#39;&#x4e2d;&hellip;", "<b>\"'中…"),
        ("甲&#" + "9" * 5000 + ";乙", "甲\ufffd乙"),
        ("<td>甲</td><td>乙</td>", "甲 乙"),
    ],
)
def test_a_reader_sees_the_same(html: str, text: str) -> None:
    assert from_html(html).text == text


@pytest.mark.parametrize(
    ("html", "text", "lost"),
    [
        ('<img src="a.png" alt="图一">甲', "［图一］甲", ("图片",)),
        ('<img src="a.png" alt="">甲<img>', "［图片］甲［图片］", ("图片",)),
        (f'<img src="data:image/png;base64,{"A" * 300_000}">甲', "［图片］甲", ("图片",)),
        ("<audio controls><source src=x>不支持</audio>甲", "［音频］甲", ("音频",)),
        ("<math><mi>x</mi></math>甲", "［公式］甲", ("公式",)),
        ("<script>alert(1)</script>甲<style>p{}</style>", "甲", ("脚本",)),
        ("<SCRIPT>1</SCRIPT >甲", "甲", ("脚本",)),
        ("<script>没有结束", "没有结束", ("脚本",)),
        ("<svg/>甲", "［图片］甲", ("图片",)),
        ('<a href="http://x">甲</a><a name="y">乙</a>', "甲乙", ("链接",)),
        ("<table><tr><td>甲</td></tr></table>", "甲", ("表格的样子",)),
        ("<ol><li>甲</li></ol>", "甲", ("列表的编号",)),
        ("<del>甲</del>", "甲", ("删除线",)),
        ("填写<name>甲", "填写甲", ("不认识的标记",)),
        ("甲<iframe src=x>乙</iframe>", "甲", ("嵌入的网页",)),
        ("甲<input type=text>", "甲", ("输入框",)),
    ],
)
def test_what_text_cannot_hold_is_named(html: str, text: str, lost: tuple[str, ...]) -> None:
    assert from_html(html) == (text, lost)


def test_what_stands_behind_the_limit_is_named() -> None:
    plain = from_html("<b>" + "甲" * MOST_CHARACTERS)
    assert len(plain.text) < MOST_CHARACTERS
    assert plain.lost == ("10万字以后的内容",)


@pytest.mark.parametrize(
    "piece", ["<", "<b>", "<p>", "<a", "<a ", "<!--", "<!", "&", "&#1", '<a "', "<a '\"", "</a"]
)
@pytest.mark.parametrize("end", ["", ">", '">'])
def test_the_longest_text_of_nothing_but_markup_is_read(piece: str, end: str) -> None:
    assert len(from_html(piece * (MOST_CHARACTERS // len(piece)) + end).text) <= MOST_CHARACTERS
