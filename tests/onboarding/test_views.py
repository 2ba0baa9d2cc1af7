from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.onboarding import queries, service
from cstrain.onboarding.models import SignOff, SignOffSample
from cstrain.unit_of_work import unit_of_work
from tests.factories.onboarding import (
    START_DATE,
    at,
    do_day,
    do_own_part,
    enter_sheet,
    make_enrolment,
    make_house,
    make_trainee,
)
from tests.factories.people import make_person
from tests.web.page_client import PageClient


class Page(str):
    """A page that is asked for its words, whatever markup keeps them together."""

    def __contains__(self, words: object) -> bool:
        return words in re.sub(r"<[^>]+>", "", str(self)) or super().__contains__(words)


class WordClient(PageClient):
    """The page-checking client, handing out pages that are asked for their words."""

    def get(self, url: str, status: int = 200, **kwargs) -> Page:
        return Page(super().get(url, status, **kwargs))

    def refused(self, url: str, data: dict) -> Page:
        return Page(self.post(url, data, status=422).text)


@pytest.fixture
def client(app):
    return WordClient(app)


@pytest.fixture
def house(app, clock):
    clock.set(at(START_DATE))
    with app.app_context():
        return make_house()


@pytest.fixture
def enrolment(app, house):
    with app.app_context():
        return make_enrolment(house)


@pytest.fixture
def trainee(app, enrolment):
    with app.app_context():
        return queries.enrolment(enrolment).person


# the trainee


def test_who_is_not_enrolled_is_told_what_comes(app, client, house):
    with app.app_context():
        person = make_trainee("新来的")
    assert "你还没有加入培训" in client.log_in_as(person).get("/programme")


def test_the_programme_says_what_to_do_today(client, enrolment, trainee):
    page = client.log_in_as(trainee).get("/programme")
    assert "今天是" in page and "还有" in page
    assert "周敏" in page
    assert "第3天考试" in page
    assert page.count('class="day ') == 23


def test_a_trainee_goes_through_a_day(app, client, clock, enrolment, trainee, house):
    page = client.log_in_as(trainee).get("/programme/days/1")
    assert "开始小测" in page and "days/1/confirm" not in page
    client.post("/programme/days/1/confirm", status=422)
    client.post("/programme/days/1/activities/d01-shop")
    client.post("/programme/days/1/activities/d01-welcome", status=403)
    sitting = client.post("/programme/days/1/quiz").headers["Location"]
    assert "/sittings/" in sitting
    client.get(sitting)
    with app.app_context():
        do_own_part(enrolment, 1, at(START_DATE))
    assert "等签核" in client.get("/programme/days/1") or "签核" in client.get("/programme/days/1")


def test_the_confirm_button_comes_when_the_own_part_is_done(app, client, enrolment, trainee):
    from cstrain.lessons.service import confirm_read, open_lesson
    from tests.factories.onboarding import take_paper

    client.log_in_as(trainee)
    for activity in ("company", "rules", "shop"):
        client.post(f"/programme/days/1/activities/d01-{activity}")
    with app.app_context(), unit_of_work():
        open_lesson(trainee, "day-01", at(START_DATE))
        confirm_read(trainee, "day-01", at(START_DATE))
        take_paper(trainee, service.start_quiz(trainee, at(START_DATE), enrolment, 1), at(START_DATE))
    assert "days/1/confirm" in client.get("/programme/days/1")
    client.post("/programme/days/1/confirm")
    assert "你的各项都做完了" in client.get("/programme/days/1")


def test_days_to_come_say_when_they_open(client, enrolment, trainee):
    page = client.log_in_as(trainee).get("/programme/days/9")
    assert "开放" in page
    client.post("/programme/days/9/activities/d09-work", status=409)
    client.get("/programme/days/24", status=404)


def test_the_pre_start_block_can_be_ticked(app, client, clock, house):
    with app.app_context():
        person = make_trainee("早来的", hire_date=START_DATE)
        make_enrolment(house, person, date(2026, 11, 9), now=at(START_DATE, 8), with_pre_start=True)
    client.log_in_as(person)
    assert "岗前集训" in client.get("/programme")
    client.post("/programme/days/0/activities/pre-typing")
    assert client.get("/programme").count("登记完成") == 3


def test_the_rating_comes_on_the_last_day(app, client, clock, enrolment, trainee):
    client.log_in_as(trainee).get("/programme/rating")
    client.post("/programme/rating", {"mentor_stars": 5, "programme_stars": 4}, status=422)
    clock.set(at(date(2026, 11, 27)))
    client.log_in_as(trainee)
    assert "去评价" in client.get("/programme")
    client.post("/programme/rating", {"mentor_stars": 5, "programme_stars": 4, "text": "好"})
    assert "你已评价过" in client.get("/programme/rating")


# the signer


def _sign_form(enrolment: int, number: int, state: str, remark: str, pick: bool = True) -> dict[str, str]:
    key = f"d{enrolment}-{number}-"
    data = {f"{key}state": state, f"{key}remark": remark}
    return data | ({f"{key}pick": "y"} if pick else {})


def test_a_mentor_signs_several_on_one_page(app, client, house):
    with app.app_context():
        both = [make_enrolment(house), make_enrolment(house, make_trainee("何雨桐"))]
        for one in both:
            do_own_part(one, 1, at(START_DATE))
    page = client.log_in_as(house.mentor).get("/trainees")
    assert "2天" in page and "一起签核" in page
    client.post("/trainees", _sign_form(both[0], 1, "4", "") | _sign_form(both[1], 1, "3", "再快一点"))
    assert "现在没有要签核的" in client.get("/trainees")


def test_what_was_typed_stays_when_one_lacks_its_remark(app, client, house):
    with app.app_context():
        both = [make_enrolment(house), make_enrolment(house, make_trainee("何雨桐"))]
        for one in both:
            do_own_part(one, 1, at(START_DATE))
    client.log_in_as(house.mentor)
    data = _sign_form(both[0], 1, "4", "写得清楚") | _sign_form(both[1], 1, "2", "")
    page = client.refused("/trainees", data)
    assert "还没写评语" in page and "写得清楚" in page
    with app.app_context():
        assert queries.timeline(both[0], at(START_DATE)).day(1).sign is None


def test_nothing_picked_is_refused_with_words(app, client, house, enrolment):
    with app.app_context():
        do_own_part(enrolment, 1, at(START_DATE))
    client.log_in_as(house.mentor)
    page = client.refused("/trainees", _sign_form(enrolment, 1, "4", "", pick=False))
    assert "一个也没有选" in page


def test_another_mentor_cannot_sign_or_see(app, client, enrolment):
    with app.app_context():
        other = make_person("钱立", roles=["mentor"])
        do_own_part(enrolment, 1, at(START_DATE))
    client.log_in_as(other).get("/trainees")
    client.get(f"/enrolments/{enrolment}", status=404)
    client.post(f"/enrolments/{enrolment}/days/1/sign", {"day-state": "4"}, status=404)
    page = client.refused("/trainees", _sign_form(enrolment, 1, "4", ""))
    assert "一个也没有选" in page


def test_a_guide_signs_and_the_mentor_sees(app, client, clock, house, enrolment):
    with app.app_context():
        fourth = queries.planned_days(enrolment)[4]
        do_own_part(enrolment, 4, at(fourth))
    clock.set(at(fourth))
    client.log_in_as(house.guide)
    assert "林晓雯" in client.get("/trainees")
    client.post("/trainees", _sign_form(enrolment, 4, "5", "动手快"))
    client.log_in_as(house.mentor)
    assert "等你查看" in client.get("/trainees")
    client.post(f"/enrolments/{enrolment}/days/4/see")
    assert "等你查看" not in client.get("/trainees")


def test_the_day_page_signs_one_and_takes_a_note(app, client, house, enrolment):
    with app.app_context():
        do_own_part(enrolment, 1, at(START_DATE))
    url = f"/enrolments/{enrolment}/days/1"
    client.log_in_as(house.mentor)
    assert "等你签核" in client.get(url)
    client.post(f"{url}/activities/d01-welcome")
    client.post(f"{url}/sign", {"day-state": "1", "day-remark": ""}, status=422)
    too_long = client.post(f"{url}/sign", {"day-state": "4", "day-remark": "好" * 501}, status=422).text
    assert "请写短一些" in too_long
    client.post(f"{url}/sign", {"day-state": "4", "day-remark": "好"})
    with app.app_context():
        sign = queries.timeline(enrolment, at(START_DATE)).day(1).sign.id
    too_long = client.post(f"{url}/notes/{sign}", {"text": "错" * 501}, status=422).text
    assert "错" * 501 in too_long
    client.post(f"{url}/notes/{sign}", {"text": "评语写错了"})
    assert "评语写错了" in client.get(url)


# sheets and gates


def test_a_sheet_is_entered_and_corrected(client, house, enrolment):
    url = f"/enrolments/{enrolment}/days/1/sheets/typing"
    client.log_in_as(house.mentor)
    assert "登记林晓雯的打字测试" in client.get(url)
    page = client.refused(url, {"mark_speed": "28", "evidence": "截图"})
    assert "准确率没有填" in page and 'value="28' in page
    client.post(url, {"mark_speed": "abc", "mark_accuracy": "96", "evidence": "截图"}, status=422)
    client.post(url, {"mark_speed": "28", "mark_accuracy": "96", "evidence": "截图3号"})
    assert "原来的成绩单会保留" in client.get(url)
    client.post(url, {"mark_speed": "38", "mark_accuracy": "96", "evidence": "截图3号", "reason": "看错"})
    page = client.get(f"/enrolments/{enrolment}/days/1")
    assert "已被更正" in page and "看错" in page


def test_a_guide_enters_sheets_of_the_own_days_only(app, client, clock, house, enrolment):
    with app.app_context():
        fourth = queries.planned_days(enrolment)[4]
    clock.set(at(fourth))
    client.log_in_as(house.guide)
    marks = {"mark_discipline": 18, "mark_words": 18, "mark_tools": 15, "mark_care": 16, "mark_learning": 20}
    client.post(f"/enrolments/{enrolment}/days/4/sheets/observation", marks | {"evidence": "跟单第3批"})
    assert "87.0" in client.get(f"/enrolments/{enrolment}/days/4")
    client.get(f"/enrolments/{enrolment}/days/1/sheets/typing", status=404)
    assert "登记成绩单" not in client.get(f"/enrolments/{enrolment}/days/1")


def test_every_kind_of_sheet_has_its_page(app, client, clock, house, enrolment):
    client.log_in_as(house.mentor)
    with app.app_context():
        days = queries.programme(enrolment).days
    clock.set(at(date(2026, 11, 27)))
    client.log_in_as(house.mentor)
    for kind, number in {kind: day.day for day in days for kind in day.sheets}.items():
        client.get(f"/enrolments/{enrolment}/days/{number}/sheets/{kind}")
    client.get(f"/enrolments/{enrolment}/days/1/sheets/oral", status=404)


def test_hr_decides_at_a_gate(app, client, house, enrolment, trainee):
    with app.app_context():
        enter_sheet(house, enrolment, 1, "typing", at(START_DATE), speed="20")
    url = f"/enrolments/{enrolment}/gates/day-1"
    client.log_in_as(house.hr)
    page = client.get(url)
    assert "建议进入淘汰程序" in page and "未满足" in page and "待确认" in page
    client.post(url, {"decision": "improve"}, status=422)
    client.post(url, {"decision": "improve", "reason": "再测一次"})
    assert "再测一次" in client.get(url)
    client.get(f"/enrolments/{enrolment}/gates/nothing", status=404)
    client.get(f"/enrolments/{enrolment}/gates/day-22")
    client.log_in_as(trainee)
    client.get(url)
    client.post(url, {"decision": "continue", "reason": "我"}, status=404)


def test_hr_checks_drawn_signatures(app, client, house, enrolment):
    with app.app_context():
        do_day(house, enrolment, 1)
        sign = queries.timeline(enrolment, at(START_DATE)).day(1).sign
        with unit_of_work():
            session().query(SignOffSample).delete()
            session().add(SignOffSample(sign_off_id=sign.id, drawn_at=at(START_DATE)))
        sample = queries.samples(waiting=True)[0].id
    client.log_in_as(house.hr)
    assert "等你抽查" in client.get("/samples")
    client.post(f"/samples/{sample}", {"agrees": "no", "note": ""}, status=422)
    client.post(f"/samples/{sample}", {"agrees": "yes", "note": "问过"})
    assert "没有等抽查的签核" in client.get("/samples")


@pytest.mark.parametrize("part", ["signed_by", "mentor_seen_by"])
def test_who_signed_or_saw_a_drawn_day_is_told_that_another_checks_it(app, client, house, enrolment, part):
    with app.app_context():
        do_day(house, enrolment, 1)
        sign = queries.timeline(enrolment, at(START_DATE)).day(1).sign
        with unit_of_work():
            session().query(SignOffSample).delete()
            session().add(SignOffSample(sign_off_id=sign.id, drawn_at=at(START_DATE)))
            session().query(SignOff).update({part: house.hr})
        sample = queries.samples(waiting=True)[0].id
    page = client.log_in_as(house.hr).get("/samples")
    assert "没有等你抽查的签核" in page and "由另一位同事抽查" in page and "记录结果" not in page
    client.post(f"/samples/{sample}", {"agrees": "yes", "note": "我自己"}, status=422)
    assert "等你核对" not in client.get("/")


# managing


def test_hr_enrols_somebody_with_a_broken_window(app, client, house):
    with app.app_context():
        person = make_trainee("晚开始的", hire_date=date(2026, 11, 1))
    client.log_in_as(house.hr)
    page = client.get(f"/enrolments/new?person={person}")
    assert "现带" in page and "上限" in page
    data = {"person": person, "cohort": house.cohort, "start_date": "2026-11-10", "mentor": house.mentor}
    page = client.refused("/enrolments/new", data)
    assert "超出入职" in page and "已知悉超期" in page
    client.post("/enrolments/new", data | {"window": "y"})
    with app.app_context():
        assert queries.open_enrolment_of(person) is not None


def test_an_empty_enrolment_form_says_what_is_missing(client, house):
    client.log_in_as(house.hr)
    assert "请选择一项" in client.refused("/enrolments/new", {})


def test_the_load_cap_is_refused_on_the_page(app, client, house):
    with app.app_context():
        for number in range(3):
            make_enrolment(house, make_trainee(f"学员{number}"))
        person = make_trainee("第四人")
    client.log_in_as(house.hr)
    data = {"person": person, "cohort": house.cohort, "start_date": "2026-11-02", "mentor": house.mentor}
    assert "上限是" in client.refused("/enrolments/new", data)


def test_mentor_and_substitute_are_named(app, client, house, enrolment):
    with app.app_context():
        other = make_person("钱立", roles=["mentor"])
    url = f"/enrolments/{enrolment}/mentor"
    client.log_in_as(house.hr)
    client.get(url)
    sub = {"kind": "substitute", "mentor": other, "first_day": "2026-11-03", "reason": "休假"}
    assert "代带要写明到哪天" in client.refused(url, sub)
    client.post(url, sub | {"last_day": "2026-11-04"})
    client.post(url, {"kind": "mentor", "mentor": other, "first_day": "2026-11-05", "reason": "换组"})
    page = client.get(f"/enrolments/{enrolment}")
    assert "代带" in page and "钱立" in page and "换组" in page


def test_guides_are_named_for_their_days(client, house, enrolment):
    url = f"/enrolments/{enrolment}/guides"
    client.log_in_as(house.hr)
    assert "罗强" in client.get(url)
    client.post(url, {"day": "15", "guide": house.guide})
    client.post(url, {"day": "15", "guide": ""}, status=422)


def test_dates_are_shown_before_they_are_moved(app, client, house, enrolment):
    url = f"/enrolments/{enrolment}/replan"
    client.log_in_as(house.hr)
    client.get(url)
    page = client.get(f"{url}?from_day=2026-11-04")
    assert "会改期" in page
    client.post(url, {"from_day": "2026-11-04", "reason": ""}, status=422)
    client.post(url, {"from_day": "2026-11-04", "reason": "店铺大促"})
    assert "店铺大促" in client.get(f"/enrolments/{enrolment}")
    assert "日期不用变" in client.get(f"{url}?from_day=2026-11-04")
    page = client.get(f"{url}?from_day=2026-12-01")
    assert "已知悉超期" in page
    client.get(f"{url}?from_day=rubbish")


def test_an_enrolment_is_paused_resumed_and_closed(client, house, enrolment, trainee):
    url = f"/enrolments/{enrolment}/state"
    client.log_in_as(house.hr)
    client.get(url)
    client.post(url, {"act": "pause", "reason": "病假"})
    assert "培训暂停中" in client.get(f"/enrolments/{enrolment}")
    client.post(url, {"act": "resume", "reason": "康复"}, status=422)
    client.post(url, {"act": "resume", "reason": "康复", "day": "2026-11-03"})
    client.post(url, {"act": "transfer", "reason": "换岗", "day": "2026-11-03"}, status=422)
    client.post(url, {"act": "close", "reason": "辞职"})
    assert "培训已在" in client.get(f"/enrolments/{enrolment}")
    client.log_in_as(trainee)
    assert "培训已结束" in client.get("/programme")


def test_an_exam_is_arranged_again_from_the_day_page(app, client, clock, house, enrolment):
    with app.app_context():
        third = queries.planned_days(enrolment)[3]
    clock.set(at(third + timedelta(days=1)))
    url = f"/enrolments/{enrolment}/days/3"
    client.log_in_as(house.hr)
    assert "安排这一天的考试" in client.get(url)
    client.post(
        f"{url}/exam", {"opens_at": "2026-11-05T14:00", "closes_at": "2026-11-05T15:30", "place": "机房"}
    )
    client.post(f"{url}/exam", {}, status=409)


# board and cohorts


def test_the_board_groups_the_worst_first(app, client, house):
    with app.app_context():
        calm = make_enrolment(house, make_trainee("平安"))
        make_enrolment(house, make_trainee("没导师"), with_mentor=False)
        do_own_part(calm, 1, at(START_DATE))
    client.log_in_as(house.hr)
    page = client.get("/board")
    assert page.index("要处理") < page.index("没导师") < page.index("平安")
    assert "试用期看板" in page and "考" in page
    assert "平安" not in client.get("/board?q=没导师")
    assert "没有符合条件" in client.get("/board?state=ended")
    client.get(f"/board?cohort={house.cohort}&department=1&page=9")


def test_the_board_can_be_exported(app, client, house, enrolment):
    from cstrain.documents.tables import read_table

    client.log_in_as(house.hr)
    rows = read_table(client.download("/board.xlsx"), "board.xlsx")
    assert rows[0][1] == "姓名" and rows[1][1] == "林晓雯"


def test_a_supervisor_sees_the_own_department_only(app, client, house):
    from tests.factories.people import make_department

    with app.app_context():
        other = make_department("售后客服部")
        make_enrolment(house, make_trainee("本部门"))
        foreign = make_enrolment(house, make_trainee("外部门", department=other))
    page = client.log_in_as(house.supervisor).get("/board")
    assert "本部门" in page and "外部门" not in page
    client.get(f"/enrolments/{foreign}", status=404)
    client.get("/board.xlsx", status=403)


def test_the_number_of_statements_does_not_grow_with_the_trainees(app, client, house, clock):
    import sqlalchemy as sa

    from cstrain.extensions import db

    def count(url: str, person: int) -> int:
        client.log_in_as(person)
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            client.get(url)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    def add(numbers) -> None:
        with app.app_context():
            for number in numbers:
                mentor = make_person(f"导师{number}", roles=["mentor"])
                one = make_enrolment(house, make_trainee(f"学员{number}"), mentor=mentor)
                with unit_of_work():
                    service.assign_substitute(
                        house.hr, at(START_DATE), one, house.mentor, START_DATE, START_DATE, "代带"
                    )
                do_own_part(one, 1, at(START_DATE))

    add(range(3))
    few = {url: count(url, person) for url, person in (("/board", house.hr), ("/trainees", house.mentor))}
    add(range(3, 30))
    many = {url: count(url, person) for url, person in (("/board", house.hr), ("/trainees", house.mentor))}
    assert many == few
    assert max(few.values()) <= 60


def test_cohorts_are_opened_and_evaluated(app, client, house, enrolment):
    client.log_in_as(house.hr)
    client.get("/cohorts")
    client.post("/cohorts", {"name": "", "programme": "new-agent", "starts_on": "2026-12-01"}, status=422)
    opened = client.post(
        "/cohorts", {"name": "第2期", "programme": "warehouse-support", "starts_on": "2026-12-01"}
    )
    number = opened.headers["Location"].rsplit("=", 1)[1]
    assert f'<option selected value="{number}">第2期' in client.get(opened.headers["Location"])
    page = client.post(
        "/cohorts", {"name": "第2期", "programme": "new-agent", "starts_on": "2026-12-01"}, status=422
    ).text
    assert "已经有一期叫" in page
    url = f"/cohorts/{house.cohort}"
    assert "人在训" in client.get(url)
    exam = {"day": "8", "opens_at": "2026-11-10T14:00", "closes_at": "2026-11-10T15:30", "place": "机房"}
    client.post(f"{url}/exam", exam | {"closes_at": "2026-11-10T13:00"}, status=422)
    client.post(f"{url}/exam", exam)
    client.post(f"{url}/evaluation", {"text": "总结"}, status=422)
    with app.app_context(), unit_of_work():
        service.close_enrolment(house.hr, at(START_DATE), enrolment, "转正")
    client.post(f"{url}/evaluation", {"text": "仓库两天放在一起"})
    assert "仓库两天放在一起" in client.get(url)


def test_a_whole_cohort_is_picked_for_an_exam(app, client, house):
    with app.app_context():
        people = [make_trainee(f"学员{number}") for number in range(3)]
        for person in people:
            make_enrolment(house, person)
    key = f"cohort-{house.cohort}"
    assert "整期学员：第1期，共3人" in client.log_in_as(house.hr).get(f"/sittings/new?group={key}")
    window = {"opens_at": "2026-11-20T14:00", "closes_at": "2026-11-20T15:30"}
    made = client.post("/sittings/new", {"paper": "exam-day-8", "whole": "y", "group": key, **window})
    with app.app_context():
        assert list(exams.candidates_of(int(made.location.split("/")[2]))) == people


def test_the_trainee_page_shows_the_whole_way(app, client, house, enrolment, trainee):
    with app.app_context():
        for number in range(1, 4):
            do_day(house, enrolment, number, work_state=3)
    for person in (house.hr, house.mentor, house.supervisor, trainee, house.guide):
        page = client.log_in_as(person).get(f"/enrolments/{enrolment}")
        assert "签核3天" in page
    client.log_in_as(house.mentor).get(f"/enrolments/{enrolment}/days/2")


def test_strangers_are_kept_out(app, client, enrolment):
    with app.app_context():
        stranger = make_person("路人")
    client.log_in_as(stranger)
    for url in (f"/enrolments/{enrolment}", f"/enrolments/{enrolment}/days/1"):
        client.get(url, status=404)
    for url in ("/board", "/trainees", "/samples", "/cohorts", "/enrolments/new", "/programme"):
        client.get(url, status=403)
    client.post(f"/enrolments/{enrolment}/days/1/see", status=403)


def test_mentors_are_rated_by_at_least_three_before_a_mean_is_shown(app, client, clock, house):
    with app.app_context():
        for number in range(3):
            one = make_enrolment(house, make_trainee(f"学员{number}"))
            person, last = queries.enrolment(one).person, queries.planned_days(one)[23]
            assert queries.mentor_stars() == {}
            with unit_of_work():
                service.rate(person, at(last), one, 5 - number, 4, "")
    client.log_in_as(house.hr)
    page = client.get("/cohorts")
    assert "满3人评价后显示" in page and "4.0" in page


def test_a_year_without_published_holidays_is_said(app, client, clock, house):
    start = date(2027, 3, 1)
    with app.app_context():
        one = make_enrolment(house, make_trainee("明年来的", hire_date=start), start)
        person = queries.enrolment(one).person
    clock.set(at(start))
    assert "2027年的法定节假日还没有公布" in client.log_in_as(person).get("/programme")
    client.log_in_as(house.hr)
    assert "2027年的法定节假日还没有公布" in client.get(f"/enrolments/{one}")


def test_the_home_of_a_trainee_shows_the_strip_the_list_and_the_mentor(client, app, house, enrolment):
    with app.app_context():
        person = queries.enrolment(enrolment).person
    page = client.log_in_as(person).get("/")
    assert "今天是第1天" in page
    assert "23天进度" in page
    assert "今天的清单" in page
    assert "周敏" in page
