"""An edition as text: begun from the one before, changed by numbers, checked with the line of each fault."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from cstrain.judgement.ladder import Ladder
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import Document, Fault, SourceError, Where, parse
from cstrain.promotion import changing, ladders, scenarios
from cstrain.promotion.changing import Number

LADDER_FILE, SCENARIO_FILE = "制度文本", "场景"
"""How faults name the two texts."""
WRONG_START = "生效日期由系统按上面选的日期填写，这一行请写成 effective_from，不加引号。"


def shipped_texts(ref: str, number: int) -> tuple[str, str] | None:
    """Return the texts of a shipped edition and of its scenario cases; ``None`` when there is none."""
    text = _shipped(ladders.FOLDER, {"ref": ref, "edition": number})
    if text is None:
        return None
    return text, _shipped(scenarios.FOLDER, {"ladder": ref, "edition": number}) or ""


def _shipped(folder: str, wanted: Mapping[str, object]) -> str | None:
    for path in sorted((SHIPPED / folder).glob("*.yaml")):
        text = path.read_text("utf-8")
        head = parse(text, path.name).data
        if isinstance(head, dict) and all(head.get(name) == value for name, value in wanted.items()):
            return text
    return None


def begun(text: str, number: int, start: date) -> str:
    """Return the text of a new edition that begins as a copy: its number, its first day, no approvals."""
    return stamped(_without(text, "approvals"), number, start)


def stamped(text: str, number: int, start: date) -> str:
    """Return the text with the number and the first day of its edition, on the lines they stand on."""
    return _line(_line(text, "edition", number), "effective_from", start.isoformat())


def cases_of(text: str, number: int) -> str:
    """Return scenario cases as those of another edition."""
    return _line(text, "edition", number)


def _line(text: str, key: str, value: int | str) -> str:
    said = json.dumps(value)
    return re.sub(rf'^( ?"?{key}"?:).*?(,?)$', rf"\g<1> {said}\g<2>", text, count=1, flags=re.MULTILINE)


def _without(text: str, key: str) -> str:
    return re.sub(rf"^{key}:.*\n(?:[ \-#].*\n|\n)*", "", text, count=1, flags=re.MULTILINE)


def read(text: str, ref: str, number: int, start: date | None = None) -> tuple[Ladder, Document]:
    """Read a draft; raises ``SourceError`` with the line of each fault. ``start``: the first day it says."""
    document = parse(text, LADDER_FILE)
    found = ladders.checked(document, draft=True)
    faults = []
    if found.ref != ref:
        faults.append(document.fault(("ref",), f"这里要写“{ref}”：新版只能接着同一条通道。"))
    if found.edition != number:
        faults.append(document.fault(("edition",), f"下一版是第{number}版，请改正版本号。"))
    if start is not None and found.effective_from != start:
        faults.append(document.fault(("effective_from",), WRONG_START))
    if faults:
        raise SourceError(tuple(faults))
    return found, document


def run_cases(text: str, ladder: Ladder) -> tuple[Fault, ...]:
    """Run the scenario cases of a draft; returns what is wrong, with the line in their text."""
    if not text.strip():
        return (Fault(SCENARIO_FILE, 1, "还没有场景：至少写一个，说明新版在什么情况下得出什么结论。"),)
    try:
        return scenarios.run(parse(text, SCENARIO_FILE), [ladder])
    except SourceError as error:
        return error.faults


def with_numbers(text: str, number: int, changed: Mapping[str, Decimal]) -> str:
    """Return a draft's text with other numbers by their keys, each replaced where it stands.

    A number that stands nowhere by itself is added to its condition; where that is not possible the whole
    ladder is written anew. Raises ``DomainError`` when a number is not possible.
    """
    document = parse(text, LADDER_FILE)
    present = ladders.checked(document, draft=True)
    wanted = changing.with_numbers(present, changed)
    lines = text.split("\n")
    for one in changing.numbers(present):
        if one.key in changed and changed[one.key] != one.value:
            place = document.line(_where(one)) - 1
            lines[place] = _put(lines[place], one, changed[one.key])
    made = "\n".join(lines)
    try:
        same = read(made, present.ref, number)[0] == wanted
    except SourceError:
        same = False
    return made if same else changing.as_text(wanted.model_copy(update={"approvals": ()}))


def _where(one: Number) -> Where:
    _n, _step, *path = one.key.split("-")
    return ("steps", one.step, "criteria", *(int(part) if part.isdigit() else part for part in path))


def _put(line: str, one: Number, value: Decimal) -> str:
    """Return a line with the number in its place; unchanged where it cannot be told."""
    said = f"{value.normalize():f}"
    found = re.subn(rf"(?<![\w-])({one.name}:\s*)\d+(?:\.\d+)?(?=[\s,}}]|$)", rf"\g<1>{said}", line)
    if found[1] == 1:
        return found[0]
    if found[1] == 0 and line.rstrip().endswith("}"):
        return f"{line.rstrip()[:-1]}, {one.name}: {said}}}"
    return line
