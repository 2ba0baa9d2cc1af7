"""Steps in their right order."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Text
from cstrain.questions.authoring.editing.rows import Texts

_STEPS = Texts(
    name="steps",
    label=_l("步骤"),
    hint=_l("按正确的次序写，考生看到的次序会打乱。3到8步。"),
    row_label=_l("第%(n)s步"),
    add_label=_l("再加一步"),
    most=8,
    begin=3,
    is_key=True,
    columns=(Text(name="text", label=_l("步骤")),),
)
EDITORS.add("ordering", Editor(_l("把步骤排成正确的次序。"), (stem(), _STEPS), partly=True))
