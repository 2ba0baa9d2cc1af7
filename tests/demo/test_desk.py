"""The trainers' desk: questions that readers doubt, a rule that changed, questions of the company's own."""

from __future__ import annotations

import re

import pytest

from tests.web.page_client import PageClient

pytestmark = pytest.mark.slow

TRAINER, HEAD, LEARNER, OTHER = "HM009", "HM006", "HM041", "HM042"
CHANGE = "/rule-changes/rules-returns/2"


@pytest.fixture
def browse(demo):
    client = PageClient(demo.app)
    return lambda number, url: _plain(client.log_in_as(demo.world.one(number)).get(url))


def _plain(page: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", page)


def test_two_reports_are_answered_and_two_wait(company):
    from cstrain.questions.reports import queries

    mine = queries.reports_by(company.one(LEARNER))
    assert [one.answer for one in mine.reports] == [None, "right", "change"]
    (other,) = queries.reports_by(company.one(OTHER)).reports
    assert (other.answer, queries.waiting_count(company.one(TRAINER))) == (None, 2)
    assert all(one.answered_by == company.one(TRAINER) for one in mine.reports[1:])


def test_the_question_that_was_mended_is_in_force_and_reviewed_by_another_person(company):
    from cstrain.questions.authoring.bank_queries import editions
    from cstrain.questions.reports import queries

    mended = queries.reports_by(company.one(LEARNER)).reports[-1]
    newest, first = editions(mended.question_id)
    assert (first.id, first.number, newest.number) == (mended.version_id, 1, 2)
    assert (newest.written_by, newest.approved_by) == (company.one(TRAINER), company.one(HEAD))


def test_a_rule_changed_after_people_were_examined_in_it(company):
    from cstrain.extensions import now
    from cstrain.grading.retests.facts import Stage
    from cstrain.grading.retests.queries import relying
    from cstrain.lessons.queries import lesson_change
    from cstrain.questions.sources.queries import depending, flagged_count

    change = lesson_change("rules-returns", 2)
    lines = depending(change, 1).lines
    assert {one.ref for one in lines if one.flagged} == {
        f"rules-returns-{n}" for n in ("006", "007", "008", "020")
    }
    assert flagged_count() == len(lines)
    (group,) = relying(change, now())
    assert group.ref == "conversion-rules" and group.waiting
    assert {one.stage for one in group.lines} == {Stage.DUE}


def test_two_questions_of_the_own_bank_are_alike_and_a_third_waits_for_review(company):
    from cstrain.questions.authoring.queries import to_review
    from cstrain.questions.duplicates.queries import alike

    (pair,) = alike(85).pairs
    assert (pair.first.bank, pair.second.bank) == ("sq1-own", "sq1-own")
    assert (to_review(company.one(HEAD)), to_review(company.one(TRAINER))) == (1, 0)


def test_readers_see_what_the_rule_changed(browse):
    page = browse(LEARNER, "/lessons/rules-returns")
    assert "你确认过第1版，现在是第2版" in page and "新增：标价不超过10元的" in page
    assert "等待答复" in browse(LEARNER, "/question-reports/mine")


def test_the_pages_of_the_trainer_have_something_to_do(browse):
    for url, words in (
        ("/", "2道题有纠错等答复"),
        ("/question-reports", "daily-d9-015"),
        (CHANGE, "rules-returns-008"),
        (f"{CHANGE}/retests", "人要重考，还没有安排"),
        (f"{CHANGE}/retests/conversion-rules", "建立重考场次"),
        ("/near-duplicates", "1对题很相似"),
        ("/question-imports", "售后周测题.csv"),
    ):
        assert words in browse(TRAINER, url), url
    assert "1份稿件等审核" in browse(HEAD, "/question-drafts")
