"""What a new version of a page changed, section by section."""

from __future__ import annotations

from cstrain.lessons.changes import Kind, SectionChange, differences, sections, touched

OLD = """先看昨天的问题。

## 退货期限

七天内可以退。

### 例外

定制的不退。

## 运费

公司付。
"""


def test_a_section_holds_what_is_below_it_and_its_own_text_does_not() -> None:
    found = sections(OLD)
    assert list(found) == ["", "退货期限", "例外", "运费"]
    assert found["退货期限"].own == "七天内可以退。"
    assert "定制的不退。" in found["退货期限"].text and "公司付" not in found["退货期限"].text
    assert found["例外"].text == "定制的不退。"


def test_a_changed_section_touches_itself_and_what_it_lies_in() -> None:
    new = OLD.replace("定制的不退。", "定制的和鲜花不退。")
    assert touched(OLD, new) == {"退货期限", "例外"}
    assert differences(OLD, new) == (
        SectionChange("例外", Kind.CHANGED, "定制的不退。", "定制的和鲜花不退。"),
    )


def test_a_renamed_section_is_one_that_is_gone_and_a_new_one() -> None:
    new = OLD.replace("## 运费", "## 谁付运费")
    assert touched(OLD, new) == {"运费"}
    assert [(each.heading, each.kind) for each in differences(OLD, new)] == [
        ("谁付运费", Kind.ADDED),
        ("运费", Kind.REMOVED),
    ]


def test_blanks_at_the_ends_of_lines_change_nothing() -> None:
    assert touched(OLD, OLD.replace("七天内可以退。", "七天内可以退。  ") + "\n\n") == frozenset()
    assert differences(OLD, OLD + "\n") == ()


def test_what_precedes_the_first_heading_differs_and_touches_no_section() -> None:
    new = OLD.replace("昨天", "前天")
    assert touched(OLD, new) == frozenset()
    assert [each.heading for each in differences(OLD, new)] == [""]


def test_a_new_section_touches_nothing_that_was_there() -> None:
    assert touched(OLD, OLD + "\n## 退款\n\n三天到账。\n") == frozenset()


def test_code_holds_no_headings_and_a_heading_that_comes_twice_is_one_section() -> None:
    assert list(sections("## 甲\n\n```\n## 乙\n```\n")) == ["甲"]
    assert sections("## 甲\n一\n## 乙\n## 甲\n二\n")["甲"].own == "一\n二"


def test_moved_sections_are_the_same() -> None:
    last = "## 运费\n\n公司付。\n"
    moved = OLD.replace(last, "").replace("## 退货期限", f"{last}\n## 退货期限")
    assert touched(OLD, moved) == frozenset() and differences(OLD, moved) == ()
