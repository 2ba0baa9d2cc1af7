"""Sealed decisions looked at again: is the seal whole, and do the same facts give the same findings?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cstrain.judgement.criterion import Criterion
from cstrain.judgement.sealing import intact
from cstrain.judgement.unsealing import Difference, criteria_of, differences, judge_again
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion import ladders
from cstrain.promotion.applications import queries as applications
from cstrain.promotion.applications.facts import SealedFacts
from cstrain.promotion.editions import store
from cstrain.promotion.editions.facts import Verified
from cstrain.promotion.editions.queries.calculations import PAGE

_BATCH = 200


def verify_all() -> Iterator[Verified]:
    """Verify every sealed record of every application, in the order of sealing; little is held at a time."""
    after = 0
    while batch := applications.sealed_records(after, _BATCH):
        yield from map(_verified, batch)
        after = batch[-1].id


def verified_page(page: int) -> tuple[int, list[Verified]]:
    """Return how many sealed records there are, and those of a page, verified; the newest first."""
    start = (max(page, 1) - 1) * PAGE
    return applications.sealed_count(), [_verified(one) for one in applications.sealed_page(start, PAGE)]


def verified(record_id: int) -> tuple[Verified, Mapping[str, Any]]:
    """Return one sealed record, verified, with what it holds; raises ``NotFoundError``."""
    found = next((one for one in applications.sealed_records(record_id - 1, 1) if one.id == record_id), None)
    if found is None:
        raise NotFoundError(store.MISSING)
    return _verified(found), _content(found)


def _content(one: SealedFacts) -> Mapping[str, Any]:
    try:
        found = json.loads(one.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _verified(one: SealedFacts) -> Verified:
    kept = _content(one)
    head = kept.get("ladder", {})
    sealed = kept.get("findings", ())
    try:
        conditions, own = _conditions(kept)
        differ: tuple[Difference, ...] = differences(sealed, judge_again(kept["facts"], conditions))
        readable = True
    except (ValueError, KeyError, TypeError, ArithmeticError, NotFoundError):
        differ, own, readable = (), False, False
    return Verified(
        id=one.id,
        application_id=one.application_id,
        stage=one.stage,
        at=one.at,
        sha256=one.sha256,
        ladder=str(head.get("ref", "")),
        edition=int(head.get("edition", 0)),
        on=str(kept.get("on", "")),
        findings=len(sealed),
        whole=intact(one.content, one.sha256),
        readable=readable,
        kept=own,
        differences=differ,
    )


def _conditions(kept: Mapping[str, Any]) -> tuple[Sequence[Criterion], bool]:
    """Return the conditions to judge by: those sealed with the record, else of the edition on record."""
    step = kept["step"]
    if "criteria" in step:
        return criteria_of(step["criteria"]), True
    edition = ladders.edition(kept["ladder"]["ref"], int(kept["ladder"]["edition"]))
    found = edition.step_to(step["from"], step["to"])
    if found is None:
        raise KeyError("step")
    return found.criteria, False
