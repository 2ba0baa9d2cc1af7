"""How difficult: words, and numbers on the scales that question sheets use, as our 1 to 3. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from enum import Enum

from cstrain.questions.exchange.sheets.cells import wide
from cstrain.questions.exchange.sheets.words import DIFFICULTIES, plain
from cstrain.wording.said import say

_EASY, _HARD = Decimal("0.7"), Decimal("0.4")
_FIVE = (1, 1, 2, 3, 3)


class Scale(Enum):
    """What the numbers of a column of difficulties mean."""

    PLAIN = "1-3"
    FIVE = "1-5"
    SHARE = "0-1"
    """The share of people who are right (难度系数): the greater, the easier."""
    OTHER = ""

    @property
    def note(self) -> str:
        """What somebody who imports should know of the scale; "" for ours."""
        return _NOTES.get(self, "")

    def level(self, text: str) -> int | None:
        """Return 1, 2 or 3; ``None`` for what cannot be told."""
        word = DIFFICULTIES.get(plain(text))
        if word is not None:
            return word
        number = _number(text)
        if number is None or self is Scale.OTHER:
            return None
        if self is Scale.SHARE:
            return 1 if number >= _EASY else 3 if number < _HARD else 2
        whole = int(number)
        if self is Scale.FIVE:
            return _FIVE[whole - 1]
        return whole


_NOTES = {
    Scale.FIVE: say("难度按1到5读：1、2算易，3算中，4、5算难。"),
    Scale.SHARE: say("难度按难度系数读（答对的比例，越大越容易）：0.7以上算易，0.4以下算难，中间算中。"),
}


def scale_of(column: Iterable[str]) -> Scale:
    """Return the scale of a column by all its numbers: 1 to 3, 1 to 5, shares of 1, or none of them."""
    numbers = {number for text in set(column) if (number := _number(text)) is not None}
    whole = all(number == int(number) and number >= 1 for number in numbers)
    if whole and max(numbers, default=Decimal(1)) <= 3:
        return Scale.PLAIN
    if whole and max(numbers) <= len(_FIVE):
        return Scale.FIVE
    if all(0 <= number <= 1 for number in numbers):
        return Scale.SHARE
    return Scale.OTHER


def _number(text: str) -> Decimal | None:
    """Return a number, a share in per cent, or how many stars; ``None`` for others."""
    said = wide(text.strip())
    if said and set(said) <= {"★", "☆"}:
        return Decimal(said.count("★"))
    try:
        number = Decimal(said.removesuffix("%")) / (100 if said.endswith("%") else 1)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 1000 else None
