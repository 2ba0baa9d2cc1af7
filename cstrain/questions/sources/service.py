"""Holding questions against their lessons: when they come in, and when somebody says that they are right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.lessons.queries import pages_over_time
from cstrain.questions.models import QuestionVersion
from cstrain.questions.sources.facts import SourceLine
from cstrain.questions.sources.models import SourceCheck
from cstrain.questions.sources.queries import lines_of
from cstrain.questions.sources.rules import MOST_AT_ONCE
from cstrain.unit_of_work import one_at_a_time

_BATCH = 5000


def note_came_in(version_ids: Sequence[int], at: datetime) -> None:
    """Keep which version of its lesson was in force when each of these question versions came in.

    Those that name no lesson there is are left out. Three statements for every five thousand.
    """
    for start in range(0, len(version_ids), _BATCH):
        wanted = version_ids[start : start + _BATCH]
        sources = session().execute(
            sa.select(QuestionVersion.id, QuestionVersion.source).where(
                QuestionVersion.id.in_(wanted), QuestionVersion.source != ""
            )
        )
        named = [(version, source.partition("#")[0]) for version, source in sources]
        pages = pages_over_time({ref for _version, ref in named})
        rows = [
            {
                "question_version_id": version,
                "lesson_ref": ref,
                "lesson_number": pages[ref].current,
                "verdict": "came_in",
                "checked_by": None,
                "checked_at": at,
                "note": "",
            }
            for version, ref in named
            if ref in pages
        ]
        if rows:
            session().execute(sa.insert(SourceCheck), rows)


def still_right(actor: PersonId, now: datetime, seen: Mapping[int, int], note: str) -> int:
    """Keep that questions are right as they are although their sections changed; return how many.

    ``seen``: by question version the number of its lesson's version that the actor has read. Nothing is kept
    when one of them, or its lesson, is another by now, or is not flagged any more.
    """
    one_at_a_time("sources of questions")
    if not seen:
        raise DomainError("没有选择试题，什么也没有记。请至少勾选一道。")
    if len(seen) > MOST_AT_ONCE:
        raise DomainError("一次最多确认%(most)s道题，什么也没有记。请分几次来。", most=MOST_AT_ONCE)
    lines = lines_of(seen)
    stale = [version for version, number in seen.items() if _stale(version, number, lines)]
    if stale:
        raise ConflictError(
            "有%(n)s道题或它的课文刚刚又变了，或者已由别人确认，什么也没有记。请刷新后再看。", n=len(stale)
        )
    by_lesson: dict[str, list[str]] = defaultdict(list)
    for version, line in lines.items():
        by_lesson[line.basis.ref].append(f"{line.bank}/{line.ref}")
        session().add(
            SourceCheck(
                question_version_id=version,
                lesson_ref=line.basis.ref,
                lesson_number=line.current,
                verdict="fits",
                checked_by=actor,
                checked_at=now,
                note=note,
            )
        )
    session().flush()
    for ref, questions in sorted(by_lesson.items()):
        record(actor, "source.still_right", f"lesson:{ref}", questions=sorted(questions), note=note)
    return len(lines)


def _stale(version: int, number: int, lines: Mapping[int, SourceLine]) -> bool:
    line = lines.get(version)
    return line is None or line.current != number or not line.flagged
