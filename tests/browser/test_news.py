"""A page that nobody touches learns at once what happened to its attempt elsewhere (goal R6)."""

from __future__ import annotations

import pytest

from tests.browser.desk import PATIENCE_SECONDS
from tests.browser.player import open_player, pick, until, wait_saved
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
STALE = "text=这份答卷正在另一个页面或设备上作答 >> visible=true"
TAKE_OVER = "button:has-text('在这里继续答题') >> visible=true"


def take_over(winner, loser) -> None:
    """Take over on ``winner`` and wait until ``loser``, which is not touched, shows it."""
    winner.click(TAKE_OVER)
    loser.wait_for_selector(STALE, timeout=PATIENCE_SECONDS * 1000)


@pytest.mark.parametrize("elsewhere", ["another tab", "another device"])
def test_an_idle_page_that_loses_the_lease_shows_it_without_a_touch(
    site, open_context, exam, elsewhere
) -> None:
    person, attempt = exam
    context = open_context(person)
    first = open_player(context, site, attempt)
    pick(first)
    wait_saved(first)
    second = open_player(context if elsewhere == "another tab" else open_context(person), site, attempt)
    second.wait_for_selector(STALE)
    first.wait_for_timeout(3000)
    take_over(second, first)
    take_over(first, second)
    assert first.locator("form[data-slot]:not([hidden]) input").first.is_enabled()
    assert second.locator("form[data-slot]:not([hidden]) input").first.is_disabled()


def test_a_pause_and_extra_time_are_shown_without_a_touch(site, open_context, exam) -> None:
    from cstrain.exams import service
    from cstrain.exams.invigilation import service as invigilation
    from cstrain.unit_of_work import unit_of_work

    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    page.wait_for_timeout(3000)
    with site.app.app_context():
        invigilator = make_person("监考", roles=["invigilator"])
        with unit_of_work():
            service.extend(invigilator, site.clock.now(), attempt, 10, "停电")
        until(page, "[data-timer]", "09:40", PATIENCE_SECONDS)
        with unit_of_work():
            invigilation.pause(invigilator, site.clock.now(), attempt, "停电")
        page.wait_for_selector(
            "form[data-slot]:not([hidden]) input:disabled", timeout=PATIENCE_SECONDS * 1000
        )
