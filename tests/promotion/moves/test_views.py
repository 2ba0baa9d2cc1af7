"""Pages of moves: what each person sees and may do, refusals, lists."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cstrain.people import queries as people
from cstrain.promotion.moves import queries, service
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import moves as make
from tests.factories.moves import DAY, at
from tests.factories.people import make_person


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def cast(app):
    with app.app_context():
        return make.make_cast()


@pytest.fixture
def run(app):
    """Call a step of the factory within the application."""

    def call(step, *values, **named):
        with app.app_context():
            return step(*values, **named)

    return call


def test_the_start_page_is_empty_and_says_what_comes(client, cast) -> None:
    client.log_in_as(cast["agent"])
    page = client.get("/moves")
    assert "没有等你办的调动" in page and "还没有调动的事" in page and "发布岗位" not in page
    client.get("/moves/all", 403)
    client.get("/moves/courses", 403)
    client.get("/moves/skip/propose", 403)


def test_somebody_asks_to_skip_a_level_and_sees_the_conditions(client, cast) -> None:
    client.log_in_as(cast["agent"])
    assert "突出贡献" in client.get("/moves/skip/new")
    client.post("/moves/skip/new", {"reason": ""}, 422)
    client.post("/moves/skip/new", {"reason": "带出两位新人。"})
    page = plain(client.get("/moves/1"))
    assert "周敏的越级申请在等：人力资源部评估" in page and "高级客服" in page and "由总经理授权" in page
    assert "撤回申请" in page
    refused = client.post("/moves/skip/new", {"reason": "再来一次。"}, 422).text
    assert "没有办完" in refused and "再来一次。" in refused
    client.post("/moves/1/withdraw")
    assert "本人撤回" in client.get("/moves/1")


def test_who_cannot_ask_hears_why_before_they_write(app, client, cast) -> None:
    with app.app_context():
        make.post(cast)
    for who, why in (
        ("senior", "从现在的级别没有越级的一步"),
        ("gm", "还没有绑定晋升通道"),
        ("trainee", "还没有级别"),
    ):
        page = client.log_in_as(cast[who]).get("/moves/skip/new")
        assert "你现在不能申请越级" in page and why in page and "提交越级申请" not in page
        refused = client.post("/moves/skip/new", {"reason": "写了很久。"}, 422).text
        assert why in refused and "写了很久。" in refused
    client.log_in_as(cast["trainee"])
    for page in (client.get("/moves/transfer/new"), client.get("/moves/posts/1")):
        assert "转正以后才可以申请调岗" in page and "提交调岗申请" not in page
    client.log_in_as(cast["keeper"])
    assert "现在没有可以提出越级的人" in client.get("/moves/skip/propose")
    client.log_in_as(cast["agent"]).post("/moves/skip/new", {"reason": "带出两位新人。"})
    assert "已经有一件越级申请没有办完" in client.get("/moves/skip/new")
    form = {"department": str(cast.store), "post": "库管员", "reason": "想学仓储。"}
    client.post("/moves/transfer/new", form)
    for page in (client.get("/moves/transfer/new"), client.get("/moves/posts/1")):
        assert "已经有一件调岗申请没有办完" in page and "提交调岗申请" not in page
    client.log_in_as(cast["supervisor"])
    assert "现在没有可以提出越级的人" in client.get("/moves/skip/propose")


def test_a_superior_proposes_and_the_chain_goes_to_the_general_manager(app, client, cast) -> None:
    client.log_in_as(cast["supervisor"])
    page = client.get("/moves/skip/propose")
    assert "周敏" in page and "何静" not in page
    form = {"person": str(cast["hr"]), "reason": "好"}
    assert "好" in client.post("/moves/skip/propose", form, 422).text
    client.post("/moves/skip/propose", {"person": str(cast["agent"]), "reason": "带出两位新人。"})
    client.log_in_as(cast["hr"])
    assert "越级申请等评估" in client.get("/moves") and "越级申请等评估" in client.get("/")
    refused = client.post("/moves/1/take/assess", {"agreed": "yes", "text": ""}, 422)
    assert "请填写" in refused.text
    client.post("/moves/1/take/assess", {"agreed": "yes", "text": "材料齐全。"})
    client.post("/moves/1/take/review", {"agreed": "yes", "text": "好。"}, 403)
    client.log_in_as(cast["manager"]).post("/moves/1/take/review", {"agreed": "yes", "text": "可以。"})
    client.log_in_as(cast["gm"]).post("/moves/1/take/authorise", {"agreed": "yes", "text": "同意。"})
    page = plain(client.log_in_as(cast["agent"]).get("/moves/1"))
    assert "已批准" in page and "材料齐全。" in page
    client.log_in_as(cast["senior"]).get("/moves/1", 404)
    client.get("/moves/99", 404)


def test_a_transfer_goes_through_both_heads_and_hr(app, client, cast) -> None:
    client.log_in_as(cast["agent"])
    client.get("/moves/transfer/new")
    form = {"department": str(cast.store), "post": "", "reason": "想学仓储。"}
    assert "想学仓储。" in client.post("/moves/transfer/new", form, 422).text
    client.post("/moves/transfer/new", {**form, "post": "库管员"})
    client.log_in_as(cast["keeper"]).get("/moves/1")
    client.log_in_as(cast["supervisor"]).post("/moves/1/take/release", {"agreed": "no", "text": "人手不够。"})
    client.log_in_as(cast["keeper"]).post("/moves/1/take/receive", {"agreed": "yes", "text": "欢迎。"})
    client.log_in_as(cast["hr"])
    word = {"agreed": "yes", "text": "下月到岗。"}
    page = client.post("/moves/1/take/arrange", word, 422).text
    assert "请填生效日" in page and "下月到岗。" in page
    client.post("/moves/1/take/arrange", {**word, "effective_on": "2026-12-01"})
    assert "2026年12月1日" in plain(client.get("/moves/1"))
    with app.app_context():
        assert people.get_person(cast["agent"], date(2026, 12, 1)).department_id == cast.store


def test_a_refusal_is_appealed_against_on_the_page(client, cast, run) -> None:
    case = run(make.transfer, cast)
    run(make.take, cast, case, "supervisor", "release")
    run(make.take, cast, case, "keeper", "receive", agreed=False)
    client.log_in_as(cast["agent"])
    assert "不同意这个结果" in client.get(f"/moves/{case}")
    client.post(f"/moves/{case}/appeal", {"reason": ""}, 422)
    client.post(f"/moves/{case}/appeal", {"reason": "请重新考虑。"})
    client.log_in_as(cast["office"])
    assert "申诉等你答复" in client.get(f"/moves/{case}")
    assert "有理由" in client.post(f"/moves/{case}/answer", {"text": "有理由"}, 422).text
    client.post(f"/moves/{case}/answer", {"agreed": "yes", "text": "没有说明理由。"})
    page = plain(client.log_in_as(cast["deputy"]).get(f"/moves/{case}"))
    assert "成立" in page and "等你办" in page
    client.log_in_as(cast["keeper"])
    client.post(f"/moves/{case}/take/receive", {"agreed": "yes", "text": "好"}, 403)


def test_a_first_level_is_rated_twice_and_confirmed(app, client, cast) -> None:
    client.log_in_as(cast["keeper"])
    page = client.get("/moves/initial/new")
    assert "余慧" in page and "周敏" not in page
    client.post("/moves/initial/new", {"person": str(cast["fresh"]), "reason": ""}, 422)
    client.post("/moves/initial/new", {"person": str(cast["fresh"]), "reason": "入职一个月。"})
    points = {f"points_{topic}": "4" for topic in ("performance", "service", "attitude", "learning")}
    page = client.post("/moves/1/take/rate", {**points, "points_service": "", "text": "有记录"}, 422).text
    assert "有记录" in page
    client.post("/moves/1/take/rate", {**points, "text": "有记录。"})
    client.log_in_as(cast["hr"])
    page = client.get("/moves/1")
    assert "两份都交以后才显示。" in page and "有记录。" not in page
    client.post("/moves/1/take/rate_hr", {**points, "text": "有记录。"})
    client.log_in_as(cast["manager"])
    assert "两份评分达到中级客服" in plain(client.get("/moves/1"))
    client.post("/moves/1/take/confirm", {"agreed": "yes", "text": "属实。", "effective_on": "2026-11-20"})
    with app.app_context():
        assert people.get_person(cast["fresh"], DAY).level == "intermediate"


def test_hr_announces_a_post_and_somebody_asks_for_it(client, cast) -> None:
    client.log_in_as(cast["hr2"])
    assert "同等条件下内部优先" in client.get("/moves/posts/new")
    form = {
        "title": "品牌专员",
        "department": str(cast.brand),
        "road": "promotion",
        "seats": "1",
        "opens_on": "2026-11-20",
        "closes_on": "2026-11-19",
        "notice": "负责品牌活动。",
    }
    page = client.post("/moves/posts/new", form, 422).text
    assert "不能早于" in page and "负责品牌活动。" in page
    client.post("/moves/posts/new", {**form, "closes_on": "2026-11-30"})
    assert "已经发布" in client.post("/moves/posts/new", {**form, "closes_on": "2026-11-30"}, 422).text
    assert "申请这个岗位" not in client.get("/moves/posts/1")
    client.log_in_as(cast["agent"])
    assert "品牌专员" in client.get("/moves") and "申请这个岗位" in client.get("/moves/posts/1")
    client.post("/moves/posts/1", {"reason": ""}, 422)
    client.post("/moves/posts/1", {"reason": "做过活动。"})
    assert "没有办完" in client.post("/moves/posts/1", {"reason": "又点一次。"}, 422).text
    assert "申请这个岗位" not in client.get("/moves/posts/1")
    client.get("/moves/posts/9", 404)


def test_hr_keeps_courses_and_takes_one_back(client, cast) -> None:
    client.log_in_as(cast["hr"])
    assert "还没有培训记录" in client.get("/moves/courses")
    client.get("/moves/courses/new")
    form = {
        "person": str(cast["agent"]),
        "kind": "certificate",
        "course": "Bad Code",
        "title": "内训师",
        "held_on": "2026-11-01",
        "file_ref": "档案柜3-12",
    }
    page = client.post("/moves/courses/new", form, 422).text
    assert "小写字母" in page and "档案柜3-12" in page
    client.post("/moves/courses/new", {**form, "course": "trainer", "until": "2026-11-10"})
    page = plain(client.get("/moves/courses"))
    assert "内训师" in page and "已到期" in page
    client.post("/moves/courses/1/withdraw", {"reason": ""}, 422)
    client.post("/moves/courses/1/withdraw", {"reason": "编号有误"})
    assert 'role="alert"' in client.post("/moves/courses/1/withdraw", {"reason": "又点一次"}, 422).text
    assert "编号有误" in client.get("/moves/courses")
    client.post("/moves/courses/9/withdraw", {"reason": "无"}, 404)


def test_hr_sets_places(client, cast) -> None:
    client.log_in_as(cast["manager"])
    assert "还没有公布名额" in client.get("/moves/seats")
    form = {"department": str(cast.place), "level": "senior", "effective_from": "2026-11-20", "note": "编制"}
    assert "编制" in client.post("/moves/seats", {**form, "seats": "x"}, 422).text
    client.post("/moves/seats", {**form, "seats": "5"})
    assert "1项名额，共空缺3个" in plain(client.get("/moves/seats"))


def test_a_succession_is_filled_by_two_persons_after_its_notice(client, clock, cast) -> None:
    client.log_in_as(cast["hr"])
    assert "没有空缺的主管岗位" in client.get("/successions")
    client.get("/successions/new")
    client.post("/successions/new", {"department": str(cast.place), "vacant_from": ""}, 422)
    client.post("/successions/new", {"department": str(cast.place), "vacant_from": "2026-12-01"})
    client.log_in_as(cast["agent"]).get("/successions/1", 404)
    client.log_in_as(cast["director"])
    page = plain(client.get("/successions/1"))
    assert "梁静" in page and "第1名" in page and "等选人" in page
    form = {"person": str(cast["senior"]), "starts_on": "2026-12-10", "reason": ""}
    client.post("/successions/1/choose", form, 422)
    client.post("/successions/1/choose", {**form, "reason": "综合能力最强。"})
    client.log_in_as(cast["hr"])
    assert "接任人选等你确认" in client.get("/moves")
    client.post("/successions/1/second", {"agreed": "no", "text": ""}, 422)
    client.post("/successions/1/second", {"agreed": "yes", "text": ""})
    client.log_in_as(cast["agent"])
    page = plain(client.get("/successions/1"))
    assert "梁静拟接任，公示到" in page and "综合能力最强" not in page and "第1名" not in page
    assert "公示中" in client.get("/successions")
    client.post("/successions/1/object", {"text": ""}, 422)
    client.post("/successions/1/object", {"text": "考勤有问题。", "anonymous": "y"})
    assert "考勤有问题" not in client.get("/successions/1")
    client.log_in_as(cast["office"])
    assert "考勤有问题" in client.get("/successions/1")
    client.post("/successions/1/objections/1", {"agreed": "", "text": "查过"}, 422)
    client.post("/successions/1/objections/1", {"agreed": "no", "text": "查过，不属实。"})
    clock.set(at(date(2026, 11, 27)))
    client.log_in_as(cast["hr2"])
    assert "结束公示" in client.get("/successions/1")
    client.post("/successions/1/close")
    assert "已任命" in plain(client.get("/successions/1"))


def test_a_succession_may_be_cancelled(client, cast, run) -> None:
    found = run(make.succession, cast)
    client.log_in_as(cast["hr"])
    client.post(f"/successions/{found}/cancel", {"reason": ""}, 422)
    client.post(f"/successions/{found}/cancel", {"reason": "改为公开竞聘"})
    assert "已取消" in plain(client.get(f"/successions/{found}"))
    client.get("/successions/9", 404)


def test_the_list_of_all_cases_has_pages_and_a_fixed_number_of_statements(app, client, cast, run) -> None:
    def ask(number: int) -> None:
        person = make_person(f"同事{number}", department=cast.place, level="junior")
        with unit_of_work():
            service.ask_skip(cast["supervisor"], at(), person, "好")

    for number in range(3):
        run(ask, number)
    client.log_in_as(cast["auditor"])
    with counted(app) as few:
        assert "共3件" in plain(client.get("/moves/all"))
    for number in range(3, 30):
        run(ask, number)
    with counted(app) as many:
        assert "第1页，共2页" in plain(client.get("/moves/all"))
    assert len(many) == len(few)
    assert "同事0" in client.get("/moves/all?page=2")
    client.log_in_as(cast["brand"])
    assert "还没有申请" in client.get("/moves/all")
    with app.app_context():
        assert queries.case_page(9, None).page == 2
