"""A case: a text, and parts that ask about it. The response maps a part's index, as text, to its response.

A part is a question of another type, less what the case says for all of them (id, difficulty, explanation,
source). Options inside parts are not shuffled for each attempt: an attempt keeps one order of options a
question, and ids inside parts are those of the version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, SkipValidation, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from cstrain.policies.yaml_messages import TOLD, explain, telling
from cstrain.questions.facts import Control, JsonObject, Marking, Sample
from cstrain.questions.question_type import (
    NOT_ANSWERED,
    NOT_READABLE,
    TYPES,
    PartToMark,
    QuestionType,
    check_given,
    question_types,
    useless_samples,
)
from cstrain.questions.written import WrittenQuestion
from cstrain.wording.said import said_row, say

_NO_PARTS = frozenset({"case", "typing", "oral", "operation", "chat"})
_SAID_BY_CASE = {"id": "part", "difficulty": 1, "explanation": "见案例的解析。"}
_NOT_IN_PARTS = frozenset({"id", "difficulty", "situation", "explanation", "source", "pictures"})
_MOST_WEIGHT = 20
_MOST_WRITTEN = 4000
"""All written parts together: a response holds at most 16,000 bytes, a Chinese character takes three."""


@dataclass(frozen=True, slots=True)
class CasePart:
    """A question about the case, with its weight among the parts."""

    of: int
    asked: QuestionType


class _Fault(NamedTuple):
    """What is wrong in a part: at which of its keys, and a Chinese sentence."""

    where: tuple[str | int, ...]
    words: str


def _part_types() -> list[str]:
    return [name for name in question_types().names() if name not in _NO_PARTS]


def _read_parts(value: object) -> object:
    """Return the parts as questions; what is no list is left to pydantic. Raises faults at part and key."""
    if not isinstance(value, list | tuple):
        return value
    read = [_read_part(written) for written in value]
    faults = [
        InitErrorDetails(
            type=PydanticCustomError(
                TOLD,
                "{words}",
                {"words": say("第%(number)s小题：%(why)s", number=index + 1, why=fault.words)},
            ),
            loc=(index, *fault.where),
            input=None,
        )
        for index, found in enumerate(read)
        if not isinstance(found, CasePart)
        for fault in found
    ]
    if faults:
        raise ValidationError.from_exception_data("case", faults)
    return tuple(read)


def _read_part(written: object) -> CasePart | list[_Fault]:
    """Return a part as the question it is, or what is wrong with it."""
    if isinstance(written, CasePart):
        return written
    if not isinstance(written, dict):
        return [_Fault((), say("应为若干行“键: 值”。"))]
    name = written.get("type")
    if name not in _part_types():
        said = say("缺少“type”") if name is None else say("不能用题型“%(name)s”", name=name)
        return [
            _Fault(
                ("type",),
                say("%(said)s，可以写的有：%(names)s。", said=said, names=said_row("、", _part_types())),
            )
        ]
    kind = question_types().get(str(name))
    faults = [*_wrong_keys(kind, written), *_wrong_weight(written.get("of"))]
    fields = {key: value for key, value in written.items() if key in kind.model_fields}
    try:
        asked = kind.model_validate_json(json.dumps({**fields, **_SAID_BY_CASE}), strict=True)
    except ValidationError as error:
        return [*faults, *(_Fault(problem["loc"], explain(kind, problem)) for problem in telling(error))]
    return faults or CasePart(written["of"], asked)


def _wrong_keys(kind: type[QuestionType], written: Mapping[str, Any]) -> Iterator[_Fault]:
    known = sorted({"of", *kind.model_fields} - _NOT_IN_PARTS)
    for key in written:
        if key in _NOT_IN_PARTS:
            yield _Fault((key,), say("小题里不写“%(name)s”，请写在整个案例上。", name=key))
        elif key not in known:
            yield _Fault(
                (key,),
                say("不认识“%(name)s”；这里可以写的有：%(known)s。", name=key, known=said_row("、", known)),
            )


def _wrong_weight(of: object) -> Iterator[_Fault]:
    if of is None:
        yield _Fault(("of",), say("缺少“of”（这一小题占几份），请补上。"))
    elif isinstance(of, bool) or not isinstance(of, int) or not 1 <= of <= _MOST_WEIGHT:
        yield _Fault(("of",), say("“of”应为1到%(most)s的整数，不加引号。", most=_MOST_WEIGHT))


def _fit_in_a_response(parts: tuple[CasePart, ...]) -> tuple[CasePart, ...]:
    written = sum(part.asked.most for part in parts if isinstance(part.asked, WrittenQuestion))
    if written > _MOST_WRITTEN:
        raise ValueError(
            say(
                "里要写的字数上限“most”合计%(written)s字，不能超过%(most)s字，请改小。",
                written=written,
                most=_MOST_WRITTEN,
            )
        )
    return parts


Parts = Annotated[
    tuple[SkipValidation[CasePart], ...], BeforeValidator(_read_parts), AfterValidator(_fit_in_a_response)
]


@TYPES.register("case")
class Case(QuestionType):
    """A text of 50 to 2,000 characters and two to six parts; each part earns its weight of the marks."""

    label: ClassVar[str] = "案例题"
    control: ClassVar[Control] = Control.PARTS

    type: Literal["case"]
    text: str = Field(min_length=50, max_length=2000)
    parts: Parts = Field(min_length=2, max_length=6)

    def content(self) -> JsonObject:
        """Return the stem, the case's text and what a candidate may see of each part."""
        parts = [
            {
                "control": str(part.asked.control),
                "type": part.asked.type,
                "of": part.of,
                "content": part.asked.content(),
            }
            for part in self.parts
        ]
        return {"stem": self.stem, "text": self.text, "parts": parts}

    def key(self) -> JsonObject:
        """Return each part's type, weight and key."""
        parts = [{"type": part.asked.type, "of": part.of, "key": part.asked.key()} for part in self.parts]
        return {"parts": parts}

    @classmethod
    def as_written(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> JsonObject:
        """Return the text and the parts, each as its own type writes it."""
        parts = [
            {"type": part["type"], "of": part["of"], **_kind(part).as_written(shown["content"], part["key"])}
            for part, shown in zip(key["parts"], content["parts"], strict=True)
        ]
        return {"stem": content["stem"], "text": content["text"], "parts": parts}

    @classmethod
    def mark(cls, key: Mapping[str, Any], response: object, *, partial: bool = False) -> Marking:
        """Return the weighted sum of the parts; a person must mark when any answered part needs one.

        A part that cannot be read earns nothing; the whole is malformed when there is nothing else.
        """
        given = _given(response, len(key["parts"]))
        if given is None:
            return Marking.malformed()
        markings = _markings(key, given, partial=partial)
        if any(marking.fraction is None for marking in markings):
            return Marking.by_person()
        notes = {marking.note for marking in markings}
        if notes == {"blank"}:
            return Marking.blank()
        if notes <= {"blank", "malformed"}:
            return Marking.malformed()
        return Marking.of(_weighted(key, [marking.fraction or Fraction(0) for marking in markings]))

    @classmethod
    def parts_to_mark(cls, key: Mapping[str, Any], response: object) -> tuple[PartToMark, ...]:
        """Return the answered parts that people must mark: index, rubric, weight."""
        given = _given(response, len(key["parts"])) or [None] * len(key["parts"])
        return tuple(
            PartToMark(index, inner.rubric, part["of"])
            for index, (part, value) in enumerate(zip(key["parts"], given, strict=True))
            for inner in _kind(part).parts_to_mark(part["key"], value)
        )

    @classmethod
    def combine(
        cls,
        key: Mapping[str, Any],
        response: object,
        given: Mapping[int, Fraction],
        partial: bool = False,
    ) -> Fraction:
        """Return the exact weighted share, with what people gave to the parts of ``parts_to_mark`` (0 to 1).

        Raises ``ValueError`` when such a part is missing, was not to be marked, or lies outside 0 to 1.
        """
        check_given(cls.parts_to_mark(key, response), given)
        values = _given(response, len(key["parts"]))
        if values is None:
            return Fraction(0)
        markings = _markings(key, values, partial=partial)
        shares = [
            given[index] if marking.fraction is None else marking.fraction
            for index, marking in enumerate(markings)
        ]
        return _weighted(key, shares)

    @classmethod
    def samples(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[Sample, ...]:
        """Return every part's samples alone, the best of all parts together, and the useless."""
        own = [
            _kind(part).samples(shown["content"], part["key"])
            for part, shown in zip(key["parts"], content["parts"], strict=True)
        ]
        total = sum(part["of"] for part in key["parts"])
        alone = [
            Sample({str(index): sample.response}, *_scaled(sample, Fraction(part["of"], total)))
            for index, (part, samples) in enumerate(zip(key["parts"], own, strict=True))
            for sample in samples
        ]
        best = [next(each for each in samples if each.fraction in (1, None)) for samples in own]
        together: object = {str(index): sample.response for index, sample in enumerate(best)}
        needs_person = any(sample.fraction is None for sample in best)
        beyond = str(len(own))
        return (
            Sample.by_person(together) if needs_person else Sample.all(together, 1),
            *alone,
            *useless_samples([{}, {"0": None, "1": ""}, {beyond: "x"}, {"x": "0"}, [together], "x", 1, True]),
        )

    @classmethod
    def describe_key(cls, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
        """Return the parts' keys, a line each."""
        return _lines(
            _kind(part).describe_key(shown["content"], part["key"])
            for part, shown in zip(key["parts"], content["parts"], strict=True)
        )

    @classmethod
    def summarise(cls, content: Mapping[str, Any], response: object) -> str:
        """Return what was answered to each part, a line each."""
        given = _given(response, len(content["parts"]))
        if given is None:
            return NOT_READABLE
        told = [
            _kind(part).summarise(part["content"], value)
            for part, value in zip(content["parts"], given, strict=True)
        ]
        return NOT_ANSWERED if set(told) == {NOT_ANSWERED} else _lines(told)


def _kind(part: Mapping[str, Any]) -> type[QuestionType]:
    return question_types().get(part["type"])


def _given(response: object, parts: int) -> list[object] | None:
    """Return the response of each part (``None``: none); ``None`` when the whole names no parts."""
    if response is None or response == "":
        return [None] * parts
    if not isinstance(response, dict):
        return None
    names = [str(index) for index in range(parts)]
    return [response.get(name) for name in names] if set(response) <= set(names) else None


def _markings(key: Mapping[str, Any], given: Iterable[object], *, partial: bool) -> list[Marking]:
    return [
        _kind(part).mark(part["key"], value, partial=partial)
        for part, value in zip(key["parts"], given, strict=True)
    ]


def _weighted(key: Mapping[str, Any], shares: Iterable[Fraction]) -> Fraction:
    """Return the sum of the shares, each times its part's weight, over the sum of the weights."""
    weights = [part["of"] for part in key["parts"]]
    earned = sum((share * of for share, of in zip(shares, weights, strict=True)), Fraction(0))
    return earned / int(sum(weights))


def _scaled(sample: Sample, share: Fraction) -> tuple[Fraction | None, Fraction | None]:
    earned = (sample.fraction, sample.partial)
    whole, partial = (None if each is None else each * share for each in earned)
    return whole, partial


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))
