"""A box for a part of a question that is typed as YAML. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import yaml
from flask_babel import gettext

from cstrain.policies.yaml_source import Document, Fault, Limits, SourceError, parse
from cstrain.questions.authoring.editing.fields import Field, State
from cstrain.questions.facts import JsonObject
from cstrain.ui.filters import told

_LIMITS = Limits(bytes=50_000, depth=8, nodes=5_000)


@dataclass(frozen=True, kw_only=True)
class YamlPart(Field):
    """A part of a question as YAML. ``example`` is shown while it is empty."""

    shape: ClassVar[str] = "text"

    rows: int = 8
    example: str = ""
    code: bool = True

    def held(self, fields: Mapping[str, Any]) -> State:
        """Return the part as text; what could not be read was kept as it was typed."""
        kept = fields.get(self.name)
        if kept is None or kept == [] or kept == {}:
            return ""
        if isinstance(kept, str):
            return kept
        return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False).rstrip("\n")

    def written(self, state: State) -> JsonObject:
        """Return the data; a text that cannot be read stays a text."""
        if not state.strip():
            return {}
        try:
            return {self.name: _read(state).data}
        except SourceError:
            return {self.name: state}

    def faults(self, state: State) -> Iterator[str]:
        """Yield why the text cannot be read, with its lines."""
        if not state.strip():
            return
        try:
            _read(state)
        except SourceError as error:
            yield from (_told(each) for each in error.faults[:5])

    def line_of(self, state: State, where: Sequence[str | int]) -> int:
        """Return the line at which a part of the data stands; 0 where the text cannot be read."""
        try:
            return _read(state).line(tuple(where))
        except SourceError:
            return 0


def _read(text: str) -> Document:
    if len(text.encode()) > _LIMITS.bytes:
        raise SourceError((Fault("", 1, gettext("内容太长，请写短一些。")),))
    return parse(text, "", _LIMITS)


def _told(fault: Fault) -> str:
    return str(gettext("第%(n)s行：%(what)s", n=fault.line, what=told(fault.message)))
