"""Packages from outside: what is opened, and what is refused quickly, in little memory and with a reason."""

from __future__ import annotations

import io
import random
import stat
import struct
import tracemalloc
import warnings
import zipfile
import zlib

import pytest

from cstrain.questions.exchange.contract import MOST_BYTES, UnreadableError
from cstrain.questions.exchange.package import opened


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(name, data)
    return held.getvalue()


def refusal(raw: bytes, *reads: str) -> str:
    """The reason for which a package is refused: within 64 MB."""
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableError) as caught:
            read_all(raw, *reads)
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()
    assert "文件没有读取" in str(caught.value) or "压缩包里没有" in str(caught.value)
    return str(caught.value)


def read_all(raw: bytes, *names: str) -> dict[str, bytes]:
    with opened(raw) as package:
        return {name: package.read(name) for name in names or package.names()}


def test_files_are_read_by_name_and_folders_are_left_out() -> None:
    raw = packed(("甲/", b""), ("甲/一.xml", b"<a/>"), ("b.txt", "文字".encode()))
    assert read_all(raw) == {"甲/一.xml": b"<a/>", "b.txt": "文字".encode()}


def test_stored_files_are_read_too() -> None:
    assert read_all(packed(("a", b"1"), method=zipfile.ZIP_STORED)) == {"a": b"1"}


def test_a_name_that_is_not_in_it_is_said() -> None:
    assert refusal(packed(("a", b"1")), "b") == "压缩包里没有“b”。"


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"not a zip", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_package_is_refused(raw: bytes) -> None:
    assert "不是完整的压缩包" in refusal(raw)


def test_a_file_that_is_too_big_is_refused() -> None:
    assert "超过10MB" in refusal(b"PK\x03\x04" + bytes(MOST_BYTES))


def test_a_member_that_unfolds_enormously_is_refused() -> None:
    assert "压缩率异常" in refusal(packed(("bomb.xml", bytes(9_000_000))))


def test_many_members_that_unfold_together_are_refused() -> None:
    part = random.Random(1).randbytes(3_000) * 300
    assert "展开后太大" in refusal(packed(*((f"{index}.xml", part) for index in range(50))))


def test_a_package_inside_a_package_is_never_unfolded() -> None:
    inner = packed(("bomb.xml", bytes(9_000_000)))
    for _depth in range(5):
        inner = packed(*((f"{index}.zip", inner) for index in range(3)))
    assert all(data.startswith(b"PK") for data in read_all(inner).values())


def _directory_entry(name: bytes, size: int, offset: int) -> bytes:
    return struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, 9, size, len(name), 0, 0, 0, 0, 0, offset
    ) + name  # fmt: skip


def _directory(entries: list[bytes], before: bytes = b"", told: int | None = None) -> bytes:
    central = b"".join(entries)
    count = min(len(entries), 0xFFFF) if told is None else told
    return (
        before
        + central
        + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(central), len(before), 0)
    )


def test_many_names_for_the_same_bytes_are_refused() -> None:
    deflated = zlib.compress(bytes(900_000))[2:-4]
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(deflated), 900_000, 1, 0) + b"a"
    entries = [_directory_entry(b"%05d" % index, 900_000, 0) for index in range(5_000)]
    assert "展开后太大" in refusal(_directory(entries, local + deflated))


@pytest.mark.parametrize("told", [None, 1, 0])
def test_a_hundred_thousand_members_are_refused_whatever_their_number_is_said_to_be(told: int | None) -> None:
    entries = [_directory_entry(b"%06d" % index, 1, 0) for index in range(100_000)]
    assert "太多" in refusal(_directory(entries, told=told))


@pytest.mark.parametrize(
    "name", ["../x.xml", "a/../../x.xml", "/etc/passwd", "C:/x.xml", "a/..", "//server/x"]
)
def test_paths_that_lead_outside_are_refused(name: str) -> None:
    assert "不安全的路径" in refusal(packed((name, b"1")))


def test_paths_with_backslashes_are_refused() -> None:
    info = zipfile.ZipInfo("x")
    info.filename = "..\\x.xml"
    assert "不安全的路径" in refusal(packed((info, b"1")))


def test_links_are_refused() -> None:
    info = zipfile.ZipInfo("link.xml")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert "链接" in refusal(packed((info, b"/etc/passwd")))


def test_two_members_of_one_name_are_refused() -> None:
    assert "重名" in refusal(packed(("a.xml", b"1"), ("a.xml", b"2")))


def test_an_encrypted_package_is_refused_with_what_to_do() -> None:
    raw = bytearray(packed(("a.xml", b"1")))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert "去掉密码" in refusal(bytes(raw))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_ways_of_compressing_are_refused(method: int) -> None:
    assert "压缩方式不常见" in refusal(packed(("a.xml", b"1" * 100), method=method))


@pytest.mark.parametrize("size", [1, 5, 2**31])
def test_a_size_that_lies_is_refused(size: int) -> None:
    raw = bytearray(packed(("a.xml", random.Random(1).randbytes(500_000))))
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", size)
    refusal(bytes(raw))


def test_a_member_that_is_longer_than_it_says_is_not_unfolded() -> None:
    raw = bytearray(packed(("a.xml", bytes(500_000_000 // 10))))
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 900_000)
    refusal(bytes(raw))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_half_a_package_is_refused(share: float) -> None:
    raw = packed(*((f"{index}.xml", random.Random(index).randbytes(2_000)) for index in range(20)))
    assert "不是完整的压缩包" in refusal(raw[: int(len(raw) * share)])


def test_damaged_packages_are_read_or_refused_and_never_break() -> None:
    whole = packed(*((f"{index}.xml", b"<a>%d</a>" % index * 50) for index in range(5)))
    chance = random.Random(7)
    for _turn in range(1500):
        raw = bytearray(whole)
        for _hit in range(chance.randrange(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        try:
            read_all(bytes(raw))
        except UnreadableError:
            continue


def test_what_is_read_counts_together() -> None:
    raw = packed(*((f"{index}", random.Random(index).randbytes(100_000) * 9) for index in range(9)))

    with pytest.raises(UnreadableError, match="展开后太大"):
        _read_again_and_again(raw)


def _read_again_and_again(raw: bytes) -> None:
    with opened(raw) as package:
        for _turn in range(10):
            for name in package.names():
                package.read(name)
