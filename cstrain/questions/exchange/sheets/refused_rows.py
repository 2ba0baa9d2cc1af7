"""The rows that were not brought in, as a workbook to put right and upload again. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from cstrain.documents.tables import write_xlsx
from cstrain.questions.exchange.contract import ItemFault, Reading

REASON = "原因"


def failed_rows(reading: Reading, faults: Iterable[ItemFault]) -> bytes:
    """Return a workbook with the head of what was read and the rows of the faults as they stood, why first.

    Faults without a row (of the head, of a sheet) are left out. The column of reasons of an earlier round is
    replaced; the workbook can be read as it is.
    """
    head = reading.head
    kept = [column for column, cell in enumerate(head) if cell != REASON]
    rows: list[tuple[str, ...]] = [(REASON, *(head[column] for column in kept))]
    for fault in faults:
        cells = fault.row or reading.rows.get(fault.place, ())
        if cells:
            said = (cells[column] if column < len(cells) else "" for column in kept)
            rows.append((f"{fault.place}：{fault.message}", *said))
    return write_xlsx(rows, sheet="没有导入的行")
