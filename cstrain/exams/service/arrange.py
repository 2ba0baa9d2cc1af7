"""Setting papers for people: sittings, candidates, and the depth check before anything is promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.audit.service import record
from cstrain.exams import ports
from cstrain.exams.assembly import depth
from cstrain.exams.events import SittingScheduled, sitting_scheduled
from cstrain.exams.models import Attempt, Candidate, Paper, Sitting
from cstrain.exams.queries.candidates import candidates_of, newest_accommodation
from cstrain.exams.service.accommodate import accommodate
from cstrain.exams.service.conditions import check_people, check_window
from cstrain.exams.store import get_candidate, get_sitting, lacking, met_questions, paper_to_sit, spec_of
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify
from cstrain.questions.queries import pool
from cstrain.unit_of_work import flush_unique

_INVITED = Bundle(
    "sittings",
    "给你安排了%(n)s场考试，最近安排的是《%(title)s》，%(opens_at)s开始。",
    "/exams",
    mail_each=True,
)


def schedule(
    actor: PersonId | None,
    now: datetime,
    *,
    paper_ref: str,
    kind: str,
    subject: str,
    people: Sequence[PersonId],
    opens_at: datetime,
    closes_at: datetime,
    place: str = "",
    title: str = "",
    tell: bool = True,
    late_minutes: int | None = None,
    code: str | None = None,
) -> SittingId:
    """Arrange one attempt for each of ``people`` in a window and return the sitting.

    They are invited, unless the caller tells them itself (``tell``). ``late_minutes``: how long after the
    opening one may still start (``None``: until it closes); ``code``: what candidates type to start. Refuses,
    with numbers, when a disjoint paper's bank cannot give somebody an entirely new form; by name, who has not
    passed what the paper requires; an exam for oneself.
    """
    _check_arrangement(actor, people, now, opens_at, closes_at)
    paper = paper_to_sit(paper_ref, local_date(opens_at))
    check_window(spec_of(paper), opens_at, closes_at, late_minutes)
    check_people(spec_of(paper), people, now, opens_at)
    _check_depth(paper, people)
    sitting = _sitting(
        paper, kind, subject, (opens_at, closes_at), now, by=actor, place=place, title=title, most=1
    )
    sitting.late_minutes, sitting.code = late_minutes, code
    _seat(sitting, people, now, tell=tell)
    detail = {"about": subject, "people": sorted(people), "opens_at": opens_at.isoformat()}
    record(actor, "sitting.schedule", f"sitting:{sitting.id}", paper=paper_ref, **detail)
    sitting_scheduled.send(SittingScheduled(SittingId(sitting.id), tuple(people), now))
    return SittingId(sitting.id)


def _seat(sitting: Sitting, people: Sequence[PersonId], now: datetime, *, tell: bool) -> None:
    for person in sorted(set(people)):
        session().add(Candidate(sitting_id=sitting.id, person_id=person, extra_minutes=0))
        if tell:
            _invite(sitting, person, now)
    session().flush()


def _check_arrangement(
    actor: PersonId | None, people: Sequence[PersonId], now: datetime, opens_at: datetime, closes_at: datetime
) -> None:
    if actor is not None and actor in people:
        raise ForbiddenError("不能给自己安排考试。请让另一位有权限的人来安排。")
    if not people:
        raise DomainError("没有选择考生，场次没有建立。请至少选择一人。")
    if closes_at <= opens_at or closes_at <= now:
        raise DomainError("结束时间要晚于开始时间，也要晚于现在。请改好时间后再保存。")


def _invite(sitting: Sitting, person: PersonId, now: datetime) -> None:
    notify(
        person,
        "你有一场考试：《%(title)s》，%(opens_at)s开始。",
        values={"title": sitting.title, "opens_at": sitting.opens_at},
        url=f"/sittings/{sitting.id}",
        bundle=_INVITED,
        now=now,
    )


def _check_depth(paper: Paper, people: Sequence[PersonId]) -> None:
    spec = spec_of(paper)
    available = pool(*spec.banks)
    for person in people:
        met = met_questions(person, spec.ref) if spec.disjoint else set()
        missing = depth(spec, available, met).missing
        if missing:
            raise DomainError(
                "题库不够，场次没有建立。《%(paper)s》要给每位考生全新的题目，现在还缺：%(missing)s。"
                "请培训师先补题，再安排考试。",
                paper=paper.title,
                missing=lacking(spec, missing),
            )


def _sitting(
    paper: Paper,
    kind: str,
    subject: str,
    window: tuple[datetime, datetime],
    now: datetime,
    *,
    title: str = "",
    place: str = "",
    most: int | None = None,
    by: PersonId | None = None,
    quiz_of: PersonId | None = None,
) -> Sitting:
    sitting = Sitting(
        paper_id=paper.id,
        kind=kind,
        subject=subject,
        quiz_of=quiz_of,
        title=title or paper.title,
        place=place,
        late_minutes=None,
        code=None,
        opens_at=window[0],
        closes_at=window[1],
        max_attempts=most,
        created_by=by,
        created_at=now,
        cancelled_at=None,
    )
    session().add(sitting)
    session().flush()
    return sitting


def ensure_quiz(
    now: datetime, *, paper_ref: str, subject: str, person: PersonId, opens_at: datetime, closes_at: datetime
) -> SittingId:
    """Return the person's quiz sitting for ``subject``, made at first asking. Quizzes may be retaken.

    Two first askings at the same moment (a double click, two tabs) get the same sitting.
    """
    found = _quiz(person, subject)
    if found is not None:
        return found
    paper = paper_to_sit(paper_ref, local_date(now))
    try:
        with session().begin_nested():
            sitting = _sitting(paper, "quiz", subject, (opens_at, closes_at), now, quiz_of=person)
            session().add(Candidate(sitting_id=sitting.id, person_id=person, extra_minutes=0))
    except IntegrityError:
        found = _quiz(person, subject)
        if found is None:
            raise
        return found
    record(person, "sitting.quiz", f"sitting:{sitting.id}", paper=paper_ref, about=subject)
    return SittingId(sitting.id)


def _quiz(person: PersonId, subject: str) -> SittingId | None:
    found = session().scalar(
        sa.select(Sitting.id).where(Sitting.quiz_of == person, Sitting.subject == subject)
    )
    return SittingId(found) if found is not None else None


def add_candidate(
    actor: PersonId,
    now: datetime,
    sitting_id: SittingId,
    person: PersonId,
    extra_minutes: int = 0,
    reason: str = "",
) -> None:
    """Add a person to a sitting. Extra minutes (with the reason) are an accommodation; see ``accommodate``.

    For who is there already only the extra minutes are set; nothing happens when they have these.
    """
    if actor == person:
        raise ForbiddenError("不能给自己安排考试。请让另一位有权限的人来安排。")
    sitting = get_sitting(sitting_id)
    if sitting.cancelled_at is not None or now >= sitting.closes_at:
        raise ConflictError("这场考试已经取消或结束，不能再安排考生。请另建场次。")
    if person not in candidates_of(sitting_id):
        _add(actor, now, sitting, person)
    given = newest_accommodation(get_candidate(sitting_id, person).id)
    if candidates_of(sitting_id)[person] != extra_minutes:
        accommodate(
            actor,
            now,
            sitting_id,
            person,
            reason=reason,
            opens_at=given.opens_at if given else None,
            closes_at=given.closes_at if given else None,
            extra_minutes=extra_minutes,
            late=given.late if given else False,
        )


def _add(actor: PersonId, now: datetime, sitting: Sitting, person: PersonId) -> None:
    paper = session().get_one(Paper, sitting.paper_id)
    check_people(spec_of(paper), [person], now, sitting.opens_at, sitting.id)
    _check_depth(paper, [person])
    session().add(Candidate(sitting_id=sitting.id, person_id=person, extra_minutes=0))
    flush_unique("这位考生刚刚已由别人加入这一场。请刷新后再看。")
    _invite(sitting, person, now)
    record(actor, "sitting.candidate", f"sitting:{sitting.id}", person=person)
    sitting_scheduled.send(SittingScheduled(SittingId(sitting.id), (person,), now))


def cancel(
    actor: PersonId | None, now: datetime, sitting_id: SittingId, reason: str, *, tell: bool = True
) -> None:
    """Cancel a sitting nobody has started; the reason is kept in the log.

    Its candidates are told, unless the caller tells them in its own words.
    """
    sitting = get_sitting(sitting_id)
    if session().scalar(sa.select(Attempt.id).where(Attempt.sitting_id == sitting_id).limit(1)) is not None:
        raise ConflictError("已经有人开考，场次不能取消。")
    if ports.sits_on_paper(sitting_id):
        raise ConflictError("已经有考生拿到纸卷，场次不能取消。请先撤回没有用的纸卷。")
    if sitting.cancelled_at is not None:
        return
    sitting.cancelled_at = now
    session().flush()
    record(actor, "sitting.cancel", f"sitting:{sitting_id}", reason=reason)
    invited = sa.select(Candidate.person_id).where(Candidate.sitting_id == sitting_id)
    for person in session().scalars(invited) if tell else ():
        notify(
            PersonId(person),
            "《%(title)s》（%(opens_at)s）已取消，不用参加。",
            values={"title": sitting.title, "opens_at": sitting.opens_at},
            url="/exams",
            now=now,
        )
