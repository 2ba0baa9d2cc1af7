"""The invigilator's pages and a pause in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cstrain.exams import jobs, queries
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.player import badge, free_lease, held, open_player, pick, until, wait_saved
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HIDE = """(hidden) => {
  const get = () => (hidden ? "hidden" : "visible");
  Object.defineProperty(document, "visibilityState", { configurable: true, get });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def act(site, verb, *rest) -> None:
    from cstrain.unit_of_work import unit_of_work

    with site.app.app_context(), unit_of_work():
        verb(*rest)


@pytest.fixture
def invigilator(site):
    with site.app.app_context():
        return make_person("监考甲", roles=["invigilator"])


def test_a_pause_locks_the_page_keeps_what_was_typed_and_stops_the_time(
    site, open_context, exam, invigilator, picture
) -> None:
    from cstrain.exams.invigilation import service

    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    pick(page)
    wait_saved(page)
    act(site, service.pause, invigilator, site.clock.now(), attempt, "停电")
    pick(page, 1)  # answered before the page knows: kept, and the answer says that the exam is paused
    until(page, ".bars", "监考暂停了考试")
    wait_saved(page)
    picture(page, "player-paused")
    assert page.locator("form[data-slot]:not([hidden]) input").first.is_disabled()
    until(page, "[data-timer]", "已暂停，时间不走")
    left = page.inner_text("[data-left]")
    site.clock.move(45 * MINUTE)
    page.wait_for_timeout(6000)  # it asks again, long after the old deadline
    assert page.inner_text("[data-left]") == left and "attempts" in page.url and "receipt" not in page.url
    act(site, service.resume, invigilator, site.clock.now(), attempt)
    until(page, "[data-announce]", "考试恢复了", 10)
    assert not page.locator("form[data-slot]:not([hidden]) input").first.is_disabled()
    pick(page)
    wait_saved(page)
    assert list(held(site, person, attempt).values()) == ["0"]


def test_a_page_that_was_away_during_a_pause_does_not_hand_in(site, open_context, exam, invigilator) -> None:
    from cstrain.exams.invigilation import service

    person, attempt = exam
    context = open_context(person)
    site.clock.move(30 * MINUTE - 12 * SECOND)
    page = open_player(context, site, attempt)
    until(page, "[data-save]", "还没有作答")
    context.set_offline(True)
    act(site, service.pause, invigilator, site.clock.now(), attempt, "停电")
    until(page, "[data-left]", "0分00秒", 20)
    context.set_offline(False)
    until(page, ".bars", "监考暂停了考试", 20)
    assert "receipt" not in page.url
    with site.app.app_context():
        assert queries.attempt(attempt, site.clock.now()).submitted_at is None


def test_leaving_the_page_is_noted_and_said_to_the_candidate(site, open_context, exam, invigilator) -> None:
    from cstrain.exams.invigilation import queries as seen

    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    page.wait_for_timeout(300)
    page.evaluate(HIDE, True)
    page.wait_for_timeout(1500)
    page.evaluate(HIDE, False)
    for _ in range(80):
        page.wait_for_timeout(100)
        with site.app.app_context():
            if seen.signs([attempt])[attempt].leaves:
                break
    with site.app.app_context():
        signs = seen.signs([attempt])[attempt]
    assert signs.leaves == 1 and 1 <= signs.away_seconds <= 3
    assert badge(page)
    page.goto(f"{site.url}/attempts/{attempt}/held")
    assert "离开了页面" in page.inner_text("main")


def test_the_watch_page_follows_by_itself_and_leaves_open_forms_alone(
    site, open_context, exam, invigilator
) -> None:
    person, attempt = exam
    with site.app.app_context():
        sitting = queries.attempt(attempt, START).sitting_id
    page = open_context(invigilator).new_page()
    page.goto(f"{site.url}/sittings/{sitting}/watch")
    done = f"[data-live='done-{person}']"
    until(page, done, "0/10题")
    page.click("summary:has-text('全场加时')")
    page.fill("#all-extend-reason", "正在写的原因")
    with site.app.app_context():
        make.answer_right(person, attempt, range(1, 4))
    until(page, done, "3/10题", 15)
    assert page.input_value("#all-extend-reason") == "正在写的原因"
    assert page.evaluate("document.activeElement.id") == "all-extend-reason"


def test_a_watch_page_that_lost_its_server_says_so(site, open_context, exam, invigilator) -> None:
    _person, attempt = exam
    with site.app.app_context():
        sitting = queries.attempt(attempt, START).sitting_id
    context = open_context(invigilator)
    page = context.new_page()
    page.goto(f"{site.url}/sittings/{sitting}/watch")
    assert not page.locator(".when-old").is_visible()
    context.set_offline(True)
    page.locator(".when-old").wait_for(state="visible", timeout=15_000)
    context.set_offline(False)
    page.locator(".when-old").wait_for(state="hidden", timeout=15_000)


@pytest.fixture
def busy(site, invigilator):
    """A sitting in which everything has happened: a pause, an outage, incidents, signs, a proposal."""
    from cstrain.exams import service
    from cstrain.exams.invigilation import service as act_on
    from cstrain.exams.invigilation.facts import SentSignal
    from cstrain.unit_of_work import unit_of_work

    with site.app.app_context():
        make.make_bank(each=8)
        make.make_paper()
        names = ["林晓雯", "周子昂", "欧阳若兰", "陈一", "王二", "赵三"]
        everybody = [make_person(name) for name in names]
        second = make_person("监考乙", roles=["invigilator"])
        sitting = make.make_sitting(everybody)
        running = [make.make_attempt(one, sitting) for one in everybody[:5]]
        for attempt in running:
            free_lease(attempt)
        for second_ in range(0, 21, 2):
            jobs.beat("a", START + second_ * SECOND)
        jobs.beat("a", START + 110 * SECOND)
        at = START + 4 * MINUTE
        make.answer_right(everybody[0], running[0], range(1, 8))
        make.submit(everybody[3], running[3], at=at)
        with unit_of_work():
            service.take_lease(everybody[0], running[0], START, "one", force=True)
        with unit_of_work():
            service.take_lease(everybody[0], running[0], START, "two", force=True)
        with unit_of_work():
            left = SentSignal("00000000-0000-4000-8000-000000000001", "leave", 90_000, 75_000, None)
            act_on.hear(everybody[0], running[0], [left], at)
        with unit_of_work():
            act_on.pause(invigilator, at, running[1], "考生身体不适，去医务室")
        with unit_of_work():
            act_on.note_incident(invigilator, at, sitting, "health", "10:04离席，由人事陪同。", running[1])
            act_on.note_incident(
                invigilator, at, sitting, "technical", "三楼交换机重启，全场断网两分钟。", None
            )
        with unit_of_work():
            service.propose_extension(second, at, running[2], 20, "电脑坏了，换机用了二十分钟")
    site.clock.set(START + 5 * MINUTE)
    return {"sitting": sitting, "paused": running[1], "first": running[0], "person": everybody[0]}


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1280", "390"])
def test_the_pages_fit(site, open_context, busy, invigilator, picture, viewport) -> None:
    pages = [
        (invigilator, "/sittings/{sitting}/watch"),
        (invigilator, "/attempts/{first}/watch"),
        (invigilator, "/attempts/{paused}/watch"),
        (busy["person"], "/attempts/{first}/held"),
        (busy["person"], "/sittings/{sitting}"),
    ]
    for who, path in pages:
        page = open_context(who, viewport).new_page()
        page.goto(site.url + path.format(**busy))
        page.wait_for_selector("h1")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        name = path.format(**busy).strip("/").replace("/", "-")
        picture(page, f"inv-{name}-{viewport['width']}", full=True)
