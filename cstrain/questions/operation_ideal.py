"""The steps of an operation task that earn everything, and variations of them, for its samples. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from cstrain.questions.back_office import Office, Step
from cstrain.questions.wanted import example

Steps = list[list[object]]


class Ideal:
    """The steps that earn everything, and variations of them."""

    def __init__(self, key: Mapping[str, Any]) -> None:
        self.key, self.office = key, Office.of(key["office"])
        wanted = key["wanted"]
        self.row, self.button = wanted["row"], wanted["button"]
        self.start = self.office.start[self.row]
        self.values = {
            each["field"]: example(
                each["rule"],
                self.office.kinds[each["field"]],
                list(self.office.options[each["field"]]),
                self.start[each["field"]],
            )
            for each in wanted["fields"]
        }

    def response(
        self, *, turned: bool = False, without: str = "", undone: str = "", more: Iterable[Step] = ()
    ) -> dict[str, Steps]:
        """Return all steps; ``more`` come first, ``without`` a field, ``undone`` set and set back."""
        sets = [Step(0, "set", name, value) for name, value in self.values.items() if name != without]
        sets += [Step(0, "set", undone, self.start[undone])] if undone else []
        presses = [Step(0, "press", each["press"]) for each in self.key["wanted"]["also"]]
        work = [*presses, *reversed(sets)] if turned else [*sets, *presses]
        opened = [Step(0, "open", self.row)] if self.row else []
        return _written([*opened, *more, *work, Step(0, "press", self.button)])

    def forbidden(self) -> Iterable[tuple[dict[str, Steps], Fraction]]:
        """Yield the ideal with each forbidden step, and what is left of the marks."""
        forbidden, total = self.key["forbidden"], self.key["total"]
        opening = sum(each["cost"] for each in forbidden if each.get("others") == "open")
        for each in forbidden:
            cost = each["cost"] + (opening if each.get("others") == "act" else 0)
            yield self._with(each), Fraction(max(0, total - cost), total)

    def _with(self, forbidden: Mapping[str, Any]) -> dict[str, Steps]:
        if "press" in forbidden:
            return self.response(more=[Step(0, "press", forbidden["press"])])
        if "change" in forbidden:
            name = forbidden["change"]
            return self.response(more=[Step(0, "set", name, self._other(name))])
        other = next(name for name in self.office.start if name != self.row)
        astray = [Step(0, "open", other)]
        if forbidden["others"] == "act":
            astray.append(Step(0, "press", self.button))
        return self.response(more=[*astray, Step(0, "open", self.row)])

    def _other(self, name: str) -> str:
        """Return another value than the start's."""
        kind, start = self.office.kinds[name], self.start[name]
        if kind == "choice":
            return next(option for option in ("", *self.office.options[name]) if option != start)
        if kind == "check":
            return "" if start else "1"
        return f"{start}改"


def _written(steps: Iterable[Step]) -> dict[str, Steps]:
    """Return steps as the page sends them, a second apart."""
    timed: Steps = []
    for number, step in enumerate(steps):
        texts = (step.verb, step.target, step.value)[: {"set": 3, "reset": 1}.get(step.verb, 2)]
        timed.append([1000 * number, *texts])
    return {"steps": timed}
