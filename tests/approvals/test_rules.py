"""Who may speak, pure: the right person, a dated stand-in, never about oneself, nobody twice."""

from datetime import UTC, datetime

import pytest

from cstrain.approvals import rules
from cstrain.approvals.facts import ChainFacts, OpinionFacts
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TRAINEE, MENTOR, BOSS, CLERK, DEPUTY = 1, 2, 3, 4, 5
LENGTHS = {"least": 2, "most": 500}


def opinion(position, *, person=None, roles=("hr",), given_by=None, place=None, due=True, rates=False):
    state = "given" if given_by else "due" if due else "ahead"
    verdict = "agree" if given_by else None
    named = (person, state, verdict, None, "", given_by, place, NOW if given_by else None, NOW)
    return OpinionFacts(position, position, "hr", "人力资源部", "人", rates, roles, *named)


def chain(*opinions, closed=None):
    return ChainFacts(1, "case:1", "p/1", TRAINEE, "t", {}, "", NOW, closed, False, opinions)


@pytest.mark.parametrize(
    ("actor", "named", "holders", "stands_in_for", "place"),
    [
        (MENTOR, MENTOR, (), (), MENTOR),
        (CLERK, MENTOR, (CLERK,), (), None),  # a named place is that person's alone
        (CLERK, None, (CLERK,), (), CLERK),
        (DEPUTY, MENTOR, (), (MENTOR,), MENTOR),
        (DEPUTY, None, (CLERK,), (CLERK,), CLERK),
        (DEPUTY, None, (CLERK,), (BOSS,), None),  # stands in for somebody who has no say here
        (TRAINEE, None, (TRAINEE,), (), None),
        (TRAINEE, None, (CLERK,), (CLERK,), None),  # a stand-in never speaks about themself
        (CLERK, None, (TRAINEE,), (TRAINEE,), None),  # nor in the place of the person it is about
    ],
)
def test_who_speaks_in_whose_place(actor, named, holders, stands_in_for, place):
    due = opinion(1, person=named)
    assert rules.speaks_for(actor, due, chain(due), holders, stands_in_for) == place


def test_nobody_speaks_twice_not_even_for_somebody_else():
    first = opinion(1, given_by=CLERK)
    second = opinion(2, person=BOSS)
    facts = chain(first, second)
    assert rules.speaks_for(CLERK, second, facts, (), (BOSS,)) is None
    by_deputy = chain(opinion(1, given_by=DEPUTY, place=BOSS), opinion(2, roles=("hr",)))
    due = by_deputy.opinions[1]
    assert rules.speaks_for(BOSS, due, by_deputy, (BOSS,), ()) is None
    assert rules.speaks_for(MENTOR, due, by_deputy, (BOSS,), (BOSS,)) is None


def test_an_opinion_that_is_not_due_waits_for_nobody():
    ahead = opinion(2, person=MENTOR, due=False)
    assert rules.speaks_for(MENTOR, ahead, chain(opinion(1, person=BOSS), ahead), (), ()) is None


@pytest.mark.parametrize(
    ("facts", "actor", "place", "verdict", "rating", "text", "error"),
    [
        (chain(opinion(1), closed=NOW), CLERK, CLERK, "agree", None, "", ConflictError),
        (chain(opinion(1, given_by=BOSS)), CLERK, CLERK, "agree", None, "", ConflictError),
        (chain(opinion(1)), TRAINEE, TRAINEE, "agree", None, "", ForbiddenError),
        (chain(opinion(1)), CLERK, None, "agree", None, "", ForbiddenError),
        (chain(opinion(1)), CLERK, CLERK, "maybe", None, "", DomainError),
        (chain(opinion(1, rates=True)), CLERK, CLERK, "agree", None, "", DomainError),
        (chain(opinion(1, rates=True)), CLERK, CLERK, "agree", 6, "", DomainError),
        (chain(opinion(1)), CLERK, CLERK, "disagree", None, " 。 ", DomainError),
        (chain(opinion(1)), CLERK, CLERK, "agree", None, "长" * 501, DomainError),
    ],
)
def test_what_an_opinion_must_have(facts, actor, place, verdict, rating, text, error):
    with pytest.raises(error):
        rules.check_opinion(actor, facts, place, verdict, rating, text, LENGTHS)


def test_a_full_opinion_is_accepted():
    facts = chain(opinion(1, rates=True))
    rules.check_opinion(CLERK, facts, CLERK, "disagree", 2, "签核记录不齐", LENGTHS)
    assert facts.due is facts.opinions[0]
    assert not facts.complete
