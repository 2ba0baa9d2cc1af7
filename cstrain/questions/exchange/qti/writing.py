"""Drafts as QTI items, built under the names of QTI 2.1. Pure.

What QTI has no place for stands in the labels that it leaves to authoring tools: the type (with its limits)
on the item, difficulty, situation, source, topic and tags on the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from cstrain.questions.choices import LETTERS, in_no_telling_order
from cstrain.questions.exchange.contract import Draft
from cstrain.questions.exchange.qti.names import ITEM, TOOL

_GAP = "____"
_TEMPLATE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
_RESPONSE = "RESPONSE"
_FALSE, _TRUE = "false", "true"
_MOST_TITLE = 60


def build_item(draft: Draft, number: int) -> Element:
    """Return a question as an item; ``number`` names one without id."""
    fields = draft.fields
    title = " ".join(str(fields["stem"]).split())[:_MOST_TITLE]
    item = Element(
        ITEM,
        {
            "identifier": str(fields.get("id", f"_item{number}")),
            "title": title,
            "label": _label(fields),
            "adaptive": _FALSE,
            "timeDependent": _FALSE,
            "toolName": TOOL,
            "toolVersion": "1",
        },
    )
    body = Element("itemBody", _about(draft))
    processing = _WRITERS[fields["type"]](item, body, fields)
    _outcome(item, "SCORE", "float", "0")
    explanation = str(fields.get("explanation", ""))
    if explanation:
        _outcome(item, "FEEDBACK", "identifier", "explanation")
    item.append(body)
    if processing is not None:
        item.append(processing)
    if explanation:
        said = {"outcomeIdentifier": "FEEDBACK", "identifier": "explanation", "showHide": "show"}
        _paragraphs(SubElement(item, "modalFeedback", said), explanation)
    return item


def can_write(name: object) -> bool:
    """Tell whether QTI holds questions of a type."""
    return name in _WRITERS


def _label(fields: Mapping[str, Any]) -> str:
    limits = [f"{name}={fields[name]}" for name in ("most", "least") if name in fields]
    return ";".join([str(fields["type"]), *limits])


def _about(draft: Draft) -> dict[str, str]:
    said = {name: draft.fields[name] for name in _KEPT if name in draft.fields}
    said |= {"topic": draft.topic} if draft.topic else {}
    said |= {"tags": list(draft.tags)} if draft.tags else {}
    return {"label": json.dumps(said, ensure_ascii=False)} if said else {}


_KEPT = ("difficulty", "situation", "source")


def _outcome(item: Element, name: str, base: str, default: str) -> None:
    outcome = SubElement(
        item, "outcomeDeclaration", {"identifier": name, "cardinality": "single", "baseType": base}
    )
    SubElement(SubElement(outcome, "defaultValue"), "value").text = default


def _declare(
    item: Element, cardinality: str, base: str, right: Sequence[str], name: str = _RESPONSE
) -> Element:
    said = {"identifier": name, "cardinality": cardinality, "baseType": base}
    declared = SubElement(item, "responseDeclaration", said)
    if right:
        correct = SubElement(declared, "correctResponse")
        for value in right:
            SubElement(correct, "value").text = value
    return declared


def _template(name: str) -> Element:
    return Element("responseProcessing", {"template": _TEMPLATE + name})


def _paragraphs(parent: Element, text: str) -> None:
    for line in text.split("\n"):
        SubElement(parent, "p").text = line


def _words(parent: Element, text: str) -> None:
    """Put a text into a choice: a line as it is, several as paragraphs."""
    if "\n" in text:
        _paragraphs(parent, text)
    else:
        parent.text = text


def _choices(parent: Element, tag: str, named: Mapping[str, str], **said: str) -> None:
    for name, text in named.items():
        _words(SubElement(parent, tag, {"identifier": name, **said}), text)


def _interaction(body: Element, tag: str, **said: str) -> Element:
    return SubElement(body, tag, {"responseIdentifier": _RESPONSE, **said})


def _choice(item: Element, body: Element, fields: Mapping[str, Any]) -> Element:
    right = list(fields["answer"])
    several = fields["type"] == "multiple_choice"
    _declare(item, "multiple" if several else "single", "identifier", right)
    _paragraphs(body, fields["stem"])
    asked = _interaction(body, "choiceInteraction", shuffle=_TRUE, maxChoices="0" if several else "1")
    _choices(asked, "simpleChoice", dict(zip(LETTERS, fields["options"], strict=False)))
    return _template("match_correct")


def _true_false(item: Element, body: Element, fields: Mapping[str, Any]) -> Element:
    _declare(item, "single", "identifier", [_TRUE if fields["answer"] else _FALSE])
    _paragraphs(body, fields["stem"])
    asked = _interaction(body, "choiceInteraction", shuffle=_FALSE, maxChoices="1")
    _choices(asked, "simpleChoice", {_TRUE: "正确", _FALSE: "错误"})
    return _template("match_correct")


def _fill_in(item: Element, body: Element, fields: Mapping[str, Any]) -> Element:
    names = [f"{_RESPONSE}{index}" for index in range(1, len(fields["blanks"]) + 1)]
    if len(names) == 1:
        names = [_RESPONSE]
    for name, accepted in zip(names, fields["blanks"], strict=True):
        declared = _declare(item, "single", "string", accepted[:1], name)
        mapping = SubElement(declared, "mapping", {"defaultValue": "0"})
        for text in accepted:
            said = {"mapKey": text, "mappedValue": "1", "caseSensitive": _FALSE}
            SubElement(mapping, "mapEntry", said)
    left = iter(names)
    for line in fields["stem"].split("\n"):
        paragraph = SubElement(body, "p")
        paragraph.text, *after = line.split(_GAP)
        for text in after:
            entry = SubElement(paragraph, "textEntryInteraction", {"responseIdentifier": next(left)})
            entry.tail = text
    return _template("map_response") if len(names) == 1 else _summed(names)


def _summed(names: Sequence[str]) -> Element:
    processing = Element("responseProcessing")
    total = SubElement(SubElement(processing, "setOutcomeValue", {"identifier": "SCORE"}), "sum")
    for name in names:
        SubElement(total, "mapResponse", {"identifier": name})
    return processing


def _number(item: Element, body: Element, fields: Mapping[str, Any]) -> Element:
    _declare(item, "single", "float", [f"{Decimal(str(fields['answer'])):f}"])
    _paragraphs(body, fields["stem"])
    line = SubElement(body, "p", {"class": "answer"})
    SubElement(line, "textEntryInteraction", {"responseIdentifier": _RESPONSE})
    if fields.get("unit"):
        SubElement(line, "span", {"class": "unit"}).text = fields["unit"]
    return _near(str(fields["tolerance"]) if "tolerance" in fields else None)


def _near(tolerance: str | None) -> Element:
    """Return the processing that gives the mark within the tolerance, its bounds included."""
    processing = Element("responseProcessing")
    branch = SubElement(SubElement(processing, "responseCondition"), "responseIf")
    said = {"toleranceMode": "exact"}
    if tolerance is not None:
        within = f"{Decimal(tolerance):f}"
        said = {"toleranceMode": "absolute", "tolerance": f"{within} {within}"}
    equal = SubElement(branch, "equal", said)
    SubElement(equal, "variable", {"identifier": _RESPONSE})
    SubElement(equal, "correct", {"identifier": _RESPONSE})
    score = SubElement(branch, "setOutcomeValue", {"identifier": "SCORE"})
    SubElement(score, "baseValue", {"baseType": "float"}).text = "1"
    return processing


def _matching(item: Element, body: Element, fields: Mapping[str, Any]) -> Element:
    pairs = fields["pairs"]
    rights = [right for _left, right in pairs]
    options = in_no_telling_order([*rights, *fields.get("extra", ())], rights)
    named = {f"R{index}": text for index, text in enumerate(options, start=1)}
    names = {text: name for name, text in named.items()}
    lefts = {f"L{index}": left for index, (left, _right) in enumerate(pairs, start=1)}
    right = [f"{name} {names[text]}" for name, text in zip(lefts, rights, strict=True)]
    _declare(item, "multiple", "directedPair", right)
    _paragraphs(body, fields["stem"])
    most = str(len(pairs))
    asked = _interaction(body, "matchInteraction", shuffle=_TRUE, maxAssociations=most)
    _choices(SubElement(asked, "simpleMatchSet"), _THING, lefts, matchMax="1")
    _choices(SubElement(asked, "simpleMatchSet"), _THING, named, matchMax=most)
    return _template("match_correct")


_THING = "simpleAssociableChoice"


def _ordering(item: Element, body: Element, fields: Mapping[str, Any]) -> Element:
    steps = fields["steps"]
    named = {f"S{index}": text for index, text in enumerate(in_no_telling_order(steps, steps), start=1)}
    names = {text: name for name, text in named.items()}
    _declare(item, "ordered", "identifier", [names[step] for step in steps])
    _paragraphs(body, fields["stem"])
    _choices(_interaction(body, "orderInteraction", shuffle=_TRUE), "simpleChoice", named)
    return _template("match_correct")


def _extended(item: Element, body: Element, fields: Mapping[str, Any]) -> None:
    _declare(item, "single", "string", [fields["model"]] if fields.get("model") else [])
    _paragraphs(body, fields["stem"])
    _interaction(body, "extendedTextInteraction", **_expected(fields))
    if fields.get("rubric"):
        rows = SubElement(SubElement(_scorers(body), "table"), "tbody")
        for criterion in fields["rubric"]:
            cells = [criterion["id"], criterion["title"], str(criterion["of"]), criterion.get("hint", "")]
            row = SubElement(rows, "tr")
            for text in (*cells, *criterion.get("levels", ())):
                _words(SubElement(row, "td"), text)


def _expected(fields: Mapping[str, Any]) -> dict[str, str]:
    return {"expectedLength": str(fields["most"])} if "most" in fields else {}


def _scorers(body: Element) -> Element:
    return SubElement(body, "rubricBlock", {"view": "scorer", "use": "scoring"})


_WRITERS: dict[Any, Callable[[Element, Element, Mapping[str, Any]], Element | None]] = {
    "essay": _extended,
    "fill_in": _fill_in,
    "matching": _matching,
    "multiple_choice": _choice,
    "number": _number,
    "ordering": _ordering,
    "short_answer": _extended,
    "single_choice": _choice,
    "true_false": _true_false,
}

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(value: Any) -> Any:
    """Return plain data without the characters that XML cannot hold."""
    if isinstance(value, str):
        return _UNWRITABLE.sub("", value)
    if isinstance(value, Mapping):
        return {name: writable(each) for name, each in value.items()}
    return [writable(each) for each in value] if isinstance(value, list | tuple) else value
