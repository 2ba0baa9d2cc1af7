"""Every shipped bank through every format and back: what stays, what is named as lost, what changes.

``python -m tests.questions.formats.round_trip`` prints the table that the documentation tells.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cstrain.questions.bank_facts import Bank, SourceQuestion
from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import Draft, ExchangeFormat, Reading, UnreadableError, formats
from cstrain.questions.exchange.drafts import check
from cstrain.questions.exchange.exporting import exported, fields_of

BANKS = Path(__file__).parents[3] / "question_banks"


@dataclass(slots=True)
class Trip:
    """What became of the questions of one format.

    ``lost``: left out and named, by type. ``told``: written, with something named that the format cannot
    hold, by type. ``changed``: read back otherwise, by type and field. ``missing``: gone without a word (or
    refused when read back, with the reason), which must never be.
    """

    same: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    missing: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Trip) -> None:
        """Add another bank's trip."""
        self.same += other.same
        self.lost += other.lost
        self.told += other.told
        self.changed += other.changed
        self.missing += other.missing


def drafts_of(bank: Bank) -> tuple[Draft, ...]:
    """Return a bank's drafts as an export writes them."""
    return exported(bank.questions, {each.id: each.title for each in bank.topics}).drafts


def trip(fmt: type[ExchangeFormat], title: str, drafts: Sequence[Draft]) -> Trip:
    """Write drafts, read them back, and tell what became of each."""
    found = Trip()
    written = fmt.write(title, drafts)
    named = {str(fault.place) for fault in written.lost}
    try:
        reading = fmt.read(written.data, f"bank{fmt.endings[0]}")
    except UnreadableError as error:
        found.missing = [(str(each.place), str(error)) for each in drafts if str(each.place) not in named]
        found.lost = Counter(each.fields["type"] for each in drafts if str(each.place) in named)
        return found
    back, refused = _questions(reading)
    for draft in drafts:
        mine, kind = str(draft.place), draft.fields["type"]
        again = back.take(draft)
        if again is None and mine in named:
            found.lost[kind] += 1
        elif again is None:
            found.missing.append((mine, refused.get(mine, "；".join(map(str, reading.faults[:3])))))
        else:
            found.told[kind] += mine in named
            differing = _differing(draft, *again)
            found.same += not differing
            found.changed.update((kind, name) for name in differing)
    found.told = +found.told
    return found


@dataclass(slots=True)
class _Back:
    """Questions that were read back, found by their id, else by their type and stem."""

    by_id: dict[str, tuple[Draft, SourceQuestion]] = field(default_factory=dict)
    by_stem: dict[tuple[str, str], list[tuple[Draft, SourceQuestion]]] = field(default_factory=dict)

    def take(self, draft: Draft) -> tuple[Draft, SourceQuestion] | None:
        """Return the question that a draft came back as, once."""
        if found := self.by_id.pop(draft.fields["id"], None):
            return found
        waiting = self.by_stem.get((draft.fields["type"], draft.fields["stem"]), [])
        waiting = waiting or self.by_stem.get(("", draft.fields["stem"]), [])
        return waiting.pop(0) if waiting else None


def _questions(reading: Reading) -> tuple[_Back, dict[str, str]]:
    """Return what was read, draft by draft (none counts as a duplicate), and why the rest was refused."""
    back, refused = _Back(), {}
    for draft in reading.drafts:
        checked = check(Reading((draft,)), "bank")
        for fault in checked.faults:
            refused[str(draft.fields.get("id", draft.place))] = fault.message
        for question in checked.questions:
            if "id" in draft.fields:
                back.by_id[question.id] = (draft, question)
            else:
                back.by_stem.setdefault((question.type, question.stem), []).append((draft, question))
                back.by_stem.setdefault(("", question.stem), []).append((draft, question))
    return back, refused


def _differing(draft: Draft, read: Draft, question: SourceQuestion) -> list[str]:
    before, after = dict(draft.fields), fields_of(question)
    if "id" not in read.fields:
        after.pop("id")
    names = [*before, *(name for name in after if name not in before)]
    differing = [name for name in names if before.get(name) != after.get(name)]
    return [*differing, *(["topic"] if read.topic != draft.topic else [])]


def round_trips(path: Path = BANKS) -> dict[str, Trip]:
    """Return the trips of all banks at ``path`` by format, of those that read and write."""
    banks = read_banks(path).banks
    known = [each for each in formats() if each.reads and each.writes]
    return {fmt.name: _all(fmt, banks) for fmt in known}


def _all(fmt: type[ExchangeFormat], banks: Sequence[Bank]) -> Trip:
    whole = Trip()
    for bank in banks:
        whole.add(trip(fmt, bank.title, drafts_of(bank)))
    return whole


def as_text(trips: dict[str, Trip]) -> str:
    """Return the table as text, a format a paragraph."""
    return "\n".join(_told(name, found) for name, found in trips.items())


def _told(name: str, found: Trip) -> str:
    def listed(counts: Counter[Any]) -> str:
        return ", ".join(f"{each}: {count}" for each, count in counts.most_common()) or "-"

    missing = "".join(f"\n  missing {ref}: {why[:160]}" for ref, why in found.missing[:8])
    return (
        f"{name}: same {found.same}; missing {len(found.missing)}\n  lost {listed(found.lost)}\n"
        f"  told {listed(found.told)}\n  changed {listed(found.changed)}{missing}"
    )


if __name__ == "__main__":
    sys.stdout.write(as_text(round_trips()) + "\n")
