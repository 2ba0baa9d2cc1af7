"""From the questions of Moodle XML to the fields of ours, type by type. Pure.

A type is a function from the question to the fields that are its own. What would be marked otherwise than in
Moodle without anybody noticing is refused; what merely gets lost is noted down on the ``Source``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.moodle.gaps import (
    GAP,
    accepted,
    from_cloze,
    from_numbered,
    without_underscores,
)
from cstrain.questions.exchange.moodle.own import SHORT_ANSWER, read_grader_text, read_tags
from cstrain.questions.exchange.moodle.source import (
    FULL,
    Answer,
    CannotHoldError,
    Source,
    check_lengths,
    raw_text,
)
from cstrain.questions.facts import JsonObject
from cstrain.questions.written_fields import plain_number
from cstrain.wording.said import said_row, say

_REFUSED = {
    "description": say("这是说明文字，不是试题，没有导入。"),
    "calculated": say("计算题（calculated）的数值每次随机，放不下；请改成固定数值的数字题。"),
    "calculatedsimple": say("计算题（calculatedsimple）的数值每次随机，放不下；请改成固定数值的数字题。"),
    "calculatedmulti": say("计算选择题（calculatedmulti）的数值每次随机，放不下；请改成固定的选择题。"),
    "ddimageortext": say("拖到图上的题（ddimageortext）要用图片作答，放不下；请改成配对题。"),
    "ddmarker": say("在图上标记的题（ddmarker）要用图片作答，放不下；请改成选择题。"),
    "random": say("随机抽题（random）只是占位，不是试题，没有导入。"),
    "randomsamatch": say("随机配对题（randomsamatch）由别的题临时组成，放不下；请改成配对题。"),
}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_MODEL_FITS = 2000
_MOST_ESSAY = 4000
_DECIMALS = 6
_WORDS = {"true": True, "false": False, "正确": True, "错误": False, "对": True, "错": False}


def fields_of(source: Source) -> tuple[JsonObject, tuple[str, ...]]:
    """Return the fields and the tags of a question; raises ``CannotHoldError``."""
    kind = source.element.get("type", "").strip().lower()
    reader = _READERS.get(kind)
    if reader is None:
        known = _REFUSED.get(
            kind, say("题型“%(kind)s”放不下，没有导入；请改成选择、填空、配对等题型。", kind=kind[:40])
        )
        raise CannotHoldError(known)
    check_lengths(source.element)
    fields: dict[str, Any] = reader(source)
    tags = [raw_text(each) for each in source.element.findall("tags/tag")]
    carried, rest = read_tags([tag for tag in tags if tag])
    _put_kind(source, fields, carried)
    fields |= {name: value for name, value in carried.items() if name != "type"}
    source.leftovers(fields["stem"])
    if number := source.value("idnumber"):
        if _ID.fullmatch(number):
            fields["id"] = number
        else:
            source.said.append(
                say("没有保留：编号“%(number)s”（编号只能用小写字母、数字、点和横线）。", number=number[:80])
            )
    return fields, rest


def _put_kind(source: Source, fields: dict[str, Any], carried: JsonObject) -> None:
    """Let the tags decide what an essay is, and no other type be one."""
    if fields["type"] != "essay":
        for name in ("type", "most", "least"):
            carried.pop(name, None)
        return
    if carried.get("type") == SHORT_ANSWER:
        fields["type"] = "short_answer"
    elif len(fields.get("model", "")) > _MODEL_FITS:
        carried.setdefault("most", _MOST_ESSAY)
    if not carried.get("most") and any(source.value(f"{each}wordlimit") for each in ("min", "max")):
        source.lose(say("词数限制"))


def _with_explanation(source: Source, fields: JsonObject, feedback: list[tuple[str, str]]) -> JsonObject:
    said = source.explanation(feedback)
    return fields | ({"explanation": said} if said else {})


def _multichoice(source: Source) -> JsonObject:
    answers = list(source.answers())
    if len(answers) > len(LETTERS):
        raise CannotHoldError(say("选项超过%(n)s个，请减少后再导入。", n=len(LETTERS)))
    options = [source.plain(each.element) for each in answers]
    single = source.flag("single", True)
    right = [
        letter
        for letter, each in zip(LETTERS, answers, strict=False)
        if (each.fraction >= FULL if single else each.fraction > 0)
    ]
    _check_right(source, answers, right, single)
    if not source.flag("shuffleanswers", True):
        source.lose(say("选项的固定顺序"))
    many = len(right) > 1
    feedback = [(letter, each.feedback) for letter, each in zip(LETTERS, answers, strict=False)]
    fields = {
        "type": "multiple_choice" if many else "single_choice",
        "stem": source.text("questiontext"),
        "options": options,
        "answer": right,
    }
    return _with_explanation(source, fields, feedback)


def _check_right(source: Source, answers: list[Answer], right: list[str], single: bool) -> None:
    if not right:
        raise CannotHoldError(say("没有得满分的选项，请补上正确答案后再导入。"))
    if single and len(right) > 1:
        raise CannotHoldError(say("单选题有不止一个得满分的选项，请只留一个，或改成多选题。"))
    shares = {each.fraction for each in answers if each.fraction > 0}
    if len(shares) > 1 or (not single and abs(max(shares) * len(right) - 100) > 1):
        source.lose(say("选项的部分得分"))
    ours = 0 if single else -max(shares)
    if any(each.fraction < 0 and abs(each.fraction - ours) > 0.01 for each in answers):
        source.lose(say("选项的倒扣分"))
    if not single and len(right) == 1:
        source.said.append(say("原题可以多选，正确的只有一个，改成了单选题。"))


def _truefalse(source: Source) -> JsonObject:
    said: dict[bool, Answer] = {}
    for each in source.answers():
        word = _WORDS.get(raw_text(each.element).strip().lower())
        if word is None or word in said:
            raise CannotHoldError(say("判断题的答案应当是true和false各一个，请改正后再导入。"))
        said[word] = each
    right = [word for word, each in said.items() if each.fraction >= FULL]
    if len(right) != 1:
        raise CannotHoldError(say("判断题应当恰好有一个得满分的答案，请改正后再导入。"))
    feedback = [("正确" if word else "错误", each.feedback) for word, each in said.items()]
    fields = {"type": "true_false", "stem": source.text("questiontext"), "answer": right[0]}
    return _with_explanation(source, fields, feedback)


def _shortanswer(source: Source) -> JsonObject:
    answers = list(source.answers())
    rated = [(raw_text(each.element), each.fraction) for each in answers]
    if source.flag("usecase", False):
        source.lose(say("区分大小写"))
    if partly := [f"{answer[:20]} {share:g}%" for answer, share in rated if 0 < share < FULL]:
        source.lose(say("部分得分的答案（%(names)s）", names=said_row("、", partly[:5])))
    stem = source.text("questiontext")
    pieces = re.split("_{2,}", stem)
    if len(pieces) > 2:
        raise CannotHoldError(say("题干里有几处下划线，答案却只有一个空，请只留一处后再导入。"))
    before, after = (without_underscores(source, each) for each in (*pieces, "")[:2])
    whole = f"{before}{GAP}{after}" if len(pieces) == 2 else f"{before}\n{GAP}".lstrip("\n")
    fields = {"type": "fill_in", "stem": whole, "blanks": [list(accepted(rated))]}
    return _with_explanation(source, fields, _named(answers))


def _named(answers: list[Answer]) -> list[tuple[str, str]]:
    return [(raw_text(each.element)[:80], each.feedback) for each in answers]


def _numerical(source: Source) -> JsonObject:
    answers = list(source.answers())
    right = [each for each in answers if each.fraction >= FULL]
    if len(right) != 1:
        raise CannotHoldError(say("数字题应当恰好有一个得满分的答案，请改正后再导入。"))
    if any(0 < each.fraction < FULL for each in answers):
        source.lose(say("部分得分的答案"))
    fields: JsonObject = {
        "type": "number",
        "stem": source.text("questiontext"),
        "answer": _decimal(raw_text(right[0].element)),
    }
    tolerance = raw_text(right[0].element.find("tolerance")).strip()
    units = [raw_text(each.find("unit_name")) for each in source.element.findall("units/unit")]
    if len(units) > 1:
        source.lose(say("其他单位"))
    fields |= {"tolerance": _decimal(tolerance)} if tolerance else {}
    return _with_explanation(source, fields | ({"unit": units[0]} if units else {}), _named(answers))


def _decimal(said: str) -> int | float | str:
    """Return a number as our YAML writes it, without digits beyond what we hold where they are zeros."""
    said = said.strip()
    try:
        number = Decimal(said[:40])
        sane = number.is_finite() and abs(number.adjusted()) <= 30 and len(said) <= 40
    except InvalidOperation:
        sane = False
    if not sane:
        raise CannotHoldError(
            say("“%(said)s”不是可以用的数字（不能用*代替），请改正后再导入。", said=said[:40])
        )
    text = f"{number:f}"
    if len(text.partition(".")[2]) > _DECIMALS:
        text = text.rstrip("0").rstrip(".")
    return 0 if number == 0 else plain_number(text)


def _matching(source: Source) -> JsonObject:
    pairs, extra = [], []
    for each in source.element.findall("subquestion"):
        left, right = source.plain(each), raw_text(each.find("answer"))
        if left and not right.strip():
            raise CannotHoldError(say("“%(left)s”没有对应的右边，请补上后再导入。", left=left[:40]))
        if left:
            pairs.append([left, right])
        else:
            extra.append(right)
    rights = {right for _left, right in pairs}
    extra = [right for right in dict.fromkeys(extra) if right.strip() and right not in rights]
    if not source.flag("shuffleanswers", True):
        source.lose(say("选项的固定顺序"))
    fields = {"type": "matching", "stem": source.text("questiontext"), "pairs": pairs}
    return _with_explanation(source, fields | ({"extra": extra} if extra else {}), [])


def _essay(source: Source) -> JsonObject:
    model, rubric = read_grader_text(source.text("graderinfo"))
    if source.text("responsetemplate"):
        source.lose(say("作答模板"))
    if source.value("attachments") not in {"", "0"}:
        source.lose(say("附件作答"))
    fields: JsonObject = {"type": "essay", "stem": source.text("questiontext")}
    fields |= ({"model": model} if model else {}) | ({"rubric": rubric} if rubric else {})
    return _with_explanation(source, fields, [])


def _ordering(source: Source) -> JsonObject:
    answers = list(source.answers())
    places = [each.fraction for each in answers]
    if len(set(places)) == len(places) and places != sorted(places):
        raise CannotHoldError(say("各步的排列和它们的序号（fraction）对不上，请改正后再导入。"))
    if source.value("selecttype").upper() not in {"", "ALL", "0"}:
        source.lose(say("每次只抽部分步骤"))
    fields = {
        "type": "ordering",
        "stem": source.text("questiontext"),
        "steps": [source.plain(each.element) for each in answers],
    }
    feedback = [(f"第{number}步", each.feedback) for number, each in enumerate(answers, start=1)]
    return _with_explanation(source, fields, feedback)


def _gaps(reader: Callable[[Source], JsonObject]) -> Callable[[Source], JsonObject]:
    return lambda source: _with_explanation(source, reader(source), [])


_READERS: dict[str, Callable[[Source], JsonObject]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "essay": _essay,
    "ordering": _ordering,
    "gapselect": _gaps(from_numbered),
    "ddwtos": _gaps(from_numbered),
    "cloze": _gaps(from_cloze),
    "multianswer": _gaps(from_cloze),
}
