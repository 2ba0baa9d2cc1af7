"""What is wrong with the members of an archive from outside, before one of them is opened. Pure."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib

BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What the library raises for archives that are cut short, changed or encrypted."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_KINDS = frozenset({0, stat.S_IFREG, stat.S_IFDIR})


def points_outside(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a link or a device, or its path leads out of a folder on some system."""
    name = info.filename
    absolute = name.startswith("/") or "\\" in name or ":" in name
    return absolute or ".." in name.split("/") or stat.S_IFMT(info.external_attr >> 16) not in _KINDS


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member needs a password."""
    return bool(info.flag_bits & _ENCRYPTED)


def is_packed_oddly(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is packed otherwise than office programs do."""
    return info.compress_type not in _METHODS


def unfolds_too_far(info: zipfile.ZipInfo, ratio: int) -> bool:
    """Tell whether a big member unfolds to more than ``ratio`` times its size, as its entry says."""
    return info.file_size > 1_000_000 and info.file_size > ratio * max(info.compress_size, 1)
