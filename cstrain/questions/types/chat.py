"""A chat scenario: a scripted customer who answers as the candidate answers. The response is the lines sent.

A response is ``{"lines": [{"ms", "seen", "reply", "text"}, …]}``: offsets of the page in milliseconds (what
counts of them, and how what cannot be is clamped, is said in ``chat_script``), the strategy that was chosen
(or ``null``) and the words. Choices, endings, phrases and times are marked by machine; ``person_share`` of
the marks can be given by people, with the rubric that quality control uses for real chats.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from cstrain.questions import chat_score
from cstrain.questions.chat_checks import LEAST_ENDINGS, LEAST_TURNS, broken_ways, wrong_words
from cstrain.questions.chat_parts import (
    IDS,
    Ending,
    Forbidden,
    Opening,
    Place,
    Reply,
    Turn,
    Wanted,
    alternatives,
    opening_as_written,
    script_as_written,
)
from cstrain.questions.chat_script import heard, is_forbidden, read_lines, reply_of, says_one_of, walk
from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    check_given,
    useless_samples,
)
from cstrain.questions.written_fields import filled, plain_number


@TYPES.register("chat")
class Chat(QuestionType):
    """A customer's script: at least six turns on every way, three branches, two endings, no circle."""

    label: ClassVar[str] = "会话题"
    control: ClassVar[Control] = Control.CHAT

    type: Literal["chat"]
    opening: Opening
    start: Place
    turns: dict[Place, Turn] = Field(min_length=LEAST_TURNS, max_length=30)
    endings: dict[Place, Ending] = Field(min_length=LEAST_ENDINGS, max_length=6)
    wanted: tuple[Wanted, ...] = Field(default=(), max_length=12)
    forbidden: tuple[Forbidden, ...] = Field(default=(), max_length=12)
    first_reply_seconds: int = Field(default=30, ge=5, le=600)
    first_reply_credit: int = Field(default=2, ge=0, le=10)
    reply_seconds: int = Field(default=45, ge=5, le=600)
    reply_credit: int = Field(default=2, ge=0, le=10)
    person_share: Decimal = Field(default=Decimal(0), ge=0, le=1, decimal_places=2)
    rubric: str = Field(default="chat-quality", max_length=40)

    @model_validator(mode="after")
    def _script_holds_together(self) -> Chat:
        for fault in (*broken_ways(self), *wrong_words(self)):
            raise ValueError(fault)
        return self

    def _shown(self, place: str) -> list[tuple[str, Reply]]:
        """Return the replies of a turn with their ids, in an order that tells nothing."""

        def shuffled(reply: Reply) -> str:
            return hashlib.sha256(f"{self.id}/{place}/{reply.text}".encode()).hexdigest()

        return list(zip(IDS, sorted(self.turns[place].replies, key=shuffled), strict=False))

    def content(self) -> JsonObject:
        """Return the stem, the opening and the limits of time; nothing of the script."""
        opening = self.opening.model_dump(mode="json")
        opening["order"] = [[name, text] for name, text in self.opening.order.items()]
        return {
            "stem": self.stem,
            "opening": opening,
            "first_reply_seconds": self.first_reply_seconds,
            "reply_seconds": self.reply_seconds,
        }

    def script(self) -> JsonObject:
        """Return the customer's turns and endings with the ways to answer, without any credit."""
        return {
            "start": self.start,
            "turns": {place: self._turn(place) for place in self.turns},
            "endings": {place: {"says": list(each.says)} for place, each in self.endings.items()},
        }

    def _turn(self, place: str) -> JsonObject:
        turn, shown = self.turns[place], self._shown(place)
        ids = {reply.text: name for name, reply in shown}
        return {
            "says": list(turn.says),
            "replies": [
                {"id": name, "label": reply.label, "text": reply.text, "to": reply.to}
                for name, reply in shown
            ],
            "hears": [
                {"reply": ids[reply.text], "words": [alternatives(group) for group in reply.hears]}
                for reply in turn.replies
                if reply.hears
            ],
            "otherwise": turn.otherwise,
        }

    def key(self) -> JsonObject:
        """Return the script with all credits, phrases and limits; ``rubric`` is named until the loading."""
        return {
            "script": self.script(),
            "credits": {
                place: {name: reply.credit for name, reply in self._shown(place)} for place in self.turns
            },
            "endings": {place: each.credit for place, each in self.endings.items()},
            "wanted": [each.model_dump(mode="json") for each in self.wanted],
            "forbidden": [each.model_dump(mode="json") for each in self.forbidden],
            "first_reply": {"within": self.first_reply_seconds, "of": self.first_reply_credit},
            "replies": {"within": self.reply_seconds, "of": self.reply_credit},
            "person_share": str(self.person_share),
            "rubric": self.rubric,
        }

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return opening, turns with their credits, endings, phrases, limits and weights.

        Criteria that stand in the key are those of the shared rubric, which goes without saying.
        """
        rubric = key["rubric"]
        return {
            "stem": content["stem"],
            "opening": opening_as_written(content["opening"]),
            **script_as_written(key["script"], key["credits"], key["endings"]),
            **filled(wanted=key["wanted"], forbidden=[filled(**each) for each in key["forbidden"]]),
            "first_reply_seconds": key["first_reply"]["within"],
            "first_reply_credit": key["first_reply"]["of"],
            "reply_seconds": key["replies"]["within"],
            "reply_credit": key["replies"]["of"],
            "person_share": plain_number(key["person_share"]),
            **filled(rubric=rubric if isinstance(rubric, str) else None),
        }

    @classmethod
    def turn(cls, content: Mapping[str, Any], script: Mapping[str, Any], response: object) -> JsonObject:
        """Return what the customer said before each line and after the last, and the ways to answer now.

        ``{"heard": [[…], …], "replies": [{"id", "label", "text"}], "ended"}``: only what the saved lines have
        earned, so that a page can be restored, and nothing of other ways.
        """
        way = walk(script, read_lines(response) or ())
        now = script["turns"].get(way.place)
        replies = [
            {"id": each["id"], "label": each["label"], "text": each["text"]}
            for each in (now["replies"] if now else ())
        ]
        return {"heard": heard(script, way), "replies": replies, "ended": now is None}

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return the machine's share with what was measured, or that people mark their share of it.

        The times are the page's offsets, clamped (see ``chat_script``). The mean time earns its credit
        only in a chat that came to an end. Partial credit is in the nature of it.
        """
        lines = read_lines(response)
        if lines is None:
            return Marking.malformed()
        if not lines:
            return Marking.blank()
        measured = chat_score.measures(key, lines)
        if Fraction(key["person_share"]) > 0:
            return Marking(None, "person", measured)
        return Marking(chat_score.share(key, lines), "", measured)

    @classmethod
    def combine(
        cls,
        key: Mapping[str, Any],
        response: object,
        given: Mapping[int, Fraction],
        partial: bool = False,
    ) -> Fraction:
        """Return the machine's share and that of people (``given[0]``), weighted by ``person_share``.

        Raises ``ValueError`` when what people gave is missing, was not due, or lies outside 0 to 1.
        """
        check_given(cls.parts_to_mark(key, response), given)
        machine = chat_score.share(key, read_lines(response) or ())
        if not given:
            return machine
        people = Fraction(key["person_share"])
        return machine * (1 - people) + given[0] * people

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return the best chat, the same too slow and with something forbidden, and the useless."""
        whole = chat_score.most(key)
        slow = Fraction(sum(key[name]["of"] for name in ("first_reply", "replies")), whole)
        costs = [(rule["any_of"][0], rule["cost"]) for rule in key["forbidden"]][:1]
        rude = [
            _sample(key, _best_lines(key, worse=phrase), max(1 - Fraction(cost, whole), Fraction(0)))
            for phrase, cost in costs
            if sum(is_forbidden(phrase, rule) for rule in key["forbidden"]) == 1
        ]
        return (
            _sample(key, _best_lines(key), Fraction(1)),
            _sample(key, _best_lines(key, seconds=4000), 1 - slow),
            *rude,
            *useless_samples([{"lines": []}, {"lines": [{"text": " "}]}, {"lines": [{"text": 5}]}]),
            *useless_samples([{}, [], {"lines": "好"}, {"lines": ["好"]}, "好", 1, True]),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the chat as the best way has it."""
        lines = [{"reply": each["id"], "text": each["text"]} for each in _best_replies(key)]
        return cls.transcript(key, {"lines": lines})

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return the candidate's lines with the seconds each took; the whole chat is in ``transcript``."""
        lines = read_lines(response)
        if lines is None:
            return NOT_READABLE
        told = (
            f"{number}. {line.text}（{int(line.seconds)}秒）" for number, line in enumerate(lines, start=1)
        )
        return "\n".join(told) or NOT_ANSWERED

    @classmethod
    def dialogue(cls, key: Mapping[str, Any], response: object) -> tuple[tuple[bool, str], ...]:
        """Return the whole chat in turn, customer and candidate (``True``), for those who mark it."""
        lines = read_lines(response) or ()
        way = walk(key["script"], lines)
        own = [[(True, line.text)] for line in lines[: len(way.turns)]]
        said: list[tuple[bool, str]] = []
        for says, mine in zip(heard(key["script"], way), [*own, []], strict=True):
            said += [*((False, each) for each in says), *mine]
        return tuple(said)

    @classmethod
    def transcript(cls, key: Mapping[str, Any], response: object) -> str:
        """Return the whole chat as text, a line each."""
        said = cls.dialogue(key, response)
        return "\n".join(f"{'客服' if own else '顾客'}：{text}" for own, text in said)


def _best_replies(key: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    way = chat_score.best(key)
    turns = key["script"]["turns"]
    return [reply_of(turns[at], reply) for at, reply in zip(way.turns, way.replies, strict=True)]


def _best_lines(key: Mapping[str, Any], *, seconds: int = 5, worse: str = "") -> JsonObject:
    """Return a response along the best way that says all that is wanted; ``worse`` is said last."""
    replies = _best_replies(key)
    texts = [each["text"] for each in replies]
    if worse:
        texts[-1] = worse
    for wanted in key["wanted"]:
        if not any(says_one_of(text, wanted["any_of"]) for text in texts):
            texts[0] = f"{texts[0]}{wanted['any_of'][0]}。"
    return {
        "lines": [
            {
                "seen": at * 60_000,
                "ms": at * 60_000 + seconds * 1000,
                "reply": reply["id"],
                "text": text,
            }
            for at, (reply, text) in enumerate(zip(replies, texts, strict=True))
        ]
    }


def _sample(key: Mapping[str, Any], response: JsonObject, share: Fraction) -> Sample:
    by_person = Fraction(key["person_share"]) > 0
    return Sample.by_person(response) if by_person else Sample.all(response, share)
