"""The head of a question sheet: where it is, which column says what, which columns nobody knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from cstrain.questions.exchange.contract import HeadError
from cstrain.questions.exchange.sheets.words import FIELD_OF, HEADS, TYPE_OF, option_of, plain
from cstrain.wording.said import said_row, say, together

LOOKED_AT = 30
LEFT_OUT = "（不读）"
"""What a heading begins with whose column somebody has said is not to be read."""
_MOST_OPTIONS = 14
_ALIKE = 60
_TOLD = 20
_LEGEND = re.compile(r"([0-9])\s*[-:：、.=—]?\s*([\u4e00-\u9fff]{2,6})")
_BY_POSITION = ("题型", "题干", "选项", "选项数", "答案", "解析", "知识点ID", "难度", "是否题帽题", "题帽")
_ONE_ONLY = ("type", "stem", "options", "answer", "difficulty", "rubric", "id", "length", "situation")


@dataclass(frozen=True, slots=True)
class Head:
    """A head: its cells, its row (0 where columns go by position), the columns of each field and option.

    ``options`` etc.: the column by the option's index from 0. ``legend``: what numbers in the column of types
    mean, where its heading says so (``题型（0单选，1判断）``).
    """

    row: int
    cells: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    options: Mapping[int, int] = field(default_factory=dict)
    rights: Mapping[int, int] = field(default_factory=dict)
    whys: Mapping[int, int] = field(default_factory=dict)
    media: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    legend: Mapping[str, str] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Tell whether there is a column for one of the fields."""
        return any(name in self.fields for name in names)

    @property
    def known(self) -> int:
        """How many columns are known."""
        return sum(1 for cell in self.cells if cell and not cell.startswith(LEFT_OUT)) - len(self.unknown)

    @property
    def is_whole(self) -> bool:
        """Whether questions can be read by it: a stem, and what is right."""
        answered = self.has("answer", "option_right") or bool(self.rights) or bool(self.options)
        return self.has("stem") and answered


def find_head(rows: Sequence[Sequence[str]], name: str = "") -> Head | None:
    """Return the head of a sheet among its first rows: titles and guides above it are skipped.

    ``None`` for a sheet without one. Raises ``HeadError`` for a head that can be read in two ways.
    """
    found = [head_of(row, number) for number, row in enumerate(rows[:LOOKED_AT], start=1)]
    whole = next((head for head in found if head.is_whole), None)
    if whole is not None:
        _check_single(whole, name)
        return whole
    return _by_position(rows)


def nearest_head(rows: Sequence[Sequence[str]]) -> Head | None:
    """Return the row that is most like a head, for saying what is missing; ``None`` for none at all."""
    found = [head_of(row, number) for number, row in enumerate(rows[:LOOKED_AT], start=1) if any(row)]
    return max(found, key=lambda head: (head.known, -head.row), default=None)


def head_of(cells: Sequence[str], row: int) -> Head:
    """Return what the cells of a row would mean if it were the head."""
    fields: dict[str, tuple[int, ...]] = {}
    parts: dict[str, dict[int, int]] = {"text": {}, "right": {}, "why": {}}
    media: list[int] = []
    unknown: list[int] = []
    for column, cell in enumerate(cells):
        word = plain(cell)
        option = option_of(word)
        if cell.startswith(LEFT_OUT):
            continue
        if word in FIELD_OF:
            fields[FIELD_OF[word]] = (*fields.get(FIELD_OF[word], ()), column)
        elif option is not None and option[1] == "media":
            media.append(column)
        elif option is not None and option[0] not in parts[option[1]] and option[0] < _MOST_OPTIONS:
            parts[option[1]][option[0]] = column
        elif cell:
            unknown.append(column)
    legend = _legend(cells, fields)
    tuple_cells = tuple(cells)
    return Head(
        row,
        tuple_cells,
        fields,
        parts["text"],
        parts["right"],
        parts["why"],
        tuple(media),
        tuple(unknown),
        legend,
    )


def _legend(cells: Sequence[str], fields: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    column = fields.get("type", (-1,))[0]
    if column < 0:
        return {}
    return {
        number: TYPE_OF[plain(word)]
        for number, word in _LEGEND.findall(cells[column][:200])
        if plain(word) in TYPE_OF
    }


def _check_single(head: Head, name: str) -> None:
    """Raise ``HeadError`` where two columns claim to be the same thing, or options count from 0."""
    where = say("工作表“%(name)s”的", name=name) if name else ""
    for each in _ONE_ONLY:
        columns = head.fields.get(each, ())
        if len(columns) > 1:
            raise _claimed_twice(
                where, HEADS[each][0], {column + 1: head.cells[column] for column in columns}
            )
    odd = [head.cells[column] for column in head.unknown if _is_option(head.cells[column])]
    if odd:
        raise HeadError(
            say(
                "文件没有读取：%(where)s表头“%(heading)s”看不出是第几个选项，或者写了两次。",
                where=where,
                heading=odd[0][:30],
            ),
            say("请把选项的表头改成选项A、选项B……，最多到选项J。"),
        )
    if -1 in head.options:
        raise HeadError(
            say("文件没有读取：%(where)s选项从0开始编号，答案里的数字看不出指哪一项。", where=where),
            say("请把表头改成选项A、选项B……，答案写字母。"),
        )


def _claimed_twice(where: str, word: str, columns: Mapping[int, str]) -> HeadError:
    said = (say("第%(number)s列“%(heading)s”", number=at, heading=cell) for at, cell in columns.items())
    return HeadError(
        say(
            "文件没有读取：%(where)s%(columns)s都可以当作“%(word)s”，看不出用哪一列。",
            where=where,
            columns=said_row("、", said),
            word=word,
        ),
        say("请删去多余的一列，或改掉它的表头。"),
    )


def _is_option(cell: str) -> bool:
    word = plain(cell)
    return option_of(word) is not None or word.startswith(("选项", "备选", "option"))


def _by_position(rows: Sequence[Sequence[str]]) -> Head | None:
    """Return the head of a file without one whose columns go by position (type, stem, options, number of
    options, answer …), where its first row leaves no doubt."""
    first = next((row for row in rows if any(row)), ())
    if len(first) < 5 or plain(first[0]) not in TYPE_OF or not first[1]:
        return None
    if first[3] and not (first[3].isdecimal() and int(first[3][:4]) <= _MOST_OPTIONS):
        return None
    return head_of(_BY_POSITION[: len(first)], 0)


def unknown_columns(head: Head) -> str:
    """Return a sentence that names the columns nobody knows, each with the nearest word; "" for none."""
    if not head.unknown:
        return ""
    said = said_row("；", [_with_nearest(head.cells[column]) for column in head.unknown[:_TOLD]])
    more = say("等%(n)s列", n=len(head.unknown)) if len(head.unknown) > _TOLD else ""
    return say(
        "不认识这些列，没有读入：%(said)s%(more)s。需要的请改成认识的表头再导入，不需要的可以不管。",
        said=said,
        more=more,
    )


def _with_nearest(cell: str) -> str:
    shown = f"{cell[:30]}…" if len(cell) > 30 else cell
    like = nearest(cell)
    return say("“%(heading)s”（最像“%(like)s”）", heading=shown, like=like) if like else f"“{shown}”"


def nearest(cell: str) -> str:
    """Return the known heading that an unknown one is most like; "" for none."""
    words = [word for name, every in HEADS.items() if name != "reason" for word in every]
    found = process.extractOne(plain(cell), words, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return str(found[0]) if found else ""


def missing(heads: Iterable[Head]) -> HeadError:
    """Return the error for a file in which no sheet has a head: what is missing, what was found."""
    found = max(heads, key=lambda head: head.known, default=None)
    if found is None or not found.known:
        return HeadError(
            say("文件没有读取：没有找到表头。"),
            say("请在第一行写明各列的名称，至少要有“题干”和“答案”，最好还有“题型”。"),
        )
    lacking = [word for word, there in _needed(found) if not there]
    cells = said_row("、", [cell[:20] for cell in found.cells[:_TOLD] if cell])
    there = say("第%(row)s行有：%(cells)s。", row=found.row, cells=cells)
    near = (unknown_columns(found),) if found.unknown else ()
    return HeadError(
        say("文件没有读取：表头里缺少%(names)s。", names=said_row("、", lacking)),
        together((there, *near, say("请补上后再导入。"))),
    )


def _needed(head: Head) -> tuple[tuple[str, bool], ...]:
    answered = head.has("answer", "option_right") or bool(head.rights or head.options)
    return (say("“题干”"), head.has("stem")), (say("“答案”"), answered)
