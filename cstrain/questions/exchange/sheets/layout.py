"""Question sheets: rows of text read to drafts, whatever the order and the names of their columns. Pure.

``sheet_written`` writes what this reads without loss. What the columns may be called is in ``sheet_words``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cstrain.documents.errors import TableError
from cstrain.documents.tables import Limits, Sheet, read_sheets
from cstrain.documents.xlsx_guard import XlsxLimits
from cstrain.questions.exchange.contract import (
    MOST_BYTES,
    MOST_QUESTIONS,
    Draft,
    ItemFault,
    Place,
    Reading,
    UnreadableError,
    part,
    row,
)
from cstrain.questions.exchange.sheets.cells import RefusedError
from cstrain.questions.exchange.sheets.difficulty import Scale, scale_of
from cstrain.questions.exchange.sheets.drafts import LABELS, Asked, fields_of
from cstrain.questions.exchange.sheets.facts import Whole, common, labels_of, topic_of
from cstrain.questions.exchange.sheets.head import Head, find_head, missing, nearest_head, unknown_columns
from cstrain.questions.exchange.sheets.options import in_one_cell
from cstrain.questions.exchange.sheets.rows import Line, one_each
from cstrain.questions.exchange.sheets.words import FALSE, GUIDES, TYPE_OF, plain
from cstrain.questions.exchange.sheets.written import MOST_CHARACTERS
from cstrain.questions.folding import fold
from cstrain.wording.said import reason, say

_COLUMNS = 60
_LIMITS = Limits(
    bytes=MOST_BYTES,
    rows=MOST_QUESTIONS + 1,
    columns=_COLUMNS,
    characters=MOST_CHARACTERS,
    workbook=XlsxLimits(unpacked=40_000_000, rows=MOST_QUESTIONS + 40, columns=64, cells=320_000),
)
_FORMULA = say("没有保留：公式，只取了它上次算出的结果")
_UNUSED_OPTIONS = frozenset({"number", "short_answer", "essay"})


@dataclass(slots=True)
class _Sheet:
    """A sheet with questions, while it is read. ``type``: what its name says, where no column does.

    ``whole``: what holds for all sheets of the file.
    """

    name: str
    head: Head
    rows: list[tuple[int, tuple[str, ...]]]
    formulas: frozenset[int]
    type: str = ""
    whole: Whole = field(default_factory=Whole)


def read_file(raw: bytes, name: str) -> Reading:
    """Return what the bytes of a workbook or CSV hold; raises ``UnreadableError``."""
    return read_rows(open_sheets(raw, name))


def open_sheets(raw: bytes, name: str) -> list[Sheet]:
    """Return the sheets of a workbook or CSV as text; raises ``UnreadableError``."""
    try:
        return read_sheets(raw, name, _LIMITS)
    except TableError as error:
        raise UnreadableError(say(error.message, **error.values)) from None


def read_rows(sheets: Sequence[Sheet]) -> Reading:
    """Return the drafts of all sheets that hold questions; raises ``UnreadableError`` where none does.

    With several such sheets, ``head`` holds the columns of all, a row's cells stand under their own.
    """
    found, faults = _found(sheets)
    columns = _Columns.of(found)
    drafts: list[Draft] = []
    rows: dict[Place, tuple[str, ...]] = {}
    for sheet in found:
        if unknown := unknown_columns(sheet.head):
            faults.append(ItemFault(_place(sheet, sheet.head.row, several=len(found) > 1), unknown))
        for number, line in _lines(sheet, several=len(found) > 1):
            cells = columns.row(sheet, line)
            try:
                draft = _draft(sheet, line)
                drafts.append(_with_note(draft, _FORMULA) if number in sheet.formulas else draft)
                rows[line.place] = cells
            except RefusedError as refused:
                faults.append(ItemFault(line.place, reason(refused), cells))
    strange = (sheet.head.cells[column] for sheet in found for column in sheet.head.unknown)
    return Reading(tuple(drafts), tuple(faults), columns.head, rows, tuple(dict.fromkeys(strange)))


def _found(sheets: Sequence[Sheet]) -> tuple[list[_Sheet], list[ItemFault]]:
    """Return the sheets that hold questions, and a fault for each other; guides are passed over."""
    found: list[_Sheet] = []
    faults: list[ItemFault] = []
    nearest: list[Head] = []
    for sheet in sheets:
        head = find_head(sheet.rows, sheet.name if len(sheets) > 1 else "")
        if head is not None:
            found.append(_opened(sheet, head))
        elif plain(sheet.name) not in GUIDES or len(sheets) == 1:
            nearest.extend(each for each in [nearest_head(sheet.rows)] if each is not None)
            message = say(
                "没有读取：前30行里没有表头（至少要有“题干”和“答案”）。有试题请补上表头，没有可以不管。"
            )
            faults.append(ItemFault(part(f"工作表“{sheet.name}”"), message))
    if not found:
        raise missing(nearest)
    whole = Whole(_scale(found))
    for one in found:
        one.whole = whole
    return found, faults


def _scale(sheets: Sequence[_Sheet]) -> Scale:
    """Return what the numbers of difficulty mean, by the columns of all sheets."""
    said, ease = (
        [cell for sheet in sheets for cell in _column(sheet, name)] for name in ("difficulty", "ease")
    )
    return Scale.SHARE if any(ease) and not any(said) else scale_of(said)


def _column(sheet: _Sheet, name: str) -> Iterator[str]:
    columns = sheet.head.fields.get(name, ())
    return (cells[column] for column in columns for _number, cells in sheet.rows)


def _opened(sheet: Sheet, head: Head) -> _Sheet:
    whole, rows = one_each(head, sheet.rows)
    one = _Sheet(sheet.name, whole, rows, sheet.formulas)
    if not whole.has("type"):
        one.type = _type_in(sheet.name)
    return one


def _type_in(name: str) -> str:
    """Return the type that a sheet's name says (``单选题``, ``一、判断题``), as its word; "" for none."""
    word = re.sub(r"^[0-9一二三四五六七八九十]+[、.]?", "", plain(name))
    kind = TYPE_OF.get(word) or TYPE_OF.get(word.removesuffix("库"))
    return LABELS.get(kind, "") if kind else ""


def _place(sheet: _Sheet, number: int, *, several: bool) -> Place:
    return part(f"工作表“{sheet.name}”第{number}行") if several else row(number)


def _lines(sheet: _Sheet, *, several: bool) -> Iterator[tuple[int, Line]]:
    for number, cells in sheet.rows:
        yield number, Line(_place(sheet, number, several=several), cells, sheet.head)


def _with_note(draft: Draft, note: str) -> Draft:
    return replace(draft, notes=(*draft.notes, note))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of all sheets side by side, in the order of their first appearance."""

    head: tuple[str, ...]
    by_sheet: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, sheets: Sequence[_Sheet]) -> _Columns:
        if len(sheets) == 1 and not sheets[0].type:
            return cls(sheets[0].head.cells, {})
        places: dict[tuple[str, int], int] = {}
        if any(sheet.type for sheet in sheets):
            places["题型", 0] = 0
        by_sheet = {}
        for sheet in sheets:
            seen: dict[str, int] = {}
            columns = []
            for cell in sheet.head.cells:
                nth = seen.get(cell, 0)
                seen[cell] = nth + 1
                columns.append(places.setdefault((cell, nth), len(places)))
            by_sheet[sheet.name] = tuple(columns)
        return cls(tuple(cell for cell, _nth in places), by_sheet)

    def row(self, sheet: _Sheet, line: Line) -> tuple[str, ...]:
        """Return a row under the head of all."""
        if not self.by_sheet:
            return line.cells
        cells = [""] * len(self.head)
        for column, cell in zip(self.by_sheet[sheet.name], line.cells, strict=False):
            cells[column] = cell
        if sheet.type:
            cells[0] = sheet.type
        return tuple(cells)


def _draft(sheet: _Sheet, line: Line) -> Draft:
    notes: list[str] = []
    if any(fold(said) not in FALSE for said in line.all("cap")):
        raise RefusedError(
            say("题帽题（几道小题共用一段材料）放不进表格的一行，请用YAML文件的案例题，或拆成独立的题。")
        )
    options = line.options() or _from_one_cell(line)
    asked = Asked(
        line.get("type") or sheet.type,
        line.text("stem"),
        options,
        _answer(line),
        line.get("rubric"),
        line.get("length"),
    )
    fields, told = fields_of(asked, line.head.legend)
    notes.extend(told)
    if options and fields["type"] in _UNUSED_OPTIONS:
        notes.append(say("没有保留：选项（这种题型没有选项）。"))
    notes.extend(common(sheet.whole, line, fields))
    return Draft(line.place, fields, topic_of(line), labels_of(line), tuple(notes))


def _from_one_cell(line: Line) -> list[str]:
    text = line.get("options")
    return in_one_cell(text, line.get("count")) if text else []


def _answer(line: Line) -> str:
    return line.text("answer") or line.flagged()
