"""Codes of certificates: 75 random bits and a check sign, in an alphabet without look-alikes."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""
SIGNS = 16
BITS = (SIGNS - 1) * 5
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_ALIKE = str.maketrans("ILO", "110")
_FIELD = 0b100101
"""x^5 + x^2 + 1: primitive over GF(2), so the powers of x run through all 31 values but 0."""


def make_code(bits: int) -> str:
    """Return the code of a random number of ``BITS`` bits, its check sign last."""
    values = [bits >> (5 * place) & 31 for place in range(SIGNS - 1)]
    return "".join(ALPHABET[value] for value in [*values, _check(values)])


def _check(values: list[int]) -> int:
    """Return the weighted sum over GF(32) of the signs; the weights are different powers of x.

    Any one wrong sign and any two exchanged signs change it (a Reed–Solomon check symbol).
    """
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 32 else doubled


def read_code(typed: str) -> str | None:
    """Return a typed code in its one spelling; ``None`` when it cannot be one (a sign is wrong or missing).

    Hyphens and blanks do not matter, nor do small or full-width letters, nor O for 0, I and L for 1.
    """
    if len(typed) > 4 * SIGNS:
        return None
    text = unicodedata.normalize("NFKC", typed).upper().translate(_ALIKE)
    text = "".join(sign for sign in text if sign not in " -‐–—\t\n")
    if len(text) != SIGNS or any(sign not in _VALUES for sign in text):
        return None
    values = [_VALUES[sign] for sign in text]
    return text if _check(values[:-1]) == values[-1] else None


def spaced(code: str) -> str:
    """Return a code as it is printed: in groups of four."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
