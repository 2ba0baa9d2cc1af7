"""What the manifest of a QTI package says of an item in its LOM record. Pure."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from cstrain.questions.exchange.qti.items import About

_DIFFICULTIES = {"very easy": 1, "easy": 1, "medium": 2, "difficult": 3, "very difficult": 3}
WORDS = {1: "easy", 2: "medium", 3: "difficult"}
"""Our difficulties in the words of LOM."""
SUBJECT = "subject"
_SUBJECTS = frozenset({SUBJECT, "topic", "category", "discipline", "taxonomy", "学科", "分类", "知识点"})
_MOST_TAGS = 200
"""Key words that are looked at; which of them become tags is told where drafts are checked."""


def about_resource(resource: Element) -> About:
    """Return category, difficulty and key words of a resource; what it does not say is empty."""
    words = (_words(keyword) for keyword in resource.iter("keyword"))
    tags = dict.fromkeys(word for word in words if word)
    return About(_topic(resource), _difficulty(resource), tuple(tags)[:_MOST_TAGS])


def _difficulty(resource: Element) -> int | None:
    said = next(resource.iter("difficulty"), None)
    value = None if said is None else said.find("value")
    return None if value is None else _DIFFICULTIES.get(_words(value).lower())


def _topic(resource: Element) -> str:
    """Return the first path of a classification by subject, or by nothing that is named."""
    for path in resource.iter("taxonPath"):
        source = path.find("source")
        if source is None or _words(source).lower() in _SUBJECTS:
            return "/".join(words for taxon in path.iter("taxon") if (words := _entry(taxon)))
    return ""


def _entry(taxon: Element) -> str:
    entry = taxon.find("entry")
    return "" if entry is None else _words(entry)


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
