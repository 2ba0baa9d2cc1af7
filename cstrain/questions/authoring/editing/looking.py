"""What can be said and shown of a question while it is written: faults at their fields, a preview. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from pydantic import ValidationError

from cstrain.policies.yaml_messages import explain, telling
from cstrain.policies.yaml_source import SourceError
from cstrain.questions.authoring.editing.editor import Editor, States, editor_of
from cstrain.questions.authoring.editing.fields import Field
from cstrain.questions.bank_check import standards
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.exchange.drafts import completed, question_of
from cstrain.questions.facts import JsonObject, ShownKey
from cstrain.questions.key_words import shown_key
from cstrain.questions.question_checks import Headings, stands_by_itself
from cstrain.questions.question_type import QuestionType, question_types
from cstrain.ui.filters import told
from cstrain.wording.said import Said, say

WHOLE = ""
"""Where faults stand that belong to no field."""
_PREVIEW = "preview"
_MOST = 20
_PLAINER = {
    "应为文字；像数字、true、false 的文字要加引号。": say("应为文字。"),
    "应为整数，不加引号。": say("应为整数。"),
    "应为数字，不加引号。": say("应为数字。"),
    "写法不对，应符合 %(pattern)s。": say("只能用小写字母、数字和下划线，以字母开头。"),
}
"""What who writes in fields is told: nothing of quotes, no patterns (all that can be typed are for names)."""

Faults = dict[str, list[str]]


@dataclass(frozen=True)
class Look:
    """A question as it stands: faults by field, advice, what a candidate would see, the key.

    ``content`` is ``None`` where too little is there; ``question`` and ``key`` where it is not whole.
    """

    control: str
    content: JsonObject | None
    question: SourceQuestion | None = None
    key: ShownKey | None = None
    faults: Faults = field(default_factory=dict)
    advice: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many faults there are."""
        return sum(map(len, self.faults.values()))


def look(fields: Mapping[str, Any], states: States, headings: Headings, lost: frozenset[str]) -> Look:
    """Return what can be said of the fields of a question.

    ``lost``: digests of pictures that are not kept (any more).
    """
    name = str(fields.get("type", ""))
    kind, editor = question_types().get(name), editor_of(name)
    whole = completed({**fields, "id": _PREVIEW})
    faults = _typed_faults(editor, states)
    for digest in lost:
        message = gettext("有一张图片找不到了（%(file)s），请删掉后重新上传。", file=digest[:8])
        faults.setdefault("pictures", []).append(message)
    try:
        question = question_of(Draft(part(_PREVIEW), whole), _PREVIEW)
    except SourceError as error:
        found = _located(kind, editor, states, whole) or {
            WHOLE: [in_words(each.message, {}) for each in error.faults]
        }
        for at, messages in found.items():
            if not faults.get(at):
                faults[at] = messages[:_MOST]
        return Look(str(kind.control), _partly(kind, editor, whole), None, None, faults)
    key = shown_key(name, dict(question.content), dict(question.key), question.explanation)
    advice = tuple(_advice(question, headings))
    return Look(str(kind.control), dict(question.content), question, key, faults, advice)


def _advice(question: SourceQuestion, headings: Headings) -> Iterator[str]:
    """Yield what the bank check would say of a question that is whole, if nothing worse."""
    known = headings if question.source else None
    for fault in stands_by_itself(question, standards().every_bank, known):
        why = fault.message.values["why"] if isinstance(fault.message, Said) else fault.message
        yield str(told(why))
    if not question.source:
        yield gettext("没有写出处：课文改了以后，这道题不会被提醒。")
    if not question.explanation:
        yield gettext("没有写解析：答错的人看不到为什么。")


def _typed_faults(editor: Editor, states: States) -> Faults:
    found = {each.name: list(each.faults(states[each.name])) for each in editor.every}
    return {name: messages for name, messages in found.items() if messages}


def _located(kind: type[QuestionType], editor: Editor, states: States, whole: Mapping[str, Any]) -> Faults:
    """Return the faults that the type finds, each under the name of the field it belongs to."""
    try:
        kind.model_validate_json(json.dumps(whole), strict=True)
    except ValidationError as error:
        owners = {key: each for each in editor.every for key in each.keys}
        found: Faults = {}
        for problem in telling(error):
            at, message = _placed(kind, owners, states, problem)
            if message not in found.setdefault(at, []):
                found[at].append(message)
        return found
    return {}


def _placed(
    kind: type[QuestionType], owners: Mapping[str, Field], states: States, problem: Mapping[str, Any]
) -> tuple[str, str]:
    where, message = problem["loc"], explain(kind, problem)
    owner = owners.get(str(where[0])) if where else None
    if owner is None:
        return WHOLE, in_words(message, owners)
    message = in_words(message, {**owners, **_columns(owner)})
    if line := owner.line_of(states[owner.name], where[1:]):
        message = gettext("第%(n)s行：%(what)s", n=line, what=message)
    elif (row := owner.row_of(where)) and not message.startswith(row):
        message = gettext("%(row)s：%(what)s", row=row, what=message)
    return owner.name, message


def _columns(owner: Field) -> dict[str, Field]:
    """Return the fields inside a field by their keys, the outermost of a key."""
    found: dict[str, Field] = {}
    for each in getattr(owner, "columns", ()):
        found = {**_columns(each), **found, each.name: each}
    return found


def in_words(message: str, owners: Mapping[str, Field]) -> str:
    """Return a sentence in the reader's language that names fields as the page does."""
    text = str(told(_plainer(message)))
    for key, owner in owners.items():
        text = text.replace(f"“{key}”", f"“{owner.label}”")
    return text


def _plainer(message: str) -> str:
    if not isinstance(message, Said):
        return message
    why = message.values.get("why")
    if isinstance(why, Said) and why.key in _PLAINER:
        return say(message.key, **{**message.values, "why": _PLAINER[why.key]})
    return _PLAINER.get(message.key, message)


def _partly(kind: type[QuestionType], editor: Editor, whole: Mapping[str, Any]) -> JsonObject | None:
    """Return what a candidate would see of a question that is not whole, as far as its type can tell."""
    if not editor.partly:
        return None
    known = {name: each.default for name, each in kind.model_fields.items() if not each.is_required()}
    given = {name: _frozen(value) for name, value in whole.items() if name in kind.model_fields}
    try:
        content = kind.model_construct(**{**known, "stem": "", **given, "pictures": ()}).content()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
    pictures = [{"alt": "", "width": 0, "height": 0, **each} for each in whole.get("pictures", ())]
    return {**content, "pictures": pictures} if pictures else content


def _frozen(value: Any) -> Any:
    """Return lists as the tuples that a built question has."""
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
