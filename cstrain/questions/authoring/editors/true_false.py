"""A statement that is right or wrong."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Choice

_ANSWER = Choice(
    name="answer",
    label=_l("这句话"),
    choices=(("true", _l("对")), ("false", _l("错"))),
    values={"true": True, "false": False},
    is_key=True,
)
EDITORS.add(
    "true_false",
    Editor(_l("一句话，判断对错。"), (stem(hint=_l("写一句完整的话，不要用问句。")), _ANSWER), partly=True),
)
