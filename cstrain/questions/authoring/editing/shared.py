"""Fields that several types have. Pure."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.fields import Hidden, Lines, Number, Text
from cstrain.questions.authoring.editing.rows import Criteria, Options
from cstrain.questions.choices import LETTERS


def options(*, many: bool) -> Options:
    """Return the options of a choice."""
    return Options(
        name="options",
        label=_l("选项"),
        hint=_l("勾出全部正确的选项。") if many else _l("点选正确的那一个。"),
        row_label=_l("选项%(n)s"),
        add_label=_l("再加一个选项"),
        most=len(LETTERS),
        begin=4,
        many=many,
        columns=(Text(name="text", label=_l("选项")),),
    )


def model_answer() -> Text:
    """Return the field of the model answer."""
    return Text(
        name="model", label=_l("参考答案"), rows=4, is_key=True, hint=_l("阅卷的人对照着看，不超过字数上限。")
    )


def criteria() -> Criteria:
    """Return the rubric."""
    return Criteria(
        name="rubric",
        label=_l("评分标准"),
        hint=_l("阅卷的人逐条打分，再按比例折算成这道题的分。"),
        row_label=_l("第%(n)s条"),
        add_label=_l("再加一条"),
        most=20,
        begin=2,
        is_key=True,
        columns=(
            Hidden(name="id", label=""),
            Text(name="title", label=_l("看什么")),
            Number(name="of", label=_l("满分"), unit=_l("分")),
            Text(name="hint", label=_l("怎样给分")),
            Lines(name="levels", label=_l("各档的样子，一行一档，从差到好")),
        ),
    )
