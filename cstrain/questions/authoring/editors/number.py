"""A number with a tolerance and a unit."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Number, Text

_ANSWER = Number(name="answer", label=_l("答案"), is_key=True)
_TOLERANCE = Number(
    name="tolerance", label=_l("允许误差"), usual="0", is_key=True, hint=_l("上下各差这么多以内都算对。")
)
_UNIT = Text(name="unit", label=_l("单位"), hint=_l("显示在输入框后面，例如“元”。"))
EDITORS.add("number", Editor(_l("算出一个数。"), (stem(), _ANSWER, _TOLERANCE, _UNIT), partly=True))
