"""A typing passage. The response is what was typed and how long it took; speed and accuracy earn the marks.

The time that counts is the elapsed time where the passage was typed to its end, else the whole limit: three
characters typed in a second are not 180 characters a minute.

What is trusted: the elapsed time is the page's own (``performance.now()`` between start and end, the gap of a
reload left out), held between one second and the question's limit. The server's log knows when each saving
arrived; where the two do not fit, or the speed is beyond people, those who release the result are shown a
flag (package ``grading``). It never takes marks away by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field, field_validator

from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    useless_samples,
)
from cstrain.questions.typing_score import Alignment, TypingScore, align, normalise
from cstrain.questions.written_fields import filled
from cstrain.wording.said import say

_LEAST, _MOST = 120, 500
_MOST_TYPED = 2000
_SHORTEST_MS = 1000
_NOTHING = Alignment(0, 0, 0, 0)


class _Typed(NamedTuple):
    text: str
    ms: float


@TYPES.register("typing")
class Typing(QuestionType):
    """A passage to type within ``seconds``; ``full_speed`` net characters a minute earn all marks.

    ``penalty``: net characters taken off for each wrong one. ``width_matters`` and ``spaces_matter`` compare
    full and half width, and white space, instead of treating them as the same.
    """

    label: ClassVar[str] = "打字题"
    control: ClassVar[Control] = Control.TYPING

    type: Literal["typing"]
    passage: str = Field(max_length=1000)
    seconds: int = Field(ge=60, le=300)
    full_speed: int = Field(default=60, ge=20, le=240)
    penalty: int = Field(default=1, ge=0, le=2)
    width_matters: bool = False
    spaces_matter: bool = False

    @field_validator("passage")
    @classmethod
    def _long_enough(cls, passage: str) -> str:
        length = len(normalise(passage))
        if not _LEAST <= length <= _MOST:
            raise ValueError(
                say(
                    "有%(length)s个字（空格不算），应为%(least)s到%(most)s个字。",
                    length=length,
                    least=_LEAST,
                    most=_MOST,
                )
            )
        return passage.strip()

    def content(self) -> JsonObject:
        """Return the passage and the time: the candidate must see both."""
        return {"stem": self.stem, "passage": self.passage, "seconds": self.seconds}

    def key(self) -> JsonObject:
        """Return what the marking compares with, and by which rules."""
        return {
            "passage": self.passage,
            "seconds": self.seconds,
            "full_speed": self.full_speed,
            "penalty": self.penalty,
            "width_matters": self.width_matters,
            "spaces_matter": self.spaces_matter,
        }

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the passage, the time, and the rules that differ from the usual."""
        strict = {name: key[name] for name in ("width_matters", "spaces_matter")}
        numbers = {name: key[name] for name in ("seconds", "full_speed", "penalty")}
        return {"stem": content["stem"], "passage": key["passage"], **numbers, **filled(**strict)}

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return net speed by full speed, at most 1, times the accuracy, with what was measured.

        ``composing`` (text still in the input method at time-out) is stored and does not count.
        """
        typed = _typed(response)
        score = _score(key, typed)
        measures = _measures(score) | _pastes(response)
        if typed is None:
            return Marking(Fraction(0), "malformed", measures)
        if not score.counts.typed:
            return Marking(Fraction(0), "blank", measures)
        return Marking(score.share(key["full_speed"]), "", measures)

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return all typed at full speed and in all the time, half of it, nothing right, the useless."""
        passage, limit = key["passage"], key["seconds"] * 1000
        quick = min(limit, len(passage) * 60_000 // key["full_speed"])
        half = passage[: len(passage) // 2]
        return (
            Sample.all({"text": passage, "ms": 0}, 1),
            Sample.all({"text": passage, "ms": quick}, _pace(passage, quick, key)),
            Sample.all({"text": passage, "ms": limit * 9}, _pace(passage, limit, key)),
            Sample.all({"text": half, "ms": limit}, _pace(half, limit, key)),
            Sample.all({"text": "※" * 40, "ms": limit}, 0),
            Sample.all({"text": " \n", "ms": limit, "composing": "kehu"}, 0),
            *useless_samples(
                [[], {}, passage, {"text": passage}, {"text": 5, "ms": 5}, {"text": passage, "ms": True}]
            ),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the passage."""
        return str(key["passage"])

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return what was typed."""
        typed = _typed(response)
        if typed is None:
            return NOT_READABLE
        return typed.text.strip() or NOT_ANSWERED


def _rules(key: Mapping[str, Any]) -> dict[str, bool]:
    return {"width_matters": key["width_matters"], "spaces_matter": key["spaces_matter"]}


def _pace(text: str, ms: int, key: Mapping[str, Any]) -> Fraction:
    """Return what a text without a mistake earns in so many milliseconds."""
    characters = len(normalise(text, **_rules(key)))
    return min(Fraction(1), Fraction(characters * 60_000, ms * key["full_speed"]))


def _typed(response: object) -> _Typed | None:
    """Return the text and the milliseconds of a response; ``None`` when it is not of that shape."""
    if response is None or response == "":
        return _Typed("", 0)
    if not isinstance(response, Mapping) or not isinstance(response.get("text"), str):
        return None
    ms = response.get("ms")
    if isinstance(ms, bool) or not isinstance(ms, int | float) or not -math.inf < ms < math.inf:
        return None
    return _Typed(response["text"][:_MOST_TYPED], ms)


def _score(key: Mapping[str, Any], typed: _Typed | None) -> TypingScore:
    limit = key["seconds"] * 1000
    if typed is None:
        return TypingScore(_NOTHING, limit, key["penalty"])
    rules = _rules(key)
    reference = normalise(key["passage"], **rules)
    counts = align(reference, normalise(typed.text, **rules))
    finished = counts.attempted == len(reference)
    ms = int(min(max(typed.ms, _SHORTEST_MS), limit)) if finished else limit
    return TypingScore(counts, ms, key["penalty"])


def _measures(score: TypingScore) -> dict[str, str]:
    """Return speed (net), gross (both a minute), accuracy and error rate (percent), and seconds as text."""
    return {
        "speed": _text(score.net),
        "gross": _text(score.gross),
        "accuracy": _text(score.accuracy * 100),
        "error_rate": _text(score.error_rate * 100),
        "seconds": _text(Fraction(score.ms, 1000)),
    }


def _pastes(response: object) -> dict[str, str]:
    """Return how often something was pasted (and refused), where it was."""
    count = response.get("pastes") if isinstance(response, Mapping) else None
    real = isinstance(count, int) and not isinstance(count, bool) and count > 0
    return {"pastes": str(min(int(count or 0), 999))} if real else {}


def _text(number: Fraction) -> str:
    """Return a number cut to hundredths: it reaches a line exactly when the exact one does."""
    hundredths = number.numerator * 100 // number.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
