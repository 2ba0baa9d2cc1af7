"""The same day gives the same company, and any day gives one."""

from __future__ import annotations

from datetime import date

import pytest

from tests.demo.canonical import digests

pytestmark = pytest.mark.slow

SHORT = ("HM035", "HM045", "HM046", "HM047", "HM050", "HM051")


def _digests(played):
    with played.app.app_context():
        return digests()


def test_two_builds_of_one_day_are_the_same_and_another_day_differs(play_company):
    sunday = date(2026, 11, 22)
    first = _digests(play_company(sunday, *SHORT))
    assert first == _digests(play_company(sunday, *SHORT))
    assert first["attempt"] != _digests(play_company(date(2026, 11, 23), *SHORT))["attempt"]


@pytest.mark.parametrize("today", [date(2026, 10, 1), date(2026, 11, 22), date(2027, 1, 31)], ids=str)
def test_it_works_on_a_holiday_a_sunday_and_a_month_that_ends(play_company, today):
    from cstrain.audit.queries import verify
    from cstrain.extensions import now
    from cstrain.onboarding.conversion.queries import cases
    from cstrain.onboarding.queries import latest_enrolment_of, timeline

    played = play_company(today, "HM033", "HM035", "HM037", "HM041", "HM046", "HM050")
    with played.app.app_context():
        assert verify().faults == ()
        outcomes = {one.person_id: one.outcome for one in cases()}
        assert outcomes == {played.world.one("HM033"): "extend_probation", played.world.one("HM037"): None}
        shown = timeline(latest_enrolment_of(played.world.one("HM041")).id, now())
        assert shown.current.number == 17
        assert shown.current.on_day <= today
        assert shown.unsigned[0].number == 16


def test_an_interrupted_build_is_refused_with_what_to_do(app, clock, monkeypatch):
    from cstrain.demo import service
    from cstrain.operations.init import LOADERS
    from cstrain.unit_of_work import unit_of_work

    today = date(2026, 11, 20)
    with app.app_context():
        for _name, load in LOADERS:
            with unit_of_work():
                load(service.began_at(today))
    monkeypatch.setattr(service, "roads", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        service.ensure_demo(app, clock, today)
    with pytest.raises(service.DemoError, match="interrupted"):
        service.ensure_demo(app, clock, today)


def test_a_machine_whose_date_lies_before_the_programmes_is_told_so(app, clock):
    from cstrain.demo.service import DemoError, ensure_demo
    from cstrain.operations.init import LOADERS
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        for _name, load in LOADERS:
            with unit_of_work():
                load(clock.now())
    with pytest.raises(DemoError, match="date"):
        ensure_demo(app, clock, date(2026, 1, 15))


def test_without_content_nothing_is_begun(app, clock):
    from cstrain.demo.service import DemoError, ensure_demo

    with pytest.raises(DemoError, match="not loaded"):
        ensure_demo(app, clock, date(2026, 11, 20))
