"""A round of defences: issued by HR, drawn by a seed; jurors declare their ties; times are noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.applications import grounds, queries, store
from cstrain.promotion.applications.facts import EntryFacts, Seat, State
from cstrain.promotion.applications.models import (
    DefenceEntry,
    DefenceJuror,
    DefenceRound,
    JurorDeclaration,
)
from cstrain.promotion.applications.policy import Panel
from cstrain.promotion.applications.rules import panel as rules
from cstrain.promotion.applications.service.common import not_self, tell, written
from cstrain.promotion.applications.service.opening import open_if_all_sealed
from cstrain.promotion.applications.service.ties import note_ties
from cstrain.unit_of_work import flush_unique

_DOUBLE = "没有保存：有一份申请已经排进别的一轮。请刷新后再选。"
TIMES = ("speech_from", "speech_to", "answers_from", "answers_to")
"""The moments of a defence in their order."""


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round to issue: whose applications, who sits, by which plan, when and where."""

    title: str
    plan: str
    starts_at: datetime
    place: str
    panel_ref: str
    applications: tuple[int, ...]
    jurors: tuple[PersonId, ...]


def issue_round(actor: PersonId, now: datetime, new: NewRound, seed: int) -> int:
    """Issue a round; return its id. Order and questions are drawn from ``seed``, which is kept.

    Every application has passed HR's check and needs this panel. A juror who mentored or directly supervises
    an applicant is out for that one, unless the policy names the office: then it goes into the minutes.
    Nobody who has an application of their own open sits.
    """
    panel = store.panel_of(new.panel_ref)
    applied = [_ready(actor, one, new.panel_ref) for one in dict.fromkeys(new.applications)]
    if not applied:
        raise DomainError("没有保存：请至少选一份申请。")
    seats = _seats(panel, new.jurors, now)
    row = DefenceRound(
        panel_ref=panel.ref,
        chapter_edition=store.chapter().edition,
        title=written(new.title, 60),
        plan=written(new.plan),
        starts_at=new.starts_at,
        place=written(new.place, 60),
        seed=seed,
        issued_by=actor,
        issued_at=now,
    )
    session().add(row)
    session().flush()
    for person, office in seats.items():
        session().add(_juror(row.id, person, office, actor, now))
    for drawn in rules.draw(panel, [one for one, _person in applied], seed):
        _enter(row.id, drawn, dict(applied)[drawn.application], panel, seats, now)
    flush_unique(_DOUBLE)
    record(actor, "defence.issue", f"defence:{row.id}", panel=panel.ref, seed=seed, entries=len(applied))
    _tell_round(now, row.id, new, [person for _one, person in applied])
    return row.id


def _ready(actor: PersonId, application_id: int, panel_ref: str) -> tuple[int, PersonId]:
    found = queries.application(application_id)
    not_self(actor, found.person_id)
    _ladder, step = grounds.step_of(found)
    if found.state is not State.CHECKED or step.panel != panel_ref:
        raise ConflictError("没有保存：有一份申请不在等这种答辩。请刷新后再选。")
    return found.id, found.person_id


def _seats(panel: Panel, jurors: Collection[PersonId], now: datetime) -> dict[int, str]:
    on = local_date(now)
    able = {one.id for one in queries.possible_jurors(panel, on)}
    busy = {one.person_id for one in queries.applications(people=list(jurors), closed=False)}
    if not able.issuperset(jurors) or busy:
        raise DomainError("没有保存：有人不能做这一轮的评委（没有资格，或自己也在申请）。请重新选择。")
    return rules.check_panel(panel, {one: people.roles_of(one, on) for one in dict.fromkeys(jurors)})


def _juror(round_id: int, person: int, office: str, actor: PersonId, now: datetime) -> DefenceJuror:
    return DefenceJuror(round_id=round_id, person_id=person, office=office, named_by=actor, named_at=now)


def _enter(
    round_id: int,
    drawn: rules.Drawn,
    person: PersonId,
    panel: Panel,
    seats: Iterable[int],
    now: datetime,
) -> None:
    row = DefenceEntry(
        round_id=round_id,
        application_id=drawn.application,
        person_id=person,
        position=drawn.position,
        questions=list(drawn.questions),
    )
    session().add(row)
    flush_unique(_DOUBLE)
    for juror in seats:
        note_ties(row.id, PersonId(juror), person, panel, now)


def _tell_round(now: datetime, round_id: int, new: NewRound, applicants: list[PersonId]) -> None:
    message = "%(title)s：%(at)s，%(place)s。"
    values = {"title": new.title, "at": new.starts_at, "place": new.place}
    tell(new.jurors, message, now, url=f"/defences/{round_id}", **values)
    tell(applicants, message, now, url="/applications/mine", **values)


def name_juror(actor: PersonId, now: datetime, round_id: int, person: PersonId) -> None:
    """Name one more juror for a round (somebody stepped back), before any sheet of it is open."""
    store.locked_row(DefenceRound, round_id)
    found = queries.round_facts(round_id)
    panel = store.panel_of(found.panel_ref, found.edition)
    if any(one.opened_at is not None for one in found.entries):
        raise ConflictError("没有保存：这一轮的分数已经公开，不能再加评委。")
    for one in found.entries:
        not_self(actor, one.person_id)
    on = local_date(now)
    known = {one.person_id for one in queries.applications(people=[person], closed=False)}
    able = {one.id for one in queries.possible_jurors(panel, on, known)}
    office = next((one for one in panel.offices if one in people.roles_of(person, on)), None)
    if person not in able or office is None or person in found.jurors:
        raise DomainError("没有保存：这个人不能做这一轮的评委。请选择别人。")
    session().add(_juror(round_id, person, office, actor, now))
    flush_unique("没有保存：这个人已经是这一轮的评委。")
    for one in found.entries:
        note_ties(one.id, person, one.person_id, panel, now)
    session().flush()
    record(actor, "defence.name_juror", f"defence:{round_id}", juror=person)
    values = {"title": found.title, "at": found.starts_at, "place": found.place}
    tell([person], "%(title)s：%(at)s，%(place)s。", now, url=f"/defences/{round_id}", **values)


def _sitting(actor: PersonId, entry_id: int) -> EntryFacts:
    store.locked_row(DefenceEntry, entry_id)
    found = queries.entry(entry_id)
    if found.juror(actor) is None:
        raise NotFoundError(store.MISSING)
    not_self(actor, found.person_id)
    if found.opened_at is not None:
        raise ConflictError("分数已经公开，不能再改。请刷新后再看。")
    return found


def declare(actor: PersonId, now: datetime, entry_id: int, answer: str, note: str = "") -> None:
    """A juror declares: no tie (``none``), ``recuse``, or ``unsure``: HR judges. Stepping back is final."""
    found = _sitting(actor, entry_id)
    juror = found.juror(actor)
    if answer not in {"none", "recuse", "unsure"}:
        raise DomainError("没有保存：请选择一项。")
    if juror is None or juror.seat is Seat.OUT or juror.sealed:
        raise ConflictError("没有保存：你已经回避或已经密封，不能再改声明。")
    _declare(entry_id, actor, answer, note, actor, now)
    if answer == "unsure":
        entry = queries.round_facts(found.round_id)
        url = f"/defences/{entry.id}"
        tell([entry.issued_by], "有评委请人力资源部判断是否要回避。", now, url=url)
    open_if_all_sealed(entry_id, now)


def judge_ties(
    actor: PersonId, now: datetime, entry_id: int, juror: PersonId, *, excluded: bool, why: str
) -> None:
    """HR judges whether a juror who is unsure, or of whom ties are known, is out. Never about oneself."""
    store.locked_row(DefenceEntry, entry_id)
    found = queries.entry(entry_id)
    seat = found.juror(juror)
    not_self(actor, found.person_id)
    if actor == juror:
        raise ForbiddenError("不能判断自己要不要回避。请由另一位同事判断。")
    if seat is None or seat.seat is Seat.OUT or found.opened_at is not None or seat.sealed:
        raise ConflictError("没有保存：这位评委已经回避或已经密封。请刷新后再看。")
    if not excluded and seat.seat is not Seat.UNSURE:
        raise ConflictError("没有保存：这位评委没有请人判断。请刷新后再看。")
    _declare(entry_id, juror, "excluded" if excluded else "cleared", written(why, 500), actor, now)
    open_if_all_sealed(entry_id, now)


def _declare(entry_id: int, juror: PersonId, answer: str, note: str, actor: PersonId, now: datetime) -> None:
    session().add(
        JurorDeclaration(
            entry_id=entry_id, juror_id=juror, answer=answer, note=note.strip(), by_id=actor, at=now
        )
    )
    session().flush()
    record(actor, "defence.declare", f"defence_entry:{entry_id}", juror=juror, answer=answer)


def note_time(actor: PersonId, now: datetime, entry_id: int, what: str) -> None:
    """Note that speech or answers begin or end now, each once and in their order."""
    row = store.locked_row(DefenceEntry, entry_id)
    not_self(actor, row.person_id)
    expected = next((one for one in TIMES if getattr(row, one) is None), None)
    if what not in TIMES or what != expected:
        raise ConflictError("没有记录：时间要按顺序记，每个只记一次。请刷新后再看。")
    setattr(row, what, now)  # one of TIMES, checked above
    session().flush()
    if what == TIMES[0]:
        _look_again(row, now)
    record(actor, "defence.time", f"defence_entry:{entry_id}", what=what)


def _look_again(row: DefenceEntry, now: datetime) -> None:
    """Put on record what has come to tie a juror to the applicant since the panel was made."""
    found = queries.round_facts(row.round_id)
    panel = store.panel_of(found.panel_ref, found.edition)
    for juror in found.jurors:
        note_ties(row.id, juror, PersonId(row.person_id), panel, now)
