"""Results near the pass mark of a paper with consequences are looked at before anybody can release them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cstrain.extensions import session
from cstrain.grading import service
from cstrain.grading.band import queries
from cstrain.grading.band import service as band
from cstrain.grading.band.models import BandLook
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.analysis import make_results
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)


def look(actor, attempt, note="看过全部十题") -> None:
    with unit_of_work():
        band.look(actor, START, attempt, note)


def propose(actor, *attempts) -> None:
    with unit_of_work():
        service.propose_release(actor, START, attempts)


def confirm(actor, *attempts) -> None:
    with unit_of_work():
        service.confirm_release(actor, START, attempts)


@pytest.fixture
def weighty(person):
    """An attempt at a paper with consequences, eight of ten right: exactly on the pass mark."""
    made = make.make_attempt(person, consequences=True)
    make.answer_right(person, made, range(1, 9))
    make.submit(person, made)
    return made


def test_who_stands_at_the_cut_must_be_looked_at_before_the_proposal(weighty, staff) -> None:
    (near,) = queries.banded(START)
    assert near.must and near.away == 0 and near.band.error.kind == "form" and near.band.sure is None
    with pytest.raises(ConflictError, match="1份离及格线太近"):
        propose(staff[0], weighty)
    look(staff[0], weighty)
    propose(staff[0], weighty)
    confirm(staff[1], weighty)
    assert queries.banded(START) == []


def test_a_result_far_from_the_cut_needs_no_look(person, staff) -> None:
    made = make.make_attempt(person, consequences=True)
    make.submit(person, made)
    assert queries.banded(START) == []
    propose(staff[0], made)


def test_a_paper_without_consequences_lists_and_does_not_wait(attempt, staff) -> None:
    (near,) = queries.banded(START)
    assert not near.must
    propose(staff[0], attempt)


def test_a_marking_that_changed_since_needs_another_look(weighty, staff) -> None:
    look(staff[0], weighty)
    propose(staff[0], weighty)
    with unit_of_work():
        change = service.propose_change(staff[0], START, weighty, 9, Decimal(4), "部分对")
    with unit_of_work():
        service.confirm_change(staff[1], START, change)
    (near,) = queries.banded(START)
    assert near.must and near.away == 4
    with pytest.raises(ConflictError):
        confirm(staff[1], weighty)
    look(staff[2], weighty)
    confirm(staff[1], weighty)


def test_nobody_looks_at_their_own_or_twice_or_without_words(weighty, person, staff) -> None:
    with pytest.raises(ForbiddenError):
        look(person, weighty)
    for note in (" ", "长" * 1001):
        with pytest.raises(DomainError):
            look(staff[0], weighty, note)
    look(staff[0], weighty)
    with pytest.raises(ConflictError):
        look(staff[0], weighty)
    look(staff[1], weighty, "同意")
    (near,) = queries.banded(START)
    assert [one.note for one in near.looks] == ["看过全部十题", "同意"] and not near.must


def test_what_is_released_or_far_away_cannot_be_looked_at(person, staff) -> None:
    made = make.make_attempt(person, consequences=True)
    make.submit(person, made)
    with pytest.raises(NotFoundError):
        look(staff[0], made)


def test_a_double_click_leaves_one_look(app, weighty, staff) -> None:
    won, refused = race(app, *[lambda: band.look(staff[0], START, weighty, "看过")] * 2)
    assert len(won) == 1 and "没有再记一次" in str(refused[0])
    assert session().query(BandLook).count() == 1


def test_with_thirty_people_the_papers_own_error_counts(staff) -> None:
    make.make_bank()
    make.make_paper(consequences=True)
    make_results(33, released=False)
    found = queries.banded(START)
    assert {one.band.error.kind for one in found} == {"keats"} and found[0].band.error.n == 33
    assert all(abs(one.away) <= one.band.error.marks for one in found)
    assert found[0].band.sure is not None


def test_the_band_follows_new_results(staff) -> None:
    make.make_bank()
    make.make_paper(consequences=True)
    make_results(20, released=False)
    assert queries.banded(START)[0].band.error.kind == "form"
    make_results(20, released=False, seed=2)
    assert queries.banded(START)[0].band.error.n == 40


def test_a_release_of_several_says_how_many_wait(weighty, staff) -> None:
    other = make_person()
    far = make.make_attempt(other, make.make_sitting([other]))
    make.submit(other, far)
    with pytest.raises(ConflictError, match="1份"):
        propose(staff[0], weighty, far)
    look(staff[0], weighty)
    propose(staff[0], weighty, far)
