"""Excel workbooks: one row a question, columns by name in any order, several sheets. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from cstrain.documents.tables import write_xlsx
from cstrain.questions.exchange.contract import (
    FORMATS,
    Column,
    Draft,
    ExchangeFormat,
    Reading,
    Written,
)
from cstrain.questions.exchange.sheets.columns import columns_of, renamed
from cstrain.questions.exchange.sheets.layout import open_sheets, read_file, read_rows
from cstrain.questions.exchange.sheets.written import table


@FORMATS.register("xlsx")
class Xlsx(ExchangeFormat):
    """A workbook in the layout of Chinese exam systems."""

    name: ClassVar[str] = "xlsx"
    label: ClassVar[str] = "Excel表格"
    has_columns: ClassVar[bool] = True
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
    def read_as(cls, raw: bytes, name: str, heads: Mapping[str, str]) -> Reading:
        """Return the drafts of the file, its headings read as ``heads`` says."""
        return read_rows(renamed(open_sheets(raw, name), heads))

    @classmethod
    def columns(cls, raw: bytes, name: str) -> tuple[Column, ...]:
        """Return the columns that the sheets with questions have."""
        return columns_of(open_sheets(raw, name))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return a workbook with one sheet; text stays text, never a formula."""
        rows, lost = table(drafts)
        return Written(write_xlsx(rows, sheet="试题"), tuple(lost))
