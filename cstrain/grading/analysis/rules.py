"""From what was earned and chosen to figures. Pure: results and answers in, figures out."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from cstrain.exams.facts import GivenAnswer, Place
from cstrain.grading.analysis.facts import Released
from cstrain.grading.rules import to_version_ids
from cstrain.grading.statistics import item
from cstrain.grading.statistics.analysis import Analysis, analyse
from cstrain.grading.statistics.exposure import overlap
from cstrain.grading.statistics.figure import ITEM_LEAST, Figure, figure
from cstrain.grading.statistics.question_figures import Answers, QuestionFigures, question_figures
from cstrain.grading.statistics.sheet import Question, Sheet
from cstrain.questions.facts import Control, KeyedVersion

THOUSAND = 1000
"""Marks are kept in thousandths."""
_SHARES = 10**6
"""Shares of a question's marks are worked out in millionths: papers give a question different marks."""
_YES, _NO = "true", "false"


def paper_figures(results: Collection[Released], cut: Fraction) -> Analysis:
    """Analyse a paper by the places of its form: questions differ there, what they are worth does not."""
    slots = sorted({slot for result in results for slot in result.slots})
    worth = {slot: score.of for result in results for slot, score in result.slots.items()}
    questions = tuple(Question(str(slot), Fraction(worth[slot], THOUSAND)) for slot in slots)
    marks = [
        [
            Fraction(result.slots[slot].earned, THOUSAND) if slot in result.slots else None
            for result in results
        ]
        for slot in slots
    ]
    return analyse(Sheet(questions, marks), cut)


def version_figures(
    name: str,
    results: Sequence[tuple[Released, int]],
    version: KeyedVersion | None = None,
    answers: Mapping[tuple[int, int], GivenAnswer] | None = None,
) -> QuestionFigures:
    """Return the figures of a question version from results and the slot where it stood in each.

    Marks are shares of what the question was worth; the rest are the marks of all other questions. The table
    of options needs the version with its key and the answers by attempt and slot.
    """
    scored = [(result, result.slots[slot]) for result, slot in results if slot in result.slots]
    shares = [score.earned * _SHARES // score.of if score.of else 0 for _result, score in scored]
    totals = [result.raw for result, _score in scored]
    rests = [result.raw - score.earned for result, score in scored]
    spread = item.beside(shares, rests, totals) if len(shares) > 1 else None
    data = Answers(shares, shares, rests, totals, _SHARES, THOUSAND, spread)
    options = _options(version) if version else ()
    if version is None or not options or answers is None:
        return question_figures(Question(name, Fraction(1)), data, None)
    question = Question(name, Fraction(1), _keys(version), options)
    picks = [
        picked(version, answers.get((result.attempt_id, slot)))
        for result, slot in results
        if slot in result.slots
    ]
    return question_figures(question, data, picks)


def _options(version: KeyedVersion) -> tuple[str, ...]:
    """Return the ids of the options in order; empty for questions that offer none."""
    if version.control == Control.TRUE_FALSE:
        return (_YES, _NO)
    if version.control in (Control.CHOOSE_ONE, Control.CHOOSE_MANY):
        return tuple(option["id"] for option in version.content["options"])
    return ()


def _keys(version: KeyedVersion) -> frozenset[str]:
    right = version.key["right"]
    return frozenset(right) if isinstance(right, list) else frozenset({_YES if right else _NO})


def picked(version: KeyedVersion, answer: GivenAnswer | None) -> frozenset[str]:
    """Return the options somebody chose; none when nothing (or nothing readable) was answered."""
    if answer is None or answer.value is None:
        return frozenset()
    value = json.loads(answer.value)
    if isinstance(value, bool):
        value = _YES if value else _NO
    if answer.option_order:
        value = to_version_ids(value, answer.option_order)
    chosen = value if isinstance(value, list) else [value]
    return frozenset(each for each in chosen if isinstance(each, str)) & frozenset(_options(version))


def option_labels(version: KeyedVersion) -> dict[str, str]:
    """Return the texts of options by id; empty for true or false, whose words are the page's."""
    return {option["id"]: option["text"] for option in version.content.get("options", ())}


def overlap_of(places: Collection[Place]) -> Figure:
    """Return the mean share of questions that two of these forms have in common; withheld below ten forms."""
    forms: dict[int, set[int]] = {}
    for place in places:
        forms.setdefault(place.attempt_id, set()).add(place.question_id)
    return figure(len(forms), ITEM_LEAST, lambda: overlap(list(forms.values())))
