"""The rows below a head: one a question, or one an option, then put together to one a question. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cstrain.questions.exchange.contract import Place
from cstrain.questions.exchange.plain_text import from_html
from cstrain.questions.exchange.sheets.cells import RefusedError
from cstrain.questions.exchange.sheets.head import Head, head_of
from cstrain.questions.exchange.sheets.words import FALSE, TRUE
from cstrain.questions.folding import fold
from cstrain.wording.said import say

_LETTERS = "ABCDEFGHIJKLMN"


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its head."""

    place: Place
    cells: tuple[str, ...]
    head: Head

    def get(self, name: str) -> str:
        """Return what the row says of a field; "" for nothing, the first column that says anything."""
        return next(iter(self.all(name)), "")

    def text(self, name: str) -> str:
        """Return what the row says of a field; files without a head come from a system that keeps HTML."""
        said = self.get(name)
        return from_html(said).text if self.head.row == 0 and "<" in said else said

    def all(self, name: str) -> list[str]:
        """Return all that the row says of a field, each text once."""
        said = (_lines(self.cells[column]) for column in self.head.fields.get(name, ()))
        return list(dict.fromkeys(text for text in said if text))

    def options(self) -> list[str]:
        """Return the options in order; raises ``RefusedError`` where one is empty before another."""
        columns = self.head.options
        texts = [
            _lines(self.cells[columns[each]]) if each in columns else "" for each in range(_width(columns))
        ]
        while texts and not texts[-1]:
            texts.pop()
        if not all(texts):
            empty = _LETTERS[texts.index("")]
            raise RefusedError(
                say(
                    "选项%(letter)s空着，后面却还有选项。请补上，或把后面的选项往前移，答案也跟着改。",
                    letter=empty,
                )
            )
        return texts

    def flagged(self) -> str:
        """Return the letters of the options that are marked as right in columns of their own; "" for none."""
        picked = []
        for index, column in sorted(self.head.rights.items()):
            said = fold(self.cells[column])
            if said and said not in TRUE and said not in FALSE:
                raise RefusedError(
                    say(
                        "“%(heading)s”写的是“%(said)s”，请写1或0（是或否）。",
                        heading=self.head.cells[column],
                        said=said[:10],
                    )
                )
            if said in TRUE:
                picked.append(_LETTERS[index])
        return "、".join(f"选项{letter}" for letter in picked)

    def apart(self, columns: Mapping[int, int]) -> list[str]:
        """Return what columns beside the options say, each with its letter."""
        return [
            f"{_LETTERS[index]}：{_lines(self.cells[column])}"
            for index, column in sorted(columns.items())
            if self.cells[column]
        ]


def _width(columns: Mapping[int, int]) -> int:
    return max(columns, default=-1) + 1


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def one_each(head: Head, rows: Sequence[tuple[str, ...]]) -> tuple[Head, list[tuple[int, tuple[str, ...]]]]:
    """Return a head and rows that hold one question each, with the number of the row where it begins.

    Empty rows and repeated heads are left out. Rows that hold one option each are put together; the head is
    then a new one with columns for the options.
    """
    filled = [
        (number, row)
        for number, row in enumerate(rows[head.row :], start=head.row + 1)
        if any(row) and row != head.cells
    ]
    if not head.has("option_text"):
        return head, filled
    groups = list(_groups(head, filled))
    most = max((len(group) for _number, group in groups), default=0)
    options = [f"选项{_LETTERS[index]}" for index in range(min(most, len(_LETTERS)))]
    kept = [
        column
        for column in range(len(head.cells))
        if not any(
            column in head.fields.get(name, ())
            for name in ("option_text", "option_right", "option_why", "answer")
        )
    ]
    whys = [f"{option}解析" for option in options] if head.has("option_why") else []
    cells = (*(head.cells[column] for column in kept), *options, *whys, "答案")
    made = replace(head_of(cells, head.row), legend=head.legend)
    return made, [(number, _put_together(head, kept, group, len(options))) for number, group in groups]


def _groups(
    head: Head, rows: list[tuple[int, tuple[str, ...]]]
) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    group: list[tuple[str, ...]] = []
    begin, mark = 0, ("", "")
    for number, row in rows:
        serial, stem = (_first(head, row, name) for name in ("serial", "stem"))
        new = serial != mark[0] if serial else stem not in ("", mark[1])
        if new or not group:
            if group:
                yield begin, group
            begin, group, mark = number, [], (serial, stem)
        group.append(row)
    if group:
        yield begin, group


def _first(head: Head, row: tuple[str, ...], name: str) -> str:
    return next((row[column] for column in head.fields.get(name, ()) if row[column]), "")


def _put_together(head: Head, kept: list[int], group: list[tuple[str, ...]], width: int) -> tuple[str, ...]:
    texts = [_first(head, row, "option_text") for row in group][:width]
    flags = [fold(_first(head, row, "option_right")) for row in group]
    whys = [_first(head, row, "option_why") for row in group][:width]
    wrong = next((flag for flag in flags if flag and flag not in TRUE | FALSE), "")
    picked = [f"选项{_LETTERS[index]}" for index, flag in enumerate(flags[:width]) if flag in TRUE]
    answer = f"是否正确项：{wrong}" if wrong else "、".join(picked) or _first(head, group[0], "answer")
    room = [""] * (width - len(texts))
    said = (*whys, *room) if head.has("option_why") else ()
    return (*(group[0][column] for column in kept), *texts, *room, *said, answer)
