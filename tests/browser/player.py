"""Driving the player: what its page says, what the server holds."""

from __future__ import annotations

import json

LEFT_ON_DEVICE = """() => new Promise((resolve) => {
  const request = indexedDB.open("cstrain-player", 1);
  request.onsuccess = () => {
    const count = request.result.transaction("events").objectStore("events").count();
    count.onsuccess = () => resolve(count.result);
  };
})"""


def free_lease(attempt) -> None:
    from cstrain.exams.models import Attempt
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work() as db:
        db.get_one(Attempt, attempt).lease_holder = ""


def open_player(context, site, attempt, path: str = ""):
    page = context.new_page()
    page.goto(f"{site.url}/attempts/{attempt}{path}")
    page.wait_for_selector("form[data-slot]:not([hidden])")
    return page


def hears_nothing(context) -> None:
    """Let the pages of a browser hear of a take-over elsewhere only by what they do themselves."""
    context.route("**/news?*", lambda route: route.abort())


def held(site, person, attempt) -> dict[int, object]:
    """What the server holds."""
    from cstrain.exams import queries

    with site.app.app_context():
        view = queries.taking_view(person, attempt, site.clock.now())
        return {answer.slot: json.loads(answer.value) for answer in view.held.answers}


def state_of(site, attempt) -> str:
    from cstrain.exams import queries

    with site.app.app_context():
        return queries.attempt(attempt, site.clock.now()).state


def badge(page) -> str:
    return page.inner_text("[data-save]").strip()


def until(page, selector: str, words: str, timeout: float = 8) -> None:
    """Wait until an element says ``words`` (Playwright's own way needs eval, which our CSP forbids)."""
    last = ""
    for _ in range(int(timeout * 20)):
        last = page.locator(selector).first.text_content() or ""
        if words in last:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{selector} says {last!r}, not {words!r}")


def until_value(page, selector: str, value: str, timeout: float = 8) -> None:
    """Wait until a control holds ``value``: scripts give back what was kept after the page is there."""
    last = ""
    for _ in range(int(timeout * 20)):
        last = page.locator(selector).first.input_value()
        if last == value:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{selector} holds {last!r}, not {value!r}")


def wait_saved(page, timeout: float = 8) -> None:
    until(page, "[data-save]", "已保存", timeout)


def goto(page, slot: int) -> None:
    page.evaluate(f"document.querySelector('a.cell[data-number=\"{slot}\"]').click()")


def pick(page, place: int = 0) -> None:
    page.locator("form[data-slot]:not([hidden]) .opt").nth(place).click()


def fill(page, text: str) -> None:
    page.locator("form[data-slot]:not([hidden]) input.input").first.fill(text)


def answer_everything(page, slots: int = 10) -> None:
    """Choose the first option, or type, on every question."""
    for slot in range(1, slots + 1):
        goto(page, slot)
        control = page.get_attribute(f"form[data-slot='{slot}']", "data-control")
        if control in ("blanks", "number"):
            fill(page, "42")
        else:
            pick(page)


def slot_with(page, control: str) -> int:
    return int(page.locator(f"form[data-control={control}]").first.get_attribute("data-slot"))
