"""Keeping files: the same bytes once, in pieces, with bounded memory; and reading any part of them."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.media import queries, service
from cstrain.media.kinds import MOST_VIDEO, PIECE
from cstrain.media.models import FileChunk, FileRow
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.media import MP4, PDF, picture
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
LATER = START + timedelta(days=1)


def count(table: type) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_picture_is_kept_once_under_its_first_name() -> None:
    person = make_person()
    with unit_of_work():
        first = service.keep_picture(picture(), "货架.PNG", person, START)
    with unit_of_work():
        second = service.keep_picture(picture(), "又一张.png", None, LATER)
    assert first == second == queries.stored_files([first.digest])[first.digest]
    assert (first.name, first.mime, first.width, first.height) == ("货架.jpg", "image/jpeg", 40, 30)
    assert (first.kept_by, first.kept_at, first.url) == (person, START, f"/files/{first.digest}")
    assert first.is_picture and not first.is_video
    assert hashlib.sha256(b"".join(queries.chunks(first.digest))).hexdigest() == first.digest
    acts = session().scalars(sa.select(AuditEntry).where(AuditEntry.action == "file.keep")).all()
    assert [(act.actor_id, act.subject) for act in acts] == [(person, f"file:{first.digest}")]
    assert "货架" not in acts[0].detail


def test_a_long_file_is_kept_in_pieces_and_any_part_is_read_back() -> None:
    data = MP4 + bytes(range(256)) * 9000
    with unit_of_work():
        kept = service.keep_file(io.BytesIO(data), "经过.mov", None, START, most_bytes=MOST_VIDEO)
    assert (kept.name, kept.mime, kept.size, kept.is_video) == ("经过.mov.mp4", "video/mp4", len(data), True)
    assert count(FileChunk) == 3
    for start, end in [
        (0, len(data)),
        (0, 1),
        (PIECE - 1, PIECE + 1),
        (PIECE, 2 * PIECE),
        (len(data) - 5, len(data)),
        (5, 5),
        (len(data), len(data) + 9),
    ]:
        found = list(queries.chunks(kept.digest, start, end))
        assert b"".join(found) == data[start:end]
        assert all(len(piece) <= PIECE for piece in found)
    assert b"".join(queries.chunks(kept.digest)) == data


def test_a_big_video_is_kept_and_read_with_a_few_pieces_in_memory() -> None:
    class Long(io.RawIOBase):
        """Forty MiB of zeros after the head of a video, made as they are read."""

        size, at = 40 * PIECE, 0

        def seek(self, offset: int, whence: int = 0) -> int:
            self.at = offset + (self.size if whence == 2 else 0)
            return self.at

        def read(self, most: int = -1) -> bytes:
            many = min(self.size - self.at, most)
            begin, self.at = self.at, self.at + many
            return (MP4[begin : begin + many] + bytes(many))[:many] if begin < len(MP4) else bytes(many)

    session().scalar(sa.select(sa.func.count()).select_from(FileRow))
    tracemalloc.start()
    with unit_of_work():
        kept = service.keep_file(Long(), "long.mp4", None, START, most_bytes=MOST_VIDEO)  # type: ignore[arg-type]
    length = sum(len(piece) for piece in queries.chunks(kept.digest))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length == kept.size == 40 * PIECE
    assert peak < 12 * PIECE


@pytest.mark.parametrize(
    ("data", "most", "says"), [(b"", 100, "空的"), (PDF, 5, "超过0MB"), (b"MZ\0\0", 100, "只收PDF")]
)
def test_a_refused_file_leaves_nothing(data, most, says) -> None:
    with unit_of_work(), pytest.raises(DomainError, match=says):
        service.keep_file(io.BytesIO(data), "a.pdf", None, START, most_bytes=most)
    assert count(FileRow) == count(FileChunk) == 0


def test_an_unknown_digest_is_no_file() -> None:
    assert queries.stored_files([]) == queries.stored_files(["0" * 64]) == {}
    assert list(queries.chunks("0" * 64)) == []
    with pytest.raises(NotFoundError):
        queries.stored_file("nowhere")


def test_two_who_upload_the_same_at_once_keep_one(app) -> None:
    raw = picture()

    def keep() -> str:
        with unit_of_work():
            return service.keep_picture(raw, "a.png", None, START).digest

    (first, second), refused = race(app, keep, keep)
    assert first == second and not refused and count(FileRow) == 1 and count(FileChunk) == 1
