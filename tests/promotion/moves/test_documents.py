"""The papers of moves: they fill themselves, print as PDF, and go to nobody whom they do not concern."""

from __future__ import annotations

from datetime import date

import pytest

from cstrain.promotion.moves import service
from cstrain.unit_of_work import unit_of_work
from tests.factories import moves as make
from tests.factories.moves import at
from tests.papers import data_seen, words_of

FORM = "/moves/1/form.pdf"
CHOICE = "/successions/1/choices/1"
CLOSES = date(2026, 11, 30)


@pytest.fixture
def cast(app):
    with app.app_context():
        return make.make_cast()


@pytest.fixture
def papers(monkeypatch):
    """Every datum that goes to a template, in order."""
    from cstrain.promotion.moves import documents

    return data_seen(monkeypatch, documents)


def test_a_request_to_skip_a_level_prints_with_its_conditions_and_every_word(app, client, cast, papers):
    with app.app_context():
        case = make.skip(cast)
        make.take(cast, case, "hr", "assess")
    said = words_of(client.log_in_as(cast["agent"]).download(FORM))
    for word in ("越级申请表", "周敏", "连续三个季度带出两位新人", "人力资源部评估", "看过材料", "办理中"):
        assert word in said
    paper = papers[-1]
    assert paper["title"] == "越级申请表" and paper["number"] == "YJ-2026-0001"
    assert ["现级别", "初级客服"] in paper["head"] and ["申请级别", "高级客服"] in paper["head"]
    assert "授权：" in paper["basis"] and paper["signs"] == "提出人唐志远"
    assert len(paper["conditions"]) > 1 and paper["conditions"][0][2] in {"满足", "未满足", "待确认"}
    assert paper["opinions"] == [
        ["人力资源部评估", "同意", "看过材料。", "何静", "2026年11月20日"],
        ["评审", "", "", "", ""],
        ["授权", "", "", "", ""],
    ]
    for who in ("senior", "brand"):
        client.log_in_as(cast[who]).get(FORM, 404)
    client.get("/moves/99/form.pdf", 404)


def test_a_transfer_prints_with_both_opinions_its_day_and_an_appeal(app, client, cast, papers):
    with app.app_context():
        case = make.transfer(cast)
        make.take(cast, case, "supervisor", "release")
        make.take(cast, case, "keeper", "receive", agreed=False)
        with unit_of_work():
            service.appeal(cast["agent"], at(), case, "没有说明理由。")
        with unit_of_work():
            service.answer_appeal(cast["office"], at(), case, "理由没有写明。", granted=True)
    said = words_of(client.log_in_as(cast["hr"]).download(FORM))
    assert "想做品牌" in said and "没有说明理由" in said and "理由没有写明" in said
    paper = papers[-1]
    assert paper["title"] == "调岗申请表" and ["要去的部门", "仓储部"] in paper["head"]
    assert paper["signs"] == "本人承诺" and paper["conditions"] == []
    rows = [(row[0], row[1]) for row in paper["opinions"]]
    assert rows[:2] == [("现部门意见", "同意"), ("接收部门意见", "不同意")]
    assert rows[-2:] == [("本人申诉", ""), ("申诉答复", "成立")]
    with app.app_context():
        make.initial(cast)
    client.log_in_as(cast["hr"]).get("/moves/2/form.pdf", 404)


def test_a_successions_papers_go_out_step_by_step(app, client, clock, cast, papers):
    with app.app_context():
        make.chosen(cast)
    client.log_in_as(cast["director"])
    said = words_of(client.download(f"{CHOICE}/decision.pdf"))
    assert "主管接任决定表" in said and "综合能力最强" in said and "韩冬（高级" in said
    paper = papers[-1]
    assert [row[1] for row in paper["ranking"]] and paper["state"] == "等确认"
    assert paper["opinions"][0][2:4] == ["综合能力最强。", "姜海涛"]
    client.get(f"{CHOICE}/notice.pdf", 404)
    client.get("/successions/1/choices/9/decision.pdf", 404)
    client.log_in_as(cast["agent"]).get(f"{CHOICE}/decision.pdf", 404)
    with app.app_context(), unit_of_work():
        service.second(cast["hr"], at(), 1, "", agreed=True)
    client.log_in_as(cast["agent"])
    client.get(f"{CHOICE}/decision.pdf", 404)
    client.get(f"{CHOICE}/appointment.pdf", 404)
    assert "主管接任公示" in words_of(client.download(f"{CHOICE}/notice.pdf"))
    assert ["拟任", "售前客服一部客服主管"] in papers[-1]["rows"]
    assert "综合能力最强" not in str(papers[-1])
    assert f"{CHOICE}/notice.pdf" in client.get("/successions/1")
    client.log_in_as(cast["senior"]).get(f"{CHOICE}/decision.pdf", 404)
    with app.app_context(), unit_of_work():
        service.close_notice(cast["hr"], at(CLOSES), 1)
    clock.set(at(CLOSES))
    client.log_in_as(cast["agent"])
    assert f"{CHOICE}/appointment.pdf" in client.get("/successions/1")
    assert "任命通知" in words_of(client.download(f"{CHOICE}/appointment.pdf"))
    assert ["生效日", "2026年12月10日"] in papers[-1]["rows"]
    assert "2026年11月20日至2026年11月26日" in papers[-1]["text"]
