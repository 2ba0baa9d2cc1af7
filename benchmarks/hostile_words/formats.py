"""The strings as parts of questions, through every format of question files and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.contract import Draft, Reading, formats, item
from cstrain.questions.exchange.drafts import check
from cstrain.questions.exchange.exporting import exported
from tests.questions.formats.round_trip import Trip, trip

_TITLE, _BLANK, _SOURCE = 60, 80, 200


def _asked(number: int, word: str) -> Iterator[dict[str, Any]]:
    """Yield questions that hold a string in each of their texts."""
    stem, choice = f"第{number}题？", {"options": ["甲", "乙"], "answer": ["A"]}
    yield {"id": f"stem-{number}", "type": "single_choice", "stem": word, **choice}
    yield {
        "id": f"option-{number}",
        "type": "single_choice",
        "stem": stem,
        **choice,
        "options": [word, "另一项"],
    }
    told = {"explanation": word, **({"source": word} if len(word) <= _SOURCE else {})}
    yield {"id": f"explanation-{number}", "type": "true_false", "stem": stem, "answer": True, **told}
    if len(word) <= _BLANK:
        yield {"id": f"blank-{number}", "type": "fill_in", "stem": f"第{number}题____", "blanks": [[word]]}
    title = word if len(word) <= _TITLE else "整体"
    rubric = [{"id": "x", "title": title, "of": 10}]
    yield {
        "id": f"rubric-{number}",
        "type": "short_answer",
        "stem": stem,
        "model": word[:300],
        "rubric": rubric,
    }
    pairs = [[word, "一"], ["左二", word], ["左三", "三"]]
    yield {"id": f"pair-{number}", "type": "matching", "stem": stem, "pairs": pairs}
    yield {"id": f"step-{number}", "type": "ordering", "stem": stem, "steps": ["先", word, "后"]}


def kept(words: Sequence[str]) -> tuple[list[SourceQuestion], Counter[str], list[str]]:
    """Return the questions that are taken, why others are not, and which texts are kept otherwise."""
    taken: list[SourceQuestion] = []
    refused: Counter[str] = Counter()
    changed: list[str] = []
    for number, word in enumerate(words):
        for fields in _asked(number, word):
            found = check(Reading((Draft(item(1), fields, "主题"),)), "bench")
            refused.update(f"{fields['id'].partition('-')[0]}: {one.message}" for one in found.faults)
            taken += found.questions
            for question in found.questions:
                again = exported([question]).drafts[0].fields
                changed += [
                    f"{fields['id']} {name}"
                    for name in fields
                    if fields[name] and again.get(name) != fields[name]
                ]
    return taken, refused, changed


def trips(questions: Sequence[SourceQuestion]) -> Iterator[tuple[str, Trip, list[str]]]:
    """Yield what became of the questions in each format, and what was changed without a word."""
    drafts = exported(questions).drafts
    for fmt in formats():
        if fmt.reads and fmt.writes:
            whole = trip(fmt, "题库", drafts)
            yield fmt.name, whole, _untold(fmt, drafts)


def _untold(fmt: Any, drafts: Sequence[Draft]) -> list[str]:
    """Return the questions that read back otherwise, or not at all, and that the writer did not name."""
    untold = []
    for draft in drafts:
        one = trip(fmt, "题库", [draft])
        if (one.changed or one.missing) and not one.told:
            untold.append(f"{draft.place} {dict(one.changed) or one.missing}")
    return untold
