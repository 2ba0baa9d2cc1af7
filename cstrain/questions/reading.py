"""Wordings and keys of frozen versions. What a version says never changes, so it is read once.

``public_versions`` never touches the keys' table; ``keyed_versions`` is for marking and for results.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import current_app

from cstrain.extensions import Line, columns
from cstrain.questions.facts import KeyedVersion, PublicVersion
from cstrain.questions.key_revisions import counting, newest_revision
from cstrain.questions.models import QuestionKey, QuestionVersion
from cstrain.questions.question_type import question_types
from cstrain.unit_of_work import only_reads

Version = TypeVar("Version", PublicVersion, KeyedVersion)

_MOST_KEPT = 4096
_PUBLIC, _KEYED = "cstrain.public_versions", "cstrain.keyed_versions"
"""Where an application keeps what it has read; the two stay apart as their tables do."""

_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_WORDED = sa.select(QuestionVersion.id, QuestionVersion.type, QuestionVersion.content).where(
    QuestionVersion.id.in_(_IDS)
)


def public_versions(ids: Collection[int]) -> dict[int, PublicVersion]:
    """Return what a candidate may see of the versions, by version id. What they hold is shared: read only."""
    kept: dict[int, PublicVersion] = current_app.extensions.setdefault(_PUBLIC, {})
    found = {one: kept[one] for one in ids if one in kept}
    lacking = [one for one in ids if one not in found]
    if lacking:
        types = question_types()
        read = {
            row.id: PublicVersion(row.id, row.type, types.get(row.type).control, row.content)
            for row in columns(_WORDED, {"ids": lacking})
        }
        found |= _keep(kept, read)
    return found


def keyed_versions(ids: Collection[int], until: int | None = None) -> dict[int, KeyedVersion]:
    """Return versions with the keys that count, by version id; only marking and released results may ask.

    ``until``: as of that revision of keys (0: before any was revised); without it, as of now. What the
    versions hold is shared: read only.
    """
    kept: dict[int, KeyedVersion] = current_app.extensions.setdefault(_KEYED, {})
    found = {one: kept[one] for one in ids if one in kept}
    lacking = [one for one in ids if one not in found]
    if lacking:
        found |= _keep(kept, {row.id: _keyed(row) for row in columns(_with_keys(), {"ids": lacking})})
    if until == 0 or (until is None and newest_revision() is None):
        return found
    asked = {"ids": list(ids)} | ({} if until is None else {"until": until})
    for row in columns(_revisions(dated=until is not None), asked):
        found[row.version_id] = _revised(found[row.version_id], row)
    return found


@cache
def _with_keys() -> sa.Select[*tuple[Any, ...]]:
    """Return the statement of versions with their first keys, built once."""
    return (
        sa.select(
            QuestionVersion.id,
            QuestionVersion.type,
            QuestionVersion.content,
            QuestionVersion.source,
            QuestionKey.key,
            QuestionKey.explanation,
        )
        .join(QuestionKey, QuestionKey.version_id == QuestionVersion.id)
        .where(QuestionVersion.id.in_(_IDS))
    )


@cache
def _revisions(*, dated: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement of corrections of keys, built once: up to a revision (``until``), or all."""
    revised = counting(sa.bindparam("until") if dated else None)
    return sa.select(*revised.c).where(revised.c.version_id.in_(_IDS))


def _keyed(row: Line) -> KeyedVersion:
    control = question_types().get(row.type).control
    return KeyedVersion(row.id, row.type, control, row.content, row.key, row.explanation, row.source)


def _revised(version: KeyedVersion, row: Line) -> KeyedVersion:
    credited = row.kind == "credit"
    key = version.key if credited else row.key
    return replace(version, key=key, explanation=row.explanation, credited=credited)


def _keep(kept: dict[int, Version], read: dict[int, Version]) -> dict[int, Version]:
    """Remember what was read, unless it may still be taken back with the unit that reads it."""
    if only_reads():
        if len(kept) + len(read) > _MOST_KEPT:
            kept.clear()
        kept.update(read)
    return read
