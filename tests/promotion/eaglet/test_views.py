"""Pages of Eaglet plans: what each person sees and may do, refusals, papers."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from cstrain.audit.queries import latest
from cstrain.promotion.eaglet import queries, service, store
from cstrain.promotion.eaglet.service import NewNotice
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import credentials
from tests.factories import eaglets as make
from tests.factories import exams as exam_make
from tests.factories.discipline import make_entry
from tests.factories.eaglets import AFTER, INTERVIEWS, SCREENING, STUDY, WORDS, at
from tests.factories.people import make_person

SHEET = {f"points_{each.id}": str(each.of) for each in store.chapter().interview.criteria}


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def study(app, clock):
    clock.set(INTERVIEWS)
    with app.app_context():
        return make.studying()


def test_the_list_is_empty_and_says_what_will_come(app, client) -> None:
    with app.app_context():
        cast = make.make_cast()
    assert "还没有雏鹰计划" in client.log_in_as(cast.everybody[0]).get("/eaglet")


def test_the_director_proposes_three_offices_approve_and_hr_announces(app, client) -> None:
    with app.app_context():
        cast = make.make_cast()
    people = cast.people
    client.log_in_as(people["hr"]).get("/eaglet/new", 403)
    client.log_in_as(people["director"])
    assert "总经理" in client.get("/eaglet/new")
    page = client.post("/eaglet/new", {"title": "雏鹰计划", "reason": ""}, 422).text
    assert "雏鹰计划" in page
    client.post("/eaglet/new", {"title": "雏鹰计划", "reason": "缺人"})
    again = client.post("/eaglet/new", {"title": "雏鹰计划", "reason": "缺人"}, 422).text
    assert "已经提出过" in again and "缺人" in again
    client.post("/eaglet/1/approve", {"office": "gm", "agrees": "yes"}, 403)
    client.log_in_as(people["gm"])
    assert "还差3个职务审批" in plain(client.get("/eaglet/1"))
    page = client.post("/eaglet/1/approve", {"office": "hr_manager", "agrees": "yes", "text": "好"}, 422)
    assert "不担任这个审批职务" in page.text and "好" in page.text
    for name, office in zip(make.OFFICES, ("gm", "deputy_gm", "hr_manager"), strict=True):
        client.log_in_as(people[name])
        assert "雏鹰计划等你审批" in client.get("/")
        client.post("/eaglet/1/approve", {"office": office, "agrees": "yes", "text": ""})
    client.log_in_as(people["hr"])
    form = {"text": "欢迎", "opens_on": "2026-11-20", "closes_on": "2026-11-22"}
    assert "还没有填部门" in client.get("/eaglet/1/notice")
    page = client.post("/eaglet/1/notice", form, 422).text
    assert "欢迎" in page and "名额和部门" in page
    assert "还没有填" in client.get("/eaglet/places")
    wrong = {"place": "soso", "department": cast.departments["soso"], "platform": "google"}
    assert "另一个平台" in client.post("/eaglet/places", wrong, 422).text
    for key, department in cast.departments.items():
        platform = "soso" if key == "soso" else "google"
        client.post("/eaglet/places", {"place": key, "department": department, "platform": platform})
    client.post("/eaglet/1/notice", form)
    page = plain(client.log_in_as(cast.everybody[0]).get("/eaglet/1"))
    assert "11月30日" in page and "可以报名" in page


def test_somebody_applies_and_a_refused_form_keeps_what_was_typed(app, client) -> None:
    with app.app_context():
        cast = make.announced()
    person = cast.everybody[0]
    client.log_in_as(person)
    page = client.get("/eaglet/1/apply")
    assert "周敏" in page and "在普通客服部门工作满1年" in plain(page) and "没有重大投诉" in plain(page)
    page = client.post("/eaglet/1/apply", {**WORDS, "months": "9", "promise": "y"}, 422).text
    assert "methods的话" in page and "0.5到6个月" in plain(page)
    client.post("/eaglet/1/apply", {**WORDS, "months": "1.5", "promise": "y"})
    assert "不用再报" in client.get("/eaglet/1/apply")
    assert "你已报名" in plain(client.get("/eaglet/1"))
    client.log_in_as(cast.people["soso"])
    assert "等上级评语" in plain(client.get("/eaglet/applications/1"))
    page = client.post("/eaglet/applications/1/comment", {"rating": "5", "text": ""}, 422).text
    assert "请填写这一项" in page
    client.post("/eaglet/applications/1/comment", {"rating": "5", "text": "支持"})
    client.log_in_as(cast.people["hr"])
    assert "系统不知道的" in client.get("/eaglet/applications/1")
    given = {"about": "conversion", "word": "mark", "mark": "190", "text": "档案"}
    assert "0到100" in client.post("/eaglet/applications/1/state", given, 422).text
    client.post("/eaglet/applications/1/state", {**given, "mark": "92.5"})
    assert "92.5" in client.get("/eaglet/applications/1")
    for who in (cast.everybody[1], cast.people["one"], cast.people["elsewhere"]):
        client.log_in_as(who).get("/eaglet/applications/1", 404)
        client.get("/eaglet/applications/1/form.pdf", 404)
    client.get("/eaglet/applications/99999", 404)
    client.log_in_as(person)
    client.post("/eaglet/applications/1/withdraw")
    assert "已撤回报名" in plain(client.get("/eaglet/applications/1"))


def test_the_form_names_the_register_of_an_entry_once(app, client) -> None:
    from cstrain.promotion.eaglet import documents

    with app.app_context():
        cast = make.announced()
        person = cast.everybody[0]
        make_entry(cast.people["hr"], person, "award", text="季度服务之星", day=make.DAY, at=at())
        application = make.apply(cast, person)
        found = queries.application(application)
        plan = queries.plan(cast.plan, make.DAY)
        assert documents.form_data(plan, found, {})["registers"] == [
            ["奖励", "2026年11月20日", "季度服务之星"]
        ]
    client.log_in_as(person)
    page = plain(client.get(f"/eaglet/applications/{application}"))
    assert "奖励：季度服务之星" in page and "奖励：奖励" not in page


def test_who_may_not_apply_hears_why_before_they_write(app, client, clock) -> None:
    with app.app_context():
        cast = make.make_cast()
        make.set_places(cast)
        make.approved(cast)
        fresh = make_person("新来的", department=cast.departments["soso"], status="probation")
    client.log_in_as(cast.everybody[0])
    assert "还没有发布通知" in client.get("/eaglet/1/apply")
    with app.app_context(), unit_of_work():
        days = NewNotice("欢迎报名", make.DAY, make.DAY + timedelta(days=2))
        service.publish_notice(cast.people["hr"], at(), cast.plan, days)
    named = "没有你所在部门（仓储部）的名额，有名额的部门是SOSO客服部、客服一部、客服二部"
    for who, why in (
        (cast.people["elsewhere"], named),
        (fresh, "转正以后才能报名"),
        (cast.people["director"], "没有你所在部门"),
    ):
        page = plain(client.log_in_as(who).get("/eaglet/1/apply"))
        assert "你现在不能报名" in page and why in page and "提交申请书" not in page
        refused = client.post("/eaglet/1/apply", {**WORDS, "months": "1.5", "promise": "y"}, 422).text
        assert why in plain(refused) and "methods的话" in refused
    clock.set(SCREENING)
    assert "11月22日 周日截止了" in plain(client.log_in_as(cast.everybody[0]).get("/eaglet/1/apply"))


def test_the_sheet_names_what_is_unknown_and_the_interviews_stay_sealed(app, client, clock) -> None:
    with app.app_context():
        cast = make.announced()
        for place, each in cast.applicants.items():
            for person in each:
                make.apply(cast, person)
                make.comment(cast, place, person)
    clock.set(SCREENING)
    client.log_in_as(cast.people["hr"])
    page = plain(client.get("/eaglet/1/screening/1"))
    assert "有6份报名还有待确认的项目" in page
    assert "待确认的项目" in client.post("/eaglet/1/screening", status=409).text
    with app.app_context():
        for person in cast.everybody:
            make.state(cast, person)
    client.post("/eaglet/1/screening")
    assert "已密封，核对无误" in plain(client.get("/eaglet/1/screening/1"))
    first = cast.applications[cast.everybody[0]]
    page = plain(client.log_in_as(cast.everybody[0]).get(f"/eaglet/applications/{first}"))
    assert "入围面试" in page
    client.get("/eaglet/1/screening/1", 403)
    client.log_in_as(cast.people["gm"])
    assert "还没到面试日期" in client.get(f"/eaglet/applications/{first}/interview")
    clock.set(INTERVIEWS)
    assert "给雏鹰计划报名人面试打分" in client.log_in_as(cast.people["gm"]).get("/")
    page = client.post(f"/eaglet/applications/{first}/interview", {**SHEET, "points_plan": "31"}, 422).text
    assert "超出满分" in page
    client.post(f"/eaglet/applications/{first}/interview", {**SHEET, "note": "CANARY"})
    client.get(f"/eaglet/applications/{first}/interview", 404)
    for name in ("gm", "hr", "auditor", "director"):
        client.log_in_as(cast.people[name])
        for url in ("/eaglet/1", "/eaglet/1/result/1", f"/eaglet/applications/{first}", "/eaglet"):
            assert "CANARY" not in client.get(url)
    client.log_in_as(cast.people["hr"])
    client.post("/eaglet/1/open", status=409)


def test_an_interview_sheet_is_kept_as_it_is_filled_for_nobody_but_its_rater(app, client, clock) -> None:
    with app.app_context():
        cast = make.applied()
    clock.set(SCREENING)
    with app.app_context():
        make.screened(cast)
    first = cast.applications[cast.everybody[0]]
    where = f"/eaglet/applications/{first}/interview"
    begun = {**SHEET, "points_plan": "", "note": "CANARY先记一句"}
    client.log_in_as(cast.people["gm"])
    assert "交并密封" not in client.get(where)
    client.post(f"{where}/points", begun, 409, audited=False)
    clock.set(INTERVIEWS)
    client.log_in_as(cast.people["gm"])
    assert "打分时自动保存" in client.get(where)
    kept = client.post(f"{where}/points", begun, 200, audited=False)
    assert kept.json["saved"] == "10:00:00"
    page = client.get(where)
    assert "草稿已保存 10:00" in plain(page) and "CANARY先记一句" in page
    refused = client.post(f"{where}/points", {**SHEET, "points_plan": "31"}, 422, audited=False)
    assert "要在0到" in refused.json["error"]
    client.post(f"{where}/points", {**begun, "note": "CANARY改一句"}, 200, audited=False)
    assert "CANARY改一句" in client.get(where)
    for name in ("deputy", "hr", "auditor", "director", "manager"):
        client.log_in_as(cast.people[name])
        for url in ("/eaglet/1", "/eaglet/1/result/1", f"/eaglet/applications/{first}"):
            assert "CANARY" not in client.get(url)
        if name in make.PANEL:
            assert "CANARY" not in client.get(where)
        else:
            client.post(f"{where}/points", begun, 403, audited=False)
    client.log_in_as(cast.people["gm"]).post(where, {**SHEET, "note": "好"})
    client.post(f"{where}/points", begun, 404, audited=False)
    with app.app_context():
        assert queries.own_draft(first, cast.people["gm"]) is None


def test_the_result_is_opened_by_hr_and_published_by_the_director(app, client, clock) -> None:
    with app.app_context():
        cast = make.applied({"soso": ("周敏", "钱立"), "one": ("苏婷",), "two": ()})
    clock.set(SCREENING)
    with app.app_context():
        make.screened(cast)
    clock.set(INTERVIEWS)
    with app.app_context():
        make.interviewed(cast)
    client.log_in_as(cast.people["hr"])
    assert "可以打开" in plain(client.get("/eaglet/1/result/1"))
    client.post("/eaglet/1/open")
    assert "重新计算一致" in plain(client.get("/eaglet/1/result/1"))
    client.post("/eaglet/1/group", {"text": "祝贺", "place_two": "open"}, 403)
    client.log_in_as(cast.people["director"])
    assert "3人达到入选名次" in plain(client.get("/eaglet/1/result/1"))
    page = client.post("/eaglet/1/group", {"text": "祝贺"}, 422).text
    assert "祝贺" in page and "请选择一项" in page
    client.post("/eaglet/1/group", {"text": "祝贺", "place_two": "open"})
    client.log_in_as(cast.everybody[0])
    page = plain(client.get("/eaglet/1"))
    assert "入选名单" in page and "祝贺" in page
    assert "面试第1名" in plain(client.get(f"/eaglet/applications/{cast.applications[cast.everybody[0]]}"))
    for url in (
        "/eaglet/1/notices/1.pdf",
        "/eaglet/1/results/1.pdf",
        f"/eaglet/applications/{cast.applications[cast.everybody[0]]}/form.pdf",
    ):
        assert client.download(url)[:4] == b"%PDF"
    client.get("/eaglet/1/notices/7.pdf", 404)
    client.get("/eaglet/1/closing.pdf", 404)


def test_the_group_studies_and_hr_answers(client, study) -> None:
    leader, other = study.members[:2]
    client.log_in_as(leader)
    assert "小组正在学习" in plain(client.get("/eaglet/1/study"))
    form = {"day": "2026-11-28", "hours": "14:00–16:00", "place": "三楼", "content": "关键词"}
    page = client.post("/eaglet/1/sessions", {**form, "day": "2026-11-01"}, 422).text
    assert "不能早于今天" in page and "关键词" in page
    client.post("/eaglet/1/sessions", {**form, "things": ["room", "clicker"]})
    client.log_in_as(study.people["hr"])
    assert "会议室" in client.get("/eaglet/1/study")
    client.post("/eaglet/1/requests/1", {"agreed": "no", "text": ""}, 422)
    client.post("/eaglet/1/requests/1", {"agreed": "yes", "text": "302室"})
    client.log_in_as(other)
    assert "确认雏鹰计划的学习内容" in client.get("/")
    client.post("/eaglet/1/sessions/1/agree")
    client.post("/eaglet/1/sessions/1/agree", status=409)
    client.post("/eaglet/1/sessions", form, 422)
    check = {"person": leader, "day": "2026-11-27", "topic": "出价", "mark": "88", "note": "熟练"}
    page = client.post("/eaglet/1/checks", {**check, "mark": "101"}, 422).text
    assert "0到100" in page and "熟练" in page
    client.post("/eaglet/1/checks", {**check, "person": other}, 422)
    client.post("/eaglet/1/checks", check)
    client.post("/eaglet/1/progress", {"text": ""}, 422)
    client.post("/eaglet/1/progress", {"text": "学完两章"})
    page = plain(client.log_in_as(leader).get("/eaglet/1/study"))
    assert "302室" in page and "1位组员已确认" in page and "学完两章" in page and "88.0" in page
    client.post("/eaglet/1/requests/1/returned")
    client.post("/eaglet/1/requests/1/returned", status=409)
    client.post("/eaglet/1/sessions/1/call-off", {"reason": ""}, 422)
    client.post("/eaglet/1/sessions/1/call-off", {"reason": "停电"})
    assert "停电" in client.get("/eaglet/1/study")
    for who in (study.applicants["soso"][2], study.people["elsewhere"], study.people["soso"]):
        client.log_in_as(who).get("/eaglet/1/study", 404)
        client.get("/eaglet/1/exams", 404)
        client.post("/eaglet/1/progress", {"text": "x"}, 404)


def test_the_leader_corrects_a_meeting_and_what_was_said_before_stays(app, client, study) -> None:
    leader, other = study.members[:2]
    form = {"day": "2026-11-28", "hours": "14:00–16:00", "place": "三楼", "content": "关键词"}
    form["things"] = ["room"]
    client.log_in_as(leader)
    client.post("/eaglet/1/sessions", form)
    client.log_in_as(study.people["hr"]).post("/eaglet/1/requests/1", {"agreed": "yes", "text": "302室"})
    client.get("/eaglet/1/sessions/1/correct", 404)
    client.log_in_as(other).post("/eaglet/1/sessions/1/agree")
    client.get("/eaglet/1/sessions/1/correct", 404)
    client.post("/eaglet/1/sessions/1/correct", form, 404)
    client.log_in_as(study.people["elsewhere"]).get("/eaglet/1/sessions/1/correct", 404)
    client.log_in_as(leader)
    client.get("/eaglet/1/sessions/77/correct", 404)
    page = client.get("/eaglet/1/sessions/1/correct")
    assert 'value="2026-11-28"' in page and "302室" in page and "关键词" in page
    page = client.post("/eaglet/1/sessions/1/correct", {**form, "day": "2026-11-01", "place": "四楼"}, 422)
    page = page.text
    assert "不能早于今天" in page and 'value="四楼"' in page
    client.post("/eaglet/1/sessions/1/correct", {**form, "place": "四楼", "content": "出价"})
    page = plain(client.get("/eaglet/1/study"))
    assert "四楼" in page and "更正前的记录：1次" in page and "关键词" in page and "302室" in page
    client.get("/eaglet/1/sessions/1/correct", 404)
    client.post("/eaglet/1/sessions/1/correct", form, 404)
    with app.app_context():
        (last,) = latest(None, "eaglet.report_session", None, 1)
        assert json.loads(last.detail)["replaces"] == 1
    assert "确认雏鹰计划的学习内容" in client.log_in_as(other).get("/")
    client.log_in_as(leader)
    client.post("/eaglet/1/sessions/2/correct", {**form, "day": "2026-11-29"})
    client.log_in_as(study.people["hr"])
    assert "答复场地和设备" in client.get("/eaglet/1/study")
    client.log_in_as(leader).post("/eaglet/1/sessions/3/correct", {**form, "things": []})
    client.log_in_as(study.people["hr"])
    assert "答复场地和设备" not in client.get("/eaglet/1/study")
    client.log_in_as(leader).post("/eaglet/1/sessions/4/call-off", {"reason": "停电"})
    page = client.get("/eaglet/1/study")
    assert "更正这次学习" not in page and "停电" in page
    client.get("/eaglet/1/sessions/5/correct", 409)


def test_the_leader_never_sees_complaints_and_is_changed_at_half(client, study) -> None:
    leader, *others = study.members
    client.log_in_as(others[0])
    client.post("/eaglet/1/complaints", {"reason": ""}, 422)
    for n, who in enumerate(others[:2]):
        client.log_in_as(who)
        client.post("/eaglet/1/complaints", {"reason": f"CANARY{n}不按计划"})
        assert f"CANARY{n}" in client.get("/eaglet/1/study")
        assert f"CANARY{1 - n}" not in client.get("/eaglet/1/study")
    client.log_in_as(leader)
    client.post("/eaglet/1/complaints", {"reason": "自己"}, 422)
    for url in ("/eaglet/1/study", "/eaglet/1", "/eaglet", "/"):
        assert "CANARY" not in client.get(url)
    client.log_in_as(study.people["hr"])
    assert "CANARY0" in client.get("/eaglet/1/study")
    client.post("/eaglet/1/complaints/1", {"agreed": "yes", "text": ""}, 422)
    client.post("/eaglet/1/complaints/1", {"agreed": "yes", "text": "属实"})
    client.log_in_as(leader)
    assert "学习组长" in client.get("/eaglet/1/study") and "属实" not in client.get("/eaglet/1/study")
    client.log_in_as(study.people["hr2"]).post("/eaglet/1/complaints/2", {"agreed": "yes", "text": "属实"})
    client.log_in_as(study.people["director"])
    assert "雏鹰计划等选学习组长" in client.get("/")
    assert "定为学习组长" in client.get("/eaglet/1/study")
    client.post("/eaglet/1/leader", {"person": others[0], "reason": ""}, 422)
    client.post("/eaglet/1/leader", {"person": leader, "reason": "再来"}, 422)
    client.post("/eaglet/1/leader", {"person": others[0], "reason": "大家推荐"})


def test_a_member_is_taken_out_by_hr_and_appeals_to_somebody_else(client, study) -> None:
    leader, other = study.members[:2]
    client.log_in_as(leader)
    client.post("/eaglet/1/removals", {"person": other, "reason": ""}, 422)
    client.post("/eaglet/1/removals", {"person": other, "reason": "故意缺席"})
    client.log_in_as(study.people["hr"])
    assert "故意缺席" in client.get("/eaglet/1/study")
    client.post("/eaglet/1/removals/1/decide", {"agreed": "yes", "text": ""}, 422)
    client.post("/eaglet/1/removals/1/decide", {"agreed": "yes", "text": "三次缺席"})
    client.log_in_as(study.members[2])
    assert "故意缺席" not in client.get("/eaglet/1/study")
    client.post("/eaglet/1/removals/1/appeal", {"reason": "替他"}, 404)
    client.log_in_as(other)
    assert "我要申诉" in client.get("/eaglet/1/study")
    client.post("/eaglet/1/removals/1/appeal", {"reason": ""}, 422)
    client.post("/eaglet/1/removals/1/appeal", {"reason": "请了假"})
    client.log_in_as(study.people["gm"])
    assert "请了假" in client.get("/eaglet/1/study")
    client.post("/eaglet/1/removals/1/hear", {"agreed": "yes", "text": ""}, 422)
    client.post("/eaglet/1/removals/1/hear", {"agreed": "yes", "text": "有假条"})
    assert "申诉成立" in client.log_in_as(other).get("/eaglet/1/study")


def test_the_exams_are_set_and_the_plan_is_closed_by_two(app, client, clock, study) -> None:
    waived = study.members[1]
    with app.app_context():
        credentials.make_papers(*make.PAPERS)
        partial = exam_make.make_sitting(
            study.members[:2], "soso-upgrade", opens_at=make.EXAMS, closes_at=make.EXAMS + 2 * exam_make.HOUR
        )
        whole = exam_make.make_sitting(
            study.members, "soso-upgrade", opens_at=make.EXAMS, closes_at=make.EXAMS + 2 * exam_make.HOUR
        )
    client.log_in_as(study.people["hr"])
    assert "还有2门统一考试没定场次" in plain(client.get("/eaglet/1/exams"))
    assert "这个场次没有" in client.post("/eaglet/1/exams", {"sitting": partial}, 422).text
    client.post("/eaglet/1/exams", {"sitting": whole})
    clock.set(STUDY)
    with app.app_context():
        make.exempt(study, waived)
        make.sat(study, {}, waived)
    clock.set(AFTER)
    client.log_in_as(study.people["hr"])
    page = plain(client.get("/eaglet/1/exams"))
    assert "成绩已齐" in page and "免试" in page and "86.5" in page
    form = {"effective_on": "2026-12-01", "text": "圆满"}
    assert "圆满" in client.post("/eaglet/1/closing", form, 422).text
    client.post("/eaglet/1/closing", {**form, "effective_on": "2027-01-04"})
    client.log_in_as(study.people["deputy"])
    client.post("/eaglet/1/closing/1", {"agreed": "no", "text": ""}, 422)
    client.post("/eaglet/1/closing/1", {"agreed": "yes", "text": ""})
    client.log_in_as(waived)
    page = plain(client.get("/eaglet/1/exams"))
    assert "这期计划已结束" in page and "86.5" in page and "梁静" not in page
    assert client.download("/eaglet/1/closing.pdf")[:4] == b"%PDF"
    assert "结束公告" in client.get("/eaglet/1")


def test_a_plan_is_ended_with_a_reason(app, client) -> None:
    with app.app_context():
        cast = make.announced()
    client.log_in_as(cast.people["director"])
    client.post("/eaglet/1/end", {"reason": ""}, 422)
    client.post("/eaglet/1/end", {"reason": "今年不办了"})
    assert 'role="alert"' in client.post("/eaglet/1/end", {"reason": "又点一次"}, 422).text
    assert "今年不办了" in client.log_in_as(cast.everybody[0]).get("/eaglet/1")


def test_a_long_list_is_paged_and_asks_no_more_for_more_plans(app, client) -> None:
    with app.app_context():
        cast = make.make_cast()
        for _ in range(2):
            make.approved(cast)
            with unit_of_work():
                service.end(cast.people["director"], at(), cast.plan, "不办")
    client.log_in_as(cast.people["elsewhere"]).get("/eaglet")
    with counted(app) as few:
        client.get("/eaglet")
    with app.app_context():
        for _ in range(21):
            make.approved(cast)
            with unit_of_work():
                service.end(cast.people["director"], at(), cast.plan, "不办")
    with counted(app) as many:
        client.get("/eaglet")
    assert len(many) == len(few)
    assert "/eaglet?page=2" in client.get("/eaglet")
    with app.app_context():
        assert queries.plans(make.DAY, 2).total == 23


def test_the_days_of_a_plan_are_remembered(app, clock) -> None:
    from cstrain.promotion.eaglet.jobs import days

    with app.app_context():
        cast = make.applied()
    clock.set(SCREENING)
    with app.app_context():
        told = days(SCREENING)
        assert {one.person for one in told} == {cast.people[name] for name in ("hr", "hr2", "manager")}
        late = days(SCREENING + timedelta(days=2))
        assert all("过了期限" in one.message for one in late) and late
        make.screened(cast)
    clock.set(INTERVIEWS)
    with app.app_context():
        told = days(INTERVIEWS)
        assert {one.person for one in told} == {cast.people[name] for name in make.PANEL}
