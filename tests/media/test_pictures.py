"""Pictures people upload come out as pixels alone, or are refused before they are unpacked."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from cstrain.kernel.errors import DomainError
from cstrain.media.pictures import MOST_BYTES, remade
from tests.factories.media import MP4, PDF, claiming_png, picture

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "mode", "mime"),
    [
        ("PNG", "RGB", "image/jpeg"),
        ("PNG", "P", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "L", "image/jpeg"),
        ("PNG", "LA", "image/png"),
        ("PNG", "I;16", "image/jpeg"),
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
        ("GIF", "P", "image/png"),
    ],
)
def test_a_picture_is_made_anew_in_a_kind_that_keeps_what_it_shows(kind, mode, mime) -> None:
    made = remade(picture(kind, mode=mode))
    shown = opened(made.data)
    shown.load()
    assert (made.mime, made.width, made.height) == (mime, 40, 30)
    assert shown.size == (40, 30)
    assert ("A" in shown.mode) == ("A" in mode)


def test_the_kind_is_told_by_the_content_and_the_same_picture_comes_out_the_same() -> None:
    raw = picture("JPEG")
    assert remade(raw) == remade(raw)


@pytest.mark.parametrize("mode", ["RGB", "P", "RGBA"])
def test_a_big_picture_is_made_smaller_with_its_proportions(mode) -> None:
    made = remade(picture("PNG", (3200, 800), mode))
    assert (made.width, made.height) == (1600, 400)


def test_a_photograph_of_forty_million_pixels_is_taken_and_turned_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    made = remade(picture("JPEG", (8000, 5000), "RGB", exif=exif))
    assert (made.width, made.height) == (1000, 1600)
    assert not dict(opened(made.data).getexif()) and b"secret" not in made.data


def test_nothing_that_came_along_is_kept() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>alert(1)</script>")
    words.add_itxt("XML:com.adobe.xmp", "secret place")
    for mode in ("P", "RGB", "RGBA"):
        raw = picture("PNG", mode=mode, pnginfo=words, icc_profile=b"secret profile", dpi=(300, 300))
        made = remade(raw + b"<script>alert(2)</script>")
        assert b"secret" not in made.data and b"script" not in made.data
        assert set(opened(made.data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "lime")]
    for kind in ("GIF", "WEBP"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], lossless=True)
        shown = opened(remade(out.getvalue()).data)
        assert getattr(shown, "n_frames", 1) == 1
        red, green, blue = shown.convert("RGB").getpixel((10, 10))
        assert red > 240 and max(green, blue) < 20


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "空的"),
        (SVG, "SVG"),
        (b"\xef\xbb\xbf  <!-- x --><SVG onload=alert(1)>", "SVG"),
        (b"<html><img src=x>", "只收PNG"),
        (PDF, "只收PNG"),
        (MP4, "只收PNG"),
        (b"BM" + bytes(100), "只收PNG"),
        (b"\x89PNG\r\n\x1a\n", "只收PNG"),
        (claiming_png(60_000, 60_000), "像素太多"),
        (claiming_png(7000, 7000), "像素太多"),
        (claiming_png(12_001, 10), "像素太多"),
        (claiming_png(40, 30), "不完整"),
        (picture("PNG", (300, 300))[:-200], "不完整"),
        (picture("JPEG", (300, 300), quality=95)[:-800], "不完整"),
        (bytes(MOST_BYTES + 1), "8MB"),
    ],
)
def test_what_is_no_sound_picture_is_refused_in_words(raw, says) -> None:
    with pytest.raises(DomainError, match=says):
        remade(raw)


def test_a_progressive_photograph_cannot_be_unpacked_smaller_and_has_the_lower_limit() -> None:
    with pytest.raises(DomainError, match="像素太多"):
        remade(picture("JPEG", (5000, 3000), progressive=True))


@settings(max_examples=150)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.floats(0.1, 1),
)
def test_however_a_picture_is_broken_it_is_made_anew_or_refused(kind, changes, cut) -> None:
    raw = bytearray(
        picture(kind, (64, 48), exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0")
    )
    for place, value in changes:
        raw[min(len(raw) - 1, int(place * len(raw)))] = value
    try:
        made = remade(bytes(raw[: max(1, int(len(raw) * cut))]))
    except DomainError:
        return
    opened(made.data).load()
