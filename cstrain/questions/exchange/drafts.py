"""Drafts made into questions: completed, checked by their type, duplicates told. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cstrain.policies.yaml_source import Document, SourceError, validate
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.contract import Draft, ItemFault, Place, Reading, said_place
from cstrain.questions.facts import JsonObject
from cstrain.questions.folding import fold
from cstrain.questions.meaning import meaning_of
from cstrain.questions.question_checks import samples_earn_their_marks
from cstrain.questions.question_type import QuestionType, question_types
from cstrain.questions.rubrics import UnknownRubricError, with_rubric
from cstrain.questions.tags import MOST_TAG, MOST_TAGS, clean_tags, neat_tags
from cstrain.wording.said import otherwise, reason, said_row, say, together

DIFFICULTY = 2
"""What a question is taken for whose file does not say how difficult it is."""
TOLD_EVERY = 200
OVERALL = {"id": "overall", "title": "整体", "of": 10}
"""What a written answer is marked by where the file brings no rubric."""

_WORDS = {
    "answer": say("答案"),
    "blanks": say("空"),
    "difficulty": say("难度"),
    "explanation": say("解析"),
    "extra": say("多余的右边"),
    "id": say("编号"),
    "model": say("参考答案"),
    "most": say("字数上限"),
    "options": say("选项"),
    "pairs": say("配对"),
    "rubric": say("评分标准"),
    "source": say("出处"),
    "stem": say("题干"),
    "steps": say("步骤"),
    "tolerance": say("允许误差"),
    "type": say("题型"),
    "unit": say("单位"),
}
"""What trainers call the keys of our YAML."""
_FEW, _SHOWN = 5, 40
"""So many tags that cannot be kept are named, and so many characters of each."""
_SEEN = ("stem", "options", "steps", "pairs", "extra", "blanks")
"""Texts of which a candidate must see something."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A draft that says the same as an earlier question: of the file (``of`` is its place) or of the bank."""

    place: Place
    of: str
    in_bank: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be brought in. ``drafts`` are complete and stand beside their ``questions``."""

    questions: tuple[SourceQuestion, ...]
    drafts: tuple[Draft, ...]
    faults: tuple[ItemFault, ...]
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What a bank has: the ids of its questions by ``meaning``, and all its ids (of retired ones too)."""

    meanings: Mapping[str, str] = field(default_factory=dict)
    ids: Collection[str] = frozenset()


def _unheard(_done: int, _total: int) -> None:
    """Nobody asked how far it is."""


NOTHING = Held()


def check(
    reading: Reading, bank: str, held: Held = NOTHING, progress: Callable[[int, int], None] = _unheard
) -> Checked:
    """Complete and check the drafts of a file for a bank; what is wrong or there already is left out.

    Faults come in the order of the file's parts: what the format refused, then what the types refuse.
    ``progress`` is told every ``TOLD_EVERY`` drafts how many are done, of how many; it may raise to end it.
    """
    faults, duplicates = list(reading.faults), []
    questions: list[SourceQuestion] = []
    kept: list[Draft] = []
    seen: dict[str, str] = {}
    ids: dict[str, Place] = {}
    for number, draft in enumerate(reading.drafts):
        if number % TOLD_EVERY == 0:
            progress(number, len(reading.drafts))
        whole = replace(draft, fields=completed(draft.fields))
        try:
            question = question_of(whole, bank)
        except SourceError as error:
            row = reading.rows.get(draft.place, ())
            faults.append(ItemFault(draft.place, together(one.message for one in error.faults), row))
            continue
        same = meaning(question)
        if same in seen:
            duplicates.append(Duplicate(draft.place, seen[same], in_bank=False))
        elif same in held.meanings:
            duplicates.append(Duplicate(draft.place, held.meanings[same], in_bank=True))
        elif question.id in ids or question.id in held.ids:
            message = _id_used(question.id, ids)
            faults.append(ItemFault(draft.place, message, reading.rows.get(draft.place, ())))
        else:
            seen[same], ids[question.id] = str(draft.place), draft.place
            questions.append(question)
            kept.append(_with_tags(whole))
    return Checked(tuple(questions), tuple(kept), tuple(faults), tuple(duplicates))


def _with_tags(draft: Draft) -> Draft:
    """Return a draft with the tags it can keep, and a note on those it cannot."""
    tags = clean_tags(draft.tags)
    lost = [tag for tag in neat_tags(draft.tags) if tag not in tags]
    if not lost:
        return replace(draft, tags=tags)
    note = say(
        "没有带上的标签：%(lost)s。一个标签最多%(letters)s个字，一道题最多%(most)s个。",
        lost=said_row("、", [tag[:_SHOWN] for tag in lost[:_FEW]]),
        letters=MOST_TAG,
        most=MOST_TAGS,
    )
    return replace(draft, tags=tags, notes=(*draft.notes, note))


def _id_used(name: str, ids: Mapping[str, Place]) -> str:
    if name in ids:
        return say(
            "编号“%(name)s”在%(place)s用过，请换一个，或者不写编号。",
            name=name,
            place=said_place(str(ids[name])),
        )
    return say(
        "编号“%(name)s”题库里已经有了（可能已停用）。要改那道题请到题库里改；要加新题请换编号，或者不写。",
        name=name,
    )


def completed(fields: Mapping[str, Any]) -> JsonObject:
    """Return a draft's fields with what its file does not say."""
    whole = {"difficulty": DIFFICULTY, **fields}
    if str(whole.get("type")) in {"short_answer", "essay"}:
        whole.setdefault("rubric", [OVERALL])
    whole.setdefault("id", _made_id(whole))
    return whole


def _made_id(fields: Mapping[str, Any]) -> str:
    """Return an id for a question without one: the same question gets the same id in every file."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)
    return "q-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _refusal(document: Document, sentence: str) -> SourceError:
    return SourceError((document.fault((), sentence),))


def _checked(fields: Mapping[str, Any]) -> tuple[QuestionType, JsonObject]:
    """Return a question as its type holds it, and its key; raises ``SourceError`` with what is wrong."""
    document = Document("", fields, {})
    if _unstorable(fields):
        raise _refusal(document, say("里面有不能保存的字符（NUL或半个字符），请删掉。"))
    name, kinds = str(fields.get("type", "")), question_types()
    if name not in kinds:
        known = said_row("、", (say(each.label) for each in kinds))
        raise _refusal(document, say("不认识题型“%(name)s”，可以写的有：%(known)s。", name=name, known=known))
    try:
        asked = validate(kinds.get(name), document)
        if blank := _blank_text(fields):
            raise _refusal(document, say("“%(name)s”里有一处只有空白，请补上文字。", name=blank))
        return asked, with_rubric(asked.key())
    except UnknownRubricError as error:
        raise _refusal(document, reason(error)) from None
    except SourceError as error:
        said = tuple(replace(one, message=_in_words(one.message)) for one in error.faults)
        raise SourceError(said) from None


def question_of(draft: Draft, bank: str) -> SourceQuestion:
    """Return a complete draft as a question; raises ``SourceError`` with what its type refuses, in words."""
    asked, key = _checked(draft.fields)
    question = SourceQuestion(
        id=asked.id,
        bank=bank,
        topic=draft.topic,
        type=asked.type,
        difficulty=asked.difficulty,
        situation=asked.situation,
        content=asked.shown(),
        key=key,
        explanation=asked.explanation,
        source=asked.source,
        file="",
        line=1,
        script=asked.script(),
    )
    if faults := tuple(samples_earn_their_marks(question)):
        raise SourceError(faults)
    return question


def _unstorable(value: Any) -> bool:
    """Tell whether a text in the fields holds what databases and UTF-8 cannot: NUL, half a surrogate pair."""
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, Mapping):
        return any(_unstorable(name) or _unstorable(each) for name, each in value.items())
    return isinstance(value, Sequence) and any(_unstorable(each) for each in value)


def _blank_text(fields: Mapping[str, Any]) -> str:
    """Return the key of a text of the question in which nothing can be seen; "" for none."""
    return next((name for name in _SEEN if any(not fold(text) for text in _texts(fields.get(name)))), "")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _in_words(message: str) -> str:
    text, words = str(message), {}
    for key, word in _WORDS.items():
        if f"“{key}”" in text:
            text, words[key] = text.replace(f"“{key}”", f"“{word}”"), word.key
    return otherwise(message, text, words) if words else message


def meaning(question: SourceQuestion) -> str:
    """Return a digest of what a question asks and takes for right, as a reader sees it.

    Two questions with the same one are duplicates: type, words and key agree but for width, case, spaces and
    punctuation; id, difficulty, explanation and source do not count.
    """
    return meaning_of(question.type, question.content, question.key)


def notes(drafts: Iterable[Draft]) -> list[tuple[Place, str]]:
    """Return what the file says and the questions do not hold, draft by draft."""
    return [(draft.place, note) for draft in drafts for note in draft.notes]
