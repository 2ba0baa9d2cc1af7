"""A row of a question sheet as a draft: its type, and the fields of that type. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.sheets import answers
from cstrain.questions.exchange.sheets.cells import GAP, RefusedError, with_gaps, without_marks
from cstrain.questions.exchange.sheets.words import (
    ELSEWHERE,
    OPTION_FALSE,
    OPTION_TRUE,
    SURE,
    TYPE_OF,
    TYPES,
    USUAL_CODES,
    plain,
)
from cstrain.questions.folding import fold
from cstrain.wording.said import said_row, say

LABELS = {name: words[0] for name, words in TYPES.items() if name not in {"choice", "indefinite"}}
"""What our own sheets call the types."""
_WRITABLE = said_row("、", map(say, LABELS.values()))
_RANGE = re.compile(r"(?:([0-9]{1,5})\s*[-~～至到]\s*|[≤<]?)([0-9]{1,5})\s*字?(?:以内|以下)?")
_USUAL_MOST = {"short_answer": (300, 800), "essay": (2000, 4000)}


@dataclass(frozen=True, slots=True)
class Asked:
    """The cells of a row that make its type and answer."""

    type: str
    stem: str
    options: list[str]
    answer: str
    rubric: str = ""
    length: str = ""


def fields_of(asked: Asked, legend: Mapping[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the fields of a row's question and what is worth a note; raises ``RefusedError``."""
    if not asked.stem:
        raise RefusedError(say("没有题干，请补上；不要的行请整行删掉。"))
    kind, notes = _kind(asked, legend)
    fields = {"type": kind, "stem": asked.stem, **_MAKERS[kind](asked)}
    return fields, notes


def _kind(asked: Asked, legend: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    word = plain(asked.type)
    kind = legend.get(word) or TYPE_OF.get(word, "")
    if kind in {"choice", "indefinite"}:
        kind = "single_choice" if len(_picked_of_some(asked)) == 1 else "multiple_choice"
        note = (
            say("“%(type)s”按答案的个数读成%(label)s。", type=asked.type, label=say(LABELS[kind]))
            if TYPE_OF[word] == "indefinite"
            else ""
        )
        return kind, (note,) if note else ()
    if kind:
        return kind, ()
    if not word:
        return _inferred(asked), ()
    if word in USUAL_CODES and _guess(asked) == USUAL_CODES[word]:
        return USUAL_CODES[word], ()
    if word.isdecimal():
        raise RefusedError(
            say(
                "题型写的是数字“%(word)s”，看不出是哪一种，请写题型的名称：%(writable)s。",
                word=word[:4],
                writable=_WRITABLE,
            )
        )
    if word in ELSEWHERE:
        raise RefusedError(
            say("“%(type)s”放不进表格的一行，请用YAML文件导入，或在题库里新建。", type=asked.type)
        )
    raise RefusedError(
        say("不认识题型“%(type)s”，可以写的有：%(writable)s。", type=asked.type[:20], writable=_WRITABLE)
    )


def _inferred(asked: Asked) -> str:
    kind = _guess(asked)
    if kind is None:
        raise RefusedError(
            say("没有写题型，从选项和答案也看不准。请在“题型”里写：%(writable)s。", writable=_WRITABLE)
        )
    return kind


def _guess(asked: Asked) -> str | None:
    """Return the type that options and answer leave no doubt about, if any."""
    said = [fold(option) for option in without_marks(asked.options)]
    if len(said) == 2 and _is_true_false(said):
        return "true_false"
    if said:
        try:
            picked = len(_picked(asked))
        except RefusedError:
            return None
        return "single_choice" if picked == 1 else "multiple_choice" if len(said) > 2 else None
    if fold(asked.answer) in SURE:
        return "true_false"
    gaps = with_gaps(asked.stem).count(GAP)
    if "__" in asked.stem and gaps and asked.answer:
        return "fill_in"
    return None


def _is_true_false(said: list[str]) -> bool:
    """Tell whether two options are the words for right and wrong; letters and numbers are no such words."""
    return any(word in OPTION_TRUE for word in said) and any(word in OPTION_FALSE for word in said)


def _picked(asked: Asked) -> list[int]:
    return answers.chosen(asked.answer, without_marks(asked.options))


def _single(asked: Asked) -> dict[str, Any]:
    picked = _picked_of_some(asked)
    if len(picked) > 1:
        raise RefusedError(
            say("题型是单选题，答案却有%(n)s个。请改题型为多选题，或只留一个答案。", n=len(picked))
        )
    return _choice(asked, picked)


def _multiple(asked: Asked) -> dict[str, Any]:
    picked = _picked_of_some(asked)
    if len(picked) == 1:
        raise RefusedError(say("题型是多选题，答案却只有1个。请补全答案，或改题型为单选题。"))
    return _choice(asked, picked)


def _picked_of_some(asked: Asked) -> list[int]:
    if len(asked.options) < 2:
        raise RefusedError(say("选择题至少要有两个选项，请补上选项，或改正题型。"))
    if len(asked.options) > len(LETTERS):
        raise RefusedError(
            say("选项有%(n)s个，一道题最多%(most)s个，请减少。", n=len(asked.options), most=len(LETTERS))
        )
    return _picked(asked)


def _choice(asked: Asked, picked: list[int]) -> dict[str, Any]:
    return {"options": without_marks(asked.options), "answer": [LETTERS[each] for each in picked]}


def _true_false(asked: Asked) -> dict[str, Any]:
    return {"answer": answers.truth(asked.answer, without_marks(asked.options))}


def _blanks(asked: Asked) -> dict[str, Any]:
    return answers.blanks(asked.stem, asked.answer, asked.options)


def _number(asked: Asked) -> dict[str, Any]:
    return answers.number(asked.answer)


def _pairs(asked: Asked) -> dict[str, Any]:
    return answers.pairs(asked.answer, asked.options)


def _steps(asked: Asked) -> dict[str, Any]:
    return answers.steps(asked.answer, asked.options)


def _written(asked: Asked, kind: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"model": asked.answer} if asked.answer else {}
    if asked.rubric.strip():
        fields["rubric"] = answers.criteria(asked.rubric)
    usual, most = _USUAL_MOST[kind]
    if asked.length:
        match = _RANGE.fullmatch(asked.length.strip())
        if match is None:
            raise RefusedError(
                say(
                    "字数“%(length)s”看不懂，请写上限，例如300；或写范围，例如100-2000。",
                    length=asked.length[:20],
                )
            )
        fields["most"] = int(match[2])
        if match[1] and kind == "essay":
            fields["least"] = int(match[1])
    elif len(asked.answer) > usual:
        fields["most"] = min(most, -(-len(asked.answer) // 100) * 100)
    return fields


def _short(asked: Asked) -> dict[str, Any]:
    return _written(asked, "short_answer")


def _essay(asked: Asked) -> dict[str, Any]:
    return _written(asked, "essay")


_MAKERS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "fill_in": _blanks,
    "number": _number,
    "matching": _pairs,
    "ordering": _steps,
    "short_answer": _short,
    "essay": _essay,
}
