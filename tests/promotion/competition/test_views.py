"""Pages of competitions: what each person sees and may do, refusals, papers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cstrain.promotion.competition import store
from tests.counting import counted
from tests.factories import competitions as make
from tests.factories.competitions import DAY, RATING, WORDS, at
from tests.factories.discipline import make_entry
from tests.papers import words_of

SHEET = {f"points_{each.id}": str(each.of) for each in store.chapter().interview.criteria}
ITEMS = {f"item_{each.id}": "good" for each in store.chapter().colleagues.items}


def loser(cast) -> int:
    """The application of who was not chosen."""
    return cast.applications[cast.candidates[1]]


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def cast(app):
    with app.app_context():
        return make.make_cast(2)


@pytest.fixture
def rating(app, clock):
    clock.set(RATING)
    with app.app_context():
        return make.rated(2)


@pytest.fixture
def over(app, clock):
    clock.set(RATING)
    with app.app_context():
        return make.calculated(2)


def test_the_list_says_what_it_is_for_while_it_is_empty(client, cast) -> None:
    client.log_in_as(cast.colleagues[0])
    page = client.get("/competitions")
    assert "还没有竞聘" in page and "/competitions/new" not in page


def test_hr_announces_and_a_refused_form_keeps_what_was_typed(client, cast) -> None:
    client.log_in_as(cast.people["hr"])
    assert "PM绩效" in client.get("/competitions/new")
    form = {
        "post": "客服组长",
        "department": cast.department,
        "seats": "1",
        "opens_on": "2026-11-20",
        "closes_on": "2026-11-19",
        "notice": "带一个组。",
    }
    page = client.post("/competitions/new", form, 422).text
    assert "不能早于" in page and "带一个组。" in page
    client.post("/competitions/new", {**form, "closes_on": "2026-11-22"})
    page = client.log_in_as(cast.colleagues[0]).get("/competitions/1")
    assert "带一个组。" in page and "我要报名" in page
    client.post("/competitions/new", form, 403)


def test_somebody_applies_on_a_form_that_fills_itself(app, client, cast) -> None:
    with app.app_context():
        make.announce(cast)
    client.log_in_as(cast.candidates[0])
    page = plain(client.get("/competitions/1/apply"))
    assert "周敏" in page and "2026年10月" in page and "85.00" in page
    refused = client.post("/competitions/1/apply", {**WORDS, "promise": ""}, 422).text
    assert "reasons的话" in refused
    client.post("/competitions/1/apply", {**WORDS, "promise": "y"})
    assert "等部门意见" in client.get("/competitions/1")
    assert "不用再报" in client.get("/competitions/1/apply")


def test_the_form_names_the_register_of_an_entry_once(app, client, cast) -> None:
    person = cast.candidates[0]
    with app.app_context():
        make.announce(cast)
        make_entry(cast.people["hr"], person, "award", text="季度服务之星", day=DAY, at=at())
    page = plain(client.log_in_as(person).get("/competitions/1/apply"))
    assert "奖励：季度服务之星" in page and "奖励：奖励" not in page


def test_who_may_not_apply_hears_why_before_they_write(app, client, clock, cast) -> None:
    with app.app_context():
        make.announce(cast)
        make.apply(cast, cast.candidates[0])
    head = cast.people["supervisor"]
    client.log_in_as(head).post("/competitions/candidates/1/opinion", {"agrees": "yes", "text": "支持"})
    for who, why in (
        (cast.people["trainee"], "只有已转正的员工可以报名"),
        (cast.people["hr"], "这次竞聘是你发布的"),
        (head, "你已经办过这次竞聘里别人的报名"),
    ):
        page = client.log_in_as(who).get("/competitions/1/apply")
        assert why in page and "提交报名表" not in page
        assert "我要报名" not in client.get("/competitions/1")
        refused = client.post("/competitions/1/apply", {**WORDS, "promise": "y"}, 422).text
        assert why in refused and "reasons的话" in refused
    clock.set(RATING)
    page = client.log_in_as(cast.candidates[1]).get("/competitions/1/apply")
    assert "截止了" in page and "提交报名表" not in page


def test_an_application_is_read_by_whom_it_concerns_only(app, client, cast) -> None:
    with app.app_context():
        make.announce(cast)
        for person in cast.candidates:
            make.apply(cast, person)
    one = f"/competitions/candidates/{cast.applications[cast.candidates[0]]}"
    for who in (cast.candidates[0], *(cast.people[name] for name in ("supervisor", "hr", "gm", "auditor"))):
        assert "reasons的话" in client.log_in_as(who).get(one)
    for who in (cast.candidates[1], cast.colleagues[0], cast.people["trainee"], cast.people["elsewhere"]):
        client.log_in_as(who).get(one, 404)
        client.get(f"{one}/form.pdf", 404)
        client.get(f"{one}/interview.pdf", 404)
        client.get(f"{one}/colleagues.pdf", 404)
        client.post(f"{one}/withdraw", status=404)
    client.get("/competitions/candidates/999999", 404)


def test_the_supervisor_and_hr_examine_an_application(app, client, cast) -> None:
    with app.app_context():
        make.announce(cast)
        make.apply(cast, cast.candidates[0])
    one = f"/competitions/candidates/{cast.applications[cast.candidates[0]]}"
    client.log_in_as(cast.people["hr"]).post(f"{one}/opinion", {"agrees": "yes", "text": "好"}, 403)
    client.post(f"{one}/check", {"passes": "yes"}, 422)
    client.log_in_as(cast.people["supervisor"])
    page = client.post(f"{one}/opinion", {"agrees": "no", "text": ""}, 422).text
    assert "请填写这一项" in page
    client.post(f"{one}/opinion", {"agrees": "no", "text": "人手紧张"})
    client.log_in_as(cast.people["hr"])
    assert "人手紧张" in client.get(one)
    page = client.post(f"{one}/check", {"passes": "no", "note": "缺材料"}, 422).text
    assert "缺材料" in page
    client.post(f"{one}/check", {"passes": "no", "clause": "第二条", "note": "缺材料"})
    page = client.log_in_as(cast.candidates[0]).get(one)
    assert "没有通过资格审查：第二条" in plain(page)
    assert client.log_in_as(cast.people["hr2"]).get(one)
    client.post(f"{one}/check", {"passes": "yes"})
    client.log_in_as(cast.candidates[0]).post(f"{one}/withdraw")
    assert "本人撤回" in client.get("/competitions")


def test_hr_appoints_a_panel_and_a_tie_is_refused_by_name(app, client, clock, cast) -> None:
    with app.app_context():
        make.announce(cast)
        for person in cast.candidates:
            make.apply(cast, person)
        make.examine(cast)
    clock.set(at(DAY + timedelta(days=3), 10))
    client.log_in_as(cast.people["hr"])
    assert "开始评分" in client.get("/competitions/1/start")
    tied = [*cast.panel, cast.people["supervisor"]]
    page = client.post("/competitions/1/start", {"interviewers": tied}, 422).text
    assert "唐志远是周敏的导师或直接上级" in page
    client.post("/competitions/1/start", {"interviewers": cast.panel})
    assert "还缺8项" in plain(client.get("/competitions/1"))


def test_sheets_are_sealed_on_every_page(client, rating) -> None:
    one = f"/competitions/candidates/{rating.applications[rating.candidates[0]]}"
    client.log_in_as(rating.people["deputy"])
    page = client.get(f"{one}/sheets/interview")
    assert "交了就密封" in page
    short = {**SHEET, "points_language": ""}
    page = client.post(f"{one}/sheets/interview", {**short, "note": "口齿清楚13"}, 422).text
    assert "口齿清楚13" in page
    client.post(f"{one}/sheets/interview", {**SHEET, "points_language": "13", "note": "口齿清楚13"})
    client.get(f"{one}/sheets/interview", 404)
    for who in ("deputy", "hr", "gm", "auditor", "supervisor", "office"):
        client.log_in_as(rating.people[who])
        for url in ("/competitions", "/competitions/1", one, "/"):
            page = client.get(url)
            assert "口齿清楚13" not in page and "93" not in plain(page)
        client.get("/competitions/1/calculation", 404)
        client.get("/competitions/1/calculation.xlsx", 404)
        client.get("/competitions/1/calculation.pdf", 404)
    client.log_in_as(rating.candidates[0]).get("/competitions/1/calculation", 404)


def test_only_who_is_to_fill_a_sheet_sees_it(client, rating) -> None:
    one = f"/competitions/candidates/{rating.applications[rating.candidates[0]]}"
    for who, kinds in {
        rating.people["supervisor"]: {"ability"},
        rating.people["director"]: {"manager"},
        rating.people["deputy"]: {"interview"},
        rating.colleagues[0]: {"colleague"},
        rating.candidates[0]: set(),
        rating.candidates[1]: set(),
        rating.people["hr"]: set(),
        rating.people["elsewhere"]: set(),
    }.items():
        client.log_in_as(who)
        for kind in ("ability", "manager", "interview"):
            client.get(f"{one}/sheets/{kind}", 200 if kind in kinds else 404)
        client.get(f"{one}/colleague", 200 if "colleague" in kinds else 404)
    client.get(f"{one}/sheets/nothing", 404)


def test_a_colleague_answers_without_a_name_and_no_page_tells_what(client, rating) -> None:
    one = f"/competitions/candidates/{rating.applications[rating.candidates[0]]}"
    who = rating.colleagues[0]
    client.log_in_as(who)
    assert "不记你打了什么" in client.get(f"{one}/colleague")
    page = client.post(f"{one}/colleague", {**ITEMS, "item_attitude": ""}, 422).text
    assert page.count("checked") == len(ITEMS) - 1
    client.post(f"{one}/colleague", {**ITEMS, "item_attitude": "poor"})
    client.get(f"{one}/colleague", 404)
    client.post(f"{one}/colleague", ITEMS, 404)
    for reader in (*rating.people.values(), *rating.candidates, *rating.colleagues):
        client.log_in_as(reader)
        for url in ("/competitions/1", "/competitions"):
            assert "需改进" not in client.get(url)
    page = plain(client.log_in_as(rating.people["hr"]).get("/competitions/1"))
    assert "丁晓峰还有1人没打" in page.replace(" ", "")


def test_the_calculation_shows_everything_but_who_answered_what(client, over) -> None:
    for who in (over.candidates[1], over.colleagues[0], over.people["hr"], over.people["auditor"]):
        page = plain(client.log_in_as(who).get("/competitions/1/calculation"))
        assert "核对一致" in page and "98.00" in page
        assert not any(name in page for name in ("戴明", "石磊", "余慧"))
        assert client.download("/competitions/1/calculation.xlsx")[:2] == b"PK"
        assert client.download("/competitions/1/calculation.pdf")[:4] == b"%PDF"
    for who in ("trainee", "elsewhere"):
        client.log_in_as(over.people[who]).get("/competitions/1/calculation", 404)
        client.get("/competitions/1/calculation.xlsx", 404)


def test_papers_print_blank_while_sealed_and_filled_afterwards(client, rating) -> None:
    one = f"/competitions/candidates/{rating.applications[rating.candidates[0]]}"
    client.log_in_as(rating.people["hr"])
    for paper in ("form", "interview", "colleagues"):
        assert client.download(f"{one}/{paper}.pdf")[:4] == b"%PDF"


def test_papers_of_a_calculated_competition(client, over) -> None:
    one = f"/competitions/candidates/{over.applications[over.candidates[0]]}"
    client.log_in_as(over.people["hr"])
    for paper in ("form", "interview", "colleagues"):
        assert client.download(f"{one}/{paper}.pdf")[:4] == b"%PDF"
    client.log_in_as(over.candidates[0])
    assert client.download(f"{one}/interview.pdf")[:4] == b"%PDF"


def test_hr_is_told_what_is_missing_and_cannot_calculate(client, rating) -> None:
    client.log_in_as(rating.people["hr"])
    page = client.post("/competitions/1/calculate", status=409).text
    assert "还不能统分" in page and "周敏：业务能力已交0份，要1份" in plain(page)
    client.post("/competitions/1/close-ballot", status=409)
    client.log_in_as(rating.people["gm"]).post("/competitions/1/calculate", status=403)


def test_two_persons_choose_and_two_persons_confirm(app, client, clock, over) -> None:
    winner = over.applications[over.candidates[0]]
    client.log_in_as(over.people["office"])
    assert "提出入选的人" in client.get("/competitions/1")
    form = {"chosen": [winner], "starts_on": "2026-12-01", "reason": ""}
    page = client.post("/competitions/1/choice", form, 422).text
    assert "2026-12-01" in page
    client.post("/competitions/1/choice", {**form, "reason": "第一名"})
    page = client.post("/competitions/1/acts/1", {"agreed": "yes"}, 422).text
    assert "你提出的" in page or "另一个人" in page
    client.log_in_as(over.people["gm"])
    assert "第一名" in client.get("/competitions/1")
    client.post("/competitions/1/acts/999999", {"agreed": "yes"}, 404)
    client.post("/competitions/1/acts/1", {"agreed": "no", "text": ""}, 422)
    client.post("/competitions/1/acts/1", {"agreed": "yes"})
    assert "入选和试岗" in client.log_in_as(over.people["trainee"]).get("/competitions/1")
    with app.app_context():
        make.clear(over)
    clock.set(at(DAY + timedelta(days=39)))
    client.log_in_as(over.people["office"])
    assert "试岗结果" in client.get("/competitions/1")
    trial = f"/competitions/candidates/{winner}/trial"
    client.post(trial, {"confirmed": "", "reason": "好"}, 422)
    client.post(trial, {"confirmed": "yes", "reason": "带得好"})
    paper = f"/competitions/candidates/{winner}/appointment.pdf"
    client.get(paper, 404)
    client.log_in_as(over.people["gm"]).post("/competitions/1/acts/2", {"agreed": "yes"})
    page = client.get("/competitions/1")
    assert "已确认" in page and f'href="{paper}"' in page
    said = words_of(client.log_in_as(over.people["trainee"]).download(paper))
    for word in ("任命通知", "周敏", "2026年12月1日至2026年12月31日，合格", "生效日", "2027年1月1日"):
        assert word in said
    client.get(f"/competitions/candidates/{loser(over)}/appointment.pdf", 404)


def test_an_interviewer_steps_back_and_the_panel_keeps_its_least(client, rating) -> None:
    client.log_in_as(rating.people["hr"])
    form = {"person": rating.people["deputy"], "reason": "出差"}
    page = client.post("/competitions/1/recuse", form, 422).text
    assert "至少要3位" in plain(page) and "出差" in page
    client.post("/competitions/1/recuse", {**form, "successor": rating.people["gm"]})
    page = plain(client.get("/competitions/1"))
    assert "范丽华已回避：出差" in page and "由宋国平接替" in page
    client.post("/competitions/1/recuse", {**form, "person": rating.people["gm"], "successor": "x"}, 422)


def test_an_interviewer_of_a_larger_panel_steps_back(app, client, clock, cast) -> None:
    clock.set(RATING)
    with app.app_context():
        make.announce(cast)
        for person in cast.candidates:
            make.apply(cast, person)
        make.examine(cast)
        make.start(cast, [*cast.panel, cast.people["gm"]])
    client.log_in_as(cast.people["hr"])
    client.post("/competitions/1/recuse", {"person": cast.people["deputy"], "reason": "出差"})
    assert "出差" in client.get("/competitions/1")


def test_hr_ends_the_answering_and_calculates(app, client, rating) -> None:
    with app.app_context():
        make.rate_all(rating, without=rating.colleagues[-1])
    client.log_in_as(rating.people["hr"])
    client.post("/competitions/1/close-ballot")
    client.post("/competitions/1/calculate")
    assert "核对一致" in client.get("/competitions/1/calculation")


def test_ending_needs_a_reason_that_everybody_reads(client, rating) -> None:
    client.log_in_as(rating.people["hr"])
    client.post("/competitions/1/end", {"reason": ""}, 422)
    client.post("/competitions/1/end", {"reason": "岗位取消了"})
    assert "岗位取消了" in client.log_in_as(rating.colleagues[0]).get("/competitions/1")


def test_everybody_finds_what_waits_on_the_home_page(client, rating) -> None:
    for who, word in (
        (rating.people["supervisor"], "按组长职责打分"),
        (rating.people["director"], "打经理分"),
        (rating.people["deputy"], "面试打分"),
        (rating.colleagues[0], "匿名打分"),
    ):
        assert word in client.log_in_as(who).get("/")


def test_the_pages_take_a_fixed_number_of_statements(app, client, clock) -> None:
    clock.set(RATING)
    with app.app_context():
        cast = make.rated(2)
    client.log_in_as(cast.people["gm"])
    client.get("/competitions/1")
    with counted(app) as few:
        client.get("/competitions/1")
    with app.app_context():
        make.rate_all(cast)
    with counted(app) as many:
        client.get("/competitions/1")
    assert len(many) == len(few)


def test_a_long_list_has_pages(app, client, cast) -> None:
    with app.app_context():
        for _number in range(21):
            make.announce(cast)
    page = client.log_in_as(cast.people["hr"]).get("/competitions")
    assert "/competitions/21" in page and '/competitions/1"' not in page
    assert '/competitions/1"' in client.get("/competitions?page=2")
