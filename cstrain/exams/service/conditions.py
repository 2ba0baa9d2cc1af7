"""What must hold before people are set for a paper: window, earlier papers, re-sits, one place at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.exams import ports, rules
from cstrain.exams.models import Attempt, Candidate, Paper, Sitting
from cstrain.exams.policy import PaperSpec
from cstrain.exams.queries.requirements import missing_papers, paper_titles
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, Each
from cstrain.kernel.ids import PersonId
from cstrain.people.queries import people as people_facts
from cstrain.unit_of_work import one_at_a_time


def check_window(spec: PaperSpec, opens_at: datetime, closes_at: datetime, late_minutes: int | None) -> None:
    """Refuse a late limit behind the end, and a window that is not one sitting at a unified paper."""
    if late_minutes is not None and opens_at + timedelta(minutes=late_minutes) > closes_at:
        raise DomainError("迟到时限比整场还长，没有保存。请改短迟到时限，或者留空表示结束前都能开始。")
    if spec.unified and not rules.fits_unified(opens_at, closes_at, spec.minutes, late_minutes):
        raise DomainError(
            "《%(paper)s》是统一考试，所有人同时考：开始到结束要正好%(minutes)s分钟，"
            "允许迟到的，最多再加上迟到时限%(late)s分钟。请改好时间后再保存。",
            paper=spec.title,
            minutes=spec.minutes,
            late=late_minutes or 0,
        )


def check_people(
    spec: PaperSpec, people: Collection[PersonId], now: datetime, opens_at: datetime, sitting_id: int = 0
) -> None:
    """Refuse people who may not be set for a paper at that time; the refusal names them and says why.

    ``sitting_id``: the sitting they are added to, if it is there already.
    """
    _check_passed(spec, people, max(now, opens_at), now)
    _check_resits(spec, people, opens_at, now)
    if spec.unified:
        one_at_a_time(f"unified/{spec.ref}")
        _check_one_place(spec, people, now, sitting_id)


def _names(people: Collection[PersonId], now: datetime) -> Mapping[PersonId, str]:
    found = people_facts(people, local_date(now))
    return {person: facts.name for person, facts in found.items()}


def _check_passed(spec: PaperSpec, people: Collection[PersonId], at: datetime, now: datetime) -> None:
    missing = missing_papers(spec.requires, people, at)
    if not missing:
        return
    names, titles = _names(missing, now), paper_titles(spec.requires)
    rows = [
        {"name": names[person], "paper": titles[ref]} for person in sorted(missing) for ref in missing[person]
    ]
    raise DomainError(
        "没有保存：参加《%(paper)s》要先通过别的试卷，还缺：%(missing)s。请先安排这些考试，或者去掉这些人。",
        paper=spec.title,
        missing=Each("%(name)s缺《%(paper)s》", rows),
    )


def _check_resits(spec: PaperSpec, people: Collection[PersonId], opens_at: datetime, now: datetime) -> None:
    barred = ports.barred(spec.ref, people, opens_at)
    if not barred:
        return
    names = _names(barred, now)
    rows = [
        {"name": names[person], "why": Each(bar.phrase, [bar.values])}
        for person, bar in sorted(barred.items())
    ]
    raise DomainError(
        "没有保存：按《%(paper)s》的重考规定，这些人现在还不能考：%(people)s。请改时间，或者去掉这些人。",
        paper=spec.title,
        people=Each("%(name)s（%(why)s）", rows),
    )


def _check_one_place(spec: PaperSpec, people: Collection[PersonId], now: datetime, sitting_id: int) -> None:
    """Refuse who waits for, or sits, another sitting of the same unified paper."""
    done = sa.select(Attempt.id).where(
        Attempt.candidate_id == Candidate.id, Attempt.submitted_at.is_not(None), Attempt.voided_at.is_(None)
    )
    rows = session().execute(
        sa.select(Candidate.person_id, Sitting.title, Sitting.opens_at)
        .join(Sitting, Sitting.id == Candidate.sitting_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .where(
            Paper.ref == spec.ref,
            Candidate.person_id.in_(people),
            Sitting.id != sitting_id,
            Sitting.cancelled_at.is_(None),
            Sitting.closes_at > now,
            ~done.exists(),
        )
        .order_by(Candidate.person_id)
    )
    found = [(PersonId(row.person_id), row.title, row.opens_at) for row in rows]
    if not found:
        return
    names = _names([person for person, _title, _at in found], now)
    raise ConflictError(
        "没有保存：《%(paper)s》是统一考试，这些人已经在另一场里：%(people)s。请去掉他们，或者先取消另一场。",
        paper=spec.title,
        people=Each(
            "%(name)s（《%(title)s》，%(opens_at)s）",
            [{"name": names[person], "title": title, "opens_at": at} for person, title, at in found],
        ),
    )
