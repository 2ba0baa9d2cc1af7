"""A short answer in writing, marked by a person."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Number
from cstrain.questions.authoring.editing.shared import criteria, model_answer

_MOST = Number(name="most", label=_l("字数上限"), usual="300", unit=_l("字"))
EDITORS.add("short_answer", Editor(_l("写几句话，由人阅卷。"), (stem(), _MOST, model_answer(), criteria())))
