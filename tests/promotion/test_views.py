"""The career map, the staff, bindings and trials as pages."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest

from cstrain.documents.tables import read_table
from cstrain.promotion import changing, ladders, ports, queries
from cstrain.promotion.facts import Place
from tests.counting import counted
from tests.factories.people import make_department, make_person
from tests.factories.promotion import bind, close_month, make_month

ON = date(2026, 11, 20)
MONTHS = [date(2026, month, 1) for month in range(3, 10)]
HIRED = date(2026, 3, 2)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def staff(app) -> dict[str, int]:
    with app.app_context():
        place = make_department("售前客服一部")
        office = make_department("人力资源部")
        bind(place, "general", scheme="sales")
        clerk = make_person("录入员", department=office)
        found = {
            "place": place,
            "hr": make_person("冯晓岚", roles=["hr_manager"], department=office),
            "head": make_person("唐志远", roles=["supervisor"], department=place),
            "stranger": make_person("罗雪梅", roles=["supervisor"], department=make_department("售后客服部")),
        }
        for name, grade, points in (("林晓雯", "A", 95), ("钱立", "B", 80)):
            person = make_person(name, department=place, hire_date=HIRED, level="junior")
            for month in MONTHS:
                make_month(person, place, month, clerk, grade=grade, brand_points=points)
            found[name] = person
        for month in MONTHS:
            close_month(place, month, clerk)
        return found


def test_everybody_sees_their_own_ladder_and_what_is_missing(client, staff) -> None:
    page = client.log_in_as(staff["林晓雯"]).get("/career")
    assert "可以申请中级客服" in plain(page)
    assert "任初级期间绩效A级以上累计6个月" in plain(page) and "看数据表" in page
    weak = plain(client.log_in_as(staff["钱立"]).get("/career"))
    assert "晋升中级客服：差1项" in weak and "还差6个月" in weak
    assert "申请中级客服" in weak and "满足以后按钮开放" in weak


def test_the_chart_of_ranks_shares_places_and_leaves_gaps_where_nobody_is_ranked(app, client, staff) -> None:
    with app.app_context():
        place = make_department("售前客服二部")
        bind(place, "general", scheme="sales")
        clerk = make_person("登记员", department=staff["place"])
        people = [make_person(name, department=place, hire_date=HIRED, level="junior") for name in "甲乙丙"]
        points = {7: (90, 90, 95), 8: (90, None, 80), 9: (None, 70, 60)}
        for month, each in points.items():
            for person, point in zip(people, each, strict=True):
                make_month(person, place, date(2026, month, 1), clerk, brand_points=point)
            close_month(place, date(2026, month, 1), clerk)
        found = queries.monthly_places(people[0], [date(2026, month, 1) for month in (6, 7, 8, 9)])
        # two with 90 share the second place; in September there are no points: no place, not the last one
        assert found == {date(2026, 7, 1): Place(2, 3), date(2026, 8, 1): Place(1, 2)}
    page = plain(client.log_in_as(people[0]).get("/career"))
    assert "品牌分名次" in page and "品牌分最好第1名，最近第1名。" in page
    assert "2/3" in page and "1/2" in page
    assert "0/" not in page


def test_a_reader_of_english_is_told_the_findings_in_english(client, staff) -> None:
    client.log_in_as(staff["钱立"]).post("/language", {"locale": "en"})
    page = plain(client.get("/career"))
    assert (
        "Grade A or better since the present level began: 0 months in all, 6 required, 6 months short."
        in page
    )
    assert "还差" not in page


def test_who_lacks_a_month_may_apply_with_it_to_be_confirmed(app, client, staff) -> None:
    with app.app_context():
        new = make_person("石磊", department=staff["place"], hire_date=HIRED, level="junior")
        fresh = make_person("新来的", department=staff["place"], hire_date=date(2026, 11, 9), level="junior")
    assert "近来的走势" not in client.log_in_as(fresh).get("/career")
    assert "近来的走势" in client.log_in_as(staff["钱立"]).get("/career")
    page = plain(client.log_in_as(new).get("/career"))
    assert "可以申请，3项待确认" in page
    assert "没有" in page and "另有7项由主管评价" in page


def test_the_other_ladders_stand_beside_the_departments_own(client, staff) -> None:
    page = client.log_in_as(staff["林晓雯"]).get("/career?ladder=leader")
    assert "组长" in plain(page)
    client.get("/career?ladder=nothing", status=404)
    client.get("/career?ladder=vip", status=404)  # another department's


def test_who_has_no_ladder_is_told_so(client, staff) -> None:
    page = plain(client.log_in_as(staff["stranger"]).get("/career"))
    assert "部门还没有采用晋升通道" in page


def test_a_converted_person_without_a_level_is_told_what_comes_first(client, staff) -> None:
    assert "初定级别" in plain(client.log_in_as(staff["head"]).get("/career"))


def test_a_ladder_is_shown_in_full_to_everybody(client, staff) -> None:
    page = plain(client.log_in_as(staff["林晓雯"]).get("/promotion/ladders/general"))
    assert "第4.2条第八项" in page and "总经办" in page and "说明" in page
    client.get("/promotion/ladders/general?edition=1")
    client.get("/promotion/ladders/general?edition=99", status=404)
    client.get("/promotion/ladders/nothing", status=404)


def test_superiors_and_hr_see_their_people_and_nobody_else_does(client, staff) -> None:
    url = f"/promotion/people/{staff['钱立']}"
    for who in ("head", "hr"):
        assert "钱立：晋升中级客服" in plain(client.log_in_as(staff[who]).get(url))
    foreign = client.log_in_as(staff["stranger"]).get(url, status=404)
    missing = client.get("/promotion/people/999999", status=404)
    assert plain(foreign) == plain(missing)
    client.log_in_as(staff["林晓雯"]).get(url, status=403)


def test_the_person_page_leads_to_the_ladder_of_who_may_be_seen(client, staff) -> None:
    url = f"/promotion/people/{staff['钱立']}"
    assert url in client.log_in_as(staff["head"]).get(f"/people/{staff['钱立']}")
    assert "/promotion/people/" not in client.log_in_as(staff["钱立"]).get(f"/people/{staff['钱立']}")


def test_who_has_applied_is_not_counted_among_those_who_may(client, staff, monkeypatch) -> None:
    monkeypatch.setattr(ports, "applying", lambda: frozenset({staff["林晓雯"]}))
    page = plain(client.log_in_as(staff["hr"]).get("/promotion"))
    assert "0人可以申请下一级" in page and page.index("申请进行中") > page.index("林晓雯")


def test_the_staff_is_listed_by_how_near_they_are(client, staff) -> None:
    page = plain(client.log_in_as(staff["hr"]).get("/promotion"))
    assert "1人可以申请下一级" in page and page.index("林晓雯") < page.index("钱立")
    near = plain(client.get("/promotion?group=near"))
    assert "钱立" in near and "林晓雯" not in near
    assert "林晓雯" in plain(client.get(f"/promotion?department={staff['place']}&ladder=general"))
    assert "没有符合条件的人" in plain(client.get("/promotion?ladder=vip"))
    assert "林晓雯" not in plain(client.log_in_as(staff["stranger"]).get("/promotion"))


def test_a_longer_list_takes_no_more_statements_and_has_pages(app, client, staff, monkeypatch) -> None:
    from cstrain.promotion.views import staff as page

    client.log_in_as(staff["hr"]).get("/promotion")
    with counted(app) as few:
        client.get("/promotion")
    with app.app_context():
        for number in range(8):
            make_person(f"新人{number}", department=staff["place"], hire_date=HIRED, level="junior")
    with counted(app) as many:
        client.get("/promotion")
    assert len(many) == len(few)
    monkeypatch.setattr(page, "PAGE", 4)
    assert "第2页，共3页" in plain(client.get("/promotion?page=2"))
    monkeypatch.setattr(page, "AT_ONCE", 5)
    assert "请先选部门" in plain(client.get("/promotion"))
    assert "可以申请下一级" in plain(client.get(f"/promotion?department={staff['place']}"))


def typed(kind: str, staff, **changed: str) -> dict[str, str]:
    values = {
        "department": str(staff["place"]),
        "ref": "",
        "effective_from": "2026-12-01",
        "note": "总办〔2026〕8号",
    }
    return {f"{kind}-{key}": value for key, value in {**values, **changed}.items()}


def test_hr_binds_departments_to_ladders_and_pay(client, staff) -> None:
    me = client.log_in_as(staff["hr"])
    assert "售前客服一部" in plain(me.get("/promotion/bindings"))
    me.post("/promotion/bindings", typed("ladder", staff, ref="annual", effective_from="2026-11-01"))
    assert "annual" in me.get("/promotion/bindings")
    me.post("/promotion/bindings/pay", typed("pay", staff, ref="level-raise", effective_from="2026-11-01"))
    assert "按级加薪" in plain(me.get("/promotion/bindings"))
    refused = me.post("/promotion/bindings", typed("ladder", staff, ref="annual", note=""), status=422).text
    assert "请填写这一项" in refused and 'value="2026-12-01"' in refused
    refused = me.post("/promotion/bindings/pay", typed("pay", staff, ref="sales", note=" "), status=422).text
    assert "请填写这一项" in refused
    late = typed("ladder", staff, ref="annual", effective_from="2010-01-01")
    assert "没有保存" in me.post("/promotion/bindings", late, status=422).text
    client.log_in_as(staff["head"]).get("/promotion/bindings", status=403)


def grade_key() -> tuple[str, dict[str, str]]:
    ladder = ladders.ladder("general", ON)
    every = changing.numbers(ladder)
    values = {one.key: f"{one.value:f}" for one in every} | {"on": "2026-11-20"}
    wanted = [one for one in every if "累计6个月" in one.text and one.name == "months"]
    return wanted[0].key, values


def test_other_numbers_are_tried_out_person_by_person(client, staff) -> None:
    me = client.log_in_as(staff["hr"])
    key, values = grade_key()
    assert "累计6个月" in plain(me.get("/promotion/simulate/general"))
    same = me.post("/promotion/simulate/general", values, status=200).text
    assert "谁也不受影响" in same
    page = me.post("/promotion/simulate/general", {**values, key: "8"}, status=200).text
    said = plain(page)
    assert "0人因此可以申请，1人因此不能" in said and "林晓雯" in said and "−¥500.00" in said
    body = me.post("/promotion/simulate/general", {**values, key: "8", "export": "xlsx"}, status=200).data
    rows = read_table(body, "simulation.xlsx")
    assert rows[1][0] == "因此不能申请" and rows[1][2] == "林晓雯" and rows[1][8] == "-500"
    text = me.post("/promotion/simulate/general", {**values, key: "8", "export": "csv"}, status=200).text
    assert "林晓雯" in text
    kept = me.post("/promotion/simulate/general", {**values, key: "x"}, status=422).text
    assert "请填数字" in kept
    assert "没有计算" in me.post("/promotion/simulate/general", {**values, key: "0"}, status=422).text
    me.post("/promotion/simulate/nothing", values, status=404)
    client.log_in_as(staff["head"]).get("/promotion/simulate", status=403)


def test_a_changed_file_is_tried_out_and_faults_are_named_by_line(client, staff) -> None:
    me = client.log_in_as(staff["hr"])
    me.get("/promotion/simulate")
    key, _values = grade_key()
    from decimal import Decimal

    ladder = changing.with_numbers(ladders.ladder("general", ON), {key: Decimal(8)})
    text = changing.as_text(ladder)
    pasted = me.post("/promotion/simulate", {"text": text, "on": "2026-11-20"}, status=200).text
    assert "1人因此不能" in plain(pasted)
    sent = {"file": (io.BytesIO(text.encode()), "new.yaml"), "on": "2026-11-20"}
    assert "1人因此不能" in plain(me.post("/promotion/simulate", sent, status=200).text)
    wrong = me.post(
        "/promotion/simulate", {"text": "ref: general\nedition: x\n", "on": "2026-11-20"}, status=422
    )
    assert ":2:" in wrong.text and "edition: x" in wrong.text
    empty = me.post("/promotion/simulate", {"text": "", "on": "2026-11-20"}, status=422).text
    assert "请选择文件，或者粘贴内容" in empty
    new = text.replace('"ref": "general"', '"ref": "brand-new"')
    assert (
        "现在没有这条通道"
        in me.post("/promotion/simulate", {"text": new, "on": "2026-11-20"}, status=200).text
    )
