"""The person's word on a final sheet, and the director's decision of a contest."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.assessment import rules
from cstrain.performance.assessment.models import AssessmentAnswer
from cstrain.performance.assessment.service.common import held_sheet, tell
from cstrain.performance.assessment.service.reviewing import settle_contest
from cstrain.unit_of_work import flush_unique


def answer(actor: PersonId, now: datetime, sheet_id: int, *, contests: bool, says: str = "") -> None:
    """Acknowledge one's own result, or contest it with reasons within the days; once."""
    one, held = held_sheet(sheet_id, now)
    today = local_date(now)
    rules.check_answer(one, actor, today, contests=contests)
    if contests and not says.strip():
        raise DomainError("没有提交：请写明你不同意什么、为什么。")
    days = one.round.rules.decide_days
    until = people.work_calendar(one.person_id).nth_working_day_after(today, days) if contests else None
    session().add(
        AssessmentAnswer(
            assessment_id=one.id,
            person_id=one.person_id,
            kind="contested" if contests else "acknowledged",
            says=says.strip(),
            decide_by=until,
            answered_at=now,
        )
    )
    flush_unique("没有保存：你已经回复过。")
    record(actor, "assessment.contest" if contests else "assessment.acknowledge", f"assessment:{one.id}")
    if contests:
        tell(held.directors, one, now, "一张月度考核表有异议，请在%(day)s以前决定。", day=until)


def decide(
    actor: PersonId, now: datetime, sheet_id: int, *, stands: bool, score: Decimal | None, reason: str
) -> None:
    """Decide a contest: the result stands, or is another score, which corrects the month; with reasons."""
    one, held = held_sheet(sheet_id, now)
    rules.check_reviewer(one, held, actor)
    rules.check_contest(one)
    said = rules.needs_reason(reason)
    before = one.final.score if one.final is not None else None
    if stands and score is not None and score != before:
        raise DomainError("没有保存：维持原结果就不用填新的分数。")
    if not stands and (score is None or score == before):
        raise DomainError("没有保存：改变结果请填新的分数。")
    settled = before if stands or score is None else rules.checked_score(score)
    if settled is None:
        raise DomainError("没有保存：改变结果请填新的分数。")
    row = settle_contest(one, held, actor, now, settled, said)
    record(actor, "assessment.decide", f"assessment:{one.id}", stands=stands, grade=row.grade)
    message = "你的月度考核异议有决定了：结果维持。" if stands else "你的月度考核异议有决定了：结果已改。"
    tell([one.person_id], one, now, message)
