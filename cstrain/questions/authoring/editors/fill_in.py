"""A stem with gaps, and what is accepted in each."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor
from cstrain.questions.authoring.editing.fields import Lines
from cstrain.questions.authoring.editing.rows import GappedText, Gaps

_STEM = GappedText(
    name="stem",
    label=_l("题干"),
    hint=_l("要填的地方写成（ ）或____，保存后统一成____。"),
    example=_l("退货请在（ ）天内申请。"),
)
_GAPS = Gaps(
    name="blanks",
    label=_l("各空的答案"),
    hint=_l("每个空的可接受答案，一行一个，写任何一个都算对。全角半角、大小写和空格不计较。"),
    row_label=_l("空%(n)s"),
    add_label=_l("再加一个空"),
    most=8,
    is_key=True,
    columns=(Lines(name="accepted", label=_l("可接受的答案，一行一个")),),
)
EDITORS.add("fill_in", Editor(_l("题干里留空，填词或数字。"), (_STEM, _GAPS), partly=True))
