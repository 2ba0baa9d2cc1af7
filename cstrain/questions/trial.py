"""Trying out questions that somebody has written and not brought in. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from cstrain.policies.yaml_source import Fault
from cstrain.questions import question_checks
from cstrain.questions.bank_check import standards
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.bank_source import read_written
from cstrain.questions.question_checks import Headings
from cstrain.questions.question_type import question_types

MOST_SHOWN = 50
_MOST_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Tried:
    """A question that could be read: its control, how many sample answers were marked, what is wrong."""

    question: SourceQuestion
    control: str
    answers: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A fault with the beginning of the line it names."""

    fault: Fault
    line: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a text: how many questions it holds, the first of them, all that is wrong."""

    total: int
    questions: tuple[Tried, ...]
    faults: tuple[Quoted, ...]


def try_out(raw: bytes, file: str, headings: Headings) -> Trial:
    """Read questions and check each as ``bank check`` does; ``file`` is the name of ``raw`` in faults.

    ``headings`` are those of the lessons, by page id; sources are checked when one of them names such a page.
    """
    reading = read_written(raw, file)
    questions = [question for bank in reading.banks for question in bank.questions]
    known = any(question_checks.lessons_found(bank, headings) for bank in reading.banks)
    standard = standards().every_bank
    found = [
        tuple(question_checks.stands_by_itself(each, standard, headings if known else None))
        for each in questions
    ]
    faults = {*reading.faults, *question_checks.repeated_ids(questions), *chain.from_iterable(found)}
    lines = raw.decode("utf-8-sig", "replace").split("\n")
    return Trial(
        total=len(questions),
        questions=tuple(_tried(*each) for each in zip(questions[:MOST_SHOWN], found, strict=False)),
        faults=tuple(Quoted(each, _line(lines, each.line)) for each in sorted(faults)),
    )


def _tried(question: SourceQuestion, faults: tuple[Fault, ...]) -> Tried:
    kind = question_types().get(question.type)
    answers = len(kind.samples(question.content, question.key))
    return Tried(question, kind.control, answers, faults)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1].strip()[:_MOST_QUOTED] if 0 < number <= len(lines) else ""
