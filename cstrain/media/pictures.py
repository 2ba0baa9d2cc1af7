"""Pictures people upload are made anew: what comes out holds pixels and nothing else.

The sizes in the head of a file are judged before anything is unpacked: a few kilobytes can claim gigabytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from cstrain.kernel.errors import DomainError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS, MOST_UNPACKED, MOST_SIDE = 40_000_000, 12_000_000, 12_000
"""Pixels of a plain JPEG, which can be unpacked smaller than it is; of everything else; of either side."""
SIDE = 1600
PRINTED = 900
_QUALITY = 85
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_NO_PICTURE = "图片没有保存：只收PNG、JPEG、WebP和GIF。请另存为其中一种后再传。"
_SVG = "图片没有保存：SVG里可以藏脚本，这里不收。请导出为PNG后再传。"
_BROKEN = "图片没有保存：文件不完整或已损坏。请重新导出后再传。"
_TOO_MANY = "图片没有保存：像素太多。请缩小到长和宽都不超过3000像素后再传。"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: its bytes, its kind, its size in pixels."""

    data: bytes
    mime: str
    width: int
    height: int


def remade(raw: bytes) -> Picture:
    """Return an uploaded picture without anything but its pixels, upright, no side above ``SIDE``.

    Of a moving picture the first frame is taken. Raises ``DomainError`` for what is no picture, too big or
    broken; nothing is unpacked whose head claims too many pixels.
    """
    if not raw:
        raise DomainError("图片没有保存：文件是空的。请重新选择。")
    if len(raw) > MOST_BYTES:
        raise DomainError("图片没有保存：超过8MB。请缩小后再传。")
    if _is_svg(raw):
        raise DomainError(_SVG)
    _check(_opened(raw))
    try:
        return _written(_upright(_small(_opened(raw))))
    except MemoryError:
        raise DomainError(_TOO_MANY) from None
    except Exception:  # a broken file breaks its decoder in any way it likes; none of them is our fault
        raise DomainError(_BROKEN) from None


def printable(kept: bytes) -> bytes:
    """Return a kept picture no bigger than a sheet of paper shows: at most ``PRINTED`` pixels a side."""
    picture: Image.Image = Image.open(io.BytesIO(kept), formats=_FORMATS)
    if max(picture.size) <= PRINTED:
        return kept
    if picture.mode == "P":
        picture = _true_colour(picture)
    picture.thumbnail((PRINTED, PRINTED), Image.Resampling.LANCZOS)
    return _written(picture).data


def _is_svg(raw: bytes) -> bool:
    head = raw[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(b"<") and b"<svg" in head


def _opened(raw: bytes) -> Image.Image:
    """Read the head of a picture, by its content."""
    try:
        return Image.open(io.BytesIO(raw), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DomainError(_TOO_MANY) from None
    except Exception:
        raise DomainError(_NO_PICTURE) from None


def _check(picture: Image.Image) -> None:
    """Refuse by the head alone, then by the check sums of the file."""
    width, height = picture.size
    shrinks = picture.format == "JPEG" and not picture.info.get("progressive")
    if max(width, height) > MOST_SIDE or width * height > (MOST_PIXELS if shrinks else MOST_UNPACKED):
        raise DomainError(_TOO_MANY)
    try:
        picture.verify()
    except Exception:
        raise DomainError(_BROKEN) from None


def _small(picture: Image.Image) -> Image.Image:
    """Unpack a picture, a big JPEG at once smaller, and bring it to ``SIDE``."""
    picture.draft(None, (SIDE, SIDE))
    picture.load()
    if max(picture.size) > SIDE:
        if picture.mode == "P":  # colours of a palette cannot be mixed
            picture = _true_colour(picture)
        picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as its camera was held."""
    return ImageOps.exif_transpose(picture)


def _true_colour(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _written(picture: Image.Image) -> Picture:
    """Write PNG where a palette or see-through parts ask for it, JPEG otherwise; without what came along."""
    keeps = picture.mode in {"P", "1"} or picture.has_transparency_data
    if keeps and picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif not keeps and picture.mode not in {"RGB", "L"}:
        picture = _eight_bits(picture).convert("RGB")
    picture.info = {}
    out = io.BytesIO()
    if keeps:
        picture.save(out, "PNG", optimize=True)
    else:
        picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    mime = "image/png" if keeps else "image/jpeg"
    return Picture(out.getvalue(), mime, *picture.size)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Bring sixteen bits of grey down to eight: converting would cut them off."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value / 256).convert("L")
