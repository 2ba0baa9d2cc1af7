"""Text and dialogues of a lesson are told apart, and nothing of the text is lost."""

from __future__ import annotations

from cstrain.lessons.dialogue import Turn, blocks
from tests.factories.lessons import BODY


def test_a_quote_with_speakers_becomes_turns_and_the_rest_stays_text() -> None:
    first, talk, rest = blocks(BODY)
    assert first.text.startswith("先看一眼") and first.text.endswith("用订单号查最准。")
    assert talk.turns == (
        Turn("顾客", "我的单到哪了？"),
        Turn("客服", "我查一下，请稍等。", staff=True),
        Turn("", "（查到运单后）"),
        Turn("客服", "已经到松江，预计明天送到。", staff=True),
    )
    assert rest.text.startswith("## 常见错误")


def test_a_quote_without_a_speaker_stays_in_the_text() -> None:
    assert "> 公司规定：这一句只是引用。" in blocks(BODY)[2].text


def test_a_page_without_dialogue_is_one_text() -> None:
    assert [part.text for part in blocks("## 一\n\n文字\n")] == ["## 一\n\n文字"]


def test_an_empty_page_has_no_parts() -> None:
    assert blocks("\n\n") == ()


def test_every_shipped_dialogue_line_is_a_turn() -> None:
    from cstrain.lessons.service import SHIPPED

    for path in sorted(SHIPPED.glob("*.md")):
        body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        lines = [line for line in body.splitlines() if line.startswith("> **")]
        turns = [turn for part in blocks(body) for turn in part.turns]
        assert len([turn for turn in turns if turn.speaker]) == len(lines), path.name
        assert all(turn.words for turn in turns), path.name
