"""Strings that run elsewhere, shown by our pages: nothing runs, nothing is fetched, all of it is read."""

from __future__ import annotations

import pytest

from benchmarks.hostile_words.crawl import Crawler
from tests.browser.conftest import DESKTOP
from tests.browser.player import free_lease
from tests.factories import exams as make
from tests.factories.people import make_department, make_person

pytestmark = [pytest.mark.browser]
HOSTILE = (
    "<script>alert('题干')</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(2)>',
    "' autofocus onfocus='alert(3)",
    "</textarea></title></style><script>alert(4)</script>",
    '<a href="javascript:alert(5)">点我</a>',
    '<iframe srcdoc="<script>parent.alert(6)</script>"></iframe>',
    '<math><mtext></p><style><!--</style><img title="--><img src onerror=alert(7)>">',
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "`${alert(8)}`\\u003cscript\\u003ealert(8)\\u003c/script\\u003e",
    "</script><script>alert(9)//",
    "<!--<script>--!><link rel=stylesheet href=//127.0.0.1:9/x><base href=//127.0.0.1:9/>",
    '#set-rule[#eval("1")] $ x $ *粗* _斜_ \\ @标 <标> //注',
    "\u202e右到左\u202c\u200b\ufeff 零宽 👩‍👩‍👧‍👦 Ｚ̸̡̬͈ａ̷l̸g̸o",
    '=HYPERLINK("http://127.0.0.1:9","x")',
)


SECTION = {"title": "<b onclick=alert(10)>全部", "marks": 10}
CELL = {"topics": ["basics"], "types": ["single_choice"], "count": 10}


def make_hostile_exam(person) -> int:
    """A bank with one question a string (stem, options, explanation), a paper of them, a running attempt."""
    from cstrain.questions.models import Bank, Topic
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work() as db:
        bank = Bank(name="tiny", title=HOSTILE[0], description=HOSTILE[1])
        db.add(bank)
        db.flush()
        topic = Topic(bank_id=bank.id, ref="basics", title=HOSTILE[2], position=0)
        db.add(topic)
        db.flush()
        for number, word in enumerate(HOSTILE):
            changes = {"stem": f"{word}（{number}）", "options": [f"{word}{each}" for each in "甲乙丙"]}
            asked = {**make.written("single_choice", number), **changes, "explanation": word}
            make.add_question(bank.id, topic.id, f"h-{number}", asked)
    sections = [{**SECTION, "cells": [CELL]}]
    paper = make.make_paper(title=HOSTILE[3], sections=sections)
    return make.make_attempt(person, make.make_sitting([person], paper))


@pytest.fixture
def people(site) -> dict[str, int]:
    """Persons whose names, posts and department are such strings."""
    with site.app.app_context():
        place = make_department(HOSTILE[6][:40])
        kinds = {"trainer": 0, "administrator": 5, "auditor": 9}
        found = {
            role: make_person(HOSTILE[at][:40], roles=[role], department=place) for role, at in kinds.items()
        }
        found["candidate"] = make_person(HOSTILE[1], department=place, post=HOSTILE[8][:40])
        return found


@pytest.fixture
def crawled(site, browser, people):
    """Visit what a person reaches from some pages; returns what was seen."""
    contexts = []

    def crawl(who: str, *starts: str, most: int = 14):
        context = browser.new_context(viewport=DESKTOP, locale="zh-CN")
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.add_cookies([site.cookie(people[who])])
        crawler = Crawler(site.url, HOSTILE, each=len(HOSTILE), most=most)
        crawler.visit(context, who, starts)
        return crawler.seen

    yield crawl
    for context in contexts:
        context.close()


def test_nothing_runs_where_candidates_and_trainers_read_questions(site, people, crawled) -> None:
    with site.app.app_context():
        attempt = make_hostile_exam(people["candidate"])
        free_lease(attempt)
    player = crawled("candidate", f"/attempts/{attempt}", most=1)
    questions = [f"/banks/tiny/h-{number}" for number in range(10)]
    bank = crawled(
        "trainer", "/banks/tiny", "/banks/tiny/h-1/preview", *questions, "/papers/tiny-exam", most=14
    )
    for seen in (player, bank):
        assert seen.events == [] and seen.failed == []
    assert len(player.shown) >= 10 and bank.shown == set(range(len(HOSTILE)))
    assert bank.pages["/banks/tiny/h-#"] >= 10


def test_nothing_runs_where_names_are_read(site, people, crawled) -> None:
    directory = crawled("administrator", "/people", most=8)
    log = crawled("auditor", "/audit", "/people", most=8)
    for seen in (directory, log):
        assert seen.events == [] and seen.failed == []
        assert {0, 1, 5} <= seen.shown
