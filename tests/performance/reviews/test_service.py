"""From the opening of a cycle to sealed results; who may not act; what the tables themselves refuse."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import g
from sqlalchemy.exc import IntegrityError

from cstrain.audit.queries import all_entries
from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.queries import unread as unread_count
from cstrain.people import service as people_service
from cstrain.performance.discipline.facts import Entry, Kind, Severity
from cstrain.performance.discipline.service import enter
from cstrain.performance.reviews import jobs, queries, rules, service, store
from cstrain.performance.reviews.facts import State
from cstrain.performance.reviews.models import (
    ReviewBallot,
    ReviewCustomers,
    ReviewForm,
    ReviewPeer,
    ReviewRemarks,
    ReviewResult,
    ReviewSubject,
    ReviewTally,
)
from cstrain.performance.reviews.policy import MANAGER, SELF
from cstrain.performance.reviews.service.answer import CustomerCounts
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import reviews as make
from tests.factories.people import make_person, make_role
from tests.factories.reviews import FIRST, LAST, MONTH, OVER, at

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def clock_there(clock):
    """Roles are asked for by the application's clock."""
    clock.set(at())
    return clock


def rows(model) -> list:
    return list(db.session.scalars(sa.select(model).order_by(model.id)))


# the road


def test_a_month_is_reviewed_from_four_sides_and_sealed() -> None:
    cast = make.opened()
    make.satisfied(cast, csat=95)
    one = cast.agents[0]
    make.hand_in(cast, one, one, SELF, make.answers("excellent"), "我自己看到的")
    make.hand_in(cast, cast.people["supervisor"], one, MANAGER, note="继续保持")
    for n, peer in enumerate(make.peers_of(cast, one)[:4]):
        make.answer(cast, peer, one, make.answers("fair"), f"话{n}")
    make.close(cast)
    found = queries.result(cast.subject(one))
    assert found.outcome.total == 10 + 40 + 12 + 19
    assert found.intact
    assert (found.own_note, found.manager, found.manager_note) == (
        "我自己看到的",
        cast.people["supervisor"],
        "继续保持",
    )
    assert sorted(found.remarks) == ["话0", "话1", "话2", "话3"]
    other = queries.result(cast.subject(cast.agents[1]))
    assert other.outcome.total is None
    assert other.outcome.missing == ("self", "manager")
    assert other.outcome.line("peers").state is State.WITHHELD
    assert [each.subject for each in queries.results_of(one)] == [found.subject]


def test_who_was_in_the_department_is_reviewed_but_not_who_opens() -> None:
    cast = make.opened()
    persons = {each.person for each in queries.subjects_of([cast.cycle])}
    assert persons == {*cast.agents, cast.people["supervisor"]}
    with unit_of_work():
        head = service.open_cycle(
            cast.people["supervisor"],
            at(),
            service.NewCycle(cast.department, date(2026, 9, 1), FIRST, LAST, "drawn"),
            "seed",
        )
    assert {each.person for each in queries.subjects_of([head])} == set(cast.agents)
    supervisors = next(
        one for one in queries.subjects_of([cast.cycle]) if one.person == cast.people["supervisor"]
    )
    assert supervisors.manager == cast.people["director"]
    assert all(one.manager == cast.people["supervisor"] for one in queries.subjects_of([head]))


def test_peers_are_drawn_from_the_department_by_the_kept_seed() -> None:
    cast = make.opened()
    colleagues = {*cast.agents, cast.people["supervisor"]}
    for one in queries.subjects_of([cast.cycle]):
        peers = queries.named_peers(one.id)
        assert len(peers) == 5
        assert peers <= colleagues - {one.person, one.manager}
    assert queries.cycle(cast.cycle).seed == "seed"


def test_a_cycle_is_opened_once_within_reason_and_by_who_may() -> None:
    cast = make.make_cast(3)
    refused = [
        {"closes_on": FIRST - timedelta(days=1)},
        {"opens_on": FIRST - timedelta(days=1)},
        {"closes_on": FIRST + timedelta(days=31)},
        {"way": "asked"},
    ]
    for change in refused:
        with pytest.raises(DomainError, match="没有发起"):
            make.open_cycle(cast, **change)
        db.session.rollback()
    with pytest.raises(DomainError):
        service.open_cycle(
            cast.people["hr"],
            at(),
            service.NewCycle(cast.department, date(2026, 11, 1), FIRST, LAST, "drawn"),
            "s",
        )
    for who in ("gm", "elsewhere", "other_head", "auditor"):
        with pytest.raises(ForbiddenError):
            make.open_cycle(cast, by=who)
    make.open_cycle(cast)
    with pytest.raises(ConflictError, match="已经发起过"):
        make.open_cycle(cast, by="hr2")


def test_a_department_without_people_has_nothing_to_review() -> None:
    cast = make.make_cast(2)
    new = service.NewCycle(cast.department, date(2025, 10, 1), FIRST, LAST, "drawn")
    with pytest.raises(DomainError, match="没有可以评价的人"):
        service.open_cycle(cast.people["hr"], at(), new, "s")


def test_forms_are_accepted_in_the_window_once() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.hand_in(cast, one, one, SELF)
    with pytest.raises(ConflictError, match="已经交过"):
        make.hand_in(cast, one, one, SELF)
    other = cast.agents[1]
    with pytest.raises(DomainError, match="每一项都要选"):
        make.hand_in(cast, other, other, SELF, {"accuracy": "good"})
    with pytest.raises(DomainError, match="每一项都要选"):
        make.hand_in(cast, other, other, SELF, make.answers("unsure"))
    with pytest.raises(DomainError, match="太长"):
        make.hand_in(cast, other, other, SELF, note="长" * 1001)
    with pytest.raises(ConflictError, match="之间填写"):
        service.hand_in(other, OVER, cast.subject(other), SELF, make.answers())
    with unit_of_work():
        service.hand_in(other, at(LAST, 23, 59), cast.subject(other), SELF, make.answers())


def test_more_days_may_be_given() -> None:
    cast = make.opened()
    with pytest.raises(DomainError, match="要比"):
        service.extend(cast.people["hr"], at(), cast.cycle, LAST)
    with pytest.raises(DomainError, match="最长"):
        service.extend(cast.people["hr"], at(), cast.cycle, FIRST + timedelta(days=31))
    with pytest.raises(ForbiddenError):
        service.extend(cast.people["supervisor"], at(), cast.cycle, LAST + timedelta(days=2))
    with unit_of_work():
        service.extend(cast.people["hr"], OVER, cast.cycle, LAST + timedelta(days=2))
    assert queries.cycle(cast.cycle).closes_on == LAST + timedelta(days=2)
    with unit_of_work():
        service.hand_in(cast.agents[0], OVER, cast.subject(cast.agents[0]), SELF, make.answers())


def test_nobody_reviews_themself_as_superior_or_peer() -> None:
    cast = make.opened()
    head, one = cast.people["supervisor"], cast.agents[0]
    with pytest.raises(ForbiddenError, match="不能作为上级评价自己"):
        make.hand_in(cast, head, head, MANAGER)
    with pytest.raises(ForbiddenError, match="不能作为同事评价自己"):
        make.answer(cast, one, one)
    with pytest.raises(ForbiddenError, match="只能由本人"):
        make.hand_in(cast, head, one, SELF)
    with pytest.raises(NotFoundError):
        make.hand_in(cast, head, one, "peers")


def test_only_superiors_give_the_superiors_view_and_only_who_was_asked_a_peers() -> None:
    cast = make.opened()
    one = cast.agents[0]
    for who in (cast.agents[1], cast.people["hr"], cast.people["other_head"], cast.people["gm"]):
        with pytest.raises(ForbiddenError):
            make.hand_in(cast, who, one, MANAGER)
    for who in (cast.people["supervisor"], cast.people["elsewhere"], cast.people["hr"]):
        with pytest.raises(ForbiddenError, match="没有请你"):
            make.answer(cast, who, one)
    make.hand_in(cast, cast.people["director"], one, MANAGER)  # in the supervisor's place
    make.answer(cast, make.peers_of(cast, one)[0], one)
    with pytest.raises(ConflictError, match="已经评价过"):
        make.answer(cast, make.peers_of(cast, one)[0], one)


def test_who_was_asked_as_a_colleague_does_not_answer_as_a_superior_too(clock) -> None:
    cast = make.opened()
    one = cast.agents[0]
    peer = make.peers_of(cast, one)[0]
    make_role(peer, "supervisor", department=cast.department)
    with pytest.raises(ForbiddenError, match="已被请作为同事"):
        make.hand_in(cast, peer, one, MANAGER)


# peers named by the superior


def test_a_superior_names_who_is_asked() -> None:
    cast = make.opened(way="named")
    head, one = cast.people["supervisor"], cast.agents[0]
    subject = cast.subject(one)
    assert queries.subject(subject).asked == 0
    kinds = [task.kind for task in queries.tasks(head, FIRST) if task.subject and task.subject.id == subject]
    assert kinds == ["name", "manager"]
    for wrong in ([one, *cast.agents[2:4]], [head, *cast.agents[1:4]], cast.agents[1:3], [cast.people["hr"]]):
        with pytest.raises(DomainError, match="请选3到5位"):
            service.name_peers(head, at(), subject, wrong)
    for who in (cast.people["hr"], cast.agents[1], one):
        with pytest.raises(ForbiddenError):
            service.name_peers(who, at(), subject, cast.agents[1:4])
    with unit_of_work():
        service.name_peers(head, at(), subject, cast.agents[1:4])
    assert queries.named_peers(subject) == set(cast.agents[1:4])
    with pytest.raises(ConflictError, match="已经指定过"):
        service.name_peers(head, at(), subject, cast.agents[2:5])


def test_drawn_peers_are_not_named_again() -> None:
    cast = make.opened()
    with pytest.raises(ConflictError, match="抽签"):
        service.name_peers(cast.people["supervisor"], at(), cast.subject(cast.agents[0]), cast.agents[1:4])


# anonymity


def test_too_few_peers_are_not_shown_anywhere() -> None:
    cast = make.opened()
    one = cast.agents[0]
    for peer in make.peers_of(cast, one)[:2]:
        make.answer(cast, peer, one, make.answers("poor"), "秘密的话")
    make.close(cast)
    found = queries.result(cast.subject(one))
    assert found.inputs.answered == 2
    assert found.inputs.counts is None
    assert found.remarks == ()
    assert found.outcome.line("peers").state is State.WITHHELD
    assert all("秘密" not in row.sealed for row in rows(ReviewResult))


def test_no_column_of_the_tables_joins_an_answer_to_a_name() -> None:
    for table in (ReviewTally.__table__, ReviewRemarks.__table__):
        assert {key.column.table.name for key in table.foreign_keys} == {"review_subject"}
        assert not any(isinstance(column.type, sa.DateTime | sa.Date) for column in table.columns)
    ballot = {column.name for column in ReviewBallot.__table__.columns}
    assert ballot == {"id", "subject_id", "about_id", "rater_id"}


def _said(cast: make.Cast, one: int) -> tuple[list, list, set]:
    subject = cast.subject(one)
    tally = [
        (row.id, row.factor, row.answer, row.chosen) for row in rows(ReviewTally) if row.subject_id == subject
    ]
    (remarks,) = [row.remarks for row in rows(ReviewRemarks) if row.subject_id == subject]
    written = set()
    if db.engine.dialect.name == "postgresql":
        for table in ("review_tally", "review_remarks"):
            found = db.session.execute(
                sa.text(f"SELECT DISTINCT xmin::text FROM {table} WHERE subject_id = :one"), {"one": subject}
            )
            written |= set(found.scalars())
    return tally, remarks, written


def test_the_rows_tell_neither_order_nor_time_of_who_said_what() -> None:
    """Whatever the order of the ballots, the same rows stand there, all written by the last ballot."""
    cast = make.opened()
    said = {"poor": "一", "good": "二", "excellent": ""}
    seen = []
    for one, order in ((cast.agents[0], 1), (cast.agents[1], -1)):
        peers = make.peers_of(cast, one)[:3]
        for peer, (choice, remark) in zip(peers, list(said.items())[::order], strict=True):
            make.answer(cast, peer, one, make.answers(choice), remark)
        tally, remarks, written = _said(cast, one)
        seen.append([[row[1:] for row in tally], sorted(remarks)])
        assert len(written) <= 1
        assert [row[0] for row in tally] == sorted(row[0] for row in tally)
    assert seen[0] == seen[1]


def test_remarks_are_shuffled_by_every_ballot() -> None:
    cast = make.opened(agents=12)
    one = cast.agents[0]
    orders = set()
    for n, peer in enumerate(make.peers_of(cast, one)):
        with unit_of_work():
            service.answer_as_peer(
                peer, at(hour=11), cast.subject(one), make.answers(), f"话{n}", random.Random(n * 7 + 1)
            )
        orders.add(tuple(_said(cast, one)[1]))
    assert sorted(_said(cast, one)[1]) == [f"话{n}" for n in range(5)]
    assert tuple(f"话{n}" for n in range(5)) not in orders


def test_the_log_says_that_somebody_answered_and_nothing_more() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.answer(cast, make.peers_of(cast, one)[0], one, make.answers("poor"), "秘密的话")
    entries = list(all_entries())
    assert "秘密" not in str(entries)
    last = entries[-1]
    assert (last.action, last.subject, last.detail) == ("review.answer", f"review_cycle:{cast.cycle}", "{}")


def test_nothing_of_a_result_is_there_before_the_cycle_is_closed() -> None:
    cast = make.opened()
    make.fill(cast, cast.agents[0])
    assert queries.find_result(cast.subject(cast.agents[0])) is None
    with pytest.raises(NotFoundError):
        queries.result(cast.subject(cast.agents[0]))
    facts = queries.subject(cast.subject(cast.agents[0]))
    assert (facts.own_in, facts.manager_in, facts.asked, facts.answered) == (True, True, 5, 5)


# customers


def test_complaints_of_the_register_lower_what_the_record_says() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.satisfied(cast, csat=90)
    for day, major in ((date(2026, 10, 31), True), (date(2026, 10, 1), False), (date(2026, 11, 1), True)):
        with unit_of_work():
            entry = Entry(Kind.COMPLAINT, day, "催单没回", "工单", Severity.SERIOUS, major=major)
            enter(cast.people["hr"], at(), one, entry)
    make.close(cast)
    line = queries.result(cast.subject(one)).outcome.line("customers")
    assert line.mean == 90 - 20 - 5


def test_what_hr_counted_is_used_instead_and_its_newest_entry_counts() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.satisfied(cast, csat=10)
    for satisfied in (30, 45):
        with unit_of_work():
            service.enter_customers(
                cast.people["hr"],
                at(),
                cast.subject(one),
                CustomerCounts(50, satisfied, 1, 0, "平台后台10月评价导出"),
            )
    make.close(cast, by="hr2")
    found = queries.result(cast.subject(one))
    assert found.outcome.line("customers").mean == 90 - 5
    assert found.inputs.customers.source == "平台后台10月评价导出"
    assert len(queries.customers_entries(cast.subject(one))) == 2


def test_customer_counts_are_refused_without_source_or_sense_and_about_oneself() -> None:
    cast = make.opened()
    subject = cast.subject(cast.agents[0])
    for wrong in (
        CustomerCounts(10, 11, 0, 0, "来源"),
        CustomerCounts(0, 0, 0, 0, "来源"),
        CustomerCounts(10, 5, 0, 1, "来源"),
        CustomerCounts(10, 5, 0, 0, " "),
    ):
        with pytest.raises(DomainError, match="没有保存"):
            service.enter_customers(cast.people["hr"], at(), subject, wrong)
    fine = CustomerCounts(10, 5, 0, 0, "来源")
    with pytest.raises(ForbiddenError):
        service.enter_customers(cast.people["supervisor"], at(), subject, fine)
    with pytest.raises(ForbiddenError, match="自己"):
        service.enter_customers(cast.agents[0], at(), subject, fine)


def test_a_cycle_without_customers_shares_their_weight() -> None:
    cast = make.opened(customers=False)
    one = cast.agents[0]
    make.fill(cast, one)
    with pytest.raises(ConflictError, match="不用客户评价"):
        service.enter_customers(
            cast.people["hr"], at(), cast.subject(one), CustomerCounts(10, 5, 0, 0, "来源")
        )
    make.close(cast)
    found = queries.result(cast.subject(one)).outcome
    assert found.line("customers").state is State.UNUSED
    assert found.total == 80


# closing


def test_a_cycle_is_closed_after_its_window_or_when_all_is_in() -> None:
    cast = make.opened(agents=4)
    with pytest.raises(ConflictError, match="还不能结束"):
        make.close(cast, now=at(LAST, 20))
    for one in cast.agents:
        make.fill(cast, one)
    head = cast.people["supervisor"]
    make.hand_in(cast, head, head, SELF)
    make.hand_in(cast, cast.people["director"], head, MANAGER)
    for peer in make.peers_of(cast, head):
        make.answer(cast, peer, head)
    make.close(cast, now=at(hour=12))
    with pytest.raises(ConflictError, match="已经结束"):
        make.close(cast)


def test_who_is_reviewed_or_may_not_does_not_close() -> None:
    cast = make.opened()
    for who in ("supervisor", "gm", "other_head"):
        with pytest.raises(ForbiddenError):
            make.close(cast, by=who)
    make.close(cast, by="director")
    assert unread_count(cast.agents[0]) >= 2


def test_a_changed_result_is_noticed() -> None:
    cast = make.closed()
    subject = cast.subject(cast.agents[0])
    with unit_of_work():
        row = next(row for row in rows(ReviewResult) if row.subject_id == subject)
        kept = json.loads(row.sealed)
        kept["inputs"]["manager"] = make.answers("excellent")
        row.sealed = json.dumps(kept)
    assert not queries.result(subject).intact


def test_a_cycle_keeps_the_rules_of_its_opening(monkeypatch) -> None:
    cast = make.opened()
    make.satisfied(cast)
    make.fill(cast, cast.agents[0])
    old = store.chapter()
    views = tuple(
        view.model_copy(update={"weight": weight})
        for view, weight in zip(old.views, (40, 20, 20, 20), strict=True)
    )
    monkeypatch.setattr(store, "chapter", lambda: old.model_copy(update={"edition": 2, "views": views}))
    make.close(cast)
    found = queries.result(cast.subject(cast.agents[0]))
    assert found.cycle.rules == old
    assert [line.weight for line in found.outcome.lines] == [10, 50, 20, 20]


# the tables


def test_the_tables_refuse_reviews_of_oneself() -> None:
    cast = make.opened()
    one, head = cast.agents[0], cast.people["supervisor"]
    subject = cast.subject(one)
    now = at()
    wrong = [
        ReviewForm(
            subject_id=subject,
            about_id=one,
            view="manager",
            rater_id=one,
            answers={},
            note="",
            handed_in_at=now,
        ),
        ReviewForm(
            subject_id=subject,
            about_id=one,
            view="self",
            rater_id=head,
            answers={},
            note="",
            handed_in_at=now,
        ),
        ReviewForm(  # about somebody else than the one who is reviewed
            subject_id=subject,
            about_id=head,
            view="manager",
            rater_id=one,
            answers={},
            note="",
            handed_in_at=now,
        ),
        ReviewPeer(subject_id=subject, about_id=one, rater_id=one),
        ReviewBallot(subject_id=subject, about_id=one, rater_id=one),
        ReviewBallot(subject_id=subject, about_id=one, rater_id=head),  # nobody asked them
        ReviewSubject(cycle_id=cast.cycle, opened_by=cast.people["hr"], person_id=cast.people["hr"]),
        ReviewSubject(
            cycle_id=cast.cycle,
            opened_by=cast.people["hr"],
            person_id=cast.people["elsewhere"],
            manager_id=cast.people["elsewhere"],
        ),
        ReviewCustomers(
            subject_id=subject,
            about_id=one,
            answers=1,
            satisfied=1,
            complaints=0,
            major=0,
            source="x",
            entered_by=one,
            entered_at=now,
        ),
        ReviewResult(subject_id=subject, about_id=one, closed_by=one, sealed="", sha256="", closed_at=now),
    ]
    for row in wrong:
        db.session.add(row)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


# reminders and tasks


def test_tasks_name_what_waits_and_for_whom() -> None:
    cast = make.opened()
    one = cast.agents[0]
    kinds = sorted(task.kind for task in queries.tasks(one, FIRST))
    rated = sum(one in queries.named_peers(each.id) for each in queries.subjects_of([cast.cycle]))
    assert kinds == ["peers"] * rated + ["self"]
    head = [task.kind for task in queries.tasks(cast.people["supervisor"], FIRST)]
    assert head.count("manager") == len(cast.agents)
    assert queries.tasks(cast.people["hr"], FIRST) == []
    assert [task.kind for task in queries.tasks(cast.people["hr"], OVER.date())] == ["close"]
    assert queries.tasks(cast.people["supervisor"], OVER.date()) == []
    assert queries.tasks(one, FIRST - timedelta(days=1)) == []


def test_who_has_not_answered_is_reminded_near_the_end_and_on_the_last_day() -> None:
    cast = make.opened()
    one = cast.agents[0]
    make.hand_in(cast, one, one, SELF)
    for each in queries.subjects_of([cast.cycle]):
        if one in queries.named_peers(each.id):
            make.answer(cast, one, each.person)
    assert jobs.forms_due(at(LAST - timedelta(days=3))) == []
    soon = jobs.forms_due(at(LAST - timedelta(days=2)))
    assert {due.person for due in soon} == {
        *cast.agents[1:],
        cast.people["supervisor"],
        cast.people["director"],
    }
    last = jobs.forms_due(at(LAST))
    assert not {due.key for due in soon} & {due.key for due in last}
    assert jobs.forms_due(OVER) == jobs.closes_due(at(LAST)) == []
    assert [due.person for due in jobs.closes_due(OVER)] == [cast.people["hr"]]
    make.close(cast)
    assert jobs.closes_due(OVER) == []


def test_hr_is_reminded_to_close_what_nobody_else_can(clock) -> None:
    cast = make.opened()
    with unit_of_work():
        people_service.leave_company(cast.people["hr2"], at(), cast.people["hr"], FIRST, "辞职")
    clock.set(OVER)
    g.pop("roles", None)  # read once a request
    assert {due.person for due in jobs.closes_due(OVER)} == {cast.people["hr2"]}


def test_results_of_many_people_take_a_fixed_number_of_statements(app) -> None:
    cast = make.closed()
    with counted(app) as few:
        rules.outcome_record(queries.results_of(cast.agents[0])[0].outcome)
    assert len(few) <= 6
    assert queries.results_of(cast.agents[0])[0].cycle.month == MONTH
    assert make_person("闲人") not in {one.person for one in queries.subjects_of([cast.cycle])}
