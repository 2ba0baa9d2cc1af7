"""Forms of reviews: who fills in which, once, within the window; tasks and reminders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy.exc import IntegrityError

from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.people import service as people_service
from cstrain.performance.reviews import jobs, queries, service
from cstrain.performance.reviews.models import (
    ReviewBallot,
    ReviewCustomers,
    ReviewForm,
    ReviewPeer,
    ReviewResult,
    ReviewSubject,
)
from cstrain.performance.reviews.policy import MANAGER, SELF
from cstrain.unit_of_work import unit_of_work
from tests.factories import reviews as make
from tests.factories.people import make_role
from tests.factories.reviews import FIRST, LAST, OVER, at

pytestmark = pytest.mark.usefixtures("context", "clock_there")


def test_peers_are_drawn_from_the_department_by_the_kept_seed() -> None:
    cast = make.opened()
    colleagues = {*cast.agents, cast.people["supervisor"]}
    for one in queries.subjects_of([cast.cycle]):
        peers = queries.named_peers(one.id)
        assert len(peers) == 5
        assert peers <= colleagues - {one.person, one.manager}
    assert queries.cycle(cast.cycle).seed == "seed"


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
