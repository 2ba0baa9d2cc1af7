"""Setting up, twice, and the way back in."""

from __future__ import annotations

import re


def test_init_makes_schema_content_and_an_administrator_with_a_one_time_link(cstrain):
    said = cstrain("init", "--staff-no", "a0001", "--name", "王敏").stdout
    assert "administrator: A0001" in said
    assert re.search(r"one-time link .*http://127\.0\.0\.1:8000/links/[\w-]{40,}", said)
    assert "lessons" in said
    assert "papers" in said


def test_init_again_changes_nothing_and_issues_another_link(set_up):
    said = set_up("init", "--staff-no", "A0001", "--name", "王敏").stdout
    assert "everything is up to date" in said
    assert "/links/" in said


def test_init_for_somebody_else_is_refused_once_there_is_an_administrator(set_up):
    refused = set_up("init", "--staff-no", "A0002", "--name", "李强", code=1)
    assert "there is an administrator already" in refused.stderr
    assert "Traceback" not in refused.output


def test_an_unusable_staff_number_leaves_no_person(cstrain):
    cstrain("init", "--staff-no", " ", "--name", "王敏", code=1)
    assert "administrator: A0001" in cstrain("init", "--staff-no", "A0001", "--name", "王敏").stdout


def test_upgrade_on_a_current_database_says_so(set_up):
    assert "everything is up to date" in set_up("upgrade").stdout


def test_jobs_run_once(set_up):
    assert "all jobs done" in set_up("jobs", "run").stdout
