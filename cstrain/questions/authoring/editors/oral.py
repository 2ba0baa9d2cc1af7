"""A task done aloud before an examiner."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Number, Text
from cstrain.questions.authoring.editing.shared import criteria

EDITORS.add(
    "oral",
    Editor(
        _l("当场口头完成，考官打分。"),
        (
            stem(_l("情景")),
            Text(name="task", label=_l("考生要做的"), rows=3),
            Text(
                name="examiner",
                label=_l("考官要做的"),
                rows=4,
                is_key=True,
                hint=_l("扮演谁、说什么、怎样追问。考生看不到。"),
            ),
            Number(name="minutes", label=_l("大约用时"), usual="5", unit=_l("分钟")),
            criteria(),
        ),
    ),
)
