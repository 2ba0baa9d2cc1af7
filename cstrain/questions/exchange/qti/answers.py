"""What a QTI item takes for right: response declarations, mappings, response processing. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cstrain.wording.said import say

CUSTOM = say("没有保留：自定义的评分过程，只取了标准答案")
_TEMPLATES = ("match_correct", "map_response")
_USUAL = frozenset(
    {
        "responseProcessing",
        "responseCondition",
        "responseIf",
        "responseElseIf",
        "responseElse",
        "match",
        "and",
    }
    | {
        "variable",
        "correct",
        "baseValue",
        "mapResponse",
        "setOutcomeValue",
        "sum",
        "equal",
        "isNull",
        "value",
    }
    | {"equalRounded", "gte", "lte", "gt", "lt", "responseProcessingFragment", "exitResponse"}
)
_MOST_DIGITS = 40


class Tolerance(NamedTuple):
    """How far a number may lie below and above the answer, and what of that ours cannot say."""

    below: Decimal
    above: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A response: its right values in order, and what each earns where the item says so (``mapped``)."""

    cardinality: str = "single"
    base: str = ""
    right: tuple[str, ...] = ()
    mapped: Mapping[str, Decimal] = field(default_factory=dict)
    distinguishes_case: bool = False

    @property
    def earning(self) -> tuple[str, ...]:
        """What earns something by the mapping."""
        return tuple(key for key, value in self.mapped.items() if value > 0)

    @property
    def best(self) -> tuple[str, ...]:
        """What earns the most by the mapping."""
        most = max(self.mapped.values(), default=Decimal(0))
        return tuple(key for key, value in self.mapped.items() if value == most > 0)

    @property
    def weighs(self) -> bool:
        """Tell whether the mapping gives anything but all for right and nothing for wrong."""
        return len(set(self.mapped.values()) - {Decimal(0)}) > 1


def read_declarations(root: Element, *, own: bool) -> dict[str, Declared]:
    """Return the response declarations of an item by their names."""
    return {
        declared.get("identifier", ""): _declared(declared, own)
        for declared in root.findall("responseDeclaration")
    }


def _declared(declared: Element, own: bool) -> Declared:
    values = (value.text or "" for value in declared.findall("correctResponse/value"))
    entries = declared.findall("mapping/mapEntry")
    return Declared(
        declared.get("cardinality", "single"),
        declared.get("baseType", ""),
        tuple(value if own else " ".join(value.split()) for value in values),
        {
            key if own else " ".join(key.split()): number(entry.get("mappedValue", "")) or Decimal(0)
            for entry in entries
            if (key := entry.get("mapKey", ""))
        },
        any(entry.get("caseSensitive", "true") == "true" for entry in entries),
    )


def number(text: str) -> Decimal | None:
    """Return a number as QTI writes it; ``None`` for anything else, or too many digits."""
    try:
        value = Decimal(text.strip()) if len(text) <= _MOST_DIGITS else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS else None


def is_custom(root: Element) -> bool:
    """Tell whether the marks are worked out otherwise than by the templates and what generators write."""
    processing = root.find("responseProcessing")
    if processing is None:
        return False
    template = processing.get("template", "")
    if template:
        return not template.removesuffix(".xml").endswith(_TEMPLATES)
    if any(element.tag not in _USUAL for element in processing.iter()):
        return True
    return any(_scores_one_value(branch) for branch in processing.iter() if branch.tag in _BRANCHES)


_BRANCHES = frozenset({"responseIf", "responseElseIf"})


def _scores_one_value(branch: Element) -> bool:
    """Tell whether a branch compares a response with a value of its own and then sets the score."""
    compared = any(match.find("baseValue") is not None for match in branch.findall("match"))
    return compared and any(one.get("identifier") == "SCORE" for one in branch.findall("setOutcomeValue"))


def read_tolerance(root: Element, name: str, answer: Decimal) -> Tolerance | None:
    """Return how far a response may lie from the answer by the response processing.

    ``None`` where that is said in a way that is not understood.
    """
    processing = root.find("responseProcessing")
    nothing = Tolerance(Decimal(0), Decimal(0))
    if processing is None:
        return nothing
    for element in processing.iter():
        if element.tag in {"equal", "equalRounded"} and _about(element, name):
            return _equal(element, answer) if element.tag == "equal" else _rounded(element)
    bounds = list(_bounds(processing, name))
    return _within(bounds, answer) if bounds else nothing


def _about(element: Element, name: str) -> bool:
    return any(variable.get("identifier") == name for variable in element.findall("variable"))


def _equal(equal: Element, answer: Decimal) -> Tolerance | None:
    mode, said = equal.get("toleranceMode", "exact"), equal.get("tolerance", "0").split()
    if mode == "exact":
        return Tolerance(Decimal(0), Decimal(0))
    bounds = [number(text) for text in said[:2]]
    if not bounds or mode not in {"absolute", "relative"}:
        return None
    below, above = bounds[0], bounds[-1]
    if below is None or above is None:
        return None
    share = Decimal(1) if mode == "absolute" else abs(answer) / 100
    open_ended = "false" in {equal.get("includeLowerBound"), equal.get("includeUpperBound")}
    return Tolerance(below * share, above * share, _BOUNDS if open_ended else "")


_BOUNDS = say("允许范围的两端原来不算对，这里算对")


def _rounded(equal: Element) -> Tolerance | None:
    figures = equal.get("figures", "")
    if equal.get("roundingMode", "significantFigures") != "decimalPlaces" or not re.fullmatch(
        "[0-9]", figures
    ):
        return None
    half = Decimal(5).scaleb(-int(figures) - 1)
    return Tolerance(
        half, half, say("原来按四舍五入后相等判分，这里按相差不超过%(half)s判分", half=f"{half:f}")
    )


def _within(found: list[tuple[bool, bool, Decimal]], answer: Decimal) -> Tolerance | None:
    """Return the bounds that comparisons with two numbers set around the answer."""
    low = [value for upper, _open, value in found if not upper and value <= answer]
    high = [value for upper, _open, value in found if upper and value >= answer]
    if len(low) != 1 or len(high) != 1:
        return None
    note = _BOUNDS if any(is_open for _upper, is_open, _value in found) else ""
    return Tolerance(answer - low[0], high[0] - answer, note)


def _bounds(processing: Element, name: str) -> Iterator[tuple[bool, bool, Decimal]]:
    """Yield for each comparison of the response whether it sets an upper bound, an open one, and where."""
    for element in processing.iter():
        if element.tag not in {"gte", "gt", "lte", "lt"} or len(element) != 2 or not _about(element, name):
            continue
        value = number(element.findtext("baseValue") or "")
        if value is not None:
            said_first = element[0].tag == "variable"
            yield (element.tag in {"lte", "lt"}) == said_first, element.tag in {"gt", "lt"}, value
