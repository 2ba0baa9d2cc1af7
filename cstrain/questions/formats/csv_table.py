"""CSV: the same columns as the workbook, one sheet. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from cstrain.documents.tables import Sheet, write_csv
from cstrain.questions.exchange.contract import (
    FORMATS,
    Column,
    Draft,
    ExchangeFormat,
    Reading,
    UnreadableError,
    Written,
)
from cstrain.questions.exchange.sheets.columns import columns_of, renamed
from cstrain.questions.exchange.sheets.layout import open_sheets, read_rows
from cstrain.questions.exchange.sheets.written import table
from cstrain.wording.said import say


@FORMATS.register("csv")
class Csv(ExchangeFormat):
    """A table as text: UTF-8, UTF-16 or GB18030; comma, semicolon or tab between the cells."""

    name: ClassVar[str] = "csv"
    label: ClassVar[str] = "CSV表格"
    has_columns: ClassVar[bool] = True
    endings: ClassVar[tuple[str, ...]] = (".csv", ".tsv")

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of the file."""
        return read_rows(cls._sheets(raw, name))

    @classmethod
    def _sheets(cls, raw: bytes, name: str) -> list[Sheet]:
        if raw.startswith(b"PK\x03\x04"):
            raise UnreadableError(
                say("文件没有读取：它是压缩包或Excel工作簿，不是csv。请把文件名的后缀改对再试。")
            )
        return open_sheets(raw, name if name.lower().endswith((*cls.endings, ".txt")) else f"{name}.csv")

    @classmethod
    def read_as(cls, raw: bytes, name: str, heads: Mapping[str, str]) -> Reading:
        """Return the drafts of the file, its headings read as ``heads`` says."""
        return read_rows(renamed(cls._sheets(raw, name), heads))

    @classmethod
    def columns(cls, raw: bytes, name: str) -> tuple[Column, ...]:
        """Return the columns that the sheets with questions have."""
        return columns_of(cls._sheets(raw, name))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return UTF-8 with a mark that Excel knows; what a spreadsheet takes for a formula is disarmed."""
        rows, lost = table(drafts)
        return Written(write_csv(rows), tuple(lost))
