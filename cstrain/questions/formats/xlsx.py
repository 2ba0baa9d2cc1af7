"""Excel workbooks: one row a question, columns by name in any order, several sheets. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from cstrain.documents.tables import write_xlsx
from cstrain.questions.exchange.contract import FORMATS, Draft, ExchangeFormat, Reading, Written
from cstrain.questions.exchange.sheets.layout import read_file
from cstrain.questions.exchange.sheets.written import table


@FORMATS.register("xlsx")
class Xlsx(ExchangeFormat):
    """A workbook in the layout of Chinese exam systems."""

    name: ClassVar[str] = "xlsx"
    label: ClassVar[str] = "Excel表格"
    endings: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm")

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell a workbook by its name, or by the directory of its archive."""
        return super().looks_right(raw, name) or (raw.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in raw)

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of all sheets that hold questions."""
        return read_file(raw, name)

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return a workbook with one sheet; text stays text, never a formula."""
        rows, lost = table(drafts)
        return Written(write_xlsx(rows, sheet="试题"), tuple(lost))
