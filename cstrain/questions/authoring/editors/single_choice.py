"""A single choice: options, one of them marked."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.shared import options

EDITORS.add("single_choice", Editor(_l("一个选项对，其余都错。"), (stem(), options(many=False)), partly=True))
