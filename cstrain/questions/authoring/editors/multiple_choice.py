"""A multiple choice: options, two or more of them marked."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.shared import options

EDITORS.add(
    "multiple_choice", Editor(_l("两个以上的选项对，不能全对。"), (stem(), options(many=True)), partly=True)
)
