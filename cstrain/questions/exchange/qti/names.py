"""QTI 3.0 says what QTI 2.1 says under other names: trees are read and built under those of 2.1. Pure."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

ITEM = "assessmentItem"
TOOL = "cstrain"
"""How items of ours name their author (``toolName``), so that their texts are read as they were written."""

_PREFIX = "qti-"
_TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_NAMESPACED = re.compile(r"^\{[^}]*\}")
_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
_BY_HYPHEN = re.compile(r"-([a-z0-9])")
_HTML = frozenset({"div", "p", "span", "table", "tbody", "tr", "td", "th"})
"""What writing uses of HTML: its names stay in QTI 3.0."""
_WRAPPED = frozenset({"modalFeedback", "rubricBlock"})
"""What holds its text in a ``qti-content-body`` in QTI 3.0."""


def named_as_2p1(root: Element) -> int:
    """Give a tree names without namespace, those of QTI 3.0 as in 2.1; return how many elements it has."""
    left, seen = [root], 0
    while left:
        element = left.pop()
        left.extend(element)
        seen += 1
        tag = _NAMESPACED.sub("", str(element.tag))
        if tag.startswith(_PREFIX):
            tag = _camel(tag.removeprefix(_PREFIX))
            for name in [name for name in element.attrib if "-" in name and not name.startswith("{")]:
                element.set(_camel(name), element.attrib.pop(name))
        element.tag = tag
    return seen


def named_as_3p0(root: Element) -> Element:
    """Return a tree built under the names of 2.1 under those of QTI 3.0 (in place)."""
    for processing in root.iter("responseProcessing"):
        if template := processing.get("template"):
            processing.set("template", f"{_TEMPLATES}{template.rpartition('/')[2]}.xml")
    for element in list(root.iter()):
        tag = str(element.tag)
        if tag in _HTML:
            continue
        if tag in _WRAPPED:
            _wrap(element)
        element.tag = _PREFIX + _kebab(tag)
        for name in list(element.attrib):
            if not name.startswith(("xmlns", "xsi:")):
                element.set(_kebab(name), element.attrib.pop(name))
    return root


def _wrap(element: Element) -> None:
    body = Element(_PREFIX + "content-body")
    body.text, element.text = element.text, None
    body.extend(list(element))
    for child in list(element):
        element.remove(child)
    element.append(body)


def _camel(name: str) -> str:
    return _BY_HYPHEN.sub(lambda found: found[1].upper(), name)


def _kebab(name: str) -> str:
    return _HUMP.sub(lambda found: "-" + found[1], name).lower()
