"""Released results, entered results and exemptions, straight through the services. All need a context."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from cstrain.exams.models import Paper
from cstrain.grading import service as grading
from cstrain.grading.credentials import service
from cstrain.grading.credentials.service import NewResult
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make


def make_papers(*refs: str) -> None:
    """Store a tiny bank and a tiny paper under each of these refs, unless they are there."""
    from cstrain.extensions import session

    held = set(session().scalars(Paper.__table__.select().with_only_columns(Paper.ref)))
    if not held:
        make.make_bank()
    for ref in refs:
        if ref not in held:
            make.make_paper(ref, title=TITLES.get(ref, ref))


TITLES = {"soso-upgrade": "SOSO升级考试", "gap-machine": "GAP上机考试"}


def make_pass(
    person: PersonId,
    two: tuple[PersonId, PersonId],
    ref: str = "gap-machine",
    right: int = 9,
    at: datetime = START,
) -> AttemptId:
    """Let a person sit a paper with ``right`` of ten answers right; two persons release the result."""
    make_papers(ref)
    sitting = make.make_sitting([person], ref, opens_at=at, closes_at=at + 2 * make.HOUR)
    attempt = make.make_attempt(person, sitting, at)
    right_ones = make.right_answers(attempt)
    events = [make.event(slot, right_ones[slot], slot) for slot in list(right_ones)[:right]]
    make.save(person, attempt, events, at)
    make.submit(person, attempt, at)
    with unit_of_work():
        grading.propose_release(two[0], at, [attempt])
    with unit_of_work():
        grading.confirm_release(two[1], at, [attempt])
    return attempt


def new_result(
    person: PersonId, mark: str = "85", exam_on: date = date(2026, 9, 1), **changes: str
) -> NewResult:
    """A result of the former department as somebody enters it."""
    fields = {"source": "former_department", "department": "谷歌客服一部", "evidence": "2026年9月成绩单"}
    fields |= changes
    paper = fields.pop("paper_ref", "gap-machine")
    return NewResult(person, paper, Decimal(mark), exam_on, **fields)


def make_outside(
    person: PersonId, two: tuple[PersonId, PersonId], mark: str = "85", exam_on: date = date(2026, 9, 1)
) -> int:
    """Enter a result of the former department and confirm it."""
    with unit_of_work():
        made = service.record_outside(two[0], START, new_result(person, mark, exam_on))
    with unit_of_work():
        service.confirm_outside(two[1], START, made)
    return made
