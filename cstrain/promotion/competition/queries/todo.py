"""What somebody has to do in competitions now, and who is concerned by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cstrain.access import may
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.policy import RATES
from cstrain.promotion.competition.queries.applying import may_apply
from cstrain.promotion.competition.queries.notices import notice_days, notices_of, objections
from cstrain.promotion.competition.queries.progress import Progress, progress
from cstrain.promotion.competition.queries.records import acts_of, candidates_of, trials_of, unfinished

_EXAMINING = (Phase.OPEN, Phase.CHECKING)
_WAITS = (Check.WAITS_OPINION, Check.WAITS_CHECK)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: ``kind``, the competition, and about whom where it is about one candidate."""

    kind: str
    competition: Competition
    candidate: Candidate | None = None


def duties(person: PersonId, today: date) -> list[Duty]:
    """Return what waits for somebody in all competitions that go on."""
    return [duty for one in unfinished(today) for duty in _duties(person, one, today)]


def _duties(person: PersonId, one: Competition, today: date) -> Iterator[Duty]:
    candidates = candidates_of([one.id])
    mine = [each for each in candidates if each.person == person and each.check is not Check.WITHDRAWN]
    if may_apply(person, one, candidates, today):
        yield Duty("apply", one)
    if mine:
        return
    if one.phase in _EXAMINING:
        yield from _examining(person, one, candidates)
    elif one.phase is Phase.RATING:
        yield from rating_duties(person, one, progress(one, today))
    elif one.phase in {Phase.CALCULATED, Phase.DECIDED}:
        yield from _deciding(person, one, candidates, today)


def _examining(person: PersonId, one: Competition, candidates: list[Candidate]) -> Iterator[Duty]:
    for each in candidates:
        if each.check is Check.WAITS_OPINION and may(person, "competition.opine", each.person):
            yield Duty("opinion", one, each)
        if each.check is Check.WAITS_CHECK and may(person, "competition.check", each.person):
            yield Duty("check", one, each)
    settled = all(each.check not in _WAITS for each in candidates)
    if one.phase is Phase.CHECKING and settled and may(person, "competition.manage"):
        yield Duty("start", one)


def rating_duties(person: PersonId, one: Competition, state: Progress) -> Iterator[Duty]:
    """Yield what somebody has to hand in while sheets are being filled."""
    for each in state.candidates:
        for kind, permission in RATES.items():
            if state.sheet_of(each.id, kind) is None and may(person, permission, each.person):
                yield Duty(kind, one, each)
    yield from (Duty("interview", one, each) for each in state.awaited_of(person))
    unanswered = state.unanswered_by(person)
    if unanswered:
        yield Duty("colleague", one, unanswered[0])
    if not state.missing and may(person, "competition.manage"):
        yield Duty("calculate", one)


def _deciding(person: PersonId, one: Competition, candidates: list[Candidate], today: date) -> Iterator[Duty]:
    trials = trials_of(one.id)
    by_id = {each.id: each for each in candidates}
    if one.phase is Phase.DECIDED:
        waits = [trial for trial in trials if trial.confirmed is None]
        yield from _noticing(person, one, [by_id[trial.candidate] for trial in waits], today)
    if not may(person, "competition.decide"):
        return
    acts = acts_of(one.id)
    open_acts = [act for act in acts if act.agreed is None]
    if one.phase is Phase.CALCULATED and not open_acts:
        yield Duty("choose", one)
    yield from (Duty("answer", one) for act in open_acts if act.proposed_by != person)
    asked = {act.candidate for act in open_acts if act.kind == "trial"}
    for trial in trials:
        open_ = trial.confirmed is None and trial.candidate not in asked
        if open_ and (trial.ends_on - today).days <= one.rules.trial_decided_before:
            yield Duty("trial", one, by_id[trial.candidate])


def _noticing(person: PersonId, one: Competition, on_trial: list[Candidate], today: date) -> Iterator[Duty]:
    """Yield what is to be done about the notices of who is on trial."""
    found = notices_of(one.id)
    needed = notice_days(one.rules.role, today) is not None
    for each in on_trial:
        notice = found.get(each.id)
        publishes = may(person, "public_notice.publish", each.person)
        if notice is None:
            if needed and publishes:
                yield Duty("publish", one, each)
        elif notice.closed_at is None:
            waiting = any(objection.finding is None for objection in objections(notice.id))
            if waiting and may(person, "public_notice.investigate", each.person):
                yield Duty("objection", one, each)
            elif not waiting and publishes and notice.last_day < today:
                yield Duty("close_notice", one, each)


def concerned(person: PersonId, one: Competition, state: Progress) -> bool:
    """Tell whether somebody may see the calculation: who took part in any way, or an office that looks on."""
    candidates = {each.person for each in candidates_of([one.id]) if each.check is not Check.WITHDRAWN}
    part = candidates | {each.person for each in state.panel} | {sheet.rater for sheet in state.handed_in}
    return person in part | state.colleagues or may(person, "competition.view_all")
