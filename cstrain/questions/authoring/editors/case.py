"""A case: a text, and parts of other types."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, Parts, stem
from cstrain.questions.authoring.editing.fields import Text

_TEXT = Text(name="text", label=_l("案例"), rows=6, hint=_l("50到2000个字。"))
_PARTS = Parts(
    name="parts",
    label=_l("小题"),
    hint=_l("2到6个小题，每题选自己的题型。"),
    row_label=_l("第%(n)s小题"),
    add_label=_l("再加一小题"),
    most=6,
    begin=2,
)
EDITORS.add("case", Editor(_l("一段案例，下面几个小题。"), (stem(), _TEXT, _PARTS)))
