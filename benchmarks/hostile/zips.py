"""Packages that lie, point outside, hide something or are too much: Word files, workbooks, QTI packages."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

Hostile = Iterator[tuple[str, str, bytes]]
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_XML = "<?xml version='1.0' encoding='UTF-8'?>"


def packed(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the members as an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def members_of(raw: bytes) -> dict[str, bytes]:
    """Return the members of an archive."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_member(raw: bytes, name: str, data: str | bytes, mode: int = 0) -> bytes:
    """Return an archive with one more member, whatever its name; ``mode``: its kind of file."""
    buffer = io.BytesIO(raw)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("x" * len(name))
        info.filename = name
        info.compress_type = zipfile.ZIP_DEFLATED
        if mode:
            info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        archive.writestr(info, data)
    return buffer.getvalue()


def lying(raw: bytes, size: int) -> bytes:
    """Return an archive in which every entry says that it unpacks to ``size`` bytes."""
    changed = bytearray(raw)
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        found = changed.find(mark)
        while found >= 0:
            changed[found + at : found + at + 4] = struct.pack("<I", size)
            found = changed.find(mark, found + 4)
    return bytes(changed)


def flagged(raw: bytes) -> bytes:
    """Return an archive whose entries say that they are encrypted."""
    changed = bytearray(raw)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        found = changed.find(mark)
        while found >= 0:
            changed[found + at] |= 1
            found = changed.find(mark, found + 4)
    return bytes(changed)


def overlapping(name: str, raw: bytes, entries: int = 3000) -> bytes:
    """Return an archive in which many entries of the directory share one member's bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(raw) + packer.flush()
    crc, local, directory = zlib.crc32(raw), b"", b""
    for number in range(entries):
        title = f"{name}{number}".encode()
        if not local:
            head = struct.pack(
                "<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(body), len(raw), len(title), 0
            )
            local = head + title + body
        sizes = (crc, len(body), len(raw), len(title), 0, 0, 0, 0, 0, 0)
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *sizes) + title
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), len(local), 0)
    return local + directory + end


def tricks(kind: str, good: bytes, part: str) -> Hostile:
    """Yield what can be done to a package of any format; ``part`` is the member with the content."""
    inner = packed({f"{n}.zip": packed({"x": b"\x00" * 900_000}) for n in range(20)})
    yield kind, "zip in zip", with_member(good, "inner.zip", inner)
    for name in ("/etc/cron.d/x", "../../x", "a/../../x", "..\\..\\x", "C:\\x", "C:/x", "a\x00b", "con", " "):
        yield kind, f"path {name!r}", with_member(good, name, "x")
    yield kind, "symbolic link", with_member(good, "link", "/etc/passwd", stat.S_IFLNK)
    yield kind, "device", with_member(good, "device", "", stat.S_IFCHR)
    yield kind, "says 1 byte", lying(good, 1)
    yield kind, "says 4 GB", lying(good, 0xFFFFFFFE)
    yield kind, "encrypted", flagged(good)
    yield kind, "bomb", with_member(good, "bomb.xml", b"\x00" * 300_000_000)
    quoted = b"".join(bytes([65 + n % 26]) * 64 for n in range(1_000_000))
    yield kind, "bomb of 64 MB at a lower ratio", with_member(good, "bomb.xml", quoted)
    yield kind, "overlapping members", overlapping("a.xml", b"<a/>" * 25_000)
    yield kind, "20,000 members", packed({f"{n}.xml": "" for n in range(20_000)})
    yield kind, "one member twice", _twice(good, part)
    yield kind, "odd compression", packed(members_of(good), zipfile.ZIP_LZMA)
    yield kind, "comment of 64 KB", _commented(good)
    yield kind, "something before it", b"MZ" + b"\x00" * 100_000 + good
    yield kind, "something behind it", good + b"\x00" * 100_000
    yield kind, "only a directory", good[good.find(b"PK\x01\x02") :]
    yield kind, "directory out of place", good[:-6] + struct.pack("<I", 5) + good[-2:]
    yield from _wrong_content(kind, good, part)


def _wrong_content(kind: str, good: bytes, part: str) -> Hostile:
    """Yield packages in which the member with the content is another thing."""
    parts = members_of(good)
    text = parts[part].decode()
    start = text.index("?>") + 2 if text.startswith("<?xml") else 0
    body = text[start:]
    for name, said in {
        "file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "net": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
        "parameter": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]>',
        "laughs": "<!DOCTYPE a [<!ENTITY a 'ha'>"
        + "".join(f"<!ENTITY a{n} '{'&a;' if not n else f'&a{n - 1};' * 10}'>" for n in range(10))
        + "]>",
    }.items():
        yield kind, f"DOCTYPE {name}", packed({**parts, part: _XML + said + body})
    instruction = '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>'
    yield kind, "style sheet", packed({**parts, part: _XML + instruction + body})
    changes: dict[str, Callable[[], bytes]] = {
        "20,000 deep": lambda: b"<a>" * 20_000 + b"</a>" * 20_000,
        "empty": lambda: b"",
        "no XML": lambda: b"\x89PNG\r\n\x1a\n" * 1000,
        "half": lambda: parts[part][: len(parts[part]) // 2],
        "UTF-16": lambda: (_XML.replace("UTF-8", "UTF-16") + body).encode("utf-16"),
        "UTF-7": lambda: (_XML.replace("UTF-8", "UTF-7") + body).encode("utf-7"),
        "GB18030": lambda: (_XML.replace("UTF-8", "GB18030") + body).encode("gb18030"),
        "wrong encoding": lambda: (_XML + body).encode("gb18030"),
        "8 MB in one text": lambda: text.replace("</", "x" * 8_000_000 + "</", 1).encode(),
        "names": lambda: b"<a>" + b"".join(b"<n%d/>" % n for n in range(100_000)) + b"</a>",
        "attributes": lambda: b"<a " + b"".join(b'n%d="" ' % n for n in range(100_000)) + b"/>",
        "elements": lambda: b"<a>" + b"<b/>" * 2_000_000 + b"</a>",
    }
    for name, change in changes.items():
        yield kind, f"content: {name}", packed({**parts, part: change()})


def _twice(raw: bytes, part: str) -> bytes:
    return with_member(raw, part, "<a/>")


def _commented(raw: bytes) -> bytes:
    buffer = io.BytesIO(raw)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"PK\x05\x06" * 16_000
    return buffer.getvalue()


def links(targets: Mapping[str, str]) -> str:
    """Return relationships to the outside, by what they are."""
    told = "".join(
        f'<Relationship Id="rX{n}" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'{_XML}<Relationships xmlns="{_LINKS}">{told}</Relationships>'
