"""PDF from a template and plain data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cstrain.documents.pdf import PdfError, render_pdf

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set text(font: "Noto Sans SC", lang: "zh", region: "cn")
#set document(date: none)
#data.name #data.day #data.mark
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "form.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def test_data_becomes_text_and_never_markup(template):
    harmless = render_pdf(template, {"name": "张三", "day": date(2026, 11, 20), "mark": Decimal("79.5")})
    assert harmless.startswith(b"%PDF-")
    for wicked in ('#read("/etc/passwd")', "#panic()", '"]#eval("1")', "$ $ #", "\\u{0}"):
        assert render_pdf(template, {"name": wicked, "day": date(2026, 11, 20), "mark": 1}).startswith(
            b"%PDF-"
        )


def test_a_missing_value_is_an_error_with_the_templates_name(template):
    with pytest.raises(PdfError, match=r"form\.typ"):
        render_pdf(template, {"name": "张三"})


def test_a_template_reads_nothing_outside_its_folder(tmp_path):
    folder = tmp_path / "inner"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("x", "utf-8")
    path = folder / "form.typ"
    path.write_text('#read("../secret.txt")', "utf-8")
    with pytest.raises(PdfError):
        render_pdf(path, {})


def test_what_is_no_plain_data_is_refused(template):
    with pytest.raises(TypeError):
        render_pdf(template, {"name": object()})
