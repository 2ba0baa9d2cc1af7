"""What stands in the workbooks, tables and PDF that were downloaded: no formula, and text to be read."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from cstrain.documents.tables import is_risky, read_table, write_csv, write_xlsx

_FORMULA = re.compile(rb"<f[ >]")
_LIVE = re.compile(rb"table:formula=\"[^\"]+\"")


def formulas_in(raw: bytes) -> int:
    """Return how many cells of a workbook hold a formula."""
    with zipfile.ZipFile(BytesIO(raw)) as book:
        return sum(len(_FORMULA.findall(book.read(name))) for name in book.namelist() if "sheet" in name)


def live_in(tables: Sequence[tuple[bytes, str]]) -> int | None:
    """Return how many cells of tables (bytes and ending) are formulas once LibreOffice has opened them.

    ``None`` without LibreOffice.
    """
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        sources = [Path(folder) / f"table{number}{ending}" for number, (_raw, ending) in enumerate(tables)]
        for source, (raw, _ending) in zip(sources, tables, strict=True):
            source.write_bytes(raw)
        own = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [office, "--headless", own, "--convert-to", "fods", "--outdir", folder, *map(str, sources)],
            check=True,
            capture_output=True,
            timeout=300,
        )
        return sum(len(_LIVE.findall(source.with_suffix(".fods").read_bytes())) for source in sources)


def text_of_pdf(raw: bytes) -> str | None:
    """Return the text of a PDF; ``None`` where nothing here can read it."""
    tool = shutil.which("pdftotext")
    if tool is None:
        return None
    done = subprocess.run([tool, "-raw", "-", "-"], input=raw, check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


def told(files: Mapping[str, bytes], formulas: Sequence[str]) -> bool:
    """Print what stands in downloaded files; return whether something is wrong."""
    books = {name: raw for name, raw in files.items() if raw.startswith(b"PK")}
    papers = {name: raw for name, raw in files.items() if raw.startswith(b"%PDF")}
    tables = {name: raw for name, raw in files.items() if raw.startswith(b"\xef\xbb\xbf")}
    in_books = sum(map(formulas_in, books.values()))
    risky = sum(is_risky(cell) for raw in tables.values() for cell in _cells(raw))
    print(f"{len(books)} workbooks with {in_books} formulas, {len(tables)} CSV with {risky} risky cells")
    live = live_in([*((raw, ".xlsx") for raw in books.values()), *((raw, ".csv") for raw in tables.values())])
    print(f"formulas that LibreOffice sees in them: {live}")
    empty = [name for name, raw in papers.items() if text_of_pdf(raw) == ""]
    print(f"{len(papers)} PDF, {len(empty)} without text: {' '.join(sorted(papers))[:300]}")
    return bool(in_books or risky or live or empty) | _payloads(formulas)


def _cells(raw: bytes) -> list[str]:
    text = raw.decode("utf-8-sig")
    return [cell.removeprefix('"') for cell in re.split(r'",|\r\n', text) if cell]


def _payloads(formulas: Sequence[str]) -> bool:
    """Write the payloads themselves, open them, and read them back."""
    rows = [["题干", "值"], *([f"第{number}行", each] for number, each in enumerate(formulas))]
    live = live_in([(write_xlsx(rows), ".xlsx"), (write_csv(rows), ".csv")])
    wanted = [each.replace("\0", "").strip() for each in formulas]
    back = [
        [row[1] for row in read_table(raw, name)[1:]]
        for raw, name in ((write_xlsx(rows), "a.xlsx"), (write_csv(rows), "a.csv"))
    ]
    otherwise = [(a, b) for found in back for a, b in zip(wanted, found, strict=True) if a != b]
    print(f"{len(formulas)} payloads: {live} formulas in LibreOffice, read back otherwise: {otherwise}")
    return bool(live or otherwise)
