"""Pictures and other files for tests, made on the spot."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **how: Any) -> bytes:
    """Return a picture with a slope of colours as a file of this kind."""
    base = Image.linear_gradient("L").resize(size)
    made = base.convert(mode) if mode != "RGBA" else Image.merge("RGBA", (base, base, base, base))
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def claiming_png(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose head claims this size."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0")) + part(b"IEND", b"")
    )


def archive(*names: str) -> bytes:
    """Return a zip file with empty members of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, b"")
    return out.getvalue()


MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(200)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(200)
PDF = b"%PDF-1.4\n%%EOF\n"
