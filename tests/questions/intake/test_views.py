"""The pages of imports, walked by who brings a file, who reviews, and who may not."""

from __future__ import annotations

import io
import re

import pytest

from cstrain.extensions import now
from cstrain.questions.intake import service
from cstrain.questions.intake.views import confirming, uploads
from tests.counting import counted
from tests.factories.imports import HEAD, ODD, bad, good, sheet
from tests.factories.people import make_person

BASE = "/question-imports"
pytestmark = pytest.mark.usefixtures("bank")


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def bring(client, data: bytes, name: str = "售后.xlsx", status: int = 302, **more: str):
    form = {"bank": "own", "file": (io.BytesIO(data), name), **more}
    return client.post(f"{BASE}/new", form, status, content_type="multipart/form-data")


@pytest.fixture
def me(client, trainer):
    return client.log_in_as(trainer)


@pytest.fixture
def later(monkeypatch):
    """Leaves every file to the background."""
    monkeypatch.setattr(uploads, "is_small", lambda data: False)
    monkeypatch.setattr(confirming, "_AT_ONCE_QUESTIONS", 0)


def test_a_file_with_faults_is_shown_confirmed_and_accepted_by_another(app, client, me, other) -> None:
    assert "还没有导入过文件" in me.get(BASE)
    me.get(f"{BASE}/new?bank=own")
    assert me.download(f"{BASE}/template.xlsx").startswith(b"PK")
    rows = [*good(3), good(1)[0], *bad(2), ("单选题", "几天？", "1天", "2天", "", "A", "备注", "")]
    assert bring(me, sheet(rows)).location == f"{BASE}/1"
    page = plain(me.get(f"{BASE}/1"))
    assert (
        "可以导入4题" in page and "没有读出的2处" in page and "第6行" in page and "和文件里第2行重复" in page
    )
    assert "售后/退货" in page and "第1号商品几天内可以退？" in page and "选一项" not in page
    me.get(f"{BASE}/1/questions?page=1")
    for kind in ("fault", "duplicate", "note"):
        me.get(f"{BASE}/1/found/{kind}")
    me.get(f"{BASE}/1/found/question", 404)
    assert me.download(f"{BASE}/1/failed.xlsx").startswith(b"PK")
    me.post(f"{BASE}/1/confirm", {"placing": "nowhere", "default_topic": "one"}, 422)
    me.post(f"{BASE}/1/confirm", {"placing": "file", "default_topic": "one"})
    page = plain(me.get(f"{BASE}/1"))
    assert "已写入4题" in page and "由另一位同事审核" in page
    me.get(f"{BASE}/1/questions", 404)
    assert "你导入的" in plain(me.get(f"{BASE}/1/review"))
    me.post(f"{BASE}/1/accept", {}, 403)
    assert "已导入" in plain(me.get(BASE))
    reviewer = client.log_in_as(other)
    reviewer.get(f"{BASE}/1", 404)
    page = reviewer.get(f"{BASE}/1/review")
    assert "全部采用4题" in plain(page) and "/question-drafts/" in page and "马丽导入" in plain(page)
    assert "不能退" in plain(page), "the list says what is right"
    reviewer.post(f"{BASE}/1/accept", {})
    assert "都审核完了" in plain(reviewer.get(f"{BASE}/1/review"))
    reviewer.post(f"{BASE}/1/accept", {}, 409)


def test_who_is_in_probation_does_not_read_the_answers_of_an_import(app, client, me) -> None:
    with app.app_context():
        new = make_person("新人", roles=["supervisor"], status="probation")
    bring(me, sheet(good(3)))
    me.post(f"{BASE}/1/confirm", {"placing": "file", "default_topic": "one"})
    client.log_in_as(new)
    client.get(f"{BASE}/1/review", 403)
    client.post(f"{BASE}/1/accept", {}, 403)


def test_what_the_bank_has_is_linked_and_paged(app, me) -> None:
    bring(me, sheet(good(60)))
    me.post(f"{BASE}/1/confirm", {"placing": "default", "default_topic": "one"})
    bring(me, sheet([*good(60), *bad(60)]))
    page = me.get(f"{BASE}/2")
    assert "没有可以导入的题" in plain(page) and "看全部60处" in plain(page) and "还在审核" in plain(page)
    assert "第1页，共2页" in plain(me.get(f"{BASE}/2/found/duplicate"))
    assert me.post(f"{BASE}/2/confirm", {"placing": "file", "default_topic": "one"}, 422)


def test_what_is_missing_is_said_and_what_was_typed_stays(me) -> None:
    page = me.post(f"{BASE}/new", {"bank": "", "text": "", "new_title": "新的"}, 422).text
    assert "请选一个文件，或者粘贴试题" in page and "新题库的代号" in page and 'value="新的"' in page
    page = me.post(f"{BASE}/new", {"bank": "", "text": "1. 题", "new_name": "new", "new_title": ""}, 422).text
    assert "请写新题库的名称" in page
    page = me.post(f"{BASE}/new", {"text": "1. 题", "new_name": "Bad Name", "new_title": "新"}, 422).text
    assert "小写字母" in page
    page = me.post(f"{BASE}/new", {"text": "1. 题", "new_name": "own", "new_title": "新"}, 409).text
    assert "已经有题库" in page and "1. 题" in page
    refused = bring(me, b"x" * 11_500_000, "a.txt", 413)
    assert refused.status_code == 413
    assert "超过10MB" in bring(me, b"x" * 10_000_001, "a.txt", 422).text


def test_a_pasted_text_makes_a_new_bank(me) -> None:
    text = "1. 先做什么？\nA. 道歉\nB. 查单\n答案：B\n"
    me.post(f"{BASE}/new", {"text": text, "new_name": "fresh", "new_title": "新题库", "format": "text"})
    page = plain(me.get(f"{BASE}/1"))
    assert "可以导入1题" in page and "（新建）" in page and "未分类" in page
    me.post(f"{BASE}/1/confirm", {"placing": "file", "default_topic": ""})
    assert "新题库" in me.get("/banks")


def test_an_unreadable_file_says_why(me) -> None:
    bring(me, b"\x00\x01nothing", "a.bin")
    assert "看不出是哪种格式" in me.get(f"{BASE}/1")
    me.get(f"{BASE}/1/failed.xlsx", 404)
    me.get(f"{BASE}/1/found/fault", 404)
    me.post(f"{BASE}/1/cancel", {}, 409)


def test_unknown_headings_are_named_on_a_page_of_their_own(me) -> None:
    bring(me, sheet(good(2), ODD))
    page = me.get(f"{BASE}/1")
    assert "请说明各列是什么" in page and "问法" in page and "第1号商品" in page
    me.post(f"{BASE}/1/columns", {"column_0": "nothing"}, 422)
    words = [*HEAD[:-1], "-"]
    me.post(f"{BASE}/1/columns", {f"column_{place}": word for place, word in enumerate(words)})
    assert "可以导入2题" in plain(me.get(f"{BASE}/1"))
    me.post(f"{BASE}/1/columns-again", {})
    assert re.search(r'<option selected value="题干">', me.get(f"{BASE}/1"))
    me.post(f"{BASE}/1/columns-again", {}, 409)
    me.post(f"{BASE}/1/cancel", {})
    assert "已取消" in plain(me.get(BASE)) and "取消了" in plain(me.get(f"{BASE}/1"))


def test_a_big_file_is_worked_off_in_the_background(app, later, me) -> None:
    bring(me, sheet(good(3)))
    page = me.get(f"{BASE}/1")
    assert "正在检查" in page and "js/imports.js" in page
    assert me.raw.get(f"{BASE}/1/state").json == {"state": "checking", "done": 0, "total": 0}
    with app.app_context():
        service.work_through(now)
    me.post(f"{BASE}/1/confirm", {"placing": "file", "default_topic": "one"})
    assert "正在写入题库" in plain(me.get(f"{BASE}/1")) and "0 / 3题" in plain(me.get(f"{BASE}/1"))
    me.post(f"{BASE}/1/confirm", {}, audited=False)
    with app.app_context():
        service.work_through(now)
    assert "已写入3题" in plain(me.get(f"{BASE}/1"))


def test_many_are_accepted_in_the_background_and_the_page_says_so(
    app, client, me, other, monkeypatch
) -> None:
    from cstrain.questions.intake.service import accepting

    monkeypatch.setattr(accepting, "AT_ONCE", 2)
    bring(me, sheet(good(5)))
    me.post(f"{BASE}/1/confirm", {"placing": "file", "default_topic": "one"})
    reviewer = client.log_in_as(other)
    reviewer.post(f"{BASE}/1/accept", {})
    page = reviewer.get(f"{BASE}/1/review")
    assert "正在采用" in plain(page) and 'data-import="/question-imports/1/review/state"' in page
    wanted = {"state": "accepting", "done": 0, "total": 5}
    assert reviewer.raw.get(f"{BASE}/1/review/state").json == wanted
    with app.app_context():
        service.work_through(now)
    assert "都审核完了" in plain(reviewer.get(f"{BASE}/1/review"))


def test_a_bank_is_exported_after_what_is_lost_was_shown(app, client, me) -> None:
    bring(me, sheet(good(2)))
    me.post(f"{BASE}/1/confirm", {"placing": "file", "default_topic": "one"})
    assert "看放不下什么" in me.get("/bank-export/own")
    page = plain(me.get("/bank-export/own?format=aiken"))
    assert "导出5题" in page and "2题等待首次审核" in page and "处放不下" in page
    assert "导出3题" in plain(me.get("/bank-export/own?format=xlsx&active=1"))
    file = me.post("/bank-export/own", {"format": "xlsx", "active": ""}, 200)
    assert file.data.startswith(b"PK") and "own.xlsx" in file.headers["Content-Disposition"]
    me.post("/bank-export/own", {"format": "word"}, 422)
    me.get("/bank-export/nothing", 404)


def test_somebody_in_probation_exports_nothing(app, client) -> None:
    with app.app_context():
        trainee = make_person("林晓雯", roles=["trainer"], status="probation")
    page = client.log_in_as(trainee)
    assert "试用期" in page.get("/bank-export/own", 403)
    page.post("/bank-export/own", {"format": "xlsx"}, 403)


def test_who_may_not_import_sees_none_of_it(app, client) -> None:
    with app.app_context():
        employee = make_person("周敏")
    page = client.log_in_as(employee)
    for url in (BASE, f"{BASE}/new", f"{BASE}/1", f"{BASE}/1/review", "/bank-export/own"):
        page.get(url, 403)


@pytest.mark.parametrize(
    ("url", "most"), [(BASE, 12), (f"{BASE}/1", 16), (f"{BASE}/1/questions", 12), (f"{BASE}/2/review", 14)]
)
def test_pages_ask_the_database_as_often_for_many_as_for_few(app, me, url: str, most: int) -> None:
    for _ in range(2):
        bring(me, sheet([*good(40), *bad(9)]))
    me.post(f"{BASE}/2/confirm", {"placing": "file", "default_topic": "one"})
    me.get(url)
    with counted(app) as statements:
        me.get(url)
    assert len(statements) <= most, len(statements)
