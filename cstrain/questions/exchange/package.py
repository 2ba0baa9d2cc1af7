"""Packages (zip files) from outside, opened within limits and never unpacked to disk. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from cstrain.documents.zip_guard import (
    BROKEN,
    is_encrypted,
    is_packed_oddly,
    points_outside,
    unfolds_too_far,
)
from cstrain.questions.exchange.contract import MOST_BYTES, UnreadableError
from cstrain.wording.said import say

_MOST_MEMBERS = 12_000
_MOST_UNPACKED = 40_000_000
_MOST_RATIO = 200
_MOST_MEMBER = 10_000_000
_TOO_MANY = say("文件没有读取：压缩包里的文件太多或重名。请分成几个文件，或重新打包。")
_ENTRY = b"PK\x01\x02"
"""Every entry of an archive's directory begins so, whatever count the directory claims."""


class Package:
    """The members of an archive by name; each is read in bounded steps."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = _MOST_UNPACKED

    def names(self) -> list[str]:
        """Return the names of the files in it, in the archive's order."""
        return [info.filename for info in self._archive.infolist() if not info.is_dir()]

    def read(self, name: str) -> bytes:
        """Return a member; raises ``UnreadableError`` where it is missing, too big or broken."""
        try:
            with self._archive.open(name) as stream:
                data = stream.read(min(_MOST_MEMBER, self._left) + 1)
        except KeyError:
            raise UnreadableError(say("压缩包里没有“%(name)s”。", name=name)) from None
        except BROKEN:
            raise UnreadableError(say("文件没有读取：压缩包不完整，或加了密码。请重新导出后再试。")) from None
        self._left -= len(data)
        if len(data) > _MOST_MEMBER or self._left < 0:
            raise UnreadableError(say("文件没有读取：它展开后太大。请分成几个文件。"))
        return data


@contextmanager
def opened(raw: bytes) -> Iterator[Package]:
    """Open a package; raises ``UnreadableError`` for what is none, is too big, lies or points outside."""
    if len(raw) > MOST_BYTES:
        raise UnreadableError(
            say("文件没有读取：它超过%(mb)sMB。请分成几个文件。", mb=MOST_BYTES // 1_000_000)
        )
    if raw.count(_ENTRY) > _MOST_MEMBERS:
        raise UnreadableError(_TOO_MANY)
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except BROKEN:
        raise UnreadableError(
            say("文件没有读取：它不是完整的压缩包，或加了密码。请重新导出后再试。")
        ) from None
    with archive:
        _check(archive.infolist())
        yield Package(archive)


def _check(infos: list[zipfile.ZipInfo]) -> None:
    names = {info.filename for info in infos}
    if len(infos) > _MOST_MEMBERS or len(names) != len(infos):
        raise UnreadableError(_TOO_MANY)
    for info in infos:
        _check_member(info)
    if sum(info.file_size for info in infos) > _MOST_UNPACKED:
        raise UnreadableError(say("文件没有读取：它展开后太大。请分成几个文件。"))


def _check_member(info: zipfile.ZipInfo) -> None:
    if points_outside(info):
        raise UnreadableError(say("文件没有读取：压缩包里有不安全的路径或链接。请重新打包后再试。"))
    if is_encrypted(info):
        raise UnreadableError(say("文件没有读取：压缩包加了密码。请去掉密码后再试。"))
    if is_packed_oddly(info):
        raise UnreadableError(say("文件没有读取：压缩方式不常见。请重新打成普通的zip后再试。"))
    if unfolds_too_far(info, _MOST_RATIO):
        raise UnreadableError(say("文件没有读取：它的压缩率异常，展开后会过大。请检查文件来源。"))
