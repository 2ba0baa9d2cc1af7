"""Pages of monthly reviews: who sees what, what a refused form keeps, lists in few queries."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from cstrain.people import service as people_service
from cstrain.people.queries import view_log_of
from cstrain.performance.reviews import service
from cstrain.performance.reviews.policy import SELF
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import reviews as make
from tests.factories.people import make_department, make_person
from tests.factories.reviews import FIRST, LAST, OVER, at


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def typed(choice: str = "good", note: str = "", **but: str) -> dict[str, str]:
    given = make.answers(choice) | but
    return {f"factor_{name}": value for name, value in given.items()} | {"note": note}


@pytest.fixture
def cast(app, clock) -> make.Cast:
    clock.set(at())
    with app.app_context():
        return make.opened()


@pytest.fixture
def done(app, clock) -> make.Cast:
    clock.set(at())
    with app.app_context():
        found = make.closed()
    clock.set(OVER)
    return found


def subject(app, cast: make.Cast, person: int) -> int:
    with app.app_context():
        return cast.subject(person)


def new_form(cast: make.Cast, **more: str) -> dict[str, str]:
    return {
        "department": str(cast.department),
        "month": "2026-10-01",
        "opens_on": FIRST.isoformat(),
        "closes_on": LAST.isoformat(),
        "way": "drawn",
        **more,
    }


# opening


def test_hr_opens_a_cycle_and_sees_numbers_only(app, client, clock) -> None:
    clock.set(at())
    with app.app_context():
        cast = make.make_cast()
    client.log_in_as(cast.people["hr"])
    assert "还没有评价" in plain(client.get("/reviews/cycles"))
    page = client.get("/reviews/cycles/new")
    assert "同事评价" in plain(page) and "售前客服一部" in page
    refused = client.post("/reviews/cycles/new", new_form(cast, closes_on="2026-11-19"), 422)
    assert "截止日不能早于开始日" in plain(refused.text) and 'value="2026-11-19"' in refused.text
    where = client.post("/reviews/cycles/new", new_form(cast)).location
    page = plain(client.get(where))
    assert "2026年10月评价进行中" in page and "周敏" in page and "0份，共7份" in page
    assert "要等" in page
    assert "已经发起过" in plain(client.post("/reviews/cycles/new", new_form(cast), 422).text)
    page = plain(client.get("/reviews/cycles"))
    assert "售前客服一部" in page and "填写中" in page and "0/35" in page


def test_a_head_opens_only_for_their_own_department(app, client, clock) -> None:
    clock.set(at())
    with app.app_context():
        cast = make.make_cast()
    client.log_in_as(cast.people["other_head"])
    client.post("/reviews/cycles/new", new_form(cast), 422)
    client.log_in_as(cast.people["supervisor"])
    where = client.post("/reviews/cycles/new", new_form(cast, way="named", without_customers="y")).location
    page = plain(client.get(where))
    assert "由上级指定" in page and "去填" in page
    client.log_in_as(cast.people["other_head"]).get(where, status=404)
    client.log_in_as(cast.agents[0]).get(where, status=403)
    client.get("/reviews/cycles/new", status=403)


def test_more_days_and_the_end(app, client, clock, cast) -> None:
    client.log_in_as(cast.people["hr"])
    where = f"/reviews/cycles/{cast.cycle}"
    assert "还不能结束" in plain(client.post(f"{where}/close", status=422).text)
    refused = client.post(f"{where}/extend", {"closes_on": LAST.isoformat()}, 422).text
    assert "新的截止日要比" in plain(refused) and f'value="{LAST}"' in refused
    client.post(f"{where}/extend", {"closes_on": (LAST + timedelta(days=1)).isoformat()})
    clock.set(at(LAST + timedelta(days=2)))
    client.log_in_as(cast.people["hr"])
    assert "可以结束" in plain(client.get("/"))
    assert "评价可以结束了" in plain(client.get(where))
    client.post(f"{where}/close")
    assert "评价已结束" in plain(client.get(where))
    assert 'role="alert"' in client.post(f"{where}/close", status=422).text
    client.log_in_as(cast.people["other_head"])
    for verb in ("close", "extend"):
        client.post(f"{where}/{verb}", {"closes_on": "2026-12-01"}, 404)


# forms


def test_a_person_fills_in_their_own_form(app, client, cast) -> None:
    one = cast.agents[0]
    client.log_in_as(one)
    assert "填月度自评" in plain(client.get("/"))
    page = client.get("/reviews")
    assert "填自评" in plain(page) and "还没有结果" in plain(page)
    where = f"/reviews/forms/{subject(app, cast, one)}/self"
    assert "填2026年10月的自评" in plain(client.get(where)) and "不了解" not in client.get(where)
    refused = client.post(where, typed(note="这个月接待翻倍", accuracy=""), 422).text
    assert "请选择一项" in refused and "这个月接待翻倍" in refused
    assert refused.count("checked") == len(make_factors(app)) - 1
    client.post(where, typed(note="这个月接待翻倍"))
    assert "已经交过" in client.get(where, status=409)
    assert "已经交过" in client.post(where, typed(note="又点了一次"), 409).text
    assert "填自评" not in plain(client.get("/reviews"))
    client.log_in_as(cast.agents[1]).get(where, status=404)
    client.post(where, typed(), 404)
    client.log_in_as(cast.people["supervisor"]).get(where, status=404)


def make_factors(app) -> dict[str, str]:
    with app.app_context():
        return make.answers()


def test_a_superior_fills_in_theirs(app, client, cast) -> None:
    one = cast.agents[0]
    where = f"/reviews/forms/{subject(app, cast, one)}/manager"
    client.log_in_as(cast.people["supervisor"])
    assert "评价下属" in plain(client.get("/"))
    assert "评价周敏" in plain(client.get(where))
    client.post(where, typed("excellent", "带新人很用心"))
    assert "已经交过" in client.get(where, status=409)
    client.get(f"/reviews/forms/{subject(app, cast, cast.people['supervisor'])}/manager", status=404)
    for who in (one, cast.agents[1], cast.people["hr"], cast.people["other_head"]):
        client.log_in_as(who).get(f"/reviews/forms/{subject(app, cast, cast.agents[2])}/manager", status=404)
    client.get("/reviews/forms/999/manager", status=404)
    client.get(f"/reviews/forms/{subject(app, cast, one)}/customers", status=404)


def test_a_peer_answers_without_a_name(app, client, cast) -> None:
    one = cast.agents[0]
    with app.app_context():
        peer = make.peers_of(cast, one)[0]
    where = f"/reviews/forms/{subject(app, cast, one)}/peers"
    client.log_in_as(peer)
    page = plain(client.get(where))
    assert "匿名评价周敏" in page and "不了解" in page and "只记你答过" in page
    refused = client.post(where, typed(note="配合得好", crisis=""), 422).text
    assert "配合得好" in refused
    client.post(where, typed(note="配合得好", crisis="unsure"))
    assert "已经评价过" in client.get(where, status=409)
    assert "已经评价过" in client.post(where, typed(), 409).text
    client.log_in_as(one).get(where, status=404)
    client.log_in_as(cast.people["hr"]).get(where, status=404)


def test_a_superior_names_the_colleagues(app, client, clock) -> None:
    clock.set(at())
    with app.app_context():
        cast = make.opened(way="named")
    one = cast.agents[0]
    where = f"/reviews/forms/{subject(app, cast, one)}/peers/named"
    client.log_in_as(cast.people["supervisor"])
    assert "指定请哪些同事评价" in plain(client.get("/"))
    page = plain(client.get(where))
    assert "请谁评价周敏" in page and "钱立" in page
    some = [str(each) for each in cast.agents[1:4]]
    refused = client.post(where, {"peers": some[:2]}, 422).text
    assert "请选3到5位同事" in plain(refused) and refused.count(" checked") == 2
    client.post(where, {"peers": some})
    assert "已经请过" in client.get(where, status=409)
    client.log_in_as(cast.people["other_head"]).get(where, status=404)
    client.log_in_as(cast.agents[1]).get(where, status=403)


def test_hr_enters_what_customers_said(app, client, cast) -> None:
    where = f"/reviews/forms/{subject(app, cast, cast.agents[0])}/customers/counts"
    client.log_in_as(cast.people["hr"])
    assert "登记周敏的客户评价" in plain(client.get(where))
    form = {"answers": "40", "satisfied": "50", "complaints": "1", "major": "0", "source": "后台导出"}
    refused = client.post(where, form, 422).text
    assert "满意的次数不能比评价的次数多" in plain(refused) and "后台导出" in refused
    client.post(where, {**form, "satisfied": "36"})
    page = plain(client.get(where))
    assert "90.00" in page and "后台导出" in page and "何静" in page
    assert "已录入" in plain(client.get(f"/reviews/cycles/{cast.cycle}"))
    client.log_in_as(cast.people["supervisor"]).get(where, status=403)


# results


def test_the_person_sees_a_result_that_explains_itself(app, client, done) -> None:
    one = done.agents[0]
    where = f"/reviews/results/{subject(app, done, one)}"
    client.log_in_as(one)
    page = plain(client.get("/reviews"))
    assert "82.00" in page and "逐月结果" in page
    page = plain(client.get(where))
    assert "2026年10月总分82.00" in page and "请了5位，答了5位" in page and "来源：月度记录和投诉登记" in page
    assert all(f"话{n}" in page for n in range(5))
    assert "唐志远" not in page  # wrote nothing, so nobody is named
    client.log_in_as(done.agents[1]).get(where, status=404)
    own = f"/reviews/results/{subject(app, done, done.agents[1])}"
    page = plain(client.get(own))
    assert (
        "没有总分" in page and "本人没有交自评表" in page and "不到3位" in page and "是未知，不是零分" in page
    )


def test_superiors_and_hr_see_results_and_are_noted(app, client, done) -> None:
    one = done.agents[0]
    result, person = f"/reviews/results/{subject(app, done, one)}", f"/reviews/people/{one}"
    for who in ("supervisor", "director", "hr", "auditor"):
        client.log_in_as(done.people[who])
        assert "总分82.00" in plain(client.get(result))
        assert "周敏的月度评价" in plain(client.get(person))
    with app.app_context():
        assert {each.what for each in view_log_of(one)} == {"review.result", "review.person"}
    client.log_in_as(done.people["other_head"])
    client.get(result, status=404)
    client.get(person, status=404)
    client.log_in_as(done.agents[1]).get(person, status=403)
    client.log_in_as(done.people["supervisor"])
    client.get(f"/reviews/people/{done.people['supervisor']}", status=404)
    client.get("/reviews/results/999", status=404)


def test_no_page_tells_who_said_what_or_who_has_not_answered(app, client, cast) -> None:
    """Before the end nobody reads what was answered; nobody learns which colleagues were asked."""
    one = cast.agents[0]
    with app.app_context():
        peers = make.peers_of(cast, one)
        make.hand_in(cast, one, one, SELF, make.answers("poor"), "金丝雀自评")
        for peer in peers[:2]:
            make.answer(cast, peer, one, make.answers("poor"), "金丝雀同事")
    readers = [*cast.people.values(), *cast.agents]
    addresses = [
        "/",
        "/reviews",
        "/reviews/cycles",
        f"/reviews/cycles/{cast.cycle}",
        f"/reviews/people/{one}",
        f"/reviews/results/{subject(app, cast, one)}",
    ]
    for reader in readers:
        client.log_in_as(reader)
        for address in addresses:
            answer = client.raw.get(address) if hasattr(client, "raw") else client._client.get(address)
            assert "金丝雀" not in answer.text
    client.log_in_as(cast.people["hr"])
    row = re.search(r"<tr.*?周敏.*?</tr>", client.get(f"/reviews/cycles/{cast.cycle}"), re.DOTALL)
    assert row is not None and "2/5" in row.group()
    names = set(re.findall(r"[\u4e00-\u9fff]{2,3}", plain(row.group()))) & set(make.AGENTS)
    assert names == {"周敏"}


def test_a_small_group_is_said_to_be_withheld(app, client, clock) -> None:
    clock.set(at())
    with app.app_context():
        cast = make.opened()
        make.satisfied(cast)
        make.fill(cast, cast.agents[0], peers=2)
        make.close(cast)
    clock.set(OVER)
    client.log_in_as(cast.agents[0])
    page = plain(client.get(f"/reviews/results/{subject(app, cast, cast.agents[0])}"))
    assert "人数不够，不显示" in page and "权重按比例分给其他角度" in page and "话0" not in page
    assert "2026年10月总分82.50" in page


# long lists


def test_lists_take_a_fixed_number_of_statements(app, client, clock) -> None:
    clock.set(at())
    with app.app_context():
        cast = make.make_cast(4)
        make.open_cycle(cast)
    client.log_in_as(cast.people["hr"])
    client.get("/reviews/cycles")
    addresses = ("/reviews/cycles", f"/reviews/cycles/{cast.cycle}", "/reviews")
    few = []
    for address in addresses:
        with counted(app) as statements:
            client.get(address)
        few.append(len(statements))
    with app.app_context():
        for n in range(12):
            make_person(f"新人{n}", department=cast.department)
        months = [date(2026, month, 1) for month in range(2, 10)]
        for month in months:
            with unit_of_work():
                new = service.NewCycle(cast.department, month, FIRST, LAST, "drawn")
                service.open_cycle(cast.people["hr"], at(), new, f"{month}")
    later = [f"/reviews/cycles/{cast.cycle + 3}" if "cycles/" in each else each for each in addresses]
    for address, before in zip(later, few, strict=True):
        with counted(app) as statements:
            client.get(address)
        assert len(statements) <= before


def test_a_long_list_of_cycles_is_paged(app, client, clock) -> None:
    clock.set(at())
    with app.app_context():
        cast = make.make_cast(1)
        places = [cast.department, make_department("仓储部"), make_department("物流部")]
        make_person("物流员", department=places[2])
        with unit_of_work():
            for place in places:
                for month in range(1, 9):
                    new = service.NewCycle(place, date(2026, month, 1), FIRST, LAST, "drawn")
                    service.open_cycle(cast.people["hr"], at(), new, "s")
    client.log_in_as(cast.people["hr"])
    page = plain(client.get("/reviews/cycles"))
    assert "第1页，共2页" in page and "2026年8月" in page and "2026年1月" not in page
    page = plain(client.get("/reviews/cycles?page=99"))
    assert "第2页，共2页" in page and "2026年1月" in page
    client.log_in_as(cast.people["supervisor"])
    assert "物流部" not in plain(client.get("/reviews/cycles"))


def test_a_large_department_is_paged_and_who_moved_away_is_no_link(app, client, clock) -> None:
    clock.set(at())
    with app.app_context():
        cast = make.make_cast(55)
        make.open_cycle(cast)
        moved, store_house = cast.agents[0], make_department("仓储部")
        with unit_of_work():
            people_service.change_state(
                cast.people["hr"], at(), moved, FIRST, reason="调岗", source="测试", department_id=store_house
            )
    client.log_in_as(cast.people["supervisor"])
    where = f"/reviews/cycles/{cast.cycle}"
    page = client.get(where)
    assert "第1页，共2页" in plain(page) and "周敏" in page and f"/reviews/people/{moved}" not in page
    assert f"/reviews/people/{cast.agents[1]}" in page
    page = client.get(f"{where}?page=2")
    assert "第2页，共2页" in plain(page) and "周敏" not in page
