"""The papers of an application: they fill themselves, print as PDF, and show no point too early."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.factories import applications as road
from tests.factories.applications import DAY, FULL, at
from tests.papers import data_seen

DRAFT = {name: Decimal("73.5") for name in FULL}
LATER = at(DAY + timedelta(days=2), 18)


@pytest.fixture
def papers(monkeypatch):
    """Every datum that goes to a template, in order."""
    from cstrain.promotion.applications import documents

    return data_seen(monkeypatch, documents)


@pytest.fixture
def walk(client, clock, cast):
    def step(person, when=LATER):
        clock.set(when)
        return client.log_in_as(person)

    return step


@pytest.fixture
def held(app, cast):
    """The first juror has sealed, the second keeps a draft with points nobody else has, the third nothing."""
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        road.to_defence(cast)
        road.declare(cast, at(DAY + timedelta(days=1)))
        cast.now = road.hold(cast)
        road.seal(cast, cast.now, cast.jurors[:1])
        with unit_of_work():
            service.save_sheet(cast.jurors[1], cast.now, cast.entry, DRAFT, "只有我知道")
    return cast


def given(data) -> list[list[str]]:
    return [[row[-1] for row in sheet["rows"]] for sheet in data["sheets"]]


def test_before_all_are_in_a_juror_prints_the_own_draft_and_nobody_prints_another(walk, held, papers):
    own = "/defences/entries/1/sheet.pdf"
    assert walk(held.jurors[1]).download(own)[:4] == b"%PDF"
    assert given(papers[-1]) == [["73.5"] * 5] and papers[-1]["draft"]
    assert papers[-1]["sheets"][0]["total"] == "73.50"
    walk(held.jurors[0]).download(own)
    assert given(papers[-1]) == [[""] * 5] and "已密封" in papers[-1]["sheets"][0]["sealed"]
    for blank in (held.jurors[2], held.hr):
        walk(blank).download(own)
        assert given(papers[-1]) == [[""] * 5] and papers[-1]["sheets"][0]["note"] == ""
    for person in (held.applicant, held.supervisor, held.colleague, held.gm):
        walk(person).get(own, 404 if person in (held.supervisor, held.gm) else 403)
    everybody = (*held.jurors, held.hr, held.gm, held.supervisor, held.applicant, held.colleague)
    for person in everybody:
        walk(person).get("/applications/1/sheets.pdf", 404)
        assert person == held.colleague or walk(person).download("/applications/1/form.pdf")
    walk(held.colleague).get("/applications/1/form.pdf", 404)
    assert "73.5" not in str(papers[7:])


def test_once_open_all_sheets_print_for_who_may_see_them_and_not_for_the_applicant(app, walk, held, papers):
    with app.app_context():
        road.seal(held, held.now, held.jurors[1:])
        road.sign(held, held.now)
    for person in (held.hr, held.jurors[2], held.gm):
        assert walk(person).download("/applications/1/sheets.pdf")[:4] == b"%PDF"
        assert len(papers[-1]["sheets"]) == 3 and all(all(row) for row in given(papers[-1]))
        assert [one["juror"] for one in papers[-1]["sheets"]] == ["梁文博", "钱立", "赵倩"]
    for person in (held.applicant, held.supervisor, held.colleague):
        walk(person).get("/applications/1/sheets.pdf", 404)
    walk(held.jurors[2]).download("/defences/entries/1/sheet.pdf")
    assert len(papers[-1]["sheets"]) == 1 and papers[-1]["sheets"][0]["juror"] == "赵倩"
    assert not papers[-1]["draft"] and papers[-1]["sheets"][0]["office"] == "评委"
    assert "全部评分表PDF" in walk(held.hr).get("/defences/entries/1")
    assert "sheets.pdf" not in walk(held.applicant).get("/applications/1")


def row(data, title):
    return next(one for one in data["opinions"] if one[0] == title)


def test_the_form_fills_itself_and_says_the_mean_only_to_who_may_see_it(app, walk, held, papers):
    walk(held.supervisor).download("/applications/1/form.pdf")
    first = papers[-1]
    assert first["number"] == "JS-2026-0001"
    assert dict(map(tuple, first["head"]))["申请级别"] == "中级客服"
    assert [one[2] for one in first["conditions"]] == ["满足", "满足"]
    assert first["rated"] == [["主动发现不足并提出改进", "4分", "提出了退款流程的改进", "苏敏"]]
    assert row(first, "部门评审")[1:4] == ["推荐", "工作扎实，同意推荐。", "苏敏"]
    assert row(first, "人事资格审核")[1] == "通过" and row(first, "公司决定")[1:] == [""] * 4
    with app.app_context():
        road.seal(held, held.now, held.jurors[1:])
        road.sign(held, held.now)
        road.decide(held, held.now)
    walk(held.hr).download("/applications/1/form.pdf")
    assert "均分" in row(papers[-1], "答辩评审")[1]
    assert row(papers[-1], "公司决定")[3] == "周海涛提出，陆建国确认"
    walk(held.supervisor).download("/applications/1/form.pdf")
    assert "均分" not in str(papers[-1])


def test_an_ended_application_without_a_defence_prints(app, walk, cast, papers):
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        road.submit(cast)
        road.review(cast)
        with unit_of_work():
            service.return_application(cast.hr, at(hour=14), cast.application, "(A)", "材料不全")
    walk(cast.applicant).download("/applications/1/form.pdf")
    assert row(papers[-1], "人事资格审核")[1:3] == ["退回：不符合(A)", "材料不全"]
    walk(cast.applicant).get("/applications/1/appointment.pdf", 404)
    walk(cast.hr).get("/applications/99/form.pdf", 404)


def test_notice_and_appointment_print_without_a_mark(app, walk, cast, papers):
    from cstrain.promotion.applications import service
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        notice, published = road.to_notice(cast)
    page = f"/public-notices/{notice}"
    assert f"{page}/notice.pdf" in walk(cast.colleague, published).get(page)
    assert walk(cast.colleague, published).download(f"{page}/notice.pdf")[:4] == b"%PDF"
    said = str(papers[-1])
    assert "2026年11月25日至2026年12月1日" in said
    assert "85.2" not in said and "84." not in said
    after = at(date(2026, 12, 3))
    walk(cast.colleague, after).get(f"{page}/notice.pdf", 404)
    with app.app_context():
        with unit_of_work():
            service.close_notice(cast.hr, after, notice)
        with unit_of_work():
            service.appoint(cast.hr, after, cast.application, date(2026, 12, 10))
    assert "任命通知PDF" in walk(cast.applicant, after).get("/applications/1")
    assert walk(cast.applicant, after).download("/applications/1/appointment.pdf")[:4] == b"%PDF"
    words = dict(map(tuple, papers[-1]["rows"]))
    assert (words["原任"], words["现任"], words["生效日"]) == ("初级客服", "中级客服", "2026年12月10日")
    assert "没有成立的异议" in papers[-1]["text"]
    walk(cast.colleague, after).get("/applications/1/appointment.pdf", 404)


def test_a_sheet_keeps_itself_while_it_is_filled_in(app, walk, held):
    from cstrain.promotion.applications import queries

    juror = held.jurors[2]
    client = walk(juror, held.now)
    page = client.get("/defences/entries/1")
    assert 'data-live="/defences/entries/1/points"' in page and "js/live.js" in page
    kept = client.post(
        "/defences/entries/1/points", {"points_case": "81.5", "note": "稳"}, 200, audited=False
    )
    assert kept.json["saved"]
    client.post("/defences/entries/1/points", {"points_case": "abc"}, 422)
    assert "0到100" in client.post("/defences/entries/1/points", {"points_case": "300"}, 422).json["error"]
    with app.app_context():
        own = queries.own_sheet(juror, held.entry, juror)
        assert (own.points, own.note, own.sealed_at) == ({"case": Decimal("81.5")}, "稳", None)
    assert 'value="81.5"' in client.get("/defences/entries/1")
    walk(held.jurors[0], held.now).post("/defences/entries/1/points", {"points_case": "1"}, 409)
    walk(held.hr, held.now).post("/defences/entries/1/points", {"points_case": "1"}, 404)
    walk(held.colleague, held.now).post("/defences/entries/1/points", {"points_case": "1"}, 403)
