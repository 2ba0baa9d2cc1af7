"""What the machine gives for a chat: choices, endings, wanted and forbidden phrases, times. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from cstrain.questions.chat_script import (
    Line,
    Walk,
    ended,
    in_order,
    is_forbidden,
    reply_of,
    says_one_of,
    walk,
)


class Best(NamedTuple):
    """The way that earns most: its turns, the reply at each, its ending, the credit of choices and ending."""

    turns: tuple[str, ...]
    replies: tuple[str, ...]
    ending: str
    credit: int


def best(key: Mapping[str, Any]) -> Best:
    """Return the way through the script that earns most."""
    script = key["script"]
    credit: dict[str, int] = dict(key["endings"])
    choice: dict[str, str] = {}
    for place in reversed(in_order(script) or []):
        turn = script["turns"][place]
        own = key["credits"][place]
        worth = {each["id"]: own[each["id"]] + credit[each["to"]] for each in turn["replies"]}
        choice[place] = max(worth, key=lambda reply: (worth[reply], reply))
        credit[place] = max(worth.values())
    turns: list[str] = []
    place = script["start"]
    while place in script["turns"]:
        turns.append(place)
        place = reply_of(script["turns"][place], choice[place])["to"]
    return Best(tuple(turns), tuple(choice[each] for each in turns), place, credit[script["start"]])


def most(key: Mapping[str, Any]) -> int:
    """Return the points of a chat without a fault: best way, all wanted phrases, both times."""
    wanted: int = sum(each["of"] for each in key["wanted"])
    times: int = key["first_reply"]["of"] + key["replies"]["of"]
    return best(key).credit + wanted + times


def points(key: Mapping[str, Any], lines: Sequence[Line]) -> int:
    """Return the points of the lines, costs taken off, which may lead below nothing."""
    way = walk(key["script"], lines)
    said = lines[: len(way.turns)]
    texts = [line.text for line in said]
    wanted: int = sum(
        each["of"] for each in key["wanted"] if any(says_one_of(text, each["any_of"]) for text in texts)
    )
    costs: int = sum(
        rule["cost"] for rule in key["forbidden"] if any(is_forbidden(text, rule) for text in texts)
    )
    return _chosen(key, way) + wanted + _in_time(key, said, done=ended(key["script"], way)) - costs


def share(key: Mapping[str, Any], lines: Sequence[Line]) -> Fraction:
    """Return the machine's share of the marks, 0 to 1."""
    return min(max(Fraction(points(key, lines), most(key)), Fraction(0)), Fraction(1))


def _chosen(key: Mapping[str, Any], way: Walk) -> int:
    earned = sum(
        key["credits"][turn][reply] for turn, reply in zip(way.turns, way.replies, strict=True) if reply
    )
    return int(earned + key["endings"].get(way.place, 0))


def _in_time(key: Mapping[str, Any], said: Sequence[Line], *, done: bool) -> int:
    """Return the credit of the first reply's time, and of the mean time where the chat came to its end."""
    if not said:
        return 0
    first, replies = key["first_reply"], key["replies"]
    earned: int = first["of"] if said[0].seconds <= first["within"] else 0
    mean = sum((line.seconds for line in said), Fraction(0)) / len(said)
    return earned + (replies["of"] if done and mean <= replies["within"] else 0)


def measures(key: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, str]:
    """Return ``first_reply`` and ``mean_reply`` (seconds, cut to tenths), ``forbidden`` (times), ``turns``.

    Without a line there are no times.
    """
    said = lines[: len(walk(key["script"], lines).turns)]
    broken = sum(is_forbidden(line.text, rule) for line in said for rule in key["forbidden"])
    counted = {"forbidden": str(broken), "turns": str(len(said))}
    if not said:
        return counted
    mean = sum((line.seconds for line in said), Fraction(0)) / len(said)
    return {"first_reply": _tenths(said[0].seconds), "mean_reply": _tenths(mean), **counted}


def _tenths(seconds: Fraction) -> str:
    tenths = seconds.numerator * 10 // seconds.denominator
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
