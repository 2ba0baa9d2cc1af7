"""The rows that were not brought in, as a workbook to put right and upload again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cstrain.documents.tables import write_xlsx
from cstrain.questions.exchange.contract import ItemFault, Reading, said_place
from cstrain.wording.said import say

REASON = "原因"


def failed_rows(reading: Reading, faults: Iterable[ItemFault], told: Callable[[str], object] = str) -> bytes:
    """Return a workbook with the head of what was read and the rows of the faults as they stood, why first.

    Faults without a row (of the head, of a sheet) are left out. The column of reasons of an earlier round is
    replaced; the workbook can be read as it is. ``told`` says a reason in the reader's language; the headings
    stay those of the layout.
    """
    head = reading.head
    kept = [column for column, cell in enumerate(head) if cell != REASON]
    rows: list[tuple[str, ...]] = [(REASON, *(head[column] for column in kept))]
    for fault in faults:
        cells = fault.row or reading.rows.get(fault.place, ())
        if cells:
            said = (cells[column] if column < len(cells) else "" for column in kept)
            why = say("%(place)s：%(message)s", place=said_place(str(fault.place)), message=fault.message)
            rows.append((str(told(why)), *said))
    return write_xlsx(rows, sheet="没有导入的行")
