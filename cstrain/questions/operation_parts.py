"""An operation task as somebody writes it: fields, records, buttons, what is wanted and forbidden. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cstrain.questions.back_office import MOST_VALUE, ONLY_RECORD, TICKED, Office
from cstrain.questions.facts import JsonObject
from cstrain.questions.wanted import NUMERIC, example, meets, read, ways
from cstrain.questions.written_fields import filled
from cstrain.wording.said import say

LEAST_FIELDS = 6
_SLUG = r"^[a-z][a-z0-9_-]*$"
_RULES = ("equals", "any_of", "contains", "between", "filled")


def _as_text(value: object) -> object:
    """Numbers and yes or no may be written without quotes; inside all values are text."""
    if isinstance(value, bool):
        return TICKED if value else ""
    return str(value) if isinstance(value, int | float) else value


Value = Annotated[str, BeforeValidator(_as_text), Field(max_length=MOST_VALUE)]
Slug = Annotated[str, Field(pattern=_SLUG, max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldPart(_Part):
    """A field of every record; ``start`` stands in it unless the record says otherwise."""

    id: Slug
    label: str = Field(min_length=1, max_length=30)
    kind: Literal["text", "long_text", "number", "money", "date", "choice", "check", "readonly"]
    options: tuple[str, ...] = Field(default=(), max_length=12)
    start: Value = ""
    unit: str = Field(default="", max_length=12)
    hint: str = Field(default="", max_length=60)


class RowPart(_Part):
    """A record of the list, with what its fields hold at the start."""

    id: Slug
    values: dict[str, Value]


class ButtonPart(_Part):
    """A button of the form: it keeps the record, drops what was changed, or only does what its label says."""

    id: Slug
    label: str = Field(min_length=1, max_length=20)
    does: Literal["save", "cancel", "act"]


class WantedField(_Part):
    """What a field must hold when the wanted button is pressed, and what that is worth; one rule of five."""

    field: Slug
    credit: int = Field(ge=1, le=20)
    equals: Value | None = None
    any_of: tuple[Value, ...] | None = Field(default=None, min_length=1, max_length=20)
    contains: tuple[str, ...] | None = Field(default=None, min_length=1, max_length=8)
    between: tuple[Value, Value] | None = None
    filled: Literal[True] | None = None
    lacks: tuple[str, ...] | None = Field(default=None, min_length=1, max_length=20)

    def rule(self) -> JsonObject:
        """Return the rule as marking reads it."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"field", "credit"})


class WantedPress(_Part):
    """A button that must have been pressed on the wanted record besides, and what that is worth."""

    press: Slug
    credit: int = Field(ge=1, le=20)


class WantedPart(_Part):
    """The end state that earns the marks: on which record, kept by which button."""

    row: str = ONLY_RECORD
    button: Slug
    fields: tuple[WantedField, ...] = Field(min_length=3, max_length=20)
    also: tuple[WantedPress, ...] = Field(default=(), max_length=4)

    @property
    def total(self) -> int:
        """All points together."""
        return sum(each.credit for each in self.fields) + sum(each.credit for each in self.also)


class ForbiddenPart(_Part):
    """A step that costs points, or all: press a button, change a field, open or work on another record."""

    press: Slug | None = None
    change: Slug | None = None
    others: Literal["open", "act"] | None = None
    cost: Annotated[int, Field(ge=1, le=100)] | Literal["all"]

    def points(self, total: int) -> int:
        """Return what it costs."""
        return total if isinstance(self.cost, str) else self.cost


class OperationParts(_Part):
    """All parts of a task, so that they can be checked together."""

    columns: tuple[str, ...]
    rows: tuple[RowPart, ...]
    fields: tuple[FieldPart, ...]
    buttons: tuple[ButtonPart, ...]
    wanted: WantedPart
    forbidden: tuple[ForbiddenPart, ...]

    def office(self) -> Office:
        """Return what can be worked on."""
        return Office.of(self.shown())

    def shown(self) -> JsonObject:
        """Return what a candidate may see of the parts."""
        shown = {"columns", "rows", "fields", "buttons"}
        return self.model_dump(mode="json", include=shown)

    def faults(self) -> Iterator[str]:
        """Yield what does not fit together, a Chinese sentence each."""
        yield from self._repeated()
        yield from self._fields_and_rows()
        yield from self._unknown()

    def deeper_faults(self) -> Iterator[str]:
        """Yield what is wrong with rules; only once ``faults`` finds nothing."""
        office = self.office()
        units = {each.id: each.unit for each in self.fields}
        for each in self.wanted.fields:
            start = office.start[self.wanted.row][each.field]
            yield from _wrong_rule(each, office, units[each.field], start)
        yield from self._contradictions()

    def _repeated(self) -> Iterator[str]:
        groups: tuple[tuple[str, Iterable[str]], ...] = (
            ("fields", [each.id for each in self.fields]),
            ("rows", [each.id for each in self.rows]),
            ("buttons", [each.id for each in self.buttons]),
            ("wanted", [each.field for each in self.wanted.fields]),
            ("also", [each.press for each in self.wanted.also]),
        )
        for name, ids in groups:
            for word in [each for each, count in Counter(ids).items() if count > 1][:1]:
                yield say("“%(name)s”里“%(word)s”写了两次，请改掉一个。", name=name, word=word)
        if sum(each.kind != "readonly" for each in self.fields) < LEAST_FIELDS:
            yield say("“fields”里能填的不到%(n)s个（readonly不算），请补上。", n=LEAST_FIELDS)

    def _fields_and_rows(self) -> Iterator[str]:
        kinds = {each.id: each for each in self.fields}
        for each in self.fields:
            if (each.kind == "choice") != bool(each.options) or len(set(each.options)) < len(each.options):
                yield say("“%(id)s”：choice要写不重复的options，别的不写。", id=each.id)
            yield from _wrong_start(each, each.start)
        for row in self.rows:
            for name in row.values:
                if name not in kinds:
                    yield say("记录“%(id)s”里的“%(name)s”不是“fields”里的字段。", id=row.id, name=name)
                else:
                    yield from _wrong_start(kinds[name], row.values[name])

    def _unknown(self) -> Iterator[str]:
        fields = {each.id for each in self.fields}
        buttons = {each.id: each.does for each in self.buttons}
        rows = {each.id for each in self.rows} or {ONLY_RECORD}
        named = [*self.columns, *(each.field for each in self.wanted.fields)]
        named += [each.change for each in self.forbidden if each.change]
        pressed = [each.press for each in self.wanted.also]
        pressed += [each.press for each in self.forbidden if each.press]
        yield from (say("没有字段“%(name)s”，请改正。", name=name) for name in named if name not in fields)
        yield from (say("没有按钮“%(name)s”，请改正。", name=name) for name in pressed if name not in buttons)
        if self.wanted.row not in rows:
            yield say("“wanted”的“row”不在“rows”里（没有列表的不写row）。")
        if buttons.get(self.wanted.button) != "save":
            yield say("“wanted”的“button”应是一个does为save的按钮。")
        if bool(self.rows) != bool(self.columns) or len(self.rows) == 1:
            yield say("“rows”至少2条，并写“columns”；没有列表的两样都不写。")

    def _contradictions(self) -> Iterator[str]:
        needed = {self.wanted.button, *(each.press for each in self.wanted.also)}
        asked = {each.field for each in self.wanted.fields}
        cancels = {each.id for each in self.buttons if each.does == "cancel"}
        fixed = {each.id for each in self.fields if each.kind == "readonly"}
        for each in self.forbidden:
            if sum(bool(given) for given in (each.press, each.change, each.others)) != 1:
                yield say("“forbidden”的每一项只写press、change、others中的一样。")
            elif each.press in needed | cancels:
                yield say("“forbidden”的按钮“%(press)s”是必须按的或是取消，请改正。", press=each.press)
            elif each.change in asked | fixed:
                yield say("“forbidden”的字段“%(change)s”是要填的或不能改，请改正。", change=each.change)
            elif each.others and not self.rows:
                yield say("没有列表，“forbidden”里不能写others。")


def _wrong_start(part: FieldPart, value: str) -> Iterator[str]:
    allowed = {"choice": ("", *part.options), "check": ("", TICKED)}.get(part.kind)
    if allowed is not None and value not in allowed:
        yield say("“%(id)s”的开始值“%(value)s”不在可选的内容里。", id=part.id, value=value)
    if part.kind not in ("long_text", "readonly") and value.splitlines() not in ([], [value]):
        yield say("“%(id)s”的开始值不能换行。", id=part.id)


def _wrong_rule(wanted: WantedField, office: Office, unit: str, start: str) -> Iterator[str]:
    """Yield why nobody could meet the rule, or why it is met without doing anything."""
    name, rule = wanted.field, wanted.rule()
    kind = office.kinds[name]
    if sum(key in rule for key in _RULES) != 1:
        yield say("“wanted”的“%(name)s”要写equals、any_of、contains、between、filled中的一样。", name=name)
    elif not _fits(rule, kind, unit):
        yield say("“wanted”的“%(name)s”：%(kind)s不能这样要求，或写的不是这一类的值。", name=name, kind=kind)
    elif meets(rule, kind, start, unit):
        yield say("“wanted”的“%(name)s”开始时就已经对了，请改开始值，或不要求它。", name=name)
    else:
        value = example(rule, kind, list(office.options[name]), start)
        if not office.takes(name, value) or not meets(rule, kind, value, unit):
            yield say("“wanted”的“%(name)s”填不出符合要求的值，请改正。", name=name)


def _fits(rule: Mapping[str, Any], kind: str, unit: str) -> bool:
    """Tell whether a kind of field can be asked for by such a rule, and its values can be read."""
    if "contains" in rule:
        return kind in ("text", "long_text") and all(ways(word) for word in rule["contains"])
    if "between" in rule and kind not in (*NUMERIC, "date"):
        return False
    values = [*rule.get("any_of", ()), *rule.get("between", ())]
    values += [rule["equals"]] if "equals" in rule else []
    return all(read(kind, value, unit) is not None for value in values)


def parts_as_written(key: Mapping[str, Any]) -> JsonObject:
    """Return the parts of a key as they are written; what costs all the points says so."""
    office, wanted, total = key["office"], key["wanted"], key["total"]
    fields = [{"field": each["field"], "credit": each["credit"], **each["rule"]} for each in wanted["fields"]]
    costs = [{**each, "cost": "all" if each["cost"] == total else each["cost"]} for each in key["forbidden"]]
    return {
        **filled(columns=office["columns"], rows=office["rows"]),
        "fields": [filled(**each) for each in office["fields"]],
        "buttons": office["buttons"],
        "wanted": {
            **filled(row=wanted["row"]),
            "button": wanted["button"],
            "fields": fields,
            **filled(also=wanted["also"]),
        },
        **filled(forbidden=costs),
    }
