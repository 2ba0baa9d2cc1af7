"""Reading papers on their way: drafts, what they come to, forms drawn from them, own papers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from cstrain.exams.assembly import FormSlot, PoolTooSmallError, draw
from cstrain.exams.models import Paper
from cstrain.exams.papermaking import rules
from cstrain.exams.papermaking.facts import OWN, DraftContent, DraftFacts, Stage, Standing, Withdrawn
from cstrain.exams.papermaking.models import PaperDraft, PaperDraftPart, PaperWithdrawal
from cstrain.exams.policy import PaperSpec
from cstrain.exams.store import lacking, paper_in_force, spec_of
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.queries import banks, pool
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
MOST_LISTED = 200
_OPEN = (PaperDraft.approved_at.is_(None), PaperDraft.dropped_at.is_(None))


def get_draft(draft_id: int, *, lock: bool = False) -> PaperDraft:
    """Return a draft's row, locked if asked; raises ``NotFoundError``."""
    statement = sa.select(PaperDraft).where(PaperDraft.id == draft_id)
    row = session().scalar(locked(statement) if lock else statement)
    if row is None:
        raise NotFoundError(MISSING)
    return row


def stage_of(row: PaperDraft) -> Stage:
    """Return how far a draft is."""
    if row.approved_at is not None:
        return Stage.APPROVED
    if row.dropped_at is not None:
        return Stage.DROPPED
    return Stage.WRITTEN if row.submitted_at is None else Stage.SUBMITTED


def content_of(row: PaperDraft) -> DraftContent:
    """Return what a draft holds."""
    return DraftContent.model_validate_json(json.dumps(row.content))


def draft(draft_id: int) -> DraftFacts:
    """Return a draft; raises ``NotFoundError``."""
    return _facts([get_draft(draft_id)])[0]


def drafts() -> list[DraftFacts]:
    """Return the drafts that are not finished, those that wait for approval first, then the newest."""
    rows = session().scalars(
        sa.select(PaperDraft)
        .where(*_OPEN)
        .order_by(PaperDraft.submitted_at.is_(None), PaperDraft.saved_at.desc(), PaperDraft.id.desc())
        .limit(MOST_LISTED)
    )
    return _facts(rows.all())


def to_approve(person: PersonId) -> int:
    """Return how many drafts wait for approval that the person had no part in."""
    touched = sa.exists().where(PaperDraftPart.draft_id == PaperDraft.id, PaperDraftPart.person_id == person)
    waiting = sa.select(sa.func.count()).where(*_OPEN, PaperDraft.submitted_at.is_not(None), ~touched)
    return session().scalar(waiting) or 0


def returned_to(person: PersonId) -> int:
    """Return how many of the person's drafts were sent back and are not handed in again."""
    sent_back = (PaperDraft.returned_at.is_not(None), PaperDraft.submitted_at.is_(None))
    return (
        session().scalar(sa.select(sa.func.count()).where(*_OPEN, *sent_back, PaperDraft.author == person))
        or 0
    )


def history(ref: str) -> list[DraftFacts]:
    """Return all drafts of an own paper, the newest first."""
    rows = session().scalars(
        sa.select(PaperDraft).where(PaperDraft.ref == ref).order_by(PaperDraft.id.desc()).limit(MOST_LISTED)
    )
    return _facts(rows.all())


def _facts(rows: Sequence[PaperDraft]) -> list[DraftFacts]:
    parts = session().execute(
        sa.select(PaperDraftPart.draft_id, PaperDraftPart.person_id).where(
            PaperDraftPart.draft_id.in_([row.id for row in rows]), PaperDraftPart.part == "wrote"
        )
    )
    writers: dict[int, set[PersonId]] = {}
    for draft_id, person in parts:
        writers.setdefault(draft_id, set()).add(PersonId(person))
    return [_fact(row, frozenset(writers.get(row.id, set()))) for row in rows]


def _fact(row: PaperDraft, writers: frozenset[PersonId]) -> DraftFacts:
    def person(found: int | None) -> PersonId | None:
        return None if found is None else PersonId(found)

    return DraftFacts(
        id=row.id,
        ref=row.ref,
        edition=row.edition,
        content=content_of(row),
        revision=row.revision,
        stage=stage_of(row),
        author=PersonId(row.author),
        written_at=row.written_at,
        saved_by=PersonId(row.saved_by),
        saved_at=row.saved_at,
        submitted_by=person(row.submitted_by),
        submitted_at=row.submitted_at,
        approved_by=person(row.approved_by),
        approved_at=row.approved_at,
        returned_by=person(row.returned_by),
        returned_at=row.returned_at,
        reason=row.reason,
        writers=writers,
    )


def standing(content: DraftContent) -> Standing:
    """Return what a draft has come to, by the banks as they are now."""
    known = {bank.name for bank in banks()}
    papers = set(session().scalars(sa.select(Paper.ref).distinct()))
    return rules.standing(content, pool(*rules.banks_of(content)), known, papers)


def form_of(one: DraftFacts, seed: int) -> tuple[FormSlot, ...]:
    """Draw a form from a draft for nobody; raises ``DomainError`` while it has problems."""
    found = standing(one.content)
    if found.problems:
        raise DomainError("这份试卷还没有编完，抽不出卷。请先改好页面上列出的问题。")
    return drawn(rules.to_spec(one.content, one.ref, one.edition, one.content.effective_from), seed)


def drawn(spec: PaperSpec, seed: int) -> tuple[FormSlot, ...]:
    """Draw a form for nobody; raises ``DomainError`` with what the bank lacks."""
    try:
        return draw(spec, pool(*spec.banks), seed)
    except PoolTooSmallError as error:
        raise DomainError(
            "抽不出一份《%(paper)s》。题库还缺：%(missing)s。请先补题，再来抽卷。",
            paper=spec.title,
            missing=lacking(spec, error.missing),
        ) from None


def spec_in_force(ref: str, on: date) -> PaperSpec:
    """Return a paper's blueprint in force on a day; raises ``NotFoundError``."""
    return spec_of(paper_in_force(ref, on))


def specs_to_sit(on: date) -> list[PaperSpec]:
    """Return the blueprints in force on a day that are not withdrawn, by ref."""
    rows = session().scalars(
        sa.select(Paper)
        .where(Paper.effective_from <= on)
        .order_by(Paper.ref, Paper.effective_from, Paper.edition)
    )
    found = {row.ref: row for row in rows}
    gone = OwnPapers().withdrawn(found)
    return [spec_of(row) for ref, row in found.items() if ref not in gone]


def newest_spec(ref: str) -> PaperSpec | None:
    """Return the newest edition of a paper, in force or not; ``None`` when there is none."""
    row = session().scalar(sa.select(Paper).where(Paper.ref == ref).order_by(Paper.edition.desc()).limit(1))
    return None if row is None else spec_of(row)


def own_refs() -> frozenset[str]:
    """Return the refs of the papers that were made here and approved."""
    rows = session().scalars(sa.select(PaperDraft.ref).where(PaperDraft.approved_at.is_not(None)).distinct())
    return frozenset(rows)


def open_draft(ref: str) -> int | None:
    """Return the id of a paper's draft that is not finished, if there is one."""
    return session().scalar(sa.select(PaperDraft.id).where(PaperDraft.ref == ref, *_OPEN))


def withdrawals(refs: Collection[str]) -> Mapping[str, Withdrawn]:
    """Return which of these papers are withdrawn."""
    rows = session().scalars(sa.select(PaperWithdrawal).where(PaperWithdrawal.ref.in_(refs)))
    return {
        row.ref: Withdrawn(row.ref, PersonId(row.withdrawn_by), row.withdrawn_at, row.reason) for row in rows
    }


class OwnPapers:
    """Tells the exams which papers are not sat any more (see ``exams.store``)."""

    def withdrawn(self, refs: Iterable[str]) -> frozenset[str]:
        """Return which of these papers are withdrawn."""
        own = frozenset(ref for ref in refs if ref.startswith(OWN))
        return frozenset(withdrawals(own)) if own else frozenset()
