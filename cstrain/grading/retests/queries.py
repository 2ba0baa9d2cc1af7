"""Reading which passes relied on a changed lesson; a fixed number of statements, and one for each sitting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from cstrain.exams import queries as exams
from cstrain.exams.facts import SittingFacts
from cstrain.extensions import local_date, session, zone
from cstrain.grading.credentials.facts import RESULT, Credential, Standing
from cstrain.grading.credentials.queries import Taken, credentials_of, taken_by
from cstrain.grading.models import Release, Result
from cstrain.grading.retests import rules
from cstrain.grading.retests.facts import Draft, PaperGroup, Reliance, RetestSitting, Waiver
from cstrain.grading.retests.models import RetestWaiver
from cstrain.grading.rules import from_json
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.lessons.queries import LessonChange, lesson_changes
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.questions.sources.queries import versions_naming

_LOOK_BACK = timedelta(days=365)
_RECENT, _MOST_RECENT = timedelta(days=60), 3
"""How far back, and at how many changes, somebody's home looks for people to retest."""
_HANDED_IN = ("submitted", "expired")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all holders."""

    today: date
    facts: Mapping[PersonId, PersonFacts]
    away: frozenset[PersonId]
    since: Mapping[tuple[PersonId, str], date]
    waivers: Mapping[int, Waiver]
    arranged: frozenset[tuple[PersonId, str]]
    sat: frozenset[tuple[PersonId, str]]


def relying(change: LessonChange, at: datetime) -> list[PaperGroup]:
    """Return the valid passes that relied on what a change touched, by paper and staff number.

    A pass relied on it when it was sat before the change and asked a version that names a touched section.
    """
    asked = _asked(change)
    held = _held(asked, change, at)
    if not held:
        return []
    marks = _marks({taken.attempt.id for _pass, taken in held})
    known = _known(change, held, at)
    lines = [_line(found, taken, marks, asked, known) for found, taken in held]
    lines.sort(key=lambda line: (line.paper_ref, line.person.staff_no, line.attempt_id))
    titles = {line.paper_ref: line.title for line in lines}
    return [
        PaperGroup(ref, title, [line for line in lines if line.paper_ref == ref])
        for ref, title in sorted(titles.items())
    ]


def waiting(at: datetime) -> list[tuple[LessonChange, int]]:
    """Return the newest changes after which people still wait for a sitting, with how many passes wait."""
    changes, _ = lesson_changes(_MOST_RECENT)
    recent = [change for change in changes if change.at >= at - _RECENT]
    counted = [(change, sum(len(group.waiting) for group in relying(change, at))) for change in recent]
    return [(change, number) for change, number in counted if number]


def _asked(change: LessonChange) -> dict[int, set[int]]:
    """Return the slots of released attempts in which a touched version stood, by attempt."""
    versions = versions_naming(change)
    if not versions:
        return {}
    unreleased: sa.Select[Any] = sa.select(Release.attempt_id).where(Release.released_at.is_(None))
    found: dict[int, set[int]] = {}
    for slot in exams.slots_asking(set(versions.values()), leaving_out=unreleased):
        if slot.version_id in versions:
            found.setdefault(slot.attempt_id, set()).add(slot.slot)
    return found


def _held(asked: Collection[int], change: LessonChange, at: datetime) -> list[tuple[Credential, Taken]]:
    """Return the valid passes among these attempts that were begun before the change, one a person and paper.

    Of several passes of one paper the last one counts: it is the one that is relied upon.
    """
    holders = {one.person_id for one in exams.attempts(asked, at).values()} if asked else set()
    attempts = {one.attempt.id: one for one in taken_by(holders, at)} if holders else {}
    found: dict[tuple[PersonId, str], tuple[Credential, Taken]] = {}
    for one in credentials_of(holders, at) if holders else ():
        if one.origin != RESULT or one.standing is not Standing.VALID or one.ref not in asked:
            continue
        taken = attempts[AttemptId(one.ref)]
        if taken.attempt.started_at < change.at:
            found.setdefault((one.person_id, one.paper_ref), (one, taken))
    return list(found.values())


def _marks(attempt_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the marks of the results that count."""
    rows = session().execute(
        sa.select(Result.attempt_id, Result.marks)
        .where(Result.attempt_id.in_(attempt_ids))
        .order_by(Result.attempt_id, Result.number)
    )
    return dict(rows.all())


def _known(change: LessonChange, held: Iterable[tuple[Credential, Taken]], at: datetime) -> _Known:
    today = local_date(at)
    holders = {one.person_id for one, _taken in held}
    plans = people.work_plans(holders)
    arranged, sat = _sittings_of(change, holders, at)
    return _Known(
        today,
        people.people(holders, today),
        frozenset(who for who, plan in plans.items() if rules.is_long_leave(today, plan.leave_days)),
        {
            (one.attempt.person_id, one.attempt.paper.ref): one.exam_on
            for one in taken_by(holders, at)
            if one.passes and one.attempt.started_at >= change.at
        },
        _waivers(change),
        arranged,
        sat,
    )


def _sittings_of(
    change: LessonChange, holders: Collection[PersonId], at: datetime
) -> tuple[frozenset[tuple[PersonId, str]], frozenset[tuple[PersonId, str]]]:
    """Return for whom and which paper a sitting of this change is ahead or open, and who has sat one."""
    subject = rules.subject_of(change.ref, change.number)
    ahead = [one for one in exams.sittings_for([subject]) if not one.cancelled and one.closes_at > at]
    done = frozenset(
        (one.person_id, one.paper.ref)
        for one in exams.attempts_of(holders, at)
        if one.subject == subject and one.state in _HANDED_IN
    )
    invited = {(person, one.paper.ref) for one in ahead for person in exams.candidates_of(one.id)}
    return frozenset(invited - done), done


def _waivers(change: LessonChange) -> dict[int, Waiver]:
    rows = session().scalars(
        sa.select(RetestWaiver).where(
            RetestWaiver.lesson_ref == change.ref, RetestWaiver.lesson_number == change.number
        )
    )
    return {row.attempt_id: Waiver(row.reason, PersonId(row.decided_by), row.decided_at) for row in rows}


def _line(
    found: Credential,
    taken: Taken,
    marks: Mapping[int, list[dict[str, Any]]],
    asked: Mapping[int, set[int]],
    known: _Known,
) -> Reliance:
    person, key = found.person_id, (found.person_id, found.paper_ref)
    touched = rules.touched(map(from_json, marks[found.ref]), asked[found.ref])
    waiver, since = known.waivers.get(found.ref), known.since.get(key)
    situation = rules.Situation(
        known.facts[person].status is Status.LEFT,
        person in known.away,
        since is not None,
        waiver is not None,
        key in known.arranged,
        key in known.sat,
    )
    enough = found.raw - touched.earned >= taken.attempt.paper.pass_mark
    return Reliance(
        known.facts[person],
        taken.attempt.id,
        found.paper_ref,
        found.title,
        found.raw,
        found.exam_on,
        touched,
        enough,
        rules.stage(situation),
        since,
        waiver,
    )


def sittings(change: LessonChange, at: datetime) -> list[RetestSitting]:
    """Return the sittings arranged after a change, the latest first. One statement for each."""
    found = exams.sittings_for([rules.subject_of(change.ref, change.number)])
    return [_sitting(one, at) for one in found]


def _sitting(one: SittingFacts, at: datetime) -> RetestSitting:
    done = {each.person_id for each in exams.attempts_at(one.id, at) if each.state in _HANDED_IN}
    return RetestSitting(
        one.id,
        one.title,
        one.paper.ref,
        one.opens_at,
        one.closes_at,
        one.place,
        one.cancelled,
        one.candidates,
        len(done),
    )


def draft(paper_ref: str, arranger: PersonId, at: datetime) -> Draft:
    """Return a ready sitting for a paper in force; raises ``NotFoundError`` when it is no more."""
    paper, today = exams.paper(paper_ref, at), local_date(at)
    days = people.work_calendar(arranger).working_days(today + timedelta(days=1))
    opens, closes = rules.window(days, paper.minutes, unified=paper.unified)
    places = [one.place for one in exams.arranged_sittings(at - _LOOK_BACK) if one.paper.ref == paper_ref]
    return Draft(
        gettext("%(title)s（课文更新后重考）", title=paper.title)[:80],
        opens.replace(tzinfo=zone()),
        closes.replace(tzinfo=zone()),
        next((place for place in places if place), ""),
        paper.minutes,
        paper.unified,
    )
