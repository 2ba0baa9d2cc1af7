"""What changed between two texts: nothing is lost, and a reader can follow it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cstrain.ui.differences import Piece, differences, shortened

TEXT = st.text(st.sampled_from("退货三天内发货ab 12。\n"), max_size=80)


def said(before: str, after: str) -> str:
    marks = {"same": "{}", "added": "[+{}]", "removed": "[-{}]", "skipped": "…"}
    return "".join(marks[piece.kind].format(piece.text) for piece in differences(before, after))


def test_a_changed_number_is_told_by_itself() -> None:
    assert said("签收后7天内可以退货。", "签收后15天内可以退货。") == "签收后[-7][+15]天内可以退货。"
    assert said("refund in 7 days", "refund in ten days") == "refund in [-7][+ten] days"
    assert said("the refund", "the refunds") == "the [-refund][+refunds]"


def test_whole_lines_come_and_go() -> None:
    assert said("一\n二\n三\n", "一\n三\n") == "一\n[-二\n]三\n"
    assert said("", "一\n") == "[+一\n]" and said("一", "") == "[-一]"
    assert said("", "") == "" and said("一", "一") == "一"


def test_another_sentence_is_not_told_sign_by_sign() -> None:
    assert said("顾客要退货时先核对订单。", "仓库每天16:00盘点一次货位。") == (
        "[-顾客要退货时先核对订单。][+仓库每天16:00盘点一次货位。]"
    )
    assert said("先打电话再登记的人", "先写邮件再通知的人") == "先[-打电话再登记][+写邮件再通知]的人"


def test_long_stretches_that_are_the_same_are_skipped() -> None:
    pieces = shortened(differences("甲" * 300 + "旧" + "乙" * 300, "甲" * 300 + "新" + "乙" * 300), 10)
    assert pieces == [
        Piece("skipped", ""), Piece("same", "甲" * 10), Piece("removed", "旧"), Piece("added", "新"),
        Piece("same", "乙" * 10), Piece("skipped", ""),
    ]  # fmt: skip


def test_what_surrounds_a_change_is_whole_sentences_of_its_own_paragraph() -> None:
    before = (
        "前面很长的一句话。" * 20
        + "这一句以内的内容。缺件先补寄。赠品"
        + "要退。仓库拍照报组长。\n\n## 运费\n|表"
        + "格" * 200
    )
    pieces = shortened(differences(before, before.replace("要退", "不用退")), 16)
    assert [piece.text for piece in pieces if piece.kind == "same"] == [
        "缺件先补寄。赠品",
        "退。仓库拍照报组长。\n",
    ]
    pieces = shortened(differences("一句。" * 90, "新的一句。" + "一句。" * 90), 10)
    assert [piece.text for piece in pieces] == ["新的一句。", "一句。一句。一句。", ""]
    pieces = shortened(differences("甲\n\n" + "乙" * 99, "新\n\n" + "乙" * 99), 10)
    assert [piece.text for piece in pieces] == ["甲", "新", "\n", ""]


def test_texts_of_any_length_are_compared() -> None:
    many = "".join(f"第{n}行\n" for n in range(3000))
    assert differences(many, many.replace("第1500行", "第一千五百行"))
    assert differences("\n" * 30_000, "甲\n" * 30_000)
    assert differences("甲乙" * 50_000, "乙丙" * 50_000)


@given(TEXT, TEXT)
def test_the_pieces_are_the_two_texts(before, after) -> None:
    pieces = differences(before, after)
    assert "".join(each.text for each in pieces if each.kind != "added") == before
    assert "".join(each.text for each in pieces if each.kind != "removed") == after
    kinds = [each.kind for each in pieces]
    assert all(first != second for first, second in pairwise(kinds))
    assert ("added", "removed") not in set(pairwise(kinds))
