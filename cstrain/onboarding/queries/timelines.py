"""Enrolments with all their days as they stand now, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cstrain.exams import queries as exams
from cstrain.extensions import local_date
from cstrain.grading import queries as grading
from cstrain.grading.facts import ScoreFacts, SectionScore
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, EnrolmentId, PersonId
from cstrain.lessons import queries as lessons
from cstrain.lessons.facts import ReadState
from cstrain.onboarding.facts import (
    DayFacts,
    EnrolmentFacts,
    GateFacts,
    GateFinding,
    MentorFacts,
    SheetFacts,
    Timeline,
    TrainingRecord,
    subjects_of,
)
from cstrain.onboarding.models import Enrolment
from cstrain.onboarding.policy import Check, DaySpec, Gate, Programme
from cstrain.onboarding.queries.enrolments import joined
from cstrain.onboarding.queries.mentors import guides_of, mentor_among, mentors_of
from cstrain.onboarding.queries.records import Records, records_of
from cstrain.onboarding.rules import days as day_rules
from cstrain.onboarding.rules import gates as gate_rules
from cstrain.onboarding.store import MISSING, onboarding_rules, programme_of

_IN = ("submitted", "expired")


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all enrolments of one question share."""

    today: date
    titles: day_rules.Titles
    records: dict[int, Records]
    mentors: dict[int, list[MentorFacts]]
    guides: dict[int, dict[int, PersonId]]
    read: dict[PersonId, dict[str, ReadState]]
    scores: dict[PersonId, list[ScoreFacts]]
    sections: dict[AttemptId, tuple[SectionScore, ...]]


def timelines(enrolment_ids: Collection[int], now: datetime) -> dict[EnrolmentId, Timeline]:
    """Return the timelines of several enrolments; the number of statements does not grow with them."""
    found = joined(Enrolment.id.in_(enrolment_ids))
    if not found:
        return {}
    programmes = [programme_of(edition) for _, edition in found]
    shared = _gather([facts for facts, _ in found], programmes, now)
    return {
        facts.id: _timeline(facts, programme, shared)
        for (facts, _), programme in zip(found, programmes, strict=True)
    }


def timeline(enrolment_id: int, now: datetime) -> Timeline:
    """Return one enrolment's timeline; ``NotFoundError`` when there is none."""
    found = timelines([enrolment_id], now)
    if not found:
        raise NotFoundError(MISSING)
    return found[EnrolmentId(enrolment_id)]


def training_record(timeline_: Timeline) -> TrainingRecord:
    """Return what a conversion judges and prints of a timeline."""
    signed = timeline_.signed
    return TrainingRecord(
        days_total=len(timeline_.days),
        days_signed=len(signed),
        days_done=sum(1 for day in timeline_.days if day.done),
        late=timeline_.late_days,
        out_of_order=sum(1 for sign in signed if sign.out_of_order),
        mean_state=timeline_.mean_state,
        unfinished=tuple(day.number for day in timeline_.days if not day.done),
    )


def _gather(found: list[EnrolmentFacts], programmes: Iterable[Programme], now: datetime) -> _Shared:
    ids = [facts.id for facts in found]
    people = sorted({facts.person for facts in found})
    refs = {ref for programme in programmes for day in programme.days for ref in day.lessons}
    titles = day_rules.Titles(
        {ref: facts.title for ref, facts in lessons.lessons(refs).items()},
        {paper.ref: paper.title for paper in exams.papers()},
        {sheet.kind: sheet.title for sheet in onboarding_rules().sheets},
    )
    scores = grading.scores(people, now)
    return _Shared(
        today=local_date(now),
        titles=titles,
        records=records_of(ids),
        mentors=mentors_of(ids),
        guides=guides_of(ids),
        read=lessons.read_states(people, refs),
        scores=scores,
        sections=_sections(programmes, scores),
    )


def _sections(
    programmes: Iterable[Programme], scores: Mapping[PersonId, list[ScoreFacts]]
) -> dict[AttemptId, tuple[SectionScore, ...]]:
    """Return the sections of the released papers whose sections gates look at."""
    checks = (check for programme in programmes for gate in programme.gates for check in gate.checks)
    papers = {check.paper for check in checks if check.section is not None}
    attempts = [score.attempt for every in scores.values() for score in every]
    return grading.sections([attempt.id for attempt in attempts if attempt.paper.ref in papers])


def _timeline(facts: EnrolmentFacts, programme: Programme, shared: _Shared) -> Timeline:
    records = shared.records[facts.id]
    assignments = shared.mentors[facts.id]
    scores = tuple(_own_scores(facts, programme, shared.scores[facts.person]))
    days = tuple(
        _day(facts, spec, records, scores, shared) for spec in programme.days if spec.day in records.planned
    )
    sheets = tuple(records.current_sheets())
    # before day 1 the mentor is whoever is named for it: nobody is "without a mentor" for not having begun
    begins = min(records.planned.values(), default=shared.today)
    return Timeline(
        enrolment=facts,
        programme=programme,
        days=days,
        today=shared.today,
        mentor=mentor_among(assignments, max(shared.today, begins)),
        substitutes=tuple(
            one for one in assignments if one.kind == "substitute" and one.covers(shared.today)
        ),
        scores=scores,
        sheets=sheets,
        gates=tuple(_gate(gate, records, sheets, scores, shared) for gate in programme.gates),
    )


def _own_scores(
    facts: EnrolmentFacts, programme: Programme, scores: Iterable[ScoreFacts]
) -> Iterable[ScoreFacts]:
    """Yield the scores that belong to this enrolment: of its days, and of its conversion papers."""
    subjects = {subject for day in programme.days for subject in subjects_of(facts, day.day)}
    papers = {paper.ref for paper in programme.conversion.papers} if programme.conversion else set()
    for score in scores:
        attempt = score.attempt
        if attempt.state == "voided":
            continue
        converting = attempt.paper.ref in papers and local_date(attempt.started_at) >= facts.start_date
        if attempt.subject in subjects or converting:
            yield score


def _day(
    facts: EnrolmentFacts,
    spec: DaySpec,
    records: Records,
    scores: tuple[ScoreFacts, ...],
    shared: _Shared,
) -> DayFacts:
    number = spec.day
    sign = records.signed.get(number)
    read = shared.read.get(facts.person, {})
    work = day_rules.DayWork(
        read=frozenset(ref for ref, state in read.items() if state.confirmed_at is not None),
        ticked=frozenset(records.ticked.get(number, ())),
        attempted=_attempted(facts, spec, scores),
        sheets=frozenset(sheet.kind for sheet in records.sheets if sheet.day_number == number),
        confirmed=number in records.confirmed,
        signed=sign is not None,
        seen=sign is not None and sign.mentor_seen_at is not None,
    )
    parts = day_rules.tasks(spec, work, shared.titles)
    done = day_rules.is_done(parts)
    on_day = records.planned[number]
    return DayFacts(
        number=number,
        on_day=on_day,
        state=day_rules.day_state(
            done=done,
            late=sign is not None and sign.late,
            on_day=on_day,
            today=shared.today,
            is_exam=spec.is_exam_day,
            closed_on=None if facts.is_open else facts.closed_on,
        ),
        spec=spec,
        tasks=parts,
        confirmed_at=records.confirmed.get(number),
        sign=sign,
        guide=shared.guides.get(facts.id, {}).get(number),
        done=done,
    )


def _attempted(facts: EnrolmentFacts, spec: DaySpec, scores: tuple[ScoreFacts, ...]) -> frozenset[str]:
    subjects = subjects_of(facts, spec.day)
    return frozenset(
        score.attempt.paper.ref
        for score in scores
        if score.attempt.state in _IN
        and (score.attempt.subject in subjects or score.attempt.kind == "conversion")
    )


def _gate(
    gate: Gate,
    records: Records,
    sheets: tuple[SheetFacts, ...],
    scores: tuple[ScoreFacts, ...],
    shared: _Shared,
) -> GateFacts:
    findings = tuple(_finding(gate, check, sheets, scores, shared) for check in gate.checks)
    return GateFacts(
        gate=gate,
        on_day=records.planned.get(gate.day) if gate.day is not None else None,
        findings=findings,
        proposal=gate_rules.propose(gate, [found.grade for found in findings]),
        decisions=tuple(records.decisions.get(gate.id, ())),
    )


def _finding(
    gate: Gate,
    check: Check,
    sheets: tuple[SheetFacts, ...],
    scores: tuple[ScoreFacts, ...],
    shared: _Shared,
) -> GateFinding:
    """Return what a gate makes of one check: a sheet, a paper, or a section of a paper."""
    policy = onboarding_rules()
    ref = check.paper or ""
    score, title = _score(gate, ref, scores), shared.titles.papers.get(ref, ref)
    if check.sheet is None:
        return gate_rules.judge_paper(title, score, gate.clause)
    spec, threshold = policy.sheet(check.sheet), policy.threshold(check.sheet)
    if check.section is not None:
        parts = shared.sections.get(score.attempt.id, ()) if score is not None else ()
        part = next((each for each in parts if each.title == check.section), None)
        return gate_rules.judge_section(spec, threshold, title, score, part)
    entered = [one for one in sheets if one.kind == check.sheet and one.day_number == gate.day]
    return gate_rules.judge_sheet(spec, threshold, entered[-1] if entered else None, gate.day)


def _score(gate: Gate, ref: str, scores: tuple[ScoreFacts, ...]) -> ScoreFacts | None:
    """Return the attempt a gate looks at: the last one that is in; a re-exam counts at its own gate only."""
    taken = [
        score
        for score in scores
        if score.attempt.paper.ref == ref
        and score.attempt.state in _IN
        and (gate.day is None or score.attempt.kind != "resit")
    ]
    passed = [score for score in taken if score.passed]
    best = passed or taken
    return best[-1] if best else None
