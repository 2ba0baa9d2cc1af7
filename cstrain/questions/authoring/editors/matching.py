"""Pairs, and rights that belong to nothing."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Lines, Text
from cstrain.questions.authoring.editing.rows import Pairs

_PAIRS = Pairs(
    name="pairs",
    label=_l("配对"),
    hint=_l("左右写成对，考生看到的次序会打乱。几个左边可以配同一个右边。"),
    row_label=_l("第%(n)s对"),
    add_label=_l("再加一对"),
    most=10,
    begin=3,
    is_key=True,
    columns=(Text(name="left", label=_l("左边")), Text(name="right", label=_l("右边"))),
)
_EXTRA = Lines(
    name="extra", label=_l("多余的右边"), hint=_l("不配任何左边的迷惑项，一行一个，最多4个。"), is_key=True
)
EDITORS.add("matching", Editor(_l("左边的每一项配右边的一项。"), (stem(), _PAIRS, _EXTRA), partly=True))
