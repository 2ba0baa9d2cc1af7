"""The final review by the director: return to offices, or settle score and grade into the month's record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import queries as performance
from cstrain.performance import service as months
from cstrain.performance.assessment import queries, rules
from cstrain.performance.assessment.facts import Review, Seats, Sheet
from cstrain.performance.assessment.models import AssessmentReview
from cstrain.performance.assessment.service.common import held_sheet, tell
from cstrain.performance.assessment.store import lend_hand
from cstrain.performance.facts import Entry
from cstrain.performance.rules import grade_of, is_grade_at_least
from cstrain.performance.store import month_rules
from cstrain.unit_of_work import flush_unique

_TWICE = "没有保存：这张考核表刚刚由别人办过。请刷新后再看。"


def return_sheet(actor: PersonId, now: datetime, sheet_id: int, offices: Sequence[str], reason: str) -> None:
    """Return a sheet to offices that rated it, with the reason; they rate again."""
    one, held = held_sheet(sheet_id, now)
    rules.check_reviewer(one, held, actor)
    rules.check_review(one, held)
    rated = [each.id for each in one.round.rules.offices if one.rating_of(each.id) is not None]
    wanted = [each for each in rated if each in offices]
    if not wanted:
        raise DomainError("没有退回：请勾选要重新评分的岗位。")
    said = rules.needs_reason(reason)
    lend_hand(one.id, one.person_id, actor, "review")
    session().add(_row(one, actor, now, "returned", offices=wanted, reason=said))
    session().flush()
    record(actor, "assessment.return", f"assessment:{one.id}", offices=wanted)
    raters = {found.by for each in wanted if (found := one.rating_of(each)) is not None}
    tell(raters, one, now, "一张月度考核表退回给你，请看原因后重新评分。")


def finish(
    actor: PersonId, now: datetime, sheet_id: int, score: Decimal | None = None, reason: str = ""
) -> None:
    """Settle a sheet: the combined score, or below qualified the director's own, with reasons.

    Score and grade go into the person's month at once, or as a correction that a second person agrees to
    where the month is closed. An office that nobody holds must be accepted in words. The person is told.
    """
    one, held = held_sheet(sheet_id, now)
    rules.check_reviewer(one, held, actor)
    mean = rules.check_review(one, held)
    chapter = month_rules(one.month)
    below = not is_grade_at_least(grade_of(mean, chapter), chapter.qualified)
    settled = rules.settled_score(mean, score, below=below)
    gaps = rules.vacant(one, held)
    if (below or gaps) and not reason.strip():
        raise DomainError("没有保存：结果不合格，或有岗位没有人评分，请写明决定的理由。")
    until = people.work_calendar(one.person_id).nth_working_day_after(
        local_date(now), one.round.rules.contest_days
    )
    row = _settle(one, held, actor, now, "final", settled, reason.strip())
    row.contest_until = until
    session().flush()
    record(actor, "assessment.finish", f"assessment:{one.id}", grade=row.grade, score=str(settled))
    message = "你%(month)s的月度考核已经终审。请确认；不同意可以在%(day)s以前提出异议。"
    tell([one.person_id], one, now, message, month=f"{one.month:%Y-%m}", day=until)


def _settle(
    one: Sheet, held: Seats, actor: PersonId, now: datetime, kind: str, score: Decimal, reason: str
) -> AssessmentReview:
    lend_hand(one.id, one.person_id, actor, "review")
    grade = grade_of(score, month_rules(one.month))
    content = _content(one, held, kind, score, grade)
    row = _row(one, actor, now, kind, reason=reason, score=score, grade=grade, content=content)
    session().add(row)
    flush_unique(_TWICE)
    row.record_id, row.correction_id = write(one, actor, now, score, reason)
    session().flush()
    return row


def settle_contest(
    one: Sheet, held: Seats, actor: PersonId, now: datetime, score: Decimal, reason: str
) -> AssessmentReview:
    """Write the decision of a contest with the score that counts from now on."""
    row = _settle(one, held, actor, now, "contest", score, reason)
    row.stands = one.final is not None and score == one.final.score
    session().flush()
    return row


def _row(one: Sheet, actor: PersonId, now: datetime, kind: str, **fields: Any) -> AssessmentReview:
    content = fields.pop("content", {})
    return AssessmentReview(
        assessment_id=one.id,
        kind=kind,
        once=None if kind == "returned" else kind,
        part="review",
        offices=fields.pop("offices", []),
        content=content,
        digest=rules.seal(content) if content else None,
        reviewed_by=actor,
        reviewed_at=now,
        **fields,
    )


def _content(one: Sheet, held: Seats, kind: str, score: Decimal, grade: str) -> dict[str, Any]:
    """Return what is decided on: the month, each office's points, what they come to, by which edition."""
    plans = {one.plan_id: queries.plan(one.plan_id)} if one.plan_id is not None else {}
    numbers = queries.numbers_of([one], plans)[one.id]
    weights = rules.shares(one)
    rated = [(each, one.rating_of(each.id)) for each in one.round.rules.offices]
    return {
        "kind": kind,
        "assessment": one.id,
        "month": one.month.isoformat(),
        "edition": one.round.rules.edition,
        "plan": one.plan_id,
        "values": {name: str(value) for name, value in numbers.values.items()},
        "targets": [[each.target.text, each.met] for each in numbers.targets],
        "offices": [
            {
                "office": each.id,
                "weight": str(weights[each.id]),
                "score": str(found.score),
                "points": {name: str(value) for name, value in found.points.items()},
                "by": int(found.by),
            }
            for each, found in rated
            if found is not None
        ],
        "vacant": [each.id for each in rules.vacant(one, held)],
        "combined": str(rules.result_of(one)),
        "score": str(score),
        "grade": grade,
        "contested": one.answer.says if kind == "contest" and one.answer is not None else "",
    }


def write(
    one: Sheet, actor: PersonId, now: datetime, score: Decimal, reason: str
) -> tuple[int | None, int | None]:
    """Bring a score into the person's month; returns the record's id, or the correction's where it is closed.

    Everything else of the month stays as it is recorded. A month that has this score already is left alone.
    """
    held = next(iter(performance.revisions(one.person_id, one.month)), None)
    if held is not None and held.values.get("score") == score:
        return held.id, None
    values = {**(held.values if held is not None else {}), "score": score}
    opening = held is not None and held.opening
    entry = Entry(
        one.person_id,
        one.month,
        values,
        None,
        held.deductions if held is not None and opening else None,
        held.points if held is not None and opening else None,
    )
    base = held.revision if held is not None else 0
    why = f"月度联合考核第{one.id}号" + (f"：{reason}" if reason else "")
    place = held.standing.department_id if held is not None else one.round.department_id
    if performance.closed_pairs([place], [one.month]):
        return None, months.ask_correction(actor, now, entry, base=base, reason=why)
    made = months.enter_month(actor, now, entry, base=base, reason=why, note=f"月度联合考核第{one.id}号")
    return made, None


def write_again(actor: PersonId, now: datetime, sheet_id: int) -> None:
    """Bring the score that counts into the month once more, after a correction of it was not agreed to."""
    one, held = held_sheet(sheet_id, now)
    rules.check_reviewer(one, held, actor)
    last = one.counts
    if last is None or last.score is None or not is_refused(last):
        raise ConflictError("没有提出：这张考核表没有被退回的更正。请刷新后再看。")
    write(one, actor, now, last.score, last.reason)
    record(actor, "assessment.write", f"assessment:{one.id}", score=str(last.score))


def is_refused(last: Review) -> bool:
    """Tell whether the correction that carries a score was not agreed to."""
    return last.correction_id is not None and performance.correction(last.correction_id).agreed is False
