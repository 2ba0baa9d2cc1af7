"""Style sheets: what old web views know, colours from tokens alone, contrast as WCAG 2 wants it."""

from __future__ import annotations

import re

import pytest

from tests.ui import samples

CSS = samples.ROOT / "cstrain" / "web" / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
# Not known to Chromium 86 or Safari 14.1; extras that may be ignored (text-wrap …) are not listed.
TOO_NEW = (
    ":has(",
    ":is(",
    ":where(",
    "color-mix",
    "light-dark(",
    "@layer",
    "@container",
    "@supports",
    "inset:",
    "inset-inline",
    "aspect-ratio",
    "@property",
    "dvh",
    "svh",
    "oklch",
    "margin-inline",
    "padding-inline",
    "min-width >=",
    "width <=",
    "subgrid",
)
TEXT_PAIRS = [
    ("ink", "surface"),
    ("ink", "ground"),
    ("ink-2", "sunken"),
    ("ink-3", "sunken"),
    ("ink-3", "ground"),
    ("accent", "ground"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent", "accent-wash"),
    ("accent-strong", "accent-wash"),
    ("ink", "accent-wash"),
    ("ink-2", "accent-wash"),
    ("ok", "ok-wash"),
    ("warn", "warn-wash"),
    ("bad", "bad-wash"),
    ("ok", "surface"),
    ("warn", "surface"),
    ("bad", "surface"),
    ("ink", "warn-wash"),
    ("ink", "bad-wash"),
    ("ink", "ok-wash"),
    ("ink", "heat-4"),
]
LINE_PAIRS = [
    ("control", "surface"),
    ("control", "sunken"),
    ("control", "ground"),
    ("focus", "focus-halo"),
    ("warn", "surface"),
]


def plain(path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_is_short_and_knows_nothing_too_new(path):
    text = plain(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for word in TOO_NEW:
        assert word not in text, word
    assert "&" not in text, "nesting"


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colours_come_from_tokens_and_nothing_from_outside(path):
    text = plain(path)
    if path.name != "tokens.css":
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl", text)
    assert "gradient" not in text
    assert "@import" not in text
    assert "http" not in re.sub(r'\[href\^="http"\]', "", text)
    assert "italic" not in text
    assert "letter-spacing" not in text


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path):
    known = set(re.findall(r"(--[\w-]+):", plain(CSS / "tokens.css")))
    assert set(re.findall(r"var\((--[\w-]+)\)", plain(path))) <= known


def themes() -> dict[str, dict[str, str]]:
    """Light and dark colours; both dark blocks must say the same."""
    text = plain(CSS / "tokens.css")
    light, *darks = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r"{([^{}]*--ground[^{}]*)}", text)
    ]
    assert len(darks) == 2 and darks[0] == darks[1]
    return {"light": light, "dark": darks[0]}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 4.5), (LINE_PAIRS, 3.0)], ids=["text", "lines"])
def test_contrast(theme, pairs, least):
    colours = themes()[theme]
    for one, other in pairs:
        assert contrast(colours[one], colours[other]) >= least, f"{one} on {other}"


def test_every_sheet_is_linked():
    head = (samples.ROOT / "templates" / "_layout" / "_sheets.html").read_text(encoding="utf-8")
    for path in SHEETS:
        assert f"'{path.stem}'" in head or f"css/{path.name}" in head
