"""Questions as they are kept, made into drafts for an exchange format. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pydantic import ValidationError

from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.contract import Draft, ExchangeFormat, ItemFault, Written, part
from cstrain.questions.facts import JsonObject
from cstrain.questions.question_type import question_types
from cstrain.questions.rubrics import with_rubric
from cstrain.questions.written_fields import filled
from cstrain.wording.said import say

OTHER_RUBRIC = say("没有保留：评分标准的旧版本，导入时用现行的一版")
NOT_SAYABLE = say("没有导出：这道题更正过的答案，按它的题型写不出来。请先把它改成新的一版，再导出。")


NO_PICTURES = say("没有导出：图片（这种格式放不下，只有YAML写得下图片的编号）。")


class Exported(NamedTuple):
    """Drafts with complete fields, and the questions whose fields would not say what is kept."""

    drafts: tuple[Draft, ...]
    left_out: tuple[ItemFault, ...]


def fields_of(question: SourceQuestion) -> JsonObject:
    """Return a question's YAML fields, in the order in which they are written."""
    own = question_types().get(question.type).as_written(question.content, question.key)
    return {
        "id": question.id,
        "type": question.type,
        "difficulty": question.difficulty,
        **filled(situation=question.situation),
        **own,
        **filled(
            pictures=question.content.get("pictures"),
            explanation=question.explanation,
            source=question.source,
        ),
    }


def written(kind: type[ExchangeFormat], title: str, drafts: Sequence[Draft]) -> Written:
    """Return the file of a bank in a format; pictures that it does not hold are left out by name."""
    if kind.holds_pictures:
        return kind.write(title, drafts)
    bare = [_without_pictures(draft) for draft in drafts]
    left = tuple(ItemFault(draft.place, NO_PICTURES) for draft in drafts if draft.fields.get("pictures"))
    file = kind.write(title, bare)
    return Written(file.data, (*left, *file.lost))


def _without_pictures(draft: Draft) -> Draft:
    kept = {name: value for name, value in draft.fields.items() if name != "pictures"}
    return replace(draft, fields=kept)


def exported(
    questions: Iterable[SourceQuestion],
    titles: Mapping[str, str] | None = None,
    tags: Mapping[str, tuple[str, ...]] | None = None,
) -> Exported:
    """Return the drafts of questions, each named by its id, with its ``tags``.

    ``titles``: how topics are named in the file, by their ids; without one, the id itself. A question that
    would read back as another (its key was corrected to what its type cannot say) is left out by name.
    """
    drafts: list[Draft] = []
    left_out: list[ItemFault] = []
    for question in questions:
        fields = fields_of(question)
        built = _built(fields)
        if built is None or not _same(built, question, but_rubric="rubric" not in fields):
            left_out.append(ItemFault(part(question.id), NOT_SAYABLE))
            continue
        notes = () if _same(built, question) else (OTHER_RUBRIC,)
        topic = (titles or {}).get(question.topic, question.topic)
        drafts.append(Draft(part(question.id), fields, topic, (tags or {}).get(question.id, ()), notes))
    return Exported(tuple(drafts), tuple(left_out))


class _Built(NamedTuple):
    content: JsonObject
    key: JsonObject
    script: JsonObject | None


def _built(fields: JsonObject) -> _Built | None:
    """Return what is kept of a question with these fields; ``None`` when its type refuses them."""
    kind = question_types().get(fields["type"])
    try:
        asked = kind.model_validate_json(json.dumps(fields), strict=True)
    except ValidationError:
        return None
    return _Built(asked.shown(), with_rubric(asked.key()), asked.script())


def _same(built: _Built, question: SourceQuestion, *, but_rubric: bool = False) -> bool:
    """Tell whether a question reads back as it is; ``but_rubric``: whatever edition of a shared rubric."""
    key = dict(built.key)
    if but_rubric and "rubric" in key:
        key["rubric"] = question.key["rubric"]
    return built.content == question.content and key == question.key and built.script == question.script
