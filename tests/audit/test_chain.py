"""The chain: 1,000 random manipulations, each found by a verifier that has the entries and one checkpoint."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cstrain.audit.chain import GENESIS, Checkpoint, Entry, canonical, entry_hash, faults

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
ROUNDS = 1000


def chained(acts, begin=BEGIN):
    """Entries of (actor, action, subject, detail), chained as the service does."""
    entries, previous = [], GENESIS
    for seq, (actor, action, subject, detail) in enumerate(acts, start=1):
        at, text = begin + timedelta(seconds=seq), canonical(detail)
        digest = entry_hash(seq, at, actor, action, subject, text, previous)
        entries.append(Entry(seq, at, actor, action, subject, text, previous, digest))
        previous = digest
    return entries


def some_acts(chance, count):
    return [
        (
            chance.choice([None, *range(1, 9)]),
            chance.choice(["people.hire", "score.release", "day.sign"]),
            f"person:{chance.randrange(1, 30)}",
            {"n": chance.randrange(1000), "why": chance.choice(["转正", "补考", ""])},
        )
        for _ in range(count)
    ]


def flip(chance, entries):
    """Change one character or value of one entry."""
    place = chance.randrange(len(entries))
    entry = entries[place]
    name = chance.choice(["at", "actor_id", "action", "subject", "detail", "prev_hash", "entry_hash", "seq"])
    value = getattr(entry, name)
    if isinstance(value, str):
        index = chance.randrange(len(value))
        other = chr((ord(value[index]) ^ (1 << chance.randrange(6))) or 33)
        changed = value[:index] + other + value[index + 1 :]
    elif isinstance(value, datetime):
        changed = value + timedelta(microseconds=chance.choice([-1, 1]) * chance.randrange(1, 10**9))
    else:
        changed = (value or 0) + chance.randrange(1, 5)
    return [*entries[:place], replace(entry, **{name: changed}), *entries[place + 1 :]]


def delete(chance, entries):
    place = chance.randrange(len(entries))
    return entries[:place] + entries[place + 1 :]


def delete_and_renumber(chance, entries):
    """Remove one entry and close the gap in the numbers, hashes left as they are."""
    left = delete(chance, entries)
    return [replace(entry, seq=number) for number, entry in enumerate(left, start=1)]


def insert(chance, entries):
    place = chance.randrange(len(entries) + 1)
    forged = replace(chance.choice(entries), subject="person:999")
    return [*entries[:place], forged, *entries[place:]]


def swap(chance, entries):
    one, other = sorted(chance.sample(range(len(entries)), 2))
    changed = list(entries)
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def cut_tail(chance, entries):
    return entries[: chance.randrange(len(entries))]


def rewrite_tail(chance, entries):
    """Change one entry and chain everything after it anew, so that the chain is whole in itself."""
    place = chance.randrange(len(entries))
    acts = [(entry.actor_id, entry.action, entry.subject, entry.detail) for entry in entries]
    rewritten, previous = entries[:place], entries[place - 1].entry_hash if place else GENESIS
    for index in range(place, len(entries)):
        actor, action, subject, detail = acts[index]
        subject = "person:999" if index == place else subject
        seq, at = index + 1, entries[index].at
        digest = entry_hash(seq, at, actor, action, subject, detail, previous)
        rewritten = [*rewritten, Entry(seq, at, actor, action, subject, detail, previous, digest)]
        previous = digest
    return rewritten


def rewrite_all(chance, entries):
    """Forge a chain of the same length from the beginning."""
    return chained(some_acts(chance, len(entries)), BEGIN + timedelta(hours=1))


def shift_time(chance, entries):
    """Move all instants, hashes left as they are."""
    step = timedelta(seconds=chance.randrange(1, 10**6))
    return [replace(entry, at=entry.at + step) for entry in entries]


MANIPULATIONS = (
    flip,
    delete,
    delete_and_renumber,
    insert,
    swap,
    cut_tail,
    rewrite_tail,
    rewrite_all,
    shift_time,
)


def test_a_thousand_random_manipulations_are_all_found():
    chance = random.Random(20261120)
    missed = []
    for number in range(ROUNDS):
        entries = chained(some_acts(chance, chance.randrange(2, 25)))
        checkpoint = Checkpoint(entries[-1].seq, entries[-1].entry_hash)
        assert faults(entries, checkpoint) == []
        manipulation = MANIPULATIONS[number % len(MANIPULATIONS)]
        changed = manipulation(chance, entries)
        if changed == entries:
            continue
        if not faults(changed, checkpoint):
            missed.append((number, manipulation.__name__))
    assert missed == []


def test_what_a_chain_alone_shows_and_what_needs_a_checkpoint():
    chance = random.Random(1)
    entries = chained(some_acts(chance, 12))
    checkpoint = Checkpoint(12, entries[-1].entry_hash)
    for seen_alone in (flip, delete, insert, swap):
        assert faults(seen_alone(chance, entries))
    assert faults(entries[:8]) == []
    assert "tail was cut" in faults(entries[:8], checkpoint)[0]
    assert faults(rewrite_all(chance, entries)) == []
    assert "rewritten" in faults(rewrite_all(chance, entries), checkpoint)[-1]


def test_a_chain_that_has_grown_still_continues_its_checkpoint():
    entries = chained(some_acts(random.Random(2), 20))
    assert faults(entries, Checkpoint(9, entries[8].entry_hash)) == []
    assert faults([], Checkpoint(0, GENESIS)) == []


def test_canonical_text_is_one_text():
    assert canonical({"b": 1, "a": ["中", None, True]}) == '{"a":["中",null,true],"b":1}'
    with pytest.raises(TypeError):
        canonical({"mark": 79.5})
