"""Videos sent in pieces: in order, each once, by who began; kept whole or taken away."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.media import jobs, queries, uploading
from cstrain.media.kinds import MOST_VIDEO
from cstrain.media.models import FileChunk, FileRow, FileUpload, FileUploadPiece
from cstrain.media.uploading import SENT
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.media import MP4, PDF, WEBM
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(hours=24)
FILM = MP4 + bytes(range(251)) * (2 * SENT // 251) + b"the end"


@pytest.fixture
def author() -> int:
    return make_person("周明", roles=["trainer"])


def count(table: type) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def acts() -> list[str]:
    every = session().scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    return [each for each in every if each.startswith(("upload.", "file."))]


def begin(by: int, size: int = len(FILM), name: str = "经过.mp4", at=START) -> str:
    with unit_of_work():
        return uploading.begin(by, at, name, size).token


def receive(by: int, token: str, number: int, data: bytes, at=START) -> int:
    with unit_of_work():
        return uploading.receive(by, at, token, number, data).received


def send(by: int, token: str, film: bytes = FILM) -> None:
    for number in range(-(-len(film) // SENT)):
        receive(by, token, number, film[number * SENT : (number + 1) * SENT])


def finish(by: int, token: str):
    digest = uploading.digest_of(by, token)
    with unit_of_work():
        return uploading.finish(by, START, token, digest)


def test_a_video_in_pieces_is_kept_as_if_it_had_come_at_once(author) -> None:
    token = begin(author, name="退货经过.MP4")
    send(author, token)
    kept = finish(author, token)
    assert kept.digest == hashlib.sha256(FILM).hexdigest()
    assert (kept.name, kept.mime, kept.size) == ("退货经过.mp4", "video/mp4", len(FILM))
    assert (kept.kept_by, kept.is_video) == (author, True)
    assert b"".join(queries.chunks(kept.digest)) == FILM
    assert b"".join(queries.chunks(kept.digest, SENT - 3, SENT + 9)) == FILM[SENT - 3 : SENT + 9]
    assert count(FileUploadPiece) == 0 and count(FileChunk) == 9
    assert acts() == ["upload.begin", "file.keep", "upload.finish"]
    assert finish(author, token) == kept, "the answer got lost and it is asked again"
    assert acts()[-1] == "upload.finish" and len(acts()) == 3
    with pytest.raises(ConflictError, match="顺序乱了"):
        receive(author, token, 0, FILM[:SENT])


def test_the_same_video_is_kept_once(author) -> None:
    for _ in range(2):
        token = begin(author, len(WEBM), "a.webm")
        receive(author, token, 0, WEBM)
        assert finish(author, token).name == "a.webm"
    assert count(FileRow) == count(FileChunk) == 1 and acts().count("file.keep") == 1


def test_a_piece_may_come_again_but_not_another_in_its_place(author) -> None:
    token = begin(author)
    first, second = FILM[:SENT], FILM[SENT : 2 * SENT]
    assert [receive(author, token, 0, first) for _ in range(2)] == [SENT, SENT]
    with pytest.raises(ConflictError, match="先前收到的不同"):
        receive(author, token, 0, MP4 + bytes(SENT - len(MP4)))
    with pytest.raises(ConflictError, match="顺序乱了"):
        receive(author, token, 2, FILM[2 * SENT :])
    assert receive(author, token, 1, second) == receive(author, token, 0, first) == 2 * SENT
    with pytest.raises(ConflictError, match="还没有传完"):
        finish(author, token)
    assert receive(author, token, 2, FILM[2 * SENT :]) == len(FILM)
    with pytest.raises(DomainError, match="没有传完整"):
        receive(author, begin(author, SENT), 0, b"")


@pytest.mark.parametrize("data", [FILM[: SENT - 1], FILM[: SENT + 1], b""])
def test_a_piece_that_is_cut_off_or_too_long_is_not_taken(author, data) -> None:
    token = begin(author)
    with pytest.raises(DomainError, match="没有传完整"):
        receive(author, token, 0, data)
    assert count(FileUploadPiece) == 0


@pytest.mark.parametrize("data", [PDF, b"MZ\0\0", b"only words"])
def test_what_is_no_video_is_refused_with_its_first_piece(author, data) -> None:
    token = begin(author, len(data))
    with pytest.raises(DomainError, match="只收mp4和webm"):
        receive(author, token, 0, data)
    assert count(FileUploadPiece) == count(FileRow) == 0


def test_nobody_else_goes_on_with_an_upload(author) -> None:
    token, other = begin(author), make_person("陈静", roles=["trainer"])
    for act in (
        lambda: receive(other, token, 0, FILM[:SENT]),
        lambda: finish(other, token),
        lambda: uploading.cancel(other, token),
        lambda: receive(author, "nowhere", 0, FILM[:SENT]),
    ):
        with pytest.raises(NotFoundError):
            act()


@pytest.mark.parametrize(("size", "says"), [(0, "空的"), (-1, "空的"), (MOST_VIDEO + 1, "超过100MB")])
def test_a_video_of_no_size_or_too_much_is_not_begun(author, size, says) -> None:
    with pytest.raises(DomainError, match=says):
        begin(author, size)


def test_three_unfinished_ones_are_enough_until_one_is_cancelled(author) -> None:
    tokens = [begin(author) for _ in range(3)]
    with pytest.raises(DomainError, match="3个视频没有传完"):
        begin(author)
    begin(make_person("陈静", roles=["trainer"]))
    receive(author, tokens[0], 0, FILM[:SENT])
    with unit_of_work():
        uploading.cancel(author, tokens[0])
    begin(author)
    assert count(FileUploadPiece) == 0 and acts().count("upload.remove") == 1


def test_all_unfinished_ones_together_have_a_limit(author) -> None:
    for number in range(4):
        person = make_person(f"讲师{number}", roles=["trainer"])
        for _ in range(3 if number < 3 else 1):
            begin(person, MOST_VIDEO)
    with pytest.raises(DomainError, match="太多视频在上传"):
        begin(author, MOST_VIDEO)
    begin(author, 24 * 1024 * 1024)


def test_two_who_begin_the_third_one_at_once_have_three(app, author) -> None:
    begin(author)
    begin(author)

    def another() -> str:
        return uploading.begin(author, START, "a.mp4", 9).token

    won, refused = race(app, another, another)
    assert len(won) == len(refused) == 1 and count(FileUpload) == 3


def test_finishing_twice_at_once_keeps_one(app, author) -> None:
    token = begin(author)
    send(author, token)
    digest = uploading.digest_of(author, token)

    def end():
        return uploading.finish(author, START, token, digest)

    (first, second), refused = race(app, end, end)
    assert first == second and not refused and count(FileRow) == 1 and acts().count("upload.finish") == 1


def test_what_nobody_goes_on_with_is_taken_away_after_a_day(author) -> None:
    stale, fresh, done = begin(author), begin(author), begin(author, len(MP4))
    receive(author, stale, 0, FILM[:SENT])
    receive(author, fresh, 0, FILM[:SENT], START + timedelta(hours=1))
    receive(author, done, 0, MP4)
    kept = finish(author, done)
    assert jobs.run(START + DAY) == 0
    assert jobs.run(START + DAY + timedelta(minutes=1)) == 2
    assert session().scalars(sa.select(FileUpload.token)).all() == [fresh]
    assert count(FileUploadPiece) == 4 and queries.stored_file(kept.digest) == kept
    removed = session().scalars(sa.select(AuditEntry).where(AuditEntry.action == "upload.remove")).all()
    assert [(each.actor_id, each.subject) for each in removed] == [(None, f"upload:{stale}")]
    with unit_of_work():
        uploading.remove_old(START + DAY, fresh)
    assert count(FileUpload) == 1, "a piece has come in between"
