"""Two people act on one matter at the same moment: one effect, and a refusal in words."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cstrain.approvals import queries, service
from cstrain.approvals.facts import Step
from cstrain.approvals.models import Chain, PairedAct
from cstrain.extensions import session
from cstrain.notifications.queries import notices
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def trainee():
    return make_person("陈嘉豪")


@pytest.fixture
def hr():
    return [make_person(name, roles=["hr"]) for name in ("甲", "乙", "丙")]


@pytest.fixture
def gm():
    return make_person("总", roles=["gm"])


def opened(hr, gm, trainee):
    steps = [Step("hr", None, ("hr",), "人力资源部", "人"), Step("gm", gm, ("gm",), "总经理", "总")]
    return service.open_chain(hr[0], START, "case:1", steps, trainee, ref="p/1", title="请填意见。", url="/x")


def test_two_of_one_office_give_one_opinion(app, hr, gm, trainee) -> None:
    with unit_of_work():
        chain = opened(hr, gm, trainee)
    won, refused = race(
        app, *(lambda one=one: service.give_opinion(one, START, chain, "agree") for one in hr[:2])
    )
    assert len(won) == len(refused) == 1
    first, second = queries.chain("case:1").opinions
    assert first.given_by in hr[:2]
    assert (second.state, second.given_by) == ("due", None)
    assert [one.message for one in notices(gm).notices] == ["请填意见。"]


def test_a_double_click_gives_one_opinion(app, hr, gm, trainee) -> None:
    with unit_of_work():
        chain = opened(hr, gm, trainee)
    won, refused = race(app, *[lambda: service.give_opinion(hr[0], START, chain, "agree")] * 2)
    assert len(won) == len(refused) == 1
    assert [one.state for one in queries.chain("case:1").opinions] == ["given", "due"]


def test_two_who_send_one_matter_round_open_one_chain(app, hr, gm, trainee) -> None:
    won, refused = race(app, *[lambda: opened(hr, gm, trainee)] * 2)
    assert len(won) == 1 and "已经送出征求意见" in str(refused[0])
    assert session().scalar(sa.select(sa.func.count(Chain.id))) == 1


def test_an_opinion_is_given_or_handed_over_not_both(app, hr, gm, trainee) -> None:
    with unit_of_work():
        chain = opened(hr, gm, trainee)
    opinion = queries.chain("case:1").opinions[0].id
    won, refused = race(
        app,
        lambda: service.give_opinion(hr[0], START, chain, "agree"),
        lambda: service.hand_over(hr[1], START, opinion, hr[2]),
    )
    assert len(won) == len(refused) == 1
    first = queries.chain("case:1").opinions[0]
    assert (first.given_by, first.named_person_id) in {(hr[0], None), (None, hr[2])}


def test_an_opinion_and_a_withdrawal_leave_one_end(app, hr, gm, trainee) -> None:
    with unit_of_work():
        chain = opened(hr, gm, trainee)
    with unit_of_work():
        service.give_opinion(hr[0], START, chain, "agree")
    race(
        app,
        lambda: service.give_opinion(gm, START, chain, "agree"),
        lambda: service.withdraw(hr[0], START, "case:1", "退回"),
    )
    facts = queries.chain("case:1")
    assert facts.closed_at == START
    assert facts.withdrawn is (facts.opinions[1].given_by is None)


def test_two_who_propose_one_act_make_one(app, hr, trainee) -> None:
    won, refused = race(
        app, *(lambda one=one: service.propose(one, START, "k", "s:1", {}, "理由", trainee) for one in hr[:2])
    )
    assert len(won) == 1 and "已经有人提出" in str(refused[0])
    assert session().scalar(sa.select(sa.func.count(PairedAct.id))) == 1


def test_an_act_is_confirmed_or_refused_not_both(app, hr, trainee) -> None:
    with unit_of_work():
        act = service.propose(hr[0], START, "k", "s:1", {}, "理由", trainee)
    won, refused = race(
        app,
        lambda: service.confirm(hr[1], START, act),
        lambda: service.refuse(hr[2], START, act, "请补材料"),
    )
    assert len(won) == 1 and "已经有人确认或退回" in str(refused[0])
    assert queries.act(act).state in {"confirmed", "refused"}
