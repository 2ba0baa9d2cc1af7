"""A chat scenario as somebody writes it: opening, turns, replies, endings, phrases; and back again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cstrain.questions.facts import JsonObject
from cstrain.questions.written_fields import filled

IDS = "abcd"
"""What the replies of a turn are called where a candidate sees them."""
Place = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Phrase = Annotated[str, Field(min_length=1, max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Opening(_Part):
    """What is known at the start: the customer's name and level, the order card, the sheet of facts."""

    customer: str = Field(min_length=1, max_length=20)
    level: str = Field(min_length=1, max_length=20)
    order: dict[Annotated[str, Field(min_length=1, max_length=12)], Words] = Field(default={}, max_length=12)
    facts: tuple[Words, ...] = Field(default=(), max_length=8)


class Reply(_Part):
    """A way to answer. ``hears``: typed words count as this when they say one of each item (``a|b``)."""

    label: str = Field(min_length=2, max_length=24)
    text: str = Field(min_length=2, max_length=300)
    to: Place
    credit: int = Field(default=0, ge=0, le=10)
    hears: tuple[Words, ...] = Field(default=(), max_length=6)


class Turn(_Part):
    """What the customer says, how one may answer, and where words lead that fit no way (``otherwise``)."""

    says: tuple[Words, ...] = Field(min_length=1, max_length=4)
    replies: tuple[Reply, ...] = Field(min_length=2, max_length=len(IDS))
    otherwise: Place


class Ending(_Part):
    """How a chat ends, and what that is worth."""

    says: tuple[Words, ...] = Field(min_length=1, max_length=4)
    credit: int = Field(default=0, ge=0, le=10)


class Wanted(_Part):
    """Something to say once in the chat: one of the phrases earns the credit."""

    title: str = Field(min_length=2, max_length=30)
    any_of: tuple[Phrase, ...] = Field(min_length=1, max_length=20)
    of: int = Field(ge=1, le=10)


class Forbidden(_Part):
    """Something never to say; a line that also says one of ``unless`` (a refusal) is let pass."""

    title: str = Field(min_length=2, max_length=30)
    any_of: tuple[Phrase, ...] = Field(min_length=1, max_length=20)
    unless: tuple[Phrase, ...] = Field(default=(), max_length=20)
    cost: int = Field(ge=1, le=20)


def alternatives(group: str) -> list[str]:
    """Return the ways to say one thing: ``a|b`` are two."""
    return [word.strip() for word in group.split("|") if word.strip()] or [group]


def opening_as_written(opening: Mapping[str, Any]) -> JsonObject:
    """Return an opening as it is written."""
    known = filled(order=dict(opening["order"]), facts=list(opening["facts"]))
    return {"customer": opening["customer"], "level": opening["level"], **known}


def script_as_written(
    script: Mapping[str, Any], credits: Mapping[str, Mapping[str, int]], endings: Mapping[str, int]
) -> JsonObject:
    """Return a script as it is written, with the credits of its replies and endings."""
    return {
        "start": script["start"],
        "turns": {place: _turn_as_written(turn, credits[place]) for place, turn in script["turns"].items()},
        "endings": {
            place: {"says": list(each["says"]), **filled(credit=endings[place] or None)}
            for place, each in script["endings"].items()
        },
    }


def _turn_as_written(turn: Mapping[str, Any], credits: Mapping[str, int]) -> JsonObject:
    """Return a turn: replies that hear come first, in the order they are asked; no other order counts."""
    heard = {each["reply"]: ["|".join(group) for group in each["words"]] for each in turn["hears"]}
    replies = {each["id"]: each for each in turn["replies"]}
    return {
        "says": list(turn["says"]),
        "replies": [
            {
                **{part: replies[name][part] for part in ("label", "text", "to")},
                **filled(credit=credits[name] or None, hears=heard.get(name)),
            }
            for name in [*heard, *(each for each in replies if each not in heard)]
        ],
        "otherwise": turn["otherwise"],
    }
