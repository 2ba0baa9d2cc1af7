"""The fields of each type of question, from a question as it stands in a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cstrain.questions.exchange.text import answers
from cstrain.questions.exchange.text.answers import AnswerError
from cstrain.questions.exchange.text.parts import FILLED
from cstrain.questions.exchange.text.source import unmasked
from cstrain.questions.exchange.text.words import CALCULATION, CHOICE, SURE_TRUTHS, UNKNOWN
from cstrain.questions.facts import JsonObject
from cstrain.wording.said import say

_EMPTY = "（　）"
_IN_ORDER = re.compile("排序|顺序|次序|先后|步骤")
_NO_ANSWER = say("没有答案。请在题目下面加一行“答案：……”，或在文末的答案表里写上这一题。")
_ROOM = {"short_answer": (300, 800), "essay": (2000, 4000)}


@dataclass(slots=True)
class Parts:
    """What the fields are made of; ``kind`` as the text says it, empty where it does not."""

    kind: str
    stem: str
    options: list[str]
    answer: str
    extra: str = ""
    limits: str = ""
    rubric: str = ""


def fields(parts: Parts) -> JsonObject:
    """Return type, stem and what the type needs; raises ``AnswerError``."""
    if parts.kind == UNKNOWN:
        raise AnswerError(say("这种题型不能用文本导入。请在网页里新建，或用YAML导入。"))
    kind = parts.kind or _guessed(parts)
    if kind == CALCULATION:
        kind = "number" if answers.number_answer(parts.answer) else "short_answer"
    if parts.options and kind not in {"single_choice", "multiple_choice", CHOICE, "true_false", "ordering"}:
        raise AnswerError(say("这一节不是选择题，题目却有选项。请改正题型，或检查有没有两道题连在一起。"))
    return _MADE[kind](parts)


def _guessed(parts: Parts) -> str:
    """Return the kind of a question whose text does not say it."""
    if parts.options:
        said = answers.letters(parts.answer)
        if "→" in parts.answer or "->" in parts.answer:
            return "ordering"
        if (
            said
            and len(said) > 2
            and sorted(said) == list(range(len(parts.options)))
            and said != sorted(said)
        ):
            raise AnswerError(say("是多选题还是排序题，看不出来。请写上题型，例如题干前加“（排序题）”。"))
        return CHOICE
    lines = parts.stem.split("\n")
    if not parts.answer and len(lines) > 2 and len(answers.pairs(lines)[1]) > 1:
        return "matching"
    return _guessed_by_answer(parts)


def _guessed_by_answer(parts: Parts) -> str:
    answer = parts.answer.strip()
    filled = [each["said"] or "" for each in FILLED.finditer(parts.stem)]
    if not answer and any(answers.truth(each) is not None for each in filled):
        return "true_false"
    drawn = re.search(r"_{2,}|[＿﹍﹎]", parts.stem) is not None
    if answers.truth(answer) is not None and not drawn:
        if answer.strip(" .。（）()").lower() not in SURE_TRUTHS:
            raise AnswerError(
                say(
                    "答案是“%(answer)s”，是判断题还是填空题，看不出来。请写上题型，例如题干前加"
                    "“（判断题）”。",
                    answer=answer,
                )
            )
        return "true_false"
    if drawn and answer in "√×✓✗✔✘" and answer:
        raise AnswerError(
            say("题干有空，答案却是“%(answer)s”。判断题请去掉下划线，填空题请写出要填的文字。", answer=answer)
        )
    if (answers.letters(answer) or (filled and not answer)) and not drawn:
        raise AnswerError(
            say("答案是“%(what)s”，题目却没有选项。请补上选项，或改正答案。", what=answer or filled[0])
        )
    if "±" in answer and answers.number_answer(answer):
        return "number"
    if len(re.split("→|->", answer)) > 2 and _IN_ORDER.search(parts.stem):
        return "ordering"
    return "fill_in" if answers.gapped(parts.stem)[1] else "short_answer"


def _bracketed(parts: Parts, reads: Callable[[str], object]) -> tuple[str, str]:
    """Return the stem with its filled bracket emptied, and the answer; raises where two of them differ."""
    found = [each for each in FILLED.finditer(parts.stem) if reads(each["said"] or each["lined"]) is not None]
    if not found:
        return parts.stem, parts.answer
    if len(found) > 1:
        raise AnswerError(
            say("题干里有几处括号像是答案，看不出用哪一个。请只留一个，或检查有没有两道题连在一起。")
        )
    said = found[0]["said"] or found[0]["lined"]
    if parts.answer and reads(parts.answer) != reads(said):
        raise AnswerError(
            say(
                "题干括号里是“%(said)s”，答案却是“%(answer)s”。请只留正确的一个。",
                said=said,
                answer=parts.answer[:40],
            )
        )
    at, end = found[0].span()
    return parts.stem[:at] + _EMPTY + parts.stem[end:], parts.answer or said


def _needed(answer: str) -> str:
    if not answer.strip():
        raise AnswerError(_NO_ANSWER)
    return answer.strip()


def _letters(text: str) -> list[int] | None:
    said = answers.letters(text)
    return sorted(said) if said is not None else None


def _choice(parts: Parts) -> JsonObject:
    if not parts.options:
        raise AnswerError(say("没有选项。请补上选项A、B、C……，每个选项一行。"))
    if len(parts.options) < 2:
        raise AnswerError(say("只有一个选项。请补上其他选项，每个选项一行。"))
    stem, answer = _bracketed(parts, _letters)
    said = sorted(answers.choice_answer(_needed(answer), parts.options))
    if parts.kind == "single_choice" and len(said) > 1:
        raise AnswerError(
            say(
                "单选题却有%(n)s个答案“%(answer)s”。请改正答案，或把题型改成多选题。",
                n=len(said),
                answer=answer,
            )
        )
    if parts.kind == "multiple_choice" and len(said) < 2:
        raise AnswerError(
            say("多选题却只有一个答案“%(answer)s”。请补上答案，或把题型改成单选题。", answer=answer)
        )
    kind = "single_choice" if len(said) == 1 else "multiple_choice"
    return {"type": kind, "stem": stem, "options": parts.options, "answer": [chr(65 + each) for each in said]}


def _true_false(parts: Parts) -> JsonObject:
    options = [answers.truth(option) for option in parts.options]
    if parts.options and sorted(map(str, options)) != ["False", "True"]:
        raise AnswerError(say("判断题的选项应是一对一错。请改成“A. 正确 B. 错误”，或改正题型。"))
    if parts.options:
        stem, answer = _bracketed(parts, _letters)
        said = answers.truth(answer)
        letter = answers.letters(answer) or []
        if len(letter) == 1 and letter[0] < 2:
            said = options[letter[0]]
    else:
        stem, answer = _bracketed(parts, answers.truth)
        said = answers.truth(answer)
    _needed(answer)
    if said is None:
        raise AnswerError(
            say(
                "判断题的答案“%(answer)s”看不懂。请写“对”或“错”（√、×、正确、错误都行）。", answer=answer[:40]
            )
        )
    return {"type": "true_false", "stem": stem, "answer": said}


def _fill_in(parts: Parts) -> JsonObject:
    stem, count = answers.gapped(parts.stem)
    if not count:
        raise AnswerError(say("填空题的题干里没有空。请用四条下划线“____”标出要填的地方。"))
    return {"type": "fill_in", "stem": stem, "blanks": answers.blanks(_needed(parts.answer), count)}


def _number(parts: Parts) -> JsonObject:
    found = answers.number_answer(_needed(parts.answer))
    if found is None:
        raise AnswerError(
            say("答案“%(answer)s”不是一个数字。请写成“答案：12.5±0.5 元”。", answer=parts.answer[:40])
        )
    return {"type": "number", "stem": parts.stem, **found}


def _matching(parts: Parts) -> JsonObject:
    lines, found = answers.pairs(parts.stem.split("\n") + parts.answer.split("\n"))
    if not found:
        raise AnswerError(say("配对题里没有配对。请每行写一对：左 = 右。"))
    extra = [each.strip() for each in re.split("[;；|｜]", parts.extra) if each.strip()]
    stem = "\n".join(lines).strip("\n")
    return {"type": "matching", "stem": stem, "pairs": found} | ({"extra": extra} if extra else {})


def _ordering(parts: Parts) -> JsonObject:
    return {
        "type": "ordering",
        "stem": parts.stem,
        "steps": answers.steps(_needed(parts.answer), parts.options),
    }


def _written(kind: str) -> Callable[[Parts], JsonObject]:
    def made(parts: Parts) -> JsonObject:
        model = _needed(parts.answer)
        usual, largest = _ROOM[kind]
        length = len(str(unmasked(model)))
        if length > largest:
            raise AnswerError(
                say(
                    "参考答案有%(length)s字，最多%(largest)s字。请缩短，或改成论述题。",
                    length=length,
                    largest=largest,
                )
            )
        rest: JsonObject = {"most": -(-length // 100) * 100} if length > usual else {}
        if parts.limits and (asked := answers.limits(parts.limits)):
            rest = {"most": asked[1]} | ({"least": asked[0]} if asked[0] and kind == "essay" else {})
        if parts.rubric and (criteria := answers.rubric(parts.rubric)):
            rest["rubric"] = criteria
        return {"type": kind, "stem": parts.stem, "model": model, **rest}

    return made


_MADE: Mapping[str, Callable[[Parts], JsonObject]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    CHOICE: _choice,
    "true_false": _true_false,
    "fill_in": _fill_in,
    "number": _number,
    "matching": _matching,
    "ordering": _ordering,
    "short_answer": _written("short_answer"),
    "essay": _written("essay"),
}
