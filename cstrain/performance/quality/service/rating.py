"""Rating: take a drawn chat, keep points, finish, give back, rate again before the publication."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.points import Points, check_halves, given_points, kept_points
from cstrain.judgement.rubric import Rubric
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.performance.quality import queries, rules
from cstrain.performance.quality.facts import SheetFacts, Side
from cstrain.performance.quality.models import QualityRating, QualityRubric
from cstrain.performance.quality.queries.base import allowed
from cstrain.unit_of_work import flush_unique, one_at_a_time

STALE = "stale"
REASONS = ("known", "unable", "other")
"""Why a sheet is given back: the rater knows whose chat it is, cannot judge it, something else."""


def rubric_row(now: datetime) -> QualityRubric:
    """Return the rubric in force as a row, kept once for each wording."""
    shared = queries.shared_rubric()
    if shared.effective_from > local_date(now):
        raise DomainError("没有开始：会话质检标准还没有生效。")
    criteria = [one.model_dump(mode="json") for one in shared.rubric]
    digest = hashlib.sha256(json.dumps(criteria, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    one_at_a_time("quality.rubric")
    row = session().scalar(sa.select(QualityRubric).where(QualityRubric.digest == digest))
    if row is None:
        row = QualityRubric(digest=digest, effective_from=shared.effective_from, criteria=criteria)
        session().add(row)
        session().flush()
    return row


def take(actor: PersonId, now: datetime, week: date, side: Side) -> int | None:
    """Take a drawn chat of a week at random, or go on with the one begun there; return the sheet's id.

    Never one's own. ``None`` when the queue holds nothing for this rater.
    """
    one_at_a_time(f"quality.week:{week.isoformat()}")
    on = local_date(now)
    samples = [one for one in queries.open_samples(on, week) if one.side is side]
    for one in samples:
        if (draft := queries.draft_of(actor, one)) is not None:
            return draft
    if _free_stale(now, samples):
        samples = [one for one in queries.open_samples(on, week) if one.side is side]
    free = queries.free_for(actor, samples, on)
    if not free:
        return None
    sample = min(free, key=lambda one: rules.chance(one.seed, one.id, actor))
    rubric = rubric_row(now)
    row = QualityRating(
        sample_id=sample.id,
        number=1,
        agent_id=sample.agent_id,
        rater_id=actor,
        rubric_id=rubric.id,
        points={},
        note="",
        started_at=now,
        touched_at=now,
    )
    session().add(row)
    flush_unique("这通会话刚刚被别人取走，没有开始。请再取一通。")
    record(actor, "quality.take", f"quality-rating:{row.id}", sample=sample.id)
    return row.id


def _free_stale(now: datetime, samples: list[queries.OpenSample]) -> bool:
    """Take back the sheets that nobody touched for long; tell whether there were any."""
    limit = now - timedelta(hours=queries.quality_rules().hold_hours)
    stale = [
        row
        for one in samples
        for row in one.ratings
        if row.number == 1 and row.finished_at is None and row.touched_at < limit
    ]
    for row in stale:
        row.returned_at, row.why = now, STALE
        record(None, "quality.stale", f"quality-rating:{row.id}", rater=row.rater_id)
    session().flush()
    return bool(stale)


def keep(actor: PersonId, now: datetime, rating_id: int, points: Points, note: str) -> None:
    """Keep what an unfinished sheet says so far; criteria without points are left out."""
    _keep(actor, now, rating_id, points, note)


def finish(actor: PersonId, now: datetime, rating_id: int, points: Points, note: str) -> None:
    """Finish a sheet: every criterion has its points."""
    sheet = _keep(actor, now, rating_id, points, note)
    row = queries.own_rating(rating_id, actor)
    row.share = full_share(sheet.rubric, queries.points_of(row))
    row.finished_at = now
    session().flush()
    record(actor, "quality.finish", f"quality-rating:{row.id}", sample=row.sample_id, number=row.number)


def full_share(rubric: Rubric, points: Points) -> str:
    """Return the exact share that points earn; refuses a criterion without any."""
    given = {name: value for name, value in points.items() if value is not None}
    lacking = [each.title for each in rubric.criteria if each.id not in given]
    if lacking:
        raise DomainError("还没有打完：%(missing)s没有分数。请补齐后再完成。", missing="、".join(lacking))
    return str(rubric.share(given))


def give_back(actor: PersonId, now: datetime, rating_id: int, why: str) -> None:
    """Give an unfinished sheet back; it never comes to the same rater again."""
    sheet = _open_sheet(actor, now, rating_id)
    if why not in REASONS:
        raise DomainError("没有交回：请选择原因。")
    row = queries.own_rating(sheet.id, actor)
    row.returned_at, row.why = now, why
    session().flush()
    record(actor, "quality.return", f"quality-rating:{row.id}", why=why)


def revise(actor: PersonId, now: datetime, rating_id: int) -> int:
    """Begin to rate one's own finished sheet again, before the publication; return the new sheet's id.

    The first one stays, and counts until the new one is finished.
    """
    sheet = _held(actor, now, rating_id)
    if not sheet.may_revise:
        raise ConflictError("这张打分表不能再改：已经公布，或已经有新的打分。公布后请按异议办理。")
    first = queries.own_rating(rating_id, actor)
    row = QualityRating(
        sample_id=first.sample_id,
        number=first.number + 1,
        agent_id=first.agent_id,
        rater_id=actor,
        rubric_id=first.rubric_id,
        points=dict(first.points),
        note=first.note,
        started_at=now,
        touched_at=now,
    )
    session().add(row)
    flush_unique("这张打分表已经在别处重新打开，没有再开一次。")
    record(actor, "quality.revise", f"quality-rating:{row.id}", sample=row.sample_id, number=row.number)
    return row.id


def _held(actor: PersonId, now: datetime, rating_id: int) -> SheetFacts:
    """Return a sheet of one's own while its week stands still: nobody publishes it meanwhile."""
    found = queries.sheet(rating_id, actor, now)
    one_at_a_time(f"quality.week:{found.week.isoformat()}")
    row = queries.own_rating(rating_id, actor)
    session().refresh(row, with_for_update=True)
    if not allowed(actor, "quality.rate", PersonId(row.agent_id)):
        raise ForbiddenError("没有保存：自己的会话要由别人打分。")
    return queries.sheet(rating_id, actor, now)


def _open_sheet(actor: PersonId, now: datetime, rating_id: int) -> SheetFacts:
    sheet = _held(actor, now, rating_id)
    if sheet.state == "returned":
        raise ConflictError("这张打分表已经交回，不在你手里，没有保存。请取下一通。")
    if sheet.state == "missed":
        raise ConflictError("这一周已经公布，没有打完的不再计入，没有保存。请取下一通。")
    if sheet.state != "open":
        raise ConflictError("这张打分表已经完成，没有保存。要改请先重新打分。")
    return sheet


def _keep(actor: PersonId, now: datetime, rating_id: int, points: Points, note: str) -> SheetFacts:
    sheet = _open_sheet(actor, now, rating_id)
    given = given_points(sheet.rubric, points, note)
    check_halves(sheet.rubric, given)
    row = queries.own_rating(rating_id, actor)
    row.points = kept_points(given)
    row.note, row.touched_at = note.strip(), now
    session().flush()
    return sheet
