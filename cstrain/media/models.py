"""Stored files and their bytes in pieces: added, never changed. And files that come piece by piece."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Base, Row


class FileRow(Row):
    """A file, known by the digest of its bytes: the same bytes are kept once, under their first name."""

    __tablename__ = "stored_file"

    digest: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    kept_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    kept_at: Mapped[datetime]


class FileChunk(Base):
    """A piece of a file: number 0 has its first MiB, each but the last is full."""

    __tablename__ = "file_chunk"

    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary)


class FileUpload(Row):
    """A file sent in pieces. ``received`` counts its bytes; ``digest`` is the kept file's, once it is."""

    __tablename__ = "file_upload"

    token: Mapped[str] = mapped_column(unique=True)
    begun_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    size: Mapped[int]
    received: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    digest: Mapped[str | None]


class FileUploadPiece(Base):
    """A piece of what has come so far, cut and numbered as ``FileChunk`` is."""

    __tablename__ = "file_upload_piece"

    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("file_upload.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary)
