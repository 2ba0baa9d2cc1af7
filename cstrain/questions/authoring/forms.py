"""The shape of what trainers type: questions with what is said about them, reasons, comments, banks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, Regexp

from cstrain.questions.authoring.editing.common import PICTURES
from cstrain.questions.authoring.editing.editor import Editor, States, editor_of
from cstrain.questions.authoring.editing.typed import Typed, Values, act_of
from cstrain.questions.authoring.facts import TopicLine, Writing
from cstrain.ui.forms import MOST_ID, CleanForm, at_most, needed

MOST_AT_ONCE = 200
_APART = re.compile(r"[,，、;；\s]+")
_BANK_NAME = r"[a-z0-9][a-z0-9-]{1,39}"


@dataclass
class Sheet:
    """A question as it stands on an editor's page: its fields' states, and what is said about it."""

    type: str
    states: States
    topic: str = ""
    tags: str = ""
    rule_version: str = ""
    note: str = ""

    @property
    def editor(self) -> Editor:
        """How its type is typed."""
        return editor_of(self.type)

    def writing(self) -> Writing:
        """Return what is to be kept."""
        fields = self.editor.written(self.type, self.states)
        tags = tuple(each for each in _APART.split(self.tags) if each)
        return Writing(fields, self.topic, tags, self.rule_version, self.note)

    def pictures(self) -> list[str]:
        """Return the digests of its pictures."""
        return [row["file"] for row in PICTURES.filled(self.states["pictures"])]

    def add_picture(self, digest: str, width: int, height: int) -> None:
        """Put a kept picture behind those that are there; one that is there already is not put twice."""
        rows = self.states["pictures"]
        if digest not in self.pictures() and len(rows) < PICTURES.most:
            row = {**PICTURES.new_row(digest), "width": str(width), "height": str(height)}
            self.states["pictures"] = [*rows, row]


def typed_sheet(name: str, values: Values) -> Sheet:
    """Return what was typed into the editor of a type, after the button of a row if one was pressed.

    The button ``example`` puts the type's example where nothing was typed.
    """
    act, editor = Typed(values).text("act"), editor_of(name)
    form = Typed(values, act_of(act))
    states = editor.typed(form)
    return Sheet(
        name,
        editor.with_example(states) if act == "example" else states,
        form.text("topic"),
        form.text("tags"),
        form.text("rule_version"),
        form.text("note"),
    )


def held_sheet(writing: Writing) -> Sheet:
    """Return a draft for its editor."""
    name = str(writing.fields["type"])
    states = editor_of(name).held(writing.fields)
    return Sheet(name, states, writing.topic, "、".join(writing.tags), writing.rule_version, writing.note)


def blank_sheet(name: str, topic: str) -> Sheet:
    """Return a new question of a type."""
    return Sheet(name, editor_of(name).blank(), topic)


class ContextForm(CleanForm):
    """Which draft an editor's page is about, and which of its revisions was seen; a new one has neither."""

    draft = IntegerField(widget=HiddenField.widget, validators=[Optional(), NumberRange(1, MOST_ID)])
    revision = IntegerField(widget=HiddenField.widget, validators=[Optional(), NumberRange(1, MOST_ID)])


class ReasonForm(CleanForm):
    """Why something is done."""

    reason = TextAreaField(_l("理由"), validators=[needed(), at_most(300)])


class CommentForm(CleanForm):
    """What somebody says about a question to those who work on it."""

    text = TextAreaField(_l("留言"), validators=[needed(), at_most(1000)])


class AcceptForm(CleanForm):
    """Drafts to be accepted at once."""

    drafts = SelectMultipleField(_l("稿件"), coerce=int, validate_choice=False)

    def chosen(self) -> list[int]:
        """Return the ids, each once; at most ``MOST_AT_ONCE`` count."""
        return list(dict.fromkeys(each for each in self.drafts.data or () if 0 < each <= MOST_ID))


class BankForm(CleanForm):
    """The title of a bank and what it is for."""

    title = StringField(_l("题库名称"), validators=[needed(), at_most(40)])
    description = TextAreaField(_l("说明"), validators=[at_most(200)])


class NewBankForm(BankForm):
    """A bank to be made."""

    name = StringField(
        _l("短名"),
        validators=[needed(), Regexp(f"^{_BANK_NAME}$", message=_l("用2到40个小写字母、数字和短横线。"))],
    )


class TopicForm(CleanForm):
    """A topic: its title, and below which one it stands."""

    title = StringField(_l("主题名称"), validators=[needed(), at_most(40)])
    parent = SelectField(_l("上级主题"), validators=[Optional()])

    def offer(self, topics: tuple[TopicLine, ...], top: str) -> None:
        """Fill the list of topics; ``top`` is the word for none."""
        self.parent.choices = [SelectChoice("", top), *topic_choices(topics)]


def topic_choices(topics: tuple[TopicLine, ...]) -> list[SelectChoice]:
    """Return topics to choose from, those below others moved in."""
    return [SelectChoice(each.ref, "\u3000" * each.depth + each.title) for each in topics]


def offered(value: str, choices: Mapping[str, object]) -> str:
    """Return a value of an address if it is known, else nothing."""
    return value if value in choices else ""
