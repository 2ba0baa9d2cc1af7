"""What is printed: the data that goes to templates, the words of a PDF without the breaks of its lines."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.needs import skip_without


def words_of(content: bytes) -> str:
    """Return what a PDF says, blanks left out; skips where no tool can read it."""
    if shutil.which("pdftotext") is None:
        skip_without("pdftotext", "poppler-utils is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(content)
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def data_seen(monkeypatch, documents) -> list:
    """Every datum that a room's ``documents`` give to a template from now on, in order."""
    seen: list = []
    render = documents.pdf

    def kept(template, data):
        seen.append(data)
        return render(template, data)

    monkeypatch.setattr(documents, "pdf", kept)
    return seen
