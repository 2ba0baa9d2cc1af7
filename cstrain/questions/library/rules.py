"""Topics as a tree, texts as pairs of signs, what an act on many questions changes and undoes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cstrain.questions.library.facts import BulkAct, BulkPlan, Standing, TopicChoice

MOST_PAIRS = 9
_LEAST_SHARED = 0.34


class TopicNode(NamedTuple):
    """A topic as it is stored."""

    id: int
    ref: str
    title: str
    parent_id: int | None


def tree(topics: Sequence[TopicNode]) -> list[TopicChoice]:
    """Return topics with those below them after each, in the order given within each level."""
    below: dict[int | None, list[TopicNode]] = {}
    known = {each.id for each in topics}
    for each in topics:
        below.setdefault(each.parent_id if each.parent_id in known else None, []).append(each)
    return list(_walk(below, None, 0))


def _walk(
    below: Mapping[int | None, list[TopicNode]], above: int | None, depth: int
) -> Iterator[TopicChoice]:
    for each in below.get(above, ()):
        yield TopicChoice(each.id, each.ref, each.title, depth)
        yield from _walk(below, each.id, depth + 1)


def with_all_below(choices: Sequence[TopicChoice], ref: str) -> list[int]:
    """Return the ids of a topic and of everything below it; none for a ref that is not among them."""
    found: list[int] = []
    depth = None
    for each in choices:
        if depth is not None and each.depth <= depth:
            break
        if depth is None and each.ref == ref:
            depth = each.depth
        if depth is not None:
            found.append(each.id)
    return found


def is_latin(text: str) -> bool:
    """Tell whether a folded text can be initials: two or more letters and digits, a letter among them."""
    plain = text.isascii() and text.isalnum()
    return plain and len(text) > 1 and not text.isdecimal()


def pairs(text: str) -> list[str]:
    """Return the different neighbouring signs of a text, at most ``MOST_PAIRS`` spread over all of it."""
    found = list(dict.fromkeys(text[at : at + 2] for at in range(len(text) - 1)))
    if len(found) <= MOST_PAIRS:
        return found
    return [found[at * len(found) // MOST_PAIRS] for at in range(MOST_PAIRS)]


def least_shared(count: int) -> int:
    """Return how many of so many pairs a text must hold to be looked at more closely."""
    return max(1, round(count * _LEAST_SHARED))


def plan(act: BulkAct, questions: Sequence[Standing], topic_id: int | None = None) -> BulkPlan:
    """Return what an act changes and what it leaves; ``topic_id`` is where a move goes.

    Topic and tags of a question with an open draft become the draft's when it is accepted, so they are
    changed there. A question that was never in use is given up with its draft.
    """
    left: Counter[str] = Counter()
    changes = []
    for each in questions:
        why = _why_left(act, each, topic_id)
        if why:
            left[why] += 1
        else:
            changes.append(each)
    return BulkPlan(tuple(changes), dict(left))


def _why_left(act: BulkAct, question: Standing, topic_id: int | None) -> str:
    if act.kind in {"retire", "restore"}:
        if not question.used:
            return "unused"
        return "same" if (question.retired_at is not None) == (act.kind == "retire") else ""
    if question.drafted:
        return "drafted"
    if act.kind == "move":
        return "same" if question.topic_id == topic_id else ""
    return "" if tags_changed(act, question.tags) else "same"


def tags_changed(act: BulkAct, held: Collection[str]) -> list[str]:
    """Return the tags that an act puts on or takes off a question with these tags."""
    adds = act.kind == "tag"
    return [tag for tag in act.tags if (tag not in held) == adds]


def detail_of(act: BulkAct, question: Standing, topic_id: int | None) -> dict[str, Any]:
    """Return what a question was before an act, and what the act makes of it, for undoing."""
    if act.kind == "move":
        return {"topic": question.topic_id, "placed_by": question.placed_by, "to": topic_id}
    if act.kind in {"tag", "untag"}:
        changed = tags_changed(act, question.tags)
        name = "added" if act.kind == "tag" else "removed"
        return {"before": sorted(question.tags), name: changed}
    at = question.retired_at.isoformat() if question.retired_at else None
    return {"retired_at": at, "retired_by": question.retired_by}


def still_stands(
    kind: str, question: Standing, detail: Mapping[str, Any], by: int, at: datetime, *, touched: bool
) -> bool:
    """Tell whether a question is as the act of ``by`` at ``at`` left it, so that undoing takes nothing back
    from others; ``touched``: it was retired or restored since."""
    if kind in {"move", "tag", "untag"} and question.drafted:
        return False
    if kind == "move":
        return question.topic_id == detail["to"] and question.placed_by == by
    if kind == "tag":
        return question.tags.issuperset(detail["added"])
    if kind == "untag":
        return question.tags.isdisjoint(detail["removed"])
    if kind == "retire":
        return question.retired_at == at and question.retired_by == by
    return question.retired_at is None and not touched
