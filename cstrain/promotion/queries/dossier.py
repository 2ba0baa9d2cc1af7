"""Gathering what is known of many people on a day, in a fixed number of statements for each thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from cstrain.exams import queries as exams
from cstrain.exams.facts import PaperFacts
from cstrain.extensions import local_date, now, zone
from cstrain.grading.credentials import queries as credentials
from cstrain.judgement.facts import Comparison, Dossier, PaperMark, Standing
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people_queries
from cstrain.people.facts import StandingFacts, Status
from cstrain.performance import queries as performance
from cstrain.performance.discipline import queries as discipline
from cstrain.promotion.ports import authorised_of, courses_of, endorsements_of, vacancies
from cstrain.promotion.queries.bindings import ladders_by_department

BATCH = 1000
"""How many people one set of statements asks for."""


@dataclass(slots=True)
class Shared:
    """What people share while many are gathered: the months of each department, the papers."""

    on: date
    closed: dict[DepartmentId, tuple[date, ...]] = field(default_factory=dict)
    compared: dict[DepartmentId, Comparison] = field(default_factory=dict)
    papers: dict[str, PaperFacts] | None = None
    serving: frozenset[DepartmentId] | None = None
    vacant: Mapping[DepartmentId, Mapping[str, int]] | None = None

    def serves(self) -> frozenset[DepartmentId]:
        """Return the departments that serve customers: those that follow a level ladder."""
        if self.serving is None:
            self.serving = frozenset(ladders_by_department(self.on))
        return self.serving

    def places(self, department: DepartmentId) -> Mapping[str, int] | None:
        """Return the vacant places of a department by level; ``None`` where no number is laid down."""
        if self.vacant is None:
            self.vacant = vacancies(self.on)
        return self.vacant.get(department)

    def forget_months(self) -> None:
        """Let go of the months of the departments that are done."""
        self.closed.clear()
        self.compared.clear()

    def months(self, department: DepartmentId) -> tuple[tuple[date, ...], Comparison]:
        """Return a department's closed months and the comparison of its people, read once."""
        if department not in self.closed:
            self.closed[department] = performance.closed_months(department, self.on)
            self.compared[department] = performance.comparison(department, self.on)
        return self.closed[department], self.compared[department]


def gather(people: Collection[PersonId], on: date, shared: Shared | None = None) -> dict[PersonId, Dossier]:
    """Return the dossier of each of ``people`` as known on a day, by id; unknown ids are left out.

    A fixed number of statements for each thousand people, and three for each of their departments. What
    nobody could supply stays ``None``. ``shared`` keeps what several calls for one day have in common.
    """
    common = shared or Shared(on)
    found: dict[PersonId, Dossier] = {}
    ids = sorted(set(people))
    for start in range(0, len(ids), BATCH):
        standings = people_queries.standings(ids[start : start + BATCH], on)
        found |= dossiers(list(standings.values()), on, common)
    return found


def dossiers(people: Sequence[StandingFacts], on: date, shared: Shared) -> dict[PersonId, Dossier]:
    """Return the dossiers of people whose standing is known; a fixed number of statements."""
    ids = [one.id for one in people]
    marks, exempt = _papers(ids, on, shared)
    months = performance.months_of(ids, on)
    registers = discipline.registers_of(ids, on)
    violations = discipline.violations_of(ids, on)
    endorsed = endorsements_of(ids, on)
    authorised = authorised_of(people, on)
    courses = courses_of(ids, on)
    found = {}
    for one in people:
        closed, compared = shared.months(one.department_id)
        found[one.id] = Dossier(
            papers=tuple(marks.get(one.id, ())),
            violations=violations.get(one.id),
            endorsements=endorsed.get(one.id),
            on=on,
            person=one.id,
            standing=standing_of(one, shared.serves()),
            months=months.get(one.id),
            closed=closed,
            registers=registers.get(one.id),
            comparison=compared,
            exempt=exempt.get(one.id, frozenset()),
            authorised=authorised.get(one.id),
            courses=courses.get(one.id),
            vacant=shared.places(one.department_id),
        )
    return found


def standing_of(one: StandingFacts, serving: Collection[DepartmentId]) -> Standing:
    """Return a person's standing as criteria read it. ``serving``: departments that serve customers."""
    return Standing(
        hired_on=one.hired_on,
        department_since=one.department_since,
        level=str(one.level) if one.level else None,
        level_since=one.level_since,
        post=one.post,
        converted=one.status is Status.CONVERTED,
        track=str(one.track) if one.track else None,
        history=str(one.history_id),
        service_since=_in_service_since(one, serving),
        reached=one.reached,
    )


def _in_service_since(one: StandingFacts, serving: Collection[DepartmentId]) -> date | None:
    """Return since when somebody has been in departments that serve customers without a break."""
    since = None
    for day, department in one.places:
        since = (since or day) if department in serving else None
    return since


def _papers(
    ids: Sequence[PersonId], on: date, shared: Shared
) -> tuple[dict[PersonId, list[PaperMark]], dict[PersonId, frozenset[str]]]:
    """Return the marks of people, oldest exam first, and the papers each need not sit.

    Marks are released results not voided, and results from outside that two persons confirmed; the latter not
    for papers that are sat by all at once (SOSO, GAP): there only the sitting or an exemption counts.
    """
    if shared.papers is None:
        shared.papers = {paper.ref: paper for paper in exams.papers()}
    found: dict[PersonId, list[PaperMark]] = {}
    for person, mark in (*_taken(ids, on), *_outside(ids, on, shared.papers)):
        found.setdefault(person, []).append(mark)
    for marks in found.values():
        marks.sort(key=lambda mark: (mark.on, mark.ref))
    exempt: dict[PersonId, set[str]] = {}
    waived = [ref for ref, one in credentials.credential_rules().papers.items() if one.exemption is not None]
    for paper, people in credentials.exempt_people(waived, ids, _at(on)).items():
        for person in people:
            exempt.setdefault(person, set()).add(paper)
    return found, {person: frozenset(papers) for person, papers in exempt.items()}


def _at(on: date) -> datetime:
    """Return the last instant of a day that is known of: its end, today's present one."""
    return min(now(), datetime.combine(on, time.max, tzinfo=zone()))


def _taken(ids: Sequence[PersonId], on: date) -> Iterator[tuple[PersonId, PaperMark]]:
    for one in credentials.taken_by(ids, _at(on)):
        if one.counts and one.exam_on <= on and local_date(one.released_at) <= on:
            paper = one.attempt.paper
            yield (
                one.attempt.person_id,
                PaperMark(
                    paper.ref,
                    str(one.attempt.id),
                    paper.title,
                    one.raw,
                    paper.pass_mark,
                    one.exam_on,
                    one.attempt.kind == "resit",
                ),
            )


def _outside(
    ids: Sequence[PersonId], on: date, papers: dict[str, PaperFacts]
) -> Iterator[tuple[PersonId, PaperMark]]:
    for entry in credentials.outside_of(ids):
        paper = papers.get(entry.paper_ref)
        decided = entry.decided_at is not None and local_date(entry.decided_at) <= on
        counts = entry.state == "confirmed" and entry.about_id is None and entry.exam_on <= on and decided
        if counts and paper is not None and not paper.unified:
            mark = PaperMark(
                paper.ref, f"outside:{entry.id}", paper.title, entry.mark, paper.pass_mark, entry.exam_on
            )
            yield entry.person_id, mark
