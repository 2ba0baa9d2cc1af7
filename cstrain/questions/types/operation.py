"""An operation task: a simulated back office. The response is the steps: ``{"steps": [[ms, verb, …], …]}``.

The steps are replayed from the start; what the wanted button kept on the wanted record is marked field by
field, so every order of steps that leads there earns the same. Credit is always partial, whatever the paper
says: points of right fields, less what forbidden steps cost, never below nothing, by all points. Values
count as they read (width, case, spaces and punctuation folded; numbers and dates as such). A reset takes
back all before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from cstrain.questions.back_office import Office, State, read_steps, replay
from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.operation_ideal import Ideal
from cstrain.questions.operation_parts import (
    LEAST_FIELDS,
    ButtonPart,
    FieldPart,
    ForbiddenPart,
    OperationParts,
    RowPart,
    WantedPart,
    parts_as_written,
)
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    QuestionType,
    useless_samples,
)
from cstrain.questions.wanted import meets, read, shown, told


@TYPES.register("operation")
class Operation(QuestionType):
    """A window (``system``) with a list of records or one form, a brief, and the end state that is wanted."""

    label: ClassVar[str] = "操作题"
    control: ClassVar[Control] = Control.OPERATION

    type: Literal["operation"]
    system: str = Field(min_length=2, max_length=40)
    brief: str = Field(min_length=10, max_length=800)
    columns: tuple[str, ...] = Field(default=(), max_length=6)
    rows: tuple[RowPart, ...] = Field(default=(), max_length=12)
    fields: tuple[FieldPart, ...] = Field(min_length=LEAST_FIELDS, max_length=20)
    buttons: tuple[ButtonPart, ...] = Field(min_length=2, max_length=6)
    wanted: WantedPart
    forbidden: tuple[ForbiddenPart, ...] = Field(default=(), max_length=8)

    @model_validator(mode="after")
    def _fits_together(self) -> Operation:
        parts = self._parts()
        faults = list(parts.faults()) or list(parts.deeper_faults())
        if faults:
            raise ValueError("".join(faults[:3]))
        return self

    def _parts(self) -> OperationParts:
        return OperationParts(
            columns=self.columns,
            rows=self.rows,
            fields=self.fields,
            buttons=self.buttons,
            wanted=self.wanted,
            forbidden=self.forbidden,
        )

    def content(self) -> JsonObject:
        """Return the window with its records, fields, start values and buttons, and the brief."""
        head = {"stem": self.stem, "system": self.system, "brief": self.brief.strip()}
        return head | self._parts().shown()

    def key(self) -> JsonObject:
        """Return the start once more, the wanted end state with its points, and what forbidden steps cost."""
        wanted = self.wanted
        total = wanted.total
        fields = [{"field": each.field, "credit": each.credit, "rule": each.rule()} for each in wanted.fields]
        also = [each.model_dump(mode="json") for each in wanted.also]
        forbidden = [
            each.model_dump(mode="json", exclude_none=True) | {"cost": each.points(total)}
            for each in self.forbidden
        ]
        return {
            "office": self._parts().shown(),
            "wanted": {"row": wanted.row, "button": wanted.button, "fields": fields, "also": also},
            "forbidden": forbidden,
            "total": total,
        }

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the window and the brief, the end state that is wanted, and what is forbidden."""
        head = {name: content[name] for name in ("stem", "system", "brief")}
        return head | parts_as_written(key)

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return the points of the end state by all points, always partial, with steps and seconds."""
        office = Office.of(key["office"])
        steps = read_steps(office, response)
        if steps is None:
            return Marking.malformed()
        if not steps:
            return Marking.blank()
        state = replay(office, steps)
        points = _earned(key, office, state) - _costs(key, office, state)
        seconds = max(step.ms for step in steps) // 1000
        measures = {"steps": str(len(steps)), "seconds": str(seconds)}
        return Marking(Fraction(max(0, points), key["total"]), "", measures)

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return the ideal in two orders, fields left out or set back, forbidden steps, the useless."""
        ideal = Ideal(key)
        total = key["total"]
        fields = key["wanted"]["fields"]
        pressed = sum(each["credit"] for each in key["wanted"]["also"])
        lost = [(each["field"], Fraction(total - each["credit"], total)) for each in fields]
        done = ideal.response()
        return (
            Sample.all(done, 1),
            Sample.all(ideal.response(turned=True), 1),
            Sample.all({"steps": [*done["steps"], [9, "reset"], *done["steps"]]}, 1),
            Sample.all({"steps": [*done["steps"], [9, "reset"]]}, 0),
            Sample.all({"steps": done["steps"][:-1]}, Fraction(pressed, total)),
            *(Sample.all(ideal.response(without=name), share) for name, share in lost),
            *(Sample.all(ideal.response(undone=name), share) for name, share in lost),
            *(Sample.all(response, share) for response, share in ideal.forbidden()),
            *useless_samples(
                [
                    {},
                    [],
                    {"steps": []},
                    {"steps": [[0, "set", "nowhere", "x"]]},
                    {"steps": [["0", "reset"]]},
                    {"steps": [[0, "jump"]]},
                    {"steps": "reset"},
                    {"steps": [[0, "reset"]] * 301},
                    {**done, "more": 1},
                    done["steps"],
                ]
            ),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the wanted end state as lines "field: value", the button, and what must not be done."""
        wanted, fields = key["wanted"], _by_id(content["fields"])
        buttons = _by_id(content["buttons"])
        lines = [f"打开记录：{_name(content, wanted['row'])}"] if wanted["row"] else []
        for each in wanted["fields"]:
            field = fields[each["field"]]
            words = told(each["rule"], field["kind"], field["unit"])
            lines.append(f"{field['label']}：{words}（{each['credit']}分）")
        lines += [f"按“{buttons[each['press']]['label']}”（{each['credit']}分）" for each in wanted["also"]]
        lines.append(f"最后按“{buttons[wanted['button']]['label']}”，共{key['total']}分")
        lines += [_told_forbidden(each, fields, buttons) for each in key["forbidden"]]
        return "\n".join(lines)

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return what was changed on each record by which button, as lines."""
        office = Office.of(content)
        steps = read_steps(office, response)
        if steps is None:
            return NOT_READABLE
        if not steps:
            return NOT_ANSWERED
        state = replay(office, steps)
        lines = [line for row in office.start for line in _told_record(content, office, state, row)]
        return "\n".join(lines) if lines else "打开过页面，最后什么也没有保存"


def _earned(key: Mapping[str, Any], office: Office, state: State) -> int:
    """Return the points of what the wanted button kept, and of the other wanted buttons."""
    wanted = key["wanted"]
    record = state.records[wanted["row"]]
    kept = record.kept.get(wanted["button"])
    units = {each["id"]: each["unit"] for each in key["office"]["fields"]}
    points = sum(each["credit"] for each in wanted["also"] if each["press"] in record.pressed)
    if kept is None:
        return int(points)
    right = (
        each["credit"]
        for each in wanted["fields"]
        if meets(each["rule"], office.kinds[each["field"]], kept[each["field"]], units[each["field"]])
    )
    return int(points + sum(right))


def _costs(key: Mapping[str, Any], office: Office, state: State) -> int:
    return sum(
        each["cost"] for each in key["forbidden"] if _was_done(each, key["wanted"]["row"], office, state)
    )


def _was_done(forbidden: Mapping[str, Any], row: str, office: Office, state: State) -> bool:
    """Tell whether a forbidden step was taken since the last reset."""
    if "press" in forbidden:
        return any(forbidden["press"] in record.pressed for record in state.records.values())
    if "change" in forbidden:
        name = forbidden["change"]
        kind, start = office.kinds[name], office.start[row][name]
        kept = [values[name] for values in state.records[row].kept.values()]
        return any(value != start and not _same(kind, value, start) for value in kept)
    if forbidden["others"] == "open":
        return any(name != row for name in state.opened)
    acting = {name for name, does in office.buttons.items() if does != "cancel"}
    return any(acting & set(record.pressed) for name, record in state.records.items() if name != row)


def _same(kind: str, value: str, start: str) -> bool:
    said = read(kind, value)
    return said is not None and said == read(kind, start)


def _by_id(parts: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {each["id"]: each for each in parts}


def _name(content: Mapping[str, Any], row: str) -> str:
    """Return what a record is called: the start value of the first column, or the window's title."""
    if not row:
        return str(content["system"])
    return Office.of(content).start[row][content["columns"][0]]


def _told_forbidden(
    each: Mapping[str, Any],
    fields: Mapping[str, Mapping[str, Any]],
    buttons: Mapping[str, Mapping[str, Any]],
) -> str:
    if "press" in each:
        words = f"按“{buttons[each['press']]['label']}”"
    elif "change" in each:
        words = f"改“{fields[each['change']]['label']}”"
    else:
        words = {"open": "打开别的记录", "act": "办理别的记录"}[each["others"]]
    return f"不能{words}（扣{each['cost']}分）"


def _told_record(content: Mapping[str, Any], office: Office, state: State, row: str) -> list[str]:
    """Return a record's lines: its name, each changed field as last kept, the buttons pressed."""
    record = state.records[row]
    if not record.pressed:
        return []
    buttons = _by_id(content["buttons"])
    kept = record.kept.get(record.last, {})
    changed = [
        each for each in content["fields"] if kept and kept[each["id"]] != office.start[row][each["id"]]
    ]
    values = [f"{each['label']}：{shown(each['kind'], kept[each['id']], each['unit'])}" for each in changed]
    pressed = "、".join(f"“{buttons[name]['label']}”" for name in record.pressed)
    return [f"记录：{_name(content, row)}", *values, f"按了{pressed}"]
