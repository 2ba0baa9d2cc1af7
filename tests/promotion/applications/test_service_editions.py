"""A defence is judged by the panel's weights and pass mark that were in force when its round was issued."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from cstrain.extensions import db, session
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.models import ApplicationEvidence
from tests.factories import applications as road
from tests.factories import editions

pytestmark = pytest.mark.usefixtures("context")
FIRST_DAY = date(2026, 11, 24)
_MINUTES = "\n    speech_minutes: 10\n    answer_minutes: 15"
PASS = (f'pass_mark: "75"{_MINUTES}', f'pass_mark: "99"{_MINUTES}')
SPEECH, TEAM = "title: 述职陈述, hint: 条理清楚，用数据说明业绩, weight: ", "能说出改进过的流程, weight: "


def test_weights_and_pass_mark_of_a_round_stay_what_they_were(cast, clock) -> None:
    editions.new_chapter(
        editions.lone_offices(),
        "panels",
        PASS,
        (f"{SPEECH}20", f"{SPEECH}10"),
        (f"{TEAM}10", f"{TEAM}20"),
        ("file_within: 5 ", "file_within: 1 "),
        start=FIRST_DAY,
    )
    road.to_defence(cast)
    db.session.rollback()
    clock.set(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert store.panel_of("defence").pass_mark == 99
    found = queries.round_facts(cast.round)
    assert found.edition == 1
    held = store.panel_of(found.panel_ref, found.edition)
    assert (held.pass_mark, held.element("speech").weight) == (75, 20)  # type: ignore[union-attr]
    now = road.defend(cast)
    result = queries.scores(cast.entry)
    assert result is not None and result.reaches and not result.trimmed
    assert result.mean == _mean(held)
    road.decide(cast, now + timedelta(hours=1))
    sealed = session().scalars(sa.select(ApplicationEvidence.content).order_by(ApplicationEvidence.id)).all()
    assert json.loads(sealed[-1])["panels_edition"] == 1


def _mean(panel) -> Decimal:
    totals = [
        sum(((road.FULL[one.id] - off) * one.weight for one in panel.elements), Decimal(0)) / 100
        for off in range(3)
    ]
    return sum(totals, Decimal(0)) / 3


def test_a_round_issued_after_the_change_goes_by_the_new_numbers(cast, clock) -> None:
    editions.new_chapter(editions.lone_offices(), "panels", PASS, start=FIRST_DAY)
    db.session.rollback()
    clock.set(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    road.to_defence(cast)
    assert queries.round_facts(cast.round).edition == 2
    road.defend(cast)
    result = queries.scores(cast.entry)
    assert result is not None and not result.reaches


def test_an_appeal_has_the_days_of_when_it_was_declined(cast, clock) -> None:
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    shorter = ("file_within: 5 ", "file_within: 1 ")
    editions.new_chapter(editions.lone_offices(), "panels", shorter, start=date(2026, 11, 26))
    road.to_defence(cast)
    now = road.defend(cast)
    road.decide(cast, now + timedelta(hours=1), "decline")
    db.session.rollback()
    later = now + timedelta(days=3)
    clock.set(later)
    with unit_of_work():
        assert service.file_appeal(cast.applicant, later, cast.application, "评分有误。")
