"""Pages of results: own scores and explanations, the desk, appeals; each act by the right second person."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from cstrain.exams.models import Attempt
from cstrain.grading import queries
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

DAY = timedelta(days=1)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def people(app):
    with app.app_context():
        roles = {"hr": ["hr"], "second": ["hr"], "trainer": ["trainer"], "other": ["trainer"], "gm": ["gm"]}
        found = {"person": make_person("林晓雯"), "mate": make_person("周子昂")}
        return found | {name: make_person(name, roles=held) for name, held in roles.items()}


@pytest.fixture
def attempt(app, people):
    with app.app_context():
        made = make.make_attempt(people["person"])
        make.answer_right(people["person"], made, range(1, 9))
        make.submit(people["person"], made)
        return made


@pytest.fixture
def released(client, people, attempt):
    for who, act in (("hr", "propose"), ("second", "confirm")):
        client.log_in_as(people[who]).post("/grading/release", {"attempt": [attempt], "act": act})
    return attempt


def test_without_results_the_page_says_when_there_will_be_some(client, people) -> None:
    client.log_in_as(people["person"])
    assert "还没有发布的成绩" in client.get("/scores")
    assert "没有要办的事" in client.log_in_as(people["trainer"]).get("/grading")


def test_before_release_the_candidate_sees_that_it_is_waited_for(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    assert "还有1份答卷在等成绩发布" in plain(client.get("/scores"))
    page = plain(client.get(f"/results/{attempt}"))
    assert "成绩还没有发布" in page and "80.0" not in page
    client.post(f"/results/{attempt}/appeal", {"slot": "1", "reason": "x"}, status=404)


def test_release_takes_two_persons_at_the_desk(client, people, attempt) -> None:
    client.log_in_as(people["hr"])
    client.post("/grading/release", {"act": "propose"}, status=422)
    client.post("/grading/release", {"attempt": [attempt], "act": "confirm"}, status=422)
    client.post("/grading/release", {"attempt": [attempt], "act": "propose"})
    page = client.get("/grading")
    assert "你提出的" in page and "这些都是你提出的，要由另一个人来确认" in page
    assert "没有要你办的事，1件在等别人" in plain(page) and 'value="confirm"' not in page
    client.post("/grading/release", {"attempt": [attempt], "act": "confirm"}, status=422)
    page = client.log_in_as(people["second"]).get("/grading")
    assert "有1件事要办" in plain(page) and 'value="confirm"' in page
    client.post("/grading/release", {"attempt": [attempt], "act": "confirm"})
    assert "80.0分，过线" in plain(client.log_in_as(people["person"]).get(f"/results/{attempt}"))


def test_nobody_sees_or_releases_their_own_at_the_desk(app, client, people) -> None:
    with app.app_context():
        own = make.make_attempt(people["trainer"])
        make.submit(people["trainer"], own)
    client.log_in_as(people["trainer"])
    assert "没有要办的事" in client.get("/grading")
    client.post("/grading/release", {"attempt": [own], "act": "propose"}, status=404)


def test_of_several_proposals_only_others_can_be_chosen(app, client, people, attempt) -> None:
    with app.app_context():
        mates = make.make_attempt(people["mate"], make.make_sitting([people["mate"]]))
        make.submit(people["mate"], mates)
    client.log_in_as(people["hr"]).post("/grading/release", {"attempt": [attempt], "act": "propose"})
    client.log_in_as(people["second"]).post("/grading/release", {"attempt": [mates], "act": "propose"})
    page = client.get("/grading")
    assert 'value="confirm"' in page and "你提出的" in page
    assert f'name="attempt" value="{attempt}"' in page and f'name="attempt" value="{mates}"' not in page


def test_who_took_part_is_not_asked_to_answer_an_appeal(client, people, released) -> None:
    client.log_in_as(people["person"]).post(f"/results/{released}/appeal", {"slot": "1", "reason": "课文"})
    page = plain(client.log_in_as(people["hr"]).get("/grading"))
    assert "要由别人答复" in page and "没有要你办的事，1件在等别人" in page
    assert "成绩申诉等答复" not in client.get("/")
    page = plain(client.log_in_as(people["trainer"]).get("/grading"))
    assert "要由别人答复" not in page and "有1件事要办" in page
    assert "1个成绩申诉等答复" in plain(client.get("/"))


def test_a_released_result_explains_every_question(client, people, released) -> None:
    client.log_in_as(people["person"])
    page = client.get(f"/results/{released}")
    assert page.count(f"{make.CANARY}-explanation") == 10 and "标准答案" in page and "未作答" in page
    assert "1次成绩，1次过线" in plain(client.get("/scores"))


def test_a_source_leads_to_its_lesson_heading(app, client, people, tmp_path) -> None:
    from tests.factories.lessons import load_pages

    with app.app_context():
        load_pages(tmp_path)
        make.make_bank()
        from cstrain.questions.models import QuestionVersion

        with unit_of_work() as db:
            db.query(QuestionVersion).update({"source": "rules-orders#查订单"})
        made = make.make_attempt(
            people["person"], make.make_sitting([people["person"]], make.make_paper(release="auto"))
        )
        make.submit(people["person"], made)
    page = client.log_in_as(people["person"]).get(f"/results/{made}")
    link = re.search(r'href="(/lessons/[^"]+)#([^"]+)"', page)
    assert link and f'id="{unquote(link.group(2))}"' in client.get(link.group(1))


def test_who_may_see_scores_sees_the_result_and_others_do_not(client, people, released) -> None:
    assert "林晓雯" in client.log_in_as(people["gm"]).get(f"/results/{released}")
    client.log_in_as(people["mate"]).get(f"/results/{released}", status=404)
    client.get(f"/results/{released}/appeal", status=404)
    client.post(f"/results/{released}/appeal", {"slot": "1", "reason": "x"}, status=404)
    client.get("/grading", status=403)
    client.get("/appeals/1", status=403)


def test_an_appeal_from_filing_to_a_changed_mark(app, client, people, released) -> None:
    client.log_in_as(people["person"])
    page = client.get(f"/results/{released}")
    assert "11月24日" in plain(page) and f'href="/results/{released}/appeal"' in page
    form = client.get(f"/results/{released}/appeal")
    assert "11月24日" in plain(form) and "第9题" in form and "整份答卷" in form
    kept = client.post(f"/results/{released}/appeal", {"slot": "9", "reason": ""}, status=422).text
    assert 'value="9" selected' in kept or 'selected value="9"' in kept
    client.post(f"/results/{released}/appeal", {"slot": "9", "reason": "手册里写的是两天。"})
    page = plain(client.get(f"/results/{released}"))
    assert "等待答复" in page and "去申诉" not in page
    client.get(f"/results/{released}/appeal", status=302)
    client.post(f"/results/{released}/appeal", {"slot": "", "reason": "再一次"}, status=422)
    with app.app_context():
        (appeal,) = queries.appeals(state="open")
    client.log_in_as(people["hr"])
    assert "要由别人来决定" in client.get(f"/appeals/{appeal.id}")
    client.post(f"/appeals/{appeal.id}/decide", {"upheld": "yes", "decision": "对"}, status=422)
    client.log_in_as(people["trainer"])
    assert "等待答复的申诉" in client.get("/grading")
    page = plain(client.get(f"/appeals/{appeal.id}"))
    assert "手册里写的是两天" in page and "交卷" in page and f"{make.CANARY}-explanation" in page
    client.post(f"/appeals/{appeal.id}/decide", {"decision": "对"}, status=422)
    client.post(f"/appeals/{appeal.id}/decide", {"upheld": "yes", "decision": "第9题的答案也对。"})
    url = f"/appeals/{appeal.id}/change"
    for bad in ({"earned": "ten"}, {"earned": "NaN"}, {"earned": "11"}, {"earned": "1.0001"}, {"slot": "99"}):
        client.post(url, {"slot": "9", "earned": "10", "reason": "x", **bad}, status=422)
    client.post(url, {"slot": "9", "earned": "10", "reason": "手册第二节"})
    with app.app_context():
        (change,) = queries.open_changes()
    assert "撤回改分" in client.get("/grading")
    client.post(f"/mark-changes/{change.id}", {"agreed": "1"}, status=403)
    client.log_in_as(people["other"])
    assert "手册第二节" in client.get("/grading")
    client.post(f"/mark-changes/{change.id}", {"agreed": "1"})
    page = plain(client.log_in_as(people["person"]).get(f"/results/{released}"))
    assert "90.0分，过线" in page and "成绩有过更正" in page and "第9题的答案也对。" in page


def test_a_change_is_turned_down(app, client, people, released) -> None:
    client.log_in_as(people["person"]).post(
        f"/results/{released}/appeal", {"slot": "", "reason": "整份都看看"}
    )
    client.log_in_as(people["trainer"])
    client.post("/appeals/1/change", {"slot": "9", "earned": "0", "reason": "试试"})
    client.log_in_as(people["other"]).post("/mark-changes/1", {"agreed": "0"})
    client.post("/mark-changes/1", {"agreed": "1"}, status=409)
    client.post("/mark-changes/99", {"agreed": "1"}, status=404)


def test_after_the_period_the_form_is_gone(client, people, released, clock) -> None:
    clock.move(5 * DAY)
    client.log_in_as(people["person"])
    page = plain(client.get(f"/results/{released}"))
    assert "已经过了" in page and "去申诉" not in page
    client.get(f"/results/{released}/appeal", status=302)
    client.post(f"/results/{released}/appeal", {"slot": "9", "reason": "晚了"}, status=422)


def test_nobody_decides_their_own_appeal(app, client, people) -> None:
    with app.app_context():
        own = make.make_attempt(people["trainer"], release="auto")
        make.submit(people["trainer"], own)
    client.log_in_as(people["trainer"]).post(f"/results/{own}/appeal", {"slot": "9", "reason": "应该算对"})
    client.get("/appeals/1", status=404)
    client.post("/appeals/1/decide", {"upheld": "yes", "decision": "对"}, status=404)
    client.post("/appeals/1/change", {"slot": "9", "earned": "10", "reason": "对"}, status=404)


def test_the_best_of_each_quiz_is_shown_with_the_pass_line(app, client, people) -> None:
    from cstrain.exams import service

    with app.app_context():
        make.make_bank()
        make.make_paper("tiny-quiz", title="第1天小测", kind="quiz", release="auto")
        with unit_of_work():
            quiz = service.ensure_quiz(
                START, paper_ref="tiny-quiz", subject="s", person=people["person"], opens_at=START,
                closes_at=START + DAY,
            )  # fmt: skip
        for right in (range(1, 10), range(1, 4)):
            made = make.make_attempt(people["person"], quiz)
            make.answer_right(people["person"], made, right)
            make.submit(people["person"], made)
    page = plain(client.log_in_as(people["person"]).get("/scores"))
    assert "2次成绩，1次过线" in page and page.index("90.0") < page.index("全部答卷") and "30.0" in page


def test_a_voided_attempt_is_shown_as_such(app, client, people, attempt) -> None:
    with app.app_context(), unit_of_work() as db:
        db.get_one(Attempt, attempt).voided_at = START
    client.log_in_as(people["person"])
    assert "已作废" in client.get("/scores") and "已作废" in client.get(f"/results/{attempt}")
