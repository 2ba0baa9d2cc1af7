"""An editor: the fields of a question type. One file a type in ``editors/``; others are typed as YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from cstrain.kernel.registry import Registry, load_modules
from cstrain.questions.authoring.editing.common import COMMON
from cstrain.questions.authoring.editing.fields import Field, Number, Said, State, Text
from cstrain.questions.authoring.editing.rows import Rows
from cstrain.questions.authoring.editing.typed import Typed
from cstrain.questions.authoring.editing.yaml_part import YamlPart
from cstrain.questions.facts import JsonObject
from cstrain.questions.forms import TYPE_LABELS
from cstrain.questions.question_type import QuestionType, question_types

States = dict[str, State]


@dataclass(frozen=True)
class Editor:
    """How a type is typed: its own fields, stem first. ``tip`` says what the type is for.

    ``partly``: the fields are texts, so what is not complete can be previewed too. ``example``: a whole
    question to begin from, for types that nobody writes off-hand.
    """

    tip: str
    fields: tuple[Field, ...]
    partly: bool = False
    example: JsonObject | None = None

    @property
    def every(self) -> tuple[Field, ...]:
        """The type's own fields and those of every question."""
        return (*self.fields, *COMMON)

    def typed(self, form: Typed) -> States:
        """Return what was typed, by field."""
        return {each.name: each.typed(form, each.name) for each in self.every}

    def held(self, fields: Mapping[str, Any]) -> States:
        """Return what is kept, by field."""
        return {each.name: each.held(fields) for each in self.every}

    def blank(self) -> States:
        """Return a new question."""
        return {each.name: each.blank() for each in self.every}

    def with_example(self, states: States) -> States:
        """Return the example in the type's own fields that say nothing yet; what was typed stays."""
        example = self.example or {}
        lacking = [each for each in self.fields if each.is_empty(states[each.name])]
        return states | {each.name: each.held(example) for each in lacking}

    def written(self, name: str, states: States) -> JsonObject:
        """Return the YAML fields of a question of the type ``name``."""
        found: JsonObject = {"type": name}
        for each in self.every:
            found |= each.written(states[each.name])
        return found

    def said(self, states: States, *, with_key: bool) -> Iterator[Said]:
        """Yield what a question says, field by field, for differences."""
        for each in self.every:
            if not each.is_key:
                yield from each.said(states[each.name])
            if with_key:
                yield from each.said_key(states[each.name])


EDITORS: Registry[Editor] = Registry("question editor")
_OF_ALL = frozenset(QuestionType.model_fields)


@cache
def editors() -> Registry[Editor]:
    """Return all editors, by the type's YAML name."""
    load_modules("cstrain.questions.authoring.editors")
    return EDITORS


@cache
def editor_of(name: str) -> Editor:
    """Return the editor of a type; one without its own gets a box of YAML for each of its keys."""
    if name in editors():
        return editors().get(name)
    own = [key for key in question_types().get(name).model_fields if key not in _OF_ALL]
    boxes = (YamlPart(name=key, label=key, is_key=True) for key in own)
    return Editor("", (stem(), *boxes))


def stem(label: str = "", hint: str = "") -> Text:
    """Return the field of the stem."""
    return Text(name="stem", label=label or _l("题干"), hint=hint, rows=3)


_ORDER = {name: place for place, name in enumerate(TYPE_LABELS)}
_NO_PARTS = frozenset({"case", "typing", "oral", "operation", "chat"})
_WEIGHT = Number(name="of", label=_l("占几份"), usual="1", hint=_l("各小题按份数分这道题的分。"))


@dataclass(frozen=True, kw_only=True)
class Parts(Rows):
    """The parts of a case, each with the fields of its own type. None is left out for being empty."""

    shape: ClassVar[str] = "parts"

    columns: tuple[Field, ...] = ()

    def kinds(self) -> tuple[str, ...]:
        """The types that a part can have, in the order in which pages name them."""
        known = [name for name in question_types().names() if name not in _NO_PARTS]
        return tuple(sorted(known, key=lambda name: _ORDER.get(name, len(_ORDER))))

    def columns_of(self, row: Mapping[str, State]) -> tuple[Field, ...]:
        """Return the fields of the part's type, and its weight."""
        return (*editor_of(row["type"]).fields, _WEIGHT) if row["type"] in self.kinds() else ()

    def _row(self, form: Typed, at: str) -> States:
        row: States = {"type": form.text(f"{at}-type")}
        return row | {each.name: each.typed(form, f"{at}-{each.name}") for each in self.columns_of(row)}

    def new_row(self, what: str = "") -> States:
        """Return an empty part of a type."""
        row: States = {"type": what if what in self.kinds() else "single_choice"}
        return row | {each.name: each.blank() for each in self.columns_of(row)}

    def held_row(self, kept: Any) -> States:
        """Return a part that is kept."""
        known = kept if isinstance(kept, Mapping) else {}
        row: States = {"type": str(known.get("type", ""))}
        return row | {each.name: each.held(known) for each in self.columns_of(row)}

    def written_row(self, row: Mapping[str, State]) -> Any:
        """Return a part as it is kept."""
        return {"type": row["type"], **super().written_row(row)}

    def filled(self, state: State) -> list[States]:
        """Return all parts of a known type."""
        return [row for row in state if row["type"] in self.kinds()]

    def said(self, state: State) -> Iterator[Said]:
        """Yield what each part says."""
        yield from self._said(state, with_key=False)

    def said_key(self, state: State) -> Iterator[Said]:
        """Yield what the keys of the parts say."""
        yield from self._said(state, with_key=True)

    def _said(self, state: State, *, with_key: bool) -> Iterator[Said]:
        for number, row in enumerate(self.filled(state)):
            for each in self.columns_of(row):
                said = each.said_key(row[each.name]) if with_key else each.said(row[each.name])
                for label, text in said if with_key or not each.is_key else ():
                    yield gettext("第%(n)s小题：%(what)s", n=number + 1, what=label), text
