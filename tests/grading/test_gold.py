"""Every statistic against the known answers, where they lie beside the project; never copied into it."""

from __future__ import annotations

import pytest

from benchmarks.psychometrics import FIXTURES, compare

pytestmark = pytest.mark.skipif(
    not (FIXTURES / "psychometrics" / "gold.json").exists(),
    reason=f"the known answers are not part of the project; they would be read from {FIXTURES}",
)


def test_every_figure_equals_its_known_answer(capsys) -> None:
    found = list(compare())
    with capsys.disabled():
        print(f"\n{len(found)} figures, the worst apart: {max(found, key=lambda each: each.apart)}")
    assert len(found) >= 300
    assert [each for each in found if not each.good] == []
