"""Shapes of input for corrected keys: options to tick, right or wrong, or the key as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from flask_babel import gettext, lazy_gettext
from wtforms import Field, RadioField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cstrain.policies.yaml_source import Limits, SourceError, parse
from cstrain.questions.facts import Control, KeyedVersion, NewKey
from cstrain.ui.forms import CleanForm, at_most, chosen, needed

_MOST_WORDS = 2000
_LIMITS = Limits(bytes=40_000, depth=12, nodes=4000)
_CHOICES = (Control.CHOOSE_ONE, Control.CHOOSE_MANY)


class _Checks(SelectMultipleField):
    """A list of check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RekeyForm(CleanForm):
    """A correction: what kind, the key it is about, what candidates read, why."""

    kind = RadioField(lazy_gettext("怎样更正"), validators=[chosen()])
    right = _Checks(lazy_gettext("正确选项"))
    answer = RadioField(lazy_gettext("这句话"), validate_choice=False)
    key_text = TextAreaField(lazy_gettext("改后的答案"), validators=[at_most(20_000)])
    explanation = TextAreaField(lazy_gettext("给考生看的解析"), validators=[needed(), at_most(800)])
    reason = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(_MOST_WORDS)])

    def offer(self, version: KeyedVersion, *, machine: bool) -> None:
        """Leave the fields that fit the question; ``machine``: a machine marks it by its key."""
        kinds = [("key", gettext("改答案，按新答案重新阅卷"))] if machine else []
        self.kind.choices = [*kinds, ("credit", gettext("题目有误，考到这题的人都给满分"))]
        used = _field_of(version) if machine else ""
        for name in {"right", "answer", "key_text"} - {used}:
            del self[name]
        if used == "right":
            self.right.choices = [(each["id"], each["text"]) for each in version.content["options"]]
        if used == "answer":
            self.answer.choices = [("true", gettext("对")), ("false", gettext("错"))]

    def fill(self, version: KeyedVersion) -> None:
        """Show the key that counts now where it is edited as text."""
        if "key_text" in self:
            self.key_text.data = yaml.safe_dump(version.key, allow_unicode=True, sort_keys=False, width=80)

    def validate_key_text(self, field: Field) -> None:
        """Refuse what is not the text of a key."""
        if self.kind.data == "key":
            _read(field.data or "")

    def validate_answer(self, field: Field) -> None:
        """Refuse a corrected key without one."""
        if self.kind.data == "key" and field.data not in {"true", "false"}:
            raise ValidationError(gettext("请选择一项。"))

    def new_key(self, version: KeyedVersion) -> NewKey:
        """Return what was filled in, once the form is valid."""
        kind = str(self.kind.data)
        key = self._key(version) if kind == "key" else {}
        return NewKey(version.id, kind, key, self.explanation.data or "", self.reason.data or "")

    def _key(self, version: KeyedVersion) -> Mapping[str, Any]:
        if "right" in self:
            return {**version.key, "right": sorted(self.right.data or ())}
        if "answer" in self:
            return {"right": self.answer.data == "true"}
        return _read(self.key_text.data or "")


def _field_of(version: KeyedVersion) -> str:
    if version.control in _CHOICES:
        return "right"
    return "answer" if version.control == Control.TRUE_FALSE else "key_text"


def _read(text: str) -> dict[str, Any]:
    """Return a key written as YAML; raises ``ValidationError`` with the line where it cannot be read."""
    try:
        data = parse(text, gettext("改后的答案"), _LIMITS).data
    except SourceError as error:
        fault = error.faults[0]
        raise ValidationError(gettext("第%(n)s行：%(why)s", n=fault.line, why=fault.message)) from None
    if not isinstance(data, dict):
        raise ValidationError(gettext("要和原来的格式一样：每行一个名称和它的值。"))
    return data
