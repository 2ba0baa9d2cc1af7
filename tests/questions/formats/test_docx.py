"""Word files: lists numbered as shown, tables, deletions, pictures; what is hostile; what is written."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings

from cstrain.questions.exchange.contract import Draft, Reading, UnreadableError, guessed, part
from cstrain.questions.exchange.docx.numbering import counted
from cstrain.questions.exchange.docx.source import text_of
from cstrain.questions.exchange.text.written import canonical
from cstrain.questions.formats.docx import Docx
from cstrain.questions.formats.text import Text
from tests.questions.formats.drafts import drafts
from tests.questions.formats.test_text import EXAM

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def level(at: int, kind: str, text: str) -> str:
    start = f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/>'
    return f'{start}<w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'


LISTS = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{level(0, "decimal", "%1．")}'
    f"{level(1, 'upperLetter', '%2.')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="1">{level(0, "chineseCounting", "%1、")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)


def p(text: str, name: int = 0, depth: int = 0, more: str = "") -> str:
    listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>' if name else ""
    return f"<w:p><w:pPr>{listed}</w:pPr><w:r><w:t>{text}</w:t></w:r>{more}</w:p>"


def word(body: str, **more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/numbering.xml", LISTS)
        for name, text in more.items():
            archive.writestr(f"word/{name}.bin", text)
    return out.getvalue()


def read(body: str) -> Reading:
    return Docx.read(word(body), "a.docx")


ASKED = p("先做什么？", 1) + p("道歉", 1, 1) + p("查单", 1, 1)


def test_a_long_paper_with_the_marks_that_a_word_processor_puts_around_every_run_is_read() -> None:
    def saved(text: str) -> str:
        about = '<w:pPr><w:pStyle w:val="Normal"/><w:bidi w:val="0"/><w:jc w:val="left"/><w:rPr/></w:pPr>'
        return f"<w:p>{about}<w:r><w:rPr><w:rFonts/></w:rPr><w:t>{text}</w:t></w:r></w:p>"

    asked = "".join(
        map(saved, ("先做什么？", "A. 道歉", "B. 查单", "C. 退款", "答案：B", "解析：先查。", "难度：易"))
    )
    body = "".join(saved(f"{number}. 第{number}题") + asked for number in range(1, 2_001))
    reading = read(body)
    assert (len(reading.drafts), reading.faults) == (2_000, ())


def test_a_file_of_too_many_lines_is_refused() -> None:
    with pytest.raises(UnreadableError, match="太多"):
        text_of(word("<w:p/>" * 60_001))


def test_of_two_versions_of_a_paragraph_only_the_first_is_read() -> None:
    both = "<mc:AlternateContent xmlns:mc='urn:mc'><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>"
    body = both.format(p("甲"), p("乙")) + "</mc:AlternateContent>"
    assert text_of(word(body)).split() == ["甲"]


def test_automatic_numbers_are_restored() -> None:
    body = p("单选题", 2) + ASKED + p("答案：B") + p("判断题", 2) + p("微笑能被听见。", 1) + p("答案：对")
    assert text_of(word(body)).split("\n")[:4] == ["一、 单选题", "1． 先做什么？", "A. 道歉", "B. 查单"]
    reading = read(body)
    assert [draft.fields["answer"] for draft in reading.drafts] == [["B"], True]


def test_letters_begin_again_under_each_question() -> None:
    reading = read((ASKED + p("答案：A")) + ASKED.replace("先", "后") + p("答案：B"))
    assert [draft.fields["answer"] for draft in reading.drafts] == [["A"], ["B"]]


def test_options_in_a_table_are_read_row_by_row() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    table = f"<w:tbl>{row('A. 甲', 'B. 乙')}{row('C. 丙', 'D. 丁')}</w:tbl>"
    reading = read(p("1. 题？") + table + p("答案：D"))
    assert reading.drafts[0].fields["options"] == ["甲", "乙", "丙", "丁"]


def test_deleted_text_is_left_out_and_inserted_text_is_read() -> None:
    more = "<w:del><w:r><w:delText>不</w:delText><w:t>不</w:t></w:r></w:del>"
    more += "<w:ins><w:r><w:t>重要。（√）</w:t></w:r></w:ins>"
    assert read(p("1. 微笑", more=more)).drafts[0].fields["stem"] == "微笑重要。（　）"


def test_an_underlined_space_is_a_blank() -> None:
    more = '<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">    </w:t></w:r>'
    reading = read(p("1. 热线是", more=more) + p("答案：10086"))
    assert reading.drafts[0].fields["stem"] == "热线是____"


def test_a_picture_is_a_note_on_its_question() -> None:
    reading = read(p("1. 看图。（√）", more="<w:r><w:drawing/></w:r>"))
    assert reading.drafts[0].notes == ("没有保留：图片",)
    assert "［图片］" in reading.drafts[0].fields["stem"]


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = "<w:r><w:pict><w:txbxContent>" + p("答案：对") + "</w:txbxContent></w:pict></w:r>"
    assert text_of(word(p("1. 微笑。", more=box))) == "1. 微笑。\n答案：对"


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (3, "decimal", "3"),
        (12, "chineseCountingThousand", "十二"),
        (105, "chineseCounting", "一百零五"),
        (28, "upperLetter", "BB"),
        (4, "lowerRoman", "iv"),
        (3, "decimalEnclosedCircle", "③"),
    ],
)
def test_numbers_are_spelt_as_in_word(number: int, kind: str, said: str) -> None:
    assert counted(number, kind) == said


def test_what_is_no_word_file_or_is_hostile_is_refused() -> None:
    nested = "x"
    for _ in range(40):
        nested = f"<w:tbl><w:tr><w:tc>{nested}</w:tc></w:tr></w:tbl>"
    whole = word(ASKED)
    for raw, reason in (
        (word(ASKED, vbaProject="x"), "宏"),
        (b"\xd0\xcf\x11\xe0old", ".doc"),
        (b"PK\x03\x04half", "压缩包"),
        (word(nested), "嵌套"),
        (word("<w:p>" * 300 + "</w:p>" * 300), "嵌套"),
        (whole[: len(whole) // 2], "压缩包"),
    ):
        with pytest.raises(UnreadableError, match=reason):
            Docx.read(raw, "a.docx")


def test_a_word_file_is_told_by_what_is_in_it() -> None:
    assert Docx.looks_right(word(ASKED), "upload")
    assert guessed(word(ASKED), "a.docx") is Docx
    assert not Docx.looks_right(b"PK\x03\x04xl/workbook.xml", "a.xlsx")


def test_the_same_questions_give_the_same_bytes_and_the_text_s_fields() -> None:
    some = Text.read(EXAM.encode(), "a.txt").drafts
    first, second = Docx.write("题库", some), Docx.write("题库", some)
    assert first == second
    back = Docx.read(first.data, "a.docx")
    assert [canonical(each.fields) for each in back.drafts] == [canonical(each.fields) for each in some]


@given(drafts())
@settings(deadline=None, max_examples=60)
def test_what_is_written_reads_back_the_same(some: list[Draft]) -> None:
    written = Docx.write("题库", some)
    lost = {str(fault.place) for fault in written.lost}
    kept = [draft for draft in some if str(draft.place) not in lost]
    reading = Docx.read(written.data, "a.docx") if kept else Reading()
    assert reading.faults == ()
    assert [canonical(each.fields) for each in reading.drafts] == [canonical(each.fields) for each in kept]


def test_characters_that_xml_cannot_hold_are_named() -> None:
    draft = Draft(part("x"), {"id": "x", "type": "true_false", "stem": "甲\x01乙", "answer": True})
    assert "控制字符" in Docx.write("题库", [draft]).lost[0].message
