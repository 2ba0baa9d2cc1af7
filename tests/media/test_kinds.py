"""What an uploaded file is, told by its content; and its cleaned name."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.errors import DomainError
from cstrain.media.kinds import clean_name, kind_of
from tests.factories.media import MP4, PDF, WEBM, archive, picture


def kind(data: bytes, name: str = "x") -> str:
    return kind_of(io.BytesIO(data), name).ending


@pytest.mark.parametrize(
    ("data", "name", "ending"),
    [
        (PDF, "a.exe", "pdf"),
        (MP4, "a", "mp4"),
        (WEBM, "a.mp4", "webm"),
        (archive("[Content_Types].xml", "word/document.xml"), "a.zip", "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", "xlsx"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "a.xlsx", "pptx"),
        (archive("word/document.xml"), "a.docx", "zip"),
        (archive("../../etc/passwd", "a"), "a.zip", "zip"),
        ("顾客,订单\n".encode(), "a.csv", "csv"),
        ("顾客,订单\n".encode("gb18030"), "a.CSV", "csv"),
        ("顾客\n".encode(), "a.html", "txt"),
        (b"x" * (1024 * 1024 - 1) + "客".encode() * 3, "a", "txt"),
    ],
)
def test_a_file_is_what_its_content_says(data, name, ending) -> None:
    assert kind(data, name) == ending


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"MZ\x90\0\x03\0\0\0", "只收PDF"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "只收PDF"),
        (b"\0\0\0\x18ftypqt  " + bytes(50), "只收PDF"),
        (b"\x1a\x45\xdf\xa3 matroska" + bytes(80), "只收PDF"),
        (b"\xff\xfe\xff" * 10, "只收PDF"),
        (picture(), "只收PDF"),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "宏"),
        (b"PK\x03\x04" + bytes(40), "不完整"),
        (archive("a", "b")[:-30], "不完整"),
        (
            b"PK\x03\x04" + b"PK\x05\x06" + bytes(8) + b"\x01\0\x01\0" + b"\xff\xff\0\0\xff\xff\0\0\0\0",
            "不完整",
        ),
    ],
)
def test_anything_else_is_refused_in_words(data, says) -> None:
    with pytest.raises(DomainError, match=says):
        kind(data)


def test_an_archive_of_very_many_files_is_not_looked_into() -> None:
    names = ["[Content_Types].xml", "word/document.xml", *(f"f{n}" for n in range(6000))]
    assert kind(archive(*names)) == "zip"


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("讲义.pdf", "讲义.pdf"),
        ("讲义.PDF", "讲义.pdf"),
        ("C:\\桌面\\讲义.exe", "讲义.exe.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("a\0b\r\nc\x7f\u200b.pdf", "abc.pdf"),
        ('<b>"x|y?*:%00".pdf', "_b__x_y____00_.pdf"),
        ("", "文件.pdf"),
        (" . . .pdf", "文件.pdf"),
        (".pdf", "文件.pdf"),
        ("\ud800x.pdf", "_x.pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_a_name_loses_its_path_and_what_nobody_sees(name, cleaned) -> None:
    assert clean_name(name, "pdf") == cleaned


@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_and_stays_as_it_is(name) -> None:
    cleaned = clean_name(name, "docx")
    assert len(cleaned) <= 120 and cleaned.endswith(".docx") and cleaned != ".docx"
    assert clean_name(cleaned, "docx") == cleaned
    cleaned.encode()
