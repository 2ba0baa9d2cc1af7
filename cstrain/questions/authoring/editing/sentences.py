"""What question types say of faults, in the reader's language. Pure.

The types speak Chinese: their sentences also stand in files' reports and in the shell. Here a sentence is
looked up with ``{}`` for each number and each quoted word; one that is not known stays as it is.
"""

from __future__ import annotations

import re

from flask_babel import gettext

FAULT_WORDS = (
    "{}应为文字。",
    "{}应为整数。",
    "{}应为数字。",
    "{}应为有限的数字。",
    "{}应大于{}。",
    "{}不能小于{}。",
    "{}应小于{}。",
    "{}不能大于{}。",
    "{}至少要有{}项，现在有{}项。",
    "{}最多{}项。",
    "{}至少{}个字，不能留空。",
    "{}最多{}个字。",
    "{}最多{}位小数。",
    "{}应为列表，每项以{}开头。",
    "{}应为若干行{}。",
    "缺少{}，请补上。",
    "{}没有内容，请写出可接受的答案。",
    "{}有{}个空，题干里有{}处下划线；每空恰好四条下划线{}，个数要一致。",
    "{}有{}个字（空格不算），应为{}到{}个字。",
    "{}是{}字，参考答案{}却有{}字；请放宽上限或缩短参考答案。",
    "{}是{}字，比上限{}的{}字还多，请改小。",
    "{}的右边全都一样，请改成至少两种。",
    "{}里有两个右边只差空格、大小写或标点，请改成完全一样，或改得不同。",
    "{}与前面的选项相同，请改写。",
    "{}里不能有数字，请只写单位，例如{}。",
    "{}里同一个字母写了两次，请删掉一个。",
    "方括号或花括号没有成对，或中间缺少逗号。",
    "缩进或引号有误：这一行与上面对不齐，或上面的引号后还有文字。",
)
"""The sentences that have their own in other languages."""
_PLACED = re.compile(r"(“[^”]*”)(?:第([0-9]+)项)?|-?[0-9]+(?:\.[0-9]+)?")


def in_reader_words(message: str) -> str:
    """Return a sentence on a fault in the reader's language, if it is one of those that are known."""
    asked = _PLACED.sub("{}", message)
    if asked not in FAULT_WORDS:
        return message
    pieces = gettext(asked).split("{}")
    placed = [*map(_placed, _PLACED.finditer(message)), ""]
    return "".join(piece + word for piece, word in zip(pieces, placed, strict=True))


def _placed(found: re.Match[str]) -> str:
    quoted, item = found[1], found[2]
    return str(gettext("%(what)s第%(n)s项", what=quoted, n=item)) if item else found[0]
