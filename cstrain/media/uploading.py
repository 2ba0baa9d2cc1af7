"""Videos that are sent in pieces: begun, received in order, finished into a kept file, or taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.media.facts import StoredFile, Upload
from cstrain.media.kinds import MOST_VIDEO, PIECE, clean_name, video_kind
from cstrain.media.models import FileChunk, FileUpload, FileUploadPiece
from cstrain.media.queries import stored_file
from cstrain.media.service import keep_filled
from cstrain.unit_of_work import locked, one_at_a_time

SENT = 4 * PIECE
"""Bytes of each piece as it is sent; the last one is shorter."""
MOST_UNFINISHED = 3
MOST_WAITING = 1024 * 1024 * 1024
KEPT_HOURS = 24
_MIB = 1024 * 1024
_HEAD = 64
_IN_HAND = FileUpload.digest.is_(None)


def begin(by: PersonId, at: datetime, name: str, size: int) -> Upload:
    """Begin to receive a video of ``size`` bytes; ``name`` can be stored as a text.

    Raises ``DomainError`` for an empty or too big one, for too many unfinished ones of this person
    (``MOST_UNFINISHED``), and when all unfinished ones would be above ``MOST_WAITING`` bytes.
    """
    if size <= 0:
        raise DomainError("文件没有保存：文件是空的。请重新选择。")
    if size > MOST_VIDEO:
        raise DomainError("视频没有保存：超过%(most)sMB。请压缩或分成几段后再传。", most=MOST_VIDEO // _MIB)
    one_at_a_time("file-uploads")
    mine = sa.select(sa.func.count()).where(FileUpload.begun_by == by, _IN_HAND)
    if (session().scalar(mine) or 0) >= MOST_UNFINISHED:
        raise DomainError(
            "你已有%(most)s个视频没有传完。请先传完或取消；没传完的%(hours)s小时后自动清除。",
            most=MOST_UNFINISHED,
            hours=KEPT_HOURS,
        )
    waiting = session().scalar(sa.select(sa.func.sum(FileUpload.size)).where(_IN_HAND)) or 0
    if waiting + size > MOST_WAITING:
        raise DomainError("现在有太多视频在上传，暂时收不下。请过一会儿再传。")
    row = FileUpload(
        token=uuid4().hex, begun_by=by, name=name, size=size, received=0, started_at=at, seen_at=at
    )
    session().add(row)
    session().flush()
    record(by, "upload.begin", f"upload:{row.token}", size=size)
    return _facts(row)


def receive(by: PersonId, at: datetime, token: str, number: int, data: bytes) -> Upload:
    """Keep piece ``number`` (from 0); the piece that came last may come again, byte for byte.

    Raises ``ConflictError`` for one out of order, ``DomainError`` for one that is cut off and for a first
    one that is no video's, ``NotFoundError`` for an upload that is not this person's.
    """
    row = _mine(token, by)
    start = number * SENT
    if row.digest is not None or start > row.received:
        raise ConflictError("上传的顺序乱了，这一段没有收下。请取消后重新选择视频。")
    if not data or len(data) != min(SENT, row.size - start):
        raise DomainError("这一段没有传完整，没有收下。请再传一次。")
    if start < row.received:
        _check_same(row.id, number, data)
        return _facts(row)
    if number == 0:
        video_kind(data[:_HEAD])
    first = start // PIECE
    for at_byte in range(0, len(data), PIECE):
        piece = data[at_byte : at_byte + PIECE]
        values = {"upload_id": row.id, "number": first + at_byte // PIECE, "data": piece}
        session().execute(sa.insert(FileUploadPiece.__table__), values)  # type: ignore[arg-type]
    row.received, row.seen_at = start + len(data), at
    session().flush()
    return _facts(row)


def _check_same(upload_id: int, number: int, data: bytes) -> None:
    first = number * SENT // PIECE
    for at_byte in range(0, len(data), PIECE):
        if _piece(upload_id, first + at_byte // PIECE) != data[at_byte : at_byte + PIECE]:
            raise ConflictError("这一段和先前收到的不同，没有收下。请取消后重新选择视频。")


def digest_of(by: PersonId, token: str) -> str:
    """Return the SHA-256 (hex) of what has come, for ``finish``: worked out before its unit of work begins.

    What has come never changes any more. Raises ``NotFoundError``.
    """
    row = _mine(token, by, lock=False)
    digest = hashlib.sha256()
    for piece in _pieces(row.id):
        digest.update(piece)
    return digest.hexdigest()


def finish(by: PersonId, at: datetime, token: str, digest: str) -> StoredFile:
    """Keep a video that has come whole and return it; asked again, return the same. ``digest`` is its own.

    Its bytes are copied within the database. Raises ``ConflictError`` while pieces are missing,
    ``DomainError`` for what is no video, ``NotFoundError`` for an upload that is not this person's.
    """
    row = _mine(token, by)
    if row.digest is not None:
        return stored_file(row.digest)
    if row.received != row.size:
        raise ConflictError("视频还没有传完，没有保存。请继续上传。")
    kind = video_kind((_piece(row.id, 0) or b"")[:_HEAD])
    name = clean_name(row.name, kind.ending)
    file = StoredFile(digest, name, kind.mime, row.size, None, None, by, at)
    upload_id = row.id

    def fill(file_id: int) -> None:
        from_pieces = sa.select(sa.literal(file_id), FileUploadPiece.number, FileUploadPiece.data).where(
            FileUploadPiece.upload_id == upload_id
        )
        session().execute(sa.insert(FileChunk).from_select(["file_id", "number", "data"], from_pieces))

    kept = keep_filled(file, fill)
    _drop_pieces(row.id)
    row.digest, row.seen_at = digest, at
    session().flush()
    record(by, "upload.finish", f"upload:{token}", digest=digest)
    return kept


def cancel(by: PersonId, token: str) -> None:
    """Take an upload away that is not finished; raises ``NotFoundError`` when it is not this person's."""
    row = _mine(token, by)
    if row.digest is None:
        _remove(row, by)


def old_uploads(at: datetime) -> list[str]:
    """Return the tokens of uploads of which nothing has come for ``KEPT_HOURS``."""
    return list(session().scalars(sa.select(FileUpload.token).where(_is_old(at)).order_by(FileUpload.id)))


def remove_old(at: datetime, token: str) -> None:
    """Take such an upload away, unless a piece of it has come just now."""
    row = session().scalar(locked(sa.select(FileUpload).where(FileUpload.token == token, _is_old(at))))
    if row is not None:
        _remove(row, None)


def _is_old(at: datetime) -> sa.ColumnElement[bool]:
    return FileUpload.seen_at < at - timedelta(hours=KEPT_HOURS)


def _remove(row: FileUpload, by: PersonId | None) -> None:
    """Delete an upload; that of a finished one is no news: its file stays."""
    if row.digest is None:
        record(by, "upload.remove", f"upload:{row.token}", received=row.received)
    _drop_pieces(row.id)
    session().delete(row)
    session().flush()


def _drop_pieces(upload_id: int) -> None:
    session().execute(sa.delete(FileUploadPiece).where(FileUploadPiece.upload_id == upload_id))


def _mine(token: str, by: PersonId, *, lock: bool = True) -> FileUpload:
    wanted = sa.select(FileUpload).where(FileUpload.token == token, FileUpload.begun_by == by)
    row = session().scalar(locked(wanted) if lock else wanted)
    if row is None:
        raise NotFoundError("没有找到这次上传：它可能已经取消，或者放得太久。请重新选择视频。")
    return row


def _piece(upload_id: int, number: int) -> bytes | None:
    wanted = sa.select(FileUploadPiece.data)
    return session().scalar(
        wanted.where(FileUploadPiece.upload_id == upload_id, FileUploadPiece.number == number)
    )


def _pieces(upload_id: int) -> Iterator[bytes]:
    """Yield what has come, a piece at a time: each is a statement of its own."""
    number = 0
    while (piece := _piece(upload_id, number)) is not None:
        yield piece
        number += 1


def _facts(row: FileUpload) -> Upload:
    return Upload(row.token, row.size, row.received)
