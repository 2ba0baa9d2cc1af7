"""What waits for somebody in quarterly ratings, for the home page, the list and the reminders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext

from cstrain.access import may
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.rating import store
from cstrain.promotion.rating.facts import Line, Outcome, Run, Stage
from cstrain.promotion.rating.queries.judging import Candidate, candidates
from cstrain.promotion.rating.queries.records import (
    acted_in,
    comments,
    judged_in,
    line,
    lines,
    lines_of,
    open_contests,
    run,
    runs,
    stages,
    waiting_confirmations,
    waiting_late,
)

DUTY_WORDS = {
    "own": lazy_gettext("看自己的评级，不同意可以申诉"),
    "start": lazy_gettext("季度已关账，可以评级"),
    "contest": lazy_gettext("评级申诉等你答复"),
    "comment": lazy_gettext("下属的降级等你写评语"),
    "late": lazy_gettext("重新提出的评级等你确认"),
    "answer": lazy_gettext("评级结果等你确认"),
    "propose": lazy_gettext("评级结果可以生效，等提出"),
}
"""What pages call each kind of duty."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: ``kind``, in which run, about which line where it is about one, until when."""

    kind: str
    run: Run | None = None
    line: Line | None = None
    candidate: Candidate | None = None
    number: int = 1
    until: date | None = None


def duties(person: PersonId, today: date) -> list[Duty]:
    """Return what waits for somebody in quarterly ratings."""
    return [
        *_own(person, today),
        *_start(person, today),
        *_contests(person),
        *_comments(person, today),
        *_late(person),
        *_confirmations(person, today),
    ]


def to_start(today: date) -> list[Candidate]:
    """Return the quarters that may be rated now: over, closed everywhere, not rated yet."""
    done = {(one.ladder_ref, one.quarter) for one in runs()}
    return [one for one in candidates(today, store.chapter().quarters_back, done) if not one.open]


def _own(person: PersonId, today: date) -> Iterator[Duty]:
    newest = next(iter(lines_of(person)), None)
    if newest is None or newest.outcome is not Outcome.DOWN:
        return
    if stages(newest.run, [newest], today)[newest.id] is Stage.WINDOW:
        yield Duty("own", run(newest.run), newest, until=newest.contest_until)


def _start(person: PersonId, today: date) -> Iterator[Duty]:
    if may(person, "rating.run"):
        yield from (Duty("start", candidate=one) for one in to_start(today))


def _contests(person: PersonId) -> Iterator[Duty]:
    if not may(person, "rating.decide"):
        return
    for one in open_contests():
        if may(person, "rating.decide", one.person) and may_judge(person, one.run, one.person):
            yield Duty("contest", run(one.run), line(one.line), until=one.decide_by)


def may_judge(person: PersonId, run_id: int, about: PersonId) -> bool:
    """Tell whether somebody may decide a contest of a run: no part in it, no comment, not the person."""
    wrote = {one.by for one in comments(run_id) if one.person == about}
    return person != about and person not in acted_in(run_id) | wrote


def _comments(person: PersonId, today: date) -> Iterator[Duty]:
    """Yield the falls of one's own people that one has not yet said anything about."""
    if not may(person, "rating.comment") or may(person, "rating.run"):
        return
    visible = people.visible_people(person, "rating.comment", today)
    for each in runs()[:2]:
        wrote = {one.person for one in comments(each.id) if one.by == person}
        mine = [
            one
            for one in lines(each.id, visible)
            if one.outcome is Outcome.DOWN and one.effect is None and one.person not in wrote
        ]
        open_ones = [one for one in mine if today <= one.contest_until]
        if open_ones:
            yield Duty("comment", each, number=len(open_ones), until=min(o.contest_until for o in open_ones))


def _late(person: PersonId) -> Iterator[Duty]:
    if may(person, "rating.confirm"):
        for one in waiting_late():
            if person not in {one.asked_by, one.person}:
                (found,) = lines(one.run, [one.person])
                yield Duty("late", run(one.run), found)


def _confirmations(person: PersonId, today: date) -> Iterator[Duty]:
    if not may(person, "rating.confirm"):
        return
    waiting = waiting_confirmations()
    for one in waiting:
        each = run(one.run)
        if person not in {one.proposed_by, each.started_by} | judged_in(one.run):
            yield Duty("answer", each, number=len(one.lines))
    if may(person, "rating.run"):
        asked = {one.run for one in waiting}
        for each in runs()[: 2 * store.chapter().quarters_back]:
            ready = ready_lines(each, today)
            if ready and each.id not in asked and person not in judged_in(each.id):
                yield Duty("propose", each, number=len(ready))


def ready_lines(one: Run, today: date) -> list[Line]:
    """Return the lines of a run that may be put into effect now."""
    found = lines(one.id)
    where = stages(one.id, found, today)
    return [each for each in found if where[each.id] is Stage.READY]
