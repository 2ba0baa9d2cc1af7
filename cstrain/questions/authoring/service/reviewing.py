"""Review by another person: accepting drafts, or sending one back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.authoring.rules import may_decide
from cstrain.questions.authoring.store import drafts_of, get_draft, happened, must_be_whole
from cstrain.questions.models import Bank, Question, QuestionTag, QuestionVersion
from cstrain.questions.store import Wording, add_wordings

MOST_AT_ONCE = 500
_NOT_THEIRS = "不能审核自己写过的题。请让另一位同事来审核。"
_DECIDED = "这份稿件不在审核中：可能刚刚被撤回，或者别人已经审核完。请刷新列表。"


def accept(draft_ids: Collection[int], by: PersonId, now: datetime) -> int:
    """Bring drafts into force as versions; return how many. All of them or, on a refusal, none.

    At most ``MOST_AT_ONCE``; who calls with more divides. Raises ``ForbiddenError`` for what the person wrote
    themself, ``ConflictError`` for what is not in review, ``DomainError`` for one that is not whole any more.
    """
    drafts = drafts_of(draft_ids)
    for draft in drafts:
        _must_decide(draft, by)
    questions = {
        question.id: (question, bank)
        for question, bank in session().execute(
            sa.select(Question, Bank)
            .join(Bank, Bank.id == Question.bank_id)
            .where(Question.id.in_([draft.question_id for draft in drafts]))
        )
    }
    numbers = _last_numbers(questions)
    wordings = [_wording(draft, *questions[draft.question_id], numbers, by) for draft in drafts]
    versions = add_wordings(wordings, now)
    _settle(drafts, versions, by, now)
    banks = {bank.name for _, bank in questions.values()}
    happened(versions, "accepted", by, now)
    for name in sorted(banks):
        count = sum(bank.name == name for _, bank in questions.values())
        record(by, "question.accepted", f"bank:{name}", questions=count, drafts=_some(draft_ids))
    return len(versions)


def send_back(draft_id: int, by: PersonId, now: datetime, reason: str) -> None:
    """Return a draft to its author with what must be changed; the author is told."""
    draft = get_draft(draft_id, lock=True)
    _must_decide(draft, by)
    question = session().get_one(Question, draft.question_id)
    draft.state, draft.decided_at, draft.decided_by, draft.decision = "returned", now, by, reason
    happened([question.id], "returned", by, now, reason)
    record(by, "question.returned", f"question:{question.ref}", draft=draft.id)
    if draft.author_id is not None:
        notify(
            PersonId(draft.author_id),
            "你写的题%(ref)s退回修改：%(reason)s",
            now=now,
            values={"ref": question.ref, "reason": reason},
            url=f"/question-drafts/{draft.id}",
        )
    session().flush()


def _must_decide(draft: QuestionDraft, by: PersonId) -> None:
    if draft.state != "review":
        raise ConflictError(_DECIDED)
    if not may_decide(draft.state, draft.writers, by):
        raise ForbiddenError(_NOT_THEIRS)


def _last_numbers(question_ids: Collection[int]) -> dict[int, int]:
    rows = session().execute(
        sa.select(QuestionVersion.question_id, sa.func.max(QuestionVersion.number))
        .where(QuestionVersion.question_id.in_(question_ids))
        .group_by(QuestionVersion.question_id)
    )
    return dict(rows.all())


def _wording(
    draft: QuestionDraft, question: Question, bank: Bank, numbers: dict[int, int], by: PersonId
) -> Wording:
    return Wording(
        must_be_whole(draft, bank.name, question.ref),
        question.id,
        numbers.get(question.id, 0) + 1,
        draft.rule_version,
        draft.note,
        draft.author_id,
        by,
    )


def _settle(drafts: Sequence[QuestionDraft], versions: dict[int, int], by: PersonId, now: datetime) -> None:
    """Close the drafts; their topics and tags become the questions'."""
    done = [
        {
            "id": draft.id,
            "state": "accepted",
            "decided_at": now,
            "decided_by": by,
            "version_id": versions[draft.question_id],
        }
        for draft in drafts
    ]
    places = [{"id": draft.question_id, "topic_id": draft.topic_id} for draft in drafts]
    tags = [{"question_id": each.question_id, "tag": str(tag)} for each in drafts for tag in each.tags]
    session().execute(sa.update(QuestionDraft), done)
    session().execute(sa.update(Question), places)
    session().execute(sa.delete(QuestionTag).where(QuestionTag.question_id.in_(versions)))
    if tags:
        session().execute(sa.insert(QuestionTag), tags)
    session().expire_all()


def _some(ids: Collection[int]) -> list[int]:
    """Return ids as an audit entry holds them: the first and the last of many."""
    ordered = sorted(ids)
    return ordered if len(ordered) <= 20 else [ordered[0], ordered[-1]]
