"""Answer blocks of GIFT files as fields of our types: one function a kind of block. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.gift.syntax import Item, RefusedError, items
from cstrain.questions.exchange.gift.text import answer_text
from cstrain.questions.facts import JsonObject
from cstrain.questions.written_fields import plain_number
from cstrain.wording.said import say

Text = Callable[[str], str]
"""Makes a guarded text of the question plain."""
_FULL = 99.0
"""From so many percent on an answer earns all: three times 33.3 too."""
_FEWEST_PAIRS = 3
_SHOWN = 40
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_WILD = re.compile(r"(?<!\\)\*")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][-+]?[0-9]{1,2})?")


class Answers(NamedTuple):
    """What a block says: fields, feedback to single answers, and what no question of ours can hold."""

    fields: JsonObject
    feedback: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def answers_of(block: str, text: Text) -> Answers:
    """Return what a guarded block says; raises ``RefusedError``."""
    if not block:
        return Answers({"type": "essay"})
    if block.startswith("#"):
        return _number(block[1:].strip(), text)
    if _truth(block) is not None:
        return _true_false(block, text)
    if "~" in block:
        return _choice(items(block), text)
    return _matching(items(block), text) if "->" in block else _fill_in(items(block), text)


def is_fill_in(block: str) -> bool:
    """Tell whether a block holds short answers."""
    other = not block or block[0] == "#" or "~" in block or "->" in block
    return not other and _truth(block) is None


def _truth(block: str) -> bool | None:
    return _TRUTH.get(block.partition("#")[0].strip().upper())


def _true_false(block: str, text: Text) -> Answers:
    feedback = tuple(said for each in block.split("#")[1:] if (said := text(each)))
    return Answers({"type": "true_false", "answer": _truth(block)}, feedback)


def _choice(given: Sequence[Item], text: Text) -> Answers:
    if len(given) > len(LETTERS):
        raise RefusedError(say("有%(n)s个选项，最多%(most)s个，请删减。", n=len(given), most=len(LETTERS)))
    options = [text(each.text) for each in given]
    right, lost = _right(given, options)
    fields: JsonObject = {
        "type": "single_choice" if len(right) == 1 else "multiple_choice",
        "options": options,
        "answer": [LETTERS[index] for index in right],
    }
    return Answers(fields, _feedback(options, given, text), lost)


def _right(given: Sequence[Item], options: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    """Return the right options, and what their weights say beyond all or nothing."""
    full = [index for index, each in enumerate(given) if each.share >= _FULL]
    if len(full) > 1:
        raise RefusedError(
            say("有几个选项都标成满分，分不清是选一个就行还是要全选。多选题请写成~%50%这样的得分。")
        )
    if full:
        odd = [index for index, each in enumerate(given) if each.share != 0 and index not in full]
        return full, tuple(
            say(
                "选项“%(options)s”的得分（%(percent)s）",
                options=options[index][:_SHOWN],
                percent=_percent(given[index]),
            )
            for index in odd
        )
    right = [index for index, each in enumerate(given) if each.share > 0]
    shares = [given[index].share for index in right]
    if not right:
        raise RefusedError(say("没有标出正确答案，请在正确的选项前写=。"))
    if len(right) == 1 or abs(sum(shares) - 100) > 1:
        raise RefusedError(say("正确选项的得分加起来不是100%，请改正。"))
    penalties = {each.share for index, each in enumerate(given) if index not in right}
    uneven = max(shares) - min(shares) > 1 or len(penalties) > 1
    return right, (say("各选项不同的得分"),) if uneven else ()


def _percent(item: Item) -> str:
    return f"{item.share:g}%"


def _feedback(names: Sequence[str], given: Sequence[Item], text: Text) -> tuple[str, ...]:
    pairs = zip(names, given, strict=True)
    return tuple(f"“{name}”：{said}" for name, each in pairs if (said := text(each.feedback)))


def _matching(given: Sequence[Item], text: Text) -> Answers:
    pairs: list[list[str]] = []
    extra: list[str] = []
    for each in given:
        line = f"{each.text}#{each.feedback}" if each.feedback else each.text
        left, arrow, right = line.partition("->")
        if not arrow or not right.strip():
            raise RefusedError(say("配对题的每个=后面都要写“左边 -> 右边”，请补上。"))
        if left.strip():
            pairs.append([text(left), answer_text(right)])
        else:
            extra.append(answer_text(right))
    if len(pairs) < _FEWEST_PAIRS:
        raise RefusedError(
            say(
                "只有%(n)s对，配对题至少要%(least)s对，请补充或改成选择题。",
                n=len(pairs),
                least=_FEWEST_PAIRS,
            )
        )
    return Answers({"type": "matching", "pairs": pairs, **({"extra": extra} if extra else {})})


def _fill_in(given: Sequence[Item], text: Text) -> Answers:
    accepted: dict[str, None] = {}
    lost: list[str] = []
    for each in given:
        answer = answer_text(each.text)
        if each.share <= 0:
            continue
        if each.share < _FULL:
            lost.append(
                say(
                    "部分得分的答案“%(answer)s”（%(percent)s）",
                    answer=answer[:_SHOWN],
                    percent=_percent(each),
                )
            )
        elif _WILD.search(answer):
            lost.append(say("带通配符的答案“%(answer)s”", answer=answer[:_SHOWN]))
        else:
            accepted[answer.replace("\\*", "*")] = None
    if not accepted:
        raise RefusedError(
            say(
                "没有一个能得满分的具体答案（*在GIFT里代表任意文字，不能这样判分）。请写出答案"
                "，星号本身写成\\*。"
            )
        )
    feedback = _feedback([answer_text(each.text) for each in given], given, text)
    return Answers({"type": "fill_in", "blanks": [list(accepted)]}, feedback, tuple(lost))


def _number(block: str, text: Text) -> Answers:
    block, _, otherwise = block.partition("~")
    block = block.strip()
    given = items(block if block.startswith("=") else f"={block}")
    names = [answer_text(each.text) for each in given]
    full = [index for index, each in enumerate(given) if each.share >= _FULL]
    if not full:
        raise RefusedError(say("没有一个能得满分的数，请写出来。"))
    answer, tolerance = _bounds(names[full[0]])
    lost = [
        say(
            "%(what)s的答案“%(name)s”（%(percent)s）",
            what=say("另一个满分") if index in full else say("部分得分"),
            name=name[:_SHOWN],
            percent=_percent(given[index]),
        )
        for index, name in enumerate(names)
        if index != full[0]
    ]
    feedback = _feedback(names, given, text)
    if said := text(otherwise.partition("#")[2]):
        feedback = (*feedback, f"其他答案：{said}")
    fields: JsonObject = {"type": "number", "answer": _plain(answer)}
    if tolerance is not None:
        fields["tolerance"] = _plain(tolerance)
    return Answers(fields, feedback, tuple(lost))


def _bounds(said: str) -> tuple[Decimal, Decimal | None]:
    """Return the answer and the tolerance (``None``: not said) of ``5``, ``5:1`` or ``4..6``."""
    folded = "".join(unicodedata.normalize("NFKC", said).replace("−", "-").split())
    least, between, most = folded.partition("..")
    if not between:
        number, colon, tolerance = folded.partition(":")
        return _decimal(number, said), _decimal(tolerance, said) if colon else None
    low, high = _decimal(least, said), _decimal(most, said)
    if low > high:
        raise RefusedError(say("范围“%(said)s”的下限比上限大，请改正。", said=said[:_SHOWN]))
    with localcontext(prec=300):
        return ((low + high) / 2).normalize(), ((high - low) / 2).normalize()


def _decimal(text: str, said: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise RefusedError(
            say("“%(said)s”不是数，请写成5、5:0.1（允许误差）或4.9..5.1（范围）。", said=said[:_SHOWN])
        )
    return Decimal(text)


def _plain(number: Decimal) -> int | float | str:
    return plain_number(f"{number:f}")
