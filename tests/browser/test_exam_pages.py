"""The other exam and grading pages in a real browser: nothing scrolls sideways."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)


@pytest.fixture
def term(site):
    """A candidate with a released exam under appeal, one waiting, one running, one to come; and the staff."""
    from cstrain.grading import service
    from cstrain.unit_of_work import unit_of_work

    with site.app.app_context():
        person, mate = make_person("林晓雯"), make_person("周子昂")
        hr, second = make_person("王敏", roles=["hr"]), make_person("陈涛", roles=["hr"])
        trainer, other = make_person("李老师", roles=["trainer"]), make_person("赵老师", roles=["trainer"])
        make.make_bank(each=12)
        make.make_paper()
        make.make_paper("tiny-conversion", title="产品知识转正考试", disjoint=True)
        first = make.make_attempt(person, make.make_sitting([person, mate]))
        make.answer_right(person, first, range(1, 9))
        make.submit(person, first)
        mates = make.make_attempt(mate, make.make_sitting([mate]))
        make.submit(mate, mates)
        with unit_of_work():
            service.propose_release(hr, START, [first])
        with unit_of_work():
            service.confirm_release(second, START, [first])
        with unit_of_work():
            appeal = service.file_appeal(person, START, first, 9, "手册里写的是两天，我的答案也应该算对。")
        with unit_of_work():
            service.propose_release(hr, START, [mates])
        running = make.make_sitting([person, mate], "tiny-conversion")
        attempt = make.make_attempt(person, running)
        make.answer_right(person, attempt, range(1, 6))
        later = make.make_sitting([person], opens_at=START + 24 * HOUR, closes_at=START + 26 * HOUR)
    return {
        "person": person, "hr": hr, "second": second, "trainer": trainer, "other": other, "first": first,
        "appeal": appeal, "running": running, "attempt": attempt, "later": later, "mates": mates,
    }  # fmt: skip


PAGES = [
    ("person", "/exams"),
    ("person", "/sittings/{later}"),
    ("person", "/sittings/{running}"),
    ("person", "/attempts/{first}/receipt"),
    ("person", "/attempts/{attempt}/held"),
    ("person", "/scores"),
    ("person", "/results/{first}"),
    ("hr", "/sittings"),
    ("hr", "/sittings/new?paper=tiny-conversion&q=K"),
    ("hr", "/sittings/{running}/watch"),
    ("second", "/grading"),
    ("trainer", "/appeals/{appeal}"),
]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1280", "390"])
def test_pages_fit_and_have_one_heading(site, open_context, term, picture, viewport) -> None:
    contexts = {}
    for who, path in PAGES:
        if who not in contexts:
            contexts[who] = open_context(term[who], viewport)
        page = contexts[who].new_page()
        response = page.goto(site.url + path.format(**term))
        assert response.status == 200, path
        assert page.locator("h1").count() == 1
        name = path.strip("/").split("?")[0].replace("/", "-").format(**dict.fromkeys(term, ""))
        picture(page, f"{name}-{viewport['width']}", full=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        page.close()
