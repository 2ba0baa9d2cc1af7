"""What the answer cell of a question sheet says, for each type of question. Pure.

Each function raises ``RefusedError`` where the cell could be read in two ways, or in none.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.sheets.cells import (
    GAP,
    RefusedError,
    amount,
    letters,
    named,
    ordinals,
    split,
    unescaped,
    with_gaps,
    without_marks,
)
from cstrain.questions.exchange.sheets.words import FALSE, TRUE
from cstrain.questions.folding import fold
from cstrain.wording.said import say

BLANK_MARKS = "|｜；;/／\n"
PAIR_MARKS = "=＝\n"
RUBRIC_MARKS = "|｜/\n"
EXTRA = "多余："
"""What stands before a right side that belongs to nothing, in the answer cell of a matching question."""

_PER = frozenset(
    (
        *(
            "月",
            "年",
            "日",
            "天",
            "时",
            "小时",
            "分",
            "分钟",
            "秒",
            "人",
            "次",
            "件",
            "单",
            "周",
            "个",
            "位",
            "台",
        ),
        *("h", "s", "min", "m", "km", "kg", "g", "d", "day", "month", "year", "hour"),
    )
)
_TEXT_JOINS = ("|｜", "\n", "；;", "、", "，,")
_BLANK_JOINS = ("|｜", "；;\n")
_LOOSE_JOINS = (re.compile("、"), re.compile("[，,]"), re.compile(r"\s+"))
_CRITERION = re.compile(r"[0-9]{1,3}")


def truth(answer: str, options: list[str]) -> bool:
    """Return the answer of a true/false question: in words or signs, or the option that says them."""
    word = fold(answer.strip(" 。.;；"))
    if options:
        picked = chosen(answer, options)
        if len(picked) != 1:
            raise RefusedError(say("判断题的答案只能有一个，请写“正确”或“错误”。"))
        word = fold(options[picked[0]])
    if word in TRUE or word in FALSE:
        return word in TRUE
    said = say("“%(answer)s”看不出对错", answer=answer[:20]) if answer else say("没有写答案")
    raise RefusedError(say("%(said)s，判断题的答案请写“正确”或“错误”。", said=said))


def chosen(answer: str, options: list[str]) -> list[int]:
    """Return which options (from 0, in order) an answer names: by letters, by numbers, or in their words."""
    if not answer:
        raise RefusedError(say("没有写答案，请写正确选项的字母，例如A；有几项就写AC。"))
    explicit = named(answer)
    if explicit is not None:
        return _known(explicit, answer, options)
    words, marks = _by_words(answer, options), letters(answer) or ordinals(answer)
    if words is None and marks is None:
        raise RefusedError(
            say(
                "答案“%(answer)s”不是选项的字母，也不是某个选项的文字，请写字母，例如A或AC。",
                answer=answer[:30],
            )
        )
    if words is None or marks is None:
        return words or _known(marks or [], answer, options)
    if words != sorted(set(marks)) and max(marks) < len(options) and len(set(marks)) == len(marks):
        raise _two_ways(answer, marks, words)
    return words


def _two_ways(answer: str, first: list[int], second: list[int]) -> RefusedError:
    one, two = ("、".join(f"选项{LETTERS[each]}" for each in way if each < 10) for way in (first, second))
    return RefusedError(
        say(
            "答案“%(answer)s”可以指%(one)s，也可以是%(two)s的文字。请写成“%(one)s”或“%(two)s”（"
            "连“选项”两字一起写）。",
            answer=answer[:30],
            one=one,
            two=two,
        )
    )


def _known(picked: list[int], answer: str, options: list[str]) -> list[int]:
    if len(set(picked)) < len(picked):
        raise RefusedError(say("答案“%(answer)s”里同一个选项写了两次，请删掉一个。", answer=answer[:30]))
    if max(picked) >= len(options):
        raise RefusedError(
            say(
                "答案“%(answer)s”指的选项不存在：这一行只有%(n)s个选项。请改答案，或补上选项。",
                answer=answer[:30],
                n=len(options),
            )
        )
    return sorted(picked)


def _by_words(answer: str, options: list[str]) -> list[int] | None:
    """Return the options whose own words the answer holds, one or several; ``None`` for other answers."""
    places: dict[str, int] = {}
    for index, option in enumerate(options):
        places.setdefault(fold(option), index)
    if fold(answer) in places:
        return [places[fold(answer)]]
    for signs in _TEXT_JOINS:
        pieces = [fold(piece) for piece in re.split(f"[{signs}]", answer) if piece.strip()]
        if len(pieces) > 1 and all(piece in places for piece in pieces):
            return sorted({places[piece] for piece in pieces})
    return None


def blanks(stem: str, answer: str, options: list[str]) -> dict[str, Any]:
    """Return stem and blanks of a fill-in question; ``options`` hold the blanks where the answer does not."""
    stem = with_gaps(stem)
    gaps = stem.count(GAP)
    if gaps == 0:
        raise RefusedError(
            say("题干里没有空。请在要填的地方写四条下划线“%(gap)s”，或空的括号“（ ）”。", gap=GAP)
        )
    if not answer and options:
        pieces = options
        if len(pieces) != gaps:
            raise _uneven(gaps, len(pieces))
        return {"stem": stem, "blanks": [_with_commas(piece) for piece in pieces]}
    if not answer:
        raise RefusedError(say("没有写答案。填空题每空一个答案，几个空之间用竖线“|”隔开。"))
    return {"stem": stem, "blanks": [synonyms(piece) for piece in _pieces(answer, gaps)]}


def _uneven(gaps: int, pieces: int) -> RefusedError:
    return RefusedError(
        say(
            "题干里有%(gaps)s个空，答案却有%(pieces)s个。几个空的答案用竖线“|”隔开，例如：答案"
            "一 | 答案二；答案里本来就有的竖线或分号，前面加反斜杠“\\”。",
            gaps=gaps,
            pieces=pieces,
        )
    )


def _pieces(answer: str, gaps: int) -> list[str]:
    """Return the answers of the gaps, still escaped."""
    bars, others = (split(answer, signs, BLANK_MARKS) for signs in _BLANK_JOINS)
    counted = max(len(bars), len(others))
    if len(bars) == gaps and (gaps > 1 or counted == 1):
        return bars
    if len(bars) == 1 and len(others) == gaps > 1:
        return others
    if gaps == 1 or counted > 1:
        raise _uneven(gaps, counted)
    loose = [[one for one in cut.split(answer.strip()) if one] for cut in _LOOSE_JOINS]
    fitting = [pieces for pieces in loose if len(pieces) == gaps]
    if len(fitting) != 1 or any(len(pieces) not in {1, gaps} for pieces in loose[:2]):
        raise _uneven(gaps, 1)
    return fitting[0]


def synonyms(piece: str) -> list[str]:
    """Return what a blank accepts: spellings apart by ``/``; a slash that may be part of the answer is
    refused."""
    if not piece.strip():
        raise RefusedError(say("有一个空没有答案，请补上。"))
    raw = split(piece, "/／", BLANK_MARKS, bare=False)
    if any(_doubtful(left, right) for left, right in pairwise(raw)):
        raise RefusedError(
            say(
                "“%(piece)s”里的斜杠看不出是答案本身还是几种写法。是答案本身，前面加反斜杠“\\/”"
                "；是几种写法，斜杠两边各空一格“ / ”。",
                piece=piece.strip()[:30],
            )
        )
    return [unescaped(part.strip(), BLANK_MARKS) for part in raw]


def _doubtful(left: str, right: str) -> bool:
    """Tell whether a slash between two texts may be part of a date, a rate or an address."""
    if left.endswith((" ", "\u3000")) and right.startswith((" ", "\u3000")):
        return False
    digits = left.strip()[-1:].isdigit() and right.strip()[:1].isdigit()
    return digits or not left.strip() or not right.strip() or fold(right) in _PER


def _with_commas(piece: str) -> list[str]:
    """Return what a blank of its own cell accepts: spellings apart by commas, or by slashes."""
    if re.search(r"[0-9][,，][0-9]", piece):
        raise RefusedError(
            say(
                "“%(piece)s”里的逗号看不出是千位分隔还是几种写法。请去掉千位逗号，几种写法用“ / ”。",
                piece=piece[:30],
            )
        )
    parts = [part.strip() for part in re.split("[,，]", piece) if part.strip()]
    return parts if len(parts) > 1 else synonyms(piece)


def number(answer: str) -> dict[str, Any]:
    """Return answer, tolerance and unit of a number question."""
    found = amount(answer)
    if found is None:
        raise RefusedError(
            say(
                "答案“%(answer)s”不是数字。请写成：数字±允许误差 单位，例如：12.5±0.5 元。",
                answer=answer[:30],
            )
        )
    fields: dict[str, Any] = {"answer": found.answer.lstrip("+")}
    if found.tolerance:
        fields["tolerance"] = found.tolerance.lstrip("+")
    if found.unit:
        fields["unit"] = found.unit
    return fields


def pairs(answer: str, options: list[str]) -> dict[str, Any]:
    """Return the pairs of a matching question: one ``左=右`` an option; extra rights in the answer."""
    found = [_pair(option) for option in options]
    fields: dict[str, Any] = {"pairs": found}
    if answer.strip():
        lines = split(answer, "\n", PAIR_MARKS)
        if not all(line.startswith(EXTRA) for line in lines):
            raise RefusedError(
                say(
                    "配对题把每一对写在选项里（左=右），答案空着；多余的右边写在答案里，每行一"
                    "个，前面写“%(extra)s”。",
                    extra=EXTRA,
                )
            )
        fields["extra"] = [unescaped(line.removeprefix(EXTRA), PAIR_MARKS).strip() for line in lines]
    return fields


def _pair(option: str) -> list[str]:
    sides = [unescaped(side, PAIR_MARKS) for side in split(option, "=＝", PAIR_MARKS)]
    if len(sides) != 2 or not all(sides):
        raise RefusedError(
            say(
                "选项“%(option)s”不是一对。配对题每个选项写“左=右”；文字里本来就有的等号，前面"
                "加反斜杠“\\=”。",
                option=option[:30],
            )
        )
    return sides


def steps(answer: str, options: list[str]) -> dict[str, Any]:
    """Return the steps of an ordering question: the options, in the order of the answer where it has one."""
    if not answer:
        return {"steps": options}
    order = letters(answer) or ordinals(answer)
    if order is None or sorted(order) != list(range(len(options))):
        raise RefusedError(
            say(
                "答案“%(answer)s”不是全部选项的顺序。请写字母，例如CABD；或把选项按正确顺序写好，答案空着。",
                answer=answer[:30],
            )
        )
    return {"steps": [without_marks(options)[each] for each in order]}


def criteria(text: str) -> list[dict[str, Any]]:
    """Return a rubric: a line a criterion, ``要点|分|说明|最差/…/最好|编号``, the last three where wanted."""
    found = []
    for at, line in enumerate(split(text, "\n", RUBRIC_MARKS), start=1):
        if not line:
            continue
        parts = [*split(line, "|｜", RUBRIC_MARKS), "", "", "", ""][:6]
        title, of, hint, levels, name = parts[:5]
        if not title or not _CRITERION.fullmatch(of) or parts[5]:
            raise RefusedError(
                say("评分标准第%(at)s行请写成“要点|分”，例如：说明退款时限|3。分是1到100的整数。", at=at)
            )
        one: dict[str, Any] = {"id": unescaped(name, RUBRIC_MARKS) or f"c{at}", "of": int(of)}
        one["title"] = unescaped(title, RUBRIC_MARKS)
        if hint:
            one["hint"] = unescaped(hint, RUBRIC_MARKS)
        if levels:
            one["levels"] = [unescaped(each, RUBRIC_MARKS) for each in split(levels, "/", RUBRIC_MARKS)]
        found.append(one)
    return found
