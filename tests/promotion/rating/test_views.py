"""Pages of quarterly ratings: what each person sees and may do, refusals, papers, the command."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner

from cstrain.documents.tables import read_table
from cstrain.extensions import session
from cstrain.promotion.rating import queries, service
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import rating as make
from tests.factories.people import make_department, make_person
from tests.factories.rating import CLOSED_WINDOW, GOOD, HIRED, NOW, Q3


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def cast(app):
    with app.app_context():
        return make.cast()


@pytest.fixture
def run(app):
    with app.app_context():
        return make.started()


@pytest.fixture
def over(app, clock):
    with app.app_context():
        found, _contest = make.contested()
    clock.set(CLOSED_WINDOW)
    return found


def line_url(app, cast, name: str) -> str:
    with app.app_context():
        return f"/ratings/lines/{cast.line(name).id}"


def test_hr_starts_a_quarter_once_and_everybody_hears_of_it(app, client, cast) -> None:
    client.log_in_as(cast["hr"])
    page = plain(client.get("/ratings"))
    assert "2026年第3季度可以评级" in page and "等关账" not in page
    assert "季度已关账，可以评级" in plain(client.get("/"))
    client.post("/ratings/start/basic/2026Q3")
    refused = client.post("/ratings/start/basic/2026Q3", status=422).text
    assert "已经运行过" in plain(refused)
    client.post("/ratings/start/basic/never", status=404)
    sheet = plain(client.get("/ratings/1"))
    assert "降一级 1" in sheet and "试用期低于标准" in sheet and sheet.index("falls") < sheet.index("rises")
    assert "请查看" in plain(client.log_in_as(cast["falls"]).get("/notices"))
    client.post("/ratings/start/basic/2026Q2", status=403)


def test_the_list_is_empty_before_anything_was_rated(client, cast) -> None:
    page = plain(client.log_in_as(cast["falls"]).get("/ratings"))
    assert "还没有季度评级" in page and "运行评级" not in page


def test_a_person_sees_the_reasons_and_contests_in_time(app, client, run) -> None:
    url = line_url(app, run, "falls")
    client.log_in_as(run["falls"])
    assert "降一级" in plain(client.get("/ratings")) and "不同意可以申诉" in plain(client.get("/"))
    page = client.get(url)
    said = plain(page)
    assert "降为基础初级客服" in said and "季度平均85%，要求≥90%" in said
    assert "/performance/records/" in page and "六（三）2中级（满意度）" in said
    refused = client.post(f"{url}/contest", {"text": ""}, 422).text
    assert "不同意？可以申诉" in refused
    client.post(f"{url}/contest", {"text": "八月系统故障"})
    assert "八月系统故障" in client.get(url) and "申诉等答复" in plain(client.get(url))
    again = client.post(f"{url}/contest", {"text": "再说一次话"}, 422).text
    assert "已经申诉过" in again


@pytest.mark.parametrize("who", ["stays", "gap"])
def test_another_persons_result_answers_as_if_missing(app, client, run, who) -> None:
    url = line_url(app, run, "falls")
    client.log_in_as(run[who])
    assert plain(client.get(url, 404)) == plain(client.get("/ratings/lines/99999", 404))
    client.get(f"{url}/sheet.pdf", 404)
    client.post(f"{url}/contest", {"text": "替他说"}, 404)
    client.get("/ratings/1", 403)


def test_a_foreign_head_sees_neither_sheet_nor_line(app, client, run) -> None:
    with app.app_context():
        foreign = make_person("罗雪梅", roles=["supervisor"], department=make_department("售前客服二部"))
    client.log_in_as(foreign)
    assert plain(client.get("/ratings/1", 404)) == plain(client.get("/ratings/99", 404))
    client.get(line_url(app, run, "falls"), 404)
    assert "2026年第3季度" not in plain(client.get("/ratings"))


def test_the_list_says_what_waits_for_the_reader(app, client, over) -> None:
    page = plain(client.log_in_as(over["gm"]).get("/ratings"))
    assert "等你办" in page and "评级申诉等你答复" in page and "2026年第3季度" in page
    assert "等你办" not in plain(client.log_in_as(over["falls"]).get("/ratings"))


def test_the_head_writes_a_comment_and_it_is_seen(app, client, run) -> None:
    url = line_url(app, run, "falls")
    client.log_in_as(run["head"])
    assert "写评语" in plain(client.get("/"))
    assert "falls" in client.get("/ratings/1")
    client.post(f"{url}/comments", {"text": "　"}, 422)
    client.post(f"{url}/comments", {"text": "带了两位新人。"})
    assert "带了两位新人。" in client.log_in_as(run["falls"]).get(url)
    client.post(f"{url}/comments", {"text": "自己写"}, 403)


def test_a_contest_is_decided_by_who_had_no_part(app, client, over) -> None:
    url = line_url(app, over, "falls")
    client.log_in_as(over["hr"])
    assert "contest/decide" not in client.get(url)
    client.post(f"{url}/contest/decide", {"upheld": "no", "reason": "不成立"}, 403)
    client.log_in_as(over["gm"])
    assert "评级申诉等你答复" in plain(client.get("/"))
    kept = client.post(f"{url}/contest/decide", {"reason": "写了一半"}, 422).text
    assert "写了一半" in kept
    client.post(f"{url}/contest/decide", {"upheld": "yes", "reason": "故障属实"})
    new = line_url(app, over, "falls")
    assert new != url
    page = plain(client.get(new))
    assert "保持基础中级客服" in page and "申诉成立：故障属实" in page
    assert "这是先前的结果" in plain(client.get(url))
    client.post(f"{line_url(app, over, 'stays')}/contest/decide", {"upheld": "no", "reason": "无"}, 404)


def test_two_persons_put_results_into_effect_but_no_contested_one(app, client, over) -> None:
    client.log_in_as(over["hr"])
    assert "3个评级结果可以生效" in plain(client.get("/ratings/1"))
    form = {"effective_on": "2026-11-01", "note": "按办法执行"}
    refused = client.post("/ratings/1/confirmations", form, 422).text
    assert "不能早于今天" in plain(refused) and "按办法执行" in refused
    client.post("/ratings/1/confirmations", {**form, "effective_on": "2026-12-01"})
    client.post("/ratings/1/confirmations/1", {"agreed": "yes"}, 422)
    client.log_in_as(over["hr2"])
    assert "评级结果等你确认" in plain(client.get("/"))
    assert "3个评级结果等你确认" in plain(client.get("/ratings/1"))
    client.post("/ratings/1/confirmations/99", {"agreed": "yes"}, 404)
    client.post("/ratings/1/confirmations/1", {"agreed": "no"}, 422)
    client.post("/ratings/1/confirmations/1", {"agreed": "yes"})
    done = plain(client.get("/ratings/1?stage=done"))
    assert "rises" in done and "falls" not in done
    assert "falls" in plain(client.get("/ratings/1?outcome=down&stage=contested"))


def test_late_data_are_proposed_and_agreed_to(app, client, run, clock) -> None:
    clock.set(CLOSED_WINDOW)
    with app.app_context():
        make.month(run["gap"], run.place, Q3.months[1], run["hr"], **GOOD, on=date(2026, 11, 26))
    url = line_url(app, run, "gap")
    client.log_in_as(run["hr"])
    assert "缺少记录" in plain(client.get(url))
    client.post(f"{url}/late", {"reason": ""}, 422)
    client.post(f"{url}/late", {"reason": "八月补录"})
    client.post(f"{url}/late/1", {"agreed": "yes"}, 422)
    client.log_in_as(run["hr2"])
    assert "重新提出的评级等你确认" in plain(client.get("/"))
    assert "重新提出的结果等你确认" in plain(client.get(url))
    client.post(f"{url}/late/9", {"agreed": "yes"}, 404)
    client.post(f"{url}/late/1", {"agreed": "yes"})
    assert "升为基础中级客服" in plain(client.get(line_url(app, run, "gap")))


def test_a_sheet_has_filters_pages_and_a_fixed_number_of_statements(app, client, run, monkeypatch) -> None:
    from cstrain.promotion.rating.views import pages

    client.log_in_as(run["hr"]).get("/ratings/1")
    with counted(app) as few:
        client.get("/ratings/1")
    with app.app_context():
        add_lines(run, 20)
    with counted(app) as many:
        client.get("/ratings/1")
    assert len(many) == len(few)
    monkeypatch.setattr(pages, "PAGE", 4)
    page = client.get("/ratings/1?page=2&outcome=stay")
    assert "第2页" in plain(page) and "outcome=stay" in page
    assert "没有符合条件的人" in plain(client.get("/ratings/1?department=9999"))
    assert "第7页，共7页" in plain(client.get("/ratings/1?outcome=what&stage=what&page=99&department=x"))


def add_lines(cast, number: int) -> None:
    """Give a run more people, as copies of a line."""
    from cstrain.extensions import session
    from cstrain.promotion.rating.models import RatingLine

    row = session().get(RatingLine, cast.line("stays").id)
    kept = {c.name: getattr(row, c.name) for c in RatingLine.__table__.c if c.name not in {"id", "person_id"}}
    for place in range(number):
        person = make_person(f"多{place}", department=cast.place, hire_date=HIRED, level="junior")
        with unit_of_work():
            session().add(RatingLine(person_id=person, **kept))


def selects(statements) -> int:
    return sum(one.startswith("SELECT") for one in statements)


def test_a_changed_seal_is_said_on_the_page(app, client, run) -> None:
    from cstrain.extensions import session
    from cstrain.promotion.rating.models import RatingBase, RatingLine

    url = line_url(app, run, "falls")
    assert "请联系系统管理员" not in client.log_in_as(run["falls"]).get(url)
    with app.app_context(), unit_of_work():
        row = session().get(RatingLine, run.line("falls").id)
        row.content = row.content.replace("85", "99")
    assert "依据被改动过" in client.get(url)
    with app.app_context(), unit_of_work():  # a base that nobody sealed
        row = session().get(RatingLine, run.line("falls").id)
        session().get(RatingBase, row.base_id).content = '{"department":1,"months":[],"people":[]}'
    assert "依据被改动过" in client.get(url)


def test_judging_more_people_takes_no_more_statements(app) -> None:
    with app.app_context():
        cast = make.cast()
        ladder = queries.rated_ladder("basic", Q3)
        list(queries.judge(ladder, Q3, NOW.date()))
        session().rollback()  # editions are asked for once in a transaction: both counts begin one
        with counted(app) as few:
            list(queries.judge(ladder, Q3, NOW.date()))
        for place in range(12):
            make_person(f"多{place}", department=cast.place, hire_date=HIRED, level="junior")
        with counted(app) as many:
            (found,) = queries.judge(ladder, Q3, NOW.date())
    assert len(found.people) == 18 and selects(many) == selects(few)


def test_the_workbook_and_the_paper_say_what_the_page_says(app, client, over) -> None:
    with app.app_context(), unit_of_work():
        service.comment(over["head"], CLOSED_WINDOW, over.line("falls").id, "带了两位新人。")
    client.log_in_as(over["hr"])
    rows = read_table(client.download("/ratings/1/sheet.xlsx"), "rating.xlsx")
    assert len(rows) == 7 and any("85%" in " ".join(map(str, row)) for row in rows)
    assert len(read_table(client.download("/ratings/1/sheet.xlsx?outcome=down"), "rating.xlsx")) == 2
    url = line_url(app, over, "falls")
    assert client.download(f"{url}/sheet.pdf").startswith(b"%PDF")
    with app.app_context():
        contest = over.line("falls").contest
        with unit_of_work():
            service.decide(over["gm"], CLOSED_WINDOW, contest.id, upheld=False, reason="核对过")
        make.confirmed(over)
    assert client.log_in_as(over["falls"]).download(f"{url}/sheet.pdf").startswith(b"%PDF")
    assert client.download(line_url(app, over, "falls") + "/sheet.pdf").startswith(b"%PDF")


def test_the_command_shows_the_same_and_writes_nothing(app, cast) -> None:
    from cstrain.cli import cli
    from cstrain.cli_context import shell_of

    shell = shell_of(app)
    words = ["promotion", "rate", "2026Q3", "--ladder", "basic"]
    found = json.loads(CliRunner().invoke(cli, [*words, "--json"], obj=shell).output)
    assert found["outcomes"] == {"up": 1, "stay": 2, "down": 1, "unknown": 1, "outside": 1}
    assert found["not_closed"] == [] and found["people"] == 6
    falls = next(one for one in found["lines"] if one["outcome"] == "down")
    assert falls["to_level"] == "junior" and any("85%" in each["says"] for each in falls["keep"])
    assert "降一级" in CliRunner().invoke(cli, words, obj=shell).output
    assert (
        "不是季度"
        in CliRunner().invoke(cli, ["promotion", "rate", "x", "--ladder", "basic"], obj=shell).output
    )
    with app.app_context():
        assert queries.runs() == []


def test_reminders_name_what_waits(app, clock, cast) -> None:
    from cstrain.promotion.rating import jobs

    with app.app_context():
        assert {one.person for one in jobs.quarters_to_rate(NOW)} == {cast["hr"], cast["hr2"]}
        with unit_of_work():
            cast.run = service.start(cast["hr"], NOW, "basic", Q3)
        assert jobs.quarters_to_rate(NOW) == []
        with unit_of_work():
            service.contest(cast["falls"], NOW, cast.line("falls").id, "不同意")
        assert jobs.contests_due(NOW) == []
        late = CLOSED_WINDOW.replace(month=12, day=2)
        clock.set(late)
        told = {one.person for one in jobs.contests_due(late)}
        assert told == {cast["hr2"], cast["office"], cast["gm"]}
        assert {one.person for one in jobs.results_ready(late)} == {cast["hr"], cast["hr2"]}
