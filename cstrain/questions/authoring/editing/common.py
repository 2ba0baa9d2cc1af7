"""The fields that every question has, below those of its type. Pure."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.fields import Check, Choice, Field, Hidden, Source, Text
from cstrain.questions.authoring.editing.rows import Pictures
from cstrain.questions.forms import DIFFICULTY_LABELS
from cstrain.questions.question_type import MOST_PICTURES

PICTURES = Pictures(
    name="pictures",
    label=_l("图片"),
    hint=_l("显示在题干下面。每张都要写清图里有什么：看不见图的人靠它答题。"),
    row_label=_l("图%(n)s"),
    add_label=_l("上传图片"),
    most=MOST_PICTURES,
    begin=0,
    columns=(
        Hidden(name="file", label=""),
        Hidden(name="width", label="", is_number=True),
        Hidden(name="height", label="", is_number=True),
        Text(name="alt", label=_l("图里有什么")),
    ),
)
COMMON: tuple[Field, ...] = (
    PICTURES,
    Choice(
        name="difficulty",
        label=_l("难度"),
        choices=tuple((str(level), word) for level, word in DIFFICULTY_LABELS.items()),
        values={str(level): level for level in DIFFICULTY_LABELS},
        usual="2",
    ),
    Check(name="situation", label=_l("有顾客情景")),
    Text(
        name="explanation",
        label=_l("解析"),
        rows=3,
        is_key=True,
        hint=_l("成绩公布后考生看得到：写明为什么。"),
    ),
    Source(name="source", label=_l("出处"), hint=_l("题目依据哪一课的哪一节。")),
)
"""In the order of the page. Pictures come first: they belong to the stem."""
