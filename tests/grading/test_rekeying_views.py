"""Pages of re-keying: from the question to the second person; keys are seen on demand and recorded."""

from __future__ import annotations

import re

import pytest

from cstrain.audit.models import AuditEntry
from cstrain.grading.models import Result
from cstrain.questions.models import KeyRevision
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.analysis import make_results
from tests.factories.people import make_person


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def people(app):
    with app.app_context():
        roles = {"trainer": ["trainer"], "other": ["trainer"], "manager": ["hr_manager"], "clerk": ["hr"]}
        found = {"person": make_person("林晓雯")}
        return found | {name: make_person(name, roles=held) for name, held in roles.items()}


@pytest.fixture
def attempt(app, people):
    with app.app_context():
        made = make.make_attempt(people["person"])
        make.answer_right(people["person"], made, range(1, 9))
        make.submit(people["person"], made)
        return made


@pytest.fixture
def versions(app, attempt):
    """The version of the first question of each type that the attempt was asked."""
    from cstrain.exams.queries import markable_slots
    from cstrain.questions.queries import keyed_versions

    with app.app_context():
        ids = [slot.version_id for slot in markable_slots(attempt)]
        found = keyed_versions(ids)
        return {found[each].type: each for each in reversed(ids)}


WORDS = {"explanation": "乙才对。", "reason": "课文改了"}


def proposed(client, people, version: int, **form: object) -> int:
    client.log_in_as(people["trainer"]).post(f"/rekeyings/of/{version}", {**WORDS, **form})
    page = client.get("/rekeyings")
    return int(re.findall(r"/rekeyings/(\d+)", page)[0])


def test_the_list_says_what_it_is_for_while_it_is_empty(client, people) -> None:
    assert "还没有更正过答案" in client.log_in_as(people["trainer"]).get("/rekeyings")
    assert "答案更正" in client.get("/grading")


def test_only_who_may_correct_keys_sees_the_pages(client, people, versions) -> None:
    client.log_in_as(people["clerk"])
    client.get("/rekeyings", status=403)
    client.post(f"/rekeyings/of/{versions['number']}/begin", status=403)
    client.post(f"/rekeyings/of/{versions['number']}", {}, status=403)
    client.log_in_as(people["trainer"])
    client.post("/rekeyings/of/999999/begin", status=404)
    client.get("/rekeyings/999999", status=404)
    client.post("/rekeyings/999999", {"agreed": "1"}, status=404)


def test_the_key_is_shown_on_demand_and_who_looked_is_recorded(app, client, people, versions) -> None:
    client.log_in_as(people["trainer"])
    page = plain(client.post(f"/rekeyings/of/{versions['single_choice']}/begin", status=200).text)
    assert "现在的答案" in page and "这次查看已记入审计日志" in page and "为什么没有" in page
    with app.app_context():
        from cstrain.extensions import session

        seen = session().query(AuditEntry).filter_by(action="question.key_seen").count()
    assert seen == 1


@pytest.mark.parametrize("kind", ["multiple_choice", "true_false", "number", "fill_in"])
def test_every_kind_of_key_has_its_form(client, people, versions, kind) -> None:
    client.log_in_as(people["trainer"])
    page = client.post(f"/rekeyings/of/{versions[kind]}/begin", status=200).text
    name = {"multiple_choice": "right", "true_false": "answer"}.get(kind, "key_text")
    assert f'name="{name}"' in page


def test_what_is_refused_keeps_what_was_typed_and_shows_no_key(client, people, versions) -> None:
    client.log_in_as(people["trainer"])
    page = client.post(
        f"/rekeyings/of/{versions['number']}",
        {"kind": "key", "key_text": "answer: [", "explanation": "", "reason": "课文改了很多"},
        status=422,
    ).text
    assert "课文改了很多" in page and "answer: [" in page
    assert "第2行：" in plain(page) and "现在的答案" not in page
    page = client.post(
        f"/rekeyings/of/{versions['number']}", {"kind": "key", "key_text": "一句话", **WORDS}, status=422
    ).text
    assert "要和原来的格式一样" in page
    page = client.post(f"/rekeyings/of/{versions['true_false']}", {"kind": "key", **WORDS}, status=422).text
    assert "请选择一项" in page
    page = client.post(
        f"/rekeyings/of/{versions['single_choice']}", {"kind": "key", "right": ["0"], **WORDS}, status=422
    ).text
    assert "和现在的答案一样" in page


def test_from_the_proposal_to_the_second_person(app, client, people, attempt, versions) -> None:
    made = proposed(client, people, versions["single_choice"], kind="key", right=["1"])
    page = plain(client.get(f"/rekeyings/{made}"))
    assert "1份成绩会变，1人过线与否会变" in page and "80.0 → 70.0" in page and "变为不过线" in page
    assert "原来的答案" not in page and "你提出的，要由另一个人确认" in page
    assert "确认更正" not in plain(client.post(f"/rekeyings/{made}/keys", status=200).text)
    page = client.post(f"/rekeyings/{made}", {"agreed": "1"}, status=422).text
    assert "由另一个人确认" in page
    client.log_in_as(people["manager"])
    assert "1个等你确认" in plain(client.get("/grading"))
    assert "先查看新旧答案" in client.get(f"/rekeyings/{made}")
    page = client.post(f"/rekeyings/{made}/keys", status=200).text
    assert "原来的答案" in page and "确认更正，重新阅卷" in page
    client.post(f"/rekeyings/{made}", {"agreed": "1"})
    page = plain(client.get(f"/rekeyings/{made}"))
    assert "更正已生效，1份成绩有变动" in page and "80.0 → 70.0" in page
    assert "已生效" in client.get("/rekeyings")
    with app.app_context():
        from cstrain.extensions import session

        assert session().query(Result).filter_by(attempt_id=attempt).count() == 2
    page = client.post(f"/rekeyings/{made}", {"agreed": "1"}, status=422).text
    assert "已经处理过" in page


def test_a_trainers_home_says_that_somebody_waits(client, people, versions) -> None:
    proposed(client, people, versions["number"], kind="credit")
    assert "答案更正等第二个人确认" not in client.get("/")
    assert "1个答案更正等第二个人确认" in plain(client.log_in_as(people["other"]).get("/"))


def test_credit_and_taking_it_back(app, client, people, versions) -> None:
    made = proposed(client, people, versions["number"], kind="credit")
    assert "都给满分" in client.get(f"/rekeyings/{made}")
    client.post(f"/rekeyings/{made}", {"agreed": "0"})
    assert "已退回" in client.get("/rekeyings")
    assert "更正已退回" in client.get(f"/rekeyings/{made}")
    with app.app_context():
        from cstrain.extensions import session

        assert session().query(KeyRevision).count() == 0


def test_who_was_asked_the_question_cannot_decide(app, client, people, versions) -> None:
    made = proposed(client, people, versions["single_choice"], kind="key", right=["1"])
    with app.app_context():
        from tests.factories.people import make_role

        make_role(people["person"], "trainer")
    page = client.log_in_as(people["person"]).get(f"/rekeyings/{made}")
    assert "你考过这道题" in page and "agreed" not in page
    client.post(f"/rekeyings/{made}", {"agreed": "1"}, status=422)
    client.post(f"/rekeyings/{made}", {"agreed": "0"}, status=422)


def test_a_trainee_who_is_to_sit_with_it_sees_no_key(app, client, people, versions) -> None:
    with app.app_context():
        own = make_person("新人", roles=["trainer"], status="probation")
    made = proposed(client, people, versions["number"], kind="credit")
    client.log_in_as(own)
    client.post(f"/rekeyings/of/{versions['number']}/begin", status=403)
    client.post(f"/rekeyings/{made}/keys", status=403)


def test_many_attempts_are_paged_and_read_in_as_many_queries(app, client, people) -> None:
    with app.app_context():
        make.make_bank()
        make.make_paper()
        make_results(55)
        from cstrain.exams.models import AttemptQuestion
        from cstrain.extensions import session
        from cstrain.questions.queries import keyed_versions

        ids = {row.version_id for row in session().query(AttemptQuestion)}
        version = next(key for key, each in keyed_versions(ids).items() if each.type == "number")
    made = proposed(client, people, version, kind="credit")
    client.get(f"/rekeyings/{made}")  # what versions say is read once
    with counted(app) as few:
        page = client.get(f"/rekeyings/{made}")
    assert "第1页，共2页" in plain(page) and page.count('<tr role="row">') <= 52
    with app.app_context():
        make_results(10, seed=1)
    with counted(app) as many:
        assert "共2页" in plain(client.get(f"/rekeyings/{made}?page=2"))
    assert len(few) == len(many) <= 20


def test_a_question_page_of_analysis_leads_here(client, people, versions) -> None:
    page = client.log_in_as(people["trainer"]).get(f"/analysis/questions/{versions['number']}")
    assert f"/rekeyings/of/{versions['number']}/begin" in page


def test_an_appeal_leads_here(client, people, attempt) -> None:
    for who, act in (("clerk", "propose"), ("manager", "confirm")):
        client.log_in_as(people[who]).post("/grading/release", {"attempt": [attempt], "act": act})
    client.log_in_as(people["person"]).post(f"/results/{attempt}/appeal", {"slot": "1", "reason": "课文"})
    page = client.log_in_as(people["trainer"]).get("/appeals/1")
    assert "更正这道题的答案" in page and f"/results/{attempt}/evidence" in page


def test_a_corrected_result_says_why(client, people, attempt, versions) -> None:
    for who, act in (("clerk", "propose"), ("manager", "confirm")):
        client.log_in_as(people[who]).post("/grading/release", {"attempt": [attempt], "act": act})
    made = proposed(client, people, versions["single_choice"], kind="key", right=["1"])
    client.log_in_as(people["manager"]).post(f"/rekeyings/{made}", {"agreed": "1"})
    page = plain(client.log_in_as(people["person"]).get(f"/results/{attempt}"))
    assert "70.0分，未过线" in page and "答案更正" in page and "乙才对。" in page
