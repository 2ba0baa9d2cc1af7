"""Finding the questions that are alike; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import current_app

from cstrain.extensions import columns, session
from cstrain.kernel.errors import NotFoundError
from cstrain.questions.bank_check import gist_of
from cstrain.questions.duplicates import rules
from cstrain.questions.duplicates.facts import Alike, AlikeList, Side
from cstrain.questions.duplicates.models import DuplicateVerdict
from cstrain.questions.models import Bank, Question, QuestionKey, QuestionVersion
from cstrain.questions.similarity import Pair, near_pairs

PAGE_SIZE = 25
MOST_AT_ONCE = 3_000
"""Questions that are compared with each other in one request; of more, one bank is compared with all."""
_MOST_KEPT = 200_000
_MOST_READ = 500
_MEMORY = "cstrain.questions.duplicates"


@dataclass(slots=True)
class _Memory:
    """What an application remembers of its questions.

    ``gists``: what is compared, by version (a version never changes); ``found``: the pairs found last, so
    that turning a page does not look again.
    """

    gists: dict[int, str] = field(default_factory=dict)
    found: dict[tuple[object, ...], list[Pair]] = field(default_factory=dict)


_ACTIVE = (
    sa.select(Question.current_version_id, Bank.name)
    .join(Bank, Bank.id == Question.bank_id)
    .where(Question.retired_at.is_(None), Question.current_version_id.is_not(None))
    .order_by(Question.id)
)
_WRITTEN = (
    sa.select(QuestionVersion.id, QuestionVersion.type, QuestionVersion.content, QuestionKey.key)
    .join(QuestionKey, QuestionKey.version_id == QuestionVersion.id)
    .where(QuestionVersion.id.in_(sa.bindparam("ids", expanding=True)))
)


def alike(threshold: int, bank: str = "", page: int = 1) -> AlikeList:
    """Return a page of the pairs of active questions that are at least so alike, the most alike first.

    ``bank``: only pairs with a question of it. Without one, and with too many questions for one request,
    nothing is compared (``compared`` is 0): a bank must be chosen. Pairs that were set aside are left out.
    """
    rows = [(version, name) for version, name in columns(_ACTIVE, {}) if version is not None]
    if not bank and len(rows) > MOST_AT_ONCE:
        return AlikeList((), 0, 0, 0, 1, 1)
    versions = [version for version, _name in rows]
    of = tuple(at for at, (_version, name) in enumerate(rows) if not bank or name == bank)
    pairs = _pairs(versions, threshold, of)
    aside = _aside(versions)
    open_ones = [pair for pair in pairs if _key(versions[pair.first], versions[pair.second]) not in aside]
    pages = max(1, -(-len(open_ones) // PAGE_SIZE))
    here = min(max(1, page), pages)
    shown = open_ones[(here - 1) * PAGE_SIZE : here * PAGE_SIZE]
    found = _alike([(versions[pair.first], versions[pair.second], pair.ratio) for pair in shown])
    return AlikeList(found, len(open_ones), len(rows), len(pairs) - len(open_ones), here, pages)


def _memory() -> _Memory:
    memory: _Memory = current_app.extensions.setdefault(_MEMORY, _Memory())
    return memory


def _pairs(versions: Sequence[int], threshold: int, of: tuple[int, ...]) -> list[Pair]:
    found, name = _memory().found, (tuple(versions), threshold, of)
    pairs = found.get(name)
    if pairs is None:
        texts = gists(versions)
        pairs = near_pairs([texts[each] for each in versions], threshold, of)
        found.clear()
        found[name] = pairs
    return pairs


def gists(versions: Collection[int]) -> Mapping[int, str]:
    """Return what of versions is compared: stem and key, folded."""
    known = _memory().gists
    missing = [each for each in versions if each not in known]
    if len(known) + len(missing) > _MOST_KEPT:
        known.clear()
        missing = list(versions)
    for start in range(0, len(missing), _MOST_READ):
        some = missing[start : start + _MOST_READ]
        for version, kind, content, key in columns(_WRITTEN, {"ids": some}):
            known[version] = gist_of(kind, content, key)
    return {each: known.get(each, "") for each in versions}


def _key(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _aside(versions: Collection[int]) -> set[tuple[int, int]]:
    rows = session().execute(sa.select(DuplicateVerdict.first_version_id, DuplicateVerdict.second_version_id))
    present = set(versions)
    return {(first, second) for first, second in rows if first in present and second in present}


def _alike(pairs: Sequence[tuple[int, int, float]]) -> tuple[Alike, ...]:
    rows = session().execute(
        sa.select(Question.id, Question.ref, Bank.name, Bank.title, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(QuestionVersion.id.in_({each for first, second, _ratio in pairs for each in (first, second)}))
    )
    sheets = {row[4].id: row for row in rows}
    found = []
    for first, second, ratio in pairs:
        stems = rules.marked(sheets[first][4].content["stem"], sheets[second][4].content["stem"])
        sides = [
            Side(row[0], row[4].id, row[2], row[3], row[1], row[4].type, row[4].difficulty, stem)
            for row, stem in zip((sheets[first], sheets[second]), stems, strict=True)
        ]
        found.append(Alike(sides[0], sides[1], ratio))
    return tuple(found)


def current_pair(first: int, second: int) -> tuple[int, int]:
    """Return two versions in order; raises ``NotFoundError`` unless both are in use and not the same."""
    rows = session().scalars(
        sa.select(Question.current_version_id).where(Question.current_version_id.in_([first, second]))
    )
    if len(set(rows)) != 2:
        raise NotFoundError("没有办理：其中一道题已经有了新版，或者停用了。请刷新后再看。")
    return _key(first, second)
