"""Reading the coverage map of a bank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions import queries as questions
from cstrain.questions.coverage import rules
from cstrain.questions.coverage.facts import AskingPaper, CoverageMap, SourceCount, Wish
from cstrain.questions.models import Bank, Question, QuestionVersion, Topic


def source_counts(bank: str) -> list[SourceCount]:
    """Return the active questions of a bank, counted by topic, source and difficulty; one statement."""
    version = QuestionVersion
    rows = session().execute(
        sa.select(Topic.ref, version.source, version.difficulty, sa.func.count())
        .select_from(Question)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(version, version.id == Question.current_version_id)
        .where(Bank.name == bank, Question.retired_at.is_(None))
        .group_by(Topic.ref, version.source, version.difficulty)
        .order_by(Topic.ref, version.source, version.difficulty)
    )
    return [SourceCount(*row) for row in rows]


def coverage_map(bank: str, headings: Mapping[str, Sequence[str]]) -> CoverageMap:
    """Return the map of a bank; ``headings`` are those of each lesson, in order. Two statements."""
    return rules.coverage(list(questions.topic_titles(bank)), source_counts(bank), headings)


def wishes(papers: Iterable[AskingPaper]) -> list[Wish]:
    """Return what to write next so that papers allow one more form, the most pressing first."""
    asking = list(papers)
    banks = {cell.bank for paper in asking for cell in paper.cells}
    return rules.wishes(asking, questions.pool(*sorted(banks)) if banks else [])
