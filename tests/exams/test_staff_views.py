"""Pages of who arranges and who watches: refusals with numbers, two persons, never an answer or a key."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cstrain.exams import queries
from cstrain.kernel.ids import AttemptId
from cstrain.people.service import set_locale
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

MINUTE = timedelta(minutes=1)


def form(known, /, **fields):
    day = {"opens_at": "2026-11-23T14:00", "closes_at": "2026-11-23T15:30"}
    return {"paper": "tiny-exam", **day, "place": "三楼", "people": [known["person"]], **fields}


def test_hr_arranges_a_sitting_by_hand(app, client, people) -> None:
    client.log_in_as(people["hr"])
    assert "没有正在进行的考试" in client.get("/sittings")
    with app.app_context():
        from cstrain.people.queries import people as facts

        number = facts([people["mate"]], START.date())[people["mate"]].staff_no
    place = client.post("/sittings/new", form(people, staff_numbers=f" {number}，")).location
    page = client.get(place)
    assert "林晓雯" in page and "周子昂" in page and "14:00–15:30" in page
    assert "小试卷" in client.get("/sittings")
    client.log_in_as(people["person"])
    assert "小试卷" in client.get("/exams") and "小试卷" in client.get("/notices")


@pytest.mark.parametrize(
    "fields",
    [
        {"paper": ""},
        {"paper": "nowhere"},
        {"opens_at": "tomorrow"},
        {"closes_at": "2026-11-23T13:00"},
        {"opens_at": "2026-11-01T10:00", "closes_at": "2026-11-01T11:00"},
        {"people": []},
        {"staff_numbers": "X999"},
        {"people": ["x"]},
    ],
)
def test_a_sitting_that_makes_no_sense_is_refused_and_the_form_kept(client, people, fields) -> None:
    client.log_in_as(people["hr"])
    response = client.post("/sittings/new", form(people, **fields), status=422)
    assert 'value="三楼"' in response.text and "data-focus" in response.text


def test_nobody_arranges_for_themself(client, people) -> None:
    client.log_in_as(people["hr"])
    response = client.post("/sittings/new", form(people, people=[people["hr"]]), status=422)
    assert "不能给自己安排考试" in response.text


def test_a_bank_that_is_too_small_is_said_with_numbers(app, client, people) -> None:
    with app.app_context():
        make.make_paper("tiny-disjoint", title="转正卷", disjoint=True)
        for _ in range(4):
            made = make.make_attempt(people["person"], make.make_sitting([people["person"]], "tiny-disjoint"))
            make.submit(people["person"], made)
    client.log_in_as(people["hr"])
    page = client.get("/sittings/new?paper=tiny-disjoint&q=K")
    plain = re.sub(r"<[^>]+>", "", page)
    assert "题库不够一套新卷" in plain and "还够4套新卷" in plain
    response = client.post("/sittings/new", form(people, paper="tiny-disjoint"), status=422)
    assert "主题basics差10题" in re.sub(r"<[^>]+>", "", response.text)


def test_the_same_refusal_reads_well_in_english(app, client, people) -> None:
    with app.app_context():
        make.make_paper("tiny-disjoint", title="转正卷", disjoint=True)
        for _ in range(4):
            made = make.make_attempt(people["person"], make.make_sitting([people["person"]], "tiny-disjoint"))
            make.submit(people["person"], made)
        with unit_of_work():
            set_locale(people["hr"], "en")
    client.log_in_as(people["hr"])
    response = client.post("/sittings/new", form(people, paper="tiny-disjoint"), status=422)
    said = re.sub(r"<[^>]+>", "", response.text)
    assert "Still needed: 10 more in “主题basics”. Ask a trainer to add questions first" in said


def test_people_are_found_by_group(client, people) -> None:
    page = client.log_in_as(people["hr"]).get("/sittings/new?group=department-1")
    assert "林晓雯" in page and "周子昂" in page
    picks = page[page.index('id="people"') :]
    assert "王敏" not in picks  # nobody arranges for themself


def test_packages_above_add_their_groups(app, client, people) -> None:
    group = queries.PeopleGroup("cohort-7", "第12期", "整期学员：第12期", (people["mate"], people["hr"]))
    source = lambda on: [group]  # noqa: E731
    queries.group_sources.append(source)
    try:
        page = client.log_in_as(people["hr"]).get("/sittings/new?group=cohort-7")
        picks = page[page.index('id="people"') :]
        assert "第12期" in page and "周子昂" in picks and "林晓雯" not in picks
        assert "整期学员：第12期，共1人" in re.sub(r"<[^>]+>", "", picks)  # nobody arranges for themself
        whole = form(people, people=[], whole="y", group="cohort-7")
        place = client.post("/sittings/new", whole | {"title": "全期考试"}).location
        unknown = client.post("/sittings/new", whole | {"group": "cohort-8"}, status=422)
    finally:
        queries.group_sources.remove(source)
    with app.app_context():
        assert list(queries.candidates_of(int(place.split("/")[2]))) == [people["mate"]]
    assert "没有选择考生" in unknown.text


def test_conversion_papers_are_not_arranged_here(app, client, people) -> None:
    with app.app_context():
        make.make_paper("tiny-conversion", title="转正产品卷", kind="conversion", disjoint=True)
    page = client.log_in_as(people["hr"]).get("/sittings/new")
    assert "转正产品卷" not in page and "到学员的转正页安排" in page
    client.post("/sittings/new", form(people, paper="tiny-conversion"), status=422)


def test_a_candidate_is_added_with_extra_minutes(app, client, people, sitting) -> None:
    client.log_in_as(people["hr"])
    url = f"/sittings/{sitting}/candidates"
    with app.app_context():
        newcomer = make_person("新考生", staff_no="N0001")
    refused = client.post(url, {"staff_no": "n0001", "extra_minutes": "15"}, status=422).text
    assert 'value="n0001"' in refused and "原因" in refused
    client.post(url, {"staff_no": "n0001", "extra_minutes": "15", "reason": "手部受伤"})
    assert "额外时间15分钟" in re.sub(r"<[^>]+>", "", client.get(f"/sittings/{sitting}/watch"))
    with app.app_context():
        assert queries.candidates_of(sitting)[newcomer] == 15
    client.post(url, {"staff_no": "nobody", "extra_minutes": "0"}, status=422)
    client.post(url, {"staff_no": "", "extra_minutes": "x"}, status=422)


def test_a_sitting_is_cancelled_with_a_reason(client, people, sitting) -> None:
    client.log_in_as(people["hr"])
    client.post(f"/sittings/{sitting}/cancel", {"reason": "  "}, status=422)
    too_long = client.post(f"/sittings/{sitting}/cancel", {"reason": "停" * 501}, status=422).text
    assert "请写短一些" in too_long
    assert "停" * 501 in too_long
    client.post(f"/sittings/{sitting}/cancel", {"reason": "停电"})
    assert "已取消" in client.get("/sittings")
    assert "已取消" in client.log_in_as(people["person"]).get(f"/sittings/{sitting}")


@pytest.mark.parametrize("path", ["/sittings", "/sittings/new", "/sittings/1/watch"])
def test_candidates_neither_arrange_nor_watch(client, people, sitting, path) -> None:
    client.log_in_as(people["person"]).get(path, status=403)


# --- watching


def test_an_invigilator_sees_who_is_in_and_never_an_answer(app, client, people, sitting, attempt) -> None:
    with app.app_context():
        make.answer_right(people["person"], attempt)
    page = client.log_in_as(people["watcher"]).get(f"/sittings/{sitting}/watch")
    plain = re.sub(r"<[^>]+>", "", page)
    assert "1人正在答题" in plain and "正在答题" in plain and "未开始" in plain and "数目相符" in plain
    assert "标准答案" not in page and make.CANARY not in page


def test_an_invigilator_who_sits_the_exam_does_not_watch_themself(app, client, people) -> None:
    with app.app_context():
        mixed = make.make_sitting([people["watcher"], people["mate"]])
        own = make.make_attempt(people["watcher"], mixed)
    client.log_in_as(people["watcher"])
    page = client.get(f"/sittings/{mixed}/watch")
    assert "周子昂" in page and f"/attempts/{own}/extend" not in page
    client.post(f"/attempts/{own}/extend", {"minutes": "5", "reason": "停电"}, status=404)
    client.post(f"/attempts/{own}/void", {"reason": "停电"}, status=404)


def test_ten_minutes_alone_and_more_with_a_second_person(app, client, people, sitting, attempt) -> None:
    client.log_in_as(people["watcher"])
    url = f"/attempts/{attempt}/extend"
    client.post(url, {"minutes": "ten", "reason": ""}, status=422)
    client.post(url, {"minutes": "5", "reason": "停电"})
    client.post(url, {"minutes": "20", "reason": "停电二十分钟"})
    client.post(url, {"minutes": "30", "reason": "再一次"}, status=422)
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 35 * MINUTE
        (proposal,) = queries.open_interventions()
    assert "要由另一位监考或人事来决定" in client.get(f"/sittings/{sitting}/watch")
    client.post(f"/interventions/{proposal.id}", {"agreed": "1"}, status=403)
    client.log_in_as(people["second"])
    assert "停电二十分钟" in client.get(f"/sittings/{sitting}/watch")
    assert "等第二个人决定" in client.get("/sittings")
    client.post(f"/interventions/{proposal.id}", {"agreed": "1"})
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 55 * MINUTE


def test_voiding_goes_through_a_second_person(app, client, people, sitting, attempt) -> None:
    client.log_in_as(people["watcher"])
    client.post(f"/attempts/{attempt}/void", {"reason": ""}, status=422)
    client.post(f"/attempts/{attempt}/void", {"reason": "替考"})
    with app.app_context():
        (proposal,) = queries.open_interventions(sitting)
    client.log_in_as(people["second"]).post(f"/interventions/{proposal.id}", {"agreed": "0"})
    with app.app_context():
        assert queries.attempt(AttemptId(attempt), START).state == "open"
    client.get("/interventions/1", status=405)
    client.post("/interventions/999", {"agreed": "1"}, status=404)


def test_a_sitting_without_anybody_to_watch_says_so(app, client, people) -> None:
    with app.app_context():
        own = make.make_sitting([people["watcher"]])
    assert "没有你可以看的考生" in client.log_in_as(people["watcher"]).get(f"/sittings/{own}/watch")
