"""Answers as texts write them, by type: letters, truths, blanks, numbers, steps, pairs, rubrics. Pure."""

from __future__ import annotations

import re
from typing import Any

from cstrain.questions.exchange.text.marks import letter_index
from cstrain.questions.exchange.text.words import TRUTHS
from cstrain.questions.facts import JsonObject
from cstrain.questions.written_fields import filled, plain_number
from cstrain.wording.said import say

GAP = "____"
_LINE = re.compile(r"_{2,}|[＿﹍﹎]+")
_BRACKET = re.compile(r"[（(]\s*[)）]|［\s*］")
_LETTERS = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ](?:[\s、,，;；|/和及与]*[A-Za-zＡ-Ｚａ-ｚ])*[.。．]?")
_LETTER = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")
_NUMBER = re.compile(
    r"(?P<minus>[-－−]?)\s?(?P<value>\d{1,12}(?:[,，]\d{3}){0,4}(?:[.．]\d{1,6})?)\s?(?P<unit>[^\d±\s]{0,12})\s?"
    r"(?:(?:±|\+/-|[（(]?(?:允许)?误差[为:：]?\s?±?)\s?(?P<tolerance>\d{1,12}(?:[.．]\d{1,6})?)\s?"
    r"(?P<unit2>[^\d()（）\s]{0,12})[)）]?)?"
)
_NUMBERED = re.compile(
    r"(?:^|(?<=\s)|(?<=[;；]))(?:[(（](\d)[)）]|([①②③④⑤⑥⑦⑧])|第(\d)空[:：]?|(\d)[.、．](?!\d))\s*"
)
_ARROWS = re.compile(r"→|->|➔|⇒|－>|—>")
_PAIR = re.compile("[=＝]")
_RUBRIC = re.compile(
    r"(?:\[(?P<id>[a-z][a-z0-9_]{0,39})\]\s?|[（(]?\d{1,2}[.、．)）]\s?|[①-⑳]\s?|[-•·]\s?)?"
    r"(?P<title>[^\s].{0,59}?)\s?[（(]?\s?(?P<of>\d{1,3})\s?分\s?[)）]?\s?(?:[:：，,。；;]\s?(?P<hint>.{0,300}))?"
)
_LEVELS = re.compile(r"等级\s?[:：]\s*(.{1,2000})")
_LEAST_TO_MOST = re.compile(
    r"(?:(\d{1,4})\s?字?\s?[-—~～至到]+\s?)?(?:不超过|最多)?\s?(\d{1,4})\s?字?(?:以内)?"
)
_DOUBTFUL_SLASH = re.compile(
    r"(?<=\d)/(?=\d)|(?<![A-Za-z])[A-Za-z]/(?=[A-Za-z])|(?<=[A-Za-z])/(?=[A-Za-z](?![A-Za-z]))"
)


class AnswerError(Exception):
    """Why an answer cannot be read: a Chinese sentence with what to do."""


def letters(text: str) -> list[int] | None:
    """Return the letters that an answer consists of, A as 0, as written; ``None`` for anything else."""
    if len(text) > 60 or not _LETTERS.fullmatch(text):
        return None
    return [letter_index(each) for each in _LETTER.findall(text)]


def choice_answer(text: str, options: list[str]) -> list[int]:
    """Return the options that an answer names, by letters, or by a letter and the option's text."""
    said = letters(text)
    if said is None:
        one = re.fullmatch(r"([A-JＡ-Ｊ])\s?[.．、:：)）]?\s*(.+)", text, re.DOTALL)
        if one and letter_index(one[1]) < len(options) and options[letter_index(one[1])] == one[2].strip():
            return [letter_index(one[1])]
        raise AnswerError(say("答案“%(text)s”不是选项的字母。请写成“答案：B”或“答案：ABD”。", text=text[:40]))
    if len(set(said)) != len(said):
        raise AnswerError(say("答案“%(text)s”里同一个字母写了两次。请改正。", text=text[:40]))
    beyond = next((each for each in said if each >= len(options)), None)
    if beyond is not None:
        last = chr(64 + len(options))
        raise AnswerError(
            say(
                "答案是%(what)s，选项却只到%(last)s。请补上选项，或改正答案。",
                what=chr(65 + beyond),
                last=last,
            )
        )
    return said


def truth(text: str) -> bool | None:
    """Return what an answer says of a statement; ``None`` for anything else."""
    return TRUTHS.get(text.strip(" \t.。（）()").lower())


def gapped(stem: str) -> tuple[str, int]:
    """Return a stem with ``____`` for each blank, and their number; brackets count where no line is drawn."""
    lined, lines = _LINE.subn(GAP, stem)
    return (lined, lines) if lines else _BRACKET.subn(GAP, stem)


def blanks(text: str, count: int) -> list[list[str]]:
    """Return the accepted answers of each blank."""
    parts = _parts(text, count)
    if len(parts) != count:
        raise AnswerError(
            say(
                "题干有%(count)s个空，答案却分成%(n)s个。几个空的答案请用“；”或“|”分开，同一空"
                "的几种写法用“/”分开。",
                count=count,
                n=len(parts),
            )
        )
    found = [[each.strip() for each in _synonyms(part)] for part in parts]
    if any(not each for accepted in found for each in accepted):
        raise AnswerError(say("有一个空没有答案。请补上，几个空的答案用“；”分开。"))
    return found


def _synonyms(part: str) -> list[str]:
    if "://" in part or _DOUBTFUL_SLASH.search(part):
        raise AnswerError(
            say(
                "“%(part)s”里的“/”是分开两种写法，还是答案本身，看不出来。两种写法请在“/”两边加"
                "空格，答案本身请用“／”。",
                part=part[:40],
            )
        )
    return part.split("/")


def _parts(text: str, count: int) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip()]
    marked = _numbered("\n".join(lines))
    if marked is not None:
        return marked
    if len(lines) > 1:
        return lines
    for pattern in (r"[;；|｜]|\t+", r"\s{2,}", r"[、]", r"[,，]", r"\s+"):
        parts = [part for part in re.split(pattern, text.strip().strip(";；")) if part.strip()]
        if len(parts) == count or (len(parts) > 1 and pattern.startswith("[;")):
            return parts
    return [text.strip()]


def _numbered(text: str) -> list[str] | None:
    """Return the parts of an answer whose parts are numbered from 1 without a gap, else ``None``."""
    found = list(_NUMBERED.finditer(text))
    values = [next("①②③④⑤⑥⑦⑧".find(one) + 1 or int(one) for one in each.groups() if one) for each in found]
    if len(found) < 2 or values != list(range(1, len(found) + 1)) or text[: found[0].start()].strip():
        return None
    ends = [each.start() for each in found[1:]] + [len(text)]
    return [text[each.end() : end].strip(" \t\n;；") for each, end in zip(found, ends, strict=True)]


def number_answer(text: str) -> JsonObject | None:
    """Return answer, tolerance and unit of a number question; ``None`` where there is no single number."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    unit, other = found["unit"] or "", found["unit2"] or ""
    if unit and other and unit != other:
        return None
    value = ("-" if found["minus"] else "") + _plain(found["value"])
    tolerance = _plain(found["tolerance"]) if found["tolerance"] else ""
    rest = filled(tolerance=plain_number(tolerance) if tolerance else None, unit=unit or other)
    return {"answer": plain_number(value), **rest}


def _plain(text: str) -> str:
    said = text.replace("．", ".").replace(",", "").replace("，", "")
    return "".join(str(int(each)) if each.isdecimal() else each for each in said)


def steps(text: str, options: list[str]) -> list[str]:
    """Return the steps in order: letters of the options, or the steps themselves with arrows between."""
    parts = [part.strip() for part in _ARROWS.split(text.replace("\n", " → ")) if part.strip()]
    if not options:
        if len(parts) < 2:
            raise AnswerError(
                say("排序题要写出步骤。请把步骤写成选项A、B、C，答案写成“CAB”，或写成“甲 → 乙 → 丙”。")
            )
        return parts
    said = letters("".join(parts) if all(len(part) == 1 for part in parts) else re.sub(r"[-—－>]", "", text))
    if said is None or sorted(said) != list(range(len(options))):
        raise AnswerError(
            say(
                "排序题的答案“%(text)s”要把%(n)s个选项各写一次。请改正，例如“CABD”。",
                text=text[:40],
                n=len(options),
            )
        )
    return [options[each] for each in said]


def pairs(lines: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return the lines of a stem that are no pairs, and the pairs (``左 = 右``) behind them."""
    at = next((at for at, line in enumerate(lines) if at and len(_PAIR.split(line)) == 2), len(lines))
    found = [[side.strip() for side in _PAIR.split(line)] for line in lines[at:] if line]
    wrong = next((sides for sides in found if len(sides) != 2 or not all(sides)), None)
    if wrong is not None:
        raise AnswerError(say("“%(names)s”不是一对。配对题每行写一对：左 = 右。", names="=".join(wrong)[:40]))
    return lines[:at], found


def rubric(text: str) -> list[JsonObject] | None:
    """Return the criteria of a rubric, a line each; ``None`` where a line is none."""
    criteria: list[JsonObject] = []
    for line in text.split("\n"):
        levels = _LEVELS.fullmatch(line)
        if levels and criteria:
            criteria[-1]["levels"] = [each.strip() for each in re.split("[|｜]", levels[1])]
            continue
        found = _RUBRIC.fullmatch(line.strip(" ;；"))
        if found is None:
            return None
        name = found["id"] or f"c{len(criteria) + 1}"
        one: dict[str, Any] = {"id": name, "title": found["title"].strip(), "of": int(found["of"])}
        criteria.append(one | filled(hint=(found["hint"] or "").strip()))
    return criteria or None


def limits(text: str) -> tuple[int, int] | None:
    """Return the least (0: none) and most characters that a line asks for."""
    found = _LEAST_TO_MOST.fullmatch(text.strip())
    return (int(found[1] or 0), int(found[2])) if found else None
