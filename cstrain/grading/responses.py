"""Reads a paper held elsewhere: a table of marks, or of letters with a key. Pure: rows in, a sheet out.

The head names the questions; leading columns headed like a person (工号, id, candidate, 姓名 …) name people.
With a key, a cell is what somebody chose, and an empty one earns nothing: they sat and did not answer.
Without a key, a cell is a mark, and an empty one (or ``NA``) is *missing*, not 0: nobody can tell from a list
of marks whether it was left out, not asked or not marked yet. Missing marks are left out pair by pair, as the
R package psych does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstrain.grading.errors import ResponsesError
from cstrain.grading.statistics.sheet import Question, Sheet

_NAMES = frozenset({"name", "姓名"})
PERSON = _NAMES | {"candidate", "candidate_id", "id", "person", "person_id", "employee", "employee_id"}
PERSON |= {"工号", "员工编号", "员工号", "编号", "考生", "考生编号", "准考证号"}
"""Heads of columns that name people, in lower case."""
_MOST = frozenset({"max", "maximum", "满分"})
_NOTHING = frozenset({"", "na", "n/a", "-", "—"})
_MARK = re.compile(r"(\d{1,9}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d)?")
_LETTER = re.compile(r"[A-Z]|[A-J](?:[\s,;、/|+]*[A-J])+")
_TEXT = 40

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table: its number in the file, the person, the cells of the questions."""

    row: int
    person: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Responses:
    """A table as it was handed in. ``first`` is the column of the first question, from 1."""

    first: int
    questions: tuple[str, ...]
    entries: tuple[Entry, ...]
    most: Entry | None

    def at(self, entry: Entry, place: int) -> dict[str, object]:
        """Return row, column, question and content of a cell, for a refusal."""
        return {
            "row": entry.row,
            "column": self.first + place,
            "question": self.questions[place],
            "cell": entry.cells[place][:_TEXT],
        }


def plain(cell: str) -> str:
    """Return a cell in normal form: full-width letters and digits become ordinary ones."""
    return unicodedata.normalize("NFKC", cell).strip()


def read_responses(rows: Rows) -> Responses:
    """Return the table of a file whose row 1 is the head; raises ``ResponsesError``."""
    head = [plain(cell) for cell in rows[0]]
    people = next((place for place, cell in enumerate(head) if cell.lower() not in PERSON), len(head))
    questions = tuple(head[people:])
    _check_head(questions, people + 1)
    entries = [
        Entry(number, plain(row[0]) if people else "", tuple(plain(cell) for cell in row[people:]))
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    most = [entry for entry in entries if entry.person.lower() in _MOST]
    if len(most) > 1:
        raise ResponsesError("没有分析：第%(row)s行又是一行满分。满分只能有一行。", row=most[1].row)
    sat = tuple(entry for entry in entries if entry not in most)
    if not sat:
        raise ResponsesError("没有分析：表头下面没有一行作答。请检查是不是选错了文件。")
    if people and head[0].lower() not in _NAMES:
        _check_once(sat)
    return Responses(people + 1, questions, sat, most[0] if most else None)


def _check_head(questions: Sequence[str], first: int) -> None:
    if not questions:
        raise ResponsesError("没有分析：第1行只有人员列，没有题目列。请检查表头。")
    seen: dict[str, int] = {}
    for column, name in enumerate(questions, start=first):
        if not name:
            raise ResponsesError("没有分析：第1行第%(column)s列没有题名。请给每一列写上题名。", column=column)
        if name in seen:
            raise ResponsesError(
                "没有分析：第1行第%(column)s列的题名%(question)s与第%(other)s列相同。请改成不同的题名。",
                column=column,
                question=name[:_TEXT],
                other=seen[name],
            )
        seen[name] = column


def _check_once(entries: Iterable[Entry]) -> None:
    """Refuse a person who stands there twice: only first attempts may count."""
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.person and entry.person in seen:
            raise ResponsesError(
                "没有分析：第%(row)s行第1列的%(person)s在第%(other)s行已经有了。每人只留第一次考的一行。",
                row=entry.row,
                person=entry.person[:_TEXT],
                other=seen[entry.person],
            )
        seen[entry.person] = entry.row


def sheet_of_marks(responses: Responses) -> Sheet:
    """Return a sheet of marks; a row headed max or 满分 says what a question can earn, else the best did."""
    columns = [
        [_mark(responses, entry, place) for entry in responses.entries]
        for place in range(len(responses.questions))
    ]
    questions = tuple(
        Question(name, _most(responses, place, columns[place]))
        for place, name in enumerate(responses.questions)
    )
    return Sheet(questions, columns)


def _mark(responses: Responses, entry: Entry, place: int) -> Fraction | None:
    cell = entry.cells[place]
    if cell.lower() in _NOTHING:
        return None
    if _MARK.fullmatch(cell):
        return Fraction(cell)
    raise ResponsesError(
        "没有分析：第%(row)s行第%(column)s列（%(question)s）的“%(cell)s”不是分数。分数要写成不小于0的数；"
        "没有成绩就留空；如果是选项字母，请用--key给出答案。",
        **responses.at(entry, place),
    )


def _most(responses: Responses, place: int, marks: Sequence[Fraction | None]) -> Fraction | None:
    """Return the most a question can earn; ``None`` when nobody earned anything and no row says."""
    highest = max((mark for mark in marks if mark is not None), default=Fraction(0))
    if responses.most is None:
        return highest or None
    most = _mark(responses, responses.most, place)
    if not most:
        raise ResponsesError(
            "没有分析：第%(row)s行第%(column)s列（%(question)s）的满分“%(cell)s”要大于0。",
            **responses.at(responses.most, place),
        )
    for entry, mark in zip(responses.entries, marks, strict=True):
        if mark is not None and mark > most:
            raise ResponsesError(
                "没有分析：第%(row)s行第%(column)s列（%(question)s）的%(cell)s超过满分%(most)s。",
                **responses.at(entry, place),
                most=f"{float(most):g}",
            )
    return most


def read_key(rows: Rows, questions: Sequence[str]) -> dict[str, str]:
    """Return the right answer of each question from a key; raises ``ResponsesError``.

    A key is one row of letters in the order of the questions, with or without a head of their names, or a
    pair (question, key) in each row, with or without a head.
    """
    found = [(number, [plain(cell) for cell in row]) for number, row in enumerate(rows, start=1) if any(row)]
    wide = max(len([cell for cell in row if cell]) for _number, row in found)
    if _is_head(found[0][1], questions):
        pairs = _under_head(found)
    elif len(found) == 1 and not (wide == 2 and found[0][1][0] in questions):
        pairs = _in_a_row(found[0][1], questions)
    else:
        pairs = [(number, row[0], row[1] if len(row) > 1 else "") for number, row in found]
        if pairs[0][1] not in questions:
            pairs = pairs[1:]
    return _complete(pairs, questions)


def _is_head(row: Sequence[str], questions: Sequence[str]) -> bool:
    names = [cell for cell in row if cell and cell.lower() not in PERSON]
    return set(names) == set(questions) and len(names) == len(questions)


def _under_head(found: Sequence[tuple[int, Sequence[str]]]) -> list[tuple[int, str, str]]:
    if len(found) != 2:
        raise ResponsesError("没有分析：答案文件的表头下面要正好一行答案，现在有%(n)s行。", n=len(found) - 1)
    (_, head), (number, row) = found
    return [
        (number, name, letter)
        for name, letter in zip(head, row, strict=True)
        if name and name.lower() not in PERSON
    ]


def _in_a_row(row: Sequence[str], questions: Sequence[str]) -> list[tuple[int, str, str]]:
    letters = list(row[1:] if len(row) == len(questions) + 1 else row)
    if len(letters) != len(questions):
        raise ResponsesError(
            "没有分析：答案文件有%(have)s个答案，作答文件有%(want)s道题。请让两边一致。",
            have=len(letters),
            want=len(questions),
        )
    return [(1, name, letter) for name, letter in zip(questions, letters, strict=True)]


def _complete(pairs: Iterable[tuple[int, str, str]], questions: Sequence[str]) -> dict[str, str]:
    key: dict[str, str] = {}
    for number, name, letter in pairs:
        if name not in questions:
            raise ResponsesError(
                "没有分析：答案文件第%(row)s行的题名“%(question)s”不在作答文件里。",
                row=number,
                question=name[:_TEXT],
            )
        if name in key:
            raise ResponsesError(
                "没有分析：答案文件第%(row)s行的%(question)s已经有答案了。", row=number, question=name[:_TEXT]
            )
        if letter.lower() in _NOTHING:
            raise ResponsesError(
                "没有分析：答案文件第%(row)s行的%(question)s没有写答案。", row=number, question=name[:_TEXT]
            )
        key[name] = letter
    lacking = next((name for name in questions if name not in key), None)
    if lacking is not None:
        raise ResponsesError("没有分析：答案文件里没有%(question)s的答案。请补上。", question=lacking[:_TEXT])
    return key


def sheet_of_letters(responses: Responses, key: Mapping[str, str]) -> Sheet:
    """Return a sheet of choices: one mark for exactly what the key says, none for anything else."""
    if responses.most is not None:
        raise ResponsesError(
            "没有分析：第%(row)s行是满分，可是用了--key，每题都是1分。请删去这一行。", row=responses.most.row
        )
    lettered = all(_LETTER.fullmatch(cell.upper()) for cell in key.values())
    questions, marks, picks = [], [], []
    for place, name in enumerate(responses.questions):
        right = _choice(key[name], lettered=lettered)
        chosen = [_chosen(responses, entry, place, lettered=lettered) for entry in responses.entries]
        options = sorted({each for cell in (right, *chosen) for each in cell})
        questions.append(Question(name, Fraction(1), right, tuple(options)))
        marks.append([Fraction(cell == right) for cell in chosen])
        picks.append(chosen)
    return Sheet(tuple(questions), marks, picks)


def _chosen(responses: Responses, entry: Entry, place: int, *, lettered: bool) -> frozenset[str]:
    cell = entry.cells[place]
    if cell.lower() in _NOTHING:
        return frozenset()
    if lettered and not _LETTER.fullmatch(cell.upper()):
        raise ResponsesError(
            "没有分析：第%(row)s行第%(column)s列（%(question)s）的“%(cell)s”不是选项字母。没有作答就留空；"
            "如果是分数，请去掉--key。",
            **responses.at(entry, place),
        )
    return _choice(cell, lettered=lettered)


def _choice(cell: str, *, lettered: bool) -> frozenset[str]:
    """Return the letters of a choice of one or several; other answers stand for themselves."""
    if not lettered:
        return frozenset({cell.upper()})
    return frozenset(letter for letter in cell.upper() if letter.isalpha())
