"""Looking stored files up, and reading their bytes piece by piece."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from cstrain.extensions import Line, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.media.facts import StoredFile
from cstrain.media.kinds import PIECE
from cstrain.media.models import FileChunk, FileRow
from cstrain.media.pictures import printable

_LISTED = (
    FileRow.digest,
    FileRow.name,
    FileRow.mime,
    FileRow.size,
    FileRow.width,
    FileRow.height,
    FileRow.kept_by,
    FileRow.kept_at,
)


def stored_files(digests: Collection[str]) -> dict[str, StoredFile]:
    """Return the files of some digests; unknown ones are left out."""
    if not digests:
        return {}
    rows = session().execute(sa.select(*_LISTED).where(FileRow.digest.in_(set(digests))))
    return {row.digest: _facts(row) for row in rows}


def stored_file(digest: str) -> StoredFile:
    """Return a file; raises ``NotFoundError``."""
    found = stored_files([digest]).get(digest)
    if found is None:
        raise NotFoundError("没有找到这个文件。它可能已经换了，请从原来的页面重新打开。")
    return found


def _facts(row: Line) -> StoredFile:
    values = dict(row._mapping)
    kept_by = values.pop("kept_by")
    return StoredFile(**values, kept_by=PersonId(kept_by) if kept_by else None)


def printable_picture(digest: str) -> bytes | None:
    """Return a picture as it is printed; ``None`` for a digest that is not kept or is no picture."""
    found = stored_files([digest]).get(digest)
    if found is None or not found.is_picture:
        return None
    return printable(b"".join(chunks(digest)))


def chunks(digest: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file from ``start`` to before ``end`` (``None``: its end).

    They come a MiB at most at a time; each piece is a statement of its own.
    Needs an application context as long as it is read.
    """
    number = start // PIECE
    while end is None or number * PIECE < end:
        data = _piece(digest, number)
        if data is None:
            return
        offset = number * PIECE
        yield data[max(0, start - offset) : PIECE if end is None else end - offset]
        number += 1


def _piece(digest: str, number: int) -> bytes | None:
    wanted = (
        sa.select(FileChunk.data)
        .join(FileRow, FileRow.id == FileChunk.file_id)
        .where(FileRow.digest == digest, FileChunk.number == number)
    )
    return session().scalar(wanted)
