"""Marks: exact numbers with one decimal shown, never rounded over the pass mark.

Marks are :class:`decimal.Decimal`. Raw marks decide; what is shown is rounded half up to one decimal,
except that a raw mark below the pass mark is shown rounded down (docs/rules.md 2).
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")


def passed(raw: Decimal, pass_mark: Decimal) -> bool:
    """Tell whether the raw mark reaches the pass mark."""
    return raw >= pass_mark


def shown(raw: Decimal, pass_mark: Decimal) -> Decimal:
    """Return the mark as it is shown, with one decimal; a fail is never shown as a pass."""
    rounding = ROUND_HALF_UP if passed(raw, pass_mark) else ROUND_DOWN
    return raw.quantize(_TENTH, rounding=rounding)
