"""What an uploaded file is, told by its content; and a name for it that no system trips over."""

from __future__ import annotations

import codecs
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cstrain.kernel.errors import DomainError

PIECE = 1024 * 1024
MOST_VIDEO = 100 * 1024 * 1024
MOST_VIDEO_AT_ONCE = MOST_ATTACHMENT = 8 * 1024 * 1024
MOST_NAME = 120

_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_OFFICE_MIME = "application/vnd.openxmlformats-officedocument."
_MIMES = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE_MIME}wordprocessingml.document",
    "xlsx": f"{_OFFICE_MIME}spreadsheetml.sheet",
    "pptx": f"{_OFFICE_MIME}presentationml.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
    "zip": "application/zip",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
_MP4_BRANDS = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|dash|f4v |3gp[4-7]")
_MOST_MEMBERS, _MOST_DIRECTORY = 5_000, 1024 * 1024
_ARCHIVE_END = struct.Struct("<4s4H2LH")
_FORBIDDEN = re.compile(r'[<>:"|?*%]')
_PATH = re.compile(r"[/\\]")
_UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_UNKNOWN = (
    "文件没有保存：只收PDF、Word（docx）、Excel（xlsx）、PPT（pptx）、txt、csv、zip、mp4和webm。"
    "请另存为其中一种后再传。"
)
_MACROS = "文件没有保存：里面有宏。请另存为不带宏的文件后再传。"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: the ending its name gets, and what the browser is told."""

    ending: str
    mime: str


def kind_of(stream: BinaryIO, name: str) -> Kind:
    """Tell what a file is by its content; ``name`` only tells a table from other text.

    Raises ``DomainError`` for anything that is not on the list, and for office files with macros. The stream
    is left at its beginning.
    """
    stream.seek(0)
    head = stream.read(4096)
    ending = _by_head(head) or (_archive(stream) if head.startswith(b"PK\x03\x04") else _text(stream, name))
    stream.seek(0)
    return Kind(ending, _MIMES[ending])


def video_kind(head: bytes) -> Kind:
    """Tell what a video is by its first bytes (64 or more); raises ``DomainError`` for what is none."""
    ending = _by_head(head)
    if ending not in {"mp4", "webm"}:
        raise DomainError("视频没有保存：只收mp4和webm。请转换格式后再传。")
    return Kind(ending, _MIMES[ending])


def _by_head(head: bytes) -> str:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head[4:8] == b"ftyp" and _MP4_BRANDS.fullmatch(head[8:12]):
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "webm"
    return ""


def _archive(stream: BinaryIO) -> str:
    """Tell an office file from a plain archive by the names in it; nothing in it is unpacked.

    An archive of very many files is not looked into: it is kept as it is, and nobody here opens it.
    """
    if not _is_readable(stream):
        return "zip"
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        raise DomainError("文件没有保存：压缩文件不完整或已损坏。请重新生成后再传。") from None
    if "[Content_Types].xml" not in names:
        return "zip"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DomainError(_MACROS)
    return next((ending for folder, ending in _OFFICE.items() if _has(names, folder)), "zip")


def _has(names: list[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _is_readable(stream: BinaryIO) -> bool:
    """Tell whether an archive's list of files is short enough to be read."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _ARCHIVE_END.size - 65_535))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _ARCHIVE_END.size:
        raise DomainError("文件没有保存：压缩文件不完整或已损坏。请重新生成后再传。")
    values = _ARCHIVE_END.unpack_from(tail, at)
    return bool(values[4] <= _MOST_MEMBERS and values[5] <= _MOST_DIRECTORY)


def _text(stream: BinaryIO, name: str) -> str:
    """Tell text by reading all of it; raises ``DomainError`` when it is none."""
    if not any(_reads_as(stream, encoding) for encoding in ("utf-8", "gb18030")):
        raise DomainError(_UNKNOWN)
    return "csv" if name.lower().endswith(".csv") else "txt"


def _reads_as(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces(stream):
            if b"\0" in piece:
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream from its beginning in pieces of ``PIECE`` bytes, the last one shorter."""
    stream.seek(0)
    while piece := stream.read(PIECE):
        yield piece


def clean_name(name: str, ending: str) -> str:
    """Return a name without path, signs nobody sees and signs no system allows, with this ending.

    At most ``MOST_NAME`` characters; what is left of nothing is called 文件.
    """
    last = _PATH.split(unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in _UNPRINTED)
    stem = _FORBIDDEN.sub("_", shown).rstrip(" .")
    if stem.lower().endswith(f".{ending}"):
        stem = stem[: -len(ending) - 1]
    stem = stem.strip(" .")
    return f"{stem[: MOST_NAME - len(ending) - 1].rstrip(' .') or '文件'}.{ending}"
