"""Lines of a text as drafts: the layout's questions understood, what is unclear refused. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cstrain.questions.exchange.contract import Draft, ItemFault, Place, Reading, UnreadableError
from cstrain.questions.exchange.text import answers
from cstrain.questions.exchange.text.key import keyed
from cstrain.questions.exchange.text.kinds import Parts, fields
from cstrain.questions.exchange.text.layout import Splitter
from cstrain.questions.exchange.text.marks import option
from cstrain.questions.exchange.text.options import OptionError, options_of, out_of_stem
from cstrain.questions.exchange.text.parts import Asked, Piece
from cstrain.questions.exchange.text.source import Line, unmasked
from cstrain.questions.exchange.text.words import DIFFICULTIES, KINDS, TRUTHS
from cstrain.questions.facts import JsonObject
from cstrain.wording.said import reason, say

_KIND_WORDS = "|".join(sorted(map(re.escape, KINDS), key=len, reverse=True))
_TAG = rf"[【\[（(〔]\s?(?P<kind>{_KIND_WORDS})\s?[】\]）)〕]"
_POINTS = r"[【\[（(]\s?(?:本题|本小题|共)?\s?(?P<points>\d{1,3}(?:\.\d)?\s?分)\s?[】\]）)]"
_BEFORE = (re.compile(rf"{_TAG}\s*"), re.compile(rf"{_POINTS}\s*"))
_AFTER = (re.compile(rf"{_TAG}$"), re.compile(rf"{_POINTS}$"))
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_RUN_IN = r"\s{0}\s?[.．、]\s?\D"


def read_lines(lines: Sequence[Line], place: Callable[[int], Place]) -> Reading:
    """Return the questions of a text; ``place`` names a line. Raises ``UnreadableError`` if there is none."""
    splitter = Splitter(lines)
    splitter.split()
    strays = [*splitter.strays, *keyed(splitter.keys, splitter.asked)]
    if not splitter.asked and not strays:
        raise UnreadableError(
            say("文件没有读取：里面没有带题号的题目。请在每道题前写上题号（1. 2. ……），答案写成“答案：B”。")
        )
    _repeated(splitter.asked)
    _run_in(splitter.asked)
    drafts: list[Draft] = []
    faults = [ItemFault(place(line), message) for line, message in strays]
    for asked in splitter.asked:
        try:
            drafts.append(_draft(asked, place(asked.line)))
        except (OptionError, answers.AnswerError) as error:
            faults.append(ItemFault(place(asked.line), _of(asked.number, reason(error))))
    return Reading(tuple(drafts), tuple(faults))


def _of(number: int, why: str) -> str:
    if why.startswith(("没有", "有", "写着", "是多选", "只有")):
        return say("第%(number)s题%(why)s", number=number, why=why)
    return say("第%(number)s题：%(why)s", number=number, why=why)


def _repeated(asked: Sequence[Asked]) -> None:
    """Note on questions of the same section with the same number that one may be a piece of the other."""
    seen: dict[tuple[int, int], Asked] = {}
    for each in asked:
        first = seen.setdefault((each.part, each.number), each)
        if first is not each:
            for one, other in ((first, each), (each, first)):
                one.wrong(
                    say(
                        "题号%(number)s出现了两次，另一次在第%(line)s行。请改正题号，或检查题目"
                        "有没有被分开。",
                        number=each.number,
                        line=other.line,
                    )
                )


def _run_in(asked: Sequence[Asked]) -> None:
    """Note on the last question of each section a next number inside its lines: two questions on one line."""
    for at, each in enumerate(asked):
        following = asked[at + 1] if at + 1 < len(asked) else None
        if following is not None and following.part == each.part:
            continue
        inside = re.compile(_RUN_IN.format(each.number + 1))
        if any(inside.search(line) for piece in each.of("stem", "option", "answer") for line in piece.lines):
            each.wrong(
                say(
                    "里面还有“%(number)s.”，可能两道题写在了同一行。请把下一题另起一行。",
                    number=each.number + 1,
                )
            )


def _draft(asked: Asked, place: Place) -> Draft:
    if asked.problems:
        raise answers.AnswerError(asked.problems[0])
    notes = list(asked.notes)
    stem, kind = _untagged(asked.pieces[0].text, asked.section.kind, notes)
    if said := asked.text("type"):
        if said not in KINDS:
            raise answers.AnswerError(
                say("不认识题型“%(said)s”。请写单选题、多选题、判断题、填空题、简答题……", said=said[:40])
            )
        kind = KINDS[said]
    stem, options = _options(asked, stem)
    if not stem:
        raise answers.AnswerError(say("没有题干。请在题号后面写上题目。"))
    parts = Parts(
        kind, stem, options, asked.text("answer", "model"), asked.text("extra"), asked.text("limits"),
        asked.text("rubric"),
    )  # fmt: skip
    made = fields(parts) | _told(asked, notes)
    if parts.rubric and "rubric" not in made:
        notes.append(say("没有保留：评分标准（每行要写成“要点（3分）”）"))
    tags = tuple(each for each in re.split(r"[、,，;；\s]+", asked.text("tags")) if each)
    return Draft(
        place, unmasked(made), unmasked(asked.text("topic")), tuple(unmasked(tags)), tuple(unmasked(notes))
    )


def _untagged(stem: str, kind: str, notes: list[str]) -> tuple[str, str]:
    """Return the stem without its type and points in brackets at either end, and the kind they say."""
    for _turn in range(2):
        for find in (*(one.match for one in _BEFORE), *(one.search for one in _AFTER)):
            found = find(stem)
            if found is None:
                continue
            groups = found.groupdict()
            if groups.get("points"):
                notes.append(say("没有保留：分值%(points)s", points=groups["points"]))
            else:
                kind = KINDS[groups["kind"]]
            stem = f"{stem[: found.start()]}{stem[found.end() :]}".strip()
    return stem.strip(), kind


def _options(asked: Asked, stem: str) -> tuple[str, list[str]]:
    pieces = asked.of("option")
    first = option(pieces[0].text) if pieces else None
    if first is None or first.letter:
        stem, inside = out_of_stem(stem)
        if inside:
            pieces = [Piece("option", asked.line, [inside]), *pieces]
    return stem, options_of(pieces)


def _told(asked: Asked, notes: list[str]) -> JsonObject:
    """Return id, difficulty, explanation, source and situation, where the text says them."""
    found: JsonObject = {key: text for key in ("explanation", "source") if (text := asked.text(key))}
    if name := asked.text("id"):
        if _ID.fullmatch(str(unmasked(name))):
            found["id"] = name
        else:
            notes.append(say("没有保留：编号“%(name)s”（只能用小写字母、数字和 . _ -）", name=name[:40]))
    if level := asked.text("difficulty"):
        if level.lower() in DIFFICULTIES:
            found["difficulty"] = DIFFICULTIES[level.lower()]
        else:
            notes.append(say("没有保留：难度“%(level)s”（可以写易、中、难）", level=level[:40]))
    if TRUTHS.get(asked.text("situation").lower()):
        found["situation"] = True
    if points := asked.text("points"):
        notes.append(say("没有保留：分值%(points)s", points=points[:20]))
    return found
