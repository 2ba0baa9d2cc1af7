"""The auditor's pages."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa

from cstrain.audit import checkpoints
from cstrain.extensions import db, session
from cstrain.people.models import ViewLog
from tests.audit.test_service import tamper, write
from tests.factories.people import make_person


@pytest.fixture
def auditor(app, client):
    with app.app_context():
        person = make_person("郑和", "A002", ["auditor"])
        make_person("李娜", "K002")
        db.session.remove()
    return client.log_in_as(person)


def test_the_log_shows_who_did_what_with_filters_and_pages(app, auditor):
    with app.app_context():
        write(40)
    page = auditor.get("/audit")
    assert "更早的记录" in page
    assert "test.act" in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "people.hire" in auditor.get(older)
    assert "郑和" in auditor.get("/audit?action=people.hire")
    assert "test.act" not in auditor.get("/audit?action=people.hire").split("<tbody")[1]
    assert "没有符合条件的记录" in auditor.get("/audit?subject=person:77777")
    assert auditor.get("/audit?actor=3")


def test_reading_the_log_is_itself_logged(app, auditor):
    auditor.get("/audit")
    with app.app_context():
        assert session().scalars(sa.select(ViewLog.what)).all() == ["audit.log"]


def test_the_verification_says_that_the_log_is_whole_or_not(app, auditor):
    assert "日志完整" in auditor.get("/audit/verification")
    with app.app_context():
        tamper("UPDATE audit_entry SET action = 'x' WHERE seq = 2")
    assert "日志被动过" in auditor.get("/audit/verification")


def upload(client, data):
    body = {"csrf_token": client.csrf(), "file": (BytesIO(data), "checkpoint.json")}
    return client.raw.post("/audit/verification", data=body, content_type="multipart/form-data")


def test_a_checkpoint_is_downloaded_and_compared_later(app, auditor):
    kept = auditor.download("/audit/checkpoint.json")
    assert checkpoints.load(kept.decode()).seq > 0
    assert "接得上你的检查点" in upload(auditor, kept).text
    with app.app_context():
        tamper("DELETE FROM audit_entry WHERE seq >= 4")
    assert "日志被动过" in upload(auditor, kept).text


def test_something_else_is_no_checkpoint(auditor):
    response = upload(auditor, b"hello")
    assert response.status_code == 422
    assert "不是审计检查点文件" in response.text
    assert auditor.post("/audit/verification", {}, 422)


@pytest.mark.parametrize("role", ["hr", "administrator", "gm", "supervisor"])
def test_nobody_else_reads_the_log(app, client, role):
    with app.app_context():
        person = make_person("某人", roles=[role])
        db.session.remove()
    client.log_in_as(person)
    for url in ("/audit", "/audit/verification", "/audit/checkpoint.json"):
        client.get(url, 403)
