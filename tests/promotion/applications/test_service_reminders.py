"""Reminders of what has come to its last day, and what waits for whom."""

from datetime import date, timedelta

import pytest

from cstrain.promotion.applications import jobs, queries, service
from cstrain.promotion.ports import endorsements_of
from cstrain.unit_of_work import unit_of_work
from tests.factories import applications as road
from tests.factories.applications import DAY, at

pytestmark = pytest.mark.usefixtures("context")
LAST = date(2026, 12, 1)


def act(does, *values, **named):
    with unit_of_work():
        return does(*values, **named)


def test_hr_hears_of_a_notice_that_is_over(cast):
    road.to_notice(cast)
    assert jobs.notices_over(at(LAST)) == []
    told = jobs.notices_over(at(LAST + timedelta(days=1)))
    assert {one.person for one in told} == {cast.hr, cast.hr_other, cast.hr_manager}


def test_hr_hears_of_an_objection_on_its_last_days_and_the_objector_does_not(cast):
    notice, now = road.to_notice(cast)
    act(service.file_objection, cast.hr_other, now, notice, "有疑问", anonymous=False)
    found = queries.objections(notice)[0]
    assert jobs.objections_due(at(found.start_by - timedelta(days=1))) == []
    told = jobs.objections_due(at(found.start_by))
    assert {one.person for one in told} == {cast.hr, cast.hr_manager}
    act(service.start_investigation, cast.hr, at(found.start_by), found.id)
    assert jobs.objections_due(at(found.start_by)) == []
    assert jobs.objections_due(at(found.answer_by))[0].due_on == found.answer_by


def test_hr_and_the_superior_hear_of_the_end_of_a_trial(cast):
    cast.book.change(trial_months=1, panel="", notice_working_days=None)
    road.submit(cast)
    road.review(cast)
    road.check(cast)
    road.decide(cast, at())
    act(service.appoint, cast.hr, at(), cast.application, DAY + timedelta(days=8))
    assert jobs.trials_over(at(date(2026, 12, 30))) == []
    told = jobs.trials_over(at(date(2026, 12, 31)))
    assert cast.supervisor in {one.person for one in told}


def test_what_waits_for_whom_along_the_road(cast):
    def kinds(person, now=None):
        return [one.kind for one in queries.waiting_for(person, now or at())]

    road.submit(cast)
    assert (kinds(cast.supervisor), kinds(cast.director), kinds(cast.hr)) == (["review"], [], [])
    road.review(cast)
    assert (kinds(cast.supervisor), kinds(cast.hr)) == ([], ["check"])
    road.check(cast)
    assert kinds(cast.hr) == ["arrange"]
    road.issue(cast)
    assert (kinds(cast.hr), kinds(cast.jurors[0])) == ([], ["declare"])
    road.declare(cast, at())
    now = road.hold(cast)
    assert kinds(cast.jurors[0], now) == ["score"]
    road.seal(cast, now)
    assert (kinds(cast.jurors[0], now), kinds(cast.hr, now)) == ([], ["minutes"])
    act(service.write_minutes, cast.hr, now, cast.entry, "记录")
    assert kinds(cast.jurors[0], now) == ["sign"]
    for juror in cast.jurors:
        act(service.sign_minutes, juror, now, cast.entry)
    assert (kinds(cast.gm_office, now), kinds(cast.gm, now)) == (["propose"], ["propose"])
    act(service.propose_decision, cast.gm_office, now, cast.application, "approve", "好")
    assert (kinds(cast.gm_office, now), kinds(cast.gm, now)) == ([], ["confirm"])
    act(service.confirm_decision, cast.gm, now, cast.application)
    assert kinds(cast.hr, now) == ["publish"]
    notice = road.publish(cast, now)
    assert kinds(cast.hr, now) == []
    over = at(LAST + timedelta(days=1))
    assert kinds(cast.hr, over) == ["close"]
    act(service.close_notice, cast.hr, over, notice)
    assert kinds(cast.hr, over) == ["appoint"]
    assert all(kinds(cast.applicant, when) == [] for when in (now, over))


def test_the_dossier_hears_of_ratings_while_the_application_is_open(cast):
    road.submit(cast)
    road.review(cast)
    given = endorsements_of([cast.applicant], DAY)[cast.applicant]
    assert [(one.topic, one.rating) for one in given] == [("initiative", 4)]
    assert endorsements_of([cast.applicant], DAY - timedelta(days=1)) == {}
    act(service.withdraw, cast.applicant, at(), cast.application, "")
    assert endorsements_of([cast.applicant], DAY) == {}
