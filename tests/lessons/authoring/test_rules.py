"""What a page must fulfil before it is published."""

from __future__ import annotations

import pytest

from cstrain.lessons.authoring.facts import Content
from cstrain.lessons.authoring.rules import faults, is_safe_link, pictures_of
from cstrain.lessons.facts import Attachment
from cstrain.lessons.page_source import Page
from cstrain.lessons.service import _digest, digest_of

PICTURE = "/files/" + "0a" * 32


def page(body: str) -> Content:
    return Content("夜班交接", "daily", 3, None, body)


def says(body: str, *known: str) -> str:
    return "\n".join(str(each) for each in faults(page(body), known))


def test_a_page_with_sections_and_known_pictures_is_ready() -> None:
    assert says(f"## 交接\n\n![表]({PICTURE})\n\n### 一个例外\n", "0a" * 32) == ""
    assert pictures_of(f"![表]({PICTURE}) ![坏](/x.png)") == {"0a" * 32}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("没有标题。", "没有“##”标题"),
        ("```\n## 代码里的\n```", "没有“##”标题"),
        ("## 交接\n\n## 交接\n", "不止一处"),
        ("## 交接：\n", "末尾不要标点"),
        ("## 交接\n![x](https://evil.example/x.png)", "不在本系统里"),
        ("## 交接\n![x](/static/x.png)", "不在本系统里"),
        (f"## 交接\n![x]({PICTURE})", "没有找到"),
    ],
)
def test_what_readers_or_questions_would_stumble_over_is_named(body, why) -> None:
    assert why in says(body)


@pytest.mark.parametrize(
    "link", ["https://v.qq.com/x/a.html?id=1#t", "https://a.cn:8443/v", "https://a/视频"]
)
def test_a_link_outside_is_https_to_a_host(link) -> None:
    assert is_safe_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "http://a.cn/v", "javascript:alert(1)", "https:a", "https://", "https://u:p@a.cn/", "https://a.cn/ x",
        "//a.cn/v", "https://a.cn/\u202ex", "https://a" + "a" * 500, "https://[::1", "data:text/html,x",
    ],
)  # fmt: skip
def test_any_other_link_is_refused(link) -> None:
    assert not is_safe_link(link)


def test_a_page_without_anything_beside_it_has_the_digest_of_the_shipped_one() -> None:
    shipped = Page("a", "夜班交接", "daily", None, 3, 1, (), "## 交接\n", "a.md")
    content = page("## 交接\n")
    assert digest_of(*content.parts) == _digest(shipped)
    beside = Content("夜班交接", "daily", 3, None, "## 交接\n", None, (Attachment("0" * 64, "a.pdf", 9),))
    assert digest_of(*beside.parts) != _digest(shipped)
