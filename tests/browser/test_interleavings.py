"""Real browsers in random orders lose nothing, overwrite nothing silently; no badge lies (goals R5, R6)."""

from __future__ import annotations

import pytest

from tests.browser.desk import prepare
from tests.browser.random_walks import interleave, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("seed", range(5))
def test_two_browsers_in_any_order_overwrite_nothing_silently(site, open_context, seed) -> None:
    prepare(site)
    done, _told = interleave(site, open_context, seed)
    assert done["given"]


@pytest.mark.parametrize("seed", range(2))
def test_one_browser_among_all_faults_loses_nothing_and_hands_in(site, open_context, seed) -> None:
    prepare(site)
    done, _ = walk(site, open_context, seed)
    assert done["given"]
