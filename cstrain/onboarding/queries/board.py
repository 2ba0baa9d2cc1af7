"""The probation board: everybody in training, those who need something first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.extensions import local_date
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.facts import (
    OPEN_STATES,
    BoardNote,
    EnrolmentState,
    Timeline,
)
from cstrain.onboarding.models import Enrolment
from cstrain.onboarding.policy import ConversionPaper
from cstrain.onboarding.queries.enrolments import joined
from cstrain.onboarding.queries.mentors import loads
from cstrain.onboarding.queries.timelines import timelines
from cstrain.onboarding.rules import dates, risk
from cstrain.onboarding.slots import board_notes
from cstrain.onboarding.store import onboarding_rules
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts

STATES = ("open", "ended")


@dataclass(frozen=True, slots=True)
class PaperCell:
    """A paper's column on the board: the mark that counts, whether it passed, the mark before a re-exam."""

    ref: str
    shown: Decimal | None
    passed: bool | None
    first: Decimal | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A trainee on the probation board."""

    timeline: Timeline
    name: str
    staff_no: str
    department: str
    mentor_name: str | None
    papers: tuple[PaperCell, ...]
    note: BoardNote
    group: str
    reasons: tuple[tuple[str, dict[str, object]], ...]
    gate_waiting: str | None = None
    mentor_load: int = 0
    over_window: int = 0


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a reader asks for; ``departments`` limits to these, ``except_person`` leaves one out."""

    state: str = "open"
    department_id: int | None = None
    cohort_id: int | None = None
    text: str = ""
    departments: frozenset[int] | None = None
    except_person: PersonId | None = None
    people: frozenset[PersonId] | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The rows that fit, worst first, with the number of each group and the papers that head columns."""

    rows: tuple[BoardRow, ...]
    counts: dict[str, int]
    papers: tuple[ConversionPaper, ...]

    def group(self, name: str) -> list[BoardRow]:
        """Return the rows of a group."""
        return [row for row in self.rows if row.group == name]


def board(wanted: BoardFilter, now: datetime) -> Board:
    """Return the board; the number of statements does not grow with the number of trainees."""
    states = [str(state) for state in EnrolmentState if (state in OPEN_STATES) == (wanted.state != "ended")]
    conditions: list[sa.ColumnElement[bool]] = [Enrolment.state.in_(states)]
    if wanted.cohort_id is not None:
        conditions.append(Enrolment.cohort_id == wanted.cohort_id)
    found = [facts for facts, _ in joined(*conditions)]
    facts = people.people([one.person for one in found], local_date(now))
    ids = [one.id for one in found if one.person in facts and _fits(facts[one.person], wanted)]
    rows = _rows(ids, facts, now)
    counts = {name: sum(1 for row in rows if row.group == name) for name in risk.GROUPS}
    return Board(tuple(rows), counts, _papers(rows))


def _fits(person: PersonFacts, wanted: BoardFilter) -> bool:
    if person.id == wanted.except_person:
        return False
    allowed = wanted.departments is None or person.department_id in wanted.departments
    if not allowed and (wanted.people is None or person.id not in wanted.people):
        return False
    if wanted.department_id is not None and person.department_id != wanted.department_id:
        return False
    text = wanted.text.strip().lower()
    return not text or text in person.name.lower() or person.staff_no.lower().startswith(text)


def _rows(ids: Collection[EnrolmentId], facts: dict[PersonId, PersonFacts], now: datetime) -> list[BoardRow]:
    lines = timelines(ids, now)
    notes = board_notes(ids, now)
    today = local_date(now)
    mentors = {line.mentor.mentor for line in lines.values() if line.mentor is not None}
    names = {one: found.name for one, found in people.people(mentors, today).items()}
    held = loads(today)
    rows = [
        _row(line, facts[line.enrolment.person], names, held, notes.get(line.enrolment.id, BoardNote()))
        for line in lines.values()
    ]
    return sorted(rows, key=_order)


def _order(row: BoardRow) -> tuple[int, int, int, str]:
    current = row.timeline.current
    number = current.number if current is not None else 0
    return risk.GROUPS.index(row.group), -len(row.reasons), -number, row.staff_no


def _row(
    line: Timeline,
    person: PersonFacts,
    names: dict[PersonId, str],
    held: dict[PersonId, int],
    note: BoardNote,
) -> BoardRow:
    mentor = line.mentor.mentor if line.mentor is not None else None
    load = held.get(mentor, 0) if mentor is not None else 0
    over = dates.days_over(line.last_day, person.hire_date, line.programme.window_days)
    waiting = next((gate.gate.title for gate in line.gates if gate.waits), None)
    group, reasons = risk.judge(_risk(line, waiting, over, load, note), onboarding_rules().board)
    return BoardRow(
        timeline=line,
        name=person.name,
        staff_no=person.staff_no,
        department=person.department_name,
        mentor_name=names.get(mentor) if mentor is not None else None,
        papers=paper_cells(line),
        note=note,
        group=group,
        reasons=reasons,
        gate_waiting=waiting,
        mentor_load=load,
        over_window=over,
    )


def _risk(line: Timeline, waiting: str | None, over: int, load: int, note: BoardNote) -> risk.RiskFacts:
    """Gather what the board's rule looks at; who has ended needs no mentor, signature or decision."""
    is_open = line.enrolment.is_open
    return risk.RiskFacts(
        paused=line.enrolment.state is EnrolmentState.PAUSED,
        has_mentor=line.mentor is not None or not is_open,
        unsigned_days=len(line.unsigned) if is_open else 0,
        late_days=line.late_days,
        mean_state=line.mean_state,
        gate_waiting=waiting if is_open else None,
        over_window=over,
        failed_papers=tuple(_failed(line)),
        mentor_load=load,
        mentor_cap=onboarding_rules().mentor_cap,
        noted_group=note.group,
    )


def _failed(line: Timeline) -> list[tuple[str, Decimal]]:
    """Return the day exams (no quizzes, no conversion papers) that stand failed, newest first."""
    conversion = line.programme.conversion
    converting = {paper.ref for paper in conversion.papers} if conversion is not None else set()
    latest = {
        score.attempt.paper.ref: score
        for score in line.scores
        if score.attempt.kind != "quiz" and score.attempt.paper.ref not in converting
    }
    return [
        (score.attempt.paper.title, score.shown)
        for score in reversed(latest.values())
        if score.passed is False and score.shown is not None
    ]


def paper_cells(line: Timeline) -> tuple[PaperCell, ...]:
    """Return the conversion papers of a timeline: the mark that counts, and the first one after a re-exam."""
    if line.programme.conversion is None:
        return ()
    return tuple(_cell(line, paper.ref) for paper in line.programme.conversion.papers)


def _cell(line: Timeline, ref: str) -> PaperCell:
    taken = [
        score
        for score in line.scores
        if score.attempt.paper.ref == ref and score.attempt.state in ("submitted", "expired")
    ]
    released = [score for score in taken if score.passed is not None]
    if not released:
        return PaperCell(ref, None, None, waiting=bool(taken))
    passed = [score for score in released if score.passed]
    best = (passed or released)[-1]
    first = released[0].shown if len(released) > 1 else None
    return PaperCell(ref, best.shown, best.passed, first, waiting=len(taken) > len(released))


def _papers(rows: Sequence[BoardRow]) -> tuple[ConversionPaper, ...]:
    found: dict[str, ConversionPaper] = {}
    for row in rows:
        conversion = row.timeline.programme.conversion
        for paper in conversion.papers if conversion is not None else ():
            found.setdefault(paper.ref, paper)
    return tuple(found.values())
