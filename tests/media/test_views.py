"""Handing files out, whole and in part, and taking pictures from an editor."""

from __future__ import annotations

import io

import pytest

from tests.conftest import START
from tests.counting import counted
from tests.factories.media import MP4, PDF, claiming_png, picture
from tests.factories.people import make_person

MIB = 1024 * 1024


@pytest.fixture
def trainer(app, client):
    with app.app_context():
        person = make_person(roles=["trainer"])
    return client.log_in_as(person)


def keep(app, data: bytes, name: str) -> str:
    from cstrain.media import service
    from cstrain.unit_of_work import unit_of_work

    with app.app_context(), unit_of_work():
        return service.keep_file(io.BytesIO(data), name, None, START, most_bytes=100 * MIB).url


def send(client, raw: bytes, name: str = "a.png", **how):
    return client.post("/files", {"file": (io.BytesIO(raw), name)}, **how)


def test_a_picture_from_an_editor_is_kept_and_shown(trainer) -> None:
    answer = send(trainer, picture("PNG", mode="RGBA"), "货架.png", status=200).json
    assert (answer["width"], answer["height"], answer["name"]) == (40, 30, "货架.png")
    assert answer["url"] == f"/files/{answer['digest']}"
    shown = trainer.raw.get(answer["url"])
    assert shown.status_code == 200 and shown.data.startswith(b"\x89PNG")
    heads = shown.headers
    assert heads["Content-Type"] == "image/png" and "Content-Disposition" not in heads
    assert heads["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert heads["X-Content-Type-Options"] == "nosniff"
    assert heads["Cache-Control"] == "private, max-age=31536000, immutable"
    assert int(heads["Content-Length"]) == len(shown.data)
    send(trainer, picture("PNG", mode="RGBA"), "again.png", status=200, audited=False)


def test_a_picture_that_the_browser_has_is_not_sent_again(trainer) -> None:
    url = send(trainer, picture(), status=200).json["url"]
    tag = trainer.raw.get(url).headers["ETag"]
    again = trainer.raw.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("raw", "says"), [(b"<svg>", "SVG"), (b"", "空的"), (claiming_png(50_000, 50_000), "像素太多")]
)
def test_a_refused_picture_is_answered_with_its_sentence(trainer, raw, says) -> None:
    assert says in send(trainer, raw, status=422).json["error"]


def test_a_form_without_a_file_is_answered_with_a_sentence(trainer) -> None:
    assert "没有收到图片" in trainer.post("/files", status=422).json["error"]


def test_who_edits_no_bank_uploads_nothing(app, client) -> None:
    with app.app_context():
        person = make_person()
    send(client.log_in_as(person), picture(), status=403)


def test_a_document_is_saved_under_its_name_and_never_shown(app, trainer) -> None:
    answer = trainer.raw.get(keep(app, PDF, "退货“政策”; v2\r\n.pdf"))
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;") and "filename*=UTF-8''%E9%80%80%E8%B4%A7" in said
    page = trainer.raw.get(keep(app, b"<script>alert(1)</script>", "x.html"))
    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert page.headers["Content-Disposition"].startswith("attachment;")
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, 4 * MIB + 100),
        ("bytes=0-", 0, 4 * MIB),
        ("bytes=-10", -10, None),
        ("bytes=5242000-9999999", 5242000, None),
        ("bytes=-99999999", 0, 4 * MIB),
    ],
)
def test_a_player_gets_the_part_it_asks_for(app, trainer, asked, first, last) -> None:
    data = MP4 + bytes(range(251)) * (5 * MIB // 251)
    answer = trainer.raw.get(keep(app, data, "a.mp4"), headers={"Range": asked})
    assert answer.status_code == 206 and answer.data == data[first:last]
    begin = first % len(data)
    told = f"bytes {begin}-{begin + len(answer.data) - 1}/{len(data)}"
    assert answer.headers["Content-Range"] == told
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_part_that_is_not_there_is_refused_and_odd_ranges_get_all(app, trainer) -> None:
    url = keep(app, MP4, "a.mp4")
    beyond = trainer.raw.get(url, headers={"Range": f"bytes={len(MP4)}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(MP4)}")
    for odd in ("bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=x"):
        whole = trainer.raw.get(url, headers={"Range": odd})
        assert (whole.status_code, whole.data) == (200, MP4), odd


def test_files_are_for_those_who_are_signed_in(app, client) -> None:
    url = keep(app, PDF, "a.pdf")
    assert client.raw.get(url).status_code == 302
    with app.app_context():
        client.log_in_as(make_person())
    assert client.raw.get(url).data == PDF
    assert "没有找到这个文件" in client.get("/files/nowhere", status=404)


def test_a_picture_costs_two_statements_of_its_own(app, trainer) -> None:
    url = send(trainer, picture(), status=200).json["url"]
    with counted(app) as statements:
        assert trainer.raw.get(url).data
    assert len([each for each in statements if "stored_file" in each]) == 2, statements
