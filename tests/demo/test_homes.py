"""The heading of everybody's home is the number of things that the page asks them to do."""

from __future__ import annotations

import re

import pytest

from tests.web.page_client import PageClient

pytestmark = pytest.mark.slow

BY_OTHERS = re.compile("由导师|自动提醒|导师看过后|选做")
"""A trainee's list also shows what others do for them, and what they may leave."""
NOTICES = re.compile(r'<section[^>]*aria-labelledby="h-notices".*?</section>', re.DOTALL)
OPEN = re.compile(r'<li class="is-(?:next|later)">.*?</li>', re.DOTALL)
ROLES = {
    "trainee",
    "mentor",
    "guide",
    "trainer",
    "examiner",
    "supervisor",
    "group_leader",
    "service_director",
    "hr",
    "hr_manager",
    "gm_office",
    "gm",
    "auditor",
}


def heading(page: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", re.search(r"<h1>(.*?)</h1>", page, re.DOTALL).group(1))


def acts(page: str) -> int:
    return sum(not BY_OTHERS.search(line) for line in OPEN.findall(NOTICES.sub("", page)))


def test_the_heading_of_every_home_counts_what_its_page_asks_for(demo):
    from cstrain.extensions import local_date, now
    from cstrain.people import queries as people

    with demo.app.app_context():
        everybody = people.everybody(local_date(now()))
        roles = {one.id: people.roles_of(one.id, local_date(now())) for one in everybody}
    client = PageClient(demo.app)
    wrong, asked = [], set()
    for one in everybody:
        page = client.log_in_as(one.id).get("/")
        number = acts(page)
        said = re.fullmatch(r"(?:今天有|今天是第\d+天，还有)(\d+)(?:件事|项)要做", heading(page))
        if (int(said.group(1)) if said else 0) != number:
            wrong.append(f"{one.staff_no}: {heading(page)}, {number} on the page")
        asked |= roles[one.id] if number else set()
    assert not wrong
    assert asked >= ROLES, ROLES - asked
