"""What is wrong with a chat scenario as written: ways that lead nowhere, phrases that punish. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from cstrain.questions import chat_score
from cstrain.questions.chat_parts import Ending, Forbidden, Turn, Wanted
from cstrain.questions.chat_script import in_order, is_forbidden, shortest, targets
from cstrain.questions.facts import JsonObject
from cstrain.wording.said import say

LEAST_TURNS, LEAST_BRANCHES, LEAST_ENDINGS = 6, 3, 2


class Scripted(Protocol):
    """What is looked at of a chat."""

    @property
    def start(self) -> str:
        """The turn it begins with."""

    @property
    def turns(self) -> Mapping[str, Turn]:
        """The customer's turns."""

    @property
    def endings(self) -> Mapping[str, Ending]:
        """The endings."""

    @property
    def wanted(self) -> Sequence[Wanted]:
        """What should be said."""

    @property
    def forbidden(self) -> Sequence[Forbidden]:
        """What should not be said."""

    def script(self) -> JsonObject:
        """Return the script that is played."""

    def key(self) -> JsonObject:
        """Return what it is marked by."""


def broken_ways(chat: Scripted) -> Iterator[str]:
    """Yield, the worst first, what is wrong with the ways through the script."""
    places = {*chat.turns, *chat.endings}
    if set(chat.turns) & set(chat.endings):
        yield say("“turns”和“endings”里有同名的编号，请改成不同的。")
    if chat.start not in chat.turns:
        yield say("“start”写的“%(start)s”不在“turns”里。", start=chat.start)
        return
    for place, turn in chat.turns.items():
        if len({reply.text for reply in turn.replies}) < len(turn.replies):
            yield say("“%(place)s”里有两种回复的“text”相同，请改写。", place=place)
        for to in sorted({turn.otherwise, *(reply.to for reply in turn.replies)} - places):
            yield say("“%(place)s”指向的“%(to)s”不存在，请改正。", place=place, to=to)
            return
    script = chat.script()
    order = in_order(script)
    if order is None:
        yield say("“turns”里的对话会绕回说过的地方，请去掉回路，让每条路都能结束。")
        return
    yield from _thin_ways(chat, script, order)


def _thin_ways(chat: Scripted, script: JsonObject, order: list[str]) -> Iterator[str]:
    reached = {*order, *(to for place in order for to in targets(script["turns"][place]))}
    for place in (*chat.turns, *chat.endings):
        if place not in reached:
            yield say("“%(place)s”走不到，请删掉，或让某种回复指向它。", place=place)
    turns = shortest(script, order)
    if turns < LEAST_TURNS:
        yield say(
            "最短的一条路只有%(turns)s轮顾客的话，至少要%(least)s轮。",
            turns=turns,
            least=LEAST_TURNS,
        )
    branches = sum(len({reply.to for reply in turn.replies}) > 1 for turn in chat.turns.values())
    if branches < LEAST_BRANCHES:
        yield say(
            "只有%(branches)s处分岔，至少要%(least)s处（不同的回复走向不同的地方）。",
            branches=branches,
            least=LEAST_BRANCHES,
        )
    if chat_score.best(chat.key()).credit == 0:
        yield say("没有一种回复有分，请写上“credit”。")


def wrong_words(chat: Scripted) -> Iterator[str]:
    """Yield what would punish a good answer: a forbidden phrase in a best reply or in a wanted phrase."""
    rules = [each.model_dump(mode="json") for each in chat.forbidden]
    best = {
        reply.text
        for turn in chat.turns.values()
        for reply in turn.replies
        if reply.credit and reply.credit == max(each.credit for each in turn.replies)
    }
    wanted = {phrase for each in chat.wanted for phrase in each.any_of}
    for text in sorted(best | wanted):
        for rule in rules:
            if is_forbidden(text, rule):
                yield say(
                    "该说的“%(text)s”里有不该说的“%(rule)s”，请改写。", text=text[:20], rule=rule["title"]
                )
