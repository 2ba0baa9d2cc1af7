"""Chains and acts by two persons on the database."""

from datetime import date, timedelta

import pytest

from cstrain.approvals import queries, service
from cstrain.approvals.facts import Step
from cstrain.approvals.jobs import waiting_opinions
from cstrain.approvals.relations import my_case
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.notifications.queries import notices
from cstrain.people import service as people_service
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import people as make

pytestmark = pytest.mark.usefixtures("context")
TODAY = date(2026, 11, 20)


@pytest.fixture
def staff():
    names = {
        "trainee": (),
        "mentor": ["mentor"],
        "boss": ["supervisor"],
        "hr": ["hr"],
        "hr2": ["hr"],
        "gm": ["gm"],
    }
    return {name: make.make_person(name, roles=roles) for name, roles in names.items()}


def steps(staff):
    return [
        Step("mentor", staff["mentor"], ("mentor",), "导师", "导", rates=True),
        Step("hr", None, ("hr",), "人力资源部", "人"),
        Step("gm", None, ("gm",), "总经理", "总"),
    ]


def opened(staff, subject="case:1"):
    with unit_of_work():
        return service.open_chain(
            staff["hr"],
            START,
            subject,
            steps(staff),
            staff["trainee"],
            ref="p/1",
            title="请填意见。",
            url="/x",
        )


def give(person, chain, verdict="agree", text="", rating=None, now=START):
    with unit_of_work():
        service.give_opinion(person, now, chain, verdict, text, rating)


def test_opinions_are_given_in_order_each_by_the_right_person(staff):
    chain = opened(staff)
    assert [one.chain.id for one in queries.waiting_for(staff["mentor"], START)] == [chain]
    assert queries.waiting_for(staff["hr"], START) == []
    with pytest.raises(ForbiddenError):
        give(staff["hr"], chain)
    give(staff["mentor"], chain, rating=4)
    assert {person for person in ("hr", "hr2") if queries.waiting_for(staff[person], START)} == {"hr", "hr2"}
    give(staff["hr2"], chain, "disagree", "材料不齐")
    assert queries.waiting_for(staff["hr"], START) == []
    give(staff["gm"], chain)
    facts = queries.chain("case:1")
    assert facts.complete
    assert facts.closed_at == START
    assert [one.verdict for one in facts.opinions] == ["agree", "disagree", "agree"]
    assert [one.office for one in facts.disagreeing] == ["hr"]
    with pytest.raises(ConflictError):
        give(staff["hr"], chain)


def test_the_due_office_and_its_stand_ins_are_told(staff):
    deputy = make.make_person("deputy")
    make.make_stand_in(staff["mentor"], deputy, TODAY, TODAY)
    opened(staff)
    assert "请填意见。" in [one.message for one in notices(staff["mentor"]).notices]
    assert "请填意见。" in [one.message for one in notices(deputy).notices]
    assert "请填意见。" not in [one.message for one in notices(staff["gm"]).notices]


def test_once_an_opinion_is_given_nobody_is_asked_for_it_any_more(staff):
    deputy = make.make_person("deputy")
    make.make_stand_in(staff["mentor"], deputy, TODAY, TODAY)
    chain = opened(staff)
    give(deputy, chain, rating=3)
    for person in (staff["mentor"], deputy):
        assert [one.read_at for one in notices(person).notices if one.kind == "opinion"] == [START]
    assert [one.read_at for one in notices(staff["hr"]).notices if one.kind == "opinion"] == [None]


def test_a_stand_in_speaks_only_between_its_dates_and_is_recorded(staff):
    deputy = make.make_person("deputy")
    make.make_stand_in(staff["mentor"], deputy, TODAY + timedelta(days=1), TODAY + timedelta(days=2))
    chain = opened(staff)
    with pytest.raises(ForbiddenError):
        give(deputy, chain, rating=3)
    give(deputy, chain, rating=3, now=START + timedelta(days=1))
    first = queries.chain("case:1").opinions[0]
    assert (first.given_by, first.for_person_id, first.rating) == (deputy, staff["mentor"], 3)
    with pytest.raises(ForbiddenError):
        give(staff["mentor"], chain)  # has spoken through the stand-in, and it is HR's turn


def test_a_chain_in_which_somebody_would_speak_twice_or_about_themself_is_refused(staff):
    for steps_ in (
        [Step("mentor", staff["trainee"], ("mentor",), "导师", "导")],
        [Step("a", staff["boss"], (), "甲", "甲"), Step("b", staff["boss"], (), "乙", "乙")],
        [],
    ):
        with pytest.raises(DomainError), unit_of_work():
            service.open_chain(staff["hr"], START, "case:2", steps_, staff["trainee"], ref="p/1", title="t")
    opened(staff)
    with pytest.raises(ConflictError):
        opened(staff)


def test_my_case_holds_while_an_opinion_is_due_and_after_it_was_given(staff, clock):
    chain = opened(staff)
    assert my_case(staff["mentor"], staff["trainee"])
    assert not my_case(staff["gm"], staff["trainee"])
    give(staff["mentor"], chain, rating=5)
    assert my_case(staff["mentor"], staff["trainee"])
    assert my_case(staff["hr2"], staff["trainee"])
    assert not my_case(staff["boss"], staff["trainee"])


def test_a_withdrawn_chain_waits_for_nobody_and_keeps_what_was_said(staff):
    chain = opened(staff)
    give(staff["mentor"], chain, rating=5)
    with unit_of_work():
        service.withdraw(staff["hr"], START, "case:1", "退回")
    facts = queries.chain("case:1")
    assert facts.withdrawn
    assert not facts.complete
    assert facts.opinions[0].verdict == "agree"
    assert queries.waiting_for(staff["hr"], START) == []


def test_a_leavers_opinions_go_to_the_successor(staff):
    opened(staff)
    with unit_of_work():
        people_service.leave_company(staff["hr"], START, staff["mentor"], TODAY, "辞职", staff["boss"])
    assert queries.chain("case:1").opinions[0].named_person_id == staff["boss"]
    assert queries.waiting_for(staff["boss"], START)


def test_an_opinion_is_not_handed_to_somebody_who_has_a_place_or_to_oneself(staff):
    opened(staff)
    first = queries.chain("case:1").opinions[0]
    for person in (staff["trainee"], staff["mentor"], staff["hr"]):
        with pytest.raises(DomainError), unit_of_work():
            service.hand_over(staff["hr"], START, first.id, person)


def test_waiting_opinions_are_reminded_of_and_then_told_to_the_superior(staff):
    opened(staff)
    assert waiting_opinions(START) == []
    assert {due.person for due in waiting_opinions(START + timedelta(days=1))} == {staff["mentor"]}
    told = waiting_opinions(START + timedelta(days=3))
    assert {due.person for due in told} == {staff["mentor"], staff["boss"]}
    assert len({due.key for due in told}) == 2


def test_an_act_needs_another_person_and_never_the_one_it_is_about(staff):
    with pytest.raises(ForbiddenError), unit_of_work():
        service.propose(staff["trainee"], START, "k", "s:1", {}, "理由", staff["trainee"])
    with pytest.raises(DomainError), unit_of_work():
        service.propose(staff["hr"], START, "k", "s:1", {}, "  ", staff["trainee"])
    with unit_of_work():
        act = service.propose(staff["hr"], START, "k", "s:1", {"outcome": "x"}, "理由", staff["trainee"])
    with pytest.raises(ConflictError), unit_of_work():
        service.propose(staff["hr2"], START, "k", "s:1", {}, "理由", staff["trainee"])
    for person in (staff["hr"], staff["trainee"]):
        with pytest.raises(ForbiddenError), unit_of_work():
            service.confirm(person, START, act)
    with unit_of_work():
        facts = service.confirm(staff["hr2"], START, act)
    assert (facts.state, facts.payload) == ("confirmed", {"outcome": "x"})
    with pytest.raises(ConflictError), unit_of_work():
        service.refuse(staff["gm"], START, act, "晚了")
    assert queries.acts("k") == []
    assert len(queries.acts("k", open_only=False)) == 1


def test_a_refused_act_is_kept_and_may_be_proposed_again(staff):
    with unit_of_work():
        act = service.propose(staff["hr"], START, "k", "s:1", {}, "理由", staff["trainee"])
    with pytest.raises(DomainError), unit_of_work():
        service.refuse(staff["hr2"], START, act, "")
    with unit_of_work():
        service.refuse(staff["hr2"], START, act, "请补材料")
    assert queries.act(act).state == "refused"
    with unit_of_work():
        service.propose(staff["hr"], START, "k", "s:1", {}, "补齐了", staff["trainee"])
    assert queries.open_act("k", "s:1").reason == "补齐了"
