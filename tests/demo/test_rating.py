"""The demo's quarterly rating: one fall, commented on and contested; the others can take effect."""

from __future__ import annotations

from cstrain.promotion.rating import queries
from cstrain.promotion.rating.facts import Outcome
from tests.demo.conftest import SHOWN_ON


def test_a_fall_is_contested_and_waits_for_an_answer(company) -> None:
    (run,) = queries.runs()
    (waiting,) = queries.open_contests()
    line = queries.line(waiting.line)
    assert line.outcome is Outcome.DOWN and line.person == company.one("HM017")
    assert [one.by for one in queries.comments(run.id)] == [company.one("HM008")]
    assert queries.grounds(line.id).same
    assert queries.ready_lines(run, SHOWN_ON)
