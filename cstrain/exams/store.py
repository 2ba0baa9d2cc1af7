"""Rows of this package by key, locked where an act needs it; used by its services and queries only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, cast

import sqlalchemy as sa

from cstrain.exams.facts import SavedAnswer
from cstrain.exams.models import (
    Answer,
    AnswerEvent,
    Attempt,
    AttemptMoment,
    Candidate,
    Exposure,
    Paper,
    Sitting,
)
from cstrain.exams.policy import ExamRules, PaperSpec
from cstrain.exams.ports import met_on_paper
from cstrain.exams.rules import LoggedAnswer
from cstrain.extensions import columns, session
from cstrain.kernel.errors import DomainError, Each, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.kernel.slots import Slot
from cstrain.policies.loader import load
from cstrain.questions.queries import topic_titles
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


_ATTEMPT = sa.bindparam("attempt_id", type_=sa.Integer())
_FOUND = sa.select(Attempt).where(Attempt.id == _ATTEMPT)
_LOCKED = locked(_FOUND)
_CANDIDATE = sa.select(Candidate).where(
    Candidate.sitting_id == sa.bindparam("sitting_id"), Candidate.person_id == sa.bindparam("person_id")
)
_CANDIDATE_LOCKED = locked(_CANDIDATE)
"""Built once: building a statement costs as much as running it."""


def exam_rules() -> ExamRules:
    """Return the numbers that rule sittings."""
    return load(ExamRules, "exams.yaml")


def lacking(spec: PaperSpec, missing: Mapping[str, int]) -> Each:
    """Return for a refusal how many questions the banks lack of which topics, by the topics' titles.

    ``missing`` is the ``missing`` of a ``Depth``: topics of a cell joined by ``/``, with numbers; those of
    another bank than the paper's stand with its name.
    """
    titles = {
        ref if bank == spec.bank else f"{bank}:{ref}": title
        for bank in spec.banks
        for ref, title in topic_titles(bank).items()
    }
    rows = (
        {"topic": "/".join(titles.get(ref, ref) for ref in topics.split("/")), "n": count}
        for topics, count in missing.items()
    )
    return Each("%(topic)s差%(n)s题", rows)


def paper_in_force(ref: str, on: date) -> Paper:
    """Return the edition of a paper in force on a day."""
    row = session().scalar(
        sa.select(Paper)
        .where(Paper.ref == ref, Paper.effective_from <= on)
        .order_by(Paper.effective_from.desc(), Paper.edition.desc())
        .limit(1)
    )
    if row is None:
        raise NotFoundError("没有找到试卷%(ref)s。请让培训师先导入试卷。", ref=ref)
    return row


_MOST_SPECS = 256
_specs: dict[str, PaperSpec] = {}
"""Blueprints by their digest."""


class OwnPapers(Protocol):
    """Knows the papers that were made here."""

    def withdrawn(self, refs: Iterable[str]) -> frozenset[str]:
        """Return which of these papers (their refs) are not sat any more."""


own_papers: Slot[OwnPapers] = Slot("own papers")


def withdrawn(refs: Iterable[str]) -> frozenset[str]:
    """Return which of these papers (their refs) are not sat any more."""
    return own_papers.filling.withdrawn(refs) if own_papers.filling else frozenset()


def paper_to_sit(ref: str, on: date) -> Paper:
    """Return the edition in force of a paper that sittings may be made for; refused for a withdrawn one."""
    row = paper_in_force(ref, on)
    if withdrawn([ref]):
        raise DomainError("《%(paper)s》已经停用，不能再安排考试。请换一份试卷。", paper=row.title)
    return row


def spec_of(paper: Paper) -> PaperSpec:
    """Return the blueprint of a stored paper.

    It is read once: lists of papers and attempts ask for the same few again and again.
    """
    found = _specs.get(paper.digest)
    if found is None:
        if len(_specs) >= _MOST_SPECS:
            _specs.clear()
        found = _specs[paper.digest] = PaperSpec.model_validate_json(json.dumps(paper.blueprint))
    return found


_DIGEST = sa.select(Paper.digest).where(Paper.id == sa.bindparam("paper_id"))


def stored_spec(paper_id: int, digest: str | None = None) -> PaperSpec:
    """Return the blueprint of the paper with this id; ``digest``: its own, where it is known already."""
    known = _specs.get(digest or columns(_DIGEST, {"paper_id": paper_id}).scalar_one())
    return known or spec_of(session().get_one(Paper, paper_id))


def get_sitting(sitting_id: int) -> Sitting:
    """Return a sitting; the same refusal for a missing and a foreign one."""
    row = session().get(Sitting, sitting_id)
    if row is None:
        raise NotFoundError(MISSING)
    return row


def get_candidate(sitting_id: int, person_id: int, *, lock: bool = False) -> Candidate:
    """Return a person's entry for a sitting, locked against a concurrent start if asked."""
    key = {"sitting_id": sitting_id, "person_id": person_id}
    row = session().scalar(_CANDIDATE_LOCKED if lock else _CANDIDATE, key)
    if row is None:
        raise NotFoundError(MISSING)
    return row


def get_attempt(attempt_id: int, person_id: int | None = None, *, lock: bool = False) -> Attempt:
    """Return an attempt (of ``person_id`` if given); a foreign one and a missing one answer the same."""
    row = session().scalar(_LOCKED if lock else _FOUND, {"attempt_id": attempt_id})
    if row is None or person_id not in (None, row.person_id):
        raise NotFoundError(MISSING)
    return row


_NOTE = sa.insert(cast(sa.Table, AttemptMoment.__table__))


def note_moment(attempt_id: int, at: datetime, kind: str, **detail: Any) -> None:
    """Add a moment to an attempt's timeline."""
    row = {"attempt_id": attempt_id, "at": at, "kind": kind, "detail": detail}
    session().connection().execute(_NOTE, row)


def met_questions(person_id: int, paper_ref: str) -> set[int]:
    """Return the ids of the questions a person has met at a disjoint paper, online or on paper."""
    online = session().scalars(
        sa.select(Exposure.question_id).where(
            Exposure.person_id == person_id, Exposure.paper_ref == paper_ref
        )
    )
    return set(online) | met_on_paper(PersonId(person_id), paper_ref)


_LOG = (
    sa.select(
        AnswerEvent.slot,
        AnswerEvent.value,
        AnswerEvent.lease_epoch,
        AnswerEvent.client_seq,
        AnswerEvent.disposition,
    )
    .where(AnswerEvent.attempt_id == _ATTEMPT, AnswerEvent.slot.is_not(None))
    .order_by(AnswerEvent.id)
)
_SAVED = (
    sa.select(Answer.slot, Answer.value, Answer.saved_at)
    .where(Answer.attempt_id == _ATTEMPT)
    .order_by(Answer.slot)
)


def answer_log(attempt_id: int) -> Iterable[LoggedAnswer]:
    """Yield the events of an attempt that name a slot, in order of arrival."""
    rows = columns(_LOG, {"attempt_id": attempt_id})
    return (LoggedAnswer(row.slot or 0, *row[1:]) for row in rows)


def saved_answers(attempt_id: int) -> tuple[SavedAnswer, ...]:
    """Return the projection: the newest accepted answer of each slot."""
    rows = columns(_SAVED, {"attempt_id": attempt_id})
    return tuple(SavedAnswer(row.slot, row.value, row.saved_at) for row in rows)
