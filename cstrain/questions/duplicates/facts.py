"""Pairs of questions that are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

LEAST, MOST = 70, 100
"""How alike two questions must at least be to be shown: a reader chooses between these."""


class Piece(NamedTuple):
    """A piece of a text; ``own``: the other text has something else there."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One question of a pair, in its current version, with what of its stem differs."""

    id: int
    version_id: int
    bank: str
    bank_title: str
    ref: str
    type: str
    difficulty: int
    stem: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two questions and how alike their stems and keys are (0 to 100)."""

    first: Side
    second: Side
    ratio: float


@dataclass(frozen=True, slots=True)
class AlikeList:
    """One page of the pairs: how many there are, how many questions were compared, how many are set aside."""

    pairs: tuple[Alike, ...]
    total: int
    compared: int
    aside: int
    page: int
    pages: int
