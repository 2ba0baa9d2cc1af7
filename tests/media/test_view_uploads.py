"""Sending a video in pieces over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from cstrain.media.uploading import SENT
from tests.factories.media import MP4
from tests.factories.people import make_person

FILM = MP4 + bytes(SENT)
BEGIN = "/files/uploads"


@pytest.fixture
def author(app, client):
    with app.app_context():
        person = make_person(roles=["trainer"])
    return client.log_in_as(person)


def ask(client, url: str, status: int = 200, token: str | None = None, **how: Any) -> Any:
    heads = {"X-CSRFToken": client.csrf() if token is None else token, "Accept": "application/json"}
    answer = client.raw.post(url, headers=heads, **how)
    assert answer.status_code == status, answer.text
    return answer.json


def begin(client, size: object = len(FILM), name: object = "经过.mp4", status: int = 200) -> Any:
    return ask(client, BEGIN, status, json={"name": name, "size": size})


def piece(client, token: str, number: object, data: bytes, status: int = 200) -> Any:
    url = f"{BEGIN}/{token}/{number}"
    return ask(client, url, status, data=data, content_type="application/octet-stream")


def test_a_video_is_begun_sent_and_finished(author) -> None:
    begun = begin(author)
    assert (begun["piece"], begun["size"], begun["received"]) == (SENT, len(FILM), 0)
    token = begun["token"]
    assert piece(author, token, 0, FILM[:SENT])["received"] == SENT
    assert piece(author, token, 0, FILM[:SENT])["received"] == SENT
    assert "还没有传完" in ask(author, f"{BEGIN}/{token}/finish", 409, json={})["error"]
    assert piece(author, token, 1, FILM[SENT:])["received"] == len(FILM)
    kept = ask(author, f"{BEGIN}/{token}/finish", json={})
    assert (kept["name"], kept["mime"], kept["size"]) == ("经过.mp4", "video/mp4", len(FILM))
    assert kept == ask(author, f"{BEGIN}/{token}/finish", json={})
    part = author.raw.get(kept["url"], headers={"Range": f"bytes={SENT - 2}-{SENT + 2}"})
    assert part.data == FILM[SENT - 2 : SENT + 3]


def test_wrong_pieces_are_refused_with_a_sentence(author) -> None:
    token = begin(author)["token"]
    assert "顺序乱了" in piece(author, token, 1, FILM[SENT:], 409)["error"]
    assert "没有传完整" in piece(author, token, 0, FILM[: SENT // 2], 422)["error"]
    assert "只收mp4和webm" in piece(author, token, 0, b"x" * SENT, 422)["error"]
    assert "每次不超过4MB" in piece(author, token, 0, bytes(SENT + 1), 413)["error"]
    assert "顺序乱了" in piece(author, token, 2**31 - 1, b"x", 409)["error"]
    piece(author, token, "9" * 40, b"x", 404)
    piece(author, token, "-1", b"x", 404)
    piece(author, token, 0, FILM[:SENT])
    assert "先前收到的不同" in piece(author, token, 0, MP4 + b"\1" * (SENT - len(MP4)), 409)["error"]


def test_an_upload_belongs_to_who_began_it(app, author, client) -> None:
    token = begin(author)["token"]
    with app.app_context():
        other, reader = make_person(roles=["trainer"]), make_person()
    client.log_in_as(other)
    for url, body in ((f"{BEGIN}/{token}/finish", {}), (f"{BEGIN}/{token}/cancel", {})):
        assert "没有找到这次上传" in ask(client, url, 404, json=body)["error"]
    piece(client, token, 0, FILM[:SENT], 404)
    client.log_in_as(reader)
    begin(client, status=403)
    piece(client, token, 0, FILM[:SENT], 403)


def test_a_cancelled_upload_makes_room_for_another(author) -> None:
    tokens = [begin(author)["token"] for _ in range(3)]
    assert "3个视频没有传完" in begin(author, status=422)["error"]
    assert ask(author, f"{BEGIN}/{tokens[0]}/cancel", json={}) == {"cancelled": True}
    ask(author, f"{BEGIN}/{tokens[0]}/cancel", 404, json={})
    begin(author)


@pytest.mark.parametrize(
    ("name", "size", "says"),
    [
        ("a.mp4", 100 * 1024 * 1024 + 1, "超过100MB"),
        ("a.mp4", 0, "空的"),
        ("a.mp4", True, "名称和大小"),
        ("a.mp4", "9", "名称和大小"),
        ("a.mp4", 1e300, "名称和大小"),
        (None, 9, "名称和大小"),
    ],
)
def test_what_cannot_be_begun_is_said(author, name, size, says) -> None:
    assert says in begin(author, size, name, 422)["error"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 4000, b'{"name": "a", "size": ' + b"9" * 4000])
def test_odd_words_are_no_error_of_ours(author, body) -> None:
    said = ask(author, BEGIN, 422, data=body, content_type="application/json")
    assert "名称和大小" in said["error"]


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["a\0b.mp4", "\ud800.mp4", "", "../" * 900, "名" * 600])
def test_any_name_can_be_stored(author, name) -> None:
    token = begin(author, len(MP4), name)["token"]
    piece(author, token, 0, MP4)
    kept = ask(author, f"{BEGIN}/{token}/finish", json={})
    assert kept["name"].endswith(".mp4") and len(kept["name"]) <= 120


def test_words_of_any_length_and_requests_without_a_token_are_refused(author) -> None:
    ask(author, BEGIN, 413, data=b" " * 5000, content_type="application/json")
    ask(author, BEGIN, 400, token="", json={"name": "a.mp4", "size": 9})
    token = begin(author)["token"]
    url = f"{BEGIN}/{token}/0"
    ask(author, url, 400, token="", data=FILM[:SENT], content_type="application/octet-stream")
