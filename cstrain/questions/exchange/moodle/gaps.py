"""Questions of Moodle XML with gaps in their text: gapselect, ddwtos and cloze. Pure.

What a candidate writes becomes a fill-in. What a candidate chooses becomes a single choice (one gap), a
matching (three to eight gaps with the same words to choose from), else a fill-in that lists the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.moodle.source import FULL, CannotHoldError, Source, raw_text
from cstrain.questions.exchange.plain_text import from_html, to_html
from cstrain.questions.facts import JsonObject
from cstrain.wording.said import say

GAP = "____"
_NUMBERED = re.compile(r"\[\[([0-9]{1,3})\]\]")
_CLOZE = re.compile(r"\{([0-9]{0,4}):([A-Z_]{2,20}):")
_TOKEN = re.compile(r"\\.|&#?[0-9a-zA-Z]{1,10};|[~}#]", re.DOTALL)
_FRACTION = re.compile(r"\s*(?:(=)|%(-?[0-9]{1,3}(?:[.,][0-9]{0,9})?)%)")
_WILDCARD = re.compile(r"(?<!\\)\*")
_FREE = {"SHORTANSWER", "SA", "MW"}
_CASED = {"SHORTANSWER_C", "SAC", "MWC"}
_WAYS = ("S", "V", "H", "VS", "HS")
_CHOSEN = {"MULTICHOICE", "MC", *(f"{long}{way}" for long in ("MULTICHOICE_", "MC") for way in _WAYS)}
_MOST_GAPS = 100
_MOST_PAIRS, _LEAST_PAIRS, _MOST_EXTRA = 10, 2, 4
_TOO_MANY = say("空或备选的词太多，放不下；请拆成几道题后再导入。")
_SPECIAL = re.compile(r"&#13;|[}#~\\{=%*]")


class Gap(NamedTuple):
    """What is right in a gap, and the words to choose from (none: it is written freely)."""

    accepted: tuple[str, ...]
    choices: tuple[str, ...] = ()


def from_numbered(source: Source) -> JsonObject:
    """Return the fields of a question with gaps like ``[[2]]``, each filled from its group of words."""
    words = [_word(source, each) for each in source.element if each.tag in {"selectoption", "dragbox"}]
    written = raw_text(source.element.find("questiontext"))
    gaps: list[Gap] = []
    pieces = _NUMBERED.split(written, _MOST_GAPS + 1)
    if len(pieces) > 2 * _MOST_GAPS + 1 or len(words) > _MOST_GAPS:
        raise CannotHoldError(_TOO_MANY)
    for number in map(int, pieces[1::2]):
        if not 1 <= number <= len(words):
            raise CannotHoldError(say("题干里的[[%(number)s]]没有对应的词，请改正后再导入。", number=number))
        right, group = words[number - 1]
        gaps.append(Gap((right,), tuple(dict.fromkeys(word for word, other in words if other == group))))
    return _fields(source, _pieces(source, pieces[::2]), gaps)


def _word(source: Source, box: Element) -> tuple[str, str]:
    """Return a word and its group; the words of a ``dragbox`` are HTML."""
    word = raw_text(box)
    if box.tag == "dragbox":
        plain = from_html(word)
        source.lose(*plain.lost)
        word = plain.text
    return word, raw_text(box.find("group"))


def _pieces(source: Source, parts: list[str]) -> list[str]:
    """Return the text between the gaps; ``parts`` is the HTML between them."""
    known = set("".join(parts))
    mark = next(each for each in map(chr, range(0xE000, 0xF900)) if each not in known)
    plain = from_html(mark.join(parts))
    source.lose(*plain.lost)
    return plain.text.split(mark)


def _fields(source: Source, pieces: list[str], gaps: list[Gap]) -> JsonObject:
    if not gaps or len(pieces) != len(gaps) + 1:
        raise CannotHoldError(say("题干里找不到空，请检查空的写法后再导入。"))
    chosen = all(gap.choices for gap in gaps)
    if chosen and len(gaps) == 1:
        return _single_choice(source, pieces, gaps[0])
    extra = [word for word in gaps[0].choices if all(word not in gap.accepted for gap in gaps)]
    same = len({gap.choices for gap in gaps}) == 1
    if chosen and same and _LEAST_PAIRS <= len(gaps) <= _MOST_PAIRS and len(extra) <= _MOST_EXTRA:
        source.said.append(say("选词填空改成了配对题：每空配一个词。"))
        return _matching(pieces, gaps, extra)
    return _fill_in(source, pieces, gaps)


def _single_choice(source: Source, pieces: list[str], gap: Gap) -> JsonObject:
    source.said.append(say("选词填空改成了单选题。"))
    at = gap.choices.index(gap.accepted[0])
    if at >= len(LETTERS):
        raise CannotHoldError(say("选项超过%(n)s个，请减少后再导入。", n=len(LETTERS)))
    return {
        "type": "single_choice",
        "stem": GAP.join(pieces),
        "options": list(gap.choices),
        "answer": [LETTERS[at]],
    }


def _matching(pieces: list[str], gaps: list[Gap], extra: list[str]) -> JsonObject:
    names = [f"（{number}）" for number in range(1, len(gaps) + 1)]
    stem = "".join(part for pair in zip(pieces, [*names, ""], strict=True) for part in pair)
    pairs = [[name, gap.accepted[0]] for name, gap in zip(names, gaps, strict=True)]
    return {"type": "matching", "stem": stem, "pairs": pairs} | ({"extra": extra} if extra else {})


def _fill_in(source: Source, pieces: list[str], gaps: list[Gap]) -> JsonObject:
    lines = [
        f"第{number}空备选：{'、'.join(gap.choices)}"
        for number, gap in enumerate(gaps, start=1)
        if gap.choices
    ]
    if lines:
        source.said.append(say("选词填空改成了填空题，备选词写在题干后面。"))
    stem = GAP.join(without_underscores(source, each) for each in pieces)
    lines = [without_underscores(source, line) for line in lines]
    return {
        "type": "fill_in",
        "stem": "\n".join([stem, *lines]),
        "blanks": [list(gap.accepted) for gap in gaps],
    }


def without_underscores(source: Source, text: str) -> str:
    """Return a text in which no underscore can be taken for a blank."""
    if "_" in text:
        source.said.append(say("题干里的下划线改成了全角“＿”，以免当成空。"))
    return text.replace("_", "＿")


def from_cloze(source: Source) -> JsonObject:
    """Return the fields of a question with answers embedded in its text."""
    written = raw_text(source.element.find("questiontext"))
    parts: list[str] = []
    gaps: list[Gap] = []
    at = 0
    while found := _CLOZE.search(written, at):
        if len(gaps) == _MOST_GAPS:
            raise CannotHoldError(_TOO_MANY)
        alternatives, end = _alternatives(written, found.end())
        gaps.append(_gap(source, found[2], alternatives))
        if found[1] not in {"", "1"}:
            source.lose(say("各空的不同分值"))
        parts.append(written[at : found.start()])
        at = end
    return _fields(source, _pieces(source, [*parts, written[at:]]), gaps)


def _alternatives(text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    """Return the alternatives (answer and feedback, as written) up to the closing brace, and its end."""
    ends: list[tuple[str, int, int]] = []
    for token in _TOKEN.finditer(text, at):
        if len(token[0]) == 1:
            ends.append((token[0], token.start(), token.end()))
            if len(ends) > 2 * _MOST_GAPS:
                raise CannotHoldError(_TOO_MANY)
            if token[0] == "}":
                return list(_cut(text, at, ends)), token.end()
    raise CannotHoldError(say("有一个填空没有以“}”结束，请改正后再导入。"))


def _cut(text: str, at: int, ends: list[tuple[str, int, int]]) -> Iterator[tuple[str, str]]:
    answer: str | None = None
    for sign, start, end in ends:
        if sign == "#" and answer is None:
            answer, at = text[at:start], end
        elif sign != "#":
            yield (text[at:start], "") if answer is None else (answer, text[at:start])
            answer, at = None, end


def _gap(source: Source, kind: str, alternatives: list[tuple[str, str]]) -> Gap:
    if kind not in _FREE | _CASED | _CHOSEN:
        raise CannotHoldError(
            say("填空里的“%(kind)s”放不下（能读的是简答填空和单选填空），请拆成单独的题。", kind=kind)
        )
    if kind in _CASED:
        source.lose(say("区分大小写"))
    if any(feedback.strip() for _answer, feedback in alternatives):
        source.lose(say("选项的单独反馈"))
    rated = [_rated(source, answer) for answer, _feedback in alternatives]
    if any(0 < fraction < FULL or fraction < 0 for _answer, fraction in rated):
        source.lose(say("部分得分的答案"))
    if kind in _CHOSEN:
        right = [answer for answer, fraction in rated if fraction >= FULL]
        if len(right) != 1:
            raise CannotHoldError(say("选词的空应当恰好有一个正确答案，请改正后再导入。"))
        return Gap((right[0],), tuple(dict.fromkeys(answer for answer, _fraction in rated)))
    return Gap(accepted(rated))


def _rated(source: Source, written: str) -> tuple[str, float]:
    """Return an alternative's text and what it earns in per cent."""
    found = _FRACTION.match(written)
    fraction = 0.0
    if found:
        fraction = 100.0 if found[1] else float(found[2].replace(",", "."))
    said = from_html(re.sub(r"\\([}#~\"/\\])", r"\1", written[found.end() if found else 0 :]))
    source.lose(*said.lost)
    return said.text, fraction


def accepted(rated: list[tuple[str, float]]) -> tuple[str, ...]:
    """Return the answers that earn everything, each once; raises ``CannotHoldError`` for a wildcard in one.

    A wildcard that earns nothing only carries feedback.
    """
    full = [answer for answer, fraction in rated if fraction >= FULL]
    wild = next((answer for answer in full if _WILDCARD.search(answer)), None)
    if wild is not None:
        raise CannotHoldError(
            say("答案“%(wild)s”里有通配符*，放不下；请把可接受的答案逐个写出来再导入。", wild=wild[:40])
        )
    if not full:
        raise CannotHoldError(say("没有得满分的答案，请补上后再导入。"))
    return tuple(dict.fromkeys(answer.replace("\\*", "*") for answer in full))


def cloze(stem: str, blanks: list[list[str]]) -> str:
    """Return the HTML of a fill-in with its answers embedded."""
    pieces = to_html(stem).replace("{", "&#123;").split(GAP)
    answers = [f"{{1:SHORTANSWER:{'~'.join(f'={_embedded(each)}' for each in blank)}}}" for blank in blanks]
    return "".join(part for pair in zip(pieces, [*answers, ""], strict=True) for part in pair)


def _embedded(answer: str) -> str:
    written = to_html(answer.replace("*", "\\*"))
    return _SPECIAL.sub(lambda found: found[0] if len(found[0]) > 1 else f"&#{ord(found[0])};", written)
