"""Opening a cycle: who is reviewed, by which superior, and which colleagues are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance import rules as performance_rules
from cstrain.performance.reviews import queries, rules, store
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts
from cstrain.performance.reviews.models import (
    ReviewCycle,
    ReviewPeer,
    ReviewRemarks,
    ReviewSubject,
    ReviewTally,
)
from cstrain.performance.reviews.policy import UNSURE, ReviewRules, Way
from cstrain.performance.reviews.queries.peers import at_work, candidates, superiors
from cstrain.performance.reviews.service.common import answering
from cstrain.unit_of_work import flush_unique

_TWICE = "没有发起：这个部门这个月已经发起过评价。"


@dataclass(frozen=True, slots=True)
class NewCycle:
    """Reviews to be opened. Window: whole days, both included; ``customers``: with customers' view."""

    department_id: int
    month: date
    opens_on: date
    closes_on: date
    way: Way
    customers: bool = True


def open_cycle(actor: PersonId, now: datetime, new: NewCycle, seed: str) -> int:
    """Open the reviews of a department's month under the chapter now in force; returns the cycle's id.

    Reviewed is who was in the department on the month's last day and is still employed, but never who opens
    it. Peers are drawn by ``seed``, which is kept, or named by the superior later.
    """
    today = local_date(now)
    people.department(new.department_id)
    if not queries.may_open(actor, new.department_id, today):
        raise ForbiddenError("你没有办这件事的权限，没有办。")
    chapter = store.chapter()
    _check(new, chapter, today)
    colleagues = [one.id for one in at_work(new.department_id, new.month, today)]
    reviewed = [one for one in colleagues if one != actor]
    if not reviewed:
        raise DomainError("没有发起：这个部门这个月没有可以评价的人。")
    row = _cycle(actor, now, new, seed, chapter)
    above = superiors(reviewed, today)
    made = _subjects(row, above)
    _prepare(made.values(), chapter)
    if new.way == "drawn":
        may = candidates(above, colleagues)
        _ask(made, rules.draw(may, seed, chapter.peers.count))
    session().flush()
    record(
        actor,
        "review.open",
        f"review_cycle:{row.id}",
        department=new.department_id,
        people=len(made),
        way=new.way,
        edition=chapter.edition,
    )
    _tell(row, [*made, *(one.manager_id for one in made.values())], now)
    return row.id


def _check(new: NewCycle, chapter: ReviewRules, today: date) -> None:
    performance_rules.check_month(new.month, today)
    if new.opens_on < today or new.closes_on < new.opens_on:
        raise DomainError("没有发起：开始日不能早于今天，截止日不能早于开始日。请改正日期。")
    if (new.closes_on - new.opens_on).days >= chapter.most_days:
        raise DomainError("没有发起：填写时间最长%(most)s天。请改正日期。", most=chapter.most_days)
    if new.way not in chapter.peers.ways:
        raise DomainError("没有发起：办法里没有这种请同事的方式。")


def _cycle(actor: PersonId, now: datetime, new: NewCycle, seed: str, chapter: ReviewRules) -> ReviewCycle:
    row = ReviewCycle(
        department_id=new.department_id,
        month=new.month,
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        way=new.way,
        customers=new.customers,
        seed=seed,
        rules=chapter.model_dump(mode="json"),
        opened_by=actor,
        opened_at=now,
    )
    session().add(row)
    flush_unique(_TWICE)
    return row


def _subjects(
    row: ReviewCycle, above: Mapping[PersonId, Sequence[PersonId]]
) -> dict[PersonId, ReviewSubject]:
    made = {
        one: ReviewSubject(
            cycle_id=row.id,
            opened_by=row.opened_by,
            person_id=one,
            manager_id=chain[0] if chain else None,
        )
        for one, chain in above.items()
    }
    session().add_all(made.values())
    session().flush()
    return made


def _prepare(subjects: Iterable[ReviewSubject], chapter: ReviewRules) -> None:
    """Write a count of 0 for every answer there is, and an empty list of remarks."""
    answers = [*(each.id for each in chapter.answers), UNSURE]
    for one in subjects:
        session().add(ReviewRemarks(subject_id=one.id, remarks=[]))
        session().add_all(
            ReviewTally(subject_id=one.id, factor=factor.id, answer=answer, chosen=0)
            for factor in chapter.factors
            for answer in answers
        )


def _ask(made: Mapping[PersonId, ReviewSubject], drawn: Mapping[PersonId, Sequence[PersonId]]) -> None:
    session().add_all(
        ReviewPeer(subject_id=row.id, about_id=person, rater_id=each)
        for person, row in made.items()
        for each in drawn[person]
    )


def _tell(row: ReviewCycle, asked: Sequence[int | None], now: datetime) -> None:
    """Tell who is reviewed or reviews as a superior; colleagues find it on their home page."""
    name = people.department(row.department_id).name
    for person in sorted({one for one in asked if one is not None}):
        notify(
            PersonId(person),
            "%(place)s的月度评价已发起，请在%(day)s前填好。",
            values={"place": name, "day": row.closes_on},
            url="/reviews",
            now=now,
        )


def name_peers(actor: PersonId, now: datetime, subject_id: int, named: Sequence[PersonId]) -> None:
    """The superior names which colleagues are asked about somebody, once, from those who may be."""
    cycle, one = answering(now, subject_id)
    if actor == one.person:
        raise ForbiddenError("不能给自己指定评价人。请由别人来办。")
    if cycle.way != "named":
        raise ConflictError("这次评价的同事由系统抽签，不用指定。")
    if not queries.may_rate(actor, one):
        raise ForbiddenError("你没有办这件事的权限，没有办。")
    if one.asked:
        raise ConflictError("这位员工的评价人已经指定过，不能再改。")
    chosen = sorted(set(named))
    _check_named(cycle, one, chosen, actor, local_date(now))
    session().add_all(
        ReviewPeer(subject_id=subject_id, about_id=one.person, rater_id=each) for each in chosen
    )
    flush_unique("这位员工的评价人已经指定过，不能再改。")
    record(actor, "review.name_peers", f"review_cycle:{cycle.id}", reviewed=subject_id, n=len(chosen))


def _check_named(
    cycle: CycleFacts, one: SubjectFacts, chosen: Sequence[PersonId], actor: PersonId, today: date
) -> None:
    may = queries.nameable(cycle, one, actor, today)
    least, count = min(cycle.rules.peers.least, len(may)), cycle.rules.peers.count
    if not set(chosen) <= may or not least <= len(chosen) <= count:
        raise DomainError("没有保存：请选%(least)s到%(count)s位同事。", least=least, count=count)
