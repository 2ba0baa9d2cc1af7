"""Frozen versions are read once; what a unit that writes has read is not remembered."""

from __future__ import annotations

from dataclasses import asdict

import pytest
import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions import reading
from cstrain.questions.models import QuestionVersion
from tests.counting import counted
from tests.factories.questions import load_bank, some_questions

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ids(app, tmp_path) -> list[int]:
    with app.app_context():
        load_bank(tmp_path / "small", some_questions())
        return sorted(session().scalars(sa.select(QuestionVersion.id)))


def looked_at(app, ids: list[int], method: str):
    """Both readings in a request of a kind, with what they sent to the database."""
    with app.test_request_context("/", method=method), counted(app) as sent:
        return reading.public_versions(ids), reading.keyed_versions(ids), list(sent)


def test_a_request_that_reads_remembers_what_versions_say(app, ids) -> None:
    public, keyed, first = looked_at(app, ids, "GET")
    again, keys_again, second = looked_at(app, ids, "GET")
    assert (public, keyed) == (again, keys_again) and len(public) == len(ids)
    assert sum("question_version" in one for one in first) == 2
    assert not any("question_version" in one for one in second)


def test_what_is_asked_is_answered_whether_it_is_remembered_or_not(app, ids) -> None:
    looked_at(app, ids[:3], "GET")
    public, keyed, _sent = looked_at(app, ids, "GET")
    assert sorted(public) == sorted(keyed) == ids
    assert all(asdict(public[one])["content"] == keyed[one].content for one in ids)


def test_a_unit_that_writes_remembers_nothing(app, ids) -> None:
    for _ in range(2):
        _public, _keyed, sent = looked_at(app, ids, "POST")
        assert sum("question_version" in one for one in sent) == 2


def test_nothing_is_remembered_outside_of_requests(app, ids) -> None:
    with app.app_context():
        reading.public_versions(ids)
    _public, _keyed, sent = looked_at(app, ids, "GET")
    assert sum("question_version" in one for one in sent) == 2


def test_the_memory_is_bounded(app, ids, monkeypatch) -> None:
    monkeypatch.setattr(reading, "_MOST_KEPT", 4)
    for start in range(0, 9, 3):
        looked_at(app, ids[start : start + 3], "GET")
    assert len(app.extensions["cstrain.public_versions"]) <= 4
