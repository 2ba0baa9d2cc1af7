"""How a house test fails: with every fault on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def none_of(faults: Iterable[object]) -> None:
    """Fail with all ``faults``, sorted, unless there are none."""
    lines = sorted(str(each) for each in faults)
    if lines:
        pytest.fail("\n".join([f"{len(lines)} faults:", *lines]), pytrace=False)
