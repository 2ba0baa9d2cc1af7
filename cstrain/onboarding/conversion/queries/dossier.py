"""A case with everything a decision rests on: results, training record, findings, proposal, opinions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cstrain.approvals import queries as approvals
from cstrain.approvals.facts import ActFacts, ChainFacts
from cstrain.exams import queries as exams
from cstrain.exams.facts import SittingFacts
from cstrain.extensions import local_date
from cstrain.grading.facts import ScoreFacts
from cstrain.judgement.assess import Assessment, assess
from cstrain.judgement.facts import Dossier, Endorsement, PaperMark, SignedDays, Violation
from cstrain.kernel.ids import CaseId, PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import (
    CaseFacts,
    Consent,
    DecisionFacts,
    EliminationFacts,
    PaperLine,
    PlannedSitting,
    Proposal,
    Situation,
    Taken,
    Training,
    Violations,
)
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.rules import labour, outcome
from cstrain.onboarding.facts import EnrolmentFacts, Timeline, TrainingRecord, subjects_of
from cstrain.onboarding.queries.timelines import timelines, training_record
from cstrain.people import queries as people
from cstrain.people.facts import ContractFacts, PersonFacts
from cstrain.performance.discipline import queries as discipline

SITTING_KINDS = ("conversion", "resit")


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as pages, documents and decisions see it at one moment."""

    case: CaseFacts
    today: date
    person: PersonFacts
    contract: ContractFacts | None
    timeline: Timeline
    record: TrainingRecord
    papers: tuple[PaperLine, ...]
    situation: Situation | None
    proposal: Proposal
    assessment: Assessment
    act: ActFacts | None
    chain: ChainFacts | None
    decisions: tuple[DecisionFacts, ...]
    consent: Consent | None
    trainings: tuple[Training, ...]
    elimination: EliminationFacts | None
    on_record: tuple[Violation, ...] = ()
    """Violations the register holds, beside what HR states for the case."""

    @property
    def enrolment(self) -> EnrolmentFacts:
        """The enrolment the case belongs to."""
        return self.timeline.enrolment

    @property
    def mentor(self) -> PersonId | None:
        """Today's mentor."""
        return self.timeline.mentor.mentor if self.timeline.mentor else None

    @property
    def decision(self) -> DecisionFacts | None:
        """The latest decision."""
        return self.decisions[-1] if self.decisions else None

    @property
    def scores(self) -> tuple[ScoreFacts, ...]:
        """All scores of the enrolment, oldest first."""
        return self.timeline.scores


def case_view(case_id: int, now: datetime) -> CaseView:
    """Return one case with everything; ``NotFoundError`` when there is none."""
    return _views([records.case(case_id)], now)[0]


def case_views(ids: Collection[CaseId], now: datetime) -> list[CaseView]:
    """Return several cases with everything, latest first."""
    return _views([facts for facts in records.cases() if facts.id in set(ids)], now)


def _views(found: list[CaseFacts], now: datetime) -> list[CaseView]:
    lines = timelines([facts.enrolment_id for facts in found], now)
    today = local_date(now)
    ids = [facts.person_id for facts in found]
    persons, kept = people.people(ids, today), discipline.violations_of(ids, today)
    return [
        _view(facts, persons[facts.person_id], lines[facts.enrolment_id], kept[facts.person_id], now)
        for facts in found
        if facts.person_id in persons and facts.enrolment_id in lines
    ]


def _view(
    case: CaseFacts, person: PersonFacts, line: Timeline, kept: tuple[Violation, ...], now: datetime
) -> CaseView:
    contract = people.contract_of(person.id, local_date(now))
    papers = paper_lines(line, now)
    held = situation(case, person, contract, papers)
    chapter = store.chapter()
    decisions = tuple(records.decisions_of(case.id))
    act = approvals.open_act(store.DECIDE, store.subject_of(case.id))
    elimination = records.elimination_of_enrolment(case.enrolment_id)
    chain = _chain(case, act, decisions, elimination)
    record = training_record(line)
    return CaseView(
        case=case,
        today=local_date(now),
        person=person,
        contract=contract,
        timeline=line,
        record=record,
        papers=papers,
        situation=held,
        proposal=_proposal(held, chapter.convert_after_months),
        assessment=assess(
            chapter.criteria_for(line.enrolment.programme_ref), _dossier(case, papers, record, chain, kept)
        ),
        act=act,
        chain=chain,
        decisions=decisions,
        consent=records.consent_of(case.id),
        trainings=records.trainings_of(case.id),
        elimination=elimination,
        on_record=kept,
    )


def _proposal(held: Situation | None, months: int) -> Proposal:
    if held is None:
        return Proposal(None, "合同里没有试用期截止日，不能算出结论。请先登记劳动合同。")
    return outcome.propose(held, months)


def _chain(
    case: CaseFacts,
    act: ActFacts | None,
    decisions: tuple[DecisionFacts, ...],
    elimination: EliminationFacts | None,
) -> ChainFacts | None:
    """Return the opinions on what is being decided, else on the last decision."""
    if elimination is not None:
        return approvals.chain(store.elimination_subject(elimination.id))
    acts = [act.id] if act else [one.act_id for one in decisions[-1:] if one.act_id is not None]
    return approvals.chain(store.chain_subject(case.id, acts[0])) if acts else None


def situation(
    case: CaseFacts, person: PersonFacts, contract: ContractFacts | None, papers: Iterable[PaperLine]
) -> Situation | None:
    """Return what the outcome follows from; ``None`` without an agreed end of probation."""
    if contract is None or contract.probation_end is None:
        return None
    lines = tuple(papers)
    attempts = [one for line in lines for one in (line.first, *line.resits) if one is not None]
    return Situation(
        papers=tuple(line.ref for line in lines),
        hired_on=person.hire_date,
        probation_end=contract.probation_end,
        latest_end=labour.latest_end(store.labour_law(), contract),
        taken=tuple(sorted(attempts, key=lambda one: one.attempt_id)),
        extended_on=case.extended_on,
    )


def paper_lines(line: Timeline, now: datetime) -> tuple[PaperLine, ...]:
    """Return the conversion papers of an enrolment's programme with what was taken and what is arranged."""
    if line.programme.conversion is None:
        return ()
    own, shared = (
        f"enrolment:{line.enrolment.id}/",
        subjects_of(line.enrolment, line.programme.conversion.day),
    )
    sittings = [
        one
        for one in exams.sittings_of(line.enrolment.person, kinds=SITTING_KINDS)
        if one.subject.startswith(own) or one.subject in shared
    ]
    return tuple(
        _paper_line(paper.ref, paper.short, line.scores, sittings, now)
        for paper in line.programme.conversion.papers
    )


def _paper_line(
    ref: str, short: str, scores: Iterable[ScoreFacts], sittings: Iterable[SittingFacts], now: datetime
) -> PaperLine:
    mine = [score for score in scores if score.attempt.paper.ref == ref]
    taken = [one for score in mine if (one := _taken(score, short)) is not None]
    sat = {score.attempt.sitting_id for score in mine}
    planned = [one for one in sittings if one.paper.ref == ref and one.id not in sat]
    return PaperLine(
        ref=ref,
        short=short,
        first=next((one for one in taken if not one.resit), None),
        resits=tuple(one for one in taken if one.resit),
        being_marked=any(score.released_at is None for score in mine),
        sitting=_planned(planned, now),
    )


def _planned(sittings: list[SittingFacts], now: datetime) -> PlannedSitting | None:
    """Return the sitting still ahead, else the last one that was missed."""
    ahead = [one for one in sittings if one.closes_at > now]
    chosen = (
        min(ahead, key=lambda one: one.opens_at)
        if ahead
        else max(sittings, key=lambda one: one.opens_at, default=None)
    )
    if chosen is None:
        return None
    return PlannedSitting(
        chosen.id, chosen.paper.ref, chosen.kind, chosen.opens_at, chosen.closes_at, chosen.closes_at <= now
    )


def _taken(score: ScoreFacts, short: str) -> Taken | None:
    if score.raw is None or score.released_at is None:
        return None
    attempt = score.attempt
    return Taken(
        paper_ref=attempt.paper.ref,
        attempt_id=attempt.id,
        title=short,
        raw=score.raw,
        pass_mark=attempt.paper.pass_mark,
        on=local_date(attempt.started_at),
        released_on=local_date(score.released_at),
        resit=attempt.kind == "resit",
    )


def _dossier(
    case: CaseFacts,
    papers: Iterable[PaperLine],
    record: TrainingRecord,
    chain: ChainFacts | None,
    kept: tuple[Violation, ...],
) -> Dossier:
    marks = [
        PaperMark(one.paper_ref, str(one.attempt_id), one.title, one.raw, one.pass_mark, one.on, one.resit)
        for line in papers
        for one in (line.first, *line.resits)
        if one is not None
    ]
    return Dossier(
        papers=tuple(marks) or None,
        days=SignedDays(record.days_signed, record.late, record.days_total, record.mean_state),
        violations=_violations(case, kept),
        endorsements=_endorsements(chain),
    )


def _violations(case: CaseFacts, kept: tuple[Violation, ...]) -> tuple[Violation, ...] | None:
    """Return what HR stated and what the register holds; unknown while HR is silent and the register too."""
    if case.violations is Violations.UNKNOWN:
        return kept or None
    lines = [line.strip() for line in case.violations_text.splitlines() if line.strip()]
    stated = lines if case.violations is Violations.LISTED else []
    numbered = enumerate(stated, start=1)
    return (*(Violation(f"case:{case.id}/{index}", text) for index, text in numbered), *kept)


def _endorsements(chain: ChainFacts | None) -> tuple[Endorsement, ...] | None:
    if chain is None:
        return None
    topic = store.chapter().endorsement_topic
    return tuple(
        Endorsement(topic, str(one.id), one.title, one.rating, one.text or "")
        for one in chain.opinions
        if one.rating is not None
    )
