"""Keeping what people upload: the same bytes once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.media.facts import StoredFile
from cstrain.media.kinds import (
    MOST_ATTACHMENT,
    MOST_VIDEO,
    MOST_VIDEO_AT_ONCE,
    clean_name,
    kind_of,
    pieces,
)
from cstrain.media.models import FileChunk, FileRow
from cstrain.media.pictures import MOST_BYTES as MOST_PICTURE
from cstrain.media.pictures import Picture, remade
from cstrain.media.queries import stored_file, stored_files
from cstrain.unit_of_work import one_at_a_time

__all__ = [
    "MOST_ATTACHMENT",
    "MOST_PICTURE",
    "MOST_VIDEO",
    "MOST_VIDEO_AT_ONCE",
    "keep_file",
    "keep_filled",
    "keep_made",
    "keep_picture",
    "remade",
]

_MIB = 1024 * 1024
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


def keep_picture(raw: bytes, name: str, by: PersonId | None, at: datetime) -> StoredFile:
    """Keep a picture, made anew without what came along, and return it; the same pixels are kept once.

    Raises ``DomainError`` for what is no PNG, JPEG, WebP or GIF, is broken, above 8 MB or of too many pixels.
    """
    return keep_made(remade(raw), name, by, at)


def keep_made(picture: Picture, name: str, by: PersonId | None, at: datetime) -> StoredFile:
    """Keep a picture that ``remade`` returned: views have it made before their unit of work begins."""
    digest = hashlib.sha256(picture.data).hexdigest()
    file = StoredFile(
        digest,
        clean_name(_without_ending(name), _ENDINGS[picture.mime]),
        picture.mime,
        len(picture.data),
        picture.width,
        picture.height,
        by,
        at,
    )
    return _kept(file, io.BytesIO(picture.data))


def keep_file(
    stream: BinaryIO, name: str, by: PersonId | None, at: datetime, *, most_bytes: int = MOST_ATTACHMENT
) -> StoredFile:
    """Keep an attachment or a video as it is and return it; the same bytes are kept once.

    The stream can be sought; it is read in pieces. Raises ``DomainError`` for an empty one, one above
    ``most_bytes``, and whatever ``kind_of`` refuses.
    """
    size = stream.seek(0, 2)
    if size == 0:
        raise DomainError("文件没有保存：文件是空的。请重新选择。")
    if size > most_bytes:
        raise DomainError("文件没有保存：超过%(most)sMB。请压缩或分开后再传。", most=most_bytes // _MIB)
    kind = kind_of(stream, name)
    digest = hashlib.sha256()
    for piece in pieces(stream):
        digest.update(piece)
    file = StoredFile(digest.hexdigest(), clean_name(name, kind.ending), kind.mime, size, None, None, by, at)
    return _kept(file, stream)


def _without_ending(name: str) -> str:
    """Return a picture's name without the ending it came with: it may be of another kind now."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and ending.lower() in {"png", "jpg", "jpeg", "webp", "gif"} else name


def _kept(file: StoredFile, stream: BinaryIO) -> StoredFile:
    """Store a file unless its bytes are there; return it as it is kept."""

    def fill(row_id: int) -> None:
        for number, piece in enumerate(pieces(stream)):
            values = {"file_id": row_id, "number": number, "data": piece}
            session().execute(sa.insert(FileChunk.__table__), values)  # type: ignore[arg-type]

    return keep_filled(file, fill)


def keep_filled(file: StoredFile, fill: Callable[[int], object]) -> StoredFile:
    """Store a file unless its bytes are there; ``fill`` puts its chunks under the id it is given."""
    one_at_a_time(f"file:{file.digest}")
    if found := stored_files([file.digest]):
        return found[file.digest]
    row = FileRow(
        digest=file.digest,
        name=file.name,
        mime=file.mime,
        size=file.size,
        width=file.width,
        height=file.height,
        kept_by=file.kept_by,
        kept_at=file.kept_at,
    )
    session().add(row)
    session().flush()
    fill(row.id)
    record(file.kept_by, "file.keep", f"file:{file.digest}", mime=file.mime, size=file.size)
    return stored_file(file.digest)
