"""Lesson pages: front matter, headings and faults with lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstrain.lessons import page_source
from cstrain.lessons.page_source import Heading, headings_by_page, parse_page, read_pages
from cstrain.policies.yaml_source import SourceError

HEAD = "---\nid: day-05\ntitle: 改价\nkind: daily\nday: 5\nversion: 2\n---\n"
BODY = "开头。\n\n## 改价的权限\n\n- 五元\n\n```\n## 不是标题\n```\n### 常见错误 ##\n#### 更小\n"


def faults(text: str, file: str = "day-05.md") -> list[tuple[int, str]]:
    with pytest.raises(SourceError) as caught:
        parse_page(text, file)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_a_page_is_read_with_its_headings_and_their_lines() -> None:
    page = parse_page(HEAD + BODY, "day-05.md")
    assert (page.id, page.title, page.kind, page.day, page.handbook, page.version) == (
        "day-05",
        "改价",
        "daily",
        5,
        None,
        2,
    )
    assert page.headings == (Heading(2, "改价的权限", 10), Heading(3, "常见错误", 17))
    assert page.body.startswith("开头。") and page.body.endswith("#### 更小\n")
    assert headings_by_page([page]) == {"day-05": frozenset({"改价的权限", "常见错误"})}


def test_characters_leave_out_spaces_and_markup() -> None:
    page = parse_page(HEAD + "## 一二\n\n- **三** 四\n> | 五 |\n", "day-05.md")
    assert page.characters == 5


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("## 没有说明\n", 1, "开头缺少"),
        ("---\nid: day-05\n", 1, "开头缺少"),
        ("", 1, "开头缺少"),
        (HEAD.replace("day: 5\n", "") + BODY, 2, "要写 day"),
        (HEAD.replace("day: 5", "handbook: oa") + BODY, 2, "要写 day"),
        (HEAD.replace("kind: daily", "kind: handbook") + BODY, 2, "要写 handbook"),
        (HEAD.replace("version: 2", "version: 二") + BODY, 6, "“version”应为整数"),
        (HEAD.replace("title: 改价", "titel: 改价") + BODY, 3, "不认识“titel”"),
        (HEAD.replace("title: 改价", "id: x") + BODY, 3, "第2行已经写过"),
        (HEAD + "正文\n", 1, "没有“##”标题"),
        (HEAD + BODY + "## 常见错误\n", 19, "不止一处"),
        (HEAD + "## 为什么？\n", 8, "末尾不要标点"),
    ],
)
def test_faults_name_the_line(text: str, line: int, words: str) -> None:
    assert any(found[0] == line and words in found[1] for found in faults(text))


def test_the_id_is_the_name_of_the_file() -> None:
    assert "与文件名不同" in faults(HEAD + BODY, "day-06.md")[0][1]


def test_a_folder_gives_good_pages_and_faults(tmp_path) -> None:
    (tmp_path / "day-05.md").write_text(HEAD + BODY, encoding="utf-8")
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe")
    (tmp_path / "notes.txt").write_text("x")
    shelf = read_pages(tmp_path, prefix="lessons/")
    assert [page.id for page in shelf.pages] == ["day-05"]
    assert [fault.file for fault in shelf.faults] == ["lessons/bad.md"]
    assert read_pages(tmp_path / "nothing") == page_source.Shelf((), ())


def test_the_shipped_pages_have_no_faults_and_their_length() -> None:
    shelf = read_pages(Path(page_source.__file__).parent / "shipped")
    assert shelf.faults == ()
    assert shelf.pages
    assert [page.id for page in shelf.pages if not 800 <= page.characters <= 2000] == []
