"""What a marker is shown of a question and its answer. Pure; knows controls, not types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cstrain.grading.written.facts import PartTitle, Said, Shown
from cstrain.judgement.rubric import Rubric, read_rubric
from cstrain.questions.facts import Control, KeyedVersion
from cstrain.questions.question_type import QuestionType, question_types

QUEUED = frozenset({Control.TEXT, Control.PARTS, Control.CHAT})
"""Controls whose answers are marked from queues; tasks done aloud are marked live."""


def queued_types() -> list[str]:
    """Return the question types whose answers people may have to mark from queues."""
    kinds = question_types()
    return [name for name in kinds.names() if kinds.get(name).control in QUEUED]


def shown(version: KeyedVersion, value: object, part: int) -> Shown:
    """Return a part of an answer with its question; ``value`` is the response in terms of the version."""
    kind, content = question_types().get(version.type), version.content
    if version.control == Control.PARTS:
        return _case(kind, version, value, part)
    return Shown(
        kind=kind.label,
        stem=content["stem"],
        text="",
        number=0,
        asked="",
        about=tuple(_about(content)),
        answer=kind.summarise(content, value),
        chat=tuple(Said(own, text) for own, text in kind.dialogue(version.key, value)),
        model=kind.describe_key(content, version.key),
        pictures=content.get("pictures", ()),
    )


def _case(kind: type[QuestionType], version: KeyedVersion, value: object, part: int) -> Shown:
    asked, keyed = version.content["parts"][part], version.key["parts"][part]
    inner = question_types().get(keyed["type"])
    given = value.get(str(part)) if isinstance(value, Mapping) else None
    return Shown(
        kind=kind.label,
        stem=version.content["stem"],
        text=version.content["text"],
        number=part + 1,
        asked=asked["content"]["stem"],
        about=(),
        answer=inner.summarise(asked["content"], given),
        chat=(),
        model=inner.describe_key(asked["content"], keyed["key"]),
        pictures=version.content.get("pictures", ()),
    )


def _about(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a chat opens with: the order's lines, then the facts, without a name."""
    opening = content.get("opening") or {}
    for name, text in opening.get("order", ()):
        yield name, text
    for text in opening.get("facts", ()):
        yield "", text


def rubric_of(version: KeyedVersion, value: object, part: int) -> Rubric | None:
    """Return the rubric of a part that people must mark; ``None`` when it need not be marked."""
    due = question_types().get(version.type).parts_to_mark(version.key, value)
    return next((each.rubric for each in due if each.part == part), None)


def rubric_as_keyed(version: KeyedVersion, part: int) -> Rubric:
    """Return the rubric of a part as its key has it, whatever was answered."""
    key = version.key["parts"][part]["key"] if version.control == Control.PARTS else version.key
    return read_rubric(key["rubric"])


def part_title(version: KeyedVersion, part: int) -> PartTitle:
    """Return what a part of a question is called."""
    return PartTitle(version.content["stem"], part + 1 if version.control == Control.PARTS else 0)
