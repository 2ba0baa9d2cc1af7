"""A ladder: its text is checked by scenario cases, its look is the simulation on the staff of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from cstrain.judgement.ladder import Ladder
from cstrain.policies.yaml_source import Fault
from cstrain.promotion import changing, ladders, telling
from cstrain.promotion import queries as promotion
from cstrain.promotion.editions import rules, store, texts
from cstrain.promotion.editions.facts import Changed, EditionFacts
from cstrain.promotion.facts import Change

MOST = 300
"""How many people of each kind a look keeps by name; all are counted."""


class LadderPolicy:
    """A ladder by its reference; raises ``NotFoundError`` for an unknown one."""

    unseen = "没有批准：请先试算，看过谁因此可以申请、谁因此不能，再批准。"

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self._known = ladders.editions(ref)

    @property
    def title(self) -> str:
        """The newest edition's title."""
        return self._newest.title

    @property
    def _newest(self) -> Ladder:
        return max(self._known, key=lambda one: one.edition)

    def known(self) -> Sequence[Ladder]:
        """Return every edition there is."""
        return self._known

    def begun(self, number: int, start: date) -> tuple[str, str]:
        """Return the texts of the newest edition as those of the next."""
        base = self._newest
        own = store.approved_texts(base.ref, base.edition)
        held = own if own is not None else texts.shipped_texts(base.ref, base.edition)
        text, cases = held or (changing.as_text(base.model_copy(update={"approvals": ()})), "")
        return texts.begun(text, number, start), texts.cases_of(cases, number)

    def stamped(self, text: str, cases: str, number: int, start: date) -> tuple[str, str]:
        """Return typed texts with number and first day."""
        return texts.stamped(text, number, start), texts.cases_of(cases, number)

    def differences(self, base: int, text: str, number: int, start: date | None = None) -> list[Changed]:
        """Return what a text changes, clause by clause."""
        before = next(one for one in self._known if one.edition == base)
        return rules.differences(before, texts.read(text, self.ref, number, start)[0])

    def failing(self, one: EditionFacts) -> Sequence[Fault]:
        """Run the scenario cases."""
        return texts.run_cases(one.scenarios, store.ladder_of(one))

    def seen(self, one: EditionFacts, today: date) -> tuple[Mapping[str, Any], Mapping[str, int]]:
        """Judge the staff by today's facts, against the edition in force today."""
        present = next((each for each in ladders.ladders(today) if each.ref == self.ref), None)
        found = promotion.simulate(store.ladder_of(one), today, present)
        counts = {"gains": len(found.gains), "loses": len(found.loses)}
        told = {
            **telling.simulation(found),
            "gains": _people(found.gains),
            "loses": _people(found.loses),
            "counts": counts,
            "groups": {str(group): list(pair) for group, pair in found.by_group.items()},
            "against": present.edition if present is not None else None,
        }
        return told, {"people": found.people, **counts}


def _people(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {**telling.change(one), "id": one.person.id, "name": one.person.name} for one in list(changes)[:MOST]
    ]
