"""CSV: the same columns as the workbook, one sheet. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from cstrain.documents.tables import write_csv
from cstrain.questions.exchange.contract import (
    FORMATS,
    Draft,
    ExchangeFormat,
    Reading,
    UnreadableError,
    Written,
)
from cstrain.questions.exchange.sheets.layout import read_file
from cstrain.questions.exchange.sheets.written import table


@FORMATS.register("csv")
class Csv(ExchangeFormat):
    """A table as text: UTF-8, UTF-16 or GB18030; comma, semicolon or tab between the cells."""

    name: ClassVar[str] = "csv"
    label: ClassVar[str] = "CSV表格"
    endings: ClassVar[tuple[str, ...]] = (".csv", ".tsv")

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of the file."""
        if raw.startswith(b"PK\x03\x04"):
            raise UnreadableError(
                "文件没有读取：它是压缩包或Excel工作簿，不是csv。请把文件名的后缀改对再试。"
            )
        return read_file(raw, name if name.lower().endswith((*cls.endings, ".txt")) else f"{name}.csv")

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return UTF-8 with a mark that Excel knows; what a spreadsheet takes for a formula is disarmed."""
        rows, lost = table(drafts)
        return Written(write_csv(rows), tuple(lost))
