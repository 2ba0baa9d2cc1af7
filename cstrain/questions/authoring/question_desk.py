"""What the page of a question shows of the work on it: versions, their difference, history, comments."""

from __future__ import annotations

from typing import Any

from cstrain.questions.authoring import bank_queries, queries
from cstrain.questions.authoring.differing import Differing, differing
from cstrain.questions.authoring.editing.editor import editor_of
from cstrain.questions.authoring.editing.fields import Said
from cstrain.questions.authoring.facts import Edition
from cstrain.questions.facts import JsonObject, QuestionSheet
from cstrain.questions.question_type import question_types
from cstrain.questions.reading import keyed_versions
from cstrain.questions.written_fields import filled


def question_desk(sheet: QuestionSheet, older: int, newer: int, *, with_key: bool) -> dict[str, Any]:
    """Return what the page of a question shows beside the question.

    ``older`` and ``newer``: numbers of the versions to compare; without them the last two.
    """
    versions = bank_queries.editions(sheet.line.id)
    pair = _pair(versions, older, newer)
    happenings = queries.happenings(sheet.line.id)
    comments = queries.comments(sheet.line.id)
    people = {each.person for each in happenings} | {each.person for each in comments}
    people |= {person for each in versions for person in (each.written_by, each.approved_by)}
    return {
        "standing": bank_queries.standing(sheet.line.bank, sheet.line.ref),
        "editions": versions,
        "pair": pair,
        "changes": _changes(*pair, with_key=with_key) if pair else [],
        "happenings": happenings,
        "comments": comments,
        "people_ids": {person for person in people if person is not None},
    }


def _pair(versions: list[Edition], older: int, newer: int) -> tuple[Edition, Edition] | None:
    numbers = {each.number: each for each in versions}
    if older in numbers and newer in numbers and older != newer:
        return numbers[min(older, newer)], numbers[max(older, newer)]
    return (versions[1], versions[0]) if len(versions) > 1 else None


def _changes(older: Edition, newer: Edition, *, with_key: bool) -> list[Differing]:
    fields = version_fields([older, newer])
    return differing(
        said_of(fields[older.id], with_key=with_key), said_of(fields[newer.id], with_key=with_key)
    )


def version_fields(versions: list[Edition]) -> dict[int, JsonObject]:
    """Return the YAML fields of versions, as they are typed, by version id; with the keys that count."""
    keyed = keyed_versions([each.id for each in versions])
    found = {}
    for each in versions:
        version = keyed[each.id]
        own = question_types().get(version.type).as_written(version.content, version.key)
        found[each.id] = {
            "type": version.type,
            "difficulty": each.difficulty,
            **own,
            **filled(
                situation=each.situation,
                pictures=version.content.get("pictures"),
                explanation=version.explanation,
                source=version.source,
            ),
        }
    return found


def said_of(fields: JsonObject, *, with_key: bool) -> list[Said]:
    """Return what the fields of a question say, in words."""
    editor = editor_of(str(fields["type"]))
    return list(editor.said(editor.held(fields), with_key=with_key))
