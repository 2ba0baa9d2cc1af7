"""The shipped pay schemes, read once."""

from __future__ import annotations

from datetime import date
from functools import cache

from cstrain.kernel.dated import in_force
from cstrain.pay.policy import PayScheme
from cstrain.policies.loader import load_folder


@cache
def editions() -> tuple[PayScheme, ...]:
    """Return every edition of every scheme; raises ``SourceError`` with file and line."""
    return load_folder(PayScheme, "pay")


def schemes(on: date) -> list[PayScheme]:
    """Return the edition of each scheme in force on a day, by ref."""
    begun = [one for one in editions() if one.effective_from <= on]
    return [
        in_force([one for one in begun if one.ref == ref], on) for ref in sorted({one.ref for one in begun})
    ]


def scheme(ref: str, on: date) -> PayScheme | None:
    """Return the edition of a scheme in force on a day, if there is one."""
    return next((one for one in schemes(on) if one.ref == ref), None)
