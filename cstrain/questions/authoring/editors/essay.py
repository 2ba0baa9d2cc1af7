"""A longer text, marked by a person."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Number
from cstrain.questions.authoring.editing.shared import criteria, model_answer

_MOST = Number(name="most", label=_l("字数上限"), usual="2000", unit=_l("字"))
_LEAST = Number(
    name="least", label=_l("建议字数"), usual="0", unit=_l("字"), hint=_l("提醒考生至少写多少，0是不提醒。")
)
EDITORS.add(
    "essay", Editor(_l("写一段长文字，由人阅卷。"), (stem(), _MOST, _LEAST, model_answer(), criteria()))
)
