"""Reading sittings on paper: copies and where they stand, the printed form, what entries differ in."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from cstrain.exams.facts import SlotView
from cstrain.exams.models import Candidate
from cstrain.exams.on_paper import rules
from cstrain.exams.on_paper.facts import CopyFacts, Difference, Entry, Resolution, Task
from cstrain.exams.on_paper.models import PaperCopy, PaperCopyQuestion, PaperEntry, PaperResolution
from cstrain.exams.policy import PaperSpec
from cstrain.exams.queries.sittings import spec
from cstrain.extensions import columns, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.facts import Control, in_order
from cstrain.questions.queries import pool, public_versions
from cstrain.questions.question_type import question_types

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


_OUT = (
    sa.select(Candidate.person_id)
    .join(PaperCopy, PaperCopy.candidate_id == Candidate.id)
    .where(
        PaperCopy.sitting_id == sa.bindparam("sitting_id"),
        PaperCopy.settled_at.is_(None),
        PaperCopy.withdrawn_at.is_(None),
    )
)


def get_copy(copy_id: int) -> PaperCopy:
    """Return a copy's row; raises ``NotFoundError``."""
    row = session().get(PaperCopy, copy_id)
    if row is None:
        raise NotFoundError(MISSING)
    return row


def copy(copy_id: int) -> CopyFacts:
    """Return one copy; raises ``NotFoundError``."""
    return _facts([get_copy(copy_id)])[0]


def copies_at(sitting_id: int) -> list[CopyFacts]:
    """Return the copies given out at a sitting, in order."""
    return _found(PaperCopy.sitting_id == sitting_id)


def copies_of(person: PersonId) -> list[CopyFacts]:
    """Return the copies given out to somebody, in order."""
    return _found(PaperCopy.person_id == person)


def _found(condition: sa.ColumnElement[bool]) -> list[CopyFacts]:
    rows = session().scalars(sa.select(PaperCopy).where(condition).order_by(PaperCopy.id))
    return _facts(list(rows))


def waiting_for(person: PersonId) -> list[CopyFacts]:
    """Return the collected copies about which somebody may do something now, oldest first."""
    unsettled = sa.and_(
        PaperCopy.sat_until.is_not(None), PaperCopy.settled_at.is_(None), PaperCopy.person_id != person
    )
    return [found for found in _found(unsettled) if rules.tasks(found, person)]


def _facts(rows: Sequence[PaperCopy]) -> list[CopyFacts]:
    ids = [row.id for row in rows]
    entries = _entries(ids)
    resolutions = _resolutions(ids)
    return [
        CopyFacts(
            row.id,
            SittingId(row.sitting_id),
            PersonId(row.person_id),
            row.number,
            PersonId(row.issued_by),
            row.issued_at,
            row.sat_from,
            row.sat_until,
            _person(row.collected_by),
            _person(row.withdrawn_by),
            row.withdrawn_at,
            row.withdrawn_reason,
            AttemptId(row.attempt_id) if row.attempt_id else None,
            row.settled_at,
            entries.get(row.id, ()),
            resolutions.get(row.id, ()),
        )
        for row in rows
    ]


def _person(value: int | None) -> PersonId | None:
    return PersonId(value) if value is not None else None


def _entries(copy_ids: Collection[int]) -> dict[int, tuple[Entry, ...]]:
    found: dict[int, tuple[Entry, ...]] = {}
    for row in session().execute(
        sa.select(PaperEntry.copy_id, PaperEntry.entered_by, PaperEntry.begun_at, PaperEntry.finished_at)
        .where(PaperEntry.copy_id.in_(copy_ids))
        .order_by(PaperEntry.copy_id, PaperEntry.place)
    ):
        entry = Entry(PersonId(row.entered_by), row.begun_at, row.finished_at)
        found[row.copy_id] = (*found.get(row.copy_id, ()), entry)
    return found


def _resolutions(copy_ids: Collection[int]) -> dict[int, tuple[Resolution, ...]]:
    found: dict[int, tuple[Resolution, ...]] = {}
    for row in session().scalars(
        sa.select(PaperResolution)
        .where(PaperResolution.copy_id.in_(copy_ids))
        .order_by(PaperResolution.copy_id, PaperResolution.id)
    ):
        resolution = Resolution(
            row.id,
            {int(slot): text for slot, text in row.answers.items()},
            row.third,
            PersonId(row.made_by),
            row.made_at,
            _person(row.agreed_by),
            _person(row.refused_by),
        )
        found[row.copy_id] = (*found.get(row.copy_id, ()), resolution)
    return found


def may_do(copy_facts: CopyFacts, person: PersonId) -> frozenset[Task]:
    """Return what somebody may do about a copy now."""
    return rules.tasks(copy_facts, person)


def form(copy_id: int) -> tuple[SlotView, ...]:
    """Return the printed form: its questions with options in the order of the print. No key."""
    rows = list(
        session().scalars(
            sa.select(PaperCopyQuestion)
            .where(PaperCopyQuestion.copy_id == copy_id)
            .order_by(PaperCopyQuestion.slot)
        )
    )
    public = public_versions([row.version_id for row in rows])
    return tuple(
        SlotView(
            row.slot,
            row.section,
            row.marks,
            public[row.version_id].type,
            public[row.version_id].control,
            in_order(public[row.version_id].content, row.option_order),
        )
        for row in rows
    )


def entry_rows(copy_id: int) -> list[PaperEntry]:
    """Return the entries of a copy, in the order in which they were begun."""
    statement = sa.select(PaperEntry).where(PaperEntry.copy_id == copy_id).order_by(PaperEntry.place)
    return list(session().scalars(statement))


def own_answers(copy_id: int, person: PersonId) -> dict[int, str]:
    """Return what somebody has entered of a copy so far (JSON text by slot); nobody else's."""
    row = next((each for each in entry_rows(copy_id) if each.entered_by == person), None)
    return {int(slot): text for slot, text in row.answers.items()} if row is not None else {}


def both_answers(copy_id: int) -> tuple[dict[int, str], dict[int, str]]:
    """Return what both have entered; raises ``NotFoundError`` before both have finished: they are blind."""
    rows = [row for row in entry_rows(copy_id) if row.finished_at is not None]
    if len(rows) != 2:
        raise NotFoundError(MISSING)
    first, second = ({int(slot): text for slot, text in row.answers.items()} for row in rows)
    return first, second


def differences(copy_id: int) -> list[Difference]:
    """Return the slots that the two read differently; raises ``NotFoundError`` before both have finished."""
    first, second = both_answers(copy_id)
    slots = {slot.slot: slot for slot in form(copy_id)}
    different = rules.differences({slot: view.control for slot, view in slots.items()}, first, second)
    return [
        Difference(
            slots[slot],
            first.get(slot),
            second.get(slot),
            words(slots[slot], first.get(slot)),
            words(slots[slot], second.get(slot)),
        )
        for slot in different
    ]


def words(slot: SlotView, value: str | None) -> str:
    """Return an answer (JSON text) in plain words, options by what stands beside them."""
    kind = question_types().get(slot.type)
    return kind.summarise(slot.content, json.loads(value) if value else None)


def unprintable(paper_id: int) -> list[str]:
    """Return the labels of a paper's question types that cannot be answered on paper."""
    return unprintable_of(spec(paper_id))


def unprintable_of(paper: PaperSpec) -> list[str]:
    """Return the labels of a blueprint's question types that cannot be answered on paper."""
    kinds = question_types()
    types = {name for cell in paper.cells for name in cell.types}
    named = [cell.cell for cell in paper.cells if not cell.types]
    if named:  # their questions alone know what they are
        found = pool(*paper.banks)
        types |= {each.type for each in found if any(cell.matches(each) for cell in named)}
    controls: Mapping[str, Control] = {name: kinds.get(name).control for name in types}
    return [kinds.get(name).label for name in rules.unprintable(controls)]


class PaperCopies:
    """Tells the exams which forms are out on paper (see ``exams.ports``)."""

    def met(self, person: PersonId, paper: str) -> frozenset[int]:
        """Return the questions of all forms printed for a person at a paper, used or not."""
        rows = session().scalars(
            sa.select(PaperCopyQuestion.question_id)
            .join(PaperCopy, PaperCopy.id == PaperCopyQuestion.copy_id)
            .where(PaperCopy.person_id == person, PaperCopy.paper_ref == paper)
        )
        return frozenset(rows)

    def out(self, sitting_id: int) -> frozenset[PersonId]:
        """Return who of a sitting has a form on paper that is neither settled nor withdrawn."""
        return frozenset(PersonId(row) for row in columns(_OUT, {"sitting_id": sitting_id}).scalars())
