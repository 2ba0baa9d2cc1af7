"""Transcripts are emptied when they are too old; ratings, sheets and marks stay, and it is on the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.performance.quality import jobs, queries, service
from cstrain.performance.quality.models import ChatBatch, ChatRecord, QualityRating, TranscriptEmptying
from cstrain.unit_of_work import unit_of_work
from tests.factories import quality as make
from tests.factories.people import make_person
from tests.factories.quality import AFTER, WEEK

KEPT = timedelta(days=queries.quality_rules().transcript_days)


@pytest.fixture
def rated(context):
    agent, rater = make_person("林晓雯"), make_person("质检员", roles=["qc", "group_leader"])
    return agent, rater, make.published_rating(agent, rater, make_person("经理", roles=["qc_manager"]))


def transcripts() -> list[list]:
    session().expire_all()
    return [row.lines for row in session().scalars(sa.select(ChatRecord).order_by(ChatRecord.id))]


def entries(action: str) -> int:
    return session().scalar(
        sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    )


def test_only_the_words_go_and_only_when_they_are_too_old(rated) -> None:
    early = make.at(WEEK) + KEPT
    jobs.run(early)
    assert all(transcripts()) and entries("quality.transcripts_emptied") == 0
    before = session().get(QualityRating, rated[2]).share
    jobs.run(early)  # not twice a day
    assert len(session().scalars(sa.select(TranscriptEmptying)).all()) == 1
    jobs.run(early + timedelta(days=1))
    assert transcripts() == [[]]
    assert entries("quality.transcripts_emptied") == 1
    row = session().scalars(sa.select(ChatRecord)).one()
    assert row.digest and row.customer and session().get(QualityRating, rated[2]).share == before
    jobs.run(early + timedelta(days=2))
    assert entries("quality.transcripts_emptied") == 1
    found = session().scalars(sa.select(TranscriptEmptying).order_by(TranscriptEmptying.on_day)).all()
    assert [one.number for one in found] == [0, 1, 0]


def test_a_contest_that_waits_keeps_the_words(rated) -> None:
    agent, _rater, rating = rated
    with unit_of_work():
        service.reply(agent, AFTER, rating, "contest", "说得没有问题")
    with unit_of_work():
        assert service.empty_transcripts(make.at(WEEK) + KEPT + timedelta(days=5)) == 0
    assert all(transcripts())


def test_a_file_that_nobody_confirmed_is_emptied_too(context) -> None:
    clerk = make_person("录入员", roles=["qc"])
    batch = ChatBatch(
        filename="a.csv",
        digest="x",
        chats=[{"a": 1}],
        faults=[],
        lines=1,
        number=1,
        uploaded_by=clerk,
        uploaded_at=AFTER,
    )
    with unit_of_work():
        session().add(batch)
    with unit_of_work():
        assert service.empty_files(AFTER + KEPT) == 0
        assert service.empty_files(AFTER + KEPT + timedelta(seconds=1)) == 1
    row = session().scalars(sa.select(ChatBatch)).one()
    assert row.chats == [] and row.discarded_at is not None


def test_the_page_says_that_the_words_are_gone(app, client, clock) -> None:
    with app.app_context():
        agent, rater = make_person("林晓雯"), make_person("质检员", roles=["qc", "group_leader"])
        rating = make.published_rating(agent, rater, make_person("经理", roles=["qc_manager"]))
        with unit_of_work():
            service.empty_transcripts(AFTER + KEPT + timedelta(days=5))
    clock.set(AFTER)
    page = client.log_in_as(agent).get(f"/quality/ratings/{rating}")
    assert "已经清空" in page
