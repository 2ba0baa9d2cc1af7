"""The shape of what trainers type on the bank pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from cstrain.questions.facts import QuestionFilter
from cstrain.ui.forms import CleanForm, at_most

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


def _choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice("", _l("全部")), *(SelectChoice(value, word) for value, word in words.items())]


class FilterForm(_Asked):
    """Narrows the list of a bank's questions."""

    text = StringField(_l("题干或编号里有"), [at_most(60)])
    topic = SelectField(_l("主题"), [Optional()])
    type = SelectField(_l("题型"), [Optional()])
    difficulty = SelectField(_l("难度"), [Optional()])
    state = SelectField(
        _l("在用情况"),
        [Optional()],
        choices=[SelectChoice("", _l("在用")), SelectChoice("retired", _l("已停用"))],
    )

    def offer(self, topics: Mapping[str, str]) -> None:
        """Fill the lists to choose from."""
        self.topic.choices = _choices(topics)
        self.type.choices = _choices(TYPE_LABELS)
        self.difficulty.choices = _choices({str(level): label for level, label in DIFFICULTY_LABELS.items()})

    def wanted(self) -> QuestionFilter:
        """Return what was asked for; a value that is not offered narrows nothing."""
        self.validate()
        level = "" if self.difficulty.errors else self.difficulty.data
        return QuestionFilter(
            topic="" if self.topic.errors else self.topic.data or "",
            type="" if self.type.errors else self.type.data or "",
            difficulty=int(level) if level else None,
            text=(self.text.data or "").strip()[:60],
            retired=self.state.data == "retired",
        )


class SeedForm(_Asked):
    """Which form of a paper to look at."""

    seed = IntegerField(_l("卷号"), [Optional(), NumberRange(min=1, max=999_999)], default=1)


class TrialForm(CleanForm):
    """Questions somebody has written and not brought in: pasted, or the file of a topic."""

    text = TextAreaField(_l("题目（YAML）"))
    file = FileField(_l("或者选一个主题文件"))
