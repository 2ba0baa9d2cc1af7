"""What an operation task wants and forbids, as rows of controls. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.fields import Choice, Lines, Number, State, Text, lines_of, number_of
from cstrain.questions.authoring.editing.rows import Rows
from cstrain.questions.facts import JsonObject

_RULES = (
    ("equals", _l("等于")),
    ("any_of", _l("是其中之一")),
    ("contains", _l("都要写到")),
    ("between", _l("在两者之间")),
    ("filled", _l("填了就行")),
)
_STEPS = (("press", _l("按了按钮")), ("change", _l("改了项目")), ("others", _l("动了别的记录")))


@dataclass(frozen=True, kw_only=True)
class WantedFields(Rows):
    """What fields must hold: each with one of five rules and the values of the rule, a line each."""

    def held_row(self, kept: Any) -> dict[str, State]:
        """Return a rule with its values."""
        known = kept if isinstance(kept, Mapping) else {}
        rule = next((name for name, _word in _RULES if known.get(name) is not None), "equals")
        value = known.get(rule, "")
        values = value if isinstance(value, list | tuple) else [value]
        return super().held_row(known) | {
            "rule": rule,
            "values": "" if rule == "filled" else "\n".join(map(_written, values)),
        }

    def written_row(self, row: Mapping[str, State]) -> Any:
        """Return a rule as it is kept."""
        values = lines_of(row["values"])
        found: JsonObject = {}
        for each in self.columns:
            if each.name not in ("rule", "values"):
                found |= each.written(row[each.name])
        if row["rule"] == "filled":
            return {**found, "filled": True}
        if row["rule"] == "equals":
            return {**found, "equals": _tick(row["values"])}
        return {**found, row["rule"] or "equals": values}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    return str(value)


def _tick(text: str) -> str | bool:
    return True if text == "✓" else text


@dataclass(frozen=True, kw_only=True)
class ForbiddenSteps(Rows):
    """Steps that cost points: which kind, of what, how many points or all."""

    def held_row(self, kept: Any) -> dict[str, State]:
        """Return a step with what it is about."""
        known = kept if isinstance(kept, Mapping) else {}
        step = next((name for name, _word in _STEPS if known.get(name)), "press")
        return {"step": step, "what": str(known.get(step) or ""), "cost": str(known.get("cost", ""))}

    def written_row(self, row: Mapping[str, State]) -> Any:
        """Return a step as it is kept."""
        cost = number_of(row["cost"]) if row["cost"] else None
        return {row["step"] or "press": row["what"], **({} if cost is None else {"cost": cost})}


WANTED_FIELDS = WantedFields(
    name="fields",
    label=_l("各项应填成"),
    hint=_l("至少3项。勾选的项目要求勾上时写✓；日期写成2026-12-01。"),
    row_label=_l("第%(n)s项"),
    add_label=_l("再加一项"),
    most=20,
    begin=3,
    columns=(
        Text(name="field", label=_l("项目")),
        Choice(name="rule", label=_l("要求"), choices=_RULES, usual="equals", listed=True),
        Lines(name="values", label=_l("值，一行一个")),
        Lines(name="lacks", label=_l("不能写到的，一行一个")),
        Number(name="credit", label=_l("分")),
    ),
)
FORBIDDEN = ForbiddenSteps(
    name="forbidden",
    label=_l("不能做的"),
    hint=_l("动了别的记录：写 open（打开）或 act（做了事）。扣全部分写 all。"),
    row_label=_l("第%(n)s项"),
    add_label=_l("再加一项"),
    most=8,
    is_key=True,
    columns=(
        Choice(name="step", label=_l("哪一种"), choices=_STEPS, usual="press", listed=True),
        Text(name="what", label=_l("哪个按钮或项目")),
        Text(name="cost", label=_l("扣几分")),
    ),
)
