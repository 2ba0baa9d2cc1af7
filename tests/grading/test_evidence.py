"""An attempt's evidence to read and take along; receipts verified without the system; months that add up."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from cstrain.cli_context import shell_of
from cstrain.exams import commands as exam_commands
from cstrain.exams import queries as exams
from cstrain.exams.models import Answer, Attempt
from cstrain.exams.receipt_check import NoReceiptError, check_receipt, final
from cstrain.exams.rules import Disposition
from cstrain.extensions import session
from cstrain.grading import commands as grading_commands
from cstrain.grading.evidence.queries import month_reconciled
from cstrain.grading.models import Result
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.people import make_person

MONTH = START.date().replace(day=1)
SECOND = timedelta(seconds=1)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def people(app):
    with app.app_context():
        roles = {"hr": ["hr"], "second": ["hr"], "trainer": ["trainer"], "mentor": ["mentor"]}
        found = {"person": make_person("林晓雯"), "mate": make_person("周子昂")}
        return found | {name: make_person(name, roles=held) for name, held in roles.items()}


@pytest.fixture
def attempt(app, people):
    """An attempt with answers changed, one late and one unreadable, handed in."""
    with app.app_context():
        made = make.make_attempt(people["person"])
        make.answer_right(people["person"], made, range(1, 9))
        make.save(people["person"], made, [make.event(9, '"甲"', 9)], START + 5 * SECOND)
        make.save(people["person"], made, [make.event(9, '"41"', 10)], START + 9 * SECOND)
        make.save(people["person"], made, [make.event(None, "{{", 11, parsable=False)], START + 9 * SECOND)
        make.submit(people["person"], made, START + 60 * SECOND)
        make.save(people["person"], made, [make.event(9, '"42"', 12)], START + 61 * SECOND)
        return made


def file_of(client, attempt: int) -> str:
    return client.raw.get(f"/results/{attempt}/evidence.json").text


def test_the_candidate_reads_everything_but_marks_before_release(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    page = plain(client.get(f"/results/{attempt}/evidence"))
    assert "送达12次，计入10次" in page and "回执编号" in page and "第9题" in page
    assert "阅卷和发布" not in page and "90.0分" not in page
    body = json.loads(file_of(client, attempt))
    assert body["markings"] == [] and len(body["events"]) == 12
    fates = [event["disposition"] for event in body["events"]]
    assert fates.count("unparsable") == 1 and fates.count("after_submit") == 1
    assert make.CANARY not in json.dumps({**body, "answers": {}, "events": []})


def test_who_decides_sees_who_marked_and_released(client, people, attempt) -> None:
    page = plain(client.log_in_as(people["trainer"]).get(f"/results/{attempt}/evidence"))
    assert "第一次阅卷" in page and "林晓雯" in page
    for who, act in (("hr", "propose"), ("second", "confirm")):
        client.log_in_as(people[who]).post("/grading/release", {"attempt": [attempt], "act": act})
    client.log_in_as(people["person"]).post(f"/results/{attempt}/appeal", {"slot": "9", "reason": "请看日志"})
    page = plain(client.log_in_as(people["trainer"]).get(f"/results/{attempt}/evidence"))
    assert "成绩发布" in page and "hr、second" in page and "请看日志" in page
    page = plain(client.log_in_as(people["person"]).get(f"/results/{attempt}/evidence"))
    assert "成绩发布" in page and "second" not in page
    assert json.loads(file_of(client, attempt))["markings"][0]["mark"] == "90.000"


def test_strangers_get_the_same_answer_as_for_a_missing_one(client, people, attempt) -> None:
    for who in ("mate", "mentor"):
        client.log_in_as(people[who])
        for ending in ("", ".json", ".html"):
            client.get(f"/results/{attempt}/evidence{ending}", status=404)
            client.get(f"/results/999/evidence{ending}", status=404)


def test_the_page_that_is_taken_along_stands_alone(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    response = client.raw.get(f"/results/{attempt}/evidence.html")
    assert response.headers["Content-Disposition"] == f'attachment; filename="evidence-{attempt}.html"'
    text = response.text
    assert "<script" not in text and "/static/css" not in text and "林晓雯" in text and "回执编号" in text


def test_the_page_asks_as_many_queries_for_much_as_for_little(app, client, people, attempt) -> None:
    client.log_in_as(people["person"])
    client.get(f"/results/{attempt}/evidence")  # what versions say is read once
    with counted(app) as few:
        client.get(f"/results/{attempt}/evidence")
    with app.app_context():
        extra = [make.event(9, '"43"', 20 + number) for number in range(30)]
        make.save(people["person"], attempt, extra, START + 62 * SECOND)
    with counted(app) as many:
        client.get(f"/results/{attempt}/evidence")
    assert len(few) == len(many) <= 30


# --- receipts without the system


def run(app, command, *arguments: str):
    return CliRunner().invoke(command, list(arguments), obj=shell_of(app))


def test_a_receipt_is_verified_from_the_file_alone(app, client, people, attempt, tmp_path) -> None:
    client.log_in_as(people["person"])
    for name, text in (
        ("receipt.json", client.raw.get(f"/attempts/{attempt}/receipt.json").text),
        ("evidence.json", file_of(client, attempt)),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(exam_commands.exam, ["verify-receipt", str(path)])
        assert done.exit_code == 0 and "一致。" in done.output, done.output
        body = json.loads(text)
        body["answers"]["9"] = "42"
        path.write_text(json.dumps(body), encoding="utf-8")
        done = CliRunner().invoke(exam_commands.exam, ["verify-receipt", str(path)])
        assert done.exit_code == 1 and "不一致。" in done.output


def test_a_log_that_ends_elsewhere_is_found_though_the_receipt_fits(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    body = json.loads(file_of(client, attempt))
    assert check_receipt(json.dumps(body)).good
    body["events"] = [event for event in body["events"] if event["count"] != 10]
    found = check_receipt(json.dumps(body))
    assert found.stated == found.found and found.log_agrees is False and not found.good


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"answers": {}}'])
def test_what_is_no_receipt_is_refused_in_words(app, tmp_path, text) -> None:
    with pytest.raises(NoReceiptError):
        check_receipt(text)
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(exam_commands.exam, ["verify-receipt", str(path)])
    assert done.exit_code == 1 and "这不是回执文件" in done.output


def test_the_last_writer_counts_and_set_aside_answers_do_not() -> None:
    def sent(value, lease, count, disposition=Disposition.ACCEPTED):
        return {"slot": 1, "value": value, "lease": lease, "count": count, "disposition": str(disposition)}

    log = [sent("b", 2, 1), sent("a", 1, 9), sent("c", 3, 1, Disposition.LATE), sent("d", 2, 0)]
    assert final(log) == {"1": "b"} and final([]) == {}


def test_rescoring_says_how_many_and_finds_what_differs(app, attempt) -> None:
    done = run(app, grading_commands.grading, "rescore", "--check")
    assert done.exit_code == 0 and "核对了1个结果，0个不同" in done.output
    with app.app_context(), unit_of_work() as db:
        db.query(Result).one().digest = "0" * 64
    done = run(app, grading_commands.grading, "rescore", "--check", "--json")
    assert done.exit_code == 1 and json.loads(done.output)["different"][0]["attempt_id"] == attempt


# --- months that add up


@pytest.mark.both_databases
def test_a_month_adds_up(app, people, attempt) -> None:
    with app.app_context():
        waiting = make.make_attempt(people["mate"], make.make_sitting([people["mate"], people["hr"]]))
        found = month_reconciled(MONTH, START + 61 * SECOND)
        assert found.unexplained == [] and len(found.sittings) == 2
        one = next(each for each in found.sittings if each.submitted)
        assert (one.started, one.marked, one.marking, one.released, one.sent) == (1, 1, 0, 0, 12)
        assert one.fates == {"accepted": 10, "unparsable": 1, "after_submit": 1}
        other = next(each for each in found.sittings if not each.submitted)
        assert (other.candidates, other.started, other.states["open"]) == (2, 1, 1)
        assert exams.unexplained() == [] and waiting


@pytest.mark.both_databases
def test_every_kind_of_fault_is_found(app, people, attempt) -> None:
    with app.app_context():
        mates = make.make_attempt(people["mate"], make.make_sitting([people["mate"]]))
        make.answer_right(people["mate"], mates, [1])
        make.submit(people["mate"], mates)
        with unit_of_work() as db:
            db.query(Answer).filter_by(attempt_id=attempt, slot=9).one().value = '"42"'
            db.get_one(Attempt, attempt).receipt = "0" * 64
            db.get_one(Attempt, mates).receipt = None
            db.query(Result).filter_by(attempt_id=mates).delete()
        session().rollback()
        whats = {(one.attempt_id, one.what, one.slot) for one in month_reconciled(MONTH, START).unexplained}
        assert whats == {
            (attempt, "answer", 9),
            (attempt, "receipt", None),
            (mates, "closed", None),
            (mates, "unmarked", None),
        }
        assert {one.what for one in exams.unexplained([attempt])} == {"answer", "receipt"}


def test_the_page_of_a_month_says_whether_it_adds_up(app, client, people, attempt) -> None:
    client.log_in_as(people["hr"])
    page = plain(client.get("/reconciliation?month=2026-11"))
    assert "全部对得上，0处说不清" in page and "2次留存未计入" in page
    assert "对账" in client.get("/sittings")
    assert "这个月没有人考试" in client.get("/reconciliation?month=2026-10")
    assert "全部对得上" in plain(client.get("/reconciliation?month=soon"))
    with app.app_context(), unit_of_work() as db:
        db.get_one(Attempt, attempt).receipt = "0" * 64
    page = plain(client.get("/reconciliation"))
    assert "有1处对不上" in page and "回执和最后的答案不一致" in page
    client.log_in_as(people["mate"]).get("/reconciliation", status=403)


def test_a_month_of_many_is_read_in_as_many_queries(app, client, people, attempt) -> None:
    client.log_in_as(people["hr"])
    with counted(app) as few:
        client.get("/reconciliation")
    with app.app_context():
        for _ in range(3):
            other = make_person()
            made = make.make_attempt(other, make.make_sitting([other]))
            make.submit(other, made)
    with counted(app) as many:
        client.get("/reconciliation")
    assert len(few) == len(many) <= 25
