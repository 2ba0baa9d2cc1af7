"""Each role's home answers "what do I do now"; nobody's is empty."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.factories.people import make_department, make_person

ROLES = [
    "employee",
    "mentor",
    "guide",
    "trainer",
    "examiner",
    "qc",
    "qc_manager",
    "service_director",
    "hr",
    "hr_manager",
    "supervisor",
    "group_leader",
    "gm_office",
    "deputy_gm",
    "gm",
    "administrator",
    "auditor",
]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_home_with_a_heading(client, app, role):
    with app.app_context():
        granted = [] if role == "employee" else [role]
        person = make_person("周敏", roles=granted, department=make_department("售前客服二部"))
    page = client.log_in_as(person).get("/")
    assert "<h1>" in page
    assert "2026年11月20日" in page


def test_a_trainee_without_programme_still_has_a_home(client, app):
    with app.app_context():
        person = make_person("林晓雯", status="probation", hire_date=date(2026, 11, 2))
    assert "今天" in client.log_in_as(person).get("/")


def test_the_language_is_kept_with_the_account_and_the_page_comes_back(client, app):
    with app.app_context():
        person = make_person("周敏", roles=["mentor"])
    client.log_in_as(person)
    answer = client.post("/language", {"locale": "en", "next": "/lessons?x=1"}, audited=True)
    assert answer.location == "/lessons?x=1"
    page = client.get("/")
    assert "Things to do today: " in page
    assert "Sign-off" in page or "My trainees" in page or "Waiting for your signature" in page


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "javascript:x", ""]
)
def test_the_language_form_never_leads_elsewhere(client, app, elsewhere):
    with app.app_context():
        person = make_person("周敏")
    answer = client.log_in_as(person).post("/language", {"locale": "en", "next": elsewhere}, audited=True)
    assert answer.location == "/"


def test_a_visitor_is_sent_to_the_log_in_page(client):
    response = client.raw.get("/")
    assert response.status_code == 302
    assert "/log-in" in response.location


def test_a_page_that_does_not_exist_says_so_and_what_to_do(client, app):
    with app.app_context():
        person = make_person("周敏")
    page = client.log_in_as(person).get("/nowhere", status=404)
    assert "没有找到这一页" in page


def test_what_is_to_be_done_comes_first_and_has_the_one_main_button():
    from cstrain.web.homes.part import Part, Task, _one_main, with_next

    tasks = with_next([Task("is-later", "甲"), Task("is-later", "乙")])
    first, second = _one_main([Part("", "一", tasks, ""), Part("", "二", tasks, "")])
    assert [task.state for task in first.tasks] == ["is-next", "is-later"]
    assert [task.state for task in second.tasks] == ["is-later", "is-later"]
    assert not Part("", "三", (), "").asks


def test_the_heading_counts_what_all_parts_ask_for_and_not_what_is_done(app):
    from cstrain.web.homes.part import Part, Task, headline

    parts = [
        Part("", "一", (Task("is-next", "甲"), Task("is-done", "乙")), "", quiet="都正常"),
        Part("", "二", (Task("is-later", "丙"), Task("is-later", "丁")), ""),
        Part("", "三", (), "", listed=2),
    ]
    with app.test_request_context():
        assert headline(parts) == "今天有5件事要做"
        done = Part("", "一", (Task("is-done", "乙"),), "", quiet="都正常")
        assert headline([done, parts[2]]) == "今天有2件事要做"
        assert headline([Part("", "一", (), "", quiet="都正常")]) == "都正常"


def test_a_page_that_is_a_section_is_not_shown_as_part_of_another(client, app):
    with app.app_context():
        trainer = make_person("邓文博", roles=["trainer"])
    client.log_in_as(trainer)

    def marked(path: str) -> int:
        return len(
            set(re.findall(r'<a[^>]*href="(/marking|/marking/agreement)"[^>]*aria-current', client.get(path)))
        )

    assert marked("/marking") == 1
    assert marked("/marking/agreement") == 1


@pytest.mark.parametrize("path", ["/questions", "/papers/drafts", "/question-imports", "/near-duplicates"])
def test_pages_of_the_workbench_belong_to_the_section_of_banks(client, app, path):
    with app.app_context():
        trainer = make_person("孔亮", roles=["trainer"])
    page = client.log_in_as(trainer).get(path)
    assert re.search(r'<a [^>]*href="/banks"[^>]*aria-current="(page|true)"', page)
