"""What waits for somebody in applications, for the home page and the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cstrain.access import may
from cstrain.approvals import queries as acts
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.applications import store
from cstrain.promotion.applications.facts import ApplicationFacts, EntryFacts, RoundFacts, Seat, State
from cstrain.promotion.applications.queries.applications import appeal_of, applications
from cstrain.promotion.applications.queries.defence import rounds
from cstrain.promotion.applications.queries.notices import (
    notice,
    open_notices,
    waiting_objections,
)
from cstrain.promotion.applications.queries.parts import acted

TASK_WORDS: dict[str, str] = {
    "review": "晋升申请等部门评审",
    "check": "晋升申请等资格审核",
    "arrange": "晋升申请等安排答辩",
    "unsure": "有评委请你判断要不要回避",
    "minutes": "评分表已公开，等写答辩记录",
    "publish": "晋升已决定，等公示",
    "close": "公示期已满，等结束",
    "objection": "公示收到异议，等调查和答复",
    "appoint": "公示无异议，等任命",
    "trial": "试岗期满，等提出结论",
    "declare": "答辩评分前要先声明利益关系",
    "score": "答辩等你评分并密封",
    "sign": "答辩记录等你签名",
    "propose": "晋升申请等决定",
    "confirm": "晋升决定等你确认",
    "confirm_trial": "试岗结论等你确认",
    "appeal": "晋升申诉等答复",
}
"""What is to be done, in words (message ids)."""


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to do: its kind (see ``TASK_WORDS``), about whom, where, until when."""

    kind: str
    about: PersonId | None
    url: str
    until: date | None = None


def waiting_for(person: PersonId, now: datetime) -> list[Todo]:
    """Return what waits for somebody by their offices and seats, in the order of the road."""
    return [
        *_reviews(person, now),
        *_human_resources(person, now),
        *_panels(person),
        *_decisions(person),
        *_appeals(person),
    ]


def _of(kind: str, application: ApplicationFacts, until: date | None = None) -> Todo:
    return Todo(kind, application.person_id, f"/applications/{application.id}", until)


def _reviews(person: PersonId, now: datetime) -> Iterable[Todo]:
    if may(person, "application.review"):
        submitted = applications(states=[State.SUBMITTED])
        led = set(people.led_by(person, [one.person_id for one in submitted], local_date(now)))
        yield from (_of("review", one) for one in submitted if one.person_id in led)


def _human_resources(person: PersonId, now: datetime) -> Iterable[Todo]:
    if not may(person, "application.check"):
        return
    held = [State.REVIEWED, State.CHECKED, State.APPROVED, State.CLEARED, State.TRIAL]
    arranged = {one.application_id: one for round_ in rounds() for one in round_.entries}
    acting = {act.subject for act in acts.acts(store.TRIAL)}
    for one in reversed(applications(states=held)):
        if one.person_id != person:
            yield from _of_hr(one, person, arranged, acting, local_date(now))
    for round_ in rounds():
        yield from _in_round(round_, person)
    yield from _of_notices(person, local_date(now))


def _of_hr(
    one: ApplicationFacts,
    person: PersonId,
    arranged: dict[int, EntryFacts],
    acting: set[str],
    today: date,
) -> Iterable[Todo]:
    reviewed = one.last("review")
    if one.state is State.REVIEWED and (reviewed is None or reviewed.by != person):
        yield _of("check", one)
    elif one.state is State.CHECKED and one.id not in arranged:
        yield Todo("arrange", one.person_id, "/defences/new")
    elif one.state is State.APPROVED:
        yield _of("publish", one)
    elif one.state is State.CLEARED:
        yield _of("appoint", one)
    elif one.trial_until is not None and one.trial_until <= today and store.subject_of(one.id) not in acting:
        yield _of("trial", one, one.trial_until)


def _in_round(round_: RoundFacts, person: PersonId) -> Iterable[Todo]:
    for entry in round_.entries:
        if entry.person_id == person:
            continue
        url = f"/defences/{round_.id}"
        if any(one.seat is Seat.UNSURE and one.person_id != person for one in entry.jurors):
            yield Todo("unsure", entry.person_id, url)
        if entry.opened_at is not None and entry.minutes is None:
            yield Todo("minutes", entry.person_id, f"/defences/entries/{entry.id}")


def _of_notices(person: PersonId, today: date) -> Iterable[Todo]:
    waiting = waiting_objections()
    for objection in waiting:
        about = notice(objection.notice_id)
        if person not in {about.person_id, objection.by}:
            until = objection.answer_by if objection.started_at else objection.start_by
            yield Todo("objection", about.person_id, f"/public-notices/{about.id}/objections", until)
    blocked = {one.notice_id for one in waiting}
    for one in open_notices():
        if one.last_day < today and one.id not in blocked and one.person_id != person:
            yield Todo("close", one.person_id, f"/applications/{one.application_id}")


def _panels(person: PersonId) -> Iterable[Todo]:
    for round_ in rounds(juror=person):
        for entry in round_.entries:
            juror = entry.juror(person)
            url = f"/defences/entries/{entry.id}"
            if juror is None or juror.seat in {Seat.OUT, Seat.UNSURE}:
                continue
            if juror.seat is Seat.SILENT and entry.opened_at is None:
                yield Todo("declare", entry.person_id, url)
            elif not juror.sealed and entry.opened_at is None and entry.times[0] is not None:
                yield Todo("score", entry.person_id, url)
            elif entry.minutes is not None and juror.sealed and not juror.signed:
                yield Todo("sign", entry.person_id, url)


def _decisions(person: PersonId) -> Iterable[Todo]:
    if not may(person, "application.decide"):
        return
    proposed = {act.subject: act for act in acts.acts(store.DECIDE)}
    trials = {act.subject: act for act in acts.acts(store.TRIAL)}
    confirms = may(person, "application.confirm")
    for one in reversed(applications(states=[State.DEFENDED, State.TRIAL])):
        act = (proposed if one.state is State.DEFENDED else trials).get(store.subject_of(one.id))
        if one.person_id == person or (act is not None and act.proposed_by == person):
            continue
        if one.state is State.DEFENDED and act is None:
            yield _of("propose", one)
        elif act is not None and confirms:
            yield _of("confirm" if one.state is State.DEFENDED else "confirm_trial", one)


def _appeals(person: PersonId) -> Iterable[Todo]:
    if not may(person, "application.decide_appeal"):
        return
    ended = [State.RETURNED, State.DECLINED, State.STOPPED, State.UNCONFIRMED]
    for one in reversed(applications(states=ended)):
        appeal = appeal_of(one.id)
        if appeal is not None and appeal.upheld is None and person not in acted(one.id) | {one.person_id}:
            yield _of("appeal", one, appeal.decide_by)
