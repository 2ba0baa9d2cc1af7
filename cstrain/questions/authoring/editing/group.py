"""A few fields that YAML holds together under one key. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from cstrain.questions.authoring.editing.fields import Field, Said, State
from cstrain.questions.authoring.editing.typed import Typed
from cstrain.questions.facts import JsonObject


@dataclass(frozen=True, kw_only=True)
class Group(Field):
    """Fields under one key; its state is theirs by name."""

    shape: ClassVar[str] = "group"

    columns: tuple[Field, ...]

    def typed(self, form: Typed, at: str) -> State:
        """Return the states of its fields."""
        return {each.name: each.typed(form, f"{at}-{each.name}") for each in self.columns}

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the states of what is kept."""
        kept = fields.get(self.name)
        known = kept if isinstance(kept, Mapping) else {}
        return {each.name: each.held(known) for each in self.columns}

    def blank(self) -> State:
        """Return empty fields."""
        return {each.name: each.blank() for each in self.columns}

    def is_empty(self, state: State) -> bool:
        """Tell whether nothing was filled in."""
        return all(each.is_empty(state[each.name]) for each in self.columns)

    def written(self, state: State) -> JsonObject:
        """Return the fields that say something."""
        found: JsonObject = {}
        for each in self.columns:
            found |= each.written(state[each.name])
        return {self.name: found} if found else {}

    def said(self, state: State) -> Iterator[Said]:
        """Yield what its fields say."""
        for each in self.columns:
            yield from each.said(state[each.name])
