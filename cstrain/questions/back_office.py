"""A simulated back office: records with fields, buttons, and the steps somebody takes in it. Pure.

Each record has its start values. Setting a field changes the record's draft; a ``save`` button keeps the
draft under the button's name, a ``cancel`` button puts the draft back to what was kept last, an ``act``
button only counts as pressed. ``reset`` puts everything back to the start. The page replays steps by the
same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_STEPS = 300
MOST_BYTES = 16_000
MOST_VALUE = 1000
ONLY_RECORD = ""
"""The id of the record of a form without a list."""
TICKED = "1"
_MOST_MS = 7 * 24 * 3_600_000

Values = dict[str, str]


class Step(NamedTuple):
    """A step: milliseconds since the first one, what was done, to what, with which value."""

    ms: int
    verb: str
    target: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """What can be worked on: kind and options of each field, start values of each record, what buttons do."""

    kinds: Mapping[str, str]
    options: Mapping[str, Sequence[str]]
    start: Mapping[str, Mapping[str, str]]
    buttons: Mapping[str, str]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Office:
        """Read it from a question's content."""
        fields = content["fields"]
        first = {each["id"]: each["start"] for each in fields}
        rows = content["rows"] or [{"id": ONLY_RECORD, "values": {}}]
        return cls(
            {each["id"]: each["kind"] for each in fields},
            {each["id"]: each["options"] for each in fields},
            {row["id"]: {**first, **row["values"]} for row in rows},
            {each["id"]: each["does"] for each in content["buttons"]},
        )

    def takes(self, name: str, value: str) -> bool:
        """Tell whether somebody could have put the value into the field."""
        kind = self.kinds.get(name, "readonly")
        if kind == "choice":
            return value == "" or value in self.options[name]
        if kind == "check":
            return value in ("", TICKED)
        return kind != "readonly" and len(value) <= MOST_VALUE


@dataclass(slots=True)
class Record:
    """A record: what stands in it, what each save button kept, the buttons pressed, the last that kept."""

    draft: Values
    kept: dict[str, Values] = field(default_factory=dict)
    pressed: list[str] = field(default_factory=list)
    last: str = ""


@dataclass(slots=True)
class State:
    """Where the steps have led: the open record (``None``: the list) and all records that were opened."""

    open: str | None
    records: dict[str, Record]
    opened: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the state as the page's own replay holds it."""
        records = {
            name: {"draft": one.draft, "kept": one.kept, "pressed": one.pressed, "last": one.last}
            for name, one in self.records.items()
        }
        return {"open": self.open, "records": records, "opened": self.opened}


def read_steps(office: Office, response: object) -> list[Step] | None:
    """Return the steps of a response; ``None`` when it is none, or holds a step nobody can have taken."""
    if response is None or response == "" or response == {}:
        return []
    if not isinstance(response, Mapping) or set(response) != {"steps"}:
        return None
    written = response["steps"]
    if not isinstance(written, list) or len(written) > MOST_STEPS:
        return None
    steps = [_step(each) for each in written]
    known = [each for each in steps if each is not None]
    size = sum(len(each.value.encode("utf-8", "surrogatepass")) for each in known)
    fits = len(known) == len(steps) and size <= MOST_BYTES
    return known if fits and _possible(office, known) else None


_PARTS = {"open": 3, "set": 4, "press": 3, "reset": 2}


def _step(written: object) -> Step | None:
    """Read one step as written: ``[ms, verb, …]`` with as many texts as the verb takes."""
    if not isinstance(written, list) or len(written) < 2:
        return None
    ms, *texts = written
    if isinstance(ms, bool) or not isinstance(ms, int) or not 0 <= ms <= _MOST_MS:
        return None
    if not all(isinstance(text, str) for text in texts) or _PARTS.get(texts[0]) != len(written):
        return None
    return Step(ms, *texts)


def _possible(office: Office, steps: Iterable[Step]) -> bool:
    """Tell whether the page offers each step where it is taken."""
    at = _first(office)
    for step in steps:
        if step.verb == "open":
            if step.target not in office.start:
                return False
            at = step.target
        elif step.verb == "reset":
            at = _first(office)
        elif at is None or not _offered(office, step):
            return False
    return True


def _offered(office: Office, step: Step) -> bool:
    if step.verb == "press":
        return step.target in office.buttons
    return office.takes(step.target, step.value)


def _first(office: Office) -> str | None:
    """Return the record that is open at the start: that of a form, or none of a list."""
    return ONLY_RECORD if ONLY_RECORD in office.start else None


def begin(office: Office) -> State:
    """Return the start state."""
    records = {name: Record(dict(values)) for name, values in office.start.items()}
    first = _first(office)
    return State(first, records, [] if first is None else [first])


def replay(office: Office, steps: Iterable[Step]) -> State:
    """Return where the steps lead from the start state; they come from ``read_steps``."""
    state = begin(office)
    for step in steps:
        if step.verb == "reset":
            state = begin(office)
        elif step.verb == "open":
            state.open = step.target
            if step.target not in state.opened:
                state.opened.append(step.target)
        elif state.open is not None:
            _work(office, state.open, state.records[state.open], step)
    return state


def _work(office: Office, name: str, record: Record, step: Step) -> None:
    """Take a step in the open record."""
    if step.verb == "set":
        record.draft[step.target] = step.value
        return
    does = office.buttons[step.target]
    if step.target not in record.pressed:
        record.pressed.append(step.target)
    if does == "save":
        record.kept[step.target] = dict(record.draft)
        record.last = step.target
    elif does == "cancel":
        record.draft = dict(record.kept[record.last] if record.last else office.start[name])
