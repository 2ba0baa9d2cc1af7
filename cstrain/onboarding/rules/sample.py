"""Which signatures HR is asked to check: a deterministic tenth. Pure."""

from __future__ import annotations

import hashlib
from decimal import Decimal

_SCALE = 2**64


def in_sample(key: str, share: Decimal) -> bool:
    """Tell whether the signature named by ``key`` is drawn; about ``share`` (0–1) of all are.

    The key holds the instant of signing, so nobody knows beforehand; anybody can draw again afterwards.
    Source: docs/rules.md 1 (HR confirms a random 10% sample).
    """
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    return number < int(share * _SCALE)
