"""Drafts as text of a GIFT file. Pure.

Multiple choice is written with weights that sum to 100 and as much taken off for a wrong pick; a question
with ``<`` or ``&`` is marked ``[plain]``, so that other systems show it as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.contract import Draft, ItemFault
from cstrain.questions.exchange.gift.reading import KEPT, KEPT_BY_TYPE, UNIT, draft_of
from cstrain.questions.exchange.gift.syntax import GAP, MARK, RefusedError, escaped, pieces
from cstrain.questions.exchange.gift.text import HTML, PLAIN
from cstrain.questions.exchange.plain_text import to_html
from cstrain.questions.question_type import question_types
from cstrain.wording.said import reason, said_row, say

_NOWHERE = "$course$/top"
"""The category of questions without a topic."""


def file_of(title: str, drafts: Sequence[Draft]) -> tuple[str, tuple[ItemFault, ...]]:
    """Return the text of a file, and which questions it does not hold."""
    said = [f"// {_one_line(title)}\n"]
    lost: list[ItemFault] = []
    topic = ""
    for draft in drafts:
        try:
            question = _question(draft)
            changed = _changed(draft, question)
        except RefusedError as error:
            lost.append(ItemFault(draft.place, reason(error)))
            continue
        if changed:
            lost.append(ItemFault(draft.place, changed))
        if draft.topic != topic:
            topic = draft.topic
            said.append(f"$CATEGORY: {_one_line(topic) or _NOWHERE}\n")
        said.append(question)
    return "\n".join(said), tuple(lost)


def _changed(draft: Draft, question: str) -> str:
    """Return what is said otherwise when the question is read back; raises ``RefusedError`` if it cannot be.

    Line ends and the spaces at them are not kept in GIFT; this is no list of such cases, it tries.
    """
    found = list(pieces(question))
    if len(found) != 1:
        raise RefusedError(say("这道题的文字在GIFT里会读成别的题，没有导出。"))
    try:
        back = draft_of(found[0]).fields
    except RefusedError as error:
        raise RefusedError(say("写成GIFT以后读不回来，没有导出：%(why)s", why=reason(error))) from None
    names = [word for name, word in _HELD.items() if _said(draft.fields.get(name)) != _said(back.get(name))]
    return (
        say("%(names)s里的换行或空格在GIFT里保留不下来，导出后有改动。", names=said_row("、", names))
        if names
        else ""
    )


def _said(value: Any) -> str:
    """Return a value as text to compare: a list of one is that one, nothing is nothing."""
    if isinstance(value, list | tuple) and len(value) == 1:
        return _said(value[0])
    return json.dumps(value, ensure_ascii=False, default=str) if value else ""


_HELD = {
    "stem": say("题干"),
    "options": say("选项"),
    "blanks": say("空"),
    "pairs": say("配对"),
    "extra": say("多余的右边"),
    "explanation": say("解析"),
    "model": say("参考答案"),
}
"""Texts that GIFT has a place for, and what trainers call them."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _question(draft: Draft) -> str:
    """Return a question with the comments above it; raises ``RefusedError`` where GIFT cannot hold it."""
    fields = draft.fields
    block = _BLOCKS.get(str(fields["type"]))
    if block is None:
        raise RefusedError(say("题型“%(label)s”这个格式放不下，没有导出。", label=_label(fields["type"])))
    before, after = _stem(fields)
    answers = block(fields)
    name = str(fields.get("id", ""))
    titled = f"::{escaped(_one_line(name))}::" if name else ""
    marker = PLAIN if _needs_marker(before + after) or any(each in _all_text(fields) for each in "<&") else ""
    text = f"{titled}{marker}{escaped(before)}{{{answers}{_general(fields)}}}{escaped(after)}"
    return "".join(f"// {line}\n" for line in _comments(draft)) + text + "\n"


def _label(name: Any) -> str:
    kinds = question_types()
    return say(kinds.get(str(name)).label) if str(name) in kinds else str(name)


def _all_text(fields: Mapping[str, Any]) -> str:
    shown = (fields.get(name) for name in ("stem", "options", "pairs", "explanation", "model"))
    return json.dumps(list(shown), ensure_ascii=False)


def _needs_marker(text: str) -> bool:
    """Tell whether a text begins with a blank, or like a marker, weight, comment or category."""
    return text.startswith(("[", "%", "//", "$")) or text[:1].isspace()


def _text(text: str) -> str:
    return (PLAIN if _needs_marker(text) else "") + escaped(text)


def _comments(draft: Draft) -> list[str]:
    fields = draft.fields
    kind = str(fields["type"])
    properties = [("id", str(fields["id"]))] if fields.get("id") else []
    properties += [("tag", each) for each in draft.tags]
    lines = [" ".join(f"[{name}:{_property(value)}]" for name, value in properties)]
    names = (*KEPT, *KEPT_BY_TYPE.get(kind, ()))
    kept = {name: fields[name] for name in names if fields.get(name) not in (None, "", [], False)}
    if kind == "short_answer":
        kept["type"] = kind
    if kept.get("model") and not fields.get("explanation"):
        del kept["model"]
        kept["feedback"] = "model"
    if kept:
        lines.append(MARK + json.dumps(kept, ensure_ascii=False, default=str))
    return [line for line in lines if line]


def _property(value: str) -> str:
    return _one_line(value).replace("\\", "\\\\").replace("]", "\\]")


def _stem(fields: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text before and behind the block."""
    stem = str(fields["stem"])
    if fields["type"] == "fill_in":
        before, _, after = stem.partition(GAP)
        return before, after
    return (stem + UNIT % fields["unit"] if fields.get("unit") else stem), ""


def _general(fields: Mapping[str, Any]) -> str:
    said = fields.get("explanation") or fields.get("model")
    return f"####{_text(str(said))}" if said else ""


def _listed(lines: Iterable[str]) -> str:
    return "".join(f"\n\t{line}" for line in lines) + "\n\t"


def _single(fields: Mapping[str, Any]) -> str:
    right = LETTERS.index(fields["answer"][0])
    options = enumerate(fields["options"])
    return _listed(f"{'=' if index == right else '~'}{_text(text)}" for index, text in options)


def _multiple(fields: Mapping[str, Any]) -> str:
    right = {LETTERS.index(letter) for letter in fields["answer"]}
    weight = f"{100 / len(right):.5f}".rstrip("0").rstrip(".")
    options = enumerate(fields["options"])
    return _listed(f"~%{'' if index in right else '-'}{weight}%{_text(text)}" for index, text in options)


def _true_false(fields: Mapping[str, Any]) -> str:
    return "TRUE" if fields["answer"] else "FALSE"


def _fill_in(fields: Mapping[str, Any]) -> str:
    if len(fields["blanks"]) != 1:
        raise RefusedError(
            say("有%(n)s个空，GIFT每题只放得下一个，没有导出。请拆成几道题。", n=len(fields["blanks"]))
        )
    answers = [str(each) for each in fields["blanks"][0]]
    if any("->" in each for each in answers):
        raise RefusedError(say("答案里有“->”，在GIFT里会变成配对题，没有导出。"))
    return " ".join("=" + _text(each.replace("*", "\\*")) for each in answers)


def _number(fields: Mapping[str, Any]) -> str:
    tolerance = fields.get("tolerance")
    within = f":{tolerance}" if tolerance not in (None, "") else ""
    return f"#{fields['answer']}{within}"


def _matching(fields: Mapping[str, Any]) -> str:
    pairs = [f"={_left(left)} -> {escaped(right)}" for left, right in fields["pairs"]]
    return _listed([*pairs, *(f"= -> {escaped(each)}" for each in fields.get("extra", ()))])


def _left(text: str) -> str:
    # GIFT has no escape for the arrow, HTML has
    return HTML + escaped(to_html(text).replace("<br/>", "\n")) if "->" in text else _text(text)


def _written(_fields: Mapping[str, Any]) -> str:
    return ""


_BLOCKS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "fill_in": _fill_in,
    "number": _number,
    "matching": _matching,
    "short_answer": _written,
    "essay": _written,
}
