"""The shape of what trainers type on the bank pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from cstrain.ui.forms import CleanForm

TYPE_LABELS = {
    "single_choice": _l("单选题"),
    "multiple_choice": _l("多选题"),
    "true_false": _l("判断题"),
    "fill_in": _l("填空题"),
    "number": _l("数字题"),
    "matching": _l("配对题"),
    "ordering": _l("排序题"),
    "short_answer": _l("简答题"),
    "essay": _l("论述题"),
    "case": _l("案例题"),
    "typing": _l("打字题"),
    "oral": _l("口试题"),
    "operation": _l("操作题"),
    "chat": _l("会话题"),
}
DIFFICULTY_LABELS = {1: _l("1 记住"), 2: _l("2 会用"), 3: _l("3 判断")}


class _Asked(CleanForm):
    """A form that is sent with GET: nothing is written, so it needs no token."""

    class Meta:
        csrf = False


class SeedForm(_Asked):
    """Which form of a paper to look at."""

    seed = IntegerField(_l("卷号"), [Optional(), NumberRange(min=1, max=999_999)], default=1)


class TrialForm(CleanForm):
    """Questions somebody has written and not brought in: pasted, or the file of a topic."""

    text = TextAreaField(_l("题目（YAML）"))
    file = FileField(_l("或者选一个主题文件"))
