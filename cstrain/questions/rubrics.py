"""Puts the rubric that a question names by its id into the question's key, when the question is read."""

from __future__ import annotations

from cstrain.judgement.shared_rubric import SharedRubric
from cstrain.policies import loader
from cstrain.questions.facts import JsonObject
from cstrain.wording.said import say

CHAT_RUBRIC = "chat_rubric.yaml"


class UnknownRubricError(ValueError):
    """A question names a rubric that is not there; the message is a Chinese sentence."""


def with_rubric(key: JsonObject) -> JsonObject:
    """Return the key with the criteria of the rubric it names; a key that names none is returned as it is.

    Raises ``UnknownRubricError`` for a name that no shipped rubric has.
    """
    name = key.get("rubric")
    if not isinstance(name, str):
        return key
    shared = loader.load(SharedRubric, CHAT_RUBRIC)
    if name != shared.id:
        raise UnknownRubricError(say("没有评分标准“%(name)s”，可以写的有：%(id)s。", name=name, id=shared.id))
    return {**key, "rubric": [each.model_dump(mode="json", exclude_defaults=True) for each in shared.rubric]}
