"""Forms with a name, peers' answers without one, and what customers said."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from cstrain.access import may
from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import queries, store
from cstrain.performance.reviews.facts import SubjectFacts
from cstrain.performance.reviews.models import (
    ReviewBallot,
    ReviewCustomers,
    ReviewForm,
    ReviewRemarks,
    ReviewTally,
)
from cstrain.performance.reviews.policy import MANAGER, SELF, UNSURE, ReviewRules
from cstrain.performance.reviews.service.common import answering, held, written
from cstrain.unit_of_work import flush_unique

HANDED_IN = "这张表已经交过，不能再改。"
ANSWERED = "你已经评价过这位同事，不能再改。"
_MOST_ANSWERS = 10_000_000


def hand_in(
    actor: PersonId, now: datetime, subject_id: int, view: str, answers: Mapping[str, str], note: str = ""
) -> None:
    """Hand in one's own form (``self``) or the superior's (``manager``) about somebody, once."""
    cycle, one = answering(now, subject_id)
    _demand(actor, one, view)
    row = ReviewForm(
        subject_id=subject_id,
        about_id=one.person,
        view=view,
        rater_id=actor,
        answers=_chosen(cycle.rules, answers, unsure=False),
        note=written(note),
        handed_in_at=now,
    )
    session().add(row)
    flush_unique(HANDED_IN)
    record(actor, "review.hand_in", f"review_cycle:{cycle.id}", reviewed=subject_id, view=view)


def _demand(actor: PersonId, one: SubjectFacts, view: str) -> None:
    if view == SELF:
        if actor != one.person:
            raise ForbiddenError("自评只能由本人填写。")
    elif view == MANAGER:
        if actor == one.person:
            raise ForbiddenError("不能作为上级评价自己。")
        if not queries.may_rate(actor, one):
            raise ForbiddenError("你不是这位员工的上级，或者已被请作为同事评价，不能填这张表。")
    else:
        raise NotFoundError(store.MISSING)


def _chosen(rules: ReviewRules, answers: Mapping[str, str], *, unsure: bool) -> dict[str, str]:
    known = set(rules.worth()) | ({UNSURE} if unsure else set())
    chosen = {factor.id: answers.get(factor.id, "") for factor in rules.factors}
    if not set(chosen.values()) <= known:
        raise DomainError("没有交：每一项都要选。")
    return chosen


def answer_as_peer(
    actor: PersonId,
    now: datetime,
    subject_id: int,
    answers: Mapping[str, str],
    remark: str,
    chance: random.Random,
) -> None:
    """Answer about a colleague, once; what was answered and written is kept without the name.

    All counts and the whole list of remarks are written whatever was chosen and whether or not there is a
    remark, and the list is shuffled by ``chance``: the rows tell nothing of who said what, or when.
    """
    cycle, one = answering(now, subject_id)
    if actor == one.person:
        raise ForbiddenError("不能作为同事评价自己。")
    if actor not in queries.named_peers(subject_id):
        raise ForbiddenError("没有请你评价这位同事。")
    chosen = _chosen(cycle.rules, answers, unsure=True)
    said = written(remark, 500)
    session().add(ReviewBallot(subject_id=subject_id, about_id=one.person, rater_id=actor))
    flush_unique(ANSWERED)
    _count(subject_id, chosen)
    _keep(subject_id, said, chance)
    record(actor, "review.answer", f"review_cycle:{cycle.id}")


def _count(subject_id: int, chosen: Mapping[str, str]) -> None:
    table = ReviewTally
    hit = sa.or_(*(sa.and_(table.factor == each, table.answer == answer) for each, answer in chosen.items()))
    session().execute(
        sa.update(table)
        .where(table.subject_id == subject_id)
        .values(chosen=table.chosen + sa.case((hit, 1), else_=0))
        .execution_options(synchronize_session=False)
    )


def _keep(subject_id: int, said: str, chance: random.Random) -> None:
    table = ReviewRemarks
    held_now = session().scalar(sa.select(table.remarks).where(table.subject_id == subject_id)) or []
    remarks = [*held_now, *([said] if said else [])]
    chance.shuffle(remarks)
    session().execute(
        sa.update(table)
        .where(table.subject_id == subject_id)
        .values(remarks=remarks)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class CustomerCounts:
    """Answers of customers and how many were satisfied; complaints, the major ones among them; the source."""

    answers: int
    satisfied: int
    complaints: int
    major: int
    source: str


def enter_customers(actor: PersonId, now: datetime, subject_id: int, said: CustomerCounts) -> None:
    """Enter what customers said of somebody in the month, with its source, until the cycle is closed.

    It counts instead of the month's record and the register. A correction is another entry: the newest
    counts.
    """
    cycle = held(store.subject_row(subject_id).cycle_id)
    one = queries.subject(subject_id)
    if actor == one.person:
        raise ForbiddenError("不能登记关于自己的客户评价。请由别人登记。")
    if not may(actor, "review.customers", one.person):
        raise ForbiddenError("你没有办这件事的权限，没有办。")
    if not cycle.customers:
        raise ConflictError("这次评价不用客户评价，不用登记。")
    _check_counts(said)
    source = written(said.source, 200)
    if not source:
        raise DomainError("没有保存：请写明数据来源。")
    session().add(
        ReviewCustomers(
            subject_id=subject_id,
            about_id=one.person,
            answers=said.answers,
            satisfied=said.satisfied,
            complaints=said.complaints,
            major=said.major,
            source=source,
            entered_by=actor,
            entered_at=now,
        )
    )
    session().flush()
    record(actor, "review.customers", f"review_cycle:{cycle.id}", reviewed=subject_id)


def _check_counts(said: CustomerCounts) -> None:
    if not (1 <= said.answers <= _MOST_ANSWERS and 0 <= said.satisfied <= said.answers):
        raise DomainError("没有保存：满意的次数不能比评价的次数多，评价的次数至少是1。")
    if not 0 <= said.major <= said.complaints <= _MOST_ANSWERS:
        raise DomainError("没有保存：重大投诉不能比投诉多。")
