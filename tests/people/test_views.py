"""Pages of people: every page is fetched and checked, every form is sent, right and wrong."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pyotp
import pytest

from cstrain.documents.tables import write_xlsx
from cstrain.extensions import db
from cstrain.people import queries
from cstrain.people.facts import Status
from tests.factories.people import (
    make_company_day,
    make_contract,
    make_department,
    make_leave,
    make_person,
    make_role,
    make_stand_in,
)

TODAY = date(2026, 11, 20)
PASSWORD = "海边有七只安静的骆驼"


@pytest.fixture
def house(app):
    """A small department: HR, an administrator, a supervisor, a mentor-less trainee."""
    with app.app_context():
        sales = make_department("售前客服一部")
        office = make_department("人力资源部")
        people = {
            "hr": make_person("孙丽", "H001", ["hr"], office),
            "hr2": make_person("周敏", "H002", ["hr_manager"], office),
            "admin": make_person("王强", "A001", ["administrator"], office),
            "auditor": make_person("郑和", "A002", ["auditor"], office),
            "boss": make_person("张慧", "K001", ["supervisor"], sales, password=PASSWORD),
            "agent": make_person("李娜", "K002", [], sales, password=PASSWORD, phone="13800001111"),
            "trainee": make_person("林晓雯", "K003", [], sales, date(2026, 11, 2), "probation"),
        }
        make_contract(people["trainee"], starts_on=date(2026, 11, 2), probation_end=date(2027, 1, 1))
        people["sales"], people["office"] = sales, office
        db.session.remove()
    return people


@pytest.fixture
def as_hr(client, house):
    return client.log_in_as(house["hr"])


@pytest.fixture
def as_admin(client, house):
    return client.log_in_as(house["admin"])


def plain(page):
    """A page without the spans that keep numbers and their measure words together."""
    return re.sub(r'<span class="nb">([^<]*)</span>', r"\1", page)


def facts_of(app, person, on=TODAY):
    with app.app_context():
        found = queries.get_person(person, on)
        db.session.remove()
    return found


@pytest.mark.both_databases
def test_the_directory_shows_hr_everybody_and_finds_by_pinyin_and_number(as_hr):
    assert "你可以查看" in as_hr.get("/people")
    assert "林晓雯" in as_hr.get("/people?q=linxiao")
    assert "林晓雯" in as_hr.get("/people?q=lxw")
    assert "林晓雯" in as_hr.get("/people?q=k003")
    assert "没有符合条件的人" in as_hr.get("/people?q=不存在")


def test_filters_by_department_and_status_narrow_the_list(as_hr, house):
    page = as_hr.get(f"/people?department={house['sales']}&status=probation")
    assert "林晓雯" in page
    assert "孙丽" not in page.split("<main")[1]


def test_a_supervisor_sees_the_own_department_only(client, house):
    client.log_in_as(house["boss"])
    page = client.get("/people").split("<main")[1]
    assert "林晓雯" in page
    assert "孙丽" not in page
    client.get(f"/people/{house['trainee']}")
    client.get(f"/people/{house['hr']}", 404)
    client.get("/people/99999", 404)


def test_a_supervisor_sees_no_contract_and_no_phone(client, house):
    client.log_in_as(house["boss"])
    page = client.get(f"/people/{house['agent']}")
    assert "13800001111" not in page
    assert "劳动合同" not in page


def test_an_agent_may_open_the_own_page_but_not_the_directory(client, house):
    client.log_in_as(house["agent"])
    assert "13800001111" in client.get(f"/people/{house['agent']}")
    client.get("/people", 403)
    client.get(f"/people/{house['boss']}", 404)


def test_looking_at_somebody_is_noted_and_shown_to_them(client, house):
    client.log_in_as(house["hr"]).get(f"/people/{house['agent']}")
    client.log_in_as(house["agent"])
    assert "孙丽" in client.get("/account")


def test_hr_enters_a_new_person_with_a_contract(as_hr, app, house):
    as_hr.get("/people/new")
    form = {
        "name": "欧阳小禾",
        "staff_no": "k777",
        "department": house["sales"],
        "hire_date": "2026-11-23",
        "status": "probation",
        "contract": "fixed_term",
        "contract_end": "2029-11-22",
        "probation_end": "2027-01-22",
    }
    response = as_hr.post("/people/new", form)
    with app.app_context():
        found = queries.find_person_by_staff_no("K777", TODAY)
        contract = queries.contract_of(found.id, TODAY)
    assert response.location.endswith(f"/people/{found.id}")
    assert (found.status, contract.term_months, contract.probation_end) == (
        "probation",
        36,
        date(2027, 1, 22),
    )
    assert "欧阳小禾在试用期" in as_hr.get(response.location)


def test_a_staff_number_that_is_taken_is_refused_and_the_form_keeps_its_words(as_hr, house):
    form = {
        "name": "李娜",
        "staff_no": "K002",
        "department": house["sales"],
        "hire_date": "2026-11-23",
        "status": "probation",
    }
    page = as_hr.post("/people/new", form, 422).text
    assert "已经有人使用" in page
    assert 'value="李娜"' in page
    assert "已有同名的员工" in page


def test_an_empty_hire_form_names_each_missing_field(as_hr):
    page = as_hr.post("/people/new", {}, 422).text
    assert page.count("请填写这一项。") >= 2


def test_contact_data_is_corrected(as_hr, app, house):
    url = f"/people/{house['agent']}/edit"
    as_hr.get(url)
    as_hr.post(url, {"name": "李娜", "phone": "+86 138 0000 0000", "email": "lina@example.com"})
    assert facts_of(app, house["agent"]).email == "lina@example.com"
    assert "邮箱“lina”不完整" in as_hr.post(url, {"name": "李娜", "email": "lina"}, 422).text


def test_a_change_of_department_takes_effect_on_its_day(as_hr, app, house):
    url = f"/people/{house['agent']}/state"
    as_hr.get(url)
    form = {
        "effective_from": "2026-12-01",
        "status": "converted",
        "level": "junior",
        "department": house["office"],
        "post": "客服专员",
        "reason": "调岗",
    }
    as_hr.post(url, form)
    assert facts_of(app, house["agent"]).department_id == house["sales"]
    assert facts_of(app, house["agent"], date(2026, 12, 1)).department_id == house["office"]
    assert "将生效" in as_hr.get(f"/people/{house['agent']}")


def test_nobody_changes_the_own_record(as_hr, house):
    for page in ("edit", "state", "contract", "leaving"):
        as_hr.get(f"/people/{house['hr']}/{page}", 404)
    as_hr.post(f"/people/{house['hr']}/edit", {"name": "孙大丽"}, 404)


def test_a_contract_is_recorded_and_impossible_dates_are_refused(as_hr, house):
    url = f"/people/{house['agent']}/contract"
    as_hr.get(url)
    as_hr.post(url, {"kind": "fixed_term", "starts_on": "2026-01-01", "ends_on": "2028-12-31"})
    page = as_hr.post(url, {"kind": "fixed_term", "starts_on": "2026-01-01"}, 422).text
    assert "固定期限合同要写明到期日" in page


def test_leaving_ends_roles_and_closes_the_account_at_once_when_wanted(client, app, house):
    agent = client.log_in_as(house["boss"])
    agent.get("/account")
    hr = type(client)(app).log_in_as(house["hr"])
    url = f"/people/{house['boss']}/leaving"
    hr.get(url)
    hr.post(
        url, {"last_day": "2026-11-30", "reason": "个人发展", "successor": house["agent"], "close_now": "y"}
    )
    assert agent.raw.get("/account").status_code == 302
    with app.app_context():
        assert queries.roles_of(house["boss"], date(2026, 12, 1)) == frozenset()
        assert "supervisor" in queries.roles_of(house["boss"], date(2026, 11, 30))
        assert queries.get_person(house["boss"], date(2026, 12, 1)).status is Status.LEFT
    assert "最后工作日" in hr.get(f"/people/{house['boss']}")


def test_an_account_closes_by_itself_after_the_last_day(client, app, house, clock):
    agent = client.log_in_as(house["agent"])
    hr = type(client)(app).log_in_as(house["hr"])
    hr.post(f"/people/{house['agent']}/leaving", {"last_day": "2026-11-20", "reason": "个人发展"})
    agent.get("/account")
    clock.move(timedelta(hours=11))
    assert hr.raw.get("/account").status_code == 200
    clock.move(timedelta(minutes=-1) + timedelta(hours=4, minutes=1))
    client.log_in_as(house["agent"])
    assert client.raw.get("/account").status_code == 302


def test_the_administrator_grants_and_ends_a_role_and_it_counts_at_the_next_request(as_admin, app, house):
    other = type(as_admin)(app).log_in_as(house["agent"])
    other.get("/people", 403)
    url = f"/people/{house['agent']}/roles"
    as_admin.get(url)
    as_admin.post(url, {"role": "group_leader", "department": house["sales"], "valid_from": "2026-11-20"})
    other.get("/people")
    with app.app_context():
        held = queries.assignments_of(house["agent"])
    as_admin.get(url)
    as_admin.post(f"{url}/{held[0].id}/end")
    other.get("/people", 403)


def test_nobody_grants_a_role_to_themself(as_admin, house):
    as_admin.get(f"/people/{house['admin']}/roles", 404)
    as_admin.post(f"/people/{house['admin']}/roles", {"role": "gm", "valid_from": "2026-11-20"}, 404)


def test_a_role_assignment_of_somebody_else_is_not_ended_through_another_page(as_admin, app, house):
    with app.app_context():
        held = queries.assignments_of(house["boss"])
    as_admin.post(f"/people/{house['agent']}/roles/{held[0].id}/end", status=404)


def test_an_office_without_its_department_is_refused(as_admin, house):
    page = as_admin.post(
        f"/people/{house['agent']}/roles",
        {"role": "supervisor", "department": "", "valid_from": "2026-11-20"},
        422,
    ).text
    assert "要写明负责哪个部门" in page


def test_stand_ins_are_appointed_and_ended(as_hr, app, house):
    as_hr.get("/stand-ins")
    form = {
        "principal": house["boss"],
        "stand_in": house["agent"],
        "first_day": "2026-11-20",
        "last_day": "2026-11-25",
        "reason": "年假",
    }
    as_hr.post("/stand-ins", form)
    with app.app_context():
        assert queries.stand_ins_for(house["boss"], TODAY) == [house["agent"]]
        entry = queries.stand_in_list(TODAY)[0]
    assert "进行中" in as_hr.get("/stand-ins")
    back = {**form, "principal": house["agent"], "stand_in": house["boss"]}
    assert "代理不能再转交" in as_hr.post("/stand-ins", back, 422).text
    as_hr.post(f"/stand-ins/{entry.id}/end")
    with app.app_context():
        assert queries.stand_ins_for(house["boss"], TODAY) == []


def test_the_roster_grid_saves_only_what_differs_from_the_plan(as_hr, app, house):
    page = as_hr.get(f"/rosters?department={house['sales']}&month=2026-11")
    assert "排班" in page
    with app.app_context():
        plans = queries.work_plans([house["boss"], house["agent"], house["trainee"]])
    days = [date(2026, 11, number) for number in range(20, 31)]
    form = {"department": house["sales"], "month": "2026-11"}
    for person, plan in plans.items():
        form[f"p{person}"] = [day.isoformat() for day in days if plan.is_rostered(day)]
    sunday = date(2026, 11, 22)
    form[f"p{house['trainee']}"].append(sunday.isoformat())
    as_hr.post("/rosters", form)
    with app.app_context():
        plan = queries.work_plan(house["trainee"])
    assert plan.rostered == {sunday: True}
    assert plan.is_rostered(sunday)


def test_the_roster_page_of_an_empty_department_says_so(as_hr, app):
    with app.app_context():
        empty = make_department("新部门")
    assert "这个部门没有人" in as_hr.get(f"/rosters?department={empty}&month=2027-05")


def test_leave_is_recorded_shown_and_cancelled(as_hr, app, house):
    url = f"/people/{house['trainee']}/leave"
    as_hr.get(url)
    as_hr.post(url, {"kind": "sick", "first_day": "2026-11-23", "last_day": "2026-11-24", "reason": "感冒"})
    clash = {"kind": "personal", "first_day": "2026-11-24", "last_day": "2026-11-24"}
    assert "重叠" in as_hr.post(url, clash, 422).text
    with app.app_context():
        entry = queries.leave_of(house["trainee"])[0]
        assert not queries.work_plan(house["trainee"]).is_rostered(date(2026, 11, 23))
    assert "病假" in as_hr.get(f"/people/{house['trainee']}")
    as_hr.post(f"/leave/{entry.id}/cancel")
    with app.app_context():
        assert queries.work_plan(house["trainee"]).is_rostered(date(2026, 11, 23))
    assert "已撤销" in as_hr.get(url)


def test_company_days_win_over_the_published_calendar(as_hr, app, house):
    as_hr.get("/company-days")
    as_hr.post("/company-days", {"day": "2026-11-23", "working": "no", "department": "", "note": "盘点"})
    with app.app_context():
        assert not queries.work_plan(house["agent"]).is_rostered(date(2026, 11, 23))
        row = queries.company_days(TODAY, date(2026, 12, 31))[0].id
    assert "盘点" in as_hr.get("/company-days")
    as_hr.post("/company-days", {"day": "", "working": "no"}, 422)
    as_hr.post(f"/company-days/{row}/remove")
    with app.app_context():
        assert queries.work_plan(house["agent"]).is_rostered(date(2026, 11, 23))


def test_departments_are_added_changed_and_not_closed_while_in_use(as_admin, house):
    as_admin.get("/departments")
    as_admin.post(
        "/departments", {"code": "S2", "name": "售前客服二部", "week": "six_days", "is_active": "y"}
    )
    assert (
        "已经使用"
        in as_admin.post("/departments", {"code": "S2", "name": "别的", "week": "six_days"}, 422).text
    )
    url = f"/departments/{house['sales']}"
    as_admin.get(url)
    as_admin.post(url, {"name": "售前客服一部", "week": "five_days", "is_active": "y"})
    page = as_admin.post(url, {"name": "售前客服一部", "week": "six_days"}, 422).text
    assert "还有3名在职员工" in plain(page)


def _upload(client, rows, name="staff.xlsx", status=302):
    data = {"file": (BytesIO(write_xlsx(rows)), name)}
    return client.post("/people/import", data, status, content_type="multipart/form-data")


@pytest.mark.both_databases
def test_a_good_file_is_checked_confirmed_and_links_are_printed(as_admin, app, house):
    as_admin.get("/people/import")
    rows = [
        ["工号", "姓名", "部门", "入职日期", "状态", "导师工号"],
        ["K101", "赵一", "售前客服一部", "2026/11/23", "试用期", "K001"],
        ["K102", "钱二", "售前客服一部", "2026年11月23日", "", "K101"],
    ]
    url = _upload(as_admin, rows).location
    assert "可以导入" in as_admin.get(url)
    with app.app_context():
        assert queries.find_person_by_staff_no("K101", TODAY) is None
    as_admin.post(f"{url}/confirm")
    with app.app_context():
        one = queries.find_person_by_staff_no("K101", TODAY)
        assert queries.proposed_mentor(one.id) == house["boss"]
    assert "2人等着设密码" in plain(as_admin.get(url))
    as_admin.post(f"{url}/confirm", status=409)
    page = as_admin.post("/people/links", {"person": [str(one.id)]}, 200).text
    assert page.count("<svg") > 1
    assert "/links/" in page


def test_a_faulty_file_is_refused_whole_with_row_and_column(as_admin, app):
    rows = [["工号", "姓名", "职级"], ["K101", "赵一", "初级"], ["K101", "钱二", "优"]]
    url = _upload(as_admin, rows).location
    page = plain(as_admin.get(url))
    assert "2处要改，一行也没写入" in page
    assert "与第2行重复" in page
    assert "只能填初级、中级、高级、资深" in page
    as_admin.post(f"{url}/confirm", status=422)
    assert as_admin.download(f"{url}/faults.xlsx").startswith(b"PK")
    as_admin.post(f"{url}/discard")
    assert "已经处理完" in as_admin.get(url)
    with app.app_context():
        assert queries.find_person_by_staff_no("K101", TODAY) is None


def test_a_batch_of_somebody_else_is_not_found(as_admin, app, house):
    url = _upload(as_admin, [["工号", "姓名"], ["K101", "赵一"]]).location
    other = type(as_admin)(app).log_in_as(house["hr"])
    other.get(url, 404)
    other.post(f"{url}/confirm", status=404)


def test_a_checked_file_is_too_old_after_a_day(as_admin, clock):
    url = _upload(as_admin, [["工号", "姓名"], ["K101", "赵一"]]).location
    clock.move(timedelta(hours=11, minutes=59))
    clock.move(timedelta(hours=13))
    as_admin.log_in_as(as_admin_id(as_admin))
    as_admin.post(f"{url}/confirm", status=409)


def as_admin_id(client):
    with client.raw.session_transaction() as cookie:
        return int(cookie["_user_id"].split(".")[0])


def test_an_upload_without_file_or_with_another_kind_is_refused(as_admin):
    assert "请选择要导入的文件" in as_admin.post("/people/import", {}, 422).text
    data = {"file": (BytesIO(b"%PDF-1.7"), "staff.pdf"), "csrf_token": as_admin.csrf()}
    response = as_admin.raw.post("/people/import", data=data, content_type="multipart/form-data")
    assert response.status_code == 422
    assert "只能上传xlsx或csv" in response.text


def test_hr_may_not_invent_departments_and_the_administrator_may(as_admin, app, house):
    rows = [["工号", "姓名", "部门"], ["K101", "赵一", "直播部-晚班组"]]
    hr = type(as_admin)(app).log_in_as(house["hr"])
    assert "没有“直播部-晚班组”这个部门" in hr.get(_upload(hr, rows).location)
    url = _upload(as_admin, rows).location
    assert "会新增" in as_admin.get(url)
    as_admin.post(f"{url}/confirm")
    with app.app_context():
        assert queries.find_person_by_staff_no("K101", TODAY).department_name == "晚班组"


def test_the_template_and_the_exports_download(as_hr):
    assert as_hr.download("/people/import/template.xlsx").startswith(b"PK")
    assert as_hr.download("/people/export.xlsx").startswith(b"PK")
    assert as_hr.download("/people/export.csv").startswith(b"\xef\xbb\xbf")


def test_a_link_sets_the_first_password_once_and_the_person_logs_in(client, app, house):
    client.log_in_as(house["hr"])
    page = client.post(f"/people/{house['trainee']}/link", {}, 200).text
    token = page.split("/links/")[1].split("<")[0].split('"')[0].strip()
    visitor = type(client)(app)
    assert "请设置你的密码" in visitor.get(f"/links/{token}")
    assert "不一样" in visitor.post(f"/links/{token}", {"password": PASSWORD, "again": "x"}, 422).text
    common = {"password": "1234567890", "again": "1234567890"}
    assert "太常见" in visitor.post(f"/links/{token}", common, 422).text
    visitor.post(f"/links/{token}", {"password": PASSWORD, "again": PASSWORD})
    visitor.get(f"/links/{token}", 404)
    visitor.post(f"/links/{token}", {"password": PASSWORD, "again": PASSWORD}, 404)
    visitor.post("/log-in", {"username": "k003", "password": PASSWORD})
    assert "林晓雯" in visitor.get("/account")


def test_a_link_expires(client, app, house, clock):
    client.log_in_as(house["hr"])
    page = client.post(f"/people/{house['trainee']}/link", {}, 200).text
    token = page.split("/links/")[1].split("<")[0].split('"')[0].strip()
    clock.move(timedelta(hours=72))
    type(client)(app).get(f"/links/{token}", 404)


def test_bulk_links_skip_people_who_have_a_password(as_hr, house):
    page = as_hr.post("/people/links", {"person": [str(house["agent"])]}, 422).text
    assert "都已设过密码" in page


def test_who_resets_a_password_may_not_remove_the_second_factor_too(client, app, house):
    hr = client.log_in_as(house["hr"])
    hr.post(f"/people/{house['boss']}/link", {}, 200)
    page = hr.post(f"/people/{house['boss']}/second-factor/remove", {}, 422).text
    assert "同一个人不能" in page
    other = type(client)(app).log_in_as(house["hr2"])
    other.post(f"/people/{house['boss']}/second-factor/remove")
    assert "同一个人不能" in other.post(f"/people/{house['boss']}/link", {}, 422).text


def test_the_account_page_changes_language_and_password(client, app, house):
    client.log_in_as(house["agent"])
    client.get("/account")
    client.post("/account/language", {"locale": "en"})
    assert 'lang="en"' in client.get("/account")
    client.post("/account/language", {"locale": "zh"})
    wrong = {"current": "不对的密码啊啊啊啊", "password": PASSWORD + "二", "again": PASSWORD + "二"}
    assert "现在的密码不对" in client.post("/account/password", wrong, 422).text
    mine = {"current": PASSWORD, "password": "K002K002李娜", "again": "K002K002李娜"}
    assert client.post("/account/password", mine, 422)
    other = type(client)(app).log_in_as(house["agent"])
    client.post("/account/password", {**wrong, "current": PASSWORD})
    client.get("/account")
    assert other.raw.get("/account").status_code == 302


def test_offices_enrol_a_second_factor_before_anything_else(client, app, house, clock):
    visitor = type(client)(app)
    visitor.post("/log-in", {"username": "K001", "password": PASSWORD})
    assert visitor.raw.get("/account").location == "/account/second-factor"
    page = visitor.get("/account/second-factor")
    secret = page.split('class="secret">')[1].split("<")[0].replace(" ", "")
    assert visitor.post("/account/second-factor", {"code": "000000"}, 422)
    code = pyotp.TOTP(secret).at(clock.now())
    page = visitor.post("/account/second-factor", {"code": code}, 200).text
    recovery = page.split("<code>")[1].split("</code>")[0]
    visitor.get("/account")
    visitor.post("/log-out")
    again = type(client)(app)
    again.post("/log-in", {"username": "K001", "password": PASSWORD})
    assert again.raw.get("/account").status_code == 302
    again.get("/second-factor")
    assert "已经用过" in again.post("/second-factor", {"code": code}, 422, audited=False).text
    clock.move(timedelta(seconds=60))
    again.post("/second-factor", {"code": pyotp.TOTP(secret).at(clock.now())})
    again.get("/account")
    third = type(client)(app)
    third.post("/log-in", {"username": "K001", "password": PASSWORD})
    third.post("/second-factor", {"code": recovery})
    third.get("/account")
    fourth = type(client)(app)
    fourth.post("/log-in", {"username": "K001", "password": PASSWORD})
    assert fourth.post("/second-factor", {"code": recovery}, 422)


def test_a_second_factor_is_optional_for_others_and_may_be_removed(client, house, clock):
    client.log_in_as(house["agent"])
    page = client.get("/account/second-factor")
    secret = page.split('class="secret">')[1].split("<")[0].replace(" ", "")
    client.post("/account/second-factor", {"code": pyotp.TOTP(secret).at(clock.now())}, 200)
    assert "恢复码" in client.post("/account/recovery-codes", {}, 200).text
    client.post("/account/second-factor/remove")
    assert "未开启" in client.get("/account")


def test_who_stands_in_for_an_office_needs_the_second_factor_too(client, app, house):
    with app.app_context():
        make_stand_in(house["boss"], house["agent"], TODAY, TODAY, house["hr"])
    visitor = type(client)(app)
    visitor.post("/log-in", {"username": "K002", "password": PASSWORD})
    assert visitor.raw.get("/account").location == "/account/second-factor"


def test_the_second_factor_page_needs_the_password_first(client):
    assert client.raw.get("/second-factor").location == "/log-in"


def test_lost_password_says_who_helps_when_no_mail_is_configured(client):
    assert "人力资源部" in client.get("/lost-password")


def test_a_person_page_lists_roles_leave_and_future_ends(as_hr, app, house):
    with app.app_context():
        make_role(house["agent"], "mentor", date(2026, 11, 1), date(2026, 12, 31))
        make_leave(house["agent"], date(2026, 12, 1), date(2026, 12, 2), "annual")
        make_company_day(date(2026, 12, 24), False)
    page = as_hr.get(f"/people/{house['agent']}")
    assert "导师" in page
    assert "年假" in page


def test_packages_above_fill_the_person_page(as_hr, app, house, monkeypatch):
    from cstrain.kernel.registry import Registry
    from cstrain.people import slots

    registry = Registry("section of the person page")
    template = app.jinja_env.from_string("<p>{{ section.data['mark'] }}</p>")
    registry.add("scores", lambda person: [slots.Section(f"{person.name}的成绩", template, {"mark": "79.5"})])
    monkeypatch.setattr(slots, "person_sections", registry)
    page = as_hr.get(f"/people/{house['agent']}")
    assert "李娜的成绩" in page
    assert "<p>79.5</p>" in page


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_year_nobody_means_is_refused_beside_its_field(as_hr, house, day):
    agent = house["agent"]
    page = as_hr.post(
        f"/people/{agent}/contract", {"kind": "fixed_term", "starts_on": day, "ends_on": day}, 422
    ).text
    assert "年份不对" in page
    page = as_hr.post(f"/people/{agent}/leaving", {"last_day": day, "reason": "搬家"}, 422).text
    assert "年份不对" in page
    assert "搬家" in page


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "x", ""])
def test_a_month_nobody_means_shows_this_month(as_hr, month):
    assert "2026年11月" in as_hr.get(f"/rosters?month={month}")


def test_a_number_too_large_for_a_column_is_a_page_that_does_not_exist(as_hr):
    number = "9" * 20
    as_hr.get(f"/people/{number}", 404)
    as_hr.get(f"/rosters?department={number}")
    as_hr.get(f"/people?department={number}&page={number}")
    as_hr.post("/rosters", {"department": "9" * 10_000, "month": "2026-11"}, 302)


def test_a_page_below_a_section_marks_the_section(as_hr, house):
    assert 'aria-current="true"' in as_hr.get(f"/people/{house['agent']}")
    assert 'href="/people" aria-current="page"' in as_hr.get("/people").replace(' class="near"', "")


@pytest.mark.both_databases
@pytest.mark.parametrize("url", ["/people?q=%00", "/lessons/a%00b", "/log-in?next=%00"])
def test_an_address_with_a_nul_is_no_page(as_hr, url):
    as_hr.get(url, 404)
