"""A scripted customer: what a response says line by line, and the way it takes through the script. Pure.

A script is ``{"start", "turns": {id: turn}, "endings": {id: {"says"}}}``, a turn ``{"says", "replies":
[{"id", "label", "text", "to"}], "hears", "otherwise"}``. It has no circle, so that every way ends.

Times: each line carries two offsets of the page in milliseconds since the chat began: ``seen`` (the words of
the customer stood on the page) and ``ms`` (the line was sent). The time a reply took is their difference: the
way to the server and an outage in between are not counted against anybody. What cannot be is clamped: less
than nothing is nothing, more than an hour, or no number at all, is an hour. The server's log has the arrival
of every saving besides, for people to compare.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from cstrain.questions.folding import fold

MOST_LINES = 40
MOST_CHARACTERS = 300
_SLOWEST_MS = 3_600_000


class Line(NamedTuple):
    """A line of the candidate: its words, the strategy chosen, the seconds the reply took (0 to 3600)."""

    text: str
    reply: str | None
    seconds: Fraction


class Walk(NamedTuple):
    """The way of the lines: the turns they answered, what each counted as, and the place where it stands.

    ``replies`` holds ``None`` for words that no strategy was recognised in.
    """

    turns: tuple[str, ...]
    replies: tuple[str | None, ...]
    place: str


def read_lines(response: object) -> tuple[Line, ...] | None:
    """Return the lines of a response (40 at most, 300 characters each); ``None`` for what holds no lines."""
    if response is None or response == "":
        return ()
    written = response.get("lines") if isinstance(response, Mapping) else None
    if not isinstance(written, list) or not all(_is_line(each) for each in written):
        return None
    return tuple(_line(each) for each in written[:MOST_LINES] if each["text"].strip())


def _is_line(value: object) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("text"), str)


def _line(written: Mapping[str, Any]) -> Line:
    reply = written.get("reply")
    sent, seen = _number(written.get("ms")), _number(written.get("seen", 0))
    ms = _SLOWEST_MS if sent is None or seen is None else min(max(sent - seen, 0), _SLOWEST_MS)
    text = written["text"].strip()[:MOST_CHARACTERS]
    return Line(text, reply if isinstance(reply, str) else None, Fraction(ms) / 1000)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -math.inf < value < math.inf:
        return None
    return value


def walk(script: Mapping[str, Any], lines: Iterable[Line]) -> Walk:
    """Return the way that the lines take; what comes after an ending is left out."""
    place: str = script["start"]
    turns: list[str] = []
    replies: list[str | None] = []
    for line in lines:
        turn = script["turns"].get(place)
        if turn is None:
            break
        reply = _understood(turn, line)
        turns.append(place)
        replies.append(reply)
        place = turn["otherwise"] if reply is None else reply_of(turn, reply)["to"]
    return Walk(tuple(turns), tuple(replies), place)


def reply_of(turn: Mapping[str, Any], reply: str) -> Mapping[str, Any]:
    """Return a reply of a turn by its id; raises ``StopIteration`` without one."""
    found: Mapping[str, Any] = next(each for each in turn["replies"] if each["id"] == reply)
    return found


def _understood(turn: Mapping[str, Any], line: Line) -> str | None:
    """Return the strategy a line follows: the chosen one, else the first whose words it says, else none."""
    if any(each["id"] == line.reply for each in turn["replies"]):
        return line.reply
    for heard in turn["hears"]:
        if all(says_one_of(line.text, group) for group in heard["words"]):
            return str(heard["reply"])
    return None


def says_one_of(text: str, phrases: Iterable[str]) -> bool:
    """Tell whether a text holds one of the phrases (width, case, spaces and punctuation do not matter)."""
    folded = fold(text)
    return any(fold(phrase) in folded for phrase in phrases)


def is_forbidden(text: str, rule: Mapping[str, Any]) -> bool:
    """Tell whether a line breaks a rule: it says one of its phrases, and nothing of ``unless``."""
    return says_one_of(text, rule["any_of"]) and not says_one_of(text, rule["unless"])


def ended(script: Mapping[str, Any], way: Walk) -> bool:
    """Tell whether the way has come to an ending."""
    return way.place in script["endings"]


def heard(script: Mapping[str, Any], way: Walk) -> list[list[str]]:
    """Return what the customer said before each line of the way, and after the last."""
    places = {**script["turns"], **script["endings"]}
    return [list(places[place]["says"]) for place in (*way.turns, way.place)]


def targets(turn: Mapping[str, Any]) -> set[str]:
    """Return the places a turn can lead to."""
    return {each["to"] for each in turn["replies"]} | {turn["otherwise"]}


def in_order(script: Mapping[str, Any]) -> list[str] | None:
    """Return the reachable turns, each before those it leads to; ``None`` where the script has a circle."""
    found: list[str] = []
    state: dict[str, bool] = {}
    waiting: list[tuple[str, bool]] = [(script["start"], False)]
    while waiting:
        place, left = waiting.pop()
        if left:
            state[place] = True
            found.append(place)
        elif state.get(place) is False:
            return None
        elif place not in state:
            state[place] = False
            waiting.append((place, True))
            nexts = sorted(targets(script["turns"][place]) & set(script["turns"]))
            if any(state.get(each) is False for each in nexts):
                return None
            waiting.extend((each, False) for each in nexts if each not in state)
    return found[::-1]


def shortest(script: Mapping[str, Any], order: Sequence[str]) -> int:
    """Return the number of customer's turns on the shortest way to an ending."""
    need = dict.fromkeys(script["endings"], 0)
    for place in reversed(order):
        need[place] = 1 + min(need[target] for target in targets(script["turns"][place]))
    return need[script["start"]]
