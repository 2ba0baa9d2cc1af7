"""What did not go as planned: a pause with its incident, a sheet read in two ways, chats for markers."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def sittings(company, paper):
    from cstrain.exams.queries import arranged_sittings
    from cstrain.extensions import now

    start = company.at(company.founded, 0)
    assert start < now()
    return [one for one in arranged_sittings(start, 200) if one.paper.ref == paper]


def test_one_candidate_is_paused_with_an_incident_and_the_other_has_handed_in(company):
    from cstrain.demo.hall import HANDED_IN, PAPER, PAUSED
    from cstrain.exams.invigilation.queries import incidents
    from cstrain.exams.queries import attempts_at
    from cstrain.extensions import now

    (sitting,) = sittings(company, PAPER)
    found = {one.person_id: one for one in attempts_at(sitting.id, now())}
    paused, other = found[company.one(PAUSED)], found[company.one(HANDED_IN)]
    assert (paused.state, other.state) == ("open", "submitted")
    assert paused.paused_at is not None and paused.deadline > now()
    (incident,) = incidents(sitting.id)
    assert (incident.kind, incident.attempt_id) == ("technical", paused.id)


def test_a_sheet_read_in_two_ways_waits_for_a_third_person(company):
    from cstrain.demo.hall import PAPER_ON_PAPER, WITH_A_PEN
    from cstrain.exams.on_paper import queries

    (sitting,) = sittings(company, PAPER_ON_PAPER)
    (copy,) = queries.copies_at(sitting.id)
    assert copy.person_id == company.one(WITH_A_PEN)
    assert copy.settled_at is None
    assert len(queries.differences(copy.id)) == 2
    assert [one.id for one in queries.waiting_for(company.one("HM009"))] == [copy.id]
    assert queries.waiting_for(company.one(WITH_A_PEN)) == []


def test_chats_wait_for_markers_as_whole_transcripts(company):
    from cstrain.extensions import now
    from cstrain.grading.written import queries, service
    from cstrain.unit_of_work import unit_of_work

    at, marker = now(), company.one("HM009")
    (queue, *_) = [one for one in queries.queues(marker, at) if one.key.paper_ref == "mystery-customer"]
    assert queue.waiting >= 1
    with unit_of_work() as current:
        sheet = queries.sheet(service.take(marker, at, queue.key), marker, at)
        assert len(sheet.shown.chat) >= 12
        assert {line.own for line in sheet.shown.chat} == {True, False}
        current.expunge_all()
        current.rollback()
