"""Drafts on their pages: handed in, taken back, accepted by another person, sent back; many at once."""

from __future__ import annotations

import re

import pytest

from tests.counting import counted
from tests.factories.people import make_person
from tests.questions.authoring.makers import (
    BANK,
    KINDS,
    draft_row,
    in_review,
    in_use,
    make_bank,
    make_draft,
    trainer,
    whole,
    writing,
)


@pytest.fixture
def writer(app):
    """A trainer with a bank of their own."""
    with app.app_context():
        make_bank()
        return trainer()


@pytest.fixture
def reviewer(app, writer):
    """A supervisor."""
    with app.app_context():
        return make_person("谢宁", roles=["supervisor"])


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def state(app, draft: int) -> str:
    with app.app_context():
        return draft_row(draft).state


def test_a_question_goes_from_its_writer_to_another_person_and_into_use(
    app, client, writer, reviewer
) -> None:
    with app.app_context():
        draft = make_draft(writer, writing(tags=("发货",)))
    url = f"/question-drafts/{draft}"
    client.log_in_as(writer)
    assert "own-0001可以交审了" in text(client.get(url))
    client.post(f"{url}/submit")
    page = text(client.get(url))
    assert "等审核" in page and "你写过这一题" in page
    client.post(f"{url}/accept", status=403)
    assert client.get(f"{url}/edit", status=302) is not None
    client.log_in_as(reviewer)
    page = text(client.get(url))
    assert "请审核own-0001" in page and "正确答案" in page
    answer = client.post(f"{url}/accept")
    assert answer.location.endswith(f"/banks/{BANK}/own-0001")
    assert state(app, draft) == "accepted"
    page = text(client.get(answer.location))
    assert "周明写，谢宁审" in page and "发货" in page
    assert "已通过" in text(client.get(url))
    client.post(f"{url}/accept", status=409)


def test_after_a_decision_the_next_draft_that_one_may_decide_is_there(app, client, writer, reviewer) -> None:
    with app.app_context():
        first, second, third = (in_review(writer) for _ in range(3))
        in_review(reviewer)
    client.log_in_as(reviewer)
    assert client.post(f"/question-drafts/{first}/accept").location.endswith(f"/question-drafts/{second}")
    answer = client.post(f"/question-drafts/{second}/return", {"reason": "再短一些"})
    assert answer.location.endswith(f"/question-drafts/{third}")
    answer = client.post(f"/question-drafts/{third}/return", {"reason": "再短一些"})
    assert answer.location.endswith("/question-drafts"), "one's own is for somebody else"


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_can_be_reviewed_and_then_read_in_its_bank(app, client, writer, reviewer, kind) -> None:
    with app.app_context():
        draft = in_review(writer, writing(kind))
    client.log_in_as(reviewer)
    page = client.get(f"/question-drafts/{draft}")
    assert "data-preview" in page and "通过，放进题库" in page
    client.post(f"/question-drafts/{draft}/accept")
    client.get(f"/banks/{BANK}/own-0001")


def test_a_question_is_sent_back_with_a_reason_and_handed_in_again(app, client, writer, reviewer) -> None:
    with app.app_context():
        draft = in_review(writer)
    url = f"/question-drafts/{draft}"
    client.log_in_as(reviewer)
    refused = client.post(f"{url}/return", {"reason": " "}, status=422).text
    assert "请填写这一项" in refused
    assert 'href="#reason-return"' in refused and 'id="reason-return-error"' in refused
    client.post(f"{url}/return", {"reason": "选项C太长，一眼看得出。"})
    client.log_in_as(writer)
    assert "1份稿件退给了我" in text(client.get("/question-drafts?tab=returned"))
    assert "选项C太长" in client.get(url) and "选项C太长" in client.get(f"{url}/edit")
    client.post(f"{url}/submit")
    client.post(f"{url}/take-back")
    assert state(app, draft) == "draft"
    client.post(f"{url}/take-back", status=409)
    assert "请填写这一项" in client.post(f"{url}/drop", {"reason": ""}, status=422).text
    client.post(f"{url}/drop", {"reason": "重复了"})
    assert "已作废" in client.get(url)
    client.get(f"/banks/{BANK}/own-0001", status=404)


def test_a_new_wording_shows_what_is_changed_field_by_field(app, client, writer, reviewer) -> None:
    with app.app_context():
        in_use(writer, reviewer)
    client.log_in_as(writer)
    answer = client.post(f"/banks/{BANK}/own-0001/revise")
    again = client.post(f"/banks/{BANK}/own-0001/revise", audited=False)
    assert again.location == answer.location, "an open draft is gone on with"
    form = {"stem": "顾客问什么时候能发货，怎么答？", "topic": "general", "revision": "1", "difficulty": "3"}
    for token, words in enumerate(["甲方案", "乙办法", "丙方案", "丁方案"]):
        form |= {f"options-{token}-text": words}
    sent = {**form, "options": ["0", "1", "2", "3"], "options-right": "2", "note": "规则改了"}
    client.post(answer.location, {**sent, "act": "done"})
    page = client.get(answer.location.removesuffix("/edit"))
    assert "<ins>能</ins>" in page and "<del>乙方案</del><ins>乙办法</ins>" in page
    assert "<del>B</del><ins>C</ins>" in page and "难度" in page
    assert "和第1版比，改了什么" in text(page) and "通过后是第2版" in text(page)
    client.get(f"/banks/{BANK}/own-0001")


def test_two_versions_of_a_question_can_be_compared_without_their_keys(app, client, writer, reviewer) -> None:
    from cstrain.questions.authoring import service
    from cstrain.questions.authoring.facts import Writing
    from cstrain.unit_of_work import unit_of_work
    from tests.conftest import START

    with app.app_context():
        in_use(writer, reviewer)
        for number in (2, 3):
            with unit_of_work():
                draft = service.revise(BANK, "own-0001", writer, START)
                fields = whole(stem=f"第{number}种问法？", answer=["CD"[number - 2]], explanation="秘密")
                service.save(draft.id, 1, Writing(fields, "general"), writer, START)
                service.submit(draft.id, writer, START)
                service.accept([draft.id], reviewer, START)
    client.log_in_as(writer)
    page = client.get(f"/banks/{BANK}/own-0001")
    assert "第3版和第2版比" in text(page) and "<del>2</del><ins>3</ins>" in page
    assert "秘密" not in page and "正确答案" not in page and "在查看答案后显示" in page
    first = client.get(f"/banks/{BANK}/own-0001?older=1&newer=3")
    assert "第3版和第1版比" in text(first)
    client.get(f"/banks/{BANK}/own-0001?older=x&newer=77")
    shown = client.post(f"/banks/{BANK}/own-0001/key?older=1&newer=3", status=200).text
    assert "<del>B</del><ins>D</ins>" in shown


def test_many_drafts_are_accepted_at_once_but_never_ones_own(app, client, writer, reviewer) -> None:
    with app.app_context():
        drafts = [in_review(writer, writing(stem=f"第{each}道题怎么答？")) for each in range(3)]
        mine = in_review(trainer("韩雪"))
    client.log_in_as(writer)
    page = client.get("/question-drafts")
    assert page.count('name="drafts"') == 1, "only what somebody else wrote can be ticked"
    assert (
        "写过的题" in client.post("/question-drafts/accept", {"drafts": [drafts[0], mine]}, status=422).text
    )
    assert state(app, mine) == "review", "all or none"
    client.log_in_as(reviewer)
    assert "请勾选" in client.post("/question-drafts/accept", {}, status=422).text
    assert "请勾选" in client.post("/question-drafts/accept", {"drafts": ["x", "-1"]}, status=422).text
    client.post("/question-drafts/accept", {"drafts": [*drafts, mine]})
    assert {state(app, each) for each in (*drafts, mine)} == {"accepted"}
    assert "没有这样的稿件" in client.get("/question-drafts")


def test_the_list_is_paged_and_narrowed_and_asks_the_same_however_long(app, client, writer, reviewer) -> None:
    with app.app_context():
        in_review(writer)
    client.log_in_as(reviewer)
    client.get("/question-drafts")
    with counted(app) as few:
        client.get("/question-drafts")
    with app.app_context():
        for each in range(55):
            in_review(writer, writing(stem=f"第{each}道题怎么答？"))
    with counted(app) as many:
        page = client.get("/question-drafts")
    assert len(few) == len(many)
    assert page.count('<th scope="row"') == 50 and "page=2" in page
    assert "6" in client.get("/question-drafts?page=2")
    for query in (
        "bank=own",
        "bank=nowhere",
        "tab=all",
        "tab=mine",
        "tab=x",
        "batch=7",
        "page=9999",
        "page=x",
    ):
        client.get(f"/question-drafts?{query}")


def test_a_question_without_a_version_leads_to_its_draft(app, client, writer) -> None:
    with app.app_context():
        draft = make_draft(writer)
    answer = client.log_in_as(writer).raw.get(f"/banks/{BANK}/own-0001")
    assert answer.status_code == 302 and answer.location.endswith(f"/question-drafts/{draft}")


def test_questions_are_retired_restored_and_talked_about(app, client, writer, reviewer) -> None:
    with app.app_context():
        in_use(writer, reviewer)
    url = f"/banks/{BANK}/own-0001"
    client.log_in_as(writer)
    assert "请填写这一项" in client.post(f"{url}/retire", {"reason": ""}, status=422).text
    client.post(f"{url}/retire", {"reason": "规则废止"})
    assert "不再抽用" in client.get(url)
    assert "已经停用" in client.post(f"{url}/retire", {"reason": "再来"}, status=422).text
    client.post(f"{url}/restore", {"reason": "又恢复了"})
    assert "请填写这一项" in client.post(f"{url}/comment", {"text": ""}, status=422).text
    client.log_in_as(reviewer).post(f"{url}/comment", {"text": "<b>选项B</b>再想想"})
    page = client.get(url)
    assert "&lt;b&gt;选项B" in page and "谢宁" in page
    history = text(page)
    assert all(word in history for word in ("通过审核", "停用", "恢复使用", "规则废止"))
    client.post(f"{url}/retire", {"reason": "x"}, status=403)
    client.post("/banks/own/nowhere/comment", {"text": "x"}, status=404)


def test_similar_questions_of_the_bank_are_named(app, client, writer, reviewer) -> None:
    with app.app_context():
        in_use(writer, reviewer)
        draft = in_review(writer, writing(stem="顾客问什么时候发货，怎么回答？"))
    page = text(client.log_in_as(reviewer).get(f"/question-drafts/{draft}"))
    assert "题库里相似的题" in page and "own-0001" in page


def test_people_without_the_permission_see_no_drafts(app, client, writer) -> None:
    with app.app_context():
        draft = make_draft(writer)
        agent, auditor = make_person(), make_person("孙立", roles=["auditor"])
    for person in (agent, auditor):
        client.log_in_as(person)
        client.get("/question-drafts", status=403)
        client.get(f"/question-drafts/{draft}", status=403)
        client.post(f"/question-drafts/{draft}/accept", status=403)
    client.get("/question-drafts/99", status=403)


def test_homes_say_what_waits(app, client, writer, reviewer) -> None:
    with app.app_context():
        draft = in_review(writer)
    assert "1道新写的题等审核" in text(client.log_in_as(reviewer).get("/"))
    assert "等审核" not in text(client.log_in_as(writer).get("/")).replace("等审核的", "")
    client.log_in_as(reviewer).post(f"/question-drafts/{draft}/return", {"reason": "再短一些"})
    assert "1道题退回给你修改" in text(client.log_in_as(writer).get("/"))
