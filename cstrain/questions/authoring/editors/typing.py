"""A passage to be typed."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.fields import Check, Number, Text

EDITORS.add(
    "typing",
    Editor(
        _l("照原文打字，按速度和正确率计分。"),
        (
            stem(),
            Text(name="passage", label=_l("原文"), rows=6, hint=_l("120到500个字，空格不算。")),
            Number(name="seconds", label=_l("限时"), usual="180", unit=_l("秒")),
            Number(
                name="full_speed",
                label=_l("满分速度"),
                usual="60",
                unit=_l("字/分"),
                is_key=True,
                hint=_l("每分钟净打这么多字得满分。"),
            ),
            Number(
                name="penalty",
                label=_l("错一个字扣"),
                usual="1",
                unit=_l("字"),
                is_key=True,
                hint=_l("从净字数里扣，0到2。"),
            ),
            Check(name="width_matters", label=_l("全角、半角要一致"), is_key=True),
            Check(name="spaces_matter", label=_l("空格要一致"), is_key=True),
        ),
    ),
)
