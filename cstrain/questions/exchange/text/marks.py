"""The marks of Chinese exam texts in their many spellings: numbers, sections, options, labels. Pure.

Every pattern is anchored or bounded, so that a line is read in time proportional to its length.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from cstrain.questions.exchange.text.words import KINDS, LABELS

_CN = "一二三四五六七八九十百千万零〇两"


def _one_of(words: object) -> str:
    ordered = sorted(map(str, words), key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(re.escape(word).replace("\xa0", r"\s").replace("\\\xa0", r"\s") for word in ordered)


COUNTED = r"(?:1000[01]|\d{1,4})"
"""A question's number: as many as a file may hold, and one more, so that too many are told as that."""
_NUMBER = re.compile(
    rf"第\s?(?P<whole>{COUNTED})\s?题\s{{0,4}}[.．、:：]?"
    rf"|(?P<plain>{COUNTED})\s?(?P<dot>[.．、。:：)）]|题[.．、:：])"
    rf"|[(（【\[]\s?(?P<round>{COUNTED})\s?[)）】\]]\s?[.．、:：]?"
    rf"|(?:Q|题|问题)\s?(?P<worded>{COUNTED})\s?[.．、:：]"
    rf"|(?P<bare>{COUNTED})(?=\s+\S)"
)
_CN_NUMBER = re.compile(rf"(?:[(（]\s?[{_CN}]{{1,8}}\s?[)）]|[{_CN}]{{1,8}}\s?[、.．:：])\s*")
_PREFIX = (
    rf"(?:第\s?[{_CN}\d]{{1,4}}\s?(?:部分|大题|章|节|单元|卷)\s?[、.．:：]?\s*"
    rf"|[(（]\s?[{_CN}]{{1,8}}\s?[)）]\s?[、.．]?\s*|[{_CN}]{{1,8}}\s?[、.．:：]\s*|\d{{1,2}}\s?[、.．]\s*)"
)
_SECTION = re.compile(
    rf"(?P<prefix>{_PREFIX})?[【\[（(]?\s?(?P<kind>{_one_of(KINDS)})\s?(?:部分|题)?[】\]）)]?\s?"
    r"(?P<rest>[（(【\[].{0,300}[)）】\]]。?|[:：,，。].{0,300}|[共每本].{0,300})?"
)
_CHAPTER = re.compile(rf"第\s?[{_CN}\d]{{1,4}}\s?(?:部分|大题|章|节|单元|篇|卷)(?:[\s、:：.．].{{0,60}})?")
_OPTION = re.compile(
    r"(?P<strong>[(（\[【]\s?(?P<a>[A-Za-zＡ-Ｚａ-ｚ])\s?[)）\]】]\s?[.．、:：]?|(?P<b>[A-Za-zＡ-Ｚａ-ｚ])\s?[.．、:：)）])\s*"
    r"|(?P<c>[A-ZＡ-Ｚ])\s+|(?P<d>[Ａ-Ｚ])(?=[^\sＡ-Ｚａ-ｚ])"
)
_LABEL_WORDS = _one_of(LABELS)
_LABEL = re.compile(
    rf"[【\[［〖]\s?(?P<a>{_LABEL_WORDS})\s?[】\]］〗]\s?[:：]?\s*|[（(]\s?(?P<b>{_LABEL_WORDS})\s?[)）]\s?[:：]?\s*"
    rf"|(?P<c>{_LABEL_WORDS})\s?[:：]\s*",
    re.IGNORECASE,
)
_INLINE = re.compile(
    rf"[【［〖]\s?(?P<a>{_LABEL_WORDS})\s?[】］〗]\s?[:：]?\s*|(?<=\s)(?P<c>{_LABEL_WORDS})\s?[:：]\s*",
    re.IGNORECASE,
)
_WRAPPED = re.compile(
    rf"[（(\[【]\s?(?P<a>{_LABEL_WORDS})\s?[:：]\s*(?P<value>[^()（）【】]{{1,200}})[)）\]】]", re.I
)
_BARE_ANSWER = re.compile(
    r"(?:正确|参考|标准)?答案(?:\s+|是|为)?\s?(?P<value>[A-JＡ-Ｊ、,，\s]{1,20}|[√×✓✗对错]|正确|错误)"
)
_BLOCK = re.compile(
    r"(?:附\s?[:：]?\s?)?[【\[（(]?(?:(?:试题|习题|练习题?|各题|全部|以上各题)?(?:的)?(?:参考|正确|标准)?答案"
    r"(?:(?:及|与|和|、)?(?:答案)?(?:解析|详解))?|answer\s?keys?|answers)[】\]）)]?(?P<colon>\s?[:：])?\s*",
    re.IGNORECASE,
)


_IN_SECTIONS = re.compile("[题选判填简问连名论第]")
_AT_LABELS = re.compile(r"[:：】］\])）〗]|答案")
_INSIDE = re.compile("[:：】］〗]")
_LISTING = frozenset(_CN) | {"(", "（"}
_ALWAYS_CUT = {"answer", "explanation", "mine"}
_CUT_EXPLANATION = {"difficulty", "topic", "points", "type"}


class Number(NamedTuple):
    """A question's number as it stands at the start of a line: its value, its spelling, the text behind."""

    value: int
    style: str
    rest: str


class Section(NamedTuple):
    """A heading: the kind of the questions under it (empty: not said) and its words."""

    kind: str = ""
    title: str = ""


class Option(NamedTuple):
    """An option's letter (from 0) at the start of a line; ``strong``: it has punctuation or brackets."""

    letter: int
    strong: bool
    rest: str


class Labelled(NamedTuple):
    """What stands behind a label; ``kind`` is empty for the text before the first."""

    kind: str
    text: str


@functools.lru_cache(maxsize=64)  # looking ahead asks the next dozen lines again
def number(text: str) -> Number | None:
    """Return the number that a line begins with."""
    if not text or not (text[0] in "第(（【[Q题问" or text[0].isdecimal()):
        return None
    found = _NUMBER.match(text)
    if found is None:
        return None
    style = found.lastgroup or ""
    if style == "dot":
        style = {"．": ".", "。": ".", "：": ":", "）": ")"}.get(found["dot"], found["dot"])
    value = next(each for name in ("whole", "plain", "round", "worded", "bare") if (each := found[name]))
    return Number(int(value), style, text[found.end() :].strip())


def section(text: str) -> Section | None:
    """Return the heading that a line is, if it names a type or a chapter."""
    if len(text) > 400 or not _IN_SECTIONS.search(text):
        return None
    found = _SECTION.fullmatch(text)
    if found and (found["prefix"] or not found["rest"] or found["rest"][0] in "（(【["):
        return Section(KINDS[found["kind"]], text)
    return Section("", text) if _CHAPTER.fullmatch(text) else None


def listed(text: str) -> bool:
    """Tell whether a line begins with a Chinese number (``一、``)."""
    return text[:1] in _LISTING and bool(_CN_NUMBER.match(text))


def unlisted(text: str) -> str:
    """Return a line without its Chinese number."""
    return _CN_NUMBER.sub("", text, count=1)


def option(text: str) -> Option | None:
    """Return the option that a line begins."""
    found = _OPTION.match(text) if text and (text[0] in "(（[【" or text[0].isalpha()) else None
    if found is None:
        return None
    letter = found["a"] or found["b"] or found["c"] or found["d"]
    return Option(letter_index(letter), bool(found["strong"]), text[found.end() :].strip())


def letter_index(letter: str) -> int:
    """Return 0 for A in any width and case."""
    code = ord(letter)
    return (code - 0xFEE0 if code > 0xFF00 else code) % 32 - 1


def labels(text: str) -> list[Labelled]:
    """Return a line cut at its labels; the first piece has none where the line does not begin with one.

    Behind a label of one line (答案, 难度 …) any label is seen; elsewhere only answers and explanations, and
    what stands in 【】.
    """
    if not _AT_LABELS.search(text):
        return [Labelled("", text)]
    pieces: list[Labelled] = []
    kind, start = "", 0
    first = _LABEL.match(text)
    if first:
        kind, start = _kind(first), first.end()
    elif bare := _BARE_ANSWER.fullmatch(text):
        return [Labelled("answer", bare["value"].strip())]
    elif (":" in text or "：" in text) and (wrapped := _WRAPPED.search(text)) and wrapped.end() == len(text):
        before = [Labelled("", text[: wrapped.start()].strip())] if wrapped.start() else []
        return [*before, Labelled(_kind(wrapped), wrapped["value"].strip())]
    for found in _INLINE.finditer(text, start) if _INSIDE.search(text) else ():
        if not _cuts(found, kind):
            continue
        pieces.append(Labelled(kind, text[start : found.start()].strip()))
        kind, start = _kind(found), found.end()
    pieces.append(Labelled(kind, text[start:].strip()))
    return pieces if pieces[0].text or pieces[0].kind else pieces[1:]


def _kind(found: re.Match[str]) -> str:
    groups = found.groupdict()
    word = groups.get("a") or groups.get("b") or groups.get("c") or ""
    return LABELS[re.sub(r"\s", "\xa0", word.lower())]


def _cuts(found: re.Match[str], kind: str) -> bool:
    """Tell whether a label inside a line begins something new, behind what has the label ``kind``."""
    said = _kind(found)
    if said == "model" and not found["a"]:
        return False
    if found["a"] or said in _ALWAYS_CUT:
        return True
    return said in _CUT_EXPLANATION if kind == "explanation" else kind not in {"", "model"}


def block(text: str) -> str | None:
    """Return what stands behind the heading of a list of answers (``参考答案：``); ``None``: it is none."""
    if "答案" not in text[:14] and "nswer" not in text[:12]:
        return None
    found = _BLOCK.match(text)
    if found is None or (found.end() < len(text) and not found["colon"]):
        return None
    return text[found.end() :].strip()
