"""What colleagues said cannot be joined to a name: not in the tables, the log or the results."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa

from cstrain.audit.queries import all_entries
from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError
from cstrain.performance.reviews import queries, service
from cstrain.performance.reviews.facts import State
from cstrain.performance.reviews.models import (
    ReviewBallot,
    ReviewRemarks,
    ReviewResult,
    ReviewTally,
)
from cstrain.unit_of_work import unit_of_work
from tests.factories import reviews as make
from tests.factories.reviews import at, rows

pytestmark = pytest.mark.usefixtures("context", "clock_there")


def test_too_few_peers_are_not_shown_anywhere() -> None:
    cast = make.opened()
    one = cast.agents[0]
    for peer in make.peers_of(cast, one)[:2]:
        make.answer(cast, peer, one, make.answers("poor"), "秘密的话")
    make.close(cast)
    found = queries.result(cast.subject(one))
    assert found.inputs.answered == 2
    assert found.inputs.counts is None
    assert found.remarks == ()
    assert found.outcome.line("peers").state is State.WITHHELD
    assert all("秘密" not in row.sealed for row in rows(ReviewResult))


def test_no_column_of_the_tables_joins_an_answer_to_a_name() -> None:
    for table in (ReviewTally.__table__, ReviewRemarks.__table__):
        assert {key.column.table.name for key in table.foreign_keys} == {"review_subject"}
        assert not any(isinstance(column.type, sa.DateTime | sa.Date) for column in table.columns)
    ballot = {column.name for column in ReviewBallot.__table__.columns}
    assert ballot == {"id", "subject_id", "about_id", "rater_id"}


def _said(cast: make.Cast, one: int) -> tuple[list, list, set]:
    subject = cast.subject(one)
    tally = [
        (row.id, row.factor, row.answer, row.chosen) for row in rows(ReviewTally) if row.subject_id == subject
    ]
    (remarks,) = [row.remarks for row in rows(ReviewRemarks) if row.subject_id == subject]
    written = set()
    if db.engine.dialect.name == "postgresql":
        for table in ("review_tally", "review_remarks"):
            found = db.session.execute(
                sa.text(f"SELECT DISTINCT xmin::text FROM {table} WHERE subject_id = :one"), {"one": subject}
            )
            written |= set(found.scalars())
    return tally, remarks, written


def test_the_rows_tell_neither_order_nor_time_of_who_said_what() -> None:
    """Whatever the order of the ballots, the same rows stand there, all written by the last ballot."""
    cast = make.opened()
    said = {"poor": "一", "good": "二", "excellent": ""}
    seen = []
    for one, order in ((cast.agents[0], 1), (cast.agents[1], -1)):
        peers = make.peers_of(cast, one)[:3]
        for peer, (choice, remark) in zip(peers, list(said.items())[::order], strict=True):
            make.answer(cast, peer, one, make.answers(choice), remark)
        tally, remarks, written = _said(cast, one)
        seen.append([[row[1:] for row in tally], sorted(remarks)])
        assert len(written) <= 1
        assert [row[0] for row in tally] == sorted(row[0] for row in tally)
    assert seen[0] == seen[1]


def test_remarks_are_shuffled_by_every_ballot() -> None:
    cast = make.opened(agents=12)
    one = cast.agents[0]
    orders = set()
    for n, peer in enumerate(make.peers_of(cast, one)):
        with unit_of_work():
            service.answer_as_peer(
                peer, at(hour=11), cast.subject(one), make.answers(), f"话{n}", random.Random(n * 7 + 1)
            )
        orders.add(tuple(_said(cast, one)[1]))
    assert sorted(_said(cast, one)[1]) == [f"话{n}" for n in range(5)]
    assert tuple(f"话{n}" for n in range(5)) not in orders


def test_the_log_says_that_somebody_answered_and_nothing_more() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.answer(cast, make.peers_of(cast, one)[0], one, make.answers("poor"), "秘密的话")
    entries = list(all_entries())
    assert "秘密" not in str(entries)
    last = entries[-1]
    assert (last.action, last.subject, last.detail) == ("review.answer", f"review_cycle:{cast.cycle}", "{}")


def test_an_answer_sent_twice_counts_once_with_its_remark() -> None:
    cast = make.opened()
    one = cast.agents[0]
    first, second = make.peers_of(cast, one)[:2]
    make.answer(cast, first, one, remark="耐心")
    with pytest.raises(ConflictError, match="已经评价过"):
        make.answer(cast, first, one, remark="耐心")
    db.session.rollback()
    make.answer(cast, second, one, remark="耐心")  # another colleague may say the same
    assert _said(cast, one)[1] == ["耐心", "耐心"]
    chosen: dict[str, int] = {}
    for _id, factor, _answer, number in _said(cast, one)[0]:
        chosen[factor] = chosen.get(factor, 0) + number
    assert set(chosen.values()) == {2}
