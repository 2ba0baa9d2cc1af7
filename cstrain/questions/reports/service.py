"""Reporting that a question is wrong, and answering: reports stay, their authors are told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session, zone
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.questions.facts import QuestionLine
from cstrain.questions.reports.facts import MOST_A_DAY
from cstrain.questions.reports.models import QuestionReport
from cstrain.questions.reports.queries import MISSING
from cstrain.questions.slots import met_questions
from cstrain.questions.version_lines import version_lines
from cstrain.unit_of_work import flush_unique, locked, one_at_a_time

_STEM = 40
_TOLD = {
    "change": "你纠错的题“%(stem)s”：说得对，会改。%(text)s",
    "right": "你纠错的题“%(stem)s”：核对过，题目没有错。%(text)s",
    "known": "你纠错的题“%(stem)s”：这个问题已经知道了。%(text)s",
}


def met_question(person: PersonId, version_id: int, at: datetime) -> QuestionLine:
    """Return a question somebody has met with its answer; ``NotFoundError`` for any other."""
    desk = met_questions.filling
    line = version_lines([version_id]).get(version_id)
    if line is None or desk is None or not desk.has_met(person, version_id, at):
        raise NotFoundError(MISSING)
    return line


def report(actor: PersonId, now: datetime, version_id: int, kind: str, text: str) -> int:
    """Keep that somebody says a question they have met is wrong; return the report.

    Refuses a second open report about the same version, and more open ones a day than anybody can answer.
    """
    line = met_question(actor, version_id, now)
    one_at_a_time(f"reports of {actor}")
    mine = sa.select(QuestionReport).where(QuestionReport.person_id == actor, QuestionReport.answer.is_(None))
    waiting = list(session().scalars(mine))
    if any(row.version_id == version_id for row in waiting):
        raise ConflictError(_TWICE)
    midnight = datetime.combine(local_date(now), time(), zone())
    if sum(row.reported_at >= midnight for row in waiting) >= MOST_A_DAY:
        raise DomainError("今天已经有%(most)s个纠错在等答复，这一个没有提交。请明天再来。", most=MOST_A_DAY)
    row = QuestionReport(
        question_id=line.id,
        version_id=version_id,
        person_id=actor,
        kind=kind,
        text=text,
        reported_at=now,
        answer=None,
        answer_text="",
        answered_by=None,
        answered_at=None,
    )
    session().add(row)
    flush_unique(_TWICE)
    record(actor, "question.report", f"question:{line.ref}", bank=line.bank, report=row.id, kind=kind)
    return row.id


_TWICE = "这道题你已经提过纠错，还在等答复，没有再提交。答复后还有疑问可以再提。"


def answer(
    actor: PersonId, now: datetime, question_id: int, report_ids: Collection[int], verdict: str, text: str
) -> int:
    """Answer open reports about a question with one word for all, and tell their authors; return how many.

    Nobody answers their own. That the question is right needs a reason.
    """
    if verdict == "right" and not text:
        raise DomainError("没有答复：题目没有错的话，请写一句为什么，提的人才看得懂。")
    rows = _open_rows(question_id, report_ids)
    if any(row.person_id == actor for row in rows):
        raise ForbiddenError("不能答复自己提的纠错。请让另一位培训师来答复。")
    lines = version_lines({row.version_id for row in rows})
    for row in rows:
        row.answer, row.answer_text, row.answered_by, row.answered_at = verdict, text, actor, now
    session().flush()
    for row in rows:
        stem = lines[row.version_id].stem
        short = stem if len(stem) <= _STEM else f"{stem[: _STEM - 1]}…"
        values = {"stem": short, "text": text}
        notify(PersonId(row.person_id), _TOLD[verdict], values=values, url="/question-reports/mine", now=now)
    line = next(iter(lines.values()))
    ids = [row.id for row in rows]
    record(
        actor, "question.answer_report", f"question:{line.ref}", bank=line.bank, reports=ids, answer=verdict
    )
    return len(rows)


def _open_rows(question_id: int, report_ids: Collection[int]) -> list[QuestionReport]:
    wanted = set(report_ids)
    found = sa.select(QuestionReport).where(
        QuestionReport.id.in_(wanted), QuestionReport.question_id == question_id
    )
    rows = list(session().scalars(locked(found.order_by(QuestionReport.id))))
    if not wanted or len(rows) < len(wanted):
        raise DomainError("没有选择要答复的纠错，什么也没有发出。请至少勾选一个。")
    if any(row.answer is not None for row in rows):
        raise ConflictError("有的纠错刚刚已由别人答复，什么也没有发出。请刷新后再看。")
    return rows
