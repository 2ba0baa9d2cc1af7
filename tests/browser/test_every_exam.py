"""Every exam that ships is sat once in a real browser, marked by those who must, released, and looked at."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cstrain.exams.service import schedule
from cstrain.grading import live_queries, service
from cstrain.grading.band import queries as bands
from cstrain.grading.band.service import look
from cstrain.grading.written import queries as written
from cstrain.grading.written import service as marking
from cstrain.judgement.rubric import Rubric
from cstrain.unit_of_work import unit_of_work
from tests.browser.conftest import PHONE
from tests.browser.player import wait_saved
from tests.browser.road import load_everything
from tests.browser.sitter import answer_form, right_answers
from tests.factories.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXAMS = (
    *("basic-ability", "basic-ability-3", "quick-phrase", "oral-8", "mystery-customer"),
    *("exam-day-3", "exam-day-5", "exam-day-6", "exam-day-8", "exam-day-18"),
    *("conversion-product", "conversion-rules", "conversion-oa", "soso-upgrade", "gap-machine"),
    *("professional-knowledge", "comprehensive-ability", "management-ability"),
)
ON_A_PHONE = {"quick-phrase", "mystery-customer", "gap-machine", "management-ability"}
_ROLES = {"甲": "hr", "乙": "hr_manager", "丙": "trainer", "丁": "marker", "戊": "examiner", "己": "marker"}


@pytest.fixture(scope="module")
def template_database(sqlite_templates) -> Path:
    """The schema with everything that ships."""
    return Path(sqlite_templates.template(load_everything))


@pytest.fixture
def staff(site) -> dict[str, int]:
    with site.app.app_context():
        return {role + name: make_person(name, roles=[role]) for name, role in _ROLES.items()}


@pytest.mark.parametrize("paper", EXAMS)
def test_an_exam_is_sat_marked_released_and_shown(paper, site, open_context, staff, picture) -> None:
    with site.app.app_context():
        person = make_person("林晓雯")
        sitting = _arrange(site, paper, person, staff["hr甲"])
    context = open_context(person, PHONE if paper in ON_A_PHONE else None)
    page = context.new_page()
    page.goto(f"{site.url}/sittings/{sitting}")
    attempt = _sit(page, site, paper, picture)
    with site.app.app_context():
        _mark_live(site, attempt, staff)
        _mark_written(site, attempt, staff)
        _release(site, attempt, staff)
    page.goto(f"{site.url}/results/{attempt}")
    picture(page, f"exam-{paper}-result")
    with site.app.app_context():
        from cstrain.grading import queries

        score = queries.score(attempt, site.clock.now())
    assert score.shown is not None and f"{score.shown.normalize():f}" in page.inner_text("h1")
    assert score.raw >= 80 or paper in {"basic-ability", "basic-ability-3", "oral-8", "mystery-customer"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _arrange(site: Any, paper: str, person: int, arranger: int) -> int:
    """A sitting that opens now and lasts exactly as long as the paper: what is unified wants no more."""
    from cstrain.exams import queries

    at = site.clock.now()
    facts = queries.paper(paper, at)
    with unit_of_work():
        return schedule(
            arranger,
            at,
            paper_ref=paper,
            kind=facts.kind,
            subject="arranged",
            people=[person],
            opens_at=at,
            closes_at=at + timedelta(minutes=facts.minutes),
        )


def _sit(page: Any, site: Any, paper: str, picture: Any) -> int:
    page.click(".actbar form button")
    page.wait_for_selector("form[data-slot]:not([hidden])")
    attempt = int(page.url.split("/attempts/")[1].split("#")[0])
    with site.app.app_context():
        right = right_answers(attempt)
    answer_form(page, right)
    picture(page, f"exam-{paper}")
    wait_saved(page, 30)
    if not page.locator("[data-submit]").is_visible():
        page.locator("[data-review]:visible").first.click()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/receipt", wait_until="domcontentloaded")
    return attempt


def _full(rubric: Rubric) -> dict[str, Any]:
    return {each.id: Decimal(each.of) for each in rubric.criteria}


def _mark_live(site: Any, attempt: int, staff: dict[str, int]) -> None:
    at, examiner = site.clock.now(), staff["examiner戊"]
    waiting = [task for task in live_queries.live_tasks(at) if task.attempt.id == attempt]
    for task in waiting:
        assert task.ready
        with unit_of_work():
            service.begin_live(examiner, at, attempt, task.slot)
        full = _full(live_queries.live_sheet(attempt, task.slot, at).rubric)
        with unit_of_work():
            service.finish_live(examiner, at, attempt, task.slot, full, "")


def _mark_written(site: Any, attempt: int, staff: dict[str, int]) -> None:
    """Two markers, apart from each other, take what the queues hold until they hold nothing."""
    at = site.clock.now()
    for marker in (staff["marker丁"], staff["marker己"]):
        for queue in written.queues(marker, at):
            with unit_of_work():
                sheet = marking.take(marker, at, queue.key)
            if sheet is None:
                continue
            full = _full(written.sheet(sheet, marker, at).rubric)
            with unit_of_work():
                marking.finish(marker, at, sheet, full, "")
    assert not any(one.row.attempt_id == attempt for one in written.open_tasks(at))


def _release(site: Any, attempt: int, staff: dict[str, int]) -> None:
    """Two people show the result, after somebody looked at it where it lies near the pass mark."""
    from cstrain.grading import queries

    at = site.clock.now()
    if queries.score(attempt, at).released_at is not None:
        return
    if any(one.waiting.attempt.id == attempt for one in bands.banded(at)):
        with unit_of_work():
            look(staff["trainer丙"], at, attempt, "看过作答和评分，没有疑点。")
    with unit_of_work():
        service.propose_release(staff["hr甲"], at, [attempt])
    with unit_of_work():
        service.confirm_release(staff["hr_manager乙"], at, [attempt])
